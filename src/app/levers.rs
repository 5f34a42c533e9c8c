//! The levers in the operator's hand: each plan that is shown or under way, with what was asked for, so that it can be
//! made anew when the world moves before it is confirmed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::pull::{self, Pull, Want};
use crate::actions::interlocks::{Interlock, State};
use crate::actions::{self, Plan, Request, Unavailable, World};
use crate::store::Store;

/// One lever: what was asked for, and the plan's life.
#[derive(Debug)]
struct Lever {
    request: Request,
    pull: Pull,
}

/// All of them, by the number of their dialog.
#[derive(Debug)]
pub struct Levers {
    held: BTreeMap<u64, Lever>,
    /// How many orders were marked.
    marked: u64,
    mark: String,
}

/// What became of a plan that is shown when the world moved.
#[derive(Debug)]
pub enum Remade {
    /// Another plan takes its place.
    Plan(Box<Plan>),
    /// It is no longer to be had.
    Gone(Unavailable),
}

impl Levers {
    /// None yet; `mark` begins the mark of every order.
    pub const fn new(mark: String) -> Self {
        Self { held: BTreeMap::new(), marked: 0, mark }
    }

    /// A plan for what is asked for, with the number of its dialog; or why there is none.
    pub fn ask(&mut self, request: Request, world: &World<'_>) -> Result<(u64, Plan), Unavailable> {
        let key = self.key();
        let plan = actions::plan(&World { key: &key, ..*world }, &request)?;
        let number = self.marked;
        self.hold(number, request, plan.clone(), world);
        Ok((number, plan))
    }

    fn hold(&mut self, number: u64, request: Request, plan: Plan, world: &World<'_>) {
        let max_age = world.policy.tier(plan.target.tier.unwrap_or_default()).max_age;
        self.held.insert(number, Lever { request, pull: Pull::new(plan, max_age, true) });
    }

    /// A mark for one order; each plan gets one of its own.
    fn key(&mut self) -> String {
        self.marked += 1;
        format!("{}-{}", self.mark, self.marked)
    }

    /// The next part of the life of the pull `number`.
    pub fn update(&mut self, number: u64, event: pull::Event, store: &Store, now: Timestamp) -> Vec<Want> {
        self.held.get_mut(&number).map(|lever| lever.pull.update(event, store, now)).unwrap_or_default()
    }

    /// The pull `number`.
    pub fn pull(&self, number: u64) -> Option<&Pull> {
        self.held.get(&number).map(|lever| &lever.pull)
    }

    /// Lets go of a lever that was not pulled, or whose pull is over.
    pub fn drop(&mut self, number: u64) {
        self.held.remove(&number);
    }

    /// The numbers of those under way.
    pub fn under_way(&self) -> Vec<u64> {
        self.held.iter().filter(|(_, lever)| lever.pull.under_way()).map(|(number, _)| *number).collect()
    }

    /// When the next of those under way wants to hear of time, or one that waits for a word has to be made anew.
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.held.values().filter_map(|lever| lever.pull.wake_at()).chain(self.lapses_at()).min()
    }

    /// When the next plan that waits for a word has to be made anew.
    pub fn lapses_at(&self) -> Option<Timestamp> {
        let waiting = self.held.values().map(|lever| &lever.pull).filter(|pull| pull.waits());
        waiting.filter_map(|pull| pull.plan().lapses_at()).min()
    }

    /// Makes the plans that wait for a word anew where what they rest on, or what stands in their way, has changed.
    pub fn remake(&mut self, world: &World<'_>) -> Vec<(u64, Remade)> {
        let waiting: Vec<u64> =
            self.held.iter().filter(|(_, lever)| lever.pull.waits()).map(|(number, _)| *number).collect();
        waiting.into_iter().filter_map(|number| Some((number, self.remake_one(number, world)?))).collect()
    }

    fn remake_one(&mut self, number: u64, world: &World<'_>) -> Option<Remade> {
        let lever = self.held.get(&number)?;
        let (request, old) = (lever.request.clone(), lever.pull.plan());
        let plan = match actions::plan(&World { key: old.order.key.as_str(), ..*world }, &request) {
            Ok(plan) if same(&plan, old) => return None,
            Ok(plan) => plan,
            Err(why) => return Some(Remade::Gone(why)),
        };
        let key = self.key();
        let mut plan = plan;
        plan.order.key = key.as_str().into();
        self.hold(number, request, plan.clone(), world);
        Some(Remade::Plan(Box::new(plan)))
    }
}

/// Whether two plans rest on the same facts, do the same and are locked by the same rules. The age of what they rest on
/// is not compared: it grows while one looks.
fn same(one: &Plan, other: &Plan) -> bool {
    let rules = |plan: &Plan| -> Vec<(&'static str, State, Option<Timestamp>)> {
        plan.interlocks.iter().map(|rule: &Interlock| (rule.name, rule.state, rule.until)).collect()
    };
    one.facts == other.facts
        && one.stops == other.stops
        && one.order.deed == other.order.deed
        && (&one.before, &one.after) == (&other.before, &other.after)
        && rules(one) == rules(other)
}
