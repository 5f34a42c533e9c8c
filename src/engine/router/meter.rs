//! Counting what becomes of a set's requests: since its beginning, and over the last minutes in spans of some seconds.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::analysis::verdict::Sample;
use crate::domain::signal::Point;

/// Upper bounds of the latency histogram in milliseconds, twelve a decade, so that a change of a tenth is seen.
pub const BOUNDS: [f64; 50] = [
    0.5, 1.0, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2, 10.0, 12.0, 15.0, 18.0, 22.0, 27.0, 33.0, 39.0,
    47.0, 56.0, 68.0, 82.0, 100.0, 120.0, 150.0, 180.0, 220.0, 270.0, 330.0, 390.0, 470.0, 560.0, 680.0, 820.0, 1000.0,
    1200.0, 1500.0, 1800.0, 2200.0, 2700.0, 3300.0, 3900.0, 4700.0, 5600.0, 6800.0, 8200.0, 10_000.0,
];
/// What lies beyond the last bound lies below this; milliseconds.
const BEYOND: f64 = 60_000.0;
/// The span that one point of the signals stands for; seconds.
pub const STEP: u32 = 5;
/// How many spans are kept: a quarter of an hour.
const SPANS: i64 = 180;

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// Requests.
    pub requests: u64,
    /// Of these, failed: answered 5xx, or not at all.
    pub errors: u64,
    /// The latencies of those that were answered, added up.
    pub total: Duration,
    latencies: [u64; BOUNDS.len() + 1],
}

impl Default for Counts {
    fn default() -> Self {
        Self { requests: 0, errors: 0, total: Duration::ZERO, latencies: [0; BOUNDS.len() + 1] }
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Whether it failed.
    pub failed: bool,
    /// How long it took until the answer began; `None` if there was none.
    pub latency: Option<Duration>,
}

impl Counts {
    fn add(&mut self, seen: Seen) {
        self.requests += 1;
        self.errors += u64::from(seen.failed);
        if let Some(latency) = seen.latency {
            let ms = latency.as_secs_f64() * 1000.0;
            self.total += latency;
            self.latencies[BOUNDS.partition_point(|bound| *bound < ms)] += 1;
        }
    }

    /// What was counted since `before`.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let mut latencies = self.latencies;
        for (count, before) in latencies.iter_mut().zip(before.latencies) {
            *count = count.saturating_sub(before);
        }
        Self {
            requests: self.requests.saturating_sub(before.requests),
            errors: self.errors.saturating_sub(before.errors),
            total: self.total.saturating_sub(before.total),
            latencies,
        }
    }

    /// As the judge reads it.
    pub fn sample(&self) -> Sample {
        let bounds = BOUNDS.into_iter().chain([BEYOND]);
        Sample { requests: self.requests, errors: self.errors, latencies: bounds.zip(self.latencies).collect() }
    }

    /// How many answers took at most each of [`BOUNDS`], and how many there were.
    pub fn cumulative(&self) -> (Vec<u64>, u64) {
        let mut sum = 0;
        let upto = self.latencies.iter().map(|count| {
            sum += count;
            sum
        });
        let mut upto: Vec<u64> = upto.collect();
        let all = upto.pop().unwrap_or_default();
        (upto, all)
    }

    fn point(&self, at: Timestamp) -> Point {
        let sample = self.sample();
        Point {
            at,
            requests: self.requests,
            errors: self.errors,
            p50_ms: sample.quantile(0.5),
            p95_ms: sample.quantile(0.95),
            p99_ms: sample.quantile(0.99),
        }
    }
}

/// The requests of one set at one place.
#[derive(Debug, Default)]
pub struct Meter {
    book: Mutex<Book>,
    under_way: AtomicU64,
    rest: Notify,
}

#[derive(Debug, Default)]
struct Book {
    total: Counts,
    /// Spans with requests, oldest first, by their number since the epoch.
    spans: VecDeque<(i64, Counts)>,
}

impl Meter {
    /// A request comes.
    pub fn begin(&self) {
        self.under_way.fetch_add(1, Ordering::AcqRel);
    }

    /// A request has ended; `None` if there is nothing to say about it.
    pub fn end(&self, at: Timestamp, seen: Option<Seen>) {
        if let Some(seen) = seen {
            self.book().add(number(at), seen);
        }
        if self.under_way.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.rest.notify_waiters();
        }
    }

    /// How many requests are under way.
    pub fn under_way(&self) -> u64 {
        self.under_way.load(Ordering::Acquire)
    }

    /// Waits until no request is under way.
    pub async fn rests(&self) {
        loop {
            let told = self.rest.notified();
            if self.under_way() == 0 {
                return;
            }
            told.await;
        }
    }

    /// Everything since the beginning.
    pub fn total(&self) -> Counts {
        self.book().total
    }

    /// The last minutes up to the last full span, oldest first, from the first request on.
    pub fn points(&self, now: Timestamp) -> Vec<Point> {
        let book = self.book();
        let Some((first, _)) = book.spans.front() else { return Vec::new() };
        let from = (*first).max(number(now) - SPANS);
        let empty = Counts::default();
        (from..number(now))
            .filter_map(|number| {
                let counts = book.spans.iter().find(|(span, _)| *span == number).map_or(&empty, |(_, counts)| counts);
                Some(counts.point(Timestamp::from_second(number * i64::from(STEP)).ok()?))
            })
            .collect()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn add(&mut self, span: i64, seen: Seen) {
        self.total.add(seen);
        if self.spans.back().is_none_or(|(last, _)| *last < span) {
            self.spans.push_back((span, Counts::default()));
        }
        if self.spans.front().is_some_and(|(first, _)| *first < span - SPANS) {
            self.spans.pop_front();
        }
        if let Some((_, counts)) = self.spans.back_mut() {
            counts.add(seen);
        }
    }
}

/// The span that a moment lies in.
fn number(at: Timestamp) -> i64 {
    at.as_second().div_euclid(i64::from(STEP))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn answered(meter: &Meter, second: i64, ms: u64, failed: bool) {
        meter.begin();
        meter.end(at(second), Some(Seen { failed, latency: Some(Duration::from_millis(ms)) }));
    }

    #[test]
    fn points_are_full_spans_and_gaps_are_points_without_latency() {
        let meter = Meter::default();
        for (second, ms) in [(0, 10), (4, 20), (11, 100), (15, 1)] {
            answered(&meter, second, ms, ms == 100);
        }
        let points = meter.points(at(17));
        let told: Vec<_> = points.iter().map(|point| (point.at, point.requests, point.errors)).collect();
        assert_eq!(told, [(at(0), 2, 0), (at(5), 0, 0), (at(10), 1, 1)], "the span that is under way is left out");
        assert_eq!(points[1].p95_ms, None);
        assert!(points[2].p50_ms.is_some_and(|ms| (82.0..=100.0).contains(&ms)), "{:?}", points[2]);
    }

    #[test]
    fn only_a_quarter_of_an_hour_is_kept() {
        let meter = Meter::default();
        for second in 0..2000 {
            answered(&meter, second, 5, false);
        }
        assert_eq!(meter.points(at(2000)).len(), 180);
        assert_eq!(meter.total().requests, 2000);
        assert!(meter.points(at(9000)).iter().all(|point| point.requests == 0));
    }

    #[test]
    fn what_was_before_does_not_count() {
        let meter = Meter::default();
        answered(&meter, 0, 5000, true);
        let before = meter.total();
        answered(&meter, 1, 5, false);
        meter.begin();
        meter.end(at(1), Some(Seen { failed: true, latency: None }));
        let since = meter.total().since(&before);
        assert_eq!((since.requests, since.errors, since.total), (2, 1, Duration::from_millis(5)));
        assert!(since.sample().quantile(1.0).is_some_and(|ms| ms <= 5.6));
        assert_eq!(since.cumulative().1, 1);
    }

    #[tokio::test]
    async fn rest_is_when_the_last_request_has_ended() {
        let meter = std::sync::Arc::new(Meter::default());
        meter.rests().await;
        meter.begin();
        let waits = tokio::spawn({
            let meter = std::sync::Arc::clone(&meter);
            async move { meter.rests().await }
        });
        tokio::task::yield_now().await;
        assert!(!waits.is_finished());
        meter.end(at(0), None);
        waits.await.unwrap();
        assert_eq!(meter.total().requests, 0);
    }
}
