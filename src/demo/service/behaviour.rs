//! How a release behaves: the file that its artifact carries.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a release does to its users.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// How long it takes from its start until it listens; milliseconds.
    pub start_ms: u64,
    /// How many of the requests fail, other than those to `/`; percent.
    pub errors: f64,
    /// How many of the requests to `/` fail; percent.
    pub front_errors: f64,
    /// How long half of the requests take at most; milliseconds.
    pub median_ms: f64,
    /// How long 95 of 100 requests take at most; milliseconds.
    pub p95_ms: f64,
    /// The flags that it reads.
    pub flags: Vec<String>,
}

/// The 95th percentile of the standard normal distribution.
const NORMAL_P95: f64 = 1.645;
/// No request takes longer than this many times the 95th percentile.
const LONGEST: f64 = 4.0;

impl Behaviour {
    /// The time that one request takes: log-normal through the two percentiles.
    pub fn latency(&self, random: &mut impl rand::Rng) -> Duration {
        let median = self.median_ms.max(0.1);
        let spread = (self.p95_ms.max(median) / median).ln() / NORMAL_P95;
        let taken = median * (spread * normal(random)).exp();
        Duration::from_secs_f64(taken.min(self.p95_ms.max(median) * LONGEST) / 1000.0)
    }

    /// Whether one request to `path` fails.
    pub fn fails(&self, path: &str, random: &mut impl rand::Rng) -> bool {
        let percent = if path == "/" { self.front_errors } else { self.errors };
        random.random_range(0.0..100.0) < percent
    }
}

/// A normally distributed number (Box and Muller's transform).
fn normal(random: &mut impl rand::Rng) -> f64 {
    let (radius, angle) = (random.random_range(f64::EPSILON..1.0), random.random_range(0.0..std::f64::consts::TAU));
    (-2.0 * f64::ln(radius)).sqrt() * angle.cos()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    fn behaviour() -> Behaviour {
        let flags = Vec::new();
        Behaviour { start_ms: 0, errors: 8.0, front_errors: 0.0, median_ms: 20.0, p95_ms: 60.0, flags }
    }

    #[test]
    fn requests_take_as_long_as_the_percentiles_say() {
        let mut random = StdRng::seed_from_u64(7);
        let mut taken: Vec<_> = (0..20_000).map(|_| behaviour().latency(&mut random)).collect();
        taken.sort_unstable();
        let ms = |share: usize| taken[taken.len() * share / 100].as_secs_f64() * 1000.0;
        assert!((19.0..21.0).contains(&ms(50)), "{}", ms(50));
        assert!((57.0..63.0).contains(&ms(95)), "{}", ms(95));
        assert!(taken.last().unwrap() <= &Duration::from_millis(240));
    }

    #[test]
    fn only_what_the_release_says_fails() {
        let mut random = StdRng::seed_from_u64(7);
        let failed = |path: &str, random: &mut StdRng| (0..10_000).filter(|_| behaviour().fails(path, random)).count();
        assert!((700..900).contains(&failed("/pay", &mut random)));
        assert_eq!(failed("/", &mut random), 0);
    }
}
