//! What the deeds share: finding the place, and the plan with everything filled in that is the same for all.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::facts::facts;
use super::interlocks::{
    Interlock, State, four_eyes, freeze, freshness, glass, lookalike, permission, rate_budget, read_only, stop,
};
use super::plan::{Action, Plan, Target};
use super::policy::TierPolicy;
use super::unavailable::Unavailable;
use crate::domain::environment::{Environment, Tier};
use crate::domain::ids::{Place, Revision, RunKey, ServiceName, SourceName};
use crate::domain::order::{Deed, Order};
use crate::domain::run::Run;
use crate::domain::service::Service;
use crate::domain::text::Text;
use crate::store::Seen;

/// A place as it is known.
pub struct Found<'a> {
    /// The service.
    pub service: &'a Service,
    /// The environment.
    pub environment: &'a Environment,
    /// Where the knowledge comes from and when it was true.
    pub seen: Seen<()>,
}

/// The place, or that there is none.
pub fn place<'a>(world: &World<'a>, place: &Place) -> Result<Found<'a>, Unavailable> {
    let seen = service(world, &place.service)?;
    let environment = seen.value.environment(&place.environment).ok_or_else(|| {
        let known = names(seen.value.environments.iter().map(|environment| &environment.name));
        Unavailable::not_found(format!("{} has no environment `{}`; it has {known}", place.service, place.environment))
    })?;
    Ok(Found { service: &seen.value, environment, seen: Seen { value: (), source: seen.source.clone(), at: seen.at } })
}

/// The service, or that there is none.
pub fn service<'a>(world: &World<'a>, name: &ServiceName) -> Result<&'a Seen<Service>, Unavailable> {
    world.store.service(name).ok_or_else(|| {
        let known = names(world.store.services().map(|seen| &seen.value.name));
        Unavailable::not_found(format!("there is no service `{name}`; there is {known}"))
    })
}

/// The run, or that there is none.
pub fn run<'a>(world: &World<'a>, key: &RunKey) -> Result<Seen<&'a Run>, Unavailable> {
    service(world, &key.service)?;
    world.store.run(key).ok_or_else(|| Unavailable::not_found(format!("there is no run `{key}`")))
}

/// `a, b and c`, for saying what there is instead.
fn names<T: std::fmt::Display>(known: impl Iterator<Item = T>) -> String {
    let known: Vec<_> = known.map(|name| name.to_string()).collect();
    match known.split_last() {
        None => "none".into(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

impl Found<'_> {
    /// The rules that hold there.
    pub fn rules(&self, world: &World<'_>) -> TierPolicy {
        world.policy.tier(self.environment.tier)
    }
}

/// What is particular to a plan.
pub struct Draft {
    pub action: Action,
    pub title: &'static str,
    pub before: String,
    pub after: String,
    pub about: Option<String>,
    pub deed: Deed,
    pub expectation: Expectation,
    pub limit: Duration,
    pub interlocks: Vec<Interlock>,
    pub undo: String,
    pub toward: Toward,
}

/// Which way a deed goes. What takes back or stops is never held up by a rule that is there to keep new things out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// Something new comes to the users, or may come by itself from then on.
    Users,
    /// What was comes back, or what moves is stopped.
    Safety,
}

impl Draft {
    /// The plan for a place.
    pub fn at(self, world: &World<'_>, found: &Found<'_>) -> Plan {
        let target = Target {
            path: format!("{}/{}", found.service.name, found.environment.name),
            name: Text::new(found.service.name.as_str()),
            environment: Some(Text::new(found.environment.name.as_str())),
            tier: Some(found.environment.tier),
        };
        self.finish(world, target, Some(found.environment.revision.clone()), &found.seen)
    }

    /// The plan for `target`, resting on `revision` as it was seen.
    pub fn finish(self, world: &World<'_>, target: Target, revision: Option<Revision>, seen: &Seen<()>) -> Plan {
        let mut interlocks = vec![freshness::freshness(world, &seen.source, seen.at)];
        interlocks.extend(rate_budget::rate_budget(world, &seen.source, self.limit));
        interlocks.extend(read_only::read_only(world));
        interlocks.push(permission::permission(world, &seen.source));
        interlocks.extend(lookalike::lookalike([&target.name].into_iter().chain(&target.environment)));
        let tier = target.tier.filter(|_| self.toward == Toward::Users);
        let stops: Vec<_> = tier.map(|tier| stop::stop(world.store, tier, world.now)).unwrap_or_default();
        let stopped = interlocks.len()..interlocks.len() + stops.len();
        interlocks.extend(stops);
        interlocks.extend(tier.and_then(|tier| freeze::freeze(world.policy, tier, world.now)));
        interlocks.extend(self.interlocks);
        let rules = target.tier.map(|tier: Tier| world.policy.tier(tier));
        let eyes = rules.filter(|_| tier.is_some()).and_then(|rules| four_eyes::four_eyes(world, &seen.source, &rules));
        let (eyes, second) = eyes.unzip();
        interlocks.extend(eyes);
        glass::broken(&mut interlocks, world.operator.glass.as_ref(), &rules.unwrap_or_default(), world.now);
        let breakable = glass::breakable(&interlocks, &rules.unwrap_or_default());
        let breaks = interlocks[stopped].iter().any(|stop| stop.state == State::Caution);
        let order = Order { breaks, ..order(world, &seen.source, self.deed, revision.clone()) };
        Plan {
            action: self.action,
            title: self.title.into(),
            facts: facts(world.store, &order).unwrap_or_default(),
            revision,
            stops: tier.map(|_| stop::revision(world.store)),
            seen_at: seen.at,
            before: Text::new(self.before),
            after: Text::new(self.after),
            about: self.about.map(Text::new),
            order,
            expectation: self.expectation,
            limit: self.limit,
            interlocks,
            back: None,
            undo: Text::new(self.undo),
            reason_required: rules.is_some_and(|rules| rules.reason),
            breakable,
            second: second.flatten(),
            typed: None,
            target,
        }
    }
}

fn order(world: &World<'_>, source: &SourceName, deed: Deed, expect: Option<Revision>) -> Order {
    Order { source: source.clone(), deed, expect, reason: None, breaks: false, key: Text::new(world.key) }
}
