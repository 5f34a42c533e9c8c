//! What people order: each deed checks who asks, what they saw and whether it can be, and then decides it in the draft.

pub mod cancel;
pub mod confirm;
pub mod decide;
pub mod freeze;
pub mod hold;
pub mod people;
pub mod promote;
pub mod refuse;
pub mod register;
pub mod retry;
pub mod roll_back;
pub mod set_flag;
pub mod shift;

use std::sync::Arc;

use crate::domain::ids::{Place, Revision};
use crate::domain::text::Text;
use crate::engine::observed::Observed;
use crate::engine::state::person::Person;
use crate::engine::state::revision;
use crate::engine::store::Draft;
use crate::protocol::Accepted;
use crate::protocol::fault::Fault;

/// Who orders, and what they saw.
#[derive(Debug, Clone)]
pub struct Orderer {
    /// The person.
    pub person: Arc<Person>,
    /// The revision that their order rests on.
    pub expect: Option<Revision>,
    /// Whether they break the glass before an emergency stop.
    pub breaks: bool,
    /// What is seen of the running system.
    pub observed: Arc<Observed>,
}

impl Orderer {
    /// Refuses whoever may only read.
    pub fn may_act(&self) -> Result<(), Fault> {
        if self.person.may_act() { Ok(()) } else { Err(refuse::needs("operator", &self.person)) }
    }

    /// Refuses whoever is no admin.
    pub fn is_admin(&self) -> Result<(), Fault> {
        if self.person.is_admin() { Ok(()) } else { Err(refuse::needs("admin", &self.person)) }
    }

    /// Refuses an order that rests on another revision than `now`, or on none.
    pub fn saw(&self, now: &Revision) -> Result<(), Fault> {
        match &self.expect {
            None => Err(refuse::revision_missing(now)),
            Some(seen) if seen == now => Ok(()),
            Some(_) => Err(refuse::moved(now)),
        }
    }

    /// Refuses an order about a place that this person may not give, or that rests on what is no longer so.
    pub fn at_place(&self, draft: &Draft, place: &Place) -> Result<(), Fault> {
        self.may_act()?;
        let state = draft.state();
        let known = state.pipeline_of(&place.service).is_some_and(|pipeline| {
            pipeline.environments.iter().any(|environment| environment.name == place.environment)
        });
        if !known && !state.places.contains_key(place) {
            return Err(refuse::not_found(format!("there is no environment {place}")));
        }
        self.saw(&revision::environment(state, place))
    }
}

/// The answer to an order about a place, after it.
pub fn accepted_at(draft: &Draft, place: &Place, message: impl AsRef<str>) -> Accepted {
    accepted(revision::environment(draft.state(), place), message)
}

/// The answer to an order.
pub fn accepted(revision: Revision, message: impl AsRef<str>) -> Accepted {
    Accepted { revision, message: Text::new(message), run: None }
}
