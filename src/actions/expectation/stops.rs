//! What is expected of emergency stops: that they read back.

use jiff::Timestamp;

use super::Progress;
use crate::domain::ids::SourceName;
use crate::domain::stop::moment;
use crate::store::Store;

/// That the source was seen since `sent_at` to keep a stop, or none.
pub(super) fn stopped(store: &Store, source: &SourceName, on: bool, sent_at: Timestamp) -> Progress {
    let seen = store.sources().get(source).filter(|state| state.overview_at.is_some_and(|at| at > sent_at));
    let Some(brake) = seen.and_then(|state| state.brake.as_ref()) else { return Progress::Pending };
    let alone = if brake.shared { "" } else { "; others do not see it" };
    match (&brake.stop, on) {
        (Some(stop), true) => {
            let until = stop.until.map_or_else(|| "it is taken back".into(), moment);
            Progress::reached(format!("{} until {until}{alone}", stop.says()))
        }
        (None, false) => Progress::reached("no emergency stop stands"),
        _ => Progress::Pending,
    }
}
