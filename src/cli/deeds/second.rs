//! `confirm`: say yes to what another person plans, who told the phrase.

use clap::Args;

use super::Terms;
use crate::actions::Request;
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::cli::failure::{Failure, code};
use crate::cli::session::Session;
use crate::domain::confirmation::{Said, Step};
use crate::domain::ids::SourceName;
use crate::domain::observation::{Facts, Observation, Subject};
use crate::domain::text::Text;
use crate::runtime::perform;

/// With which phrase.
#[derive(Debug, Clone, Args)]
pub struct ConfirmArgs {
    /// The phrase that the other person was given
    #[arg(value_parser = crate::cli::name::<Text>)]
    phrase: Text,
    #[command(flatten)]
    pub(super) terms: Terms,
}

impl ConfirmArgs {
    pub(super) async fn request(&self, session: &mut Session) -> Result<Request, Failure> {
        let confirms = session.store.sources().iter().filter(|(_, state)| state.confirms);
        let sources: Vec<SourceName> = confirms.map(|(name, _)| name.clone()).collect();
        let mut refused =
            session.missing(Failure::new(code::REFUSED, "phrase", "no source lets a second person confirm"));
        for source in sources {
            match perform::step(&session.backends, &source, &Step::Find(self.phrase.clone())).await {
                Ok(Said::Stands(found)) => {
                    let id = found.id.clone();
                    let (subject, facts) = (Subject::Confirmation(id.clone()), Facts::Confirmation(found));
                    let at = session.clock.now();
                    session.store.apply(Observation { source: source.clone(), subject, at, facts });
                    return Ok(Request::Confirm { source, id, phrase: self.phrase.clone() });
                }
                Ok(Said::Asked(_)) => {}
                Err(error) => refused = failure(error, &source),
            }
        }
        Err(refused)
    }
}

/// A phrase that is not known is refused; what else keeps a source from looking is its own trouble.
fn failure(error: CapabilityError, source: &SourceName) -> Failure {
    if !matches!(error.kind, Kind::NotFound | Kind::Refused | Kind::ReadOnly) {
        return Failure::of(&error.problem(source));
    }
    let failure = Failure::new(code::REFUSED, "phrase", error.message.as_str());
    match error.hint {
        Some(hint) => failure.hint(hint.as_str()),
        None => failure,
    }
}
