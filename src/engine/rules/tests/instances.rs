//! The records of instances.

use super::bench::{Bench, at, environment};
use crate::engine::rules::instances::{self, Intent};

const START: &str = "rollout = { kind = \"replace\" }\nreplicas = 2";

fn bench() -> Bench {
    let mut bench = Bench::new(&environment("prod", "production", START));
    bench.release();
    bench
}

#[test]
fn every_life_has_a_number_and_a_port_of_its_own() {
    let mut bench = bench();
    let prod = at("prod");
    assert_eq!(bench.write(|draft| instances::intend(draft, &prod, 1, 1, 4001)), Intent::Life(1));
    assert_eq!(bench.write(|draft| instances::intend(draft, &prod, 1, 2, 4001)), Intent::PortTaken);
    assert_eq!(bench.write(|draft| instances::intend(draft, &prod, 1, 2, 4002)), Intent::Life(1));
    bench.write(|draft| instances::started(draft, &prod, 1, 1, 1, Some(7.into())));
    assert_eq!(bench.standing("prod").sets[0].instances[0].process, Some(7.into()));
    assert_eq!(bench.write(|draft| instances::intend(draft, &prod, 1, 1, 4003)), Intent::Life(2));
    bench.write(|draft| instances::started(draft, &prod, 1, 1, 1, Some(7.into())));
    let lives: Vec<_> = bench.standing("prod").sets[0].instances.iter().map(|one| (one.life, one.port)).collect();
    assert_eq!(lives, [(2, 4003), (1, 4002)]);
    assert_eq!(bench.standing("prod").sets[0].instances[0].process, None, "an earlier life is no more");
}

#[test]
fn a_set_that_is_down_starts_nothing_and_is_forgotten_with_its_last_instance() {
    let mut bench = bench();
    let prod = at("prod");
    for slot in 1..=2 {
        bench.write(|draft| instances::intend(draft, &prod, 1, slot, 4000 + u16::try_from(slot).unwrap()));
    }
    bench.write(|draft| crate::engine::rules::rollouts::unhealthy(draft, &prod, 1, "it never answered"));
    bench.drive("prod");
    assert_eq!(bench.write(|draft| instances::intend(draft, &prod, 1, 1, 4005)), Intent::NotWanted);
    bench.write(|draft| instances::stopped(draft, &prod, 1, 1));
    assert_eq!(bench.standing("prod").sets.len(), 1);
    bench.write(|draft| instances::stopped(draft, &prod, 1, 2));
    assert!(bench.standing("prod").sets.is_empty());
}
