//! What the ways to stop the pain say of the data: only what is known of what they take back.

use leverframe::actions::relief::ways;
use leverframe::domain::observation::Facts;

use crate::support::world::Known;

/// What going back in production leaves for a service whose changes to staging touch a migration.
fn leaves(service: &str) -> String {
    let mut known = Known::load("shop");
    let (from, to) = ("production".into(), "staging".into());
    let mut changes = known.store.changes(&"payments".into(), &from, &to).unwrap().value.clone();
    assert!(changes.migrations().count() > 0, "a world with a migration");
    changes.service = service.into();
    known.learn(Facts::Changes(Box::new(changes)));
    let ways = ways(&known.world(), &service.into(), None);
    let back = ways.iter().find(|way| way.name == "roll back").unwrap();
    back.leaves[0].to_string()
}

#[test]
fn migrations_are_counted_only_among_the_changes_that_are_taken_back() {
    let counted = "data and configuration stay; migrations among its changes, not taken back: 1";
    assert_eq!(leaves("checkout"), counted);
    // What waits in staging is not what a rollback of a live release goes back over.
    let unknown = "data and configuration stay; whether there were migrations is not known here";
    assert_eq!(leaves("payments"), unknown);
    assert_eq!(leaves("catalog"), unknown);
}

#[test]
fn a_flip_is_a_way_only_to_an_earlier_release() {
    let flips = |known: &Known| {
        let ways = ways(&known.world(), &"catalog".into(), None);
        ways.iter().any(|way| way.name == "flip back")
    };
    let mut known = Known::load("shop");
    assert!(flips(&known));
    known.change(|overview| {
        let places = overview.services.iter_mut().flat_map(|service| &mut service.environments);
        for rollout in places.filter_map(|place| place.rollout.as_mut()) {
            std::mem::swap(&mut rollout.active, &mut rollout.idle);
        }
    });
    assert!(!flips(&known));
}
