//! The journal: what was about to be done and what came of it, one JSON line an entry, each chained to the one before.
//! Append-only, synced to disk before it is acknowledged, and shared by every process of a state folder. What a process
//! that was killed left without an outcome is settled by the next one.

mod actor;
mod entry;
mod file;
mod hand;
mod verify;

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

pub use actor::Actor;
pub use entry::Entry;
pub use verify::{Verified, verify};

use crate::app::effect::Record;
use crate::app::unsettled::{self, Unsettled};
use crate::domain::chain::{Head, Seal};
use crate::domain::text::Text;
use hand::Hand;

/// The journal of a state folder. Cheap to make and to copy: nothing is open between two entries, but where an intent has
/// no outcome yet, a file that tells whether whoever wrote it still lives. Copies are one and the same writer.
#[derive(Debug, Clone)]
pub struct Journal {
    folder: PathBuf,
    actor: Actor,
    hand: Arc<Mutex<Hand>>,
    /// How many bytes a file holds before the next is begun.
    full: u64,
}

/// How many bytes a file holds before the next is begun.
const FULL: u64 = 16 << 20;

/// Why the journal cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {said}")]
pub struct Fault {
    /// What was tried.
    pub what: Text,
    /// What stood in the way.
    pub said: Text,
    /// What to do.
    pub hint: Option<Text>,
}

impl Fault {
    fn system(what: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let what = Text::new(format!("cannot {what} {}", path.display()));
        move |error| Self { what, said: Text::new(error.to_string()), hint: None }
    }

    fn unreadable(path: &Path, said: impl AsRef<str>) -> Self {
        let what = Text::new(format!("{} cannot be read", path.display()));
        let hint = "see where with: leverframe journal verify; a journal that is moved away is begun anew";
        Self { what, said: Text::new(said), hint: Some(Text::new(hint)) }
    }
}

impl Journal {
    /// The journal of `state_dir`. Nothing is touched before the first entry.
    pub fn open(state_dir: &Path) -> Self {
        let hand = Arc::new(Mutex::new(Hand::new(state_dir.join("hands"))));
        Self { folder: state_dir.to_owned(), actor: Actor::here(), hand, full: FULL }
    }

    /// Who writes, as every entry says.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The file with the newest entries.
    pub fn path(&self) -> PathBuf {
        self.folder.join("journal.jsonl")
    }

    fn remembered_path(&self) -> PathBuf {
        self.folder.join("journal.head")
    }

    /// Writes an entry; its number, once it is on the disk. Waits while another process writes.
    pub fn append(&self, record: &Record, at: Timestamp) -> Result<u64, Fault> {
        let path = self.path();
        let mut file = self.open_to_write(&path)?;
        let mut hand = self.hand();
        if matches!(record, Record::Intent { .. }) {
            hand.hold().map_err(Fault::system("write in", &self.hands()))?;
        }
        let written = self.write(&mut file, record, hand.mark(), at);
        hand.wrote(record, written.as_ref().ok().copied());
        written
    }

    /// Opens the file for one more entry; if it is full, the next one.
    fn open_to_write(&self, path: &Path) -> Result<File, Fault> {
        let open = || file::open_to_write(&self.folder, path).map_err(Fault::system("open", path));
        let mut file = open()?;
        if file.metadata().map_err(Fault::system("read", path))?.len() < self.full {
            return Ok(file);
        }
        let tail = file::tail(&mut file).map_err(Fault::system("read", path))?;
        let Some(last) = tail.last.as_deref() else { return Ok(file) };
        let last = entry::head(last).map_err(|said| Fault::unreadable(path, said))?;
        // What lies behind the last whole line was never acknowledged.
        let closed = file.set_len(tail.whole).and_then(|()| file.sync_all());
        closed.and_then(|()| file::close(&self.folder, path, last.seq)).map_err(Fault::system("close", path))?;
        open()
    }

    /// The last entry of `file`, or of the one that was closed before it.
    fn head(&self, path: &Path, tail: Option<&[u8]>) -> Result<Head, Fault> {
        if let Some(line) = tail {
            return entry::head(line).map_err(|said| Fault::unreadable(path, said));
        }
        let closed = file::closed(&self.folder).map_err(Fault::system("read", &self.folder))?;
        let Some((_, path)) = closed.last() else { return Ok(Head::default()) };
        let tail = File::open(path).and_then(|mut file| file::tail(&mut file)).map_err(Fault::system("read", path))?;
        let head = tail.last.as_deref().map(entry::head).transpose();
        Ok(head.map_err(|said| Fault::unreadable(path, said))?.unwrap_or_default())
    }

    /// Writes an entry into the file, whose lock is held.
    fn write(&self, file: &mut File, record: &Record, process: &str, at: Timestamp) -> Result<u64, Fault> {
        let path = self.path();
        let tail = file::tail(file).map_err(Fault::system("read", &path))?;
        let head = self.head(&path, tail.last.as_deref())?;
        let remembered = file::remembered(&self.remembered_path());
        // The loss stays on record: the head that is written next would cover it.
        let lost = remembered.ok().flatten().filter(|known| known.seq >= head.seq && *known != head);
        let body = entry::body(record, (&self.actor, process), at, lost.as_ref());
        let (line, new) = entry::line(&head, &body);
        write(file, &line, tail.whole).map_err(Fault::system("write", &path))?;
        if tail.whole == 0 {
            file::sync_folder(&self.folder).map_err(Fault::system("sync", &self.folder))?;
        }
        let remembered = self.remembered_path();
        file::remember(&remembered, &new).map_err(Fault::system("write", &remembered))?;
        Ok(new.seq)
    }

    /// Puts on record that the outcome of what killed processes had begun is unknown; what that was. Others may do the
    /// same at the same time: each intent gets one outcome.
    pub fn settle(&self, at: Timestamp) -> Result<Vec<Unsettled>, Fault> {
        let mut settled = Vec::new();
        for gone in self.gone()? {
            let entries: Vec<_> = self.read(1, usize::MAX)?.iter().map(|entry| (entry.seq, entry.says())).collect();
            for open in unsettled::of(&entries, gone.mark()) {
                self.append(&open.record(), at)?;
                settled.push(open);
            }
            gone.settled().map_err(Fault::system("write in", &self.hands()))?;
        }
        Ok(settled)
    }

    /// The hands of killed processes, kept from everybody else.
    fn gone(&self) -> Result<Vec<hand::Gone>, Fault> {
        let (path, hands) = (self.path(), self.hands());
        if !hand::any(&hands).map_err(Fault::system("read", &hands))? {
            return Ok(Vec::new());
        }
        let _kept_out = match file::open_to_read(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Fault::system("open", &path)(error)),
            opened => opened,
        };
        hand::gone(&hands).map_err(Fault::system("read", &hands))
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hands(&self) -> PathBuf {
        self.folder.join("hands")
    }

    /// The entries from number `from` on, at most `most`; none where there is no journal yet.
    pub fn read(&self, from: u64, most: usize) -> Result<Vec<Entry>, Fault> {
        let path = self.path();
        let lines = file::lines(&self.folder, &path, from).map_err(Fault::system("read", &path))?;
        let mut entries = Vec::new();
        for line in lines {
            let line = line.map_err(Fault::system("read", &path))?;
            if entries.len() == most || !line.ends_with(b"\n") {
                break;
            }
            let entry = entry::parse(&line).map_err(|said| Fault::unreadable(&path, said))?;
            if entry.seq >= from {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    /// The number of the last entry; 0 before the first.
    pub fn last(&self) -> Result<u64, Fault> {
        Ok(self.last_head()?.seq)
    }

    fn last_head(&self) -> Result<Head, Fault> {
        let path = self.path();
        let tail = match file::open_to_read(&path) {
            Ok(mut file) => file::tail(&mut file).map_err(Fault::system("read", &path))?.last,
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Fault::system("open", &path)(error)),
        };
        self.head(&path, tail.as_deref())
    }

    /// How far it has come, for somebody else to keep; nothing before the first entry.
    pub fn seal(&self) -> Result<Option<Seal>, Fault> {
        let head = self.last_head()?;
        let first = self.read(1, 1)?.pop();
        Ok(first.map(|first| Seal { journal: first.hash, seq: head.seq, hash: head.hash }))
    }

    /// Reads all of it and says whether it is whole, and whether it is what was sealed elsewhere.
    pub fn verify(&self, seals: &[Head]) -> Result<Verified, Fault> {
        let path = self.path();
        let lines = file::lines(&self.folder, &path, 1).map_err(Fault::system("read", &path))?;
        let remembered = file::remembered(&self.remembered_path());
        verify::verify(lines, remembered, seals).map_err(Fault::system("read", &path))
    }
}

/// Writes a line behind the first `whole` bytes, on disk or not at all. What lies behind them was never acknowledged.
fn write(file: &mut File, line: &str, whole: u64) -> io::Result<()> {
    if file.metadata()?.len() != whole {
        file.set_len(whole)?;
    }
    let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // If even this fails, the next entry finds a line without an end and cuts it off.
        let _ = file.set_len(whole);
    }
    written
}

#[cfg(test)]
mod tests;
