//! What is expected of confirmations: that they read back.

use jiff::Timestamp;

use super::Progress;
use crate::domain::confirmation::State;
use crate::domain::text::Text;
use crate::store::Store;

/// That what was asked for is confirmed.
pub(super) fn confirmed(store: &Store, id: &Text, sent_at: Timestamp) -> Progress {
    let Some(seen) = store.confirmation(id).filter(|seen| seen.at > sent_at) else { return Progress::Pending };
    let by = &seen.value.asked_by;
    match seen.value.state {
        State::Confirmed | State::Used => Progress::reached(format!("confirmed: {by} goes on with it")),
        State::Waiting | State::Unknown => Progress::Pending,
        state => Progress::contradicted(format!("{by} cannot go on with it: it is {state}")),
    }
}
