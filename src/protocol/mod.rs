//! The engine's API as serde shapes and paths, spoken by the engine and by its backend. The nouns are the domain's own;
//! here stand only the envelopes: paths, bodies of changes, answers, faults.

pub mod fault;
pub mod paths;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::chain::Sealed;
use crate::domain::environment::Tier;
use crate::domain::flag::FlagValue;
use crate::domain::gate::Verdict;
use crate::domain::ids::Revision;
use crate::domain::order::{Retry, RolloutDeed};
use crate::domain::release::VersionName;
use crate::domain::run::Run;
use crate::domain::text::Text;

/// The header that carries the revision a change rests on, as a quoted string; the engine answers 409 where it moved
/// and 428 where it is missing from a change of something that exists.
pub const IF_MATCH: &str = "If-Match";
/// The header that marks one order: the same key with the same body is answered as the first time and does nothing
/// more; with another body it is refused (422).
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// The header in which an order brings how far the journal of whoever gives it has come; it is kept in the audit.
pub const JOURNAL: &str = "Leverframe-Journal";
/// The header with which an order breaks the glass before an emergency stop; the order gives the reason.
pub const BREAK_GLASS: &str = "Break-Glass";
/// On a piece of a log: the byte at which the piece begins.
pub const LOG_FROM: &str = "X-Log-From";
/// On a piece of a log: how long the log is now.
pub const LOG_TOTAL: &str = "X-Log-Total";
/// On a piece of a log: `true` when nothing will be added.
pub const LOG_ENDED: &str = "X-Log-Ended";

/// Runs of a service, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Runs {
    /// The runs.
    pub runs: Vec<Run>,
}

/// A decision at a gate: `POST` to [`paths::decision`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// For or against.
    pub verdict: Verdict,
    /// What is said.
    pub comment: Option<Text>,
}

/// Bringing a release in: `POST` to [`paths::promote`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promote {
    /// Which release.
    pub version: VersionName,
    /// Why.
    pub reason: Option<Text>,
}

/// Going back: `POST` to [`paths::roll_back`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollBack {
    /// To which release.
    pub version: VersionName,
    /// Why.
    pub reason: Option<Text>,
}

/// Holding automatic deployment or letting it go on: `PUT` to [`paths::hold`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Held or not.
    pub on: bool,
    /// Why.
    pub reason: Option<Text>,
}

/// Calling an emergency stop or taking it back: `PUT` to [`paths::STOP`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// Called or taken back.
    pub on: bool,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
    /// Where it holds; empty is everywhere.
    pub tiers: Vec<Tier>,
    /// Why.
    pub reason: Option<Text>,
}

/// The seals of a journal, the newest first: `GET` of [`paths::seals`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seals {
    /// At most a thousand.
    pub seals: Vec<Sealed>,
}

/// The phrase of a confirmation: `POST` to [`paths::CONFIRMATION_FIND`] and to [`paths::CONFIRMATION_CONFIRM`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// As it was typed.
    pub phrase: Text,
}

/// Moving traffic: `POST` to [`paths::rollout`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// What to do.
    pub deed: RolloutDeed,
    /// Why.
    pub reason: Option<Text>,
}

/// Setting a flag: `PUT` to [`paths::flag`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetFlag {
    /// What it becomes.
    pub value: FlagValue,
    /// Why.
    pub reason: Option<Text>,
}

/// Making a flag: `POST` to [`paths::FLAGS`]. It is off everywhere at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFlag {
    /// Its key, unique in the engine.
    pub key: crate::domain::ids::FlagKey,
    /// What it is for.
    pub kind: crate::domain::flag::FlagKind,
    /// What it does.
    pub description: Option<Text>,
    /// The services that read it; none means all.
    pub services: Vec<crate::domain::ids::ServiceName>,
}

/// Starting a run: `POST` to [`paths::runs`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Of which branch; `None` is the registered one.
    pub branch: Option<Text>,
    /// Why.
    pub reason: Option<Text>,
}

/// Running again: `POST` to [`paths::retry`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// How much of it.
    pub what: Retry,
    /// Why.
    pub reason: Option<Text>,
}

/// Stopping a run: `POST` to [`paths::cancel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    /// Without waiting for its jobs to end in order.
    pub force: bool,
    /// Why.
    pub reason: Option<Text>,
}

/// What a change is answered with: it is durable, and this is the target's revision after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The target's revision now.
    pub revision: Revision,
    /// In words, what was accepted.
    pub message: Text,
    /// The run that was started, for a start.
    pub run: Option<crate::domain::ids::RunKey>,
}

/// Registering a repository: `POST` to [`paths::SERVICES`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// A path on the engine's machine, or a URL.
    pub repository: String,
    /// The branch whose commits run; `None` is the repository's own default.
    pub branch: Option<String>,
}

/// What a registration is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The service, by the name in its pipeline file.
    pub service: crate::domain::ids::ServiceName,
}

/// Making a person's token: `POST` to [`paths::PEOPLE`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// The person.
    pub name: String,
    /// The roles: `viewer`, `operator`, `release-manager`, `admin`.
    pub roles: Vec<String>,
}

/// A person's new token; it is shown once and kept only as a hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The person.
    pub name: String,
    /// The bearer token.
    pub token: String,
}

/// How the engine itself stands: `GET` [`paths::STATUS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineStatus {
    /// Its program version.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// Since when it runs.
    pub started_at: Timestamp,
    /// Why it has paused, if it has: a full disk.
    pub paused: Option<Text>,
    /// How many services it knows.
    pub services: u32,
    /// How many runs are under way.
    pub running: u32,
    /// How many instances it supervises.
    pub instances: u32,
    /// The audit chain: entries, and what is wrong with it.
    pub audit: Audit,
}

/// The state of the engine's audit chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// How many entries it has.
    pub entries: u64,
    /// The hash of the last.
    pub head: String,
    /// What is broken, if anything is.
    pub broken: Option<Text>,
}

/// Entries of the audit: `GET` [`paths::audit`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntries {
    /// In order; at most 1,000 at a time.
    pub entries: Vec<AuditEntry>,
}

/// One entry of the audit, as it is chained: the hash is over the predecessor's hash, a line feed and the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number; the first is 1.
    pub seq: u64,
    /// The predecessor's hash.
    pub previous: String,
    /// Its hash.
    pub hash: String,
    /// What was recorded, as the JSON text that was hashed.
    pub body: String,
}
