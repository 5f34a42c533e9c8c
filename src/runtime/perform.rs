//! Performing what is asked of the sources: questions, the exact calls of an order, sending. Shared by the console and
//! the command line; each decides nothing and is told what to do.

use std::path::Path;
use std::time::Duration;

use super::journal::Journal;
use super::{download, seek};
use crate::backends::{Backend, Backends};
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::clock::Clock;
use crate::domain::budget::Budget;
use crate::domain::chain::{Seal, Sealed};
use crate::domain::confirmation::{self, Confirmation, Said};
use crate::domain::ids::{RunKey, SourceName};
use crate::domain::log::LogKey;
use crate::domain::observation::{Facts, Observation, Subject};
use crate::domain::order::{Call, Order};
use crate::domain::sought::{Seek, Step};
use crate::domain::text::Text;

/// Asks a source, and gives its answer or its failure as an observation. It counts as true at the moment before the
/// question left: what the source says cannot be older than that.
pub async fn ask(backends: &Backends, clock: &dyn Clock, source: &SourceName, subject: &Subject) -> Observation {
    let at = clock.now();
    let answer = match backend(backends, source) {
        Ok(backend) => backend.answer(subject).await,
        Err(error) => Err(error),
    };
    let facts = answer.unwrap_or_else(|error| {
        // It is shown, so it is told only to who wants to know more.
        tracing::info!(%source, ?subject, kind = ?error.kind, %error, "a source did not answer");
        Facts::Failed(error.problem(source))
    });
    Observation { source: source.clone(), subject: subject.clone(), at, facts }
}

/// How often a source may still be asked, as it last told.
pub fn budget(backends: &Backends, source: &SourceName) -> Option<Budget> {
    backends.get(source)?.host.as_ref()?.heard()?.budget
}

/// Writes the whole log of a job, as its source has it now, to a file in `folder`; what is said of it.
pub async fn save_log(backends: &Backends, source: &SourceName, log: &LogKey, folder: &Path) -> String {
    match backends.get(source).and_then(|backend| backend.logs.as_deref()) {
        Some(logs) => download::save(logs, log, folder).await,
        None => format!("the log was not saved: the source `{source}` gives none"),
    }
}

/// Looks through a stretch of a log at its source; where that fails, why.
pub async fn seek(backends: &Backends, clock: &dyn Clock, source: &SourceName, wanted: &Seek) -> Result<Step, Text> {
    match backends.get(source).and_then(|backend| backend.logs.as_deref()) {
        Some(logs) => seek::seek(logs, clock, wanted).await,
        None => Err(Text::new(format!("the source `{source}` gives no logs"))),
    }
}

/// Takes one step of a second person's confirmation.
pub async fn step(
    backends: &Backends,
    source: &SourceName,
    step: &confirmation::Step,
) -> Result<Said, CapabilityError> {
    backend(backends, source)?.step(step).await
}

/// What was asked for with a phrase; where that fails, why.
pub async fn find(backends: &Backends, source: &SourceName, phrase: &Text) -> Result<Box<Confirmation>, Text> {
    match step(backends, source, &confirmation::Step::Find(phrase.clone())).await {
        Ok(Said::Stands(found)) => Ok(found),
        Ok(Said::Asked(_)) => Err(Text::new("the answer makes no sense")),
        Err(error) => {
            let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            Err(Text::new(format!("{}{hint}", error.message)))
        }
    }
}

/// The exact calls that an order takes; nothing is sent.
pub fn describe(backends: &Backends, order: &Order) -> Result<Vec<Call>, CapabilityError> {
    backend(backends, &order.source)?.describe(order)
}

/// Sends calls one after another, each once; the first that is not accepted is the last that was sent. Gives the run
/// that was started, where the source names one. A source that seals journals gets to know how far `journal` has come,
/// which is up to the intent of this very order.
pub async fn send(
    backends: &Backends,
    source: &SourceName,
    calls: &[Call],
    journal: Option<&Journal>,
) -> Result<Option<RunKey>, CapabilityError> {
    let backend = backend(backends, source)?;
    let seal = match backend.seals.as_ref().zip(journal) {
        Some((seals, journal)) => sealed(journal).await.map(|seal| (seals.header().to_owned(), seal.to_string())),
        None => None,
    };
    let mut run = None;
    for call in calls {
        let mut call = call.clone();
        call.headers.extend(seal.clone());
        run = backend.send(&call).await?.run.or(run);
    }
    Ok(run)
}

/// How far a journal has come; without it an order goes out unsealed.
async fn sealed(journal: &Journal) -> Option<Seal> {
    let journal = journal.clone();
    tokio::task::spawn_blocking(move || journal.seal()).await.ok()?.ok()?
}

/// The seals that each source keeps of a journal; a source that does not answer in `limit` tells of none.
pub async fn seals(backends: &Backends, journal: &str, limit: Duration) -> Vec<(SourceName, Sealed)> {
    let mut found = Vec::new();
    for (name, backend) in backends {
        let Some(seals) = &backend.seals else { continue };
        if let Ok(Ok(sealed)) = tokio::time::timeout(limit, seals.sealed(journal)).await {
            found.extend(sealed.into_iter().map(|sealed| (name.clone(), sealed)));
        }
    }
    found
}

fn backend<'a>(backends: &'a Backends, source: &SourceName) -> Result<&'a Backend, CapabilityError> {
    let missing = || CapabilityError::new(Kind::Unsupported, format!("there is no source `{source}`"));
    backends.get(source).map(AsRef::as_ref).ok_or_else(missing)
}
