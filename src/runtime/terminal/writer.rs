//! The writer: the only one who writes to the terminal. It holds at most one frame, so that a stopped or slow terminal
//! stops nothing else and the newest state is what it shows next.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread;

/// Hands frames to the thread that writes them.
#[derive(Debug)]
pub struct Writer {
    frames: SyncSender<Vec<u8>>,
    written: Receiver<io::Result<()>>,
    busy: bool,
}

impl Writer {
    /// A writer to `out`; `wake` is called after every frame.
    pub fn start(mut out: impl Write + Send + 'static, wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (frames, waiting) = mpsc::sync_channel::<Vec<u8>>(1);
        let (done, written) = mpsc::channel();
        thread::Builder::new().name("terminal-writer".into()).spawn(move || {
            for frame in waiting {
                let result = out.write_all(&frame).and_then(|()| out.flush());
                let lost = result.is_err();
                if done.send(result).is_err() || lost {
                    break;
                }
                wake();
            }
            wake();
        })?;
        Ok(Self { frames, written, busy: false })
    }

    /// Whether a frame can be handed over now.
    ///
    /// # Errors
    /// The terminal cannot be written to any more.
    pub fn ready(&mut self) -> io::Result<bool> {
        while let Ok(result) = self.written.try_recv() {
            result?;
            self.busy = false;
        }
        Ok(!self.busy)
    }

    /// Hands a frame over; only when [`Writer::ready`].
    ///
    /// # Errors
    /// The terminal cannot be written to any more.
    pub fn write(&mut self, frame: Vec<u8>) -> io::Result<()> {
        self.busy = true;
        match self.frames.try_send(frame) {
            Ok(()) | Err(TrySendError::Full(_)) => Ok(()),
            Err(TrySendError::Disconnected(_)) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Waits until what was handed over is written, at most for `most`.
    pub fn finish(&mut self, most: std::time::Duration) {
        if self.busy && self.written.recv_timeout(most).is_ok() {
            self.busy = false;
        }
    }
}
