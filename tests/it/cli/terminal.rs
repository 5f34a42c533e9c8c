//! A deed confirmed by a person at a terminal: the plan is on the screen, and only what is typed after the question
//! answers it.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::bench::until;
use super::stub::{Answer, Stub};

/// Types `before` at once and `after` when the question is on the screen; the exit code and the screen.
fn asked(stub: &Stub, words: &[&str], before: &str, after: &str) -> (u32, String) {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_leverframe"));
    command.args(words);
    command.env_clear();
    command.env("LEVERFRAME_CONFIG", stub.config());
    command.env("LANG", "C.UTF-8");
    command.cwd("/");
    let mut writer = pair.master.take_writer().unwrap();
    writer.write_all(before.as_bytes()).unwrap();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let (screen, mut reader) = (Arc::new(Mutex::new(String::new())), pair.master.try_clone_reader().unwrap());
    let shown = Arc::clone(&screen);
    let reading = std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = reader.read(&mut bytes) {
            shown.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    });
    until("the question", || screen.lock().unwrap().contains("pull the lever?"));
    writer.write_all(after.as_bytes()).unwrap();
    let code = child.wait().unwrap().exit_code();
    reading.join().unwrap();
    let screen = screen.lock().unwrap().clone();
    (code, screen)
}

const HOLD: [&str; 4] = ["hold", "search", "dev", "on"];

#[test]
fn a_y_pulls_the_lever_and_anything_else_leaves_it() {
    let stub = Stub::new(Answer::Refuse(422, "not_possible"));
    let (code, screen) = asked(&stub, &HOLD, "", "y\n");
    assert!(screen.contains("Hold · search · dev") && screen.contains("undo:"), "{screen}");
    // The stub refuses what it is told: it was told.
    assert_eq!((code, stub.changes().len()), (3, 1), "{screen}");
    for answer in ["n\n", "\n", "\u{4}"] {
        let (code, screen) = asked(&stub, &HOLD, "", answer);
        assert_eq!((code, stub.changes().len()), (3, 1), "{screen}");
        assert!(screen.contains("not confirmed"), "{screen}");
    }
}

#[test]
fn what_was_typed_before_the_question_does_not_answer_it() {
    let stub = Stub::new(Answer::Refuse(422, "not_possible"));
    let (code, screen) = asked(&stub, &HOLD, "y\n", "n\n");
    assert_eq!((code, stub.changes().len()), (3, 0), "{screen}");
}

/// What a command with one variable of the environment leaves on a terminal, and its exit code.
fn shown(stub: &Stub, words: &[&str], (name, value): (&str, &str)) -> (u32, String) {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_leverframe"));
    command.args(words);
    command.env_clear();
    command.env("LEVERFRAME_CONFIG", stub.config());
    command.env(name, value);
    command.cwd("/");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut screen = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(read @ 1..) = reader.read(&mut piece) {
        screen.extend_from_slice(&piece[..read]);
    }
    (child.wait().unwrap().exit_code(), String::from_utf8_lossy(&screen).into_owned())
}

#[test]
fn a_plan_is_written_in_the_signs_that_the_locale_has() {
    let stub = Stub::new(Answer::Mute(500));
    let plan = ["hold", "search", "dev", "on", "--dry-run"];
    for (locale, arrow) in [("C.UTF-8", " → "), ("C", " > "), ("de_DE.ISO-8859-1", " > ")] {
        let (code, screen) = shown(&stub, &plan, ("LC_ALL", locale));
        assert!(code == 0 && screen.contains(arrow), "{locale}: {code} {screen}");
        assert!(locale == "C.UTF-8" || screen.is_ascii(), "{locale}: {screen}");
    }
}

#[test]
fn the_signs_of_the_configuration_come_before_those_of_the_locale() {
    let stub = Stub::new(Answer::Mute(500));
    let plan = ["hold", "search", "dev", "on", "--dry-run"];
    let config = std::fs::read_to_string(stub.config()).unwrap();
    for (glyphs, locale, arrow) in [("ascii", "C.UTF-8", " > "), ("unicode", "C", " → ")] {
        std::fs::write(stub.config(), format!("glyphs = \"{glyphs}\"\n{config}")).unwrap();
        let (code, screen) = shown(&stub, &plan, ("LC_ALL", locale));
        assert!(code == 0 && screen.contains(arrow), "{glyphs}: {code} {screen}");
    }
}

#[test]
fn a_terminal_that_cannot_be_drawn_on_gets_a_line_and_no_sequence() {
    let stub = Stub::new(Answer::Mute(500));
    for words in [&[][..], &["demo"]] {
        let (code, screen) = shown(&stub, words, ("TERM", "dumb"));
        assert!(
            code == 2 && screen.starts_with("error: the console needs a terminal that can be drawn on"),
            "{screen}"
        );
        assert!(screen.contains("hint: ") && !screen.contains('\u{1b}'), "{screen}");
    }
}
