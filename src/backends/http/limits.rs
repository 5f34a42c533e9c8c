//! Limits: how long an exchange may take, how much an answer may hold, and how soon one asks again. All of them are
//! data, so that whoever tries a slow server has short ones.

use std::time::Duration;

use crate::config::Source;

/// What one client keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Making a connection: two lost packets fit in, as TCP sends its first one again after 1 s and 3 s (RFC 6298).
    pub connect: Duration,
    /// From a question to the end of the answer's head. The slowest host that tells its own limit ends a question after
    /// 10 s (GitHub, "Timeouts"); its answer is worth waiting for.
    pub head: Duration,
    /// From a change to the end of the answer's head: longer, because a change that is given up is one of which nobody
    /// knows what came of it.
    pub change: Duration,
    /// Between two pieces of an answer: four losses in a row fit in twice (15 s, RFC 6298).
    pub idle: Duration,
    /// A question as a whole, with redirects and what is asked again: what gateways give it, too (nginx
    /// `proxy_read_timeout`, 60 s).
    pub whole: Duration,
    /// Between two pieces of a stream, which may take any time as a whole: most servers that have nothing to say send a
    /// sign of life every 15 s or 30 s.
    pub stream_idle: Duration,
    /// The most that an answer may hold when it is unpacked, in bytes: the overview of 10,000 services fits in.
    pub most: usize,
    /// How often a question goes out at most, where no answer came or what stands before the source gave none.
    pub tries: u32,
    /// Between two tries.
    pub again: Backoff,
    /// How many questions fail in a row before the host is left alone for a while.
    pub failures: u32,
    /// How long it is left alone.
    pub gap: Backoff,
    /// How long a host rests that says "too often" and not until when: GitHub asks for a minute at least ("Best practices
    /// for using the REST API").
    pub unsaid: Duration,
    /// The longest that a host rests at a time, whatever it says: the windows of rate limits are an hour at most, and what
    /// is longer is a mistake that must not end a console.
    pub rest: Duration,
}

/// How waits grow: a wait is drawn from nothing up to `first`, doubled with each failure and never more than `most`
/// ("full jitter", AWS Architecture Blog, 2015).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The most of the first wait.
    pub first: Duration,
    /// The most of any.
    pub most: Duration,
}

impl Limits {
    /// For a source on a network.
    pub const USUAL: Self = Self {
        connect: Duration::from_secs(5),
        head: Duration::from_secs(15),
        change: Duration::from_secs(30),
        idle: Duration::from_secs(30),
        whole: Duration::from_mins(1),
        stream_idle: Duration::from_mins(1),
        most: 32 << 20,
        tries: 3,
        again: Backoff { first: Duration::from_millis(200), most: Duration::from_secs(2) },
        failures: 5,
        gap: Backoff { first: Duration::from_secs(1), most: Duration::from_secs(30) },
        unsaid: Duration::from_mins(1),
        rest: Duration::from_hours(1),
    };

    /// The same as `source` says: what its `timeout` is shorter than is shortened, and a change may take all of it.
    pub(super) fn of(self, source: &Source) -> Self {
        let gap = if source.is_local() {
            // Nobody else is kept from anything here, and whoever starts an engine looks whether it is there.
            Backoff { most: self.gap.most.min(Duration::from_secs(1)), ..self.gap }
        } else {
            self.gap
        };
        let Some(limit) = source.timeout else { return Self { gap, ..self } };
        Self {
            connect: self.connect.min(limit / 2),
            head: self.head.min(limit),
            change: limit,
            idle: self.idle.min(limit),
            whole: limit,
            gap,
            ..self
        }
    }
}

impl Backoff {
    /// The wait after so many failures (one or more); `chance` lies between 0 and 1.
    pub(super) fn wait(self, failures: u32, chance: f64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        doubled.min(self.most).mul_f64(chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_most_and_chance_takes_any_part_of_them() {
        let backoff = Limits::USUAL.gap;
        let most = [1, 2, 3, 4, 5, 6, 7, 100].map(|failures| backoff.wait(failures, 1.0).as_secs());
        assert_eq!(most, [1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(backoff.wait(3, 0.25), Duration::from_secs(1));
        assert_eq!(backoff.wait(100, 0.0), Duration::ZERO);
    }
}
