//! Canaries: the ladder, the judge, and the levers.

use super::bench::{Bench, at, environment};
use crate::domain::order::RolloutDeed::{Abort, Complete, GoToStep, Pause, Resume, SetWeight};
use crate::domain::rollout::{Phase, Verdict, VerdictState, Weight};
use crate::domain::run::Status;
use crate::engine::rules::judging::judged;
use crate::engine::rules::ladder;
use crate::protocol::fault::Reason;

const LADDER: &str = "rollout = { kind = \"canary\", steps = [5, { weight = 25, manual = true }, 50, 100], bake = \"60s\", \
                      verdict = { errors = \"1 %\" } }";

/// A canary at its first rung, over a stable release of run 1.
fn canary(rollout: &str) -> (Bench, u64) {
    let mut bench = Bench::new(&environment("prod", "production", rollout));
    bench.release();
    bench.drive("prod");
    assert_eq!(bench.live("prod"), "v1", "the first release takes all at once");
    let run = bench.release();
    bench.drive("prod");
    (bench, run)
}

fn judge(bench: &mut Bench, state: VerdictState) {
    let verdict = Verdict { state, score: None, metrics: Vec::new() };
    bench.write(|draft| judged(draft, &at("prod"), Some(&verdict)));
    bench.drive("prod");
}

fn shares(old: u8, new: u8) -> Vec<(String, u8)> {
    [("v1", old), ("v2", new)]
        .map(|(version, share)| (version.to_owned(), share))
        .into_iter()
        .filter(|s| s.1 > 0)
        .collect()
}

fn weight(percent: u8) -> Weight {
    Weight::new(percent).unwrap()
}

#[test]
fn it_climbs_when_its_bake_time_is_over_and_the_verdict_holds() {
    let (mut bench, run) = canary(LADDER);
    assert_eq!(bench.split("prod"), shares(95, 5));
    bench.later(59);
    judge(&mut bench, VerdictState::Pass);
    assert_eq!(bench.split("prod"), shares(95, 5));
    bench.later(1);
    judge(&mut bench, VerdictState::NoData);
    assert_eq!(bench.split("prod"), shares(95, 5), "without numbers it stays");
    judge(&mut bench, VerdictState::Marginal);
    assert_eq!((bench.split("prod"), bench.job(run, "prod")), (shares(75, 25), Status::Waiting));
    bench.later(100_000);
    judge(&mut bench, VerdictState::Pass);
    judge(&mut bench, VerdictState::Fail);
    assert_eq!(bench.split("prod"), shares(75, 25), "a manual rung is moved by a person only");
    assert!(bench.shift("prod", GoToStep(3)).is_ok());
    bench.drive("prod");
    assert_eq!(bench.job(run, "prod"), Status::Running);
    bench.later(60);
    judge(&mut bench, VerdictState::Pass);
    assert_eq!((bench.live("prod").as_str(), bench.run(run).status), ("v2", Status::Succeeded));
    assert_eq!(bench.standing("prod").rollout.unwrap().phase, Phase::Complete);
}

#[test]
fn a_failed_verdict_gives_it_up_and_holds_the_place() {
    let (mut bench, run) = canary(LADDER);
    judge(&mut bench, VerdictState::Fail);
    assert_eq!((bench.split("prod"), bench.run(run).status), (shares(100, 0), Status::Failed));
    assert!(bench.deployment(run, "prod").detail.unwrap().starts_with("the verdict failed"));
    assert_eq!(bench.standing("prod").hold.unwrap().by.as_str(), "engine");
    let next = bench.release();
    bench.drive("prod");
    assert_eq!((bench.live("prod").as_str(), bench.run(next).status), ("v1", Status::Waiting), "held");
    assert!(bench.hold("prod", false).is_ok());
    bench.drive("prod");
    assert!(bench.standing("prod").under_way().is_some());
}

#[test]
fn a_failed_verdict_can_pause_it() {
    let (mut bench, run) = canary(&LADDER.replace("bake = ", "on_fail = \"pause\", bake = "));
    judge(&mut bench, VerdictState::Fail);
    assert_eq!((bench.split("prod"), bench.job(run, "prod")), (shares(95, 5), Status::Waiting));
    assert_eq!(bench.standing("prod").rollout.unwrap().phase, Phase::Paused);
}

#[test]
fn a_weight_set_by_hand_stays() {
    let (mut bench, _) = canary(LADDER);
    assert!(bench.shift("prod", SetWeight(weight(37))).is_ok());
    bench.drive("prod");
    bench.later(1000);
    judge(&mut bench, VerdictState::Pass);
    judge(&mut bench, VerdictState::Fail);
    assert_eq!(bench.split("prod"), shares(63, 37));
    assert!(bench.shift("prod", SetWeight(Weight::ALL)).is_ok());
    bench.drive("prod");
    assert_eq!((bench.split("prod"), bench.live("prod").as_str()), (shares(0, 100), "v1"), "all, and not complete");
    assert!(bench.shift("prod", Complete).is_ok());
    bench.drive("prod");
    assert_eq!(bench.live("prod"), "v2");
    assert_eq!(bench.shift("prod", SetWeight(weight(5))), Err(Reason::NotPossible));
}

#[test]
fn a_pause_stops_the_bake_clock() {
    let (mut bench, _) = canary(LADDER);
    bench.later(40);
    assert!(bench.shift("prod", Pause).is_ok());
    assert_eq!(bench.shift("prod", Pause).unwrap(), "paused already");
    bench.later(1000);
    judge(&mut bench, VerdictState::Pass);
    assert_eq!(bench.split("prod"), shares(95, 5));
    assert!(bench.shift("prod", Resume).is_ok());
    bench.drive("prod");
    let left = |bench: &Bench| {
        let standing = bench.standing("prod");
        let rungs = ladder::rungs(&bench.state, &at("prod"));
        ladder::bake_left_ms(standing.under_way().unwrap(), &rungs, bench.now)
    };
    assert_eq!(left(&bench), Some(20_000));
    bench.later(20);
    judge(&mut bench, VerdictState::Pass);
    assert_eq!(bench.split("prod"), shares(75, 25));
}

#[test]
fn bake_time_that_no_engine_saw_does_not_count() {
    let (mut bench, _) = canary(LADDER);
    bench.later(40);
    assert!(bench.shift("prod", Pause).is_ok());
    assert!(bench.shift("prod", Resume).is_ok());
    bench.drive("prod");
    bench.later(1000);
    bench.write(ladder::bake_anew);
    judge(&mut bench, VerdictState::Pass);
    assert_eq!(bench.split("prod"), shares(95, 5));
    bench.later(19);
    judge(&mut bench, VerdictState::Pass);
    assert_eq!(bench.split("prod"), shares(95, 5), "what had passed before the stretch counts");
    bench.later(1);
    judge(&mut bench, VerdictState::Pass);
    assert_eq!(bench.split("prod"), shares(75, 25));
}

#[test]
fn an_abort_gives_all_back_and_holds() {
    let (mut bench, run) = canary(LADDER);
    assert!(bench.shift("prod", Abort).is_ok());
    assert_eq!(bench.standing("prod").rollout.unwrap().phase, Phase::Aborting);
    bench.drive("prod");
    assert_eq!((bench.split("prod"), bench.run(run).status), (shares(100, 0), Status::Failed));
    assert!(bench.standing("prod").hold.is_some());
    assert_eq!(bench.shift("prod", Abort).unwrap(), "v2 was given up already");
    assert!(bench.promote("prod", run).is_ok(), "a deliberate promote lifts the hold");
    assert!(bench.standing("prod").hold.is_none() && bench.standing("prod").under_way().is_some());
}

#[test]
fn a_lever_rests_on_what_was_seen() {
    let (mut bench, _) = canary(LADDER);
    let stale = crate::engine::state::revision::environment(&bench.state, &at("prod"));
    assert!(bench.shift("prod", SetWeight(weight(37))).is_ok());
    let now = crate::engine::state::revision::environment(&bench.state, &at("prod"));
    assert_ne!(stale, now);
    bench.later(500);
    judge(&mut bench, VerdictState::Pass);
    assert_eq!(
        now,
        crate::engine::state::revision::environment(&bench.state, &at("prod")),
        "time and metrics are no facts"
    );
}

#[test]
fn going_back_beside_a_canary_aborts_it_or_passes_it_by() {
    let (mut bench, _) = canary(LADDER);
    assert!(bench.shift("prod", Complete).is_ok());
    bench.drive("prod");
    bench.release();
    bench.drive("prod");
    assert_eq!(bench.split("prod"), [("v2".to_owned(), 95), ("v3".to_owned(), 5)]);
    assert!(bench.roll_back("prod", 1).is_ok());
    bench.drive("prod");
    assert_eq!(bench.split("prod"), [("v1".to_owned(), 100)]);
    let kept: Vec<_> = bench.standing("prod").kept.iter().map(|k| (k.live.version.to_string(), k.good)).collect();
    assert_eq!(kept, [("v2".to_owned(), false)]);
    assert!(bench.standing("prod").hold.is_some());
}
