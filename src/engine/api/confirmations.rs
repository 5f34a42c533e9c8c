//! Confirmations by a second person. Phrases are never kept, not even as the answer to a marked order; and few can be
//! guessed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::{Extension, Json};
use jiff::{SignedDuration, Timestamp};

use super::App;
use super::answer::Refused;
use super::asker::Asker;
use super::orders::Request;
use crate::domain::confirmation::{Confirmation, Words};
use crate::engine::deeds::{confirm as deeds, refuse};
use crate::engine::store::Draft;
use crate::protocol::fault::{Fault, Reason};
use crate::protocol::{self, Phrase};

type Answered = Result<Response, Refused>;

/// How many wrong phrases a person may type within [`SPAN`].
const MOST: usize = 5;
const SPAN: SignedDuration = SignedDuration::from_mins(10);

/// The wrong phrases that each person typed lately.
#[derive(Clone, Default)]
pub struct Guesses(Arc<Mutex<HashMap<String, Vec<Timestamp>>>>);

impl Guesses {
    /// Refuses whoever typed too many that were wrong.
    fn admit(&self, person: &str, now: Timestamp) -> Result<(), Fault> {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = guesses.entry(person.to_owned()).or_default();
        own.retain(|at| now.duration_since(*at) < SPAN);
        if own.len() < MOST {
            return Ok(());
        }
        let wait = own.first().map_or(SPAN, |first| SPAN - now.duration_since(*first));
        let message = format!("{MOST} wrong phrases: no more are taken for {} min", wait.as_mins() + 1);
        Err(refuse::not_possible(message))
    }

    fn wrong(&self, person: &str, now: Timestamp) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.entry(person.to_owned()).or_default().push(now);
    }
}

/// Asks for a second person.
pub async fn ask(State(app): State<App>, asker: Asker, uri: Uri, mut headers: HeaderMap, body: Bytes) -> Answered {
    headers.remove(protocol::IDEMPOTENCY_KEY);
    let request = Request::new(app, asker, &headers, &uri, body)?;
    let words: Words = request.body()?;
    request.perform(move |draft, orderer| deeds::ask(draft, orderer, &words)).await
}

/// How one stands.
pub async fn look(State(app): State<App>, asker: Asker, Path(id): Path<String>) -> Result<Json<Confirmation>, Refused> {
    let state = app.ledger.state();
    let found = state.confirmations.get(&id).ok_or_else(|| refuse::not_found("there is no such confirmation"))?;
    Ok(Json(found.view(&asker.0, app.clock.now())))
}

/// The one with a phrase.
pub async fn find(
    State(app): State<App>,
    Extension(guesses): Extension<Guesses>,
    asker: Asker,
    Json(Phrase { phrase }): Json<Phrase>,
) -> Result<Json<Confirmation>, Refused> {
    let (person, now) = (asker.0.clone(), app.clock.now());
    guesses.admit(&person.name, now)?;
    let draft = Draft::new((*app.ledger.state()).clone(), now);
    match deeds::find(&draft, phrase.as_str()) {
        Ok(found) => Ok(Json(found.view(&person, now))),
        Err(fault) => {
            guesses.wrong(&person.name, now);
            Err(fault.into())
        }
    }
}

/// Confirms the one with a phrase.
pub async fn confirm(
    State(app): State<App>,
    Extension(guesses): Extension<Guesses>,
    asker: Asker,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let (name, now) = (asker.0.name.clone(), app.clock.now());
    guesses.admit(&name, now)?;
    let request = Request::new(app, asker, &headers, &uri, body)?;
    let Phrase { phrase } = request.body()?;
    let answered = request.perform(move |draft, orderer| deeds::confirm(draft, orderer, phrase.as_str())).await;
    if answered.as_ref().is_err_and(|refused| refused.0.reason == Reason::NotFound) {
        guesses.wrong(&name, now);
    }
    answered
}

/// Leaves one.
pub async fn withdraw(
    State(app): State<App>,
    asker: Asker,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let request = Request::new(app, asker, &headers, &uri, body)?;
    request
        .perform(move |draft, orderer| {
            let left = deeds::withdraw(draft, orderer, &id)?;
            Ok(left.view(&orderer.person, draft.now))
        })
        .await
}

/// Goes on with one.
pub async fn take(
    State(app): State<App>,
    asker: Asker,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let request = Request::new(app, asker, &headers, &uri, body)?;
    let words: Words = request.body()?;
    request
        .perform(move |draft, orderer| {
            let used = deeds::take(draft, orderer, &id, &words)?;
            Ok(used.view(&orderer.person, draft.now))
        })
        .await
}
