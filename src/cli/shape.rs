//! Domain nouns in the shapes of the contract. The nouns carry their JSON names; what is added here is when each was
//! seen. Further fields than the contract's are free; none of its is ever left out.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::change::{Changes, Touch, Trace};
use crate::domain::environment::Environment;
use crate::domain::flag::Flag;
use crate::domain::service::Service;
use crate::runtime::journal::Entry;
use crate::store::{Seen, Store};

/// A service with its environments.
pub fn service(store: &Store, seen: &Seen<Service>, now: Timestamp) -> Value {
    let service = &seen.value;
    let stale = stale(store, seen, now);
    json!({
        "name": service.name,
        "repository": service.repository,
        "problem": service.problem,
        "latest_run": service.latest_run,
        "environments": service.environments.iter().map(|it| environment(it, seen.at, stale)).collect::<Vec<_>>(),
        "source": seen.source,
    })
}

fn environment(environment: &Environment, at: Timestamp, stale: bool) -> Value {
    let mut value = json!(environment);
    value["observed_at"] = json!(at);
    value["stale"] = json!(stale);
    value
}

/// Whether what was seen is older than it should be, or its source does not answer.
pub fn stale<T>(store: &Store, seen: &Seen<T>, now: Timestamp) -> bool {
    let failing = store.sources().get(&seen.source).is_some_and(|state| state.problem.is_some());
    failing || store.overdue(&seen.source, seen.at, now).is_some()
}

/// A flag with its state in each environment.
pub fn flag(seen: &Seen<Flag>) -> Value {
    let mut value = json!(seen.value);
    if let Some(states) = value["environments"].as_array_mut() {
        for state in states {
            state["observed_at"] = json!(seen.at);
        }
    }
    value
}

/// What lies between two environments, what in it deserves a second look, and the notes of it.
pub fn changes(store: &Store, changes: &Changes) -> Value {
    let mut value = json!(changes);
    for (file, told) in changes.files.iter().flatten().zip(value["files"].as_array_mut().into_iter().flatten()) {
        told["migration"] = json!(file.is_migration());
    }
    let trace = |trace: &Trace<'_>| match trace {
        Trace::Title(commit) => json!({ "in": "title", "commit": commit.id }),
        Trace::Path(file) => json!({ "in": "path", "path": file.path }),
    };
    let touch = |touch: &Touch<'_>| {
        let found: Vec<_> = touch.traces.iter().map(trace).collect();
        json!({ "key": touch.flag.key, "source": touch.flag.source, "found": found })
    };
    value["flags"] = store.flags_named(changes).iter().map(touch).collect();
    value["notes"] = json!(store.notes(changes));
    value
}

/// An entry of the journal, what it says beside its place in the chain.
pub fn entry(entry: &Entry) -> Value {
    let mut value = entry.says();
    if !value.is_object() {
        value = json!({});
    }
    for key in ["at", "actor", "action", "target", "plan", "reason", "intent", "outcome"] {
        if value.get(key).is_none() {
            value[key] = Value::Null;
        }
    }
    value["seq"] = json!(entry.seq);
    value["hash"] = json!(entry.hash);
    value["previous"] = json!(entry.previous);
    value
}
