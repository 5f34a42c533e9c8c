//! The loop's queue: what tasks and signals tell, and the one place where the loop waits, for them and for the terminal.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::Message;
use crate::app::Event;

/// Tells the loop something, from any thread.
#[derive(Clone)]
pub(super) struct Tell {
    messages: Sender<Message>,
    bell: Arc<UnixStream>,
}

/// What was told and is not taken yet.
pub(super) struct Queue {
    messages: Receiver<Message>,
    bell: UnixStream,
}

/// What there is after waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ready {
    /// The terminal may have input.
    Terminal,
    /// Something was told, or the time has passed.
    Else,
    /// The terminal is gone.
    Gone,
}

/// A queue and who tells it.
pub(super) fn new() -> io::Result<(Tell, Queue)> {
    let (sender, receiver) = mpsc::channel();
    let (ring, bell) = UnixStream::pair()?;
    ring.set_nonblocking(true)?;
    bell.set_nonblocking(true)?;
    Ok((Tell { messages: sender, bell: Arc::new(ring) }, Queue { messages: receiver, bell }))
}

impl Tell {
    /// Tells it; `false` when nobody listens any more.
    pub(super) fn tell(&self, message: Message) -> bool {
        let heard = self.messages.send(message).is_ok();
        // A bell that cannot be rung once more is ringing.
        let _ = (&*self.bell).write(&[1]);
        heard
    }

    /// Tells that something happened; a loop that has ended needs to know nothing any more.
    pub(super) fn event(&self, event: Event) {
        self.tell(Message::Event(event));
    }
}

impl Queue {
    /// The next message, if there is one.
    pub(super) fn next(&self) -> Option<Message> {
        self.messages.try_recv().ok()
    }

    /// Waits until something was told, the terminal has input or is gone, or `most` has passed.
    pub(super) fn wait(&self, most: Option<Duration>) -> io::Result<Ready> {
        let stdin = io::stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&self.bell, PollFlags::IN)];
        let most = most.map(|most| Timespec {
            tv_sec: i64::try_from(most.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: most.subsec_nanos().into(),
        });
        match poll(&mut fds, most.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let [terminal, bell] = fds.map(|fd| fd.revents());
        if bell.contains(PollFlags::IN) {
            // However often it was rung, everything told by now is taken after this.
            while matches!((&self.bell).read(&mut [0; 64]), Ok(64)) {}
        }
        Ok(match terminal {
            terminal if terminal.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => Ready::Gone,
            terminal if terminal.contains(PollFlags::IN) => Ready::Terminal,
            _ => Ready::Else,
        })
    }
}
