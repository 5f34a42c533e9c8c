//! The embedded engine, part by part.

mod artifacts;
mod fixture;
mod git;
mod init;
mod router;
mod spec;
mod upstream;
