//! The embedded engine, part by part.

mod fixture;
mod git;
mod router;
mod spec;
mod upstream;
