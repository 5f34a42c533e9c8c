//! Signals: those that end the program, those that stop it and let it go on, and the one that tells of a new size.

use std::io;

use rustix::process::{Signal, getpid, kill_process};
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};

use super::Message;
use super::queue::Tell;
use crate::app::Event;
use crate::runtime::terminal::screen;
use crate::ui::Input;

/// Begins to tell of signals.
pub(super) fn listen(tasks: &Handle, tell: &Tell) -> io::Result<()> {
    let ends = [
        (SignalKind::interrupt(), 130),
        (SignalKind::terminate(), 143),
        (SignalKind::hangup(), 129),
        (SignalKind::quit(), 131),
    ];
    let _inside = tasks.enter();
    for (kind, code) in ends {
        on(kind, tell, move || Message::Event(Box::new(Event::Ended(code))))?;
    }
    on(SignalKind::window_change(), tell, || {
        let (columns, rows) = screen::size();
        Message::Event(Box::new(Event::Entered(Input::Resized(columns, rows))))
    })?;
    on(SignalKind::from_raw(Signal::TSTP.as_raw()), tell, || Message::Stop)?;
    on(SignalKind::from_raw(Signal::CONT.as_raw()), tell, || Message::Continued)
}

fn on(kind: SignalKind, tell: &Tell, message: impl Fn() -> Message + Send + 'static) -> io::Result<()> {
    let mut signals = signal(kind)?;
    let tell = tell.clone();
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            if !tell.tell(message()) {
                return;
            }
        }
    });
    Ok(())
}

/// Stops this process, as the terminal's own key would; it returns when it is told to go on.
pub(super) fn stop_this_process() -> io::Result<()> {
    Ok(kill_process(getpid(), Signal::STOP)?)
}
