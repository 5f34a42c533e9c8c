//! The embedded engine, part by part.

mod artifacts;
pub mod fixture;
mod git;
mod init;
mod instances;
mod jobs;
mod recovery;
mod rollouts;
mod router;
mod running;
mod spec;
mod upstream;
mod way;
