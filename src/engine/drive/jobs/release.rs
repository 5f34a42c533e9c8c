//! Making a release: a version, all that the run's jobs left behind, and a folder from which it can be started.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::Yard;
use super::attempt::{Problem, blocking, commit, left_by};
use super::log::Log;
use crate::engine::rules::jobs::{self, End, Listing};
use crate::engine::state::run::Run;

/// Makes the release of a run. It is laid out before it is told of, so that whoever hears of it finds it there.
pub async fn make(yard: &Yard, run: &Run, log: &Arc<Mutex<Log>>) -> Result<End, Problem> {
    let (repository, sha) = commit(yard, run).await?;
    let version = repository.describe(&sha).await.map_err(|fault| fault.to_string())?;
    let manifest = left_by(yard, &run.stages).await?;
    let (digest, body) = manifest.listing().map_err(|fault| fault.to_string())?;
    say(log, &format!("{} {version} of commit {}", run.service, sha.short())).await;
    say(log, &format!("{} files, {} bytes, {digest}", manifest.entries.len(), manifest.size())).await;
    let state = yard.core.ledger.state();
    if let Some(says) = jobs::refuse_other(&state, &run.service, &version, &digest) {
        return Err(says);
    }
    if manifest.entries.is_empty() {
        say(log, "no job left any files: the release is empty").await;
    }
    let (store, folder) = (yard.store.clone(), yard.core.folder.release(&run.service, &version));
    let known = state.release(&run.service, &version).is_some_and(|known| !known.gone);
    // Instances may run in the folder of a release that was made before.
    if !(known && folder.exists()) {
        blocking(move || store.unpack(&manifest, &folder)).await?;
    }
    Ok(End::Released(version, Listing { digest, body }))
}

async fn say(log: &Arc<Mutex<Log>>, text: &str) {
    log.lock().await.line(text).await;
}
