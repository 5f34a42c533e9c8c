//! The embedded pipeline engine: a server of its own for one machine and small teams.

pub mod git;
pub mod spec;
