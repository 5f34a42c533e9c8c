//! Who waits for whom: holds, promotes, newer releases.

use super::bench::{Bench, environment};
use crate::domain::order::RolloutDeed::{Abort, Complete};
use crate::domain::run::Status;
use crate::protocol::fault::Reason;

const CANARY: &str = "rollout = { kind = \"canary\", steps = [{ weight = 25, manual = true }, 100] }";

#[test]
fn the_newest_waits_for_a_rollout_and_a_promote_is_refused() {
    let mut bench = Bench::new(&environment("prod", "production", CANARY));
    bench.release();
    bench.drive("prod");
    let moving = bench.release();
    bench.drive("prod");
    let (older, newer) = (bench.release(), bench.release());
    assert_eq!((bench.run(older).status, bench.run(newer).status), (Status::Cancelled, Status::Waiting));
    assert_eq!(bench.promote("prod", newer), Err(Reason::NotPossible));
    assert!(bench.promote("prod", moving).unwrap().contains("already"));
    assert!(bench.shift("prod", Complete).is_ok());
    bench.drive("prod");
    assert_eq!((bench.run(moving).status, bench.run(newer).status), (Status::Succeeded, Status::Waiting));
    assert_eq!(bench.standing("prod").under_way().unwrap().version.as_str(), "v4");
}

#[test]
fn a_hold_keeps_out_what_comes_by_itself() {
    let mut bench = Bench::new(&environment("prod", "production", ""));
    bench.release();
    bench.drive("prod");
    assert!(bench.hold("prod", true).is_ok());
    assert_eq!(bench.hold("prod", true).unwrap(), "already held");
    let (older, newer) = (bench.release(), bench.release());
    bench.drive("prod");
    assert_eq!((bench.live("prod").as_str(), bench.run(older).status), ("v1", Status::Cancelled));
    assert!(bench.promote("prod", newer).is_ok());
    bench.drive("prod");
    assert_eq!((bench.live("prod").as_str(), bench.run(newer).status), ("v3", Status::Succeeded));
    assert!(bench.standing("prod").hold.is_none());
}

#[test]
fn what_is_not_automatic_waits_for_a_person() {
    let mut bench = Bench::new(&environment("prod", "production", "auto = false"));
    let (older, newer) = (bench.release(), bench.release());
    assert_eq!((bench.run(older).status, bench.run(newer).status), (Status::Cancelled, Status::Waiting));
    assert!(bench.promote("prod", newer).is_ok());
    bench.drive("prod");
    assert_eq!((bench.live("prod").as_str(), bench.run(newer).status), ("v2", Status::Succeeded));
    assert!(bench.promote("prod", newer).unwrap().contains("already"));
    assert!(bench.promote("prod", older).is_ok(), "an older release can be promoted deliberately");
    bench.drive("prod");
    assert_eq!(bench.live("prod"), "v1");
    assert_eq!(bench.promote("prod", 99), Err(Reason::NotFound));
}

#[test]
fn an_older_run_does_not_overtake_a_newer_one() {
    let mut bench = Bench::new(&environment("dev", "development", ""));
    let slow = bench.commit();
    let quick = bench.release();
    bench.drive("dev");
    bench.end_job(slow, "compile", Status::Succeeded);
    bench.make_release(slow);
    bench.drive("dev");
    assert_eq!((bench.live("dev").as_str(), bench.run(slow).status), ("v2", Status::Cancelled));
    assert_eq!(bench.run(quick).status, Status::Succeeded);
}

#[test]
fn going_back_takes_a_release_that_was_live_and_holds() {
    let mut bench = Bench::new(&environment("prod", "production", ""));
    for _ in 0..3 {
        bench.release();
        bench.drive("prod");
    }
    assert_eq!(bench.roll_back("prod", 9), Err(Reason::NotPossible));
    assert!(bench.roll_back("prod", 3).unwrap().contains("already"));
    assert!(bench.standing("prod").hold.is_none(), "what is already so changes nothing");
    let warm = bench.standing("prod").up_with(&super::bench::version(2)).map(|set| set.id);
    assert!(warm.is_some(), "the release before still runs");
    assert!(bench.roll_back("prod", 2).is_ok());
    assert_eq!(bench.standing("prod").under_way().map(|rollout| rollout.candidate), warm);
    bench.drive("prod");
    assert_eq!(bench.live("prod"), "v2");
    let next = bench.release();
    bench.drive("prod");
    assert_eq!((bench.live("prod").as_str(), bench.run(next).status), ("v2", Status::Waiting));
    assert!(bench.roll_back("prod", 1).is_ok(), "one that does not run any more is started");
    bench.drive("prod");
    assert_eq!(bench.live("prod"), "v1");
    bench.later(3600);
    bench.drive("prod");
    assert_eq!(bench.standing("prod").sets.iter().filter(|set| set.up).count(), 1, "nothing is kept warm for ever");
}

#[test]
fn a_rollback_that_does_not_get_healthy_leaves_what_serves() {
    let mut bench = Bench::new(&environment("prod", "production", ""));
    for _ in 0..3 {
        bench.release();
        bench.drive("prod");
    }
    assert!(bench.roll_back("prod", 1).is_ok());
    assert!(bench.shift("prod", Abort).is_ok());
    bench.drive("prod");
    assert_eq!((bench.live("prod").as_str(), bench.standing("prod").under_way().is_none()), ("v3", true));
}
