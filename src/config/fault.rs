//! Why there is no configuration, and what to do about it.

use std::path::Path;

use super::document::Faults;
use crate::domain::text::{Text, visible};

/// Why there is no configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file cannot be read.
    #[error("{path} cannot be read: {said}")]
    Unreadable {
        /// The file.
        path: Text,
        /// Why, as the operating system says it.
        said: Text,
    },
    /// What the file says is wrong; each fault has its place and its hint.
    #[error("{0}")]
    Wrong(Faults),
    /// There is no such context.
    #[error("there is no context `{}`", visible(.name))]
    NoContext {
        /// The name that was asked for.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// There is more than one context, and none was chosen.
    #[error("there are {} contexts, and none is the default", .known.len())]
    WhichContext {
        /// All that there are.
        known: Vec<String>,
    },
    /// The platform tells no home folder, and so no place for the file or for what is kept.
    #[error("there is no home folder to keep the {0} in")]
    NoHome(&'static str),
}

impl Fault {
    pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::Unreadable { path: Text::new(path.to_string_lossy()), said: Text::new(error.to_string()) }
    }

    /// What to do about it; faults in the file carry their hints in their own words.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } => Some("name another file with --config FILE or LEVERFRAME_CONFIG".to_owned()),
            Self::Wrong(_) => None,
            Self::NoContext { near: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            Self::NoContext { known, .. } => Some(format!("there is {}", listed(known))),
            Self::WhichContext { known } => {
                Some(format!("choose one with --context NAME or default_context = \"…\": {}", listed(known)))
            }
            Self::NoHome("configuration") => Some("name a file with --config FILE, or set HOME".to_owned()),
            Self::NoHome(_) => Some("set state_dir = \"…\" in the configuration, or set HOME".to_owned()),
        }
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{}`", visible(name))).collect::<Vec<_>>().join(", ")
}
