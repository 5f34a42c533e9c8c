//! The last known state on disk: one file a context, replaced as a whole, so that a reader sees the old or the new one.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::domain::ids::Revision;
use crate::store::Snapshot;

/// Where the last known state of `context` lies below `state_dir`.
pub fn path(state_dir: &Path, context: &str) -> PathBuf {
    state_dir.join(format!("last-{}.json", Revision::of([("context", context)]).as_str()))
}

/// The last known state; `None` where there is none or it cannot be read, which loses nothing but a first picture.
pub fn load(path: &Path) -> Option<Snapshot> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Replaces the last known state. It is not synced to disk: after a power loss an older one is as good.
pub fn save(path: &Path, snapshot: &Snapshot) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut file = io::BufWriter::new(private(&temporary)?);
    serde_json::to_writer(&mut file, snapshot)?;
    file.flush()?;
    fs::rename(&temporary, path)
}

fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
