//! The configuration: whatever the file holds, it is read or each fault is told with its line.

#![no_main]

use std::path::Path;

use leverframe::config::{self, Places};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let places = Places { named: None, config_dir: Some("/c".into()), state_dir: Some("/s".into()) };
    if let Err(fault) = config::parse(text, Path::new("/config.toml"), &places) {
        assert!(!fault.to_string().is_empty());
    }
});
