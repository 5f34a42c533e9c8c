//! The configuration as plain data from TOML; errors name file, line and key. What it means is the floors' above.

pub mod document;
