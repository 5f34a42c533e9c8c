//! The names by which things are told apart. Each is a type of its own, so that none can stand in another's place.

use serde::{Deserialize, Serialize};

identifier! {
    /// A service, as the configuration or the engine names it.
    ServiceName;
    /// An environment of a service: `development`, `staging`, `production`, or what the user calls them.
    EnvironmentName;
    /// A configured connection to a backend.
    SourceName;
    /// A feature flag's key, unique within its source.
    FlagKey;
    /// A run's identity within its service.
    RunId;
    /// A gate's identity within its source.
    GateId;
    /// A job's name within its run.
    JobName;
    /// A hash of the facts that a plan rests on; equal while nothing that matters has moved.
    Revision;
}

/// One run of one service, written `SERVICE/ID`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunKey {
    /// The service whose pipeline ran.
    pub service: ServiceName,
    /// The run within the service.
    pub id: RunId,
}

impl std::fmt::Display for RunKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.service, self.id)
    }
}

/// One environment of one service: the place where a release runs, and the target of most levers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The service.
    pub service: ServiceName,
    /// Its environment.
    pub environment: EnvironmentName,
}

impl Place {
    /// The place of `service` called `environment`.
    pub fn new(service: impl AsRef<str>, environment: impl AsRef<str>) -> Self {
        Self { service: ServiceName::new(service), environment: EnvironmentName::new(environment) }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} · {}", self.service, self.environment)
    }
}

impl Revision {
    /// The revision of a set of named facts: the first 16 hex digits of the SHA-256 over each name and value, with
    /// their lengths, in the order given. Two lists that differ in any name, value or order differ here.
    pub fn of<'a>(facts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        for (name, value) in facts {
            for part in [name, value] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part.as_bytes());
            }
        }
        Self::new(&super::chain::hex(&hash.finalize())[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revision_tells_apart_where_a_value_ends() {
        assert_ne!(Revision::of([("a", "bc"), ("d", "")]), Revision::of([("a", "b"), ("cd", "")]));
        assert_eq!(Revision::of([("a", "b")]), Revision::of([("a", "b")]));
    }
}
