//! Reads stages, their jobs, and the flags that a service declares.

use std::collections::HashSet;
use std::time::Duration;

use super::checks;
use super::pipeline::{Flag, Job, Stage, VersionScheme};
use crate::config::document::{Table, Value, refuse_twice};
use crate::domain::flag::FlagKind;
use crate::domain::ids::{FlagKey, JobName};
use crate::domain::run::StageKind;

const KINDS: [&str; 5] = ["build", "test", "release", "deploy", "other"];
const FLAG_KINDS: [&str; 6] = ["release", "experiment", "operational", "kill_switch", "permission", "other"];
const TIMEOUT: Duration = Duration::from_mins(30);

pub(super) fn read(root: &Table<'_, '_>) -> Vec<Stage> {
    let tables = root.each("stage", "[[stage]]", &["name", "kind", "job", "version"]);
    if tables.is_empty() && root.get("stage").is_none_or(|value| value.is_list()) {
        root.fault("stage", "there is no stage", "add [[stage]] with name, kind and at least one [[stage.job]]");
    }
    let mut seen = HashSet::new();
    refuse_twice(&tables, "name", "stage", &mut seen);
    let mut jobs = HashSet::new();
    let stages: Vec<Stage> = tables.iter().map(|table| stage(table, &mut jobs)).collect();
    checks::stages(root, &tables, &stages);
    stages
}

fn stage(table: &Table<'_, '_>, seen: &mut HashSet<String>) -> Stage {
    let name = table.need("name", "name = \"build\"").and_then(|value| value.name()).unwrap_or_default();
    let kind = match table.get("kind") {
        Some(value) => value.word(&KINDS).unwrap_or_default(),
        None => KINDS.iter().copied().find(|kind| *kind == name).unwrap_or("other"),
    };
    let kind = if kind == "other" { StageKind::Other } else { StageKind::from_word(kind) };
    let tables = table.each("job", "[[stage.job]]", &["name", "run", "artifacts", "timeout", "repeatable"]);
    if tables.is_empty() && kind != StageKind::Release {
        table.fault("job", "a stage needs at least one job", "add [[stage.job]] with name and run");
    }
    refuse_twice(&tables, "name", "job of the file", seen);
    let version = table.get("version");
    if let Some(value) = version.as_ref().filter(|_| kind != StageKind::Release) {
        value.fault("only a stage of kind \"release\" has a version", "set kind = \"release\", or leave it out");
    }
    let version = (kind == StageKind::Release).then(|| version.map_or(VersionScheme::Git, |v| version_scheme(&v)));
    Stage { name, kind, jobs: tables.iter().map(job).collect(), version }
}

fn version_scheme(value: &Value<'_, '_>) -> VersionScheme {
    if value.is_table() {
        value.fault("a version by `command` is not supported yet", "leave it out or write version = \"git\"");
    } else if value.text().is_some_and(|text| text != "git") {
        value.fault("a release gets its version from git", "leave it out or write version = \"git\"");
    }
    VersionScheme::Git
}

fn job(table: &Table<'_, '_>) -> Job {
    let hint = "run = [\"make test\"]";
    let name = table.need("name", "name = \"compile\"").and_then(|value| value.name()).unwrap_or_default();
    let lines = table.need("run", hint).map(|value| (value.list(hint), value));
    let run: Vec<String> = lines.iter().flat_map(|(lines, _)| lines).filter_map(|line| filled(line, hint)).collect();
    if let Some((_, value)) = lines.as_ref().filter(|(lines, value)| lines.is_empty() && value.is_list()) {
        value.fault("a job needs at least one command", hint);
    }
    let globs = table.get("artifacts").map(|value| value.list("artifacts = [\"dist/**\"]")).unwrap_or_default();
    Job {
        name: JobName::new(name),
        run,
        artifacts: globs.iter().filter_map(checks::glob).collect(),
        timeout: table.get("timeout").map_or(Some(TIMEOUT), |value| checks::positive(&value)).unwrap_or(TIMEOUT),
        repeatable: table.get("repeatable").and_then(|value| value.flag()).unwrap_or(false),
    }
}

fn filled(line: &Value<'_, '_>, hint: &str) -> Option<String> {
    line.filled(hint).map(str::to_owned)
}

pub(super) fn read_flags(root: &Table<'_, '_>) -> Vec<Flag> {
    let tables = root.each("flag", "[[flag]]", &["key", "kind", "description"]);
    refuse_twice(&tables, "key", "flag", &mut HashSet::new());
    tables.iter().map(flag).collect()
}

fn flag(table: &Table<'_, '_>) -> Flag {
    let key = table.need("key", "key = \"new-search\"").and_then(|value| value.name()).unwrap_or_default();
    let kind = table.get("kind").and_then(|value| value.word(&FLAG_KINDS)).unwrap_or("release");
    let description = table.get("description").and_then(|value| value.text()).map(str::to_owned);
    let kind = if kind == "other" { FlagKind::Other } else { FlagKind::from_word(kind) };
    Flag { key: FlagKey::new(key), kind, description }
}
