//! The recording in the README: `assets/session.cast`, as `assets/record.py` took it from the real demonstration, and the
//! moving picture drawn from it. `LEVERFRAME_DRAW=1` draws it anew.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::svg::{Shot, film};

/// The ground and the ink of the theme in which it was recorded.
const COLORS: [(u8, u8, u8); 2] = [(0x14, 0x16, 0x1b), (0xd4, 0xd7, 0xdd)];
/// The picture that stays where nothing may move: the verdict.
const STILL: usize = 3;

fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)
}

/// The lines of the recording: its head, and what happened when.
fn recording() -> (Value, Vec<(f64, String, String)>) {
    let text = fs::read_to_string(asset("session.cast")).unwrap();
    let mut lines = text.lines();
    let head = serde_json::from_str(lines.next().unwrap()).unwrap();
    (head, lines.map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The screen at each mark of the recording.
fn shots() -> Vec<Shot> {
    let (head, events) = recording();
    let size = |side: &str| u16::try_from(head[side].as_u64().unwrap()).unwrap();
    let mut terminal = vt100::Parser::new(size("height"), size("width"), 0);
    let mut shots = Vec::new();
    for (_, kind, what) in events {
        match kind.as_str() {
            "m" => shots.push(Shot { screen: terminal.screen().clone(), words: what }),
            _ => terminal.process(what.as_bytes()),
        }
    }
    shots
}

#[test]
fn the_moving_picture_shows_the_recording() {
    let (path, drawn) = (asset("session.svg"), film(&shots(), "A bad canary", STILL, COLORS[0], COLORS[1]));
    if std::env::var_os("LEVERFRAME_DRAW").is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == drawn, "draw it anew with LEVERFRAME_DRAW=1");
    assert!(drawn.len() < 600_000, "{} bytes are too many for a page", drawn.len());
}

#[test]
fn the_recording_tells_its_story_and_does_not_idle() {
    let (head, events) = recording();
    let most = head["idle_time_limit"].as_f64().unwrap() + 0.01;
    assert!(events.windows(2).all(|pair| (0.0..=most).contains(&(pair[1].0 - pair[0].0))));
    let text: Vec<_> = shots().iter().map(|shot| shot.screen.contents()).collect();
    for (at, words) in [(0, "10 %"), (1, "Shift canary"), (3, "fail"), (4, "Roll back"), (5, "reached"), (6, "held")] {
        assert!(text[at].contains(words), "{words} in\n{}", text[at]);
    }
}
