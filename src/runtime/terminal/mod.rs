//! The terminal: taken over and given back whole on every way out, written by one writer, read by one reader.

mod careful;
pub mod guard;
pub mod hangup;
pub mod links;
pub mod reader;
pub mod screen;
pub mod writer;

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
};
use crossterm::style::Print;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute, terminal};

/// Whether the terminal is ours now; leaving twice does nothing.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Asks for presses, the wheel and drags, in numbers that reach every column. The mere movement of the mouse is not asked
/// for: it would wake the console for nothing.
const MOUSE: &str = "\u{1b}[?1000h\u{1b}[?1002h\u{1b}[?1006h";

/// Takes the terminal over: raw, the alternate screen, no cursor, pastes marked. Nothing is asked of it, so nothing waits.
pub fn enter(mouse: bool) -> io::Result<()> {
    // What has colour and what has not is the theme's decision; with its own, crossterm takes the selection away.
    crossterm::style::force_color_output(true);
    terminal::enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    execute!(out, EnterAlternateScreen, cursor::Hide, EnableBracketedPaste, EnableFocusChange)?;
    if mouse {
        execute!(out, Print(MOUSE))?;
    }
    Ok(())
}

/// Gives the terminal back as it was. Errors are passed over: where the terminal is gone there is nothing to restore.
pub fn leave() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = Vec::new();
    let _ = execute!(
        bytes,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        terminal::EndSynchronizedUpdate,
        LeaveAlternateScreen,
        cursor::Show
    );
    give(&bytes);
    let _ = terminal::disable_raw_mode();
}

/// Writes the last bytes. A terminal that takes nothing must not keep the program alive: what it has not taken yet is
/// thrown away, and nobody who waits for it is waited for.
fn give(bytes: &[u8]) {
    let Some(mut direct) = writer::open_direct() else {
        let mut out = io::stdout();
        let _ = out.write_all(bytes).and_then(|()| out.flush());
        return;
    };
    if direct.write_all(bytes).is_err() {
        let _ = rustix::termios::tcflush(&direct, rustix::termios::QueueSelector::OFlush);
        let _ = direct.write_all(bytes);
    }
}

/// Gives the terminal back before a panic of this thread or another is told, so that its words can be read.
pub fn restore_on_panic() {
    let told = std::panic::take_hook();
    let owner = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        // A backend's task that panics becomes a red cell; only the thread that draws takes the program with it.
        if std::thread::current().id() == owner {
            leave();
            told(info);
        }
        tracing::error!("a part of this program failed: {info}");
    }));
}
