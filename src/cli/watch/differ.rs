//! What changed from one look to the next, one difference a line. Pure.

use serde::Serialize;

use crate::domain::environment::Environment;
use crate::domain::ids::{EnvironmentName, FlagKey, ServiceName, SourceName};
use crate::domain::observation::Problem;
use crate::domain::run::{Run, Stage};
use crate::domain::service::Service;
use crate::store::Store;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Change {
    /// What changed: `run`, `stage`, `job`, `state`, `release`, `gate`, `rollout`, `hold`, `flag`, `source`, `service`.
    pub kind: &'static str,
    /// Whose.
    pub service: Option<ServiceName>,
    /// Where.
    pub environment: Option<EnvironmentName>,
    /// Of which run.
    pub run: Option<String>,
    /// Of which flag.
    pub flag: Option<FlagKey>,
    /// Of which source.
    pub source: Option<SourceName>,
    /// Its stage or job.
    pub name: Option<String>,
    /// As it was; nothing, if it was not there.
    pub before: Option<String>,
    /// As it is; nothing, if it is gone.
    pub after: Option<String>,
    /// In words.
    pub message: String,
}

impl Change {
    /// What it is about, for people.
    pub fn subject(&self) -> String {
        let parts = [
            self.service.as_ref().map(ToString::to_string),
            self.environment.as_ref().map(ToString::to_string),
            self.run.clone(),
            self.flag.as_ref().map(|flag| format!("flag {flag}")),
            self.source.as_ref().map(|source| format!("source {source}")),
            self.name.clone(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// A source that fails, or answers again.
    pub fn source(source: &SourceName, before: Option<&Problem>, after: Option<&Problem>) -> Self {
        let word = |problem: Option<&Problem>| Some(problem.map_or("answers", |it| it.kind.as_str()).to_owned());
        let message = after.map_or_else(|| "answers again".to_owned(), |problem| problem.message.to_string());
        let (before, after) = (word(before), word(after));
        Self { kind: "source", source: Some(source.clone()), before, after, message, ..Self::default() }
    }

    /// The same with its values, and words for them; `None` if nothing differs.
    fn from(self, before: Option<String>, after: Option<String>) -> Option<Self> {
        if before == after {
            return None;
        }
        let none = || "none".to_owned();
        let (was, is) = (before.clone().unwrap_or_else(none), after.clone().unwrap_or_else(none));
        let what = if matches!(self.kind, "run" | "stage" | "job" | "state") { "" } else { self.kind };
        let moved = if before.is_some() { format!("{was} → {is}") } else { is };
        let message = format!("{what} {moved}").trim_start().to_owned();
        Some(Self { before, after, message, ..self })
    }
}

/// What differs between two looks, in one service or in all.
pub fn differences(before: &Store, after: &Store, only: Option<&ServiceName>) -> Vec<Change> {
    let shown = |name: &ServiceName| only.is_none_or(|only| only == name);
    let mut changes = Vec::new();
    for (name, state) in after.sources() {
        let was = before.sources().get(name).and_then(|state| state.problem.as_ref());
        let is = state.problem.as_ref();
        if was.map(|problem| problem.kind) != is.map(|problem| problem.kind) {
            changes.push(Change::source(name, was, is));
        }
    }
    for seen in after.services().filter(|seen| shown(&seen.value.name)) {
        let was = before.service(&seen.value.name).map(|seen| &seen.value);
        changes.extend(of_service(was, &seen.value));
    }
    for seen in before.services().filter(|seen| shown(&seen.value.name)) {
        if after.service(&seen.value.name).is_none() {
            let service = Some(seen.value.name.clone());
            let change = Change { kind: "service", service, ..Change::default() };
            changes.extend(change.from(Some("there".into()), None));
        }
    }
    changes.extend(of_flags(before, after, only));
    changes
}

fn of_service(before: Option<&Service>, after: &Service) -> Vec<Change> {
    let mut changes = Vec::new();
    let was = before.and_then(|service| service.latest_run.as_ref());
    if let Some(run) = &after.latest_run {
        changes.extend(differences_of_run(was.filter(|was| was.id == run.id), run));
    }
    for environment in &after.environments {
        let was = before.and_then(|service| service.environment(&environment.name));
        changes.extend(of_environment(&after.name, was, environment));
    }
    changes
}

fn of_environment(service: &ServiceName, before: Option<&Environment>, after: &Environment) -> Vec<Change> {
    type Read = fn(&Environment) -> Option<String>;
    let facts: [(&'static str, Read); 5] = [
        ("state", |it| Some(it.state.to_string())),
        ("release", |it| it.release.as_ref().map(|release| release.version.to_string())),
        ("gate", gates),
        ("rollout", rollout),
        ("hold", |it| Some(if it.held { "held" } else { "not held" }.to_owned())),
    ];
    let (service, environment) = (Some(service.clone()), Some(after.name.clone()));
    let change =
        |kind| Change { kind, service: service.clone(), environment: environment.clone(), ..Change::default() };
    facts.iter().filter_map(|(kind, read)| change(kind).from(before.and_then(read), read(after))).collect()
}

fn gates(environment: &Environment) -> Option<String> {
    let gates = environment
        .gates()
        .map(|gate| format!("{} {} ({} of {})", gate.run_key(), gate.state, gate.approvals.have, gate.approvals.need));
    let gates: Vec<_> = gates.collect();
    (!gates.is_empty()).then(|| gates.join(", "))
}

fn rollout(environment: &Environment) -> Option<String> {
    let rollout = environment.rollout.as_ref()?;
    let candidate = rollout.candidate.as_ref().filter(|_| rollout.phase.under_way());
    let candidate = candidate.map(|side| format!("{} ", side.version)).unwrap_or_default();
    let weight = rollout.actual_weight.map(|weight| format!(" {weight}")).unwrap_or_default();
    let active = rollout.active.as_ref().map(|side| format!(", {} serves", side.color)).unwrap_or_default();
    Some(format!("{candidate}{}{weight}{active}", rollout.phase))
}

fn of_flags(before: &Store, after: &Store, only: Option<&ServiceName>) -> Vec<Change> {
    let mut changes = Vec::new();
    for seen in after.flags() {
        let flag = &seen.value;
        if only.is_some_and(|only| !flag.services.contains(only)) {
            continue;
        }
        let was = before.flag(&flag.source, &flag.key);
        for state in &flag.environments {
            let was = was.and_then(|seen| seen.value.environments.iter().find(|was| was.name == state.name));
            let (flag, environment) = (Some(flag.key.clone()), Some(state.name.clone()));
            let change = Change { kind: "flag", flag, environment, ..Change::default() };
            changes.extend(change.from(was.map(ToString::to_string), Some(state.to_string())));
        }
    }
    changes
}

/// What differs in a run; all of it, if it was not seen before.
pub fn differences_of_run(before: Option<&Run>, after: &Run) -> Vec<Change> {
    let change = |kind, name: Option<String>| Change {
        kind,
        service: Some(after.service.clone()),
        run: Some(after.key().to_string()),
        name,
        ..Change::default()
    };
    let status = |run: &Run| Some(run.status.to_string());
    let mut changes = Vec::new();
    for stage in &after.stages {
        let was = before.and_then(|run| run.stages.iter().find(|was| was.name == stage.name));
        let (was_word, is) = (was.map(|stage| stage.status.to_string()), Some(stage.status.to_string()));
        changes.extend(change("stage", Some(stage.name.to_string())).from(was_word, is));
        for (job, was, is) in of_jobs(was, stage) {
            changes.extend(change("job", Some(job)).from(was, is));
        }
    }
    changes.extend(change("run", None).from(before.and_then(status), status(after)));
    changes
}

fn of_jobs<'a>(
    before: Option<&'a Stage>,
    after: &'a Stage,
) -> impl Iterator<Item = (String, Option<String>, Option<String>)> + 'a {
    after.jobs.iter().map(move |job| {
        let was = before.and_then(|stage| stage.jobs.iter().find(|was| was.name == job.name));
        let name = format!("{}/{}", after.name, job.name);
        (name, was.map(|job| job.status.to_string()), Some(job.status.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_first_seen_has_no_before_and_what_is_equal_is_no_change() {
        let change = || Change { kind: "gate", ..Change::default() };
        assert_eq!(change().from(Some("a".into()), Some("a".into())), None);
        let seen = change().from(None, Some("waiting".into())).unwrap();
        assert_eq!((seen.before, seen.message.as_str()), (None, "gate waiting"));
        let gone = change().from(Some("waiting".into()), None).unwrap();
        assert_eq!((gone.after, gone.message.as_str()), (None, "gate waiting → none"));
    }
}
