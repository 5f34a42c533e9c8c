//! The configuration as plain data from TOML; errors name file, line and key. What it means is the floors' above.

pub(crate) mod document;
mod example;
mod fault;
mod look;
mod place;
mod policy;
mod read;
mod source;

use std::path::{Path, PathBuf};

pub use document::duration::write as written;
pub use document::{Fault as Wrong, Faults};
pub use example::{First, first};
pub use fault::Fault;
pub use look::{Glyphs, KeyChange, Links, Look, Notify, Theme, Time};
pub use place::{Places, place};
pub use policy::{Policy, TierPolicy};
pub use source::{Source, SourceKind, Token};

use crate::domain::ids::ServiceName;
use crate::domain::nearest::nearest;

/// The JSON Schema of the file, for editors. It is kept by hand; a test holds it against the reader.
pub const SCHEMA: &str = include_str!("schema.json");

/// What the configuration file says, with the defaults where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file; `None` where there is none and everything is default.
    pub path: Option<PathBuf>,
    /// What the file says.
    text: String,
    /// The context that holds where none is asked for.
    pub default_context: Option<String>,
    /// Where journal, last known state and history are kept.
    pub state_dir: PathBuf,
    /// Where the operator's themes lie.
    pub theme_dir: PathBuf,
    /// How the screen looks and answers.
    pub look: Look,
    /// What changes in the keymap, in the order of the file.
    pub keys: Vec<KeyChange>,
    /// The contexts, in the order of the file; at least one.
    pub contexts: Vec<Context>,
    /// The connections, in the order of the file.
    pub sources: Vec<Source>,
    /// The rules of this console.
    pub policy: Policy,
}

/// A context: which services are looked at, how, and how carefully.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Its name.
    pub name: String,
    /// Only these services are shown; `None` shows all.
    pub services: Option<Vec<ServiceName>>,
    /// Its own theme.
    pub theme: Option<Theme>,
    /// Whether it is marked as dangerous.
    pub danger: bool,
    /// Whether nothing may be changed.
    pub read_only: bool,
}

impl Context {
    /// The context of a file that names none.
    pub const DEFAULT: &str = "default";

    /// A context called `name` that shows everything and forbids nothing.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), services: None, theme: None, danger: false, read_only: false }
    }
}

/// Loads the configuration: the file at `path`, else what `LEVERFRAME_CONFIG` names, else the platform's. Only the last
/// may be missing; then everything is default.
pub fn load(path: Option<&Path>) -> Result<Config, Fault> {
    load_from(path, &Places::here())
}

/// The same with the places that are given.
pub fn load_from(path: Option<&Path>, places: &Places) -> Result<Config, Fault> {
    let (file, must) = place(path, places)?;
    match std::fs::read_to_string(&file) {
        Ok(text) => parse(&text, &file, places),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must => {
            Ok(Config { path: None, ..read::empty(places)? })
        }
        Err(error) => Err(Fault::unreadable(&file, &error)),
    }
}

/// Reads `text`, the content of `file`. Every fault in it is reported at once, in the order of the lines.
pub fn parse(text: &str, file: &Path, places: &Places) -> Result<Config, Fault> {
    read::read(text, file, places)
}

impl Config {
    /// The fault of what stands under `path`, for those who know what it means.
    pub fn wrong(&self, path: &[&str], message: &str, hint: Option<&str>) -> Wrong {
        let file = self.path.as_ref().map(|path| path.to_string_lossy()).unwrap_or_default();
        Wrong::at(&self.text, &file, document::span(&self.text, path)).saying(&path.join("."), message, hint)
    }

    /// The context called `name`; without a name the default one, or the only one.
    pub fn context(&self, name: Option<&str>) -> Result<&Context, Fault> {
        let known = || self.contexts.iter().map(|context| context.name.as_str());
        match (name.or(self.default_context.as_deref()), self.contexts.as_slice()) {
            (Some(name), contexts) => contexts.iter().find(|context| context.name == name).ok_or_else(|| {
                let near = nearest(name, known()).map(str::to_owned);
                Fault::NoContext { name: name.to_owned(), near, known: known().map(str::to_owned).collect() }
            }),
            (None, [only]) => Ok(only),
            (None, _) => Err(Fault::WhichContext { known: known().map(str::to_owned).collect() }),
        }
    }
}
