//! The API's paths. Names in them are percent-encoded, so that any name can stand in one.

use std::fmt::Write as _;

use crate::domain::change::Back;
use crate::domain::ids::{EnvironmentName, FlagKey, GateId, Place, RunKey, ServiceName};
use crate::domain::log::LogKey;

/// Everything for the board; carries an `ETag`.
pub const OVERVIEW: &str = "/v1/overview";
/// The engine itself.
pub const STATUS: &str = "/v1/status";
/// Registered repositories.
pub const SERVICES: &str = "/v1/services";
/// People and their tokens.
pub const PEOPLE: &str = "/v1/people";
/// The seals of the journal whose first entry has this hash.
pub fn seals(journal: &str) -> String {
    format!("/v1/seals/{}", encode(journal))
}

/// The emergency stop.
pub const STOP: &str = "/v1/stop";
/// Asking for a confirmation by a second person.
pub const CONFIRMATIONS: &str = "/v1/confirmations";
/// Looking for the one with a phrase.
pub const CONFIRMATION_FIND: &str = "/v1/confirmations/find";
/// Confirming the one with a phrase.
pub const CONFIRMATION_CONFIRM: &str = "/v1/confirmations/confirm";
/// Flags.
pub const FLAGS: &str = "/v1/flags";
/// Alive; needs no token.
pub const HEALTH: &str = "/healthz";
/// Prometheus' view of the router; needs no token.
pub const METRICS: &str = "/metrics";

/// The runs of a service.
pub fn runs(service: &ServiceName) -> String {
    format!("/v1/services/{}/runs", encode(service.as_str()))
}

/// One run.
pub fn run(key: &RunKey) -> String {
    format!("{}/{}", runs(&key.service), encode(key.id.as_str()))
}

/// Running again.
pub fn retry(key: &RunKey) -> String {
    format!("{}/retry", run(key))
}

/// Stopping.
pub fn cancel(key: &RunKey) -> String {
    format!("{}/cancel", run(key))
}

/// A job's log from a byte on, at most `most` bytes.
pub fn log(key: &LogKey, from: u64, most: u64) -> String {
    format!("{}/jobs/{}/log?from={from}&most={most}", run(&key.run), encode(key.job.as_str()))
}

/// When a job's log was written, from a byte on.
pub fn log_times(key: &LogKey, from: u64) -> String {
    format!("{}/jobs/{}/log/times?from={from}", run(&key.run), encode(key.job.as_str()))
}

/// The changes that `from` lacks and `to` has.
pub fn changes(service: &ServiceName, from: &EnvironmentName, to: &EnvironmentName) -> String {
    let service = encode(service.as_str());
    format!("/v1/services/{service}/changes?from={}&to={}", encode(from.as_str()), encode(to.as_str()))
}

/// The changes that going back takes back.
pub fn taken_back(back: &Back) -> String {
    let (lacks, has) = (encode(back.to.as_str()), encode(back.from.as_str()));
    let place = &back.place.environment;
    format!("{}&lacks={lacks}&has={has}", changes(&back.place.service, place, place))
}

/// An environment.
pub fn environment(place: &Place) -> String {
    format!("/v1/services/{}/environments/{}", encode(place.service.as_str()), encode(place.environment.as_str()))
}

/// Traffic over time.
pub fn signals(place: &Place) -> String {
    format!("{}/signals", environment(place))
}

/// Bringing a release in.
pub fn promote(place: &Place) -> String {
    format!("{}/promote", environment(place))
}

/// Going back.
pub fn roll_back(place: &Place) -> String {
    format!("{}/rollback", environment(place))
}

/// Holding.
pub fn hold(place: &Place) -> String {
    format!("{}/hold", environment(place))
}

/// Moving traffic.
pub fn rollout(place: &Place) -> String {
    format!("{}/rollout", environment(place))
}

/// Deciding at a gate.
pub fn decision(gate: &GateId) -> String {
    format!("/v1/gates/{}/decision", encode(gate.as_str()))
}

/// A confirmation by a second person.
pub fn confirmation(id: &str) -> String {
    format!("/v1/confirmations/by-id/{}", encode(id))
}

/// Leaving one that was asked for.
pub fn withdraw(id: &str) -> String {
    format!("{}/withdraw", confirmation(id))
}

/// Going on with one.
pub fn use_confirmation(id: &str) -> String {
    format!("{}/use", confirmation(id))
}

/// The audit's entries from number `from` on.
pub fn audit(from: u64) -> String {
    format!("/v1/audit?from={from}")
}

/// A flag in an environment.
pub fn flag(key: &FlagKey, environment: &EnvironmentName) -> String {
    format!("/v1/flags/{}/environments/{}", encode(key.as_str()), encode(environment.as_str()))
}

/// `name` with everything but unreserved characters percent-encoded (RFC 3986, 2.3).
pub fn encode(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_place_in_the_path() {
        assert_eq!(encode("a/../b?x#y z"), "a%2F..%2Fb%3Fx%23y%20z");
        assert_eq!(signals(&Place::new("sh/op", "prod")), "/v1/services/sh%2Fop/environments/prod/signals");
    }
}
