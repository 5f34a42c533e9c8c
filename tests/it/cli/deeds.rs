//! Deeds from the command line: what is done, what is refused, and the exit code of each.

use serde_json::{Value, json};

use super::bench::{Bench, Said};

const HOLD: [&str; 4] = ["hold", "checkout", "staging", "on"];

fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [words, more].concat()
}

fn staging(bench: &Bench) -> Value {
    bench.json(&["status", "checkout"]).1["data"]["services"][0]["environments"][0].clone()
}

#[test]
fn what_is_confirmed_is_done_once_and_then_it_is_already_so() {
    let bench = Bench::new();
    let (code, done) = bench.json(&with(&HOLD, &["--yes", "--reason", "a look", "--ticket", "OPS-7"]));
    assert_eq!((code, &done["data"]["outcome"]["state"]), (0, &json!("reached")), "{done}");
    assert_eq!(done["schema"], "leverframe/hold/v1");
    let plan = &done["data"]["plan"];
    for key in ["action", "target", "revision", "seen_at", "before", "after", "steps", "interlocks", "undo"] {
        assert!(plan.get(key).is_some(), "`{key}` is missing from {plan}");
    }
    assert!(done["data"]["outcome"]["took_ms"].is_u64() && done["data"]["refusal"].is_null());
    assert_eq!(staging(&bench)["held"], true);
    assert_eq!(staging(&bench)["hold"]["reason"], "a look (OPS-7)");
    let (code, again) = bench.json(&with(&HOLD, &["--yes"]));
    assert_eq!((code, &again["data"]["outcome"]["state"]), (0, &json!("none")));
    assert!(again["data"]["outcome"]["message"].as_str().unwrap().contains("already held"), "{again}");
}

#[test]
fn a_flag_is_set_and_read_back() {
    let bench = Bench::new();
    let set = |value| bench.json(&["flag", "new-basket", value, "--env", "production", "--yes"]);
    for (value, enabled, percent) in [("on", true, 100), ("25%", true, 25), ("off", false, 25)] {
        let (code, done) = set(value);
        assert_eq!((code, &done["data"]["outcome"]["state"]), (0, &json!("reached")), "{value}: {done}");
        let flags = bench.json(&["flags"]).1["data"]["flags"][0]["environments"].clone();
        let production = flags.as_array().unwrap().iter().find(|state| state["name"] == "production").unwrap().clone();
        assert_eq!((&production["enabled"], &production["percent"]), (&json!(enabled), &json!(percent)), "{value}");
    }
    let (code, other) = bench.json(&["flag", "new-basket", "on", "--env", "staging", "--source", "other", "--yes"]);
    assert_eq!(code, 2, "{other}");
}

/// The table of exit codes: words, code, outcome, and the word that the refusal names.
#[test]
fn every_refusal_has_its_exit_code_and_sends_nothing() {
    let bench = Bench::new();
    let viewer = bench.config_of("viewer");
    let viewer = viewer.to_str().unwrap();
    for (more, code, state, interlock) in [
        (&[][..], 3, "refused", "confirmation"),
        (&["--yes", "--read-only"], 3, "refused", "read_only"),
        (&["--yes", "--expect", "other"], 4, "moved", "revision"),
        (&["--yes", "--expect", "other", "--read-only"], 4, "moved", "revision"),
        (&["--yes", "--config", viewer], 5, "refused", "permission"),
        (&["--dry-run", "--expect", "other"], 4, "none", "revision"),
        (&["--dry-run", "--config", viewer], 3, "none", "permission"),
    ] {
        let (said, document) = bench.json(&with(&HOLD, more));
        let data = &document["data"];
        let found = (said, data["outcome"]["state"].as_str(), data["refusal"]["interlock"].as_str());
        assert_eq!(found, (code, Some(state), Some(interlock)), "{more:?}: {document}");
        assert_eq!(staging(&bench)["held"], false, "{more:?}");
    }
    let (code, document) = bench.json(&["approve", "checkout", "production", "--yes"]);
    assert_eq!((code, &document["data"]["refusal"]["interlock"]), (3, &json!("gate")), "{document}");
    assert!(document["data"]["plan"].is_null());
}

#[test]
fn a_dry_run_shows_the_calls_and_sends_nothing_also_under_read_only() {
    let bench = Bench::new();
    let revision = staging(&bench)["revision"].clone();
    let (code, document) = bench.json(&with(&HOLD, &["--dry-run", "--read-only"]));
    let plan = &document["data"]["plan"];
    assert_eq!((code, &document["data"]["outcome"]["state"]), (0, &json!("none")), "{document}");
    assert!(document["data"]["refusal"].is_null());
    assert!(plan["steps"][0].as_str().unwrap().starts_with("PUT /v1/services/checkout/environments/staging/hold"));
    assert_eq!(plan["revision"], revision);
    assert_eq!((&staging(&bench)["held"], &staging(&bench)["revision"]), (&json!(false), &revision));
    let said = bench.run(&with(&HOLD, &["--dry-run"]));
    assert!(said.out.contains("PUT /v1/services") && said.out.contains("undo: hold off"), "{}", said.out);
}

#[test]
fn of_those_who_act_from_the_same_revision_one_acts_and_the_others_are_told_that_it_moved() {
    let bench = Bench::new();
    let revision = staging(&bench)["revision"].as_str().unwrap().to_owned();
    let words = with(&HOLD, &["--yes", "--json", "--expect", &revision]);
    let racing: Vec<_> = (0..4)
        .map(|_| {
            let mut command = bench.command(&words);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let said: Vec<Said> = racing.into_iter().map(|child| child.wait_with_output().unwrap().into()).collect();
    let mut codes: Vec<_> = said.iter().map(|said| said.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 4, 4, 4], "{:?}", said.iter().map(|said| &said.out).collect::<Vec<_>>());
    for said in said.iter().filter(|said| said.code == 4) {
        assert_eq!(said.document()["data"]["outcome"]["state"], "moved");
    }
    assert_eq!(bench.json(&with(&HOLD, &["--yes"])).0, 0);
    let (code, verified) = bench.json(&["journal", "verify"]);
    assert_eq!((code, &verified["data"]["broken"]), (0, &Value::Null), "{verified}");
}

#[test]
fn without_waiting_the_end_is_not_claimed() {
    let bench = Bench::new();
    let (code, document) = bench.json(&with(&HOLD, &["--yes", "--no-wait"]));
    assert_eq!((code, &document["data"]["outcome"]["state"]), (7, &json!("sent")), "{document}");
}

#[test]
fn where_the_journal_cannot_be_written_nothing_is_sent() {
    let bench = Bench::new();
    std::fs::write(bench.folder.path().join("state"), "in the way").unwrap();
    let (code, document) = bench.json(&with(&HOLD, &["--yes"]));
    assert_eq!((code, &document["data"]["outcome"]["state"]), (1, &json!("failed")), "{document}");
    assert_eq!(staging(&bench)["held"], false);
}
