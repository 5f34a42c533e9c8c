//! The reader: what the operator typed, and whether the terminal is gone, which crossterm's own loop does not tell. It
//! never waits; the loop does, for the terminal and for everything else at once.

use std::io;
use std::time::Duration;

use crossterm::event::{self, Event, KeyEventKind};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::guard::Guard;
use crate::clock::Clock;
use crate::ui::Input;

/// Reads the terminal's input.
#[derive(Debug, Default)]
pub struct Reader {
    guard: Guard,
}

impl Reader {
    /// The next thing that is there to be read; `None` when nothing is.
    ///
    /// # Errors
    /// The terminal cannot be read any more.
    pub fn next(&mut self, clock: &dyn Clock) -> io::Result<Option<Input>> {
        while event::poll(Duration::ZERO)? {
            if let Some(input) = self.input(event::read()?, clock) {
                return Ok(Some(input));
            }
        }
        Ok(None)
    }

    /// To be called where the terminal has input and [`Reader::next`] finds none. Of a new size and a key that come at
    /// once crossterm takes the size, and does not hear of the key again before the next one; setting the terminal to
    /// what it is makes the kernel tell of the key anew.
    pub fn listen_again() {
        let stdin = io::stdin();
        if let Ok(settings) = tcgetattr(&stdin) {
            // Where it does not work, the next key brings this one.
            let _ = tcsetattr(&stdin, OptionalActions::Now, &settings);
        }
    }

    fn input(&mut self, event: Event, clock: &dyn Clock) -> Option<Input> {
        match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => None,
            Event::Key(key) => self.guard.passes(&key, clock.instant()).then_some(Input::Key(key)),
            Event::Paste(text) => Some(Input::Paste(text)),
            Event::Mouse(mouse) => Some(Input::Mouse(mouse)),
            Event::Resize(columns, rows) => Some(Input::Resized(columns, rows)),
            Event::FocusGained => Some(Input::Focused(true)),
            Event::FocusLost => Some(Input::Focused(false)),
        }
    }
}
