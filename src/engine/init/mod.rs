//! A first pipeline file: what a repository is built with is looked at, and a `leverframe.toml` is written that runs.

mod guess;
mod kinds;
mod text;

pub use guess::{Guess, Kind, guess};
pub use text::text;

use std::path::{Path, PathBuf};

use crate::domain::text::Text;
use crate::engine::spec;

/// The file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub path: PathBuf,
    /// What it rests on.
    pub guess: Guess,
}

/// Why no file was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is one.
    #[error("{0} is there already")]
    Exists(Text),
    /// Nothing that is known.
    #[error("{0} holds no Cargo.toml, package.json, Python project or Makefile")]
    Nothing(Text),
    /// Nothing at all.
    #[error("{0} is no folder")]
    NoFolder(Text),
    /// The operating system refuses.
    #[error("cannot write {path}: {said}")]
    System {
        /// What.
        path: Text,
        /// What it said.
        said: Text,
    },
}

impl Fault {
    /// What to do about it.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Exists(_) => Some("change it, or write it anew: --force"),
            Self::Nothing(_) => Some("run it at the root of the repository, or write the file by hand"),
            Self::NoFolder(_) => Some("give the root of the repository"),
            Self::System { .. } => None,
        }
    }
}

/// Looks at the repository in `folder` and writes its pipeline file. What is there stays, unless `force`.
pub fn write(folder: &Path, force: bool) -> Result<Written, Fault> {
    let shown = |path: &Path| Text::new(path.to_string_lossy());
    let folder = folder.canonicalize().map_err(|_| Fault::NoFolder(shown(folder)))?;
    let path = folder.join(spec::FILE);
    if path.exists() && !force {
        return Err(Fault::Exists(shown(&path)));
    }
    let guess = guess(&folder).ok_or_else(|| Fault::Nothing(shown(&folder)))?;
    let system = |error: std::io::Error| Fault::System { path: shown(&path), said: Text::new(error.to_string()) };
    std::fs::write(&path, text(&guess)).map_err(system)?;
    Ok(Written { path, guess })
}
