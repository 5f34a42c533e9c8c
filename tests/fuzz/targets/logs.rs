//! Logs: a line is drawn with nothing hidden in it, and searched the same however it is cut.

#![no_main]

use leverframe::domain::ids::{JobName, RunKey};
use leverframe::domain::log::LogKey;
use leverframe::domain::sought::{Scan, Seek, Sought};
use leverframe::domain::text::is_hidden;
use leverframe::ui::theme::Depth;
use leverframe::ui::widgets::log::Line;
use libfuzzer_sys::fuzz_target;
use ratatui::style::Style;

fn found(log: &[u8], piece: usize) -> Vec<u64> {
    let run = RunKey { service: "a".into(), id: "1".into() };
    let log_key = LogKey { run, job: JobName::new("b") };
    let what = Sought::Errors;
    let mut scan = Scan::new(&Seek { log: log_key, what, from: 0, inside: false, one: false, room: 1000 });
    for piece in log.chunks(piece) {
        scan.take(piece);
    }
    scan.finish(log.len() as u64, true).hits
}

fuzz_target!(|bytes: &[u8]| {
    let (line, part) = Line::window(bytes, 3, 80, Depth::Rgb);
    assert!(!line.text.chars().any(is_hidden), "{bytes:?}");
    let parts = line.spans(part, Style::new(), &[], Style::new());
    assert!(parts.iter().map(|span| span.width()).sum::<usize>() <= 80, "{bytes:?}");
    assert_eq!(found(bytes, 1 << 20), found(bytes, 7), "{bytes:?}");
});
