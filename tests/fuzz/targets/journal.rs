//! The journal: whatever stands in its file, it is followed as far as it holds, and what does not is told.

#![no_main]

use leverframe::runtime::journal::verify;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| Ok(line.to_vec()));
    if let Ok(verified) = verify(lines, Ok(None), &[]) {
        assert!(verified.entries <= bytes.len() as u64);
        assert!(verified.broken.is_none_or(|said| !said.is_empty()));
    }
});
