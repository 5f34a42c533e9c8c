//! Freeze: call an emergency stop, or take it back; and what it refuses to whoever brings something new.

use crate::domain::ids::{Place, Revision};
use crate::domain::stop::{self, Stop};
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted, refuse};
use crate::engine::rules::places::target;
use crate::engine::rules::stops;
use crate::engine::store::Draft;
use crate::protocol::fault::{Fault, Reason};
use crate::protocol::{Accepted, Freeze};

/// Calls a stop in a person's name, in the place of one that stands; or takes it back, whoever called it.
pub fn freeze(draft: &mut Draft, orderer: &Orderer, order: &Freeze) -> Result<Accepted, Fault> {
    orderer.may_act()?;
    let standing = draft.state().stop.clone();
    orderer.saw(&revision(draft))?;
    if !order.on && standing.is_none() {
        return Ok(accepted(revision(draft), "no emergency stop stands"));
    }
    let made = order.on.then(|| called(draft, orderer, order)).transpose()?;
    let says = match (&made, &standing) {
        (Some(stop), _) => stop.says(),
        (None, Some(before)) => format!("taken back: {}", before.says()),
        (None, None) => String::new(),
    };
    draft.set_stop(made);
    let word = if order.on { "freeze_on" } else { "freeze_off" };
    let reason = order.reason.as_ref().map(Text::as_str);
    draft.record(&orderer.person.name, word, "engine".into(), says.clone(), reason);
    Ok(accepted(revision(draft), says))
}

fn revision(draft: &Draft) -> Revision {
    stop::revision(draft.state().stop.as_deref())
}

fn called(draft: &Draft, orderer: &Orderer, order: &Freeze) -> Result<Stop, Fault> {
    if order.until.is_some_and(|until| until <= draft.now) {
        return Err(refuse::invalid("the end of the emergency stop has passed"));
    }
    let reason = order.reason.clone().filter(|reason| !reason.as_str().trim().is_empty());
    let reason = reason.ok_or_else(|| refuse::not_possible_until("an emergency stop needs a reason", "say why"))?;
    let (by, tiers) = (Text::new(&orderer.person.name), order.tiers.clone());
    Ok(Stop { by, since: draft.now, until: order.until, reason: Some(reason), tiers })
}

/// Refuses to bring something new into a place for which a stop stands, unless whoever orders it breaks the glass for a
/// reason; whether that was needed.
pub fn admit(draft: &mut Draft, orderer: &Orderer, place: &Place, reason: Option<&Text>) -> Result<bool, Fault> {
    let Some(stop) = stops::at(draft, place).cloned() else { return Ok(false) };
    if !orderer.breaks {
        let hint = match stop.until {
            Some(until) => format!("take it back: leverframe freeze off; it ends {}", stop::moment(until)),
            None => "take it back: leverframe freeze off".to_owned(),
        };
        return Err(Fault { hint: Some(Text::new(hint)), ..refuse::because(Reason::Frozen, stop.says()) });
    }
    let reason = reason.filter(|reason| !reason.as_str().trim().is_empty());
    let reason = reason.ok_or_else(|| refuse::not_possible_until("breaking the glass needs a reason", "say why"))?;
    draft.record(&orderer.person.name, "break_glass", target(place), stop.says(), Some(reason.as_str()));
    Ok(true)
}
