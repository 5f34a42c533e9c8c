//! The glass: what the policy locks, it may let be broken, for a reason that stays on record.

use jiff::Timestamp;

use super::{Interlock, State};
use crate::actions::Glass;
use crate::actions::policy::TierPolicy;

/// What becomes of `interlocks` behind a broken glass: those that only the policy locks say that they were broken, where
/// the policy lets them be. What needs none broken moves as ever.
pub fn broken(interlocks: &mut Vec<Interlock>, glass: Option<&Glass>, rules: &TierPolicy, now: Timestamp) {
    let Some(glass) = glass.filter(|glass| now < glass.until) else { return };
    let mut locked =
        interlocks.iter_mut().filter(|interlock| interlock.ours && interlock.state == State::Locked).peekable();
    let says = match (locked.peek().is_some(), rules.break_glass) {
        (false, _) => "the glass is broken, and no rule had to be",
        (true, false) => "the glass is broken, and the policy of this tier lets no rule be",
        (true, true) => "the glass is broken",
    };
    for interlock in locked.filter(|_| rules.break_glass) {
        let broken = Interlock::caution(interlock.name, format!("broken: {}", interlock.message));
        *interlock = broken.until(glass.until);
    }
    interlocks.push(Interlock::caution("break_glass", format!("{says}: {}", glass.reason)));
}
