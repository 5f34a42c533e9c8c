//! What the journal tells of the past: how long deeds took whose end was seen. Pure; its owner reads.

use std::time::Duration;

use serde_json::Value;

use crate::actions::OutcomeState;
use crate::store::past::Took;

/// What an entry tells; `None` unless it is the outcome of a deed that reached its end.
pub fn took(says: &Value) -> Option<Took> {
    let outcome = says.get("outcome")?;
    if outcome["state"].as_str()? != OutcomeState::Reached.as_str() {
        return None;
    }
    let took = Duration::from_millis(outcome["took_ms"].as_u64()?);
    let word = |key: &str| says[key].as_str().map(str::to_owned);
    Some(Took { action: word("action")?, target: word("target")?, took })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_end_that_was_seen_counts() {
        let entry = |state: &str| json!({ "action": "flip", "target": "a/prod", "outcome": { "state": state, "took_ms": 1200 } });
        let told = took(&entry("reached")).unwrap();
        assert_eq!((told.action.as_str(), told.target.as_str()), ("flip", "a/prod"));
        assert_eq!(told.took, Duration::from_millis(1200));
        assert_eq!(took(&entry("unknown")), None);
        assert_eq!(took(&json!({ "action": "flip", "plan": {} })), None);
    }
}
