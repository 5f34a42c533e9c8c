//! The writer: the only one who writes to the terminal. What the terminal takes at once is written at once; the rest of a
//! frame is written by a thread, so that a stopped or slow terminal stops nothing else. It holds at most one frame: the
//! newest state is what the terminal shows next.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread;

use rustix::fs::{Mode, OFlags};

/// Writes frames.
#[derive(Debug)]
pub struct Writer {
    /// The terminal, in a way that never waits; shares no flags with whoever else has it open.
    direct: Option<File>,
    frames: SyncSender<Vec<u8>>,
    written: Receiver<io::Result<()>>,
    busy: bool,
}

impl Writer {
    /// A writer to `out`, and to the same by `direct` as long as that takes what it is given; `wake` is called after
    /// every frame that had to wait.
    pub fn start(
        direct: Option<File>,
        mut out: impl Write + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> io::Result<Self> {
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
        Ok(Self { direct, frames, written, busy: false })
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

    /// Hands a frame over; only when [`Writer::ready`]. `true` if the terminal has all of it already.
    ///
    /// # Errors
    /// The terminal cannot be written to any more.
    pub fn write(&mut self, mut frame: Vec<u8>) -> io::Result<bool> {
        let taken = self.direct.as_mut().map_or(Ok(0), |direct| write_now(direct, &frame))?;
        frame.drain(..taken);
        if frame.is_empty() {
            return Ok(true);
        }
        self.busy = true;
        match self.frames.try_send(frame) {
            Ok(()) | Err(TrySendError::Full(_)) => Ok(false),
            Err(TrySendError::Disconnected(_)) => Err(ErrorKind::BrokenPipe.into()),
        }
    }

    /// Waits until what was handed over is written, at most for `most`.
    pub fn finish(&mut self, most: std::time::Duration) {
        if self.busy && self.written.recv_timeout(most).is_ok() {
            self.busy = false;
        }
    }
}

/// Writes what `out` takes without waiting, and gives how much that was.
fn write_now(out: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    let mut taken = 0;
    while taken < bytes.len() {
        match out.write(&bytes[taken..]) {
            Ok(0) => break,
            Ok(count) => taken += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    Ok(taken)
}

/// The terminal on standard output, opened once more so that writing to it never waits. The flag for that belongs to an
/// opening, and the shell shares ours. `None` where the terminal's name cannot be opened, as after `su`.
pub fn open_direct() -> Option<File> {
    let name = rustix::termios::ttyname(io::stdout(), Vec::new()).ok()?;
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Some(rustix::fs::open(name, flags, Mode::empty()).ok()?.into())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::os::fd::AsRawFd as _;

    use super::*;

    /// Both ways into one pipe, and its other end.
    fn both_ways() -> (File, io::PipeWriter, io::PipeReader) {
        let (reader, writer) = io::pipe().unwrap();
        let name = format!("/proc/self/fd/{}", writer.as_raw_fd());
        let direct = rustix::fs::open(name, OFlags::WRONLY | OFlags::NONBLOCK, Mode::empty()).unwrap();
        (direct.into(), writer, reader)
    }

    #[test]
    fn what_the_terminal_takes_at_once_waits_for_nobody() {
        let (direct, out, mut terminal) = both_ways();
        let mut writer = Writer::start(Some(direct), out, || {}).unwrap();
        assert!(writer.write(b"a frame".to_vec()).unwrap());
        assert!(writer.ready().unwrap());
        let mut shown = [0; 7];
        terminal.read_exact(&mut shown).unwrap();
        assert_eq!(&shown, b"a frame");
    }

    #[test]
    fn what_a_full_terminal_does_not_take_follows_when_it_does() {
        let (direct, out, mut terminal) = both_ways();
        let (wake, woken) = mpsc::channel();
        let mut writer = Writer::start(Some(direct), out, move || wake.send(()).unwrap_or_default()).unwrap();
        let frame: Vec<u8> = (0..400_000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect();
        assert!(!writer.write(frame.clone()).unwrap());
        assert!(!writer.ready().unwrap());
        let mut shown = vec![0; frame.len()];
        terminal.read_exact(&mut shown).unwrap();
        assert!(shown == frame);
        woken.recv().unwrap();
        assert!(writer.ready().unwrap());
    }

    #[test]
    fn a_terminal_that_is_gone_is_told() {
        let (direct, out, terminal) = both_ways();
        drop(terminal);
        let mut writer = Writer::start(Some(direct), out, || {}).unwrap();
        assert_eq!(writer.write(b"a frame".to_vec()).unwrap_err().kind(), ErrorKind::BrokenPipe);
    }
}
