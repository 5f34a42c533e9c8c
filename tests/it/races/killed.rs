//! A program that is killed at each step of each deed: its journal is whole, what it had begun gets one outcome at the next
//! start, and nothing is sent again.

use std::process::{Child, Stdio};

use leverframe::runtime::journal::Journal;
use serde_json::{Value, json};

use super::rounds;
use crate::cli::bench::until;
use crate::cli::stub::{Answer, Held, Stub};

/// Every deed of the command line, by words that can be done in the shop.
const DEEDS: [&[&str]; 13] = [
    &["approve", "payments", "production"],
    &["reject", "payments", "production"],
    &["promote", "inventory", "--to", "production"],
    &["canary", "checkout", "production", "set", "50"],
    &["canary", "checkout", "production", "pause"],
    &["canary", "checkout", "production", "abort"],
    &["flip", "catalog", "production"],
    &["rollback", "checkout", "production"],
    &["hold", "inventory", "production", "on"],
    &["start", "checkout"],
    &["retry", "search/92"],
    &["cancel", "catalog/63"],
    &["flag", "new-price", "off", "--env", "production"],
];

/// Where a program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// What the plan rests on is being read again.
    Reading,
    /// The intent is on disk; the change leaves, or has left.
    Intent,
    /// The change came in, and has no answer.
    Sent,
    /// It was accepted, and its end is looked for.
    Watching,
    /// The outcome is on disk.
    Outcome,
}

const STEPS: [Step; 5] = [Step::Reading, Step::Intent, Step::Sent, Step::Watching, Step::Outcome];

fn unmoved(_: &mut Value) {}

/// A source that lets the program come as far as this step.
fn stub(step: Step) -> Stub {
    let stub = match step {
        Step::Reading | Step::Watching => Stub::new(Answer::Accept(unmoved)),
        Step::Intent | Step::Sent => Stub::new(Answer::Hold),
        Step::Outcome => Stub::new(Answer::Refuse(409, "moved")),
    };
    match step {
        Step::Reading => stub.hold(Held::After(1)),
        Step::Watching => stub.hold(Held::OnceChanged),
        _ => {}
    }
    stub
}

fn come(step: Step, stub: &Stub) -> bool {
    match step {
        Step::Reading | Step::Watching => stub.held() > 0,
        Step::Intent => !stub.journal().is_empty(),
        Step::Sent => !stub.changes().is_empty(),
        Step::Outcome => stub.journal().len() > 1,
    }
}

fn killed(words: &[&str], step: Step, stub: &Stub) {
    let words = [words, &["--yes"]].concat();
    let mut command = stub.command(&words);
    let mut child: Child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until(&format!("{words:?} comes to {step:?}"), || come(step, stub));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// What the journal says after the next start: each intent with one outcome.
fn settled(stub: &Stub, what: &str) {
    stub.hold(Held::Nothing);
    let begun = stub.journal().iter().filter(|entry| !entry["body"]["plan"].is_null()).count();
    let next = stub.command(&["hold", "email", "dev", "on", "--yes", "--read-only"]).output().unwrap();
    assert_eq!(next.status.code(), Some(3), "{what}: {next:?}");
    let entries = stub.journal();
    let intents: Vec<&Value> = entries.iter().filter(|entry| !entry["body"]["plan"].is_null()).collect();
    assert_eq!(intents.len(), begun, "{what}: {entries:?}");
    for intent in intents {
        let outcomes: Vec<&Value> = entries
            .iter()
            .filter(|entry| entry["body"]["intent"] == intent["seq"])
            .map(|it| &it["body"]["outcome"])
            .collect();
        let [outcome] = outcomes[..] else { panic!("{what}: {outcomes:?}") };
        assert!([json!("unknown"), json!("moved")].contains(&outcome["state"]), "{what}: {outcome}");
    }
}

fn verify(stub: &Stub, what: &str) {
    let journal = Journal::open(&stub.config().parent().unwrap().join("state"));
    assert_eq!(journal.verify(&[]).unwrap().broken, None, "{what}");
}

#[test]
fn killed_at_each_step_of_each_deed_the_journal_is_whole_the_intent_is_settled_and_nothing_is_done_twice() {
    // Each round of five kills every deed at another step; five rounds are each deed at each step.
    for round in 0..rounds(5) {
        for (row, words) in DEEDS.iter().enumerate() {
            let step = STEPS[(row + usize::try_from(round).unwrap()) % STEPS.len()];
            let what = format!("round {round}: {words:?} at {step:?}");
            let stub = stub(step);
            killed(words, step, &stub);
            verify(&stub, &what);
            let before = stub.changes().len();
            assert!(before <= 1 && (step != Step::Reading || before == 0), "{what}: {:?}", stub.changes());
            settled(&stub, &what);
            verify(&stub, &what);
            assert!(stub.changes().len() <= 1, "{what}: {:?}", stub.changes());
        }
    }
}
