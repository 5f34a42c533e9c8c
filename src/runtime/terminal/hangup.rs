//! The last way out: a terminal that goes while it is being read leaves crossterm's read in a loop that never ends, and
//! the console in it. Whoever has not left a while after the hangup is made to.

use std::io;
use std::sync::Once;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};

/// How long the console has to leave by itself. What it had under way is settled from the journal at the next start.
const GRACE: Duration = Duration::from_millis(500);

static WATCHED: Once = Once::new();

/// Watches this program's terminal from now on; when it is gone, the program ends with `code` at the latest soon after.
pub fn watch(code: u8) -> io::Result<()> {
    let mut started = Ok(());
    WATCHED.call_once(|| {
        let watcher = std::thread::Builder::new().name("terminal-hangup".into());
        started = watcher.spawn(move || after_hangup(|| std::process::exit(code.into()))).map(drop);
    });
    started
}

/// Waits for the hangup alone: what is typed wakes nobody here.
fn after_hangup(end: impl FnOnce()) {
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
    loop {
        match poll(&mut fds, None) {
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
            Ok(_) => break,
        }
    }
    std::thread::sleep(GRACE);
    end();
}
