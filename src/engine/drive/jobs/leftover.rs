//! What an engine that was killed had not finished: checkouts of its jobs, and folders of releases that are on no record.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::engine::core::Core;

/// Removes them, at the start of an engine: nothing is being made yet.
pub async fn clear(core: &Core) {
    let state = core.ledger.state();
    let known = state.releases.values().map(|release| core.folder.release(&release.service, &release.version));
    let known: HashSet<PathBuf> = known.collect();
    let (work, releases) = (core.folder.work(), core.folder.all_releases());
    let cleared = tokio::task::spawn_blocking(move || {
        let made = below(&releases).into_iter().flat_map(|service| below(&service));
        for path in below(&work).into_iter().chain(made.filter(|path| !known.contains(path))) {
            // What cannot be removed is in nobody's way: whatever is made next has a name of its own, or replaces it.
            if let Err(error) = remove(&path) {
                tracing::warn!(%error, path = %path.display(), "what an earlier engine left was not removed");
            }
        }
    });
    if let Err(error) = cleared.await {
        tracing::warn!(%error, "what an earlier engine left was not removed");
    }
}

/// What lies in a folder; nothing if it cannot be read.
fn below(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn remove(path: &Path) -> io::Result<()> {
    let folder = fs::symlink_metadata(path)?.is_dir();
    if folder { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}
