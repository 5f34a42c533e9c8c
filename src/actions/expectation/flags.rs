//! What is expected of flags: that they read back as they were set.

use super::Progress;
use crate::domain::flag::{Flag, FlagValue};
use crate::domain::ids::EnvironmentName;

/// That the flag has this value there.
pub(super) fn set(flag: &Flag, environment: &EnvironmentName, value: FlagValue) -> Progress {
    let key = &flag.key;
    match flag.environments.iter().find(|state| state.name == *environment) {
        Some(state) if state.is(value) => Progress::reached(format!("{key} is {state} in {environment}")),
        Some(_) => Progress::Pending,
        None => Progress::contradicted(format!("{key} is not in {environment} any more")),
    }
}
