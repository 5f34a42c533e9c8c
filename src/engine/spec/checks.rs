//! What must hold between the parts of a file, beyond each part's own shape.

use std::time::Duration;

use super::pipeline::{Environment, Stage, Step};
use crate::config::document::{Table, Value};
use crate::domain::run::StageKind;

/// A release stage stands at most once, before any environment, and after all that makes artifacts.
pub(super) fn stages(root: &Table<'_, '_>, tables: &[Table<'_, '_>], stages: &[Stage]) {
    let mut released = false;
    for (table, stage) in tables.iter().zip(stages) {
        if stage.kind == StageKind::Release {
            if released {
                table.fault("kind", "there is a second release stage", "a run makes one release: keep one of the two");
            }
            released = true;
        } else if released && stage.jobs.iter().any(|job| !job.artifacts.is_empty()) {
            table.fault(
                "job",
                "has artifacts that come too late for the release",
                "move the stage before the release stage, or leave `artifacts` out",
            );
        }
        if root.names("environment").any(|name| name == stage.name) && !stage.name.is_empty() {
            table.fault("name", "an environment has the same name", "a stage is never an environment: rename one");
        }
    }
    if !released && root.get("environment").is_some() {
        let hint = "add [[stage]] with name = \"release\" and kind = \"release\"";
        root.fault("environment", "there is nothing to deploy: no stage makes a release", hint);
    }
}

/// Tiers never fall from one environment to the next.
pub(super) fn tiers(tables: &[Table<'_, '_>], environments: &[Environment]) {
    for (table, pair) in tables.iter().skip(1).zip(environments.windows(2)) {
        let [before, here] = pair else { continue };
        if here.tier < before.tier {
            let message = format!("{} comes after {} ({})", here.tier, before.tier, before.name);
            table.fault("tier", &message, "order the environments development, staging, production");
        }
    }
}

/// A ladder rises with every rung and ends at 100.
pub(super) fn ladder(whole: &Value<'_, '_>, rungs: &[Value<'_, '_>], steps: &[Step]) {
    let hint = "each step takes more than the one before, and the last takes all: [5, 25, 50, 100]";
    for (rung, pair) in rungs.iter().skip(1).zip(steps.windows(2)) {
        if let [before, here] = pair
            && here.weight <= before.weight
        {
            rung.fault(&format!("the step {} does not rise above {}", here.weight, before.weight), hint);
        }
    }
    match steps.last() {
        None => whole.fault("a canary needs at least one step", hint),
        Some(last) if last.weight.percent() != 100 => whole.fault("the last step is not 100", hint),
        Some(_) => {}
    }
}

/// A glob that stays inside of the checkout and can be understood.
pub(super) fn glob(value: &Value<'_, '_>) -> Option<String> {
    let glob = value.filled("artifacts = [\"dist/**\"]")?;
    if glob.starts_with('/') || glob.split('/').any(|part| part == "..") {
        value.fault("leads out of the checkout", "write it relative to the repository's root, without `..`");
        return None;
    }
    if let Err(error) = globset::Glob::new(glob) {
        value.fault(&format!("is no glob: {}", error.kind()), "`*` stays in a folder, `**` passes folders");
        return None;
    }
    Some(glob.to_owned())
}

/// A duration that is more than nothing.
pub(super) fn positive(value: &Value<'_, '_>) -> Option<Duration> {
    let duration = value.duration()?;
    if duration.is_zero() {
        value.fault("must be longer than nothing", "");
        return None;
    }
    Some(duration)
}
