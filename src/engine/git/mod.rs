//! Git repositories, read through the `git` program: tips of branches, commits, files, versions, and exports of a tree.
//! Hooks, monitors and prompts are off; nothing here ever writes to a repository that is not the engine's own mirror.

mod between;
mod caller;
mod command;
mod fault;
mod history;
mod location;
mod repository;
mod sha;
mod tree;

pub use between::Change;
pub use caller::{Caller, Limits};
pub use fault::Fault;
pub use history::{Author, Commit, Distance};
pub use location::Location;
pub use repository::Repository;
pub use sha::Sha;
