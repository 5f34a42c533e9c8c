//! Looking through a log at its source: pieces are read one after another, the next while one is looked through, until
//! enough was found or a step has taken its time. Two pieces and an open line are held, whatever the log's length.

use std::time::Duration;

use crate::capabilities::logs::Logs;
use crate::clock::Clock;
use crate::domain::log::Chunk;
use crate::domain::sought::{Scan, Seek, Step};
use crate::domain::text::Text;

/// The most bytes that are asked for at once; a source may give fewer.
const PIECE: u64 = 2 << 20;
/// After this long a step is over, so that it can be said how far it is.
const STEP: Duration = Duration::from_millis(500);

/// Looks through as much of the log as one step may; where the source fails, why.
pub async fn seek(logs: &dyn Logs, clock: &dyn Clock, seek: &Seek) -> Result<Step, Text> {
    let began = clock.instant();
    let mut scan = Scan::new(seek);
    let mut chunk = logs.read(&seek.log, seek.from, PIECE).await.map_err(|error| error.message)?;
    loop {
        let (next, total, ended) = (chunk.from + chunk.bytes.len() as u64, chunk.total, chunk.ended);
        // A log that has become shorter gives what lies before: nothing of that was asked for.
        let last = chunk.bytes.is_empty() || chunk.from != scan.next() || next >= total;
        let looked = tokio::task::spawn_blocking(move || look(scan, &chunk));
        let late = clock.instant().duration_since(began) >= STEP;
        let ahead = if last || late { None } else { Some(logs.read(&seek.log, next, PIECE).await) };
        scan = looked.await.map_err(|_| Text::new("a part of this program failed while it looked through the log"))?;
        let enough = scan.full() || seek.one && scan.found() > 0;
        match ahead {
            Some(Ok(read)) if !enough => chunk = read,
            // Where the source failed, what was found until then is kept: the next step fails at once.
            _ => return Ok(scan.finish(total, ended)),
        }
    }
}

fn look(mut scan: Scan, chunk: &Chunk) -> Scan {
    if chunk.from == scan.next() {
        scan.take(&chunk.bytes);
    }
    scan
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    use async_trait::async_trait;

    use super::*;
    use crate::capabilities::CapabilityError;
    use crate::capabilities::error::Kind;
    use crate::clock::{System, Timestamp};
    use crate::domain::ids::{JobName, RunKey};
    use crate::domain::log::LogKey;
    use crate::domain::sought::{Pattern, Sought};

    /// A log that is given in pieces of at most a hundred bytes, up to where it breaks off.
    struct Source {
        text: Vec<u8>,
        breaks: u64,
        read: AtomicU64,
    }

    #[async_trait]
    impl Logs for Source {
        async fn read(&self, _: &LogKey, from: u64, most: u64) -> Result<Chunk, CapabilityError> {
            if from >= self.breaks {
                return Err(CapabilityError::new(Kind::Unreachable, "gone"));
            }
            let total = self.text.len() as u64;
            let from = from.min(total);
            let end = total.min(from + most.min(100));
            let bytes = self.text[usize::try_from(from).unwrap()..usize::try_from(end).unwrap()].to_vec();
            self.read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            Ok(Chunk { from, bytes, total, ended: end == total })
        }
    }

    /// A clock on which each look takes a step's time.
    struct Slow(Instant, AtomicU64);

    impl Clock for Slow {
        fn now(&self) -> Timestamp {
            System.now()
        }
        fn instant(&self) -> Instant {
            self.0 + STEP * u32::try_from(self.1.fetch_add(1, Ordering::Relaxed)).unwrap()
        }
    }

    fn source(breaks: u64) -> Source {
        let lines = (0..500).map(|line| if line % 100 == 77 { "a hit\n" } else { "no...\n" });
        Source { text: lines.collect::<String>().into(), breaks, read: AtomicU64::new(0) }
    }

    fn wanted(from: u64, one: bool) -> Seek {
        let log = LogKey { run: RunKey { service: "search".into(), id: "92".into() }, job: JobName::new("e2e") };
        let what = Sought::Pattern(Pattern::new("hit$").unwrap());
        Seek { log, what, from, inside: false, one, room: 1000 }
    }

    #[tokio::test]
    async fn all_of_a_log_is_looked_through_in_one_step_where_that_is_quick() {
        let step = seek(&source(u64::MAX), &System, &wanted(0, false)).await.unwrap();
        assert_eq!(step.hits, [77, 177, 277, 377, 477].map(|line| line * 6));
        assert_eq!((step.to, step.end, step.ended), (3000, true, true));
    }

    #[tokio::test]
    async fn a_step_is_over_after_its_time_and_the_next_goes_on_from_there() {
        let clock = Slow(System.instant(), AtomicU64::new(0));
        let mut wanted = wanted(0, false);
        let (mut hits, mut steps) = (Vec::new(), 0);
        loop {
            let step = seek(&source(u64::MAX), &clock, &wanted).await.unwrap();
            hits.extend(step.hits);
            (wanted.from, steps) = (step.to, steps + 1);
            if step.end {
                break;
            }
        }
        assert_eq!((hits.len(), hits[4]), (5, 477 * 6));
        assert!(steps >= 30, "{steps}");
    }

    #[tokio::test]
    async fn where_one_hit_is_enough_little_more_is_read() {
        let source = source(u64::MAX);
        let step = seek(&source, &System, &wanted(0, true)).await.unwrap();
        assert_eq!(step.hits, [77 * 6]);
        assert!(!step.end && source.read.into_inner() <= 600);
    }

    #[tokio::test]
    async fn a_source_that_fails_says_so_and_a_shorter_log_gives_nothing() {
        let step = seek(&source(1000), &System, &wanted(0, false)).await.unwrap();
        assert_eq!((&step.hits[..], step.to, step.end), (&[462][..], 996, false));
        let failed = seek(&source(1000), &System, &wanted(1000, false)).await;
        assert_eq!(failed.unwrap_err().as_str(), "gone");
        let step = seek(&source(u64::MAX), &System, &wanted(9000, false)).await.unwrap();
        assert_eq!((step.hits.len(), step.to, step.total, step.end), (0, 9000, 3000, true));
    }
}
