//! The embedded engine, part by part.

mod fixture;
mod git;
mod spec;
