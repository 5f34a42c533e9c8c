//! What a process that was killed left behind in the journal: intents without an outcome. Which they are, and what is put
//! on record and said of them: that nobody knows. Pure; its owner reads and writes.

use serde_json::Value;

use super::effect::Record;
use crate::actions::{Action, Outcome, OutcomeState, document};
use crate::domain::text::Text;

/// An intent that has no outcome and will get none from the process that wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// The number of its entry.
    pub intent: u64,
    /// The deed.
    pub action: Action,
    /// What it was to act on.
    pub target: String,
}

/// The intents of the process that is marked `process` that have no outcome, in order. `entries` are all entries of the
/// journal: number and what it says.
pub fn of(entries: &[(u64, Value)], process: &str) -> Vec<Unsettled> {
    let settled = |intent: u64| entries.iter().any(|(_, says)| says["intent"] == intent);
    let own = entries.iter().filter(|(_, says)| says["process"] == process && !says["plan"].is_null());
    let open = own.filter(|(number, _)| !settled(*number));
    let word = |says: &Value, key: &str| says[key].as_str().unwrap_or_default().to_owned();
    open.map(|(number, says)| Unsettled {
        intent: *number,
        action: Action::from_word(&word(says, "action")),
        target: word(says, "target"),
    })
    .collect()
}

impl Unsettled {
    /// What goes on record: the outcome that can be vouched for.
    pub fn record(&self) -> Record {
        let words = "the program ended before its outcome was on record: look at the target";
        let outcome = document::outcome(&Outcome::new(OutcomeState::Unknown, words));
        let (action, target) = (self.action.as_str(), self.target.clone());
        Record::Outcome { action, target, intent: Some(self.intent), outcome }
    }

    /// What the operator is told.
    pub fn says(&self) -> String {
        let target = Text::new(&self.target);
        format!("the outcome of `{} {target}` (entry {}) is unknown: look at it", self.action, self.intent)
    }
}

/// What the operator is told of all of them, in one line.
pub fn says(unsettled: &[Unsettled]) -> Option<String> {
    let (last, others) = unsettled.split_last()?;
    let more = match others.len() {
        0 => String::new(),
        more => format!("   (and {more} more: leverframe journal list)"),
    };
    Some(format!("{}{more}", last.says()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn intent(process: &str) -> Value {
        json!({ "action": "canary", "target": "checkout/production", "plan": {}, "process": process, "intent": null })
    }

    #[test]
    fn an_intent_is_unsettled_until_an_outcome_names_it_and_only_for_its_own_process() {
        let outcome = json!({ "action": "canary", "plan": null, "process": null, "intent": 1 });
        let entries = [(1, intent("a")), (2, intent("b")), (3, outcome), (4, intent("a"))];
        let found = |process| of(&entries, process).into_iter().map(|open| open.intent).collect::<Vec<_>>();
        assert_eq!((found("a"), found("b"), found("c")), (vec![4], vec![2], vec![]));
    }

    #[test]
    fn what_is_recorded_and_said_claims_nothing() {
        let open = of(&[(7, intent("a"))], "a");
        let Record::Outcome { intent, outcome, .. } = open[0].record() else { panic!("no outcome") };
        assert_eq!((intent, &outcome["state"]), (Some(7), &json!("unknown")));
        let said = says(&open).unwrap();
        assert_eq!(said, "the outcome of `canary checkout/production` (entry 7) is unknown: look at it");
        let two = [open[0].clone(), open[0].clone()];
        assert!(says(&two).unwrap().ends_with("(and 1 more: leverframe journal list)"));
        assert_eq!(says(&[]), None);
    }
}
