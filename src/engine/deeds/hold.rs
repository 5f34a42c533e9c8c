//! Hold: keep automatic deployments out of an environment, or let them in again.

use crate::domain::environment;
use crate::domain::ids::Place;
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted_at};
use crate::engine::rules::places::target;
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;
use crate::protocol::{Accepted, Hold};

/// Holds a place, or lets it go.
pub fn hold(draft: &mut Draft, orderer: &Orderer, place: &Place, order: &Hold) -> Result<Accepted, Fault> {
    orderer.at_place(draft, place)?;
    let held = draft.state().places.get(place).is_some_and(|standing| standing.hold.is_some());
    let says = if order.on { "held" } else { "not held" };
    if held == order.on {
        return Ok(accepted_at(draft, place, format!("already {says}")));
    }
    if order.on {
        set(draft, orderer, place, order.reason.as_ref());
    } else {
        draft.place_mut(place).hold = None;
    }
    let word = if order.on { "hold_on" } else { "hold_off" };
    draft.record(&orderer.person.name, word, target(place), says.into(), order.reason.as_ref().map(Text::as_str));
    Ok(accepted_at(draft, place, says))
}

/// Holds a place in a person's name; a hold that is there stays as it is.
pub fn set(draft: &mut Draft, orderer: &Orderer, place: &Place, reason: Option<&Text>) {
    let hold = environment::Hold { by: Text::new(&orderer.person.name), at: draft.now, reason: reason.cloned() };
    draft.place_mut(place).hold.get_or_insert(hold);
}
