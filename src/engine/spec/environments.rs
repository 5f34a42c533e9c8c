//! Reads environments, with their health checks and gates.

use std::collections::HashSet;
use std::time::Duration;

use super::pipeline::{Environment, Gate, Health};
use super::{checks, rollouts};
use crate::config::document::{Table, Value, refuse_twice};
use crate::domain::environment::Tier;
use crate::domain::ids::EnvironmentName;

const KEYS: [&str; 8] = ["name", "tier", "start", "replicas", "health", "gate", "rollout", "auto"];
const TIERS: [&str; 3] = ["development", "staging", "production"];
const ROLES: [&str; 4] = ["viewer", "operator", "release-manager", "admin"];
const MOST_REPLICAS: u32 = 64;
const WITHIN: Duration = Duration::from_secs(30);
const EXPIRES: Duration = Duration::from_hours(7 * 24);

pub(super) fn read(root: &Table<'_, '_>) -> Vec<Environment> {
    let tables = root.each("environment", "[[environment]]", &KEYS);
    refuse_twice(&tables, "name", "environment", &mut HashSet::new());
    let environments: Vec<Environment> = tables.iter().map(environment).collect();
    checks::tiers(&tables, &environments);
    environments
}

fn environment(table: &Table<'_, '_>) -> Environment {
    let name = table.need("name", "name = \"production\"").and_then(|value| value.name()).unwrap_or_default();
    let start = "start = \"./dist/checkout --port $PORT\"";
    Environment {
        tier: tier(table, &name),
        name: EnvironmentName::new(name),
        start: table.need("start", start).and_then(|value| value.filled(start)).unwrap_or_default().to_owned(),
        replicas: table.get("replicas").and_then(|value| value.whole(1..=MOST_REPLICAS)).unwrap_or(1),
        health: table.get("health").and_then(|value| health(&value)),
        gate: table.get("gate").and_then(|value| gate(&value)),
        rollout: rollouts::read(table.get("rollout").as_ref()),
        auto: table.get("auto").and_then(|value| value.flag()).unwrap_or(true),
    }
}

/// The tier as written; without one, an environment that is called as a tier is of it.
fn tier(table: &Table<'_, '_>, name: &str) -> Tier {
    let by_name = || TIERS.iter().copied().find(|tier| *tier == name);
    let word = match table.get("tier") {
        Some(value) => value.word(&TIERS),
        None => by_name().or_else(|| {
            table.need("tier", "tier = \"development\", \"staging\" or \"production\"");
            None
        }),
    };
    word.map(Tier::from_word).unwrap_or_default()
}

fn health(value: &Value<'_, '_>) -> Option<Health> {
    let table = value.table(&["path", "within"], "`health`")?;
    let path = table.need("path", "health = { path = \"/healthz\" }")?;
    let text = path.text()?;
    if !text.starts_with('/') || !text.bytes().all(|b| b.is_ascii_graphic()) {
        path.fault("must be a path on the instance", "it begins with `/` and holds no blank: \"/healthz\"");
    }
    let within = table.get("within").and_then(|value| checks::positive(&value)).unwrap_or(WITHIN);
    Some(Health { path: text.to_owned(), within })
}

fn gate(value: &Value<'_, '_>) -> Option<Gate> {
    let keys = ["approvals", "roles", "self_approval", "expires", "comment_required"];
    let table = value.table(&keys, "`gate`")?;
    Some(Gate {
        approvals: table.get("approvals").and_then(|value| value.whole(1..=100)).unwrap_or(1),
        roles: roles(&table),
        self_approval: table.get("self_approval").and_then(|value| value.flag()).unwrap_or(false),
        expires: table.get("expires").and_then(|value| checks::positive(&value)).unwrap_or(EXPIRES),
        comment_required: table.get("comment_required").and_then(|value| value.flag()).unwrap_or(false),
    })
}

fn roles(gate: &Table<'_, '_>) -> Vec<String> {
    let hint = "roles = [\"release-manager\"]";
    let Some(value) = gate.get("roles") else { return vec!["release-manager".to_owned()] };
    let listed = value.list(hint);
    if listed.is_empty() && value.is_list() {
        value.fault("nobody could ever decide here", hint);
    }
    listed.iter().filter_map(|role| role.word(&ROLES)).map(str::to_owned).collect()
}
