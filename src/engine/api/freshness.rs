//! Entity tags: equal while nothing that is a fact has changed. While something moves, they change once a second, so that
//! progress and verdicts are seen.

use axum::http::{HeaderMap, header};

use super::App;
use crate::engine::observed::Observed;
use crate::engine::state::State;
use crate::engine::state::person::Person;

/// The tag of everything that `person` can read now.
pub fn tag(app: &App, state: &State, observed: &Observed, person: &Person) -> String {
    let beat = if moves(state) { app.clock.now().as_second() } else { 0 };
    let who = &person.hash.get(..8).unwrap_or_default();
    format!("\"{}-{}-{}-{beat}-{who}\"", app.boot, state.generation, observed.generation)
}

/// Whether anything changes by itself.
fn moves(state: &State) -> bool {
    let runs = state.runs.values().any(|run| run.status.moving());
    runs || state.places.values().any(|standing| standing.under_way().is_some())
}

/// Whether the reader has what `tag` stands for.
pub fn has(headers: &HeaderMap, tag: &str) -> bool {
    let given = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).any(|given| {
        let given = given.trim();
        given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag
    })
}
