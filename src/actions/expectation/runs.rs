//! What is expected of runs: that they are there, under way again, or stopped.

use super::Progress;
use crate::domain::run::{Run, Status};

/// That the run is there.
pub(super) fn started(run: &Run) -> Progress {
    Progress::reached(format!("run {} is {}", run.key(), run.status))
}

/// That the run is under way again, in another attempt than the one that was seen.
pub(super) fn retried(run: &Run, attempt: Option<u32>) -> Progress {
    let newer = run.attempt.zip(attempt).is_none_or(|(now, before)| now > before);
    if newer && (!run.status.ended() || attempt.is_some()) {
        return Progress::reached(format!("run {} is {}", run.key(), run.status));
    }
    Progress::Pending
}

/// That the run has stopped.
pub(super) fn cancelled(run: &Run) -> Progress {
    match run.status {
        Status::Cancelled => Progress::reached(format!("run {} is cancelled", run.key())),
        status if status.ended() => Progress::contradicted(format!("run {} ended first: {status}", run.key())),
        _ => Progress::Pending,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(status: Status, attempt: u32) -> Run {
        let run = json!({
            "service": "checkout", "id": "7", "attempt": attempt, "status": status, "ref": "main", "commit": "3f9c2e1",
            "title": "", "author": "ada", "revision": "1", "stages": [],
        });
        serde_json::from_value(run).unwrap()
    }

    #[test]
    fn only_another_attempt_is_a_retry() {
        assert_eq!(retried(&run(Status::Failed, 1), Some(1)), Progress::Pending);
        assert_eq!(retried(&run(Status::Queued, 2), Some(1)), Progress::reached("run checkout/7 is queued"));
        assert_eq!(retried(&run(Status::Failed, 2), Some(1)), Progress::reached("run checkout/7 is failed"));
    }

    #[test]
    fn a_run_that_ended_by_itself_was_not_cancelled() {
        assert_eq!(cancelled(&run(Status::Cancelling, 1)), Progress::Pending);
        assert_eq!(cancelled(&run(Status::Cancelled, 1)), Progress::reached("run checkout/7 is cancelled"));
        let first = Progress::contradicted("run checkout/7 ended first: succeeded");
        assert_eq!(cancelled(&run(Status::Succeeded, 1)), first);
    }
}
