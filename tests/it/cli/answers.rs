//! What a source may answer to a change, and what the command line makes of it: never more than was seen.

use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::bench::{Said, until};
use super::stub::{Answer, Stub};

/// A freeze that holds for a hundred years.
const FROZEN: &str = "[policy]\nfreeze = [{ from = \"2020-01-01\", to = \"2120-01-01\", zone = \"UTC\", reason = \"nobody is here\" }]\n";
const CANARY: [&str; 6] = ["canary", "checkout", "production", "set", "50", "--yes"];

fn unmoved(_: &mut Value) {}

/// The rollout of checkout in production.
fn rollout(overview: &mut Value) -> &mut Value {
    let services = overview["services"].as_array_mut().unwrap();
    let checkout = services.iter_mut().find(|service| service["name"] == "checkout").unwrap();
    let environments = checkout["environments"].as_array_mut().unwrap();
    &mut environments.iter_mut().find(|environment| environment["name"] == "production").unwrap()["rollout"]
}

fn weighs(overview: &mut Value, set: u8, actual: u8) {
    rollout(overview)["set_weight"] = json!(set);
    rollout(overview)["actual_weight"] = json!(actual);
}

#[test]
fn every_answer_has_its_exit_code() {
    let aborted = |overview: &mut Value| rollout(overview)["phase"] = json!("aborted");
    for (answer, code, state) in [
        (Answer::Accept(|overview| weighs(overview, 50, 50)), 0, "reached"),
        (Answer::Accept(|overview| weighs(overview, 50, 25)), 7, "unknown"),
        (Answer::Accept(unmoved), 7, "unknown"),
        (Answer::Accept(aborted), 1, "not_reached"),
        (Answer::Refuse(401, "unauthorized"), 5, "refused"),
        (Answer::Refuse(403, "forbidden"), 5, "refused"),
        (Answer::Refuse(409, "moved"), 4, "moved"),
        (Answer::Refuse(422, "not_possible"), 3, "refused"),
        (Answer::Refuse(503, "paused"), 1, "failed"),
        (Answer::Mute(500), 7, "unknown"),
    ] {
        let stub = Stub::new(answer);
        let (said, document) = stub.json(&[&CANARY[..], &["--timeout", "1"]].concat());
        let outcome = &document["data"]["outcome"];
        assert_eq!((said, outcome["state"].as_str()), (code, Some(state)), "{document}");
        assert_eq!(stub.changes(), ["POST /v1/services/checkout/environments/production/rollout"], "{document}");
        let journal = stub.journal();
        assert_eq!(journal.len(), 2, "{document}");
        assert_eq!(journal[1]["body"]["outcome"]["state"], json!(state));
        assert_eq!(journal[1]["body"]["intent"], 1);
    }
}

#[test]
fn a_signal_while_the_end_is_awaited_leaves_it_unknown_and_on_record() {
    let stub = Stub::new(Answer::Accept(unmoved));
    let words = [&CANARY[..], &["--json", "--timeout", "5m"]].concat();
    let child = stub.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("the change is sent", || !stub.changes().is_empty());
    let pid = Pid::from_raw(child.id().cast_signed()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    let said: Said = child.wait_with_output().unwrap().into();
    assert_eq!(said.code, 143);
    assert_eq!(said.document()["data"]["outcome"]["state"], "unknown");
    assert_eq!(stub.journal()[1]["body"]["outcome"]["state"], "unknown");
}

#[test]
fn a_freeze_locks_says_until_when_and_lets_the_way_back_be() {
    let stub = Stub::new(Answer::Accept(unmoved));
    stub.add(FROZEN);
    let (code, document) = stub.json(&CANARY);
    assert_eq!((code, &document["data"]["refusal"]["interlock"]), (3, &"freeze".into()), "{document}");
    let reason = document["data"]["refusal"]["reason"].as_str().unwrap();
    assert!(reason.starts_with("freeze until ") && reason.ends_with(": nobody is here"), "{reason}");
    assert!(stub.changes().is_empty());
    assert_eq!(stub.journal().len(), 1, "the refusal alone");
    let (_, document) = stub.json(&["rollback", "checkout", "production", "--dry-run"]);
    assert_eq!(document["data"]["refusal"], Value::Null, "{document}");
}

#[test]
fn why_names_each_rule_with_who_can_clear_it() {
    let stub = Stub::new(Answer::Accept(unmoved));
    stub.add(FROZEN);
    let (code, document) = stub.json(&["why", "checkout", "production"]);
    assert_eq!(code, 0);
    let levers = document["data"]["levers"].as_array().unwrap();
    let of = |name: &str| levers.iter().find(|lever| lever["name"] == name).unwrap();
    assert_eq!((&of("canary next")["moves"], &of("canary abort")["moves"]), (&false.into(), &true.into()));
    let rules = of("canary next")["interlocks"].as_array().unwrap();
    let freeze = rules.iter().find(|rule| rule["name"] == "freeze").unwrap();
    assert_eq!(freeze["state"], "locked");
    assert!(freeze["cleared_by"].as_str().unwrap().starts_with("time: it ends "), "{freeze}");
    let said: Said = stub.command(&["why", "checkout", "production"]).output().unwrap().into();
    let line = said.out.lines().find(|line| line.starts_with("freeze ")).unwrap();
    assert!(line.contains("locked") && line.contains("canary next, canary full"), "{line}");
}

#[test]
fn a_glass_is_broken_for_a_reason_where_the_policy_allows_it_and_stays_on_record() {
    let stub = Stub::new(Answer::Accept(unmoved));
    stub.add(FROZEN);
    let glass = |more: &[&str]| stub.json(&[&CANARY[..], &["--no-wait", "--break-glass"], more].concat());
    let (code, document) = glass(&[]);
    assert_eq!((code, &document["data"]["plan"]), (2, &Value::Null), "without a reason: {document}");
    let (code, document) = glass(&["--reason", "checkout is down"]);
    assert_eq!((code, &document["data"]["refusal"]["interlock"]), (3, &"freeze".into()), "{document}");
    assert!(stub.changes().is_empty());
    stub.add("[policy.tiers.production]\nbreak_glass = true\n");
    let (code, document) = glass(&["--reason", "checkout is down"]);
    assert_eq!((code, stub.changes().len()), (7, 1), "{document}");
    let journal = stub.journal();
    let intent = journal.iter().find(|entry| entry["body"]["plan"].is_object()).unwrap();
    let rules = intent["body"]["plan"]["interlocks"].as_array().unwrap();
    let says = |name: &str| rules.iter().find(|rule| rule["name"] == name).unwrap()["message"].as_str().unwrap();
    assert!(says("freeze").starts_with("broken: freeze until "), "{intent}");
    assert_eq!(says("break_glass"), "the glass is broken: checkout is down");
}

#[test]
fn the_plan_of_each_lever_names_its_calls() {
    let stub = Stub::new(Answer::Accept(unmoved));
    for (words, call) in [
        (&["approve", "payments", "production", "--comment", "good"][..], "POST /v1/gates/g17/decision"),
        (&["reject", "payments", "production", "--run", "payments/17"], "POST /v1/gates/g17/decision"),
        (&["promote", "search", "--to", "production"], "POST /v1/services/search/environments/production/promote"),
        (&["canary", "checkout", "production", "next"], "POST /v1/services/checkout/environments/production/rollout"),
        (&["canary", "checkout", "production", "abort"], "POST /v1/services/checkout/environments/production/rollout"),
        (&["flip", "catalog", "production"], "POST /v1/services/catalog/environments/production/rollout"),
        (&["rollback", "search", "production"], "POST /v1/services/search/environments/production/rollback"),
        (&["hold", "search", "dev", "on"], "PUT /v1/services/search/environments/dev/hold"),
        (&["flag", "new-price", "50%", "--env", "production"], "PUT /v1/flags/new-price/environments/production"),
        (&["start", "search"], "POST /v1/services/search/runs"),
    ] {
        let (code, document) = stub.json(&[words, &["--dry-run"]].concat());
        assert_eq!(code, 0, "{words:?}: {document}");
        assert_eq!(document["schema"], json!(format!("leverframe/{}/v1", words[0])));
        assert_eq!(document["data"]["plan"]["action"], words[0]);
        let step = document["data"]["plan"]["steps"][0].as_str().unwrap();
        assert!(step.starts_with(call), "{words:?}: {step}");
    }
    assert!(stub.changes().is_empty() && stub.journal().is_empty());
}

#[test]
fn a_way_back_tells_what_it_takes_back_before_it_is_taken() {
    let stub = Stub::new(Answer::Mute(500));
    let (code, document) = stub.json(&["rollback", "catalog", "production", "--dry-run"]);
    assert_eq!(code, 0, "{document}");
    let leaves = &document["data"]["plan"]["leaves"];
    let told = leaves[0].as_str().unwrap();
    assert!(told.starts_with("takes back 3 changes: "), "{told}");
    assert!(leaves[1].as_str().unwrap().contains("so does what 1 migration did: "), "{leaves}");
    // What moves no release back takes back nothing.
    let (_, document) = stub.json(&["hold", "catalog", "production", "on", "--dry-run"]);
    assert_eq!(document["data"]["plan"]["leaves"], json!([]));
}

#[test]
fn gates_changes_and_rollouts_have_the_shape_of_the_contract() {
    let stub = Stub::new(Answer::Accept(unmoved));
    let (code, document) = stub.json(&["gates"]);
    assert_eq!(code, 0);
    let gate = &document["data"]["gates"][0];
    let keys = "id service environment run release state since expires_at approvals approvers may_approve why_not guarded comment_required";
    for key in keys.split(' ') {
        assert!(gate.get(key).is_some(), "`{key}` is missing from {gate}");
    }
    let (code, changes) = stub.json(&["changes", "payments"]);
    assert_eq!(code, 0, "{changes}");
    let commit = &changes["data"]["commits"][0];
    for key in ["id", "title", "author", "at", "url", "pull"] {
        assert!(commit.get(key).is_some(), "`{key}` is missing from {commit}");
    }
    let data = &changes["data"];
    assert_eq!(data["commits"][0]["files"][0], json!({ "path": "src/sepa.rs", "status": "added" }));
    let migration = json!({ "path": "migrations/0042_sepa.sql", "status": "added", "migration": true });
    assert_eq!(data["files"][2], migration);
    let found = json!([{ "in": "title", "commit": "7be1ab2211cc" }]);
    assert_eq!(data["flags"], json!([{ "key": "card-payments", "source": "engine", "found": found }]));
    assert!(data["notes"].as_str().unwrap().starts_with("## payments: v1.9.1 → v1.9.2\n"), "{data}");
    assert_eq!((&changes["data"]["from"], &changes["data"]["to"]), (&json!("production"), &json!("staging")));
    let status = stub.json(&["status", "checkout"]).1;
    let rollout = &status["data"]["services"][0]["environments"][2]["rollout"];
    let keys = "kind phase set_weight actual_weight step bake_left_ms stable candidate active idle verdict";
    for key in keys.split(' ') {
        assert!(rollout.get(key).is_some(), "`{key}` is missing from {rollout}");
    }
}

#[test]
fn a_budget_that_is_spent_locks_until_it_is_whole_again_and_a_small_one_is_told() {
    let stub = Stub::new(Answer::Accept(unmoved));
    let rule = |document: &Value| {
        let rules = document["data"]["plan"]["interlocks"].as_array().unwrap().clone();
        rules.into_iter().find(|rule| rule["name"] == "rate_budget").unwrap()
    };
    let budget = |left: &'static str| {
        stub.tell(&[("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", left), ("x-ratelimit-reset", "1800")]);
    };
    budget("12");
    let (code, few) = stub.json(&["hold", "search", "dev", "on", "--dry-run"]);
    assert_eq!((code, &rule(&few)["state"]), (0, &json!("caution")), "{few}");
    budget("0");
    let (code, none) = stub.json(&["hold", "search", "dev", "on", "--yes"]);
    assert_eq!((code, &none["data"]["refusal"]["interlock"]), (6, &json!("rate_budget")), "{none}");
    assert!(none["data"]["refusal"]["cleared_by"].as_str().unwrap().starts_with("time: engine may be asked again"));
    assert!(stub.changes().is_empty());
}
