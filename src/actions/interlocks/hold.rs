//! Hold: a held environment was held for a reason; a deliberate promote lifts it, and says so.

use super::Interlock;
use crate::domain::environment::Environment;

/// What a hold says about bringing something in.
pub fn hold(environment: &Environment) -> Option<Interlock> {
    let hold = environment.hold.as_ref()?;
    let reason = hold.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    Some(Interlock::caution("hold", format!("held by {}{reason}; this lifts the hold", hold.by)))
}
