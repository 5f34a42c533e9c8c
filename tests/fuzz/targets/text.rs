//! Text from outside: nothing hidden is left in it, and what was visible is as it was.

#![no_main]

use leverframe::domain::text::{Text, is_hidden, visible};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &str| {
    let text = Text::new(raw);
    assert!(!text.as_str().chars().any(is_hidden), "{raw:?}");
    let seen = visible(raw);
    assert!(!seen.chars().any(is_hidden), "{raw:?}");
    assert_eq!(visible(&seen), seen, "what is visible stays as it is");
    if !raw.chars().any(is_hidden) {
        assert_eq!(seen, raw);
    }
});
