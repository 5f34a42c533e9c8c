//! Emergency stops: what waits while one stands, what goes on, and how it ends.

use jiff::SignedDuration;

use super::bench::{Bench, at, environment};
use crate::domain::environment::Tier;
use crate::domain::gate::Verdict::{Approve, Reject};
use crate::domain::order::RolloutDeed;
use crate::domain::rollout::Weight;
use crate::engine::rules::{judging, places};
use crate::engine::state::deployment::Stand;
use crate::protocol::fault::Reason;

/// Two environments into which every release goes by itself; one is served in both.
fn shop(production: &str) -> Bench {
    let environments = environment("staging", "staging", "") + &environment("prod", "production", production);
    let mut bench = Bench::new(&environments);
    serve(&mut bench);
    bench
}

fn serve(bench: &mut Bench) {
    bench.release();
    bench.drive("staging");
    bench.drive("prod");
}

#[test]
fn what_comes_by_itself_waits_until_the_stop_is_taken_back() {
    let mut bench = shop("");
    assert!(bench.freeze(true, &[Tier::Production], None).is_ok());
    serve(&mut bench);
    assert_eq!((bench.live("staging").as_str(), bench.live("prod").as_str()), ("v2", "v1"));
    assert_eq!(bench.deployment(2, "prod").stand, Stand::Queued);
    assert!(bench.freeze(false, &[], None).is_ok());
    bench.drive("prod");
    assert_eq!(bench.live("prod"), "v2");
    assert_eq!(bench.freeze(false, &[], None).unwrap(), "no emergency stop stands");
}

#[test]
fn a_stop_everywhere_ends_when_its_time_is_over() {
    let mut bench = shop("");
    let until = bench.now + SignedDuration::from_hours(1);
    assert!(bench.freeze(true, &[], Some(until)).is_ok());
    serve(&mut bench);
    assert_eq!((bench.live("staging").as_str(), bench.live("prod").as_str()), ("v1", "v1"));
    assert_eq!(places::next_deadline(&bench.state), Some(until));
    bench.later(3599);
    assert!(bench.state.stop.is_some());
    bench.later(1);
    assert!(bench.state.stop.is_none());
    bench.drive("staging");
    bench.drive("prod");
    assert_eq!((bench.live("staging").as_str(), bench.live("prod").as_str()), ("v2", "v2"));
}

#[test]
fn a_person_brings_something_new_only_through_the_glass_and_for_a_reason() {
    let mut bench = shop("auto = false");
    bench.promote("prod", 1).unwrap();
    bench.drive("prod");
    serve(&mut bench);
    bench.freeze(true, &[], None).unwrap();
    assert_eq!(bench.promote("prod", 2), Err(Reason::Frozen));
    assert_eq!(bench.force("prod", 2, Some(" ")), Err(Reason::NotPossible), "without a reason");
    assert!(bench.force("prod", 2, Some("the fix")).is_ok());
    bench.drive("prod");
    assert_eq!(bench.live("prod"), "v2");
    assert!(bench.roll_back("prod", 1).is_ok(), "the way back is free");
    bench.drive("prod");
    assert_eq!(bench.live("prod"), "v1");
}

#[test]
fn what_was_ordered_before_the_stop_and_has_not_begun_waits_too() {
    let mut bench = shop("gate = { approvals = 1 }");
    bench.decide(1, "prod", "rita", Approve).unwrap();
    bench.drive("prod");
    bench.release();
    bench.drive("staging");
    bench.freeze(true, &[], None).unwrap();
    assert_eq!(bench.decide(2, "prod", "rita", Approve), Err(Reason::Frozen));
    assert!(bench.decide(2, "prod", "rita", Reject).is_ok());
}

#[test]
fn a_canary_stays_where_it_is_and_can_be_taken_back() {
    let mut bench = shop("rollout = { kind = \"canary\", steps = [10, 50, 100], bake = \"1m\" }");
    serve(&mut bench);
    bench.freeze(true, &[], None).unwrap();
    let weight = |bench: &Bench| bench.standing("prod").rollout.unwrap().weight.percent();
    assert_eq!(weight(&bench), 10);
    bench.later(61);
    bench.write(|draft| judging::judged(draft, &at("prod"), None));
    assert_eq!(weight(&bench), 10, "its bake time is over, and it stays");
    for deed in [RolloutDeed::SetWeight(Weight::new(40).unwrap()), RolloutDeed::GoToStep(2), RolloutDeed::Complete] {
        assert_eq!(bench.shift("prod", deed), Err(Reason::Frozen), "{deed:?}");
    }
    assert!(bench.shift("prod", RolloutDeed::SetWeight(Weight::new(5).unwrap())).is_ok());
    assert!(bench.shift("prod", RolloutDeed::Pause).is_ok());
    assert_eq!(bench.shift("prod", RolloutDeed::Resume), Err(Reason::Frozen));
    assert!(bench.shift("prod", RolloutDeed::Abort).is_ok());
}
