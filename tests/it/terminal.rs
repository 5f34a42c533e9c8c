//! The binary in a real terminal: how it begins, and every way in which it is left.

use std::path::Path;

use crate::support::terminal::{Terminal, eventually};

/// A folder with a configuration whose only source nobody answers for.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = "state_dir = \"state\"\n\n[[sources]]\nname = \"engine\"\nkind = \"engine\"\n\
                  url = \"http://127.0.0.1:9\"\ntimeout = \"2s\"\n";
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    folder
}

fn console(folder: &Path) -> Terminal {
    let console = Terminal::start(&["--config", "config.toml"], folder, (100, 30));
    console.shows("Board");
    console
}

fn left_by(leave: impl FnOnce(&mut Terminal)) -> u32 {
    let folder = folder();
    let mut console = console(folder.path());
    leave(&mut console);
    let code = console.code();
    assert_eq!(console.left_behind(), Vec::<&str>::new());
    code
}

#[test]
fn it_is_left_by_its_key_and_by_control_c() {
    assert_eq!(left_by(|console| console.types("q")), 0);
    assert_eq!(left_by(|console| console.types("\u{3}")), 0);
}

#[test]
fn it_is_left_by_signals_with_their_codes() {
    assert_eq!(left_by(|console| console.signal("INT")), 130);
    assert_eq!(left_by(|console| console.signal("TERM")), 143);
    assert_eq!(left_by(|console| console.signal("HUP")), 129);
    assert_eq!(left_by(|console| console.signal("QUIT")), 131);
}

#[test]
fn it_ends_when_its_terminal_is_gone() {
    let folder = folder();
    let mut console = console(folder.path());
    console.close();
    assert_eq!(console.code(), 129);
}

#[test]
fn it_ends_when_its_terminal_is_gone_and_nobody_hears_the_hangup() {
    let folder = folder();
    let command = format!("trap '' HUP; exec {} --config config.toml", env!("CARGO_BIN_EXE_leverframe"));
    let mut console = Terminal::of("sh", &["-c", &command], folder.path(), (100, 30));
    console.shows("Board");
    console.close();
    assert_eq!(console.code(), 129);
}

#[test]
fn it_is_stopped_and_goes_on() {
    let folder = folder();
    let mut console = console(folder.path());
    console.types("\u{1a}");
    let stopped = format!("/proc/{}/stat", console.pid());
    let state = || std::fs::read_to_string(&stopped).unwrap();
    assert!(eventually(|| state().contains(") T ")), "{}", state());
    assert_eq!(console.left_behind(), Vec::<&str>::new());
    console.signal("CONT");
    console.shows("Board");
    console.types("q");
    assert_eq!(console.code(), 0);
    assert_eq!(console.left_behind(), Vec::<&str>::new());
}

/// Gives a terminal that takes nothing so many sizes that more is drawn than it has room for.
fn flooded(console: &Terminal) {
    console.pause(true);
    for round in 0..60 {
        console.resize((100 + round % 2 * 40, 30));
        // Not to wait for the console, but to give it time to draw each size.
        console.signal("WINCH");
    }
}

#[test]
fn a_terminal_that_takes_nothing_holds_up_no_signal() {
    let folder = folder();
    let mut console = console(folder.path());
    flooded(&console);
    console.signal("TERM");
    assert_eq!(console.code(), 143);
}

#[test]
fn a_terminal_that_was_stopped_shows_the_newest_state_when_it_goes_on() {
    let folder = folder();
    let mut console = console(folder.path());
    flooded(&console);
    console.types("5");
    console.resize((100, 30));
    console.pause(false);
    console.shows("no flag is known");
    console.types("q");
    assert_eq!(console.code(), 0);
    assert_eq!(console.left_behind(), Vec::<&str>::new());
}

#[test]
fn a_dead_source_is_said_and_a_key_is_obeyed_all_the_same() {
    let folder = folder();
    let mut console = console(folder.path());
    console.shows("engine does not answer");
    console.types("?");
    console.shows("type to narrow");
    console.types("\u{1b}");
    console.hides("type to narrow");
}

#[test]
fn the_mouse_tells_of_presses_and_drags_and_not_of_every_movement() {
    let folder = folder();
    let told = console(folder.path()).mouse();
    assert_eq!(told, (vt100::MouseProtocolMode::ButtonMotion, vt100::MouseProtocolEncoding::Sgr));
    // GNU screen would hold Esc back.
    let words = ["STY=1.x", "TERM=screen-256color", env!("CARGO_BIN_EXE_leverframe"), "--config", "config.toml"];
    let inside = Terminal::of("env", &words, folder.path(), (100, 30));
    inside.shows("Board");
    assert_eq!(inside.mouse().0, vt100::MouseProtocolMode::None);
    let folder = saying("mouse = false");
    assert_eq!(console(folder.path()).mouse().0, vt100::MouseProtocolMode::None);
}

#[test]
fn it_follows_the_terminals_size() {
    let folder = folder();
    let console = console(folder.path());
    console.resize((50, 12));
    console.shows("too small: 50x12");
    console.resize((100, 30));
    console.shows("Board");
}

/// The screen below its header, which tells ages, with every digit alike.
fn body(console: &Terminal) -> String {
    let digit = |c: char| if c.is_ascii_digit() { '0' } else { c };
    console.text().lines().skip(1).collect::<Vec<_>>().join("\n").chars().map(digit).collect()
}

#[test]
fn it_lives_through_a_storm_of_sizes_and_draws_the_last_one_right() {
    let folder = folder();
    let mut console = console(folder.path());
    let mut random = 7_u32;
    let mut next = |most: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u16::try_from((random >> 8) % most + 1).unwrap()
    };
    for at in 0..100 {
        console.resize((next(300), next(100)));
        if at % 10 == 0 {
            console.types("j");
        }
    }
    for size in [(1, 1), (300, 100), (100, 30)] {
        console.resize(size);
    }
    console.shows("Services");
    console.types("?");
    console.shows("type to narrow");
    console.types("\u{1b}");
    console.hides("type to narrow");
    let last = body(&console);
    assert!(last.contains("? help") && last.lines().all(|line| line.chars().count() <= 100), "{last}");
    // Drawn from nothing in a terminal that never had another size, it is the same.
    let fresh = self::console(folder.path());
    assert!(eventually(|| body(&fresh) == body(&console)), "{}\n{}", body(&fresh), body(&console));
    console.types("q");
    assert_eq!(console.code(), 0);
    assert_eq!(console.left_behind(), Vec::<&str>::new());
}

#[test]
fn a_terminal_of_five_rows_says_that_it_is_too_small_and_pulls_nothing() {
    let folder = folder();
    let mut console = Terminal::start(&["--config", "config.toml"], folder.path(), (20, 5));
    console.shows("60x16 at least");
    for keys in ["R", "a", "p", "y", ":", "?", "j"] {
        console.types(keys);
    }
    console.resize((100, 30));
    console.shows("Services");
    assert!(
        !console.text().contains("pull the lever") && !console.text().contains("type to narrow"),
        "{}",
        console.text()
    );
    console.resize((20, 5));
    console.shows("60x16 at least");
    console.types("q");
    assert_eq!(console.code(), 0);
}

#[test]
fn without_a_terminal_it_says_so_in_one_line_and_ends() {
    let folder = folder();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_leverframe"))
        .args(["--config", "config.toml"])
        .current_dir(folder.path())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: the console needs a terminal\nhint: "), "{said}");
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told() {
    let own = "terminal::a_panic_gives_the_terminal_back_before_it_is_told";
    if std::env::var_os("LEVERFRAME_PANICS").is_some() {
        leverframe::runtime::terminal::restore_on_panic();
        leverframe::runtime::terminal::enter(true).unwrap();
        panic!("on purpose");
    }
    let folder = folder();
    let tests = std::env::current_exe().unwrap();
    let words = ["LEVERFRAME_PANICS=1", tests.to_str().unwrap(), "--exact", own, "--nocapture"];
    let mut terminal = Terminal::of("env", &words, folder.path(), (100, 30));
    assert_eq!(terminal.code(), 101);
    assert_eq!(terminal.left_behind(), Vec::<&str>::new());
    terminal.shows("on purpose");
}

fn write_theme(folder: &Path, color: &str) {
    let text = format!("inherits = \"leverframe\"\n[roles]\naccent = \"{color}\"\n");
    std::fs::create_dir_all(folder.join("themes")).unwrap();
    std::fs::write(folder.join("themes/mine.toml"), text).unwrap();
}

/// The same folder with `line` at the head of the configuration.
fn saying(line: &str) -> tempfile::TempDir {
    let folder = folder();
    let config = folder.path().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(config, format!("{line}\n{text}")).unwrap();
    folder
}

#[test]
fn a_theme_file_is_followed_while_it_is_written() {
    let folder = saying("theme = \"mine\"");
    write_theme(folder.path(), "#ff0000");
    let mut console = console(folder.path());
    let accent = |console: &Terminal, index| {
        let drawn = || console.color("1 Board");
        assert!(eventually(|| drawn() == Some(vt100::Color::Idx(index))), "{:?}", drawn());
    };
    accent(&console, 196);
    write_theme(folder.path(), "#00ff00");
    console.types("\u{1b}[I");
    accent(&console, 46);
    write_theme(folder.path(), "grren");
    console.types("\u{1b}[I");
    console.shows("mine.toml:3: roles.accent");
    accent(&console, 46);
    write_theme(folder.path(), "#0000ff");
    accent(&console, 21);
}

#[test]
fn a_theme_that_cannot_be_used_is_told_with_its_line_before_the_screen_is_taken() {
    let folder = saying("theme = \"mine\"");
    write_theme(folder.path(), "grren");
    let mut console = Terminal::start(&["--config", "config.toml"], folder.path(), (120, 30));
    assert_eq!(console.code(), 2);
    console.shows("themes/mine.toml:3:10: roles.accent: \"grren\" is no colour");
    console.shows("hint: did you mean \"green\"?");
    assert_eq!(console.left_behind(), Vec::<&str>::new());
}

/// The first sign of the screen's frame, on a terminal of these variables.
fn corner(config: &str, variables: &[&str]) -> char {
    let folder = saying(config);
    let words = [variables, &[env!("CARGO_BIN_EXE_leverframe"), "--config", "config.toml"]].concat();
    let console = Terminal::of("env", &words, folder.path(), (100, 30));
    console.shows("Services");
    let text = console.text();
    let line = text.lines().find(|line| line.contains("Services")).unwrap().trim_start().to_owned();
    line.chars().next().unwrap()
}

#[test]
fn the_signs_are_those_that_the_terminal_has() {
    assert_eq!(corner("", &["LC_ALL=en_GB.UTF-8"]), '╭');
    assert_eq!(corner("glyphs = \"ascii\"", &["LC_ALL=en_GB.UTF-8"]), '+');
    assert_eq!(corner("", &["LC_ALL=zh_CN.UTF-8"]), '+');
    assert_eq!(corner("", &["LC_ALL=C"]), '+');
    assert_eq!(corner("", &["LC_ALL=de_DE.ISO-8859-1"]), '+');
    assert_eq!(corner("", &["LC_ALL=en_GB.UTF-8", "TERM=linux"]), '+');
    assert_eq!(corner("glyphs = \"unicode\"", &["LC_ALL=C"]), '╭');
}

#[test]
fn no_color_is_obeyed() {
    let folder = folder();
    let words = ["NO_COLOR=1", env!("CARGO_BIN_EXE_leverframe"), "--config", "config.toml"];
    let console = Terminal::of("env", &words, folder.path(), (100, 30));
    console.shows("Services");
    assert_eq!(console.color("Services"), Some(vt100::Color::Default));
    assert_eq!(console.color("1 Board"), Some(vt100::Color::Default));
}
