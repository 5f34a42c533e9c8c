//! Captures of screens for pictures. `LEVERFRAME_CAPTURE` holds lines of `WORLD|SIZE|THEME|DEPTH|GLYPHS|KEYS|FILE`:
//! `shop|120x36|leverframe|rgb|unicode|j j w text:37 enter described|/tmp/plan.ansi`.

use leverframe::ui::glyphs::Glyphs;
use leverframe::ui::theme::Depth;

use crate::support::capture::ansi;
use crate::support::screen::{Screen, settings};
use crate::support::world::Known;

fn captured(line: &str) -> (String, String) {
    let [world, size, theme, depth, glyphs, keys, file] = line.split('|').collect::<Vec<_>>()[..] else {
        panic!("seven parts: {line}");
    };
    let (width, height) = size.split_once('x').unwrap();
    let mut settings = settings((width.parse().unwrap(), height.parse().unwrap()));
    settings.theme = theme.into();
    settings.glyphs = Glyphs::from_word(glyphs);
    settings.depth = match depth {
        "none" => Depth::None,
        "16" => Depth::Ansi,
        "256" => Depth::Indexed,
        _ => Depth::Rgb,
    };
    let mut screen = Screen::with(Known::load(world), settings);
    for key in keys.split_whitespace() {
        match key.strip_prefix("text:") {
            Some(text) => screen.type_text(text),
            None if key == "described" => screen.describe(),
            None => screen.press(key),
        };
    }
    (file.to_owned(), ansi(screen.buffer()))
}

#[test]
fn a_capture_holds_the_colours() {
    let (_, text) = captured("shop|80x24|leverframe|rgb|unicode|j|-");
    assert!(text.contains("\x1b[0;1;38;2;108;178;245;48;2;20;22;27m1"), "the key of the present tab is accented");
    for line in std::env::var("LEVERFRAME_CAPTURE").unwrap_or_default().lines().filter(|line| !line.is_empty()) {
        let (file, text) = captured(line);
        std::fs::write(&file, text).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}
