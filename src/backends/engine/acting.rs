//! What an engine can be told: the exact calls, and sending them.

use async_trait::async_trait;
use serde::Serialize;

use super::Engine;
use crate::backends::http::Change;
use crate::capabilities::CapabilityError;
use crate::capabilities::calls::{Calls, Sent};
use crate::capabilities::deployments::Deployments;
use crate::capabilities::flags::Flags;
use crate::capabilities::gates::Gates;
use crate::capabilities::pipelines::Pipelines;
use crate::capabilities::rollouts::Rollouts;
use crate::capabilities::stops::Stops;
use crate::domain::ids::{Place, RunKey, ServiceName};
use crate::domain::order::{Call, DeploymentDeed, FlagDeed, GateDeed, Order, PipelineDeed, RolloutDeed, StopDeed};
use crate::domain::run::Run;
use crate::domain::text::Text;
use crate::protocol::{self, Accepted, paths};

#[async_trait]
impl Pipelines for Engine {
    async fn runs(&self, service: &ServiceName) -> Result<Vec<Run>, CapabilityError> {
        let list: protocol::Runs = self.http.read(&paths::runs(service)).await?;
        Ok(list.runs)
    }

    async fn run(&self, run: &RunKey) -> Result<Run, CapabilityError> {
        self.http.read(&paths::run(run)).await
    }

    fn calls(&self, deed: &PipelineDeed, order: &Order) -> Vec<Call> {
        let reason = order.reason.clone();
        match deed {
            PipelineDeed::Start { service, branch } => {
                call("POST", paths::runs(service), &protocol::Start { branch: branch.clone(), reason }, order)
            }
            PipelineDeed::Retry { run, what } => {
                call("POST", paths::retry(run), &protocol::Again { what: what.clone(), reason }, order)
            }
            PipelineDeed::Cancel { run, force } => {
                call("POST", paths::cancel(run), &protocol::Cancel { force: *force, reason }, order)
            }
        }
    }
}

impl Gates for Engine {
    fn calls(&self, deed: &GateDeed, order: &Order) -> Vec<Call> {
        let comment = deed.comment.clone().or_else(|| order.reason.clone());
        call("POST", paths::decision(&deed.gate), &protocol::Decide { verdict: deed.verdict, comment }, order)
    }
}

impl Deployments for Engine {
    fn calls(&self, place: &Place, deed: &DeploymentDeed, order: &Order) -> Vec<Call> {
        let reason = order.reason.clone();
        match deed {
            DeploymentDeed::Promote(version) => {
                let version = version.clone();
                call("POST", paths::promote(place), &protocol::Promote { version, reason }, order)
            }
            DeploymentDeed::RollBack(version) => {
                let version = version.clone();
                call("POST", paths::roll_back(place), &protocol::RollBack { version, reason }, order)
            }
            DeploymentDeed::Hold(on) => call("PUT", paths::hold(place), &protocol::Hold { on: *on, reason }, order),
        }
    }
}

impl Rollouts for Engine {
    fn calls(&self, place: &Place, deed: &RolloutDeed, order: &Order) -> Vec<Call> {
        let body = protocol::Shift { deed: *deed, reason: order.reason.clone() };
        call("POST", paths::rollout(place), &body, order)
    }
}

impl Flags for Engine {
    fn calls(&self, deed: &FlagDeed, order: &Order) -> Vec<Call> {
        let body = protocol::SetFlag { value: deed.value, reason: order.reason.clone() };
        call("PUT", paths::flag(&deed.flag, &deed.environment), &body, order)
    }
}

impl Stops for Engine {
    fn calls(&self, deed: &StopDeed, order: &Order) -> Vec<Call> {
        let StopDeed { on, until, tiers } = deed.clone();
        call("PUT", paths::STOP.to_owned(), &protocol::Freeze { on, until, tiers, reason: order.reason.clone() }, order)
    }
}

/// The one call of an order: with the revision that must still hold, and the order's mark.
pub(super) fn call(verb: &str, target: String, body: &impl Serialize, order: &Order) -> Vec<Call> {
    let mut headers = Vec::new();
    if let Some(revision) = &order.expect {
        headers.push((protocol::IF_MATCH.to_owned(), format!("\"{}\"", revision.as_str())));
    }
    if order.breaks {
        headers.push((protocol::BREAK_GLASS.to_owned(), "yes".to_owned()));
    }
    headers.push((protocol::IDEMPOTENCY_KEY.to_owned(), order.key.as_str().to_owned()));
    vec![Call { verb: Text::new(verb), target, headers, body: serde_json::to_value(body).ok() }]
}

#[async_trait]
impl Calls for Engine {
    async fn send(&self, call: &Call) -> Result<Sent, CapabilityError> {
        let Call { verb, target, headers, body } = call;
        let change = Change { method: verb.as_str(), path: target, headers, body: body.as_ref() };
        let answer = self.http.write(&change).await?;
        let accepted: Accepted = answer.json().map_err(|error| self.http.unread(&error))?;
        Ok(Sent { run: accepted.run })
    }
}
