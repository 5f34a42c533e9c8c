//! The embedded pipeline engine: a server of its own for one machine and small teams.

mod api;
pub mod artifacts;
pub mod client;
pub mod core;
pub mod deeds;
mod drive;
pub mod folder;
pub mod git;
pub mod init;
mod marks;
pub mod observed;
mod phrase;
pub mod process;
pub mod router;
pub mod rules;
mod serve;
mod settings;
pub mod spec;
pub mod state;
pub mod store;
pub mod view;

pub use folder::Fault as FolderFault;
pub use serve::{Ready, serve};
pub use settings::{Fault, Guest, Settings};
