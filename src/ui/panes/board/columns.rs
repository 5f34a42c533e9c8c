//! What the board's list can be narrowed by: the newest run, its stages, and each environment.

use super::Selected;
use crate::domain::environment::{Environment, EnvironmentState, Tier};
use crate::domain::filter::{Column, Facet, Filter, Value};
use crate::domain::gate::GateState;
use crate::domain::ids::ServiceName;
use crate::domain::rollout::Phase;
use crate::domain::run::{Run, Status};
use crate::store::Store;
use crate::store::attention::{self, Attention};
use crate::ui::panes::filtering::all;

/// The columns.
pub const COLUMNS: &[Column] = &[
    Column::text(&["service"]),
    Column::text(&["env", "environment"]),
    Column::word(&["state"], states),
    Column::age(&["age"]),
    Column::text(&["version", "release"]),
    Column::text(&["by", "author"]),
    Column::count(&["behind"]),
    Column::text(&["stage"]),
    Column::text(&["branch"]),
    Column::text(&["title"]),
    Column::word(&["tier"], || all(Tier::ALL, Tier::as_str)),
    Column::word(&["need"], || all(Attention::ALL, Attention::as_str)),
    Column::text(&["source"]),
];

/// Everything that a run, a gate, a rollout or an environment can be.
fn states() -> Vec<&'static str> {
    let mut states = all(Status::ALL, Status::as_str);
    states.extend(all(EnvironmentState::ALL, EnvironmentState::as_str));
    states.extend(all(Phase::ALL, Phase::as_str));
    states.extend(all(GateState::ALL, GateState::as_str));
    states.extend(["held", "unknown"]);
    states.sort_unstable();
    states.dedup();
    states
}

/// Whether the service called `name` passes.
pub fn passes(filter: &Filter, store: &Store, name: &ServiceName, now: jiff::Timestamp) -> bool {
    let Some(seen) = store.service(name) else { return false };
    let visible = name.visible();
    let need = match attention::of(&seen.value) {
        Attention::Calm => "",
        need => need.as_str(),
    };
    filter.passes(now, &[&visible, need], || facets(seen))
}

/// The service's own facet, and its parts: the run, its stages and the environments.
fn facets(seen: Selected<'_>) -> (Facet<'_>, impl Iterator<Item = Facet<'_>>) {
    let service = &seen.value;
    let own = vec![
        ("service", Value::text(service.name.visible())),
        ("source", Value::text(seen.source.visible())),
        ("need", Value::text(attention::of(service).as_str())),
    ];
    (own, service.latest_run.iter().flat_map(run).chain(service.environments.iter().map(environment)))
}

/// The run, and each of its stages.
fn run(run: &Run) -> Vec<Facet<'_>> {
    let mut whole = vec![
        ("branch", Value::text(run.branch.as_str())),
        ("title", Value::text(run.title.as_str())),
        ("by", Value::text(run.author.as_str())),
    ];
    whole.extend(run.release.iter().map(|version| ("version", Value::text(version.visible()))));
    whole.extend(run.created_at.or(run.started_at).map(|at| ("age", Value::At(at))));
    let with = |more: Facet<'static>| whole.iter().cloned().chain(more).collect::<Facet<'_>>();
    let stages = run.stages.iter().map(|stage| {
        let mut facet = with(vec![("state", Value::text(stage.status.as_str()))]);
        facet.push(("stage", Value::text(stage.name.as_str())));
        facet
    });
    [with(vec![("state", Value::text(run.status.as_str()))])].into_iter().chain(stages).collect()
}

fn environment(environment: &Environment) -> Facet<'_> {
    let mut facet = vec![
        ("env", Value::text(environment.name.visible())),
        ("tier", Value::text(environment.tier.as_str())),
        ("state", Value::text(environment.state.as_str())),
    ];
    facet.extend(environment.gates().map(|gate| ("state", Value::text(gate.state.as_str()))));
    facet.extend(environment.rollout.iter().map(|rollout| ("state", Value::text(rollout.phase.as_str()))));
    facet.extend(environment.held.then(|| ("state", Value::text("held"))));
    if let Some(release) = &environment.release {
        facet.push(("version", Value::text(release.version.visible())));
        facet.extend(release.deployed_at.map(|at| ("age", Value::At(at))));
        facet.extend(release.deployed_by.iter().map(|by| ("by", Value::text(by.as_str()))));
    }
    let behind = environment.behind.and_then(|behind| behind.changes);
    facet.extend(behind.map(|changes| ("behind", Value::Count(u64::from(changes)))));
    facet
}
