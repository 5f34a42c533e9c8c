//! What lies between two environments, asked of git.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use serde::Deserialize;

use super::App;
use super::answer::Refused;
use super::asker::Asker;
use super::reads::{no_place, no_service};
use crate::domain::change::{Changes, Commit, File};
use crate::domain::ids::{EnvironmentName, Place, ServiceName};
use crate::domain::release::VersionName;
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

/// How many answers are remembered.
const KNOWN: usize = 16;

/// Between which environments; of one that is named with a release, between that and what serves.
#[derive(Debug, Deserialize)]
pub struct Between {
    from: String,
    to: String,
    /// The release in `from`.
    lacks: Option<String>,
    /// The release in `to`.
    has: Option<String>,
}

/// What lies between two commits of a repository. It is the same whenever it is asked for.
#[derive(Debug, Clone)]
struct Found {
    commits: Vec<Commit>,
    commits_total: Option<u64>,
    files: Vec<File>,
    files_total: Option<u64>,
}

/// A repository and two of its commits.
type Range = (String, Sha, Sha);

/// What was found last, so that git is not called again by everybody who looks at it, second after second.
#[derive(Debug, Clone, Default)]
pub struct Known(Arc<Mutex<VecDeque<(Range, Found)>>>);

impl Known {
    async fn or_find(&self, app: &App, range: Range) -> Result<Found, git::Fault> {
        if let Some(found) = self.get(&range) {
            return Ok(found);
        }
        let found = find(app, &range).await?;
        self.put(range, found.clone());
        Ok(found)
    }

    fn get(&self, range: &Range) -> Option<Found> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(of, _)| of == range).map(|(_, found)| found.clone())
    }

    fn put(&self, range: Range, found: Found) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.push_front((range, found));
        known.truncate(KNOWN);
    }
}

/// The commits that `from` lacks and `to` has, and the files in which they differ.
pub async fn changes(
    State(app): State<App>,
    Extension(known): Extension<Known>,
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
    let commit = |environment: &EnvironmentName, release: Option<String>| {
        let place = Place { service: name.clone(), environment: environment.clone() };
        match release {
            _ if !places.contains(&place) => Err(no_place(&place)),
            Some(version) => released(&state, &name, &VersionName::new(version)),
            None => live(&state, &place),
        }
    };
    let range = (service.repository.clone(), commit(&from, between.lacks)?, commit(&to, between.has)?);
    let found = known.or_find(&app, range).await.map_err(|fault| checkout::refused(&fault))?;
    let Found { commits, commits_total, files, files_total } = found;
    Ok(Json(Changes { service: name, from, to, commits, commits_total, files: Some(files), files_total }))
}

async fn find(app: &App, (repository, old, new): &Range) -> Result<Found, git::Fault> {
    let repository = app.repository(repository).await?;
    let (commits, files) =
        tokio::try_join!(repository.commits_between(old, new, COMMITS), repository.files_between(old, new))?;
    let commits_total = match commits.len() {
        // There may be more than were asked for.
        COMMITS => Some(u64::from(repository.distance(old, new).await?.changes)),
        _ => None,
    };
    let (files, files_total) = listed(files, FILES.0);
    Ok(Found { commits: commits.into_iter().map(told).collect(), commits_total, files, files_total })
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
    sha(&live.commit)
}

fn released(state: &state::State, service: &ServiceName, version: &VersionName) -> Result<Sha, Fault> {
    let release = state.release(service, version);
    let release = release.ok_or_else(|| refuse::not_found(format!("{service} has no release `{version}`")))?;
    sha(&release.commit)
}

fn sha(commit: &str) -> Result<Sha, Fault> {
    Sha::new(commit).ok_or_else(|| refuse::not_possible(format!("{commit} is no commit")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_last_is_remembered_and_no_more() {
        let sha = |at: usize| Sha::new(&format!("{at:040x}")).unwrap();
        let range = |at: usize| ("repository".to_owned(), sha(0), sha(at));
        let known = Known::default();
        for at in 0..=KNOWN {
            let found =
                Found { commits: Vec::new(), commits_total: None, files: Vec::new(), files_total: Some(at as u64) };
            known.put(range(at), found);
        }
        assert!(known.get(&range(0)).is_none());
        assert_eq!(known.get(&range(1)).unwrap().files_total, Some(1));
        assert!(known.get(&(String::new(), sha(0), sha(1))).is_none());
    }
}
