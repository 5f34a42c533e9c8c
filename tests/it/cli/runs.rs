//! Runs from the command line, against a real engine whose only job fails: watched, read, retried.

use serde_json::{Value, json};

use super::bench::Bench;

#[test]
fn a_run_is_watched_to_its_end_and_its_log_is_read() {
    let bench = Bench::new();
    let said = bench.run(&["watch", "checkout/latest", "--json"]);
    assert_eq!(said.code, 1, "{} {}", said.out, said.err);
    let changes: Vec<Value> = said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(changes.iter().all(|change| change["schema"] == "leverframe/watch/v1"), "{}", said.out);
    let last = &changes.last().unwrap()["data"];
    assert_eq!((&last["kind"], &last["run"], &last["after"]), (&json!("run"), &json!("checkout/1"), &json!("failed")));
    let runs = bench.json(&["runs", "checkout"]).1;
    let compile = &runs["data"]["runs"][0]["stages"][0]["jobs"][0];
    let step = |at: usize, key: &str| compile["steps"][at][key].clone();
    assert_eq!((step(0, "name"), step(0, "status")), (json!("echo built $((1 + 1))"), json!("succeeded")), "{compile}");
    assert_eq!((step(1, "name"), step(1, "status")), (json!("false"), json!("failed")), "{compile}");
    assert!(step(1, "duration_ms").is_u64() && step(1, "started_at").is_string(), "{compile}");
    let (code, log) = bench.json(&["logs", "checkout/latest"]);
    assert_eq!(code, 0, "{log}");
    assert_eq!((&log["data"]["run"], &log["data"]["jobs"][0]["job"]), (&json!("checkout/1"), &json!("compile")));
    assert!(log["data"]["jobs"][0]["lines"].to_string().contains("built 2"), "{log}");
    let followed = bench.run(&["logs", "checkout/1", "compile", "--follow"]);
    assert_eq!(followed.code, 0, "{}", followed.err);
    assert!(followed.out.contains("built 2"), "{}", followed.out);
}

#[test]
fn a_run_that_failed_is_retried_and_one_that_ended_is_not_cancelled() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["watch", "checkout/1"]).code, 1);
    let (code, cancelled) = bench.json(&["cancel", "checkout/1", "--yes"]);
    assert_eq!((code, &cancelled["data"]["refusal"]["interlock"]), (3, &json!("run")), "{cancelled}");
    let (code, retried) = bench.json(&["retry", "checkout/latest", "--failed", "--yes"]);
    assert_eq!((code, &retried["data"]["outcome"]["state"]), (0, &json!("reached")), "{retried}");
    let (code, unknown) = bench.json(&["retry", "checkout/1", "--job", "compiel", "--dry-run"]);
    assert_ne!(code, 0, "{unknown}");
    let (code, started) = bench.json(&["start", "checkout", "--yes"]);
    assert_eq!((code, &started["data"]["outcome"]["state"]), (0, &json!("reached")), "{started}");
    assert_eq!(bench.json(&["status"]).1["data"]["services"][0]["latest_run"]["id"], "2");
}
