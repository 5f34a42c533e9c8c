//! The loop's queue: what tasks and signals tell, and the one place where the loop waits, for them and for the terminal.
//! The tasks go on while it waits, on its own thread: what a source answers wakes nobody else on its way to the screen.

use std::future::pending;
use std::io::{self, Stdin};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::yield_now;
use tokio::time::sleep;

use super::Message;
use crate::app::Event;

/// Tells the loop something, from any thread.
#[derive(Clone)]
pub(super) struct Tell {
    messages: UnboundedSender<Message>,
}

/// What was told and is not taken yet, and the tasks that tell.
pub(super) struct Queue {
    told: Told,
    /// `None` only while it is dropped.
    tasks: Option<Runtime>,
}

/// What the loop waits for.
struct Told {
    terminal: AsyncFd<Stdin>,
    messages: UnboundedReceiver<Message>,
    /// What ended the wait, if it was a message.
    first: Option<Message>,
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
    let tasks = Builder::new_current_thread().enable_all().build()?;
    let (sender, messages) = mpsc::unbounded_channel();
    let inside = tasks.enter();
    let terminal = watched(io::stdin())?;
    drop(inside);
    let told = Told { terminal, messages, first: None };
    Ok((Tell { messages: sender }, Queue { told, tasks: Some(tasks) }))
}

#[expect(deprecated, reason = "its successor is unsafe, for descriptors that may be closed; the standard input is not")]
fn watched(stdin: Stdin) -> io::Result<AsyncFd<Stdin>> {
    AsyncFd::with_interest(stdin, Interest::READABLE)
}

impl Tell {
    /// Tells it; `false` when nobody listens any more.
    pub(super) fn tell(&self, message: Message) -> bool {
        self.messages.send(message).is_ok()
    }

    /// Tells that something happened; a loop that has ended needs to know nothing any more.
    pub(super) fn event(&self, event: Event) {
        self.tell(Message::Event(Box::new(event)));
    }
}

impl Queue {
    /// Where tasks are begun. They go on while the loop waits.
    pub(super) fn tasks(&self) -> io::Result<&Handle> {
        self.tasks.as_ref().map(Runtime::handle).ok_or_else(ended)
    }

    /// The next message, if there is one.
    pub(super) fn next(&mut self) -> Option<Message> {
        self.told.first.take().or_else(|| self.told.messages.try_recv().ok())
    }

    /// Waits until something was told, the terminal has input or is gone, or `most` has passed.
    pub(super) fn wait(&mut self, most: Option<Duration>) -> io::Result<Ready> {
        let tasks = self.tasks.as_ref().ok_or_else(ended)?;
        tasks.block_on(self.told.wait(most))
    }
}

impl Drop for Queue {
    /// What is still under way is reading: nobody waits for it any more.
    fn drop(&mut self) {
        if let Some(tasks) = self.tasks.take() {
            tasks.shutdown_background();
        }
    }
}

impl Told {
    async fn wait(&mut self, most: Option<Duration>) -> io::Result<Ready> {
        // Whatever is there already: tasks get their turn, and input that never ends does not keep it from them.
        yield_now().await;
        match terminal()? {
            Ready::Else if self.first.is_none() => {}
            ready => return Ok(ready),
        }
        let passed = async {
            match most {
                Some(most) => sleep(most).await,
                None => pending().await,
            }
        };
        tokio::select! {
            // Told once for what came; what is there is looked at each time.
            ready = self.terminal.readable() => ready?.clear_ready(),
            message = self.messages.recv() => self.first = message,
            () = passed => {}
        }
        terminal()
    }
}

/// What there is at the terminal now.
fn terminal() -> io::Result<Ready> {
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    match poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    let seen = fds[0].revents();
    Ok(if seen.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
        Ready::Gone
    } else if seen.contains(PollFlags::IN) {
        Ready::Terminal
    } else {
        Ready::Else
    })
}

fn ended() -> io::Error {
    io::Error::other("the console has ended")
}
