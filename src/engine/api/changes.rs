//! What lies between two environments, asked of git.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::App;
use super::answer::Refused;
use super::asker::Asker;
use super::reads::{no_place, no_service};
use crate::domain::change::{Changes, Commit, File};
use crate::domain::ids::{EnvironmentName, Place, ServiceName};
use crate::domain::text::Text;
use crate::engine::deeds::refuse;
use crate::engine::drive::checkout;
use crate::engine::git::{self, Sha};
use crate::engine::state;
use crate::engine::view::View;
use crate::protocol::fault::Fault;

/// How many commits are listed.
const COMMITS: usize = 500;
/// How many files are listed, in all and of one commit.
const FILES: (usize, usize) = (1000, 50);

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
        tokio::try_join!(repository.commits_between(&old, &new, COMMITS), repository.files_between(&old, &new))
            .map_err(|fault| checkout::refused(&fault))?;
    let commits_total = match commits.len() {
        // There may be more than were asked for.
        COMMITS => repository.distance(&old, &new).await.ok().map(|distance| u64::from(distance.changes)),
        _ => None,
    };
    let (files, files_total) = listed(files, FILES.0);
    let commits = commits.into_iter().map(told).collect();
    Ok(Json(Changes { service: name, from, to, commits, commits_total, files: Some(files), files_total }))
}

fn told(change: git::Change) -> Commit {
    let git::Change { commit, files } = change;
    let (files, files_total) = listed(files, FILES.1);
    Commit {
        id: Text::new(commit.sha.as_str()),
        title: commit.title,
        author: commit.author.name,
        at: Some(commit.committed_at),
        url: None,
        pull: None,
        files: Some(files),
        files_total,
    }
}

/// The first `most` files, those that change a database before the others; and how many there are, if there are more.
fn listed(mut files: Vec<File>, most: usize) -> (Vec<File>, Option<u64>) {
    let total = (files.len() > most).then_some(files.len() as u64);
    if total.is_some() {
        files.sort_by_cached_key(|file| !file.is_migration());
        files.truncate(most);
    }
    (files, total)
}

fn live(state: &state::State, place: &Place) -> Result<Sha, Fault> {
    let live = state.places.get(place).and_then(|standing| standing.live.as_ref());
    let live = live.ok_or_else(|| refuse::not_possible(format!("nothing serves in {place}")))?;
    Sha::new(&live.commit).ok_or_else(|| refuse::not_possible(format!("{} is no commit", live.commit)))
}
