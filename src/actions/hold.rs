//! Hold: keep automatic deployments out of an environment, or let them in again.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::plan::{Action, Plan};
use super::target::{self, Draft, Toward};
use super::unavailable::Unavailable;
use crate::domain::ids::Place;
use crate::domain::order::{Deed, DeploymentDeed};

/// The plan to hold `place`, or to let it go.
pub fn hold(world: &World<'_>, place: &Place, on: bool) -> Result<Plan, Unavailable> {
    let found = target::place(world, place)?;
    if found.environment.held == on {
        let so = if on { "already held" } else { "not held" };
        return Err(Unavailable::already(format!("{place} is {so}")));
    }
    let words = |held: bool| if held { "held" } else { "deploys by itself" };
    let draft = Draft {
        action: Action::Hold,
        title: if on { "Hold" } else { "Lift hold" },
        before: words(!on).into(),
        after: words(on).into(),
        about: None,
        deed: Deed::Deployment(place.clone(), DeploymentDeed::Hold(on)),
        expectation: Expectation::Held(place.clone(), on),
        limit: Duration::from_secs(30),
        interlocks: Vec::new(),
        undo: format!("hold {}", if on { "off" } else { "on" }),
        toward: if on { Toward::Safety } else { Toward::Users },
    };
    Ok(draft.at(world, &found))
}
