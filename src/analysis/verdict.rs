//! The judge of a canary: the candidate's requests against thresholds and against the stable release, metric by metric,
//! with the doubt that few samples leave. Pure; where the numbers come from is the caller's business.

use crate::domain::rollout::{Metric, Verdict, VerdictState};
use crate::domain::text::Text;

/// What one side's traffic was over the span that is judged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    /// Requests.
    pub requests: u64,
    /// Of these, failed: answered 5xx, or not at all.
    pub errors: u64,
    /// Latencies as a histogram: the upper bound of a bucket in milliseconds, and how many fell into it; bounds rise.
    pub latencies: Vec<(f64, u64)>,
}

/// What a metric is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// At most this value, in the metric's unit.
    Absolute(f64),
    /// At most so many percent more than the stable release's value.
    Rise(f64),
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// The share of requests that failed, in percent.
    Errors,
    /// A quantile of the latency, in milliseconds: 0.95 is the 95th percentile.
    Latency(f64),
}

/// One condition of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// What is measured.
    pub measure: Measure,
    /// What the candidate must not exceed.
    pub limit: Limit,
}

/// One-sided 95 % confidence: what is called worse is worse in 19 of 20 cases.
const Z: f64 = 1.645;
/// From this share of its limit on a value is marginal.
const CLOSE: f64 = 0.9;

/// Judges a candidate. A metric with fewer than `samples` requests of the candidate (for a rise, of either side) says
/// nothing. Else, with its value `v` and its limit `l`:
/// - *fail*: `v > l`, and so is the lower end of its confidence interval;
/// - *marginal*: `v > l` with the lower end below, or `v > 0.9 l` for a latency;
/// - *pass*: otherwise.
///
/// The interval of an error rate is Wilson's score interval; that of a quantile `q` is the value at the quantile
/// `q − 1.645 √(q (1 − q) / n)`. The verdict is the worst metric's: fail, then no data, then marginal, then pass.
pub fn judge(conditions: &[Condition], samples: u64, stable: &Sample, candidate: &Sample) -> Verdict {
    let metrics: Vec<Metric> =
        conditions.iter().map(|condition| metric(*condition, samples, stable, candidate)).collect();
    let any = |state: VerdictState| metrics.iter().any(|metric| metric.state == state);
    let order = [VerdictState::Fail, VerdictState::NoData, VerdictState::Marginal];
    let worst = order.into_iter().find(|state| any(*state)).unwrap_or(VerdictState::Pass);
    Verdict { state: worst, score: score(&metrics), metrics }
}

fn metric(condition: Condition, samples: u64, stable: &Sample, candidate: &Sample) -> Metric {
    let measure = condition.measure;
    let baseline = measure.of(stable);
    let value = measure.of(candidate);
    let limit = match condition.limit {
        Limit::Absolute(limit) => Some(limit),
        Limit::Rise(percent) => {
            baseline.filter(|_| stable.requests >= samples).map(|base| base * (1.0 + percent / 100.0))
        }
    };
    let enough = candidate.requests >= samples.max(1);
    let state = match (value, limit) {
        (Some(value), Some(limit)) if enough => measure.state(value, limit, candidate),
        _ => VerdictState::NoData,
    };
    Metric {
        name: Text::new(measure.name()),
        unit: Text::new(measure.unit()),
        stable: baseline,
        candidate: value,
        condition: Text::new(words(condition)),
        limit,
        samples: candidate.requests,
        state,
    }
}

impl Measure {
    fn of(self, sample: &Sample) -> Option<f64> {
        match self {
            Self::Errors => (sample.requests > 0).then(|| number(sample.errors) * 100.0 / number(sample.requests)),
            Self::Latency(quantile) => sample.quantile(quantile),
        }
    }

    fn state(self, value: f64, limit: f64, candidate: &Sample) -> VerdictState {
        let lowest = match self {
            Self::Errors => wilson_low(candidate.errors, candidate.requests) * 100.0,
            Self::Latency(quantile) => {
                let doubt = Z * (quantile * (1.0 - quantile) / number(candidate.requests)).sqrt();
                candidate.quantile(quantile - doubt).unwrap_or(0.0)
            }
        };
        let close = matches!(self, Self::Latency(_)) && value > limit * CLOSE && limit > 0.0;
        match value > limit {
            true if lowest > limit => VerdictState::Fail,
            true => VerdictState::Marginal,
            false if close && value < limit => VerdictState::Marginal,
            false => VerdictState::Pass,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Errors => "error rate".to_owned(),
            Self::Latency(quantile) => format!("latency p{}", (quantile * 100.0).round()),
        }
    }

    const fn unit(self) -> &'static str {
        match self {
            Self::Errors => "%",
            Self::Latency(_) => "ms",
        }
    }
}

impl Sample {
    /// The latency at a quantile, in milliseconds: within its bucket the share is taken to be even.
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        let total: u64 = self.latencies.iter().map(|(_, count)| count).sum();
        if total == 0 {
            return None;
        }
        let wanted = quantile.clamp(0.0, 1.0) * number(total);
        let (mut below, mut lower) = (0.0, 0.0);
        for (upper, count) in &self.latencies {
            let count = number(*count);
            if count > 0.0 && below + count >= wanted {
                return Some(lower + (upper - lower) * ((wanted - below) / count).clamp(0.0, 1.0));
            }
            (below, lower) = (below + count, *upper);
        }
        self.latencies.last().map(|(upper, _)| *upper)
    }
}

/// The lower end of Wilson's score interval for `errors` of `requests`, as a share.
fn wilson_low(errors: u64, requests: u64) -> f64 {
    let (n, share) = (number(requests), number(errors) / number(requests));
    let z2 = Z * Z;
    let middle = share + z2 / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half) / (1.0 + z2 / n)).max(0.0)
}

/// 100 times the share of metrics that pass, a marginal one counting half; `None` if any says nothing.
fn score(metrics: &[Metric]) -> Option<u8> {
    if metrics.is_empty() || metrics.iter().any(|metric| metric.state == VerdictState::NoData) {
        return None;
    }
    let points: usize = metrics
        .iter()
        .map(|metric| match metric.state {
            VerdictState::Pass => 2,
            VerdictState::Marginal => 1,
            _ => 0,
        })
        .sum();
    u8::try_from(points * 50 / metrics.len()).ok()
}

fn words(condition: Condition) -> String {
    let unit = condition.measure.unit();
    match condition.limit {
        Limit::Absolute(limit) => format!("≤ {limit} {unit}"),
        Limit::Rise(percent) => format!("≤ +{percent} %"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests stay far below 2^52")]
const fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONDITIONS: [Condition; 2] = [
        Condition { measure: Measure::Errors, limit: Limit::Absolute(1.0) },
        Condition { measure: Measure::Latency(0.95), limit: Limit::Rise(10.0) },
    ];

    fn sample(requests: u64, errors: u64, slowest_ms: f64) -> Sample {
        let step = |n: u32| (slowest_ms * f64::from(n) / 20.0, requests / 20);
        Sample { requests, errors, latencies: (1..=20).map(step).collect() }
    }

    fn states(stable: &Sample, candidate: &Sample) -> (VerdictState, Option<u8>) {
        let verdict = judge(&CONDITIONS, 50, stable, candidate);
        (verdict.state, verdict.score)
    }

    #[test]
    fn a_bad_release_fails_and_a_good_one_passes() {
        let stable = sample(2000, 4, 100.0);
        assert_eq!(states(&stable, &sample(400, 1, 102.0)), (VerdictState::Marginal, Some(75)));
        assert_eq!(states(&stable, &sample(400, 1, 80.0)), (VerdictState::Pass, Some(100)));
        assert_eq!(states(&stable, &sample(60, 9, 80.0)).0, VerdictState::Fail);
        assert_eq!(states(&stable, &sample(400, 0, 180.0)).0, VerdictState::Fail);
    }

    #[test]
    fn one_error_in_few_requests_is_no_failure() {
        let stable = sample(2000, 4, 100.0);
        assert_eq!(states(&stable, &sample(60, 1, 80.0)), (VerdictState::Marginal, Some(75)));
    }

    #[test]
    fn too_few_requests_say_nothing() {
        let stable = sample(2000, 0, 100.0);
        assert_eq!(states(&stable, &sample(40, 40, 80.0)), (VerdictState::NoData, None));
        assert_eq!(states(&sample(0, 0, 1.0), &sample(400, 0, 80.0)), (VerdictState::NoData, None));
        let broken = judge(&CONDITIONS, 50, &sample(0, 0, 1.0), &sample(400, 90, 80.0));
        assert_eq!(broken.state, VerdictState::Fail, "a failure is one, whatever else is not known");
    }

    #[test]
    fn a_quantile_lies_within_its_bucket() {
        let sample = Sample { requests: 100, errors: 0, latencies: vec![(10.0, 90), (20.0, 10)] };
        assert_eq!(sample.quantile(0.5).map(f64::round), Some(6.0));
        assert_eq!(sample.quantile(0.95).map(f64::round), Some(15.0));
        assert_eq!(sample.quantile(1.0), Some(20.0));
        let lone = Sample { requests: 10, errors: 0, latencies: vec![(80.0, 0), (100.0, 10)] };
        assert_eq!(lone.quantile(0.5), Some(90.0), "empty buckets bound it from below");
        assert_eq!(Sample::default().quantile(0.5), None);
    }
}
