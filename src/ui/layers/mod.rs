//! The layers over the panes: plan, entry, help, palette. Keys go to the topmost; drawing goes bottom up.

pub mod entry;
