//! What lies between two environments, asked of git.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::App;
use super::answer::Refused;
use super::asker::Asker;
use super::reads::{no_place, no_service};
use crate::domain::change::Changes;
use crate::domain::ids::{EnvironmentName, Place, ServiceName};
use crate::engine::deeds::refuse;
use crate::engine::drive::checkout;
use crate::engine::git::Sha;
use crate::engine::state;
use crate::engine::view::View;
use crate::protocol::fault::Fault;

/// How many commits are listed.
const MOST: usize = 500;

/// Between which environments.
#[derive(Debug, Deserialize)]
pub struct Between {
    from: String,
    to: String,
}

/// The commits that `from` lacks and `to` has, and the files in which they differ.
pub async fn changes(
    State(app): State<App>,
    asker: Asker,
    Path(name): Path<String>,
    between: Result<Query<Between>, QueryRejection>,
) -> Result<Json<Changes>, Refused> {
    let between = between?.0;
    let name = ServiceName::new(name);
    let (from, to) = (EnvironmentName::new(between.from), EnvironmentName::new(between.to));
    let state = app.ledger.state();
    let service = state.services.get(&name).cloned().ok_or_else(|| no_service(&name))?;
    let observed = app.board.read();
    let view = View { state: &state, observed: &observed, person: &asker.0, now: app.clock.now() };
    let places = view.places(&name);
    let commit = |environment: &EnvironmentName| {
        let place = Place { service: name.clone(), environment: environment.clone() };
        if places.contains(&place) { live(&state, &place) } else { Err(no_place(&place)) }
    };
    let (old, new) = (commit(&from)?, commit(&to)?);
    let repository = app.repository(&service.repository).await.map_err(|fault| checkout::refused(&fault))?;
    let (commits, files) =
        tokio::try_join!(repository.commits_between(&old, &new, MOST), repository.files_between(&old, &new))
            .map_err(|fault| checkout::refused(&fault))?;
    Ok(Json(Changes { service: name, from, to, commits: commits.iter().map(Into::into).collect(), files }))
}

fn live(state: &state::State, place: &Place) -> Result<Sha, Fault> {
    let live = state.places.get(place).and_then(|standing| standing.live.as_ref());
    let live = live.ok_or_else(|| refuse::not_possible(format!("nothing serves in {place}")))?;
    Sha::new(&live.commit).ok_or_else(|| refuse::not_possible(format!("{} is no commit", live.commit)))
}
