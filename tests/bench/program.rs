//! A program on a terminal of its own: what it shows, and what it takes.

use std::io::{Read as _, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use leverframe::clock::{Clock as _, System};
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

/// The command that starts `program` as if somebody had.
pub fn command(program: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command
}

/// What came out of a program: its screen, how many bytes, when the last came and in how many pieces; and word of more.
type Seen = Arc<(Mutex<(vt100::Parser, usize, Instant, usize)>, Condvar)>;

/// How many bytes a slow link brings each time, and how long it takes: 8 KB a second.
const SLOW: (usize, Duration) = (256, Duration::from_millis(31));

/// A program at work; it ends with the value.
pub struct Program {
    pub child: Box<dyn Child + Send + Sync>,
    keyboard: Mutex<Box<dyn Write + Send>>,
    pub seen: Seen,
}

impl Program {
    /// Starts it.
    pub fn start(command: &CommandBuilder) -> Self {
        Self::behind(command, &Arc::default())
    }

    /// Starts it on a terminal that is behind a slow link as long as `slow` says so.
    pub fn behind(command: &CommandBuilder, slow: &Arc<AtomicBool>) -> Self {
        let (rows, cols) = (36, 120);
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let child = pair.slave.spawn_command(command.clone()).unwrap();
        drop(pair.slave);
        let seen: Seen =
            Arc::new((Mutex::new((vt100::Parser::new(rows, cols, 0), 0, System.instant(), 0)), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (into, slowly) = (Arc::clone(&seen), Arc::clone(slow));
        let keyboard = Mutex::new(pair.master.take_writer().unwrap());
        std::thread::spawn(move || {
            // The terminal lives as long as it is read.
            let _master = pair.master;
            let mut piece = [0; 16384];
            loop {
                let slow = slowly.load(Ordering::SeqCst);
                let most = if slow { SLOW.0 } else { piece.len() };
                let Ok(read @ 1..) = reader.read(&mut piece[..most]) else { return };
                if slow {
                    std::thread::sleep(SLOW.1);
                }
                let mut seen = into.0.lock().unwrap();
                seen.0.process(&piece[..read]);
                seen.1 += read;
                (seen.2, seen.3) = (System.instant(), seen.3 + 1);
                into.1.notify_all();
            }
        });
        Self { child, keyboard, seen }
    }

    /// Waits until its screen shows `words`.
    pub fn shows(&self, words: &str) {
        self.until(words, |screen| screen.contains(words));
    }

    /// Waits until its screen is as wanted; `what` says how.
    pub fn until(&self, what: &str, wanted: impl Fn(&str) -> bool) {
        let seen = self.seen.0.lock().unwrap();
        let limit = Duration::from_mins(1);
        let came = self.seen.1.wait_timeout_while(seen, limit, |seen| !wanted(&seen.0.screen().contents()));
        let (seen, late) = came.unwrap();
        assert!(!late.timed_out(), "`{what}` never came:\n{}", seen.0.screen().contents());
    }

    /// Types.
    pub fn types(&self, keys: &str) {
        let mut keyboard = self.keyboard.lock().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// What it holds in memory now; KiB.
    pub fn memory(&self) -> u64 {
        figure(Path::new(&format!("/proc/{}/status", self.pid())), "VmRSS:")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A figure out of a file of the system that names it.
pub fn figure(path: &Path, name: &str) -> u64 {
    let status = std::fs::read_to_string(path).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
