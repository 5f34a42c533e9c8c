//! Telling the operator that something waits, also when they look elsewhere: by the terminal's bell or notices, or by a
//! program of theirs.

use std::process::{Command, Stdio};

use crate::config::Notify;
use crate::domain::text::Text;

/// The bytes that tell the terminal of `words`; none where only programs are told.
pub fn bytes(ways: &[Notify], words: &Text) -> Vec<u8> {
    let sequence = |way: &Notify| match way {
        Notify::Bell => "\u{7}".to_owned(),
        Notify::Osc9 => format!("\u{1b}]9;leverframe: {words}\u{7}"),
        Notify::Osc777 => format!("\u{1b}]777;notify;leverframe;{words}\u{7}"),
        Notify::Osc99 => format!("\u{1b}]99;;leverframe: {words}\u{1b}\\"),
        Notify::Command(_) => String::new(),
    };
    ways.iter().map(sequence).collect::<String>().into_bytes()
}

/// Starts the programs that are to be told of `words`, which comes as their last argument. One that cannot be started is
/// passed over: what it would have told is on the screen.
pub fn tell_programs(ways: &[Notify], words: &Text) {
    for way in ways {
        let Notify::Command(command) = way else { continue };
        let Some((program, arguments)) = command.split_first() else { continue };
        let mut started = Command::new(program);
        started.args(arguments).arg(words.as_str());
        started.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        match started.spawn() {
            Ok(mut child) => drop(std::thread::spawn(move || child.wait())),
            Err(error) => tracing::warn!(%error, program, "a program that is to be told does not start"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_words_ends_the_notice_early() {
        let words = Text::new("payments\u{7}\u{1b}]0;x");
        let told = String::from_utf8(bytes(&[Notify::Bell, Notify::Osc9], &words)).unwrap();
        assert_eq!(told, "\u{7}\u{1b}]9;leverframe: payments␇␛]0;x\u{7}");
    }
}
