//! The clipboard: through the terminal itself (OSC 52), which works over SSH too; inside tmux through tmux, which drops
//! an application's own sequence unless it is told otherwise; inside GNU screen wrapped for it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crossterm::QueueableCommand as _;
use crossterm::clipboard::CopyToClipboard;

use super::notify::Between;

/// How text gets to the clipboard.
#[derive(Debug, PartialEq, Eq)]
pub enum Way {
    /// These bytes go to the terminal.
    Terminal(Vec<u8>),
    /// It was handed to tmux.
    Tmux,
    /// It did not get there.
    Failed(String),
}

/// Copies `text`; where the terminal does it, the bytes are its writer's to write.
pub fn copy(text: &str) -> Way {
    let between = Between::detect(|name| std::env::var(name).ok());
    if between == Between::Tmux && through_tmux(text) {
        return Way::Tmux;
    }
    let mut bytes = Vec::new();
    match bytes.queue(CopyToClipboard::to_clipboard_from(text)) {
        Ok(_) if between == Between::Screen => Way::Terminal(through_screen(&bytes)),
        Ok(_) => Way::Terminal(bytes),
        Err(error) => Way::Failed(error.to_string()),
    }
}

/// The longest piece that GNU screen hands on as it is.
const PIECE: usize = 512;

/// The same for GNU screen, which hands pieces in a wrapping of its own on to the terminal around it, and keeps the rest.
fn through_screen(sequence: &[u8]) -> Vec<u8> {
    // What ends the sequence would end the wrapping, too; the bell ends only the sequence.
    let body = sequence.strip_suffix(b"\x1b\\").unwrap_or(sequence);
    let whole: Vec<u8> = body.iter().copied().chain([7]).collect();
    whole.chunks(PIECE).flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat()).collect()
}

fn through_tmux(text: &str) -> bool {
    let started = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else { return false };
    let written = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(text.as_bytes()).is_ok());
    child.wait().is_ok_and(|status| status.success()) && written
}

impl Way {
    /// What is said of it.
    pub fn says(&self) -> String {
        match self {
            Self::Terminal(_) => "copied, if the terminal allows it".into(),
            Self::Tmux => "copied".into(),
            Self::Failed(why) => format!("not copied: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gnu_screen_gets_it_in_pieces_that_end_where_it_ends() {
        let sequence = [&b"\x1b]52;c;"[..], &[b'A'; 1200], b"\x1b\\"].concat();
        let wrapped = String::from_utf8(through_screen(&sequence)).unwrap();
        let pieces: Vec<_> =
            wrapped.split("\x1bP").skip(1).map(|piece| piece.strip_suffix("\x1b\\").unwrap()).collect();
        assert_eq!(pieces.len(), 3);
        assert!(pieces.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(pieces.concat(), format!("\x1b]52;c;{}\x07", "A".repeat(1200)));
    }
}
