//! Why a repository could not be read, and what to do about it.

use std::time::Duration;

use crate::domain::text::Text;
use crate::engine::spec::write_duration;

/// Why a repository could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The `git` program is not on this machine.
    #[error("`git` is not installed, or not in PATH")]
    NotInstalled,
    /// What was given is neither a folder nor a URL that is read.
    #[error("`{location}` cannot be registered: {reason}")]
    Location {
        /// As it was typed.
        location: Text,
        /// Why.
        reason: &'static str,
    },
    /// The folder is not there (any more).
    #[error("the repository `{0}` is gone")]
    Gone(Text),
    /// The folder is there and is no repository.
    #[error("`{0}` is no git repository")]
    NotARepository(Text),
    /// Git refuses to read another user's repository.
    #[error("the repository `{0}` belongs to another user, so git refuses to read it")]
    NotOwned(Text),
    /// The repository has no commit at all.
    #[error("the repository `{0}` has no commit yet")]
    Empty(Text),
    /// The branch is not there.
    #[error("the repository `{location}` has no branch `{branch}`")]
    BranchMissing {
        /// The repository.
        location: Text,
        /// The branch asked for.
        branch: Text,
        /// Branches that are there; at most five, the nearest first.
        there: Vec<Text>,
    },
    /// No branch is the default one.
    #[error("the repository `{0}` does not say which branch is its default")]
    NoDefaultBranch(Text),
    /// The commit is not there: the branch was rewritten, and git has cleaned up.
    #[error("the repository `{location}` has no commit {sha}")]
    CommitMissing {
        /// The repository.
        location: Text,
        /// The commit asked for.
        sha: String,
    },
    /// The remote did not answer, or refused.
    #[error("`{location}` cannot be fetched: {said}")]
    Unreachable {
        /// The repository.
        location: Text,
        /// What git said, its last line.
        said: Text,
    },
    /// Git took too long and was stopped.
    #[error("git {what} took longer than {}, and was stopped", write_duration(*limit))]
    TimedOut {
        /// What was asked.
        what: &'static str,
        /// The limit.
        limit: Duration,
    },
    /// A file or an answer is larger than this program takes.
    #[error("{what} is larger than {most} bytes")]
    TooLarge {
        /// What.
        what: Text,
        /// The limit in bytes.
        most: usize,
    },
    /// Git failed otherwise.
    #[error("git {what} failed: {said}")]
    Failed {
        /// What was asked.
        what: &'static str,
        /// What git said, its last line.
        said: Text,
    },
    /// The operating system failed.
    #[error("{what}: {said}")]
    System {
        /// What was tried.
        what: Text,
        /// What the system said.
        said: Text,
    },
}

impl Fault {
    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotInstalled => "install git, and start the engine with a PATH that has it".to_owned(),
            Self::Location { .. } => "give a folder, or a URL as `git clone` takes it".to_owned(),
            Self::Gone(_) => "put it back, or register the service again with its new place".to_owned(),
            Self::NotARepository(_) => "begin one there: `git init`, then commit".to_owned(),
            Self::NotOwned(path) => format!("allow it: git config --global --add safe.directory '{path}'"),
            Self::Empty(_) => "commit something; the next poll sees it".to_owned(),
            Self::BranchMissing { there, .. } if there.is_empty() => "push the branch".to_owned(),
            Self::BranchMissing { there, .. } => {
                let names: Vec<_> = there.iter().map(|name| format!("`{name}`")).collect();
                format!("it has {}", names.join(", "))
            }
            Self::NoDefaultBranch(_) => "name one: --branch BRANCH".to_owned(),
            Self::CommitMissing { .. } => "the branch was rewritten: start a run on its new tip".to_owned(),
            Self::Unreachable { .. } => {
                "try `git ls-remote` with the same URL as the engine's user; nothing can be asked for here, so keys and \
                 credential helpers must be set up"
                    .to_owned()
            }
            Self::TimedOut { .. } => "see whether the machine or the network is overloaded; it is tried again".to_owned(),
            Self::TooLarge { .. } | Self::Failed { .. } | Self::System { .. } => return None,
        })
    }
}
