//! The pipeline file: whatever a repository holds, it is read or each fault is told with its line.

#![no_main]

use leverframe::engine::spec;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(faults) = spec::parse(text, "leverframe.toml") {
        assert!(!faults.to_string().is_empty());
    }
});
