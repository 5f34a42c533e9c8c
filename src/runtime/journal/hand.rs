//! Hands: while a process has an intent without an outcome, a file with its mark lies in `hands/`, locked by it. The
//! system lets go of the lock when the process dies, however it dies; so a file that nobody holds tells of one that did.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::file;
use crate::app::effect::Record;

/// The hand of one process.
#[derive(Debug)]
pub struct Hand {
    mark: String,
    folder: PathBuf,
    held: Option<File>,
    open: BTreeSet<u64>,
}

impl Hand {
    /// A hand on nothing, among the hands of `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { mark: format!("{:032x}", rand::random::<u128>()), folder, held: None, open: BTreeSet::new() }
    }

    /// What marks its intents; no other process has the same.
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// Takes hold, lastingly. The journal's lock is held, so that nobody sees the file before it is locked.
    pub fn hold(&mut self) -> io::Result<()> {
        if self.held.is_some() {
            return Ok(());
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.path())?;
        flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        file::sync_folder(&self.folder)?;
        self.held = Some(file);
        Ok(())
    }

    /// An entry was written, or was not: what is open follows, and where nothing is, the hand lets go.
    pub fn wrote(&mut self, record: &Record, seq: Option<u64>) {
        match (record, seq) {
            (Record::Intent { .. }, Some(seq)) => drop(self.open.insert(seq)),
            (Record::Outcome { intent: Some(intent), .. }, Some(_)) => drop(self.open.remove(intent)),
            _ => {}
        }
        if self.open.is_empty() && self.held.take().is_some() {
            // A file that stays tells of a process without open intents, and is removed at the next look.
            let _ = fs::remove_file(self.path());
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.mark)
    }
}

/// The hand of a process that is gone. While this lives, no other process finds it.
#[derive(Debug)]
pub struct Gone {
    path: PathBuf,
    _lock: File,
}

impl Gone {
    /// What marks its intents.
    pub fn mark(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// All its intents have an outcome.
    pub fn settled(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

/// Whether there is any hand in `folder`.
pub fn any(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut hands) => Ok(hands.next().is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The hands in `folder` whose process is gone. The journal's lock is held.
pub fn gone(folder: &Path) -> io::Result<Vec<Gone>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let file = match File::open(&path) {
            Ok(file) => file,
            // Its process has just let go of it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => found.push(Gone { path, _lock: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}
