//! Start a run of a service's pipeline.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::plan::{Action, Plan, Target};
use super::target::{self, Draft, Toward};
use super::unavailable::Unavailable;
use crate::domain::ids::ServiceName;
use crate::domain::order::{Deed, PipelineDeed};
use crate::domain::text::Text;
use crate::store::Seen;

/// The plan to start a run of `branch`, or of the branch that the service is registered with.
pub fn start_run(world: &World<'_>, service: &ServiceName, branch: Option<&Text>) -> Result<Plan, Unavailable> {
    let seen = target::service(world, service)?;
    let latest = seen.value.latest_run.as_ref();
    let before = latest.map_or_else(|| "no run yet".into(), |run| format!("run {} {}", run.key(), run.status));
    let branch_name = branch.map_or_else(|| "the registered branch".into(), ToString::to_string);
    let draft = Draft {
        action: Action::Start,
        title: "Start run",
        before,
        after: format!("a new run of {branch_name}"),
        about: Some("it goes through the environments as the pipeline says".into()),
        deed: Deed::Pipeline(PipelineDeed::Start { service: service.clone(), branch: branch.cloned() }),
        expectation: Expectation::Started(None),
        limit: Duration::from_mins(1),
        interlocks: Vec::new(),
        undo: "cancel the run".into(),
        toward: Toward::Users,
    };
    let target =
        Target { path: service.as_str().into(), name: Text::new(service.as_str()), environment: None, tier: None };
    Ok(draft.finish(world, target, None, &Seen { value: (), source: seen.source.clone(), at: seen.at }))
}
