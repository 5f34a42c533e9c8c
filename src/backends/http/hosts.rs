//! Hosts: what holds for the other end of every connection to it, whoever asks. One that asked to be left alone is left
//! alone until then; one that keeps failing is asked more and more rarely, by one question at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::Url;

use super::limits::Limits;
use crate::capabilities::CapabilityError;
use crate::clock::Clock;

/// Every host that is asked, by its origin (scheme, name, port). Cheap to clone: all clones are one.
#[derive(Clone, Default)]
pub struct Hosts(Arc<Mutex<BTreeMap<String, Arc<Host>>>>);

impl Hosts {
    /// The host at the other end of `url`.
    pub(super) fn of(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(hosts.entry(url.origin().ascii_serialization()).or_default())
    }
}

/// One host.
#[derive(Default)]
pub(super) struct Host(Mutex<Standing>);

#[derive(Default)]
struct Standing {
    rest: Option<Rest>,
    failures: u32,
    gap: Option<(Instant, CapabilityError)>,
}

/// The host asked to be left alone: until this moment of its clock, and of ours, which nobody can set back.
#[derive(Debug, Clone, Copy)]
struct Rest {
    until: Timestamp,
    ends: Instant,
}

/// Why a host is not asked now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Closed {
    /// It asked to be left alone until then.
    Rests(Timestamp),
    /// It failed again and again, the last time so.
    Fails(CapabilityError),
}

impl Host {
    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a request pass, unless the host rests. A question does not pass either where the host keeps failing; a change
    /// does, for a person wants it now. The first question after a gap is alone until `alone` has passed.
    pub fn admit(&self, change: bool, clock: &dyn Clock, alone: Duration) -> Result<(), Closed> {
        let now = clock.instant();
        let mut standing = self.standing();
        match standing.rest {
            Some(rest) if now < rest.ends => return Err(Closed::Rests(rest.until)),
            _ => standing.rest = None,
        }
        match &mut standing.gap {
            Some((ends, error)) if !change && now < *ends => Err(Closed::Fails(error.clone())),
            Some((ends, _)) if !change => {
                *ends = now + alone;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// It asks to be left alone for so long.
    pub fn rest(&self, span: Duration, clock: &dyn Clock) {
        let (now, ends) = (clock.now(), clock.instant() + span);
        let until = now.saturating_add(jiff::SignedDuration::try_from(span).unwrap_or_default()).unwrap_or(now);
        let mut standing = self.standing();
        // Two answers may cross: the longer rest holds.
        if standing.rest.is_none_or(|rest| rest.ends < ends) {
            standing.rest = Some(Rest { until, ends });
        }
    }

    /// Until when it rests, if it does.
    pub fn rests(&self, clock: &dyn Clock) -> Option<Timestamp> {
        self.standing().rest.filter(|rest| clock.instant() < rest.ends).map(|rest| rest.until)
    }

    /// It answered.
    pub fn answered(&self) {
        let mut standing = self.standing();
        standing.failures = 0;
        standing.gap = None;
    }

    /// It did not answer, or said that it failed; again and again, and it is asked more rarely.
    pub fn failed(&self, error: &CapabilityError, limits: &Limits, clock: &dyn Clock, chance: f64) {
        let mut standing = self.standing();
        standing.failures = standing.failures.saturating_add(1);
        if let Some(over) = standing.failures.checked_sub(limits.failures) {
            let wait = limits.gap.wait(over.saturating_add(1), chance);
            standing.gap = Some((clock.instant() + wait, error.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capabilities::error::Kind;
    use crate::clock::System;

    /// A clock that is moved by hand.
    struct Hand(Timestamp, Instant, Mutex<Duration>);

    impl Hand {
        fn new() -> Self {
            Self(Timestamp::UNIX_EPOCH, System.instant(), Mutex::default())
        }

        fn passes(&self, span: Duration) {
            *self.2.lock().unwrap() += span;
        }
    }

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            self.0 + *self.2.lock().unwrap()
        }

        fn instant(&self) -> Instant {
            self.1 + *self.2.lock().unwrap()
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    fn gone() -> CapabilityError {
        CapabilityError::new(Kind::Unreachable, "gone")
    }

    #[test]
    fn a_host_that_rests_gets_nothing_until_its_time_and_the_longer_rest_holds() {
        let (host, clock) = (Host::default(), Hand::new());
        host.rest(10 * SECOND, &clock);
        host.rest(SECOND, &clock);
        let until = Timestamp::from_second(10).unwrap();
        for change in [false, true] {
            assert_eq!(host.admit(change, &clock, SECOND), Err(Closed::Rests(until)));
        }
        assert_eq!(host.rests(&clock), Some(until));
        clock.passes(10 * SECOND);
        assert_eq!((host.rests(&clock), host.admit(false, &clock, SECOND)), (None, Ok(())));
    }

    #[test]
    fn a_host_that_keeps_failing_is_asked_rarely_by_one_question_and_changed_whenever_a_person_wants() {
        let (host, clock, limits) = (Host::default(), Hand::new(), Limits::USUAL);
        let fails = || host.failed(&gone(), &limits, &clock, 1.0);
        for _ in 0..5 {
            assert_eq!(host.admit(false, &clock, 5 * SECOND), Ok(()));
            fails();
        }
        assert_eq!(host.admit(false, &clock, 5 * SECOND), Err(Closed::Fails(gone())));
        assert_eq!(host.admit(true, &clock, 5 * SECOND), Ok(()));
        clock.passes(SECOND);
        assert_eq!(host.admit(false, &clock, 5 * SECOND), Ok(()));
        // While the one is out, nobody else asks.
        assert_eq!(host.admit(false, &clock, 5 * SECOND), Err(Closed::Fails(gone())));
        fails();
        clock.passes(SECOND);
        assert_eq!(host.admit(false, &clock, 5 * SECOND), Err(Closed::Fails(gone())), "twice as long");
        clock.passes(SECOND);
        assert_eq!(host.admit(false, &clock, 5 * SECOND), Ok(()));
        host.answered();
        assert_eq!([host.admit(false, &clock, SECOND), host.admit(false, &clock, SECOND)], [Ok(()), Ok(())]);
    }

    #[test]
    fn all_users_of_an_origin_have_one_host() {
        let hosts = Hosts::default();
        let of = |url: &str| hosts.clone().of(&Url::parse(url).unwrap());
        assert!(Arc::ptr_eq(&of("https://a.example/x"), &of("https://a.example:443/y?z")));
        assert!(!Arc::ptr_eq(&of("https://a.example"), &of("http://a.example")));
    }
}
