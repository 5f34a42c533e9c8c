//! The last known state and the last session on disk: one file each for a context and the sources it looks at, replaced
//! as a whole, so that a reader sees the old or the new one.
//! A line each for the summary, the first part and the rest, so that the first picture waits for the first two only.

use std::fs::{self, DirBuilder, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::ids::Revision;
use crate::store::{Part, Snapshot, Summary};
use crate::ui::Session;

/// Where both lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The last known state.
    pub last: PathBuf,
    /// The session.
    pub session: PathBuf,
}

impl Files {
    /// Those of `context` on `sources` (name and address of each) below `state_dir`. Two configurations may call their
    /// contexts alike: what is known of one is nothing that the other may show.
    pub fn of<'a>(state_dir: &Path, context: &'a str, sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let name = Revision::of([("context", context)].into_iter().chain(sources));
        let file = |what: &str| state_dir.join(format!("{what}-{}.json", name.as_str()));
        Self { last: file("last"), session: file("session") }
    }
}

/// The last session; `None` where there is none or it cannot be read, which loses nothing but where one was.
pub fn session(path: &Path) -> Option<Session> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Replaces the last session.
pub fn keep(path: &Path, session: &Session) -> io::Result<()> {
    replace(path, |file| write(file, session))
}

/// A last known state of which the first lines are read.
#[derive(Debug)]
pub struct Saved {
    /// What is told of all of it.
    pub summary: Summary,
    /// What a first picture shows.
    pub first: Part,
    /// Everything else.
    pub rest: Rest,
}

/// What of a last known state is not read yet.
#[derive(Debug)]
pub struct Rest(BufReader<File>);

/// The last known state; `None` where there is none or it cannot be read, which loses nothing but a first picture.
pub fn open(path: &Path) -> Option<Saved> {
    let mut lines = BufReader::with_capacity(1 << 18, File::open(path).ok()?);
    let (summary, first) = (line(&mut lines)?, line(&mut lines)?);
    Some(Saved { summary, first, rest: Rest(lines) })
}

impl Rest {
    /// Reads it; empty where it cannot be read.
    pub fn read(mut self) -> Part {
        line(&mut self.0).unwrap_or_default()
    }
}

fn line<T: DeserializeOwned>(lines: &mut BufReader<File>) -> Option<T> {
    let mut line = Vec::new();
    lines.read_until(b'\n', &mut line).ok()?;
    serde_json::from_slice(&line).ok()
}

/// Replaces the last known state. It is not synced to disk: after a power loss an older one is as good.
pub fn save(path: &Path, snapshot: &Snapshot) -> io::Result<()> {
    replace(path, |file| {
        write(file, &snapshot.summary)?;
        write(file, &snapshot.first)?;
        write(file, &snapshot.rest)
    })
}

fn replace(path: &Path, content: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut file = io::BufWriter::new(private(&temporary)?);
    content(&mut file)?;
    file.flush()?;
    fs::rename(&temporary, path)
}

fn write(file: &mut impl io::Write, part: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *file, part)?;
    file.write_all(b"\n")
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::ui::command::Section;

    #[test]
    fn contexts_of_one_name_on_other_sources_share_nothing() {
        let of = |context, url| Files::of(Path::new("state"), context, [("engine", url)]);
        let shop = of("shop", "http://127.0.0.1:21000");
        assert_eq!(shop, of("shop", "http://127.0.0.1:21000"));
        for other in [of("shop", "http://127.0.0.1:21001"), of("till", "http://127.0.0.1:21000")] {
            assert!(shop.last != other.last && shop.session != other.session, "{other:?}");
        }
        assert_ne!(shop.last, shop.session);
    }

    #[test]
    fn a_session_is_read_as_it_was_kept_and_a_broken_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = Files::of(&folder.path().join("state"), "shop", []).session;
        assert_eq!(session(&path), None);
        let kept =
            Session { version: Session::VERSION, context: "shop".into(), pane: Section::Flags, panes: Vec::new() };
        keep(&path, &kept).unwrap();
        assert_eq!(session(&path), Some(kept));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(path.parent().unwrap()), mode(&path)), (0o700, 0o600), "nobody else looks into it");
        for broken in ["", "{", "[]", "{\"version\": \"x\"}"] {
            fs::write(&path, broken).unwrap();
            assert_eq!(session(&path), None, "{broken}");
        }
    }
}
