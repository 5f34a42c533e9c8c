//! Making room: files of releases that nobody needs, and contents that no listing names. Done while no job runs, so that
//! nothing is being taken in.

use std::collections::HashSet;
use std::sync::Arc;

use super::attempt::blocking;
use super::{Yard, report};
use crate::engine::artifacts::Manifest;
use crate::engine::core::Core;
use crate::engine::rules::retention;

/// Removes what is not needed.
pub async fn sweep(yard: &Yard) {
    match remove(yard).await {
        Ok(0) => {}
        Ok(contents) => tracing::info!(contents, "contents that nothing needs were removed"),
        Err(problem) => tracing::warn!(problem, "what is not needed was not removed"),
    }
}

async fn remove(yard: &Yard) -> Result<usize, String> {
    let superfluous = retention::superfluous(&yard.core.ledger.state());
    if !superfluous.is_empty() {
        report(&yard.core, move |draft| retention::let_go(draft, &superfluous)).await;
    }
    let state = yard.core.ledger.state();
    // All that are gone: an engine that was killed may have left a folder.
    for release in state.releases.values().filter(|release| release.gone) {
        let folder = yard.core.folder.release(&release.service, &release.version);
        if folder.exists() {
            tokio::fs::remove_dir_all(&folder).await.map_err(|error| format!("{}: {error}", folder.display()))?;
        }
    }
    let needed = needed(&yard.core).await?;
    let store = yard.store.clone();
    blocking(move || store.sweep(&needed)).await
}

/// The digests of all contents that are needed. A listing that cannot be read stops it: nothing may go then.
async fn needed(core: &Arc<Core>) -> Result<HashSet<String>, String> {
    let mut needed = HashSet::new();
    for digest in retention::listings(&core.ledger.state()) {
        let listing = core.ledger.manifest(digest.clone()).await.map_err(|fault| fault.to_string())?;
        let listing = listing.ok_or_else(|| format!("the listing {digest} is gone"))?;
        let manifest = Manifest::read(&listing).map_err(|fault| fault.to_string())?;
        needed.extend(manifest.contents().map(str::to_owned));
    }
    Ok(needed)
}
