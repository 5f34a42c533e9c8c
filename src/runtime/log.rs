//! The program's own log: what fails inside without being shown, a line each, in a file beside the journal. It is begun
//! with the first line; `LEVERFRAME_LOG` says how much is told: off, error, warn (where nothing is said), info, debug.

use std::fmt::{Debug, Write as _};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Metadata, Subscriber, span};

use crate::clock::{Clock, System};
use crate::domain::text::visible;

/// The variable that says how much is told.
pub const VARIABLE: &str = "LEVERFRAME_LOG";
/// What it may say, the quietest first.
pub const LEVELS: [&str; 5] = ["off", "error", "warn", "info", "debug"];
/// A file of this size is put aside, in the place of the one before it; bytes.
const MOST: u64 = 1 << 20;
/// So many lines are kept until it is known where they belong.
const WAITING: usize = 100;

/// Where the lines of this process go.
static PLACE: Mutex<Place> = Mutex::new(Place { folder: None, waiting: Vec::new() });

struct Place {
    folder: Option<PathBuf>,
    waiting: Vec<String>,
}

/// Where the log of a state folder lies.
pub fn path(folder: &Path) -> PathBuf {
    folder.join("leverframe.log")
}

/// How much is told where the variable has this value.
pub fn level(said: Option<&str>) -> LevelFilter {
    match said {
        Some("off") => LevelFilter::OFF,
        Some("error") => LevelFilter::ERROR,
        Some("info") => LevelFilter::INFO,
        Some("debug") => LevelFilter::DEBUG,
        _ => LevelFilter::WARN,
    }
}

/// Begins to listen, once in a process; nothing is written before it is known where to.
pub fn begin() {
    let level = level(std::env::var(VARIABLE).ok().as_deref());
    // Who listens already goes on doing so.
    let _ = tracing::subscriber::set_global_default(Log { level, clock: Arc::new(System) });
}

/// From now on the lines go into `folder`, and those that waited too.
pub fn keep_in(folder: &Path) {
    let mut place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    place.folder = Some(folder.to_owned());
    let waiting = std::mem::take(&mut place.waiting);
    for line in waiting {
        place.write(&line);
    }
}

impl Place {
    /// A log that cannot be written has nowhere to say so.
    fn write(&mut self, line: &str) {
        match &self.folder {
            Some(folder) => drop(append(folder, line)),
            None if self.waiting.len() < WAITING => self.waiting.push(line.to_owned()),
            None => {}
        }
    }
}

/// Writes a line at the end of the file in one piece, so that several processes may write.
fn append(folder: &Path, line: &str) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = path(folder);
    if fs::metadata(&path).is_ok_and(|file| file.len() >= MOST) {
        fs::rename(&path, path.with_extension("old.log"))?;
    }
    let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
    file.write_all(line.as_bytes())
}

/// Writes down what this program says, and nothing that its libraries say: they know of headers and tokens.
struct Log {
    level: LevelFilter,
    clock: Arc<dyn Clock>,
}

impl Subscriber for Log {
    fn enabled(&self, of: &Metadata<'_>) -> bool {
        of.is_event() && *of.level() <= self.level && of.target().starts_with("leverframe")
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn event(&self, event: &Event<'_>) {
        let of = event.metadata();
        let mut words = Words::default();
        event.record(&mut words);
        let (at, level, target) = (self.clock.now(), of.level(), of.target());
        let line = format!("{at:.3} {level:<5} {target}: {}{}\n", words.message, words.fields);
        PLACE.lock().unwrap_or_else(PoisonError::into_inner).write(&line);
    }

    // Spans are not listened to.
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// What an event says, with what is hidden in it made visible.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Visit for Words {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let value = format!("{value:?}");
        let value = visible(&value);
        match field.name() {
            "message" => self.message.push_str(&value),
            name => drop(write!(self.fields, " {name}={value}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn what_is_said_becomes_a_line_and_what_libraries_say_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let log = Log { level: level(None), clock: Arc::new(System) };
        tracing::subscriber::with_default(log, || {
            tracing::warn!(source = "engine", left = 3, "it broke\u{1b}[31m off");
            tracing::info!("beside the point");
            tracing::warn!(target: "hyper", "authorization: Bearer secret");
            assert!(!state.exists(), "nothing is written before it is known where to");
            keep_in(&state);
            tracing::error!("and again");
        });
        let text = fs::read_to_string(path(&state)).unwrap();
        let lines: Vec<_> = text.lines().map(|line| line.split_once(' ').unwrap().1).collect();
        let of = module_path!();
        assert_eq!(
            lines,
            [format!("WARN  {of}: it broke␛[31m off source=engine left=3"), format!("ERROR {of}: and again"),]
        );
        assert_eq!(fs::metadata(path(&state)).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_full_file_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(path(folder.path()), vec![b'x'; usize::try_from(MOST).unwrap()]).unwrap();
        append(folder.path(), "new\n").unwrap();
        append(folder.path(), "newer\n").unwrap();
        assert_eq!(fs::read_to_string(path(folder.path())).unwrap(), "new\nnewer\n");
        assert_eq!(fs::metadata(folder.path().join("leverframe.old.log")).unwrap().len(), MOST);
    }

    #[test]
    fn the_variable_says_how_much() {
        assert_eq!(level(None), LevelFilter::WARN);
        assert_eq!(level(Some("off")), LevelFilter::OFF);
        assert_eq!(level(Some("debug")), LevelFilter::DEBUG);
    }
}
