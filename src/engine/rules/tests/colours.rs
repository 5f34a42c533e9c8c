//! Blue and green.

use super::bench::{Bench, at, environment};
use crate::domain::order::RolloutDeed::Flip;
use crate::domain::rollout::Color::{self, Blue, Green};
use crate::protocol::fault::Reason;

fn place() -> Bench {
    Bench::new(&environment("prod", "production", "rollout = { kind = \"blue_green\", keep_idle = \"1h\" }"))
}

fn active(bench: &Bench) -> Option<Color> {
    bench.standing("prod").serving_set().and_then(|set| set.color)
}

#[test]
fn each_release_takes_the_idle_colour() {
    let mut bench = place();
    bench.release();
    bench.drive("prod");
    assert_eq!(active(&bench), Some(Blue));
    bench.release();
    bench.drive("prod");
    assert_eq!((active(&bench), bench.live("prod").as_str()), (Some(Green), "v2"));
    bench.release();
    bench.drive("prod");
    assert_eq!((active(&bench), bench.live("prod").as_str()), (Some(Blue), "v3"));
    let up: Vec<_> =
        bench.standing("prod").sets.iter().filter(|set| set.up).map(|set| set.version.to_string()).collect();
    assert_eq!(up, ["v2", "v3"], "one release a colour");
}

#[test]
fn a_flip_goes_there_and_back_and_holds() {
    let mut bench = place();
    bench.release();
    bench.drive("prod");
    assert_eq!(bench.shift("prod", Flip(Green)), Err(Reason::NotPossible), "nothing is on green");
    bench.release();
    bench.drive("prod");
    assert!(bench.shift("prod", Flip(Green)).unwrap().contains("already"));
    for (color, version) in [(Blue, "v1"), (Green, "v2"), (Blue, "v1")] {
        assert!(bench.shift("prod", Flip(color)).is_ok());
        bench.drive("prod");
        assert_eq!((active(&bench), bench.live("prod").as_str()), (Some(color), version));
    }
    assert!(bench.standing("prod").hold.is_some());
    bench.later(3601);
    bench.observed.sets.clear();
    assert_eq!(bench.shift("prod", Flip(Green)), Err(Reason::NotPossible), "the idle colour is down");
    assert!(bench.roll_back("prod", 2).is_ok(), "going there starts it");
    bench.drive("prod");
    assert_eq!((active(&bench), bench.live("prod").as_str()), (Some(Green), "v2"));
}

#[test]
fn an_unhealthy_colour_is_not_flipped_to() {
    let mut bench = place();
    for _ in 0..2 {
        bench.release();
        bench.drive("prod");
    }
    let blue = bench.standing("prod").sets.iter().find(|set| set.color == Some(Blue)).unwrap().id;
    bench.observed.sets.remove(&(at("prod"), blue));
    assert_eq!(bench.shift("prod", Flip(Blue)), Err(Reason::NotPossible));
}
