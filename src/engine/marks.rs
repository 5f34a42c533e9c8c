//! When the bytes of a job's log were written: a small file beside the log, of marks that only ever grow. Each is the
//! byte at which something began to be written and the moment; a mark that a crash cut off is none.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::clock::{Clock, since};
use crate::domain::log::Mark;

/// Bytes of a mark in the file: the byte of the log and the millisecond, both little-endian.
const SIZE: usize = 16;
/// The least time from one mark to the next.
const APART: Duration = Duration::from_secs(1);
/// From so many times [`APART`] on marks lie a part of the log's age apart, so that a day has few thousand.
const PART: u32 = 1000;
/// The most bytes that are read of a file.
const MOST: usize = 16 * 65_536;

/// The file beside the log at `log`. It lies in the folder of the run, and goes with it.
pub fn beside(log: &Path) -> PathBuf {
    log.with_extension("times")
}

/// Marks that are being made.
pub struct Marks {
    /// Without it no marks are made.
    file: Option<File>,
    clock: Arc<dyn Clock>,
    began: Timestamp,
    last: Option<Timestamp>,
}

impl Marks {
    /// Marks for the new log at `log`. Where they cannot be kept, the log has none.
    pub async fn create(log: &Path, clock: Arc<dyn Clock>) -> Self {
        let began = clock.now();
        let file = File::create(beside(log)).await;
        if let Err(error) = &file {
            tracing::warn!(%error, "the times of a log are not kept");
        }
        Self { file: file.ok(), clock, began, last: None }
    }

    /// What comes next in the log begins at `byte`; noted where the last mark is not of just now.
    pub async fn note(&mut self, byte: u64) {
        let now = self.clock.now();
        let apart = APART.max(since(self.began, now) / PART);
        if self.last.is_some_and(|last| since(last, now) < apart) {
            return;
        }
        self.last = Some(now);
        let Some(file) = &mut self.file else { return };
        let mark = Mark { byte, at: now };
        let written = async {
            file.write_all(&encode(mark)).await?;
            file.flush().await
        };
        if let Err(error) = written.await {
            tracing::warn!(%error, "the times of a log are no longer kept");
            self.file = None;
        }
    }

    /// No more marks: what the log holds from here on is not where they would say.
    pub fn stop(&mut self) {
        self.file = None;
    }
}

fn encode(mark: Mark) -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    bytes[..8].copy_from_slice(&mark.byte.to_le_bytes());
    bytes[8..].copy_from_slice(&mark.at.as_millisecond().to_le_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<Mark> {
    let (byte, at) = bytes.split_at_checked(8)?;
    let at = Timestamp::from_millisecond(i64::from_le_bytes(at.try_into().ok()?)).ok()?;
    Some(Mark { byte: u64::from_le_bytes(byte.try_into().ok()?), at })
}

/// The marks for the bytes from `from` to `until` of the log at `log`: the one that holds at the first of them, and all
/// up to the last. `None` for a log that has no times.
pub async fn read(log: &Path, from: u64, until: u64) -> io::Result<Option<Vec<Mark>>> {
    match tokio::fs::read(beside(log)).await {
        Ok(bytes) => Ok(Some(between(&bytes, from, until))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn between(bytes: &[u8], from: u64, until: u64) -> Vec<Mark> {
    let bytes = &bytes[..bytes.len().min(MOST)];
    let mut marks: Vec<Mark> = bytes.chunks_exact(SIZE).map_while(decode).collect();
    let first = marks.partition_point(|mark| mark.byte <= from).saturating_sub(1);
    let last = marks.partition_point(|mark| mark.byte < until).max(first);
    marks.truncate(last);
    marks.split_off(first.min(last))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Instant;

    use jiff::SignedDuration;

    use super::*;
    use crate::clock::System;

    /// A clock that is set by hand.
    struct Set(Mutex<Timestamp>);

    impl Clock for Set {
        fn now(&self) -> Timestamp {
            *self.0.lock().unwrap()
        }
        fn instant(&self) -> Instant {
            System.instant()
        }
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    async fn read_all(log: &Path) -> Vec<(u64, i64)> {
        let marks = read(log, 0, u64::MAX).await.unwrap().unwrap();
        marks.into_iter().map(|mark| (mark.byte, mark.at.as_millisecond())).collect()
    }

    #[tokio::test]
    async fn there_is_at_most_one_mark_a_second_and_fewer_when_it_takes_long() {
        let folder = tempfile::tempdir().unwrap();
        let (log, clock) = (folder.path().join("e2e.1.log"), Arc::new(Set(Mutex::new(at(5000)))));
        let mut marks = Marks::create(&log, Arc::<Set>::clone(&clock)).await;
        let pass = |ms| {
            let mut now = clock.0.lock().unwrap();
            *now = now.saturating_add(SignedDuration::from_millis(ms)).unwrap();
        };
        for (byte, ms) in [(0, 0), (10, 999), (20, 1), (30, 1), (40, -500), (50, 60_000)] {
            pass(ms);
            marks.note(byte).await;
        }
        assert_eq!(read_all(&log).await, [(0, 5000), (20, 6000), (50, 65_501)]);
        for byte in 0..86_400 {
            pass(1000);
            marks.note(100 + byte).await;
        }
        let size = std::fs::metadata(beside(&log)).unwrap().len();
        assert!(size < 100_000, "{size}");
    }

    #[tokio::test]
    async fn what_a_crash_cut_off_is_none_and_a_log_without_times_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("e2e.1.log");
        assert_eq!(read(&log, 0, 9).await.unwrap(), None);
        let mark = encode(Mark { byte: 7, at: at(1) });
        std::fs::write(folder.path().join("e2e.1.times"), [&mark[..], &mark[..9]].concat()).unwrap();
        assert_eq!(read_all(&log).await, [(7, 1)]);
    }

    #[test]
    fn of_a_range_the_mark_that_holds_at_its_beginning_is_among_them() {
        let bytes: Vec<u8> = [0, 10, 20, 30].into_iter().flat_map(|byte| encode(Mark { byte, at: at(1) })).collect();
        let picked = |from, until| between(&bytes, from, until).into_iter().map(|mark| mark.byte).collect::<Vec<_>>();
        assert_eq!(picked(15, 30), [10, 20]);
        assert_eq!(picked(10, 11), [10]);
        assert_eq!(picked(99, u64::MAX), [30]);
        assert_eq!(picked(0, 0), Vec::<u64>::new());
        assert_eq!(picked(0, u64::MAX), [0, 10, 20, 30]);
    }
}
