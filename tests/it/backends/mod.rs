//! Backends, each against a server that answers as its script says, or against the real one.

mod engine;
mod engine_contract;
mod faults;
mod http;
mod https;
mod rules;
pub mod script;

use std::sync::Arc;

use leverframe::backends::Ports;
use leverframe::clock::System;
use leverframe::config::{Config, Places, Source, parse};

fn ports(read_only: bool) -> Ports {
    Ports::new(Arc::new(System), read_only)
}

/// The source that a configuration names, with `more` lines of its own.
pub fn source(url: &str, more: &str) -> Source {
    let text = format!("state_dir = \"s\"\n[[sources]]\nname = \"here\"\nkind = \"engine\"\nurl = \"{url}\"\n{more}\n");
    let config: Config = parse(&text, std::path::Path::new("/c.toml"), &Places::default()).unwrap();
    config.sources[0].clone()
}
