//! What the ways to stop the pain say of the data: only what is known of what they take back.

use leverframe::actions::relief::ways;
use leverframe::actions::taken_back;
use leverframe::domain::change::Back;
use leverframe::domain::observation::Facts;

use crate::support::world::Known;

/// The way back in production, and what it leaves.
fn back(known: &Known) -> (Back, Vec<String>) {
    let ways = ways(&known.world(), &"catalog".into(), None);
    let way = ways.iter().find(|way| way.name == "roll back").unwrap();
    let heed = |line: &taken_back::Line| format!("{}{}", if line.heed { "! " } else { "" }, line.words);
    (way.plan.as_ref().unwrap().back.clone().unwrap(), way.leaves.iter().map(heed).collect())
}

#[test]
fn it_is_told_what_is_taken_back_and_what_stays() {
    let mut known = Known::load("shop");
    let (to_be, unknown) = back(&known);
    assert_eq!((to_be.from.as_str(), to_be.to.as_str()), ("v5.3.0", "v5.2.8"));
    let lines = [
        "! what lies between v5.2.8 and v5.3.0 is not known here",
        "! data and configuration stay; whether there were migrations is not known here",
    ];
    assert_eq!(unknown, lines);
    let waiting = known.store.changes(&"payments".into(), &"production".into(), &"staging".into());
    let mut changes = waiting.unwrap().value.clone();
    known.learn(Facts::TakenBack(Box::new(to_be.clone()), Box::new(changes.clone())));
    insta::assert_snapshot!(back(&known).1.join("\n"));
    changes.commits.clear();
    changes.files = Some(Vec::new());
    known.learn(Facts::TakenBack(Box::new(to_be), Box::new(changes)));
    let lines = ["takes back no change", "data and configuration stay; no migration is among its changes"];
    assert_eq!(back(&known).1, lines);
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
