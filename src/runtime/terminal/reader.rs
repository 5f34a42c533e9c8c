//! The reader: waits for the terminal's input in a thread of its own and tells when the terminal is gone, which
//! crossterm's own loop does not.

use std::io;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{self, Event, KeyEventKind};
use rustix::event::{PollFd, PollFlags, poll};

use super::guard::Guard;
use crate::clock::Clock;
use crate::ui::Input;

/// What the reader tells.
#[derive(Debug)]
pub enum Heard {
    /// The operator did something.
    Input(Input),
    /// The terminal is gone.
    Gone,
}

/// Starts reading; `tell` is called for everything heard and says whether anybody still listens.
pub fn start(clock: Arc<dyn Clock>, tell: impl Fn(Heard) -> bool + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name("terminal-reader".into()).spawn(move || {
        let mut guard = Guard::default();
        while let Ok(true) = wait() {
            match drain(&mut guard, clock.as_ref(), &tell) {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) => break,
            }
        }
        tell(Heard::Gone);
    })?;
    Ok(())
}

/// Waits for input; `false` when the terminal has hung up.
fn wait() -> io::Result<bool> {
    let stdin = io::stdin();
    let mut fds = [PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::IN)];
    loop {
        match poll(&mut fds, None) {
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(!fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL))
}

/// Tells everything that is there to be read.
fn drain(guard: &mut Guard, clock: &dyn Clock, tell: &impl Fn(Heard) -> bool) -> io::Result<bool> {
    while event::poll(Duration::ZERO)? {
        let Some(input) = input(event::read()?, guard, clock) else { continue };
        if !tell(Heard::Input(input)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn input(event: Event, guard: &mut Guard, clock: &dyn Clock) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        Event::Key(key) => guard.passes(&key, clock.instant()).then_some(Input::Key(key)),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Mouse(mouse) => Some(Input::Mouse(mouse)),
        Event::Resize(columns, rows) => Some(Input::Resized(columns, rows)),
        Event::FocusGained => Some(Input::Focused(true)),
        Event::FocusLost => Some(Input::Focused(false)),
    }
}
