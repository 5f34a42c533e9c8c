//! The clipboard: through the terminal itself (OSC 52), which works over SSH too; inside tmux through tmux, which drops
//! an application's own sequence unless it is told otherwise.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crossterm::QueueableCommand as _;
use crossterm::clipboard::CopyToClipboard;

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
    if std::env::var_os("TMUX").is_some() && through_tmux(text) {
        return Way::Tmux;
    }
    let mut bytes = Vec::new();
    match bytes.queue(CopyToClipboard::to_clipboard_from(text)) {
        Ok(_) => Way::Terminal(bytes),
        Err(error) => Way::Failed(error.to_string()),
    }
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
