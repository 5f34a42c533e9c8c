//! One entry: what it says, and how it stands in its line. The body is kept as the text that was hashed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::Actor;
use crate::app::effect::Record;
use crate::domain::chain::{self, Head};
use crate::domain::text::escaped;

/// One entry as it was written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number; the first is 1.
    pub seq: u64,
    /// The hash of the entry before.
    pub previous: String,
    /// Its own.
    pub hash: String,
    /// What it says, byte for byte.
    pub body: Box<RawValue>,
}

impl Entry {
    /// What it says, as a value.
    pub fn says(&self) -> Value {
        serde_json::from_str(self.body.get()).unwrap_or_default()
    }
}

/// The text of an entry's body; `process` marks whoever writes it.
pub fn body(record: &Record, (actor, process): (&Actor, &str), at: Timestamp, lost: Option<&Head>) -> String {
    let (action, target) = match record {
        Record::Intent { action, target, .. } | Record::Outcome { action, target, .. } => (action, target),
    };
    let mut body = json!({
        "at": at, "actor": actor, "action": action, "target": target,
        "process": process, "plan": null, "reason": null, "intent": null, "outcome": null,
    });
    match record {
        Record::Intent { plan, reason, .. } => {
            body["plan"] = plan.clone();
            body["reason"] = json!(reason);
        }
        Record::Outcome { intent, outcome, .. } => {
            body["intent"] = json!(intent);
            body["outcome"] = outcome.clone();
        }
    }
    if let Some(lost) = lost {
        body["lost"] = json!({ "seq": lost.seq, "hash": lost.hash });
    }
    // The file may be looked at as it is.
    escaped(&body.to_string()).into_owned()
}

/// The line of the entry that follows `head`, and the head that it makes.
pub fn line(head: &Head, body: &str) -> (String, Head) {
    let new = Head { seq: head.seq + 1, hash: chain::link(&head.hash, body) };
    // By hand, so that the body's bytes are those that were hashed.
    let line =
        format!("{{\"seq\":{},\"previous\":\"{}\",\"hash\":\"{}\",\"body\":{body}}}\n", new.seq, head.hash, new.hash);
    (line, new)
}

/// Reads a line, its line feed included or not.
pub fn parse(line: &[u8]) -> Result<Entry, String> {
    serde_json::from_slice(line).map_err(|error| format!("a line is no entry: {error}"))
}

/// The head that a line makes.
pub fn head(line: &[u8]) -> Result<Head, String> {
    parse(line).map(|entry| Head { seq: entry.seq, hash: entry.hash })
}
