//! The journal's files: opened under a lock, read from either end, closed when they are full, and the head that is
//! remembered beside them. The newest entries are in `journal.jsonl`; a file that is full is closed under a name that
//! tells its last entry, and nothing is ever written into it again.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::domain::chain::Head;

/// How much is read at a time from the end.
const PIECE: u64 = 64 << 10;

/// Opens the entries for one more, with every other process kept out until the file is closed.
pub fn open_to_write(folder: &Path, path: &Path) -> io::Result<File> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let open = || OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path);
    locked(path, FlockOperation::LockExclusive, open)
}

/// Opens the entries for reading, with writers kept out until the file is closed.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    locked(path, FlockOperation::LockShared, || File::open(path))
}

/// Opens and locks. Whoever held the lock before may have closed the file as full, so that another one has its name now.
fn locked(path: &Path, lock: FlockOperation, open: impl Fn() -> io::Result<File>) -> io::Result<File> {
    loop {
        let file = open()?;
        flock(&file, lock)?;
        let (held, named) = (file.metadata()?, fs::metadata(path));
        if named.is_ok_and(|named| (named.dev(), named.ino()) == (held.dev(), held.ino())) {
            return Ok(file);
        }
    }
}

/// Closes the entries, whose lock is held, as full: up to number `last`.
pub fn close(folder: &Path, path: &Path, last: u64) -> io::Result<()> {
    fs::rename(path, folder.join(format!("journal.{last:020}.jsonl")))?;
    sync_folder(folder)
}

/// The closed files, the oldest first, each with the number of its last entry.
pub fn closed(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut closed = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let last = name.strip_prefix("journal.").and_then(|name| name.strip_suffix(".jsonl"));
        closed.extend(last.and_then(|last| last.parse().ok()).map(|last| (last, path)));
    }
    closed.sort();
    Ok(closed)
}

/// A line of the entries, with its line feed.
type Line = io::Result<Vec<u8>>;

/// The lines of all files from the one that holds entry `from` on, each with its line feed; the last one has none if its
/// writer died over it.
pub fn lines(folder: &Path, path: &Path, from: u64) -> io::Result<impl Iterator<Item = Line>> {
    // While this one is open none is closed, so that no entry is missed between two files.
    let newest = match open_to_read(path) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let older = closed(folder)?.into_iter().filter(move |(last, _)| *last >= from).map(|(_, path)| File::open(path));
    Ok(older.chain(newest.map(Ok)).flat_map(|file| {
        let lines: Box<dyn Iterator<Item = Line>> = match file {
            Ok(file) => Box::new(lines_of(file)),
            Err(error) => Box::new(std::iter::once(Err(error))),
        };
        lines
    }))
}

fn lines_of(file: File) -> impl Iterator<Item = Line> {
    let mut reader = BufReader::new(file);
    std::iter::from_fn(move || {
        let mut line = Vec::new();
        match reader.read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => Some(Ok(line)),
            Err(error) => Some(Err(error)),
        }
    })
}

/// The end of the entries.
pub struct Tail {
    /// The last whole line, without its line feed.
    pub last: Option<Vec<u8>>,
    /// How many bytes whole lines take up.
    pub whole: u64,
}

/// Reads backwards from the end until the last whole line is there.
pub fn tail(file: &mut File) -> io::Result<Tail> {
    let mut from = file.metadata()?.len();
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        let ends: Vec<_> = (0..bytes.len()).rev().filter(|at| bytes[*at] == b'\n').take(2).collect();
        let whole = |end: usize| from + end as u64 + 1;
        match ends[..] {
            [end, before] => return Ok(Tail { last: Some(bytes[before + 1..end].to_vec()), whole: whole(end) }),
            [end] if from == 0 => return Ok(Tail { last: Some(bytes[..end].to_vec()), whole: whole(end) }),
            _ if from == 0 => return Ok(Tail { last: None, whole: 0 }),
            _ => {}
        }
        let piece = PIECE.max(bytes.len() as u64).min(from);
        from -= piece;
        file.seek(SeekFrom::Start(from))?;
        let mut more = Vec::new();
        (&*file).take(piece).read_to_end(&mut more)?;
        more.append(&mut bytes);
        bytes = more;
    }
}

#[derive(Serialize, Deserialize)]
struct Remembered {
    seq: u64,
    hash: String,
}

/// The last entry that was acknowledged; `None` before the first, an error if what is remembered cannot be read.
pub fn remembered(path: &Path) -> Result<Option<Head>, String> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let Remembered { seq, hash } = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    Ok(Some(Head { seq, hash }))
}

/// Remembers `head` as the last entry that was acknowledged, as a whole or not at all. The entries' lock is held.
pub fn remember(path: &Path, head: &Head) -> io::Result<()> {
    let new = path.with_extension("head.new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    serde_json::to_writer(&mut file, &Remembered { seq: head.seq, hash: head.hash.clone() })?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&new, path)
}

/// Makes a file's name in `folder` as lasting as its content.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
