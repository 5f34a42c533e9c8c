//! Programs that are killed while a change is on its way: what they had begun is on record, its end is not claimed, and
//! the next one says so.

use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::bench::{Said, until};
use super::stub::{Answer, Stub};
use crate::support::terminal::Terminal;

const CHANGE: &str = "POST /v1/services/checkout/environments/production/rollout";
const CANARY: [&str; 6] = ["canary", "checkout", "production", "set", "50", "--yes"];
const UNKNOWN: &str = "the outcome of `canary checkout/production` (entry 1) is unknown: look at it";

fn console(stub: &Stub) -> Terminal {
    let config = stub.config();
    let console = Terminal::start(&["--config", config.to_str().unwrap()], config.parent().unwrap(), (120, 36));
    console.shows("checkout");
    console
}

/// A console that is killed when the change that it was told to make has come in.
fn killed(stub: &Stub) {
    let mut console = console(stub);
    console.types("jj");
    console.types("w37\r");
    console.shows("Shift canary");
    // A plan that gets its calls after it came has to be seen with them before it can be confirmed.
    console.shows("POST /v1/services/checkout/environments");
    console.types("y");
    until("the change is sent", || !stub.changes().is_empty());
    console.signal("KILL");
    console.code();
}

/// The bodies of the journal's entries, after it was verified.
fn journal(stub: &Stub) -> Vec<Value> {
    let (code, verified) = stub.json(&["journal", "verify"]);
    assert_eq!((code, &verified["data"]["broken"]), (0, &Value::Null), "{verified}");
    stub.journal().into_iter().map(|entry| entry["body"].clone()).collect()
}

#[test]
fn a_console_that_is_killed_in_mid_action_claims_nothing_and_the_next_one_says_what_is_unknown() {
    let stub = Stub::new(Answer::Hold);
    killed(&stub);
    let begun = journal(&stub);
    assert_eq!((begun.len(), &begun[0]["action"], &begun[0]["outcome"]), (1, &json!("canary"), &Value::Null));
    assert!(begun[0]["plan"]["steps"][0].as_str().unwrap().starts_with(CHANGE), "{begun:?}");
    let mut console = console(&stub);
    console.shows(UNKNOWN);
    let settled = journal(&stub);
    assert_eq!((settled.len(), &settled[1]["intent"]), (2, &json!(1)), "{settled:?}");
    assert_eq!(settled[1]["outcome"]["state"], "unknown");
    console.types("q");
    assert_eq!(console.code(), 0);
    assert_eq!((journal(&stub).len(), stub.changes()), (2, vec![CHANGE.to_owned()]));
}

#[test]
fn after_a_killed_console_the_next_deed_says_what_is_unknown_before_it_acts() {
    let stub = Stub::new(Answer::Hold);
    killed(&stub);
    let refused = |words: &[&str]| -> Said { stub.command(&[&CANARY[..], words].concat()).output().unwrap().into() };
    assert_eq!(refused(&["--dry-run"]).err, "");
    assert_eq!(journal(&stub).len(), 1);
    let said = refused(&["--read-only"]);
    assert_eq!((said.code, said.err.contains(UNKNOWN)), (3, true), "{}", said.err);
    let states: Vec<_> = journal(&stub).iter().map(|body| body["outcome"]["state"].clone()).collect();
    assert_eq!(states, [Value::Null, json!("unknown"), json!("refused")]);
    assert!(!refused(&["--read-only"]).err.contains(UNKNOWN));
}

#[test]
fn what_a_living_program_has_under_way_is_not_settled_by_another() {
    let stub = Stub::new(Answer::Hold);
    let child = stub.command(&CANARY).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the change is sent", || !stub.changes().is_empty());
    let mut hold = stub.command(&["hold", "search", "dev", "on", "--yes", "--read-only"]);
    let said: Said = hold.output().unwrap().into();
    assert_eq!((said.code, journal(&stub).len()), (3, 2), "{}", said.err);
    kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), Signal::TERM).unwrap();
    let said: Said = child.wait_with_output().unwrap().into();
    assert_eq!((said.code, journal(&stub)[2]["intent"].clone()), (143, json!(1)));
}
