//! The embedded engine, part by part.

mod spec;
