//! The glass: what the policy locks, it may let be broken, for a reason that stays on record.

use jiff::Timestamp;

use super::{Interlock, State};
use crate::actions::Glass;
use crate::actions::policy::TierPolicy;
use crate::domain::text::Text;

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

/// What of `interlocks` locks that breaking the glass would break; nothing if something else locks too, or the policy does
/// not let it be.
pub fn breakable(interlocks: &[Interlock], rules: &TierPolicy) -> Vec<Text> {
    let locked = || interlocks.iter().filter(|interlock| interlock.state == State::Locked);
    if !rules.break_glass || locked().any(|interlock| !interlock.ours) {
        return Vec::new();
    }
    locked().map(|interlock| interlock.message.clone()).collect()
}
