//! The engine as a source, against scripted replies: what is asked for, and what is made of the answers.

use std::sync::Arc;

use leverframe::backends::{Backend, connect};
use leverframe::capabilities::error::Kind;
use leverframe::domain::environment::Tier;
use leverframe::domain::flag::FlagValue;
use leverframe::domain::gate::Verdict;
use leverframe::domain::ids::{GateId, Place, RunKey};
use leverframe::domain::log::LogKey;
use leverframe::domain::observation::{Facts, Subject};
use leverframe::domain::order::{
    Deed, DeploymentDeed, FlagDeed, GateDeed, Order, PipelineDeed, Retry, RolloutDeed, StopDeed,
};
use leverframe::domain::rollout::Weight;

use super::script::{Script, json, reply};
use super::{ports, source};

fn backend(script: &Script) -> Backend {
    connect(&source(&script.url(), ""), &ports(false))
}

fn order(deed: Deed) -> Order {
    let (expect, reason) = (Some("r1".into()), Some("because".into()));
    Order { source: "here".into(), deed, expect, reason, breaks: false, key: "k1".into() }
}

fn run() -> RunKey {
    RunKey { service: "checkout".into(), id: "7".into() }
}

fn log() -> LogKey {
    LogKey { run: run(), job: "compile".into() }
}

/// The calls of an order as a plan shows them.
fn described(deed: Deed) -> String {
    let backend = connect(&source("http://127.0.0.1:1", ""), &ports(false));
    let calls = backend.describe(&order(deed)).unwrap();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    let headers = [("If-Match", "\"r1\""), ("Idempotency-Key", "k1")].map(|(name, value)| (name.into(), value.into()));
    assert_eq!(call.headers, headers);
    call.to_string()
}

#[test]
fn every_lever_is_one_call_with_the_revision_and_the_mark() {
    let place = || Place::new("checkout", "production");
    let gate = GateDeed {
        gate: GateId::new("g/1"),
        place: place(),
        run: run(),
        verdict: Verdict::Approve,
        comment: Some("fine".into()),
    };
    assert_eq!(described(Deed::Gate(gate)), r#"POST /v1/gates/g%2F1/decision  {"comment":"fine","verdict":"approve"}"#);
    assert_eq!(
        described(Deed::Deployment(place(), DeploymentDeed::Promote("v2".into()))),
        r#"POST /v1/services/checkout/environments/production/promote  {"reason":"because","version":"v2"}"#
    );
    assert_eq!(
        described(Deed::Deployment(place(), DeploymentDeed::RollBack("v1".into()))),
        r#"POST /v1/services/checkout/environments/production/rollback  {"reason":"because","version":"v1"}"#
    );
    assert_eq!(
        described(Deed::Deployment(place(), DeploymentDeed::Hold(true))),
        r#"PUT /v1/services/checkout/environments/production/hold  {"on":true,"reason":"because"}"#
    );
    assert_eq!(
        described(Deed::Stop(StopDeed { on: true, until: None, tiers: vec![Tier::Production] })),
        r#"PUT /v1/stop  {"on":true,"reason":"because","tiers":["production"],"until":null}"#
    );
    assert_eq!(
        described(Deed::Rollout(place(), RolloutDeed::Pause)),
        r#"POST /v1/services/checkout/environments/production/rollout  {"deed":"pause","reason":"because"}"#
    );
    let flag = FlagDeed { flag: "new basket".into(), environment: "staging".into(), value: FlagValue::Off };
    assert_eq!(
        described(Deed::Flag(flag)),
        r#"PUT /v1/flags/new%20basket/environments/staging  {"reason":"because","value":"off"}"#
    );
    assert_eq!(
        described(Deed::Pipeline(PipelineDeed::Start { service: "checkout".into(), branch: None })),
        r#"POST /v1/services/checkout/runs  {"branch":null,"reason":"because"}"#
    );
    assert_eq!(
        described(Deed::Pipeline(PipelineDeed::Retry { run: run(), what: Retry::Failed })),
        r#"POST /v1/services/checkout/runs/7/retry  {"reason":"because","what":"failed"}"#
    );
    assert_eq!(
        described(Deed::Pipeline(PipelineDeed::Cancel { run: run(), force: true })),
        r#"POST /v1/services/checkout/runs/7/cancel  {"force":true,"reason":"because"}"#
    );
}

#[tokio::test]
async fn the_flags_belong_to_the_source_that_the_configuration_names() {
    let flag = r#"{"key": "f", "source": "engine", "services": [], "kind": "release", "kill_switch": false,
        "description": null, "environments": []}"#;
    let overview = format!(r#"{{"services": [], "flags": [{flag}], "login": null}}"#);
    let script = Script::new([reply("200 OK", &["etag: \"a\""], overview), reply("304 Not Modified", &[], "")]).await;
    let backend = backend(&script);
    let Facts::Overview(overview) = backend.answer(&Subject::Overview).await.unwrap() else { panic!("no overview") };
    assert_eq!(overview.flags[0].source.as_str(), "here");
    assert_eq!(backend.answer(&Subject::Overview).await.unwrap(), Facts::Unchanged);
}

#[tokio::test]
async fn a_refusal_speaks_in_the_engines_words() {
    let moved =
        r#"{"reason": "moved", "message": "it has moved", "hint": "look", "revision": "r2", "current": {"on": 1}}"#;
    let failed = r#"{"reason": "internal", "message": "not made", "hint": null, "revision": null, "current": null}"#;
    let replies = [reply("409 Conflict", &[], moved), reply("500 Internal Server Error", &[], failed)];
    let script = Script::new(replies).await;
    let backend = Arc::new(backend(&script));
    let deed = Deed::Rollout(Place::new("a", "b"), RolloutDeed::SetWeight(Weight::ALL));
    let calls = backend.describe(&order(deed)).unwrap();
    let error = backend.send(&calls[0]).await.unwrap_err();
    let current = serde_json::json!({ "on": 1 });
    assert_eq!(error.kind, Kind::Moved(Some(Box::new(current))));
    assert_eq!((error.message.as_str(), error.hint.unwrap().as_str()), ("it has moved", "look"));
    // The engine itself says that nothing was made.
    assert_eq!(backend.send(&calls[0]).await.unwrap_err().kind, Kind::Server);
}

#[tokio::test]
async fn an_order_through_the_glass_says_so_and_a_stop_that_stands_is_no_move() {
    let frozen =
        r#"{"reason": "frozen", "message": "emergency stop", "hint": null, "revision": null, "current": null}"#;
    let script = Script::new([reply("409 Conflict", &[], frozen)]).await;
    let backend = backend(&script);
    let deed = Deed::Deployment(Place::new("a", "b"), DeploymentDeed::Promote("v2".into()));
    let calls = backend.describe(&Order { breaks: true, ..order(deed) }).unwrap();
    assert_eq!(backend.send(&calls[0]).await.unwrap_err().kind, Kind::Refused);
    assert!(script.asked()[0].contains("break-glass: yes"), "{}", script.asked()[0]);
}

#[tokio::test]
async fn an_answer_to_a_change_that_is_none_leaves_its_end_unknown() {
    let script = Script::new([reply("200 OK", &["content-type: text/html"], "<p>Log in</p>"), json("{}")]).await;
    let backend = backend(&script);
    let calls = backend.describe(&order(Deed::Rollout(Place::new("a", "b"), RolloutDeed::Abort))).unwrap();
    for _ in 0..2 {
        assert_eq!(backend.send(&calls[0]).await.unwrap_err().kind, Kind::UnknownOutcome);
    }
}

#[tokio::test]
async fn when_a_log_was_written_is_asked_for_and_an_engine_that_does_not_know_has_none() {
    let told = r#"{"marks": [{"byte": 3, "at": "2026-05-04T12:00:00Z"}], "total": 9}"#;
    let unknown = r#"{"reason": "not_found", "message": "nothing", "hint": null, "revision": null, "current": null}"#;
    let script = Script::new([
        json(told),
        json(r#"{"marks": null, "total": 0}"#),
        reply("404 Not Found", &["content-type: application/json"], unknown),
    ])
    .await;
    let backend = backend(&script);
    let mut answers = Vec::new();
    for _ in 0..3 {
        let Facts::Times(_, times) = backend.answer(&Subject::Times(log(), 3)).await.unwrap() else {
            panic!("no times")
        };
        answers.push((times.marks.map(|marks| (marks[0].byte, marks[0].at.to_string())), times.total));
    }
    assert_eq!(answers, [(Some((3, "2026-05-04T12:00:00Z".to_owned())), 9), (None, 0), (None, 0)]);
    let asked = script.asked();
    assert!(asked[0].starts_with("get /v1/services/checkout/runs/7/jobs/compile/log/times?from=3 "), "{}", asked[0]);
}

#[tokio::test]
async fn how_long_a_log_is_takes_one_question() {
    let heads = ["x-log-from: 6", "x-log-total: 6", "x-log-ended: true"];
    let script = Script::new([reply("200 OK", &heads, "")]).await;
    let Facts::Log(_, chunk) = backend(&script).answer(&Subject::Length(log())).await.unwrap() else {
        panic!("no log")
    };
    assert_eq!((chunk.from, chunk.bytes.len(), chunk.total, chunk.ended), (6, 0, 6, true));
    assert!(script.asked()[0].contains("&most=0 "), "{}", script.asked()[0]);
}

#[tokio::test]
async fn a_log_is_read_by_offsets_and_from_its_end() {
    let piece = |from: u64, total: u64, ended: bool, body: &str| {
        let heads = [format!("x-log-from: {from}"), format!("x-log-total: {total}"), format!("x-log-ended: {ended}")];
        reply("200 OK", &heads.each_ref().map(String::as_str), body)
    };
    let script = Script::new([
        piece(3, 6, false, "def"),
        piece(6, 6, true, ""),
        piece(2, 6, true, "cdef"),
        piece(0, 2, true, "abc"),
    ])
    .await;
    let logs = backend(&script).logs.unwrap();
    let chunk = logs.read(&log(), 3, 100).await.unwrap();
    assert_eq!((chunk.from, chunk.bytes.as_slice(), chunk.total, chunk.ended), (3, b"def".as_slice(), 6, false));
    let tail = logs.read(&log(), u64::MAX, 4).await.unwrap();
    assert_eq!((tail.from, tail.bytes.as_slice(), tail.ended), (2, b"cdef".as_slice(), true));
    // More bytes than the log has: nothing can be built on that.
    assert_eq!(logs.read(&log(), 0, 100).await.unwrap_err().kind, Kind::Malformed);
    let asked = script.asked();
    assert!(asked[0].starts_with("get /v1/services/checkout/runs/7/jobs/compile/log?from=3&most=100 "), "{}", asked[0]);
    assert!(asked[2].contains("?from=2&most=4 "), "{}", asked[2]);
}
