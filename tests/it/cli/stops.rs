//! An emergency stop from the command line, kept by a real engine.

use serde_json::{Value, json};

use super::bench::Bench;

const ON: [&str; 6] = ["freeze", "on", "--yes", "--reason", "paid twice", "--until"];
const FLAG: [&str; 6] = ["flag", "new-basket", "on", "--env", "production", "--yes"];

fn on(more: &[&'static str]) -> Vec<&'static str> {
    [&ON[..], more].concat()
}

#[test]
fn it_is_called_obeyed_told_everywhere_and_taken_back() {
    let bench = Bench::new();
    let (code, refused) = bench.json(&["freeze", "on", "--yes"]);
    assert_eq!((code, &refused["data"]["refusal"]["reason"]), (3, &json!("a reason is required")), "{refused}");
    let (code, called) = bench.json(&on(&["2h", "--tier", "production"]));
    assert_eq!((code, &called["data"]["outcome"]["state"]), (0, &json!("reached")), "{called}");
    let says = called["data"]["outcome"]["message"].as_str().unwrap();
    assert!(says.contains("in production: paid twice until 20"), "{says}");
    assert!(called["data"]["plan"]["steps"][0].as_str().unwrap().starts_with("PUT /v1/stop"), "{called}");
    let status = bench.json(&["status"]).1;
    let stop = &status["data"]["stops"][0];
    assert_eq!((&stop["reason"], &stop["tiers"]), (&json!("paid twice"), &json!(["production"])), "{status}");
    assert!(stop["by"].is_string() && stop["since"].is_string() && stop["until"].is_string());
    assert!(bench.run(&["status"]).out.starts_with("emergency stop by "));
    let why = bench.json(&["why", "checkout", "production"]).1;
    assert_eq!(why["data"]["reasons"][0]["about"], "freeze", "{why}");
    let (code, locked) = bench.json(&FLAG);
    assert_eq!((code, &locked["data"]["refusal"]["interlock"]), (3, &json!("freeze")), "{locked}");
    assert!(locked["data"]["refusal"]["cleared_by"].as_str().unwrap().starts_with("freeze off"), "{locked}");
    let off = ["flag", "new-basket", "off", "--env", "production", "--yes"];
    assert_eq!(bench.json(&off).0, 0, "switching off is free");
    assert_eq!(bench.json(&["freeze", "off", "--yes"]).0, 0);
    assert_eq!(bench.json(&["status"]).1["data"]["stops"], json!([]));
    assert_eq!(bench.json(&FLAG).0, 0);
    let (code, again) = bench.json(&["freeze", "off", "--yes"]);
    assert_eq!((code, &again["data"]["outcome"]["state"]), (0, &json!("none")), "{again}");
    let said = bench.run(&["engine", "status", "--data", bench.folder.path().to_str().unwrap()]);
    assert_eq!(said.code, 0, "{} {}", said.out, said.err);
}

#[test]
fn what_is_asked_for_in_a_wrong_way_says_what_is_right() {
    let bench = Bench::new();
    for (more, says) in [
        (&["someday"][..], "is no time to come"),
        (&["2020-01-01 12:00"], "is no time to come"),
        (&["2h", "--tier", "prod"], "a tier is development, staging or production"),
        (&["2h", "--source", "other"], "no source that answers keeps an emergency stop"),
    ] {
        let said = bench.run(&on(more));
        assert!(said.err.contains(says) || said.out.contains(says), "{more:?}: {} {}", said.out, said.err);
        assert_ne!(said.code, 0);
    }
    let (code, expected) = bench.json(&on(&["2h", "--expect", "other"]));
    assert_eq!((code, &expected["data"]["outcome"]["state"]), (4, &json!("moved")), "{expected}");
    let viewer = bench.config_of("viewer");
    assert_eq!(bench.json(&on(&["2h", "--config", viewer.to_str().unwrap().to_owned().leak()])).0, 5);
    assert_eq!(bench.json(&["status"]).1["data"]["stops"], json!([]));
}

#[test]
fn it_outlives_the_engine_and_the_api_asks_for_what_was_seen() {
    let mut bench = Bench::new();
    assert_eq!(bench.json(&on(&["2h"])).0, 0);
    let before: Value = bench.json(&["status"]).1["data"]["stops"].clone();
    bench.again();
    assert_eq!(bench.json(&["status"]).1["data"]["stops"], before);
}
