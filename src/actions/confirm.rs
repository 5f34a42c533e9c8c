//! Confirm: say yes to what another person plans, who told the phrase.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::interlocks::Interlock;
use super::plan::{Action, Plan, Target};
use super::target::{Draft, Toward};
use super::unavailable::{Refusal, Unavailable};
use crate::domain::confirmation::Confirmation;
use crate::domain::ids::SourceName;
use crate::domain::order::{ConfirmDeed, Deed};
use crate::domain::text::Text;
use crate::store::Seen;

/// The plan to confirm what was asked for at `source` with this phrase. It shows what the other one's plan shows.
pub fn confirm(world: &World<'_>, source: &SourceName, id: &Text, phrase: &Text) -> Result<Plan, Unavailable> {
    let seen = world.store.confirmation(id).filter(|seen| seen.source == *source);
    let seen = seen.ok_or_else(|| Unavailable::not_found("there is no such confirmation"))?;
    let asked = &seen.value;
    let locked =
        |why: &Text| Interlock::locked("four_eyes", Refusal::Rule, why.as_str(), "another person, or a new phrase");
    let interlock =
        asked.why_not.as_ref().map_or_else(|| Interlock::clear("four_eyes", "you are the second person"), locked);
    let draft = Draft {
        action: Action::Confirm,
        title: "Confirm",
        before: asked.words.before.to_string(),
        after: asked.words.after.to_string(),
        about: Some(about(asked)),
        deed: Deed::Confirm(ConfirmDeed { id: id.clone(), phrase: phrase.clone() }),
        expectation: Expectation::Confirmed(id.clone()),
        limit: Duration::from_secs(30),
        interlocks: vec![interlock],
        undo: "none: who asked goes on at once".into(),
        toward: Toward::Safety,
    };
    let name = Text::new(format!("{} {}", asked.words.action, asked.words.target));
    let target = Target { path: asked.words.target.as_str().to_owned(), name, environment: None, tier: None };
    Ok(draft.finish(world, target, None, &Seen { value: (), source: seen.source.clone(), at: seen.at }))
}

fn about(asked: &Confirmation) -> String {
    let reason =
        asked.words.reason.as_ref().map_or_else(|| ", without a reason".into(), |reason| format!(": {reason}"));
    format!("{} asks for it{reason}", asked.asked_by)
}
