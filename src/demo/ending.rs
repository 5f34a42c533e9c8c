//! How the processes of a demonstration end with one another, and talk: lines on the standard output of the one, an
//! input that ends when the other does.

use std::io::{self, Read as _, Write as _};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels at INT, TERM and HUP.
pub fn on_signals(cancel: &CancellationToken) -> io::Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
        let (mut signals, cancel) = (signal(kind)?, cancel.clone());
        tokio::spawn(async move {
            signals.recv().await;
            cancel.cancel();
        });
    }
    Ok(())
}

/// Cancels at the end of the standard input. The thread that reads it ends with the process: nothing waits for it.
pub fn at_end_of_input(cancel: &CancellationToken) {
    let cancel = cancel.clone();
    std::thread::spawn(move || {
        let mut ignored = [0; 64];
        while io::stdin().read(&mut ignored).is_ok_and(|read| read > 0) {}
        cancel.cancel();
    });
}

/// Writes a line to whoever reads the standard output; where nobody does, that is no fault.
pub fn say(line: &str) {
    let mut out = io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
