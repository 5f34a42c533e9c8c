//! Reads how traffic moves: replace, canary with its ladder and verdict, blue/green.

use std::time::Duration;

use super::checks;
use super::pipeline::{Canary, Conditions, Limit, OnFail, Rollout, Step};
use super::units::Percent;
use crate::config::document::{Table, Value, duration};
use crate::domain::rollout::Weight;

const KINDS: [&str; 3] = ["replace", "canary", "blue_green"];
const BAKE: Duration = Duration::from_mins(5);
const KEEP_IDLE: Duration = Duration::from_mins(30);
const SAMPLES: u32 = 50;

/// The rollout as written; without one, a new release replaces the old.
pub(super) fn read(value: Option<&Value<'_, '_>>) -> Rollout {
    value.and_then(rollout).unwrap_or(Rollout::Replace)
}

fn rollout(value: &Value<'_, '_>) -> Option<Rollout> {
    let kind = value.peek("kind").unwrap_or_default();
    let known: &[&'static str] = match kind {
        "canary" => &["kind", "steps", "bake", "verdict", "on_fail"],
        "blue_green" => &["kind", "keep_idle"],
        "replace" => &["kind"],
        _ => &["kind", "steps", "bake", "verdict", "on_fail", "keep_idle"],
    };
    let place = if KINDS.contains(&kind) { format!("a {kind} rollout") } else { "`rollout`".to_owned() };
    let table = value.table(known, &place)?;
    match table.need("kind", "rollout = { kind = \"replace\" }")?.word(&KINDS)? {
        "canary" => Some(Rollout::Canary(canary(&table))),
        "blue_green" => {
            let keep_idle = table.get("keep_idle").and_then(|value| value.duration()).unwrap_or(KEEP_IDLE);
            Some(Rollout::BlueGreen { keep_idle })
        }
        _ => Some(Rollout::Replace),
    }
}

fn canary(table: &Table<'_, '_>) -> Canary {
    let hint = "steps = [5, 25, 50, 100]";
    let bake = table.get("bake").and_then(|value| value.duration()).unwrap_or(BAKE);
    let written = table.need("steps", hint).map(|value| (value.list(hint), value));
    let steps: Vec<Step> = written.iter().flat_map(|(steps, _)| steps).filter_map(|step| rung(step, bake)).collect();
    if let Some((rungs, value)) = written.filter(|(rungs, value)| value.is_list() && rungs.len() == steps.len()) {
        checks::ladder(&value, &rungs, &steps);
    }
    Canary {
        steps,
        verdict: table.get("verdict").and_then(|value| conditions(&value)),
        on_fail: match table.get("on_fail").and_then(|value| value.word(&["abort", "pause"])) {
            Some("pause") => OnFail::Pause,
            _ => OnFail::Abort,
        },
    }
}

fn rung(value: &Value<'_, '_>, bake: Duration) -> Option<Step> {
    let weight = |value: &Value<'_, '_>| Weight::new(u8::try_from(value.whole(0..=100)?).ok()?);
    if !value.is_table() {
        return Some(Step { weight: weight(value)?, manual: false, bake });
    }
    let table = value.table(&["weight", "manual", "bake"], "a step")?;
    Some(Step {
        weight: weight(&table.need("weight", "{ weight = 25, manual = true }")?)?,
        manual: table.get("manual").and_then(|value| value.flag()).unwrap_or(false),
        bake: table.get("bake").and_then(|value| value.duration()).unwrap_or(bake),
    })
}

fn conditions(value: &Value<'_, '_>) -> Option<Conditions> {
    let table = value.table(&["errors", "p95", "p99", "samples"], "`verdict`")?;
    let verdict = Conditions {
        errors: table.get("errors").and_then(|value| share(&value)),
        p95: table.get("p95").and_then(|value| latency(&value)),
        p99: table.get("p99").and_then(|value| latency(&value)),
        samples: table.get("samples").and_then(|value| value.whole(1..=1_000_000)).unwrap_or(SAMPLES).into(),
    };
    if ["errors", "p95", "p99"].iter().all(|key| table.get(key).is_none()) {
        value.fault("a verdict needs something to judge", "verdict = { errors = \"1 %\", p95 = \"+10 %\" }");
    }
    Some(verdict)
}

fn share(value: &Value<'_, '_>) -> Option<Limit> {
    let share = Percent::read(value.text()?).ok().filter(|share| share.get() <= 100.0);
    if share.is_none() {
        value.fault("must be a share of the requests", "write the most that may fail: \"1 %\"");
    }
    share.map(Limit::Share)
}

fn latency(value: &Value<'_, '_>) -> Option<Limit> {
    let text = value.text()?.trim();
    let limit = match text.strip_prefix('+') {
        Some(rise) => Percent::read(rise).ok().map(Limit::Rise),
        None => duration::read(text).ok().filter(|most| !most.is_zero()).map(Limit::Latency),
    };
    if limit.is_none() {
        value.fault(
            "must be a latency, or a rise over the stable release's",
            "\"+10 %\" is ten per cent more than the stable release, \"250ms\" a limit of its own",
        );
    }
    limit
}
