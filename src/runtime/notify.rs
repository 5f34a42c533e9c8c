//! Telling the operator that something waits, also when they look elsewhere: by the terminal's bell or notices, or by a
//! program of theirs.

use std::process::{Command, Stdio};

use crate::config::Notify;
use crate::domain::text::Text;

/// What stands between this program and the terminal that shows notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Nothing that is known of.
    Nothing,
    /// tmux, which passes on what is wrapped for it, if its `allow-passthrough` is on.
    Tmux,
    /// GNU screen, which would show a notice as text.
    Screen,
}

impl Between {
    /// What the surroundings tell; `variable` looks one up.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        // Where both are, the one inside says which terminal it is; tmux alone calls itself so.
        let tmux = || variable("TERM").is_some_and(|name| name.starts_with("tmux"));
        match (variable("TMUX"), variable("STY")) {
            (_, Some(_)) if !tmux() => Self::Screen,
            (Some(_), _) => Self::Tmux,
            (None, _) => Self::Nothing,
        }
    }

    /// Whether the mouse can be asked for. With it, GNU screen holds `Esc` back until the next key, and makes one of both.
    pub const fn has_mouse(self) -> bool {
        !matches!(self, Self::Screen)
    }

    fn pass(self, sequence: String) -> String {
        match self {
            Self::Nothing => sequence,
            Self::Tmux => format!("\u{1b}Ptmux;{}\u{1b}\\", sequence.replace('\u{1b}', "\u{1b}\u{1b}")),
            Self::Screen => String::new(),
        }
    }
}

/// The bytes that tell the terminal of `words`; none where only programs are told.
pub fn bytes(ways: &[Notify], between: Between, words: &Text) -> Vec<u8> {
    let sequence = |way: &Notify| match way {
        Notify::Bell => "\u{7}".to_owned(),
        Notify::Osc9 => between.pass(format!("\u{1b}]9;leverframe: {words}\u{7}")),
        Notify::Osc777 => between.pass(format!("\u{1b}]777;notify;leverframe;{words}\u{7}")),
        Notify::Osc99 => between.pass(format!("\u{1b}]99;;leverframe: {words}\u{1b}\\")),
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
        let told = String::from_utf8(bytes(&[Notify::Bell, Notify::Osc9], Between::Nothing, &words)).unwrap();
        assert_eq!(told, "\u{7}\u{1b}]9;leverframe: payments␇␛]0;x\u{7}");
    }

    #[test]
    fn a_notice_gets_through_tmux_and_screen_gets_the_bell_alone() {
        let told = |name: &str| {
            let between = Between::detect(|asked| (asked == name).then(|| "x".to_owned()));
            String::from_utf8(bytes(&[Notify::Bell, Notify::Osc99], between, &Text::new("w"))).unwrap()
        };
        assert_eq!(told("TERM"), "\u{7}\u{1b}]99;;leverframe: w\u{1b}\\");
        assert_eq!(told("TMUX"), "\u{7}\u{1b}Ptmux;\u{1b}\u{1b}]99;;leverframe: w\u{1b}\u{1b}\\\u{1b}\\");
        assert_eq!(told("STY"), "\u{7}");
    }

    #[test]
    fn of_two_the_one_inside_counts() {
        let of =
            |term: &str| Between::detect(|asked| Some(if asked == "TERM" { term.to_owned() } else { "x".to_owned() }));
        assert_eq!((of("tmux-256color"), of("screen.xterm-256color")), (Between::Tmux, Between::Screen));
        assert!(of("tmux-256color").has_mouse() && !of("screen").has_mouse());
    }
}
