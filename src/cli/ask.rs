//! Questions to the person at the terminal, a line each. What was typed before a question does not answer it.

use std::io::{BufRead as _, IsTerminal as _};

use rustix::termios::{QueueSelector, tcflush};

use super::report;

/// Whether somebody is there to be asked.
pub fn somebody_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// One line of the terminal, typed after the question was put; `None` at the end of the input.
pub fn line(question: &str) -> Option<String> {
    // Where the queue cannot be emptied, the question still stands.
    let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
    report::err(question);
    let mut said = String::new();
    std::io::stdin().lock().read_line(&mut said).ok().filter(|bytes| *bytes > 0)?;
    Some(said.trim().to_owned())
}
