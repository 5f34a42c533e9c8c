//! Why files could not be taken in or laid out.

use std::io;
use std::path::Path;

use crate::domain::text::Text;

/// Why files could not be taken in or laid out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A glob finds nothing.
    #[error("no file matches {0:?} of `artifacts`")]
    NoMatch(String),
    /// A file that cannot be kept.
    #[error("the artifact {path} {said}")]
    Unfit {
        /// Which.
        path: Text,
        /// Why not.
        said: &'static str,
    },
    /// What is stored is not what was stored, or was removed to make room.
    #[error("the stored content {0} is damaged or gone")]
    Damaged(String),
    /// A listing that cannot be read.
    #[error("the listing of the artifacts cannot be read: {0}")]
    Listing(Text),
    /// The disk is full.
    #[error("the disk is full: cannot write {0}")]
    Full(Text),
    /// The operating system refuses.
    #[error("cannot {what} {path}: {said}")]
    System {
        /// What was tried.
        what: &'static str,
        /// With which file.
        path: Text,
        /// What it said.
        said: Text,
    },
}

impl Fault {
    pub(super) fn system(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = Text::new(path.to_string_lossy());
        move |error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path),
            _ => Self::System { what, path, said: Text::new(error.to_string()) },
        }
    }

    pub(super) fn unfit(path: &str, said: &'static str) -> Self {
        Self::Unfit { path: Text::new(path), said }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoMatch(_) => Some("`dist/**` takes all that lies in the folder dist; `*` stays within one folder"),
            Self::Unfit { .. } => Some("copy what it stands for, or leave it out of `artifacts`"),
            Self::Damaged(_) => Some("run it all again: retry; the file is made anew"),
            Self::Full(_) => Some("make room on the disk of the data folder"),
            Self::Listing(_) | Self::System { .. } => None,
        }
    }
}
