//! Confirmations: who may confirm what, how often, and for how long.

use super::bench::Bench;
use crate::domain::confirmation::{Asked, State, Words};
use crate::domain::ids::Revision;
use crate::domain::text::Text;
use crate::engine::deeds::confirm::{ask, confirm, find, take, withdraw};
use crate::engine::state::confirmation::Confirmation;
use crate::engine::store::Draft;
use crate::protocol::fault::{Fault, Reason};

fn words(after: &str) -> Words {
    let text = |words: &str| Text::new(words);
    let (action, target, revision) = (text("promote"), text("shop/prod"), Some(Revision::new("r1")));
    Words { action, target, revision, before: text("v1"), after: text(after), reason: Some(text("a fix")) }
}

fn bench() -> (Bench, Asked) {
    let mut bench = Bench::new("");
    let otto = bench.orderer_of("otto", Revision::new(""));
    let asked = bench.write(|draft| ask(draft, &otto, &words("v2"))).unwrap();
    (bench, asked)
}

fn confirms(bench: &mut Bench, who: &str, phrase: &str) -> Result<String, Reason> {
    let orderer = bench.orderer_of(who, Revision::new(""));
    let done = bench.write(|draft| confirm(draft, &orderer, phrase));
    done.map(|accepted| accepted.message.to_string()).map_err(|fault| fault.reason)
}

fn takes(bench: &mut Bench, who: &str, id: &Text, after: &str) -> Result<State, Reason> {
    let orderer = bench.orderer_of(who, Revision::new(""));
    let used: Result<Confirmation, Fault> = bench.write(|draft| take(draft, &orderer, id.as_str(), &words(after)));
    used.map(|used| used.state).map_err(|fault| fault.reason)
}

#[test]
fn another_person_confirms_exactly_what_was_asked_for_and_it_is_used_once() {
    let (mut bench, asked) = bench();
    let phrase = asked.phrase.as_str();
    assert_eq!(takes(&mut bench, "otto", &asked.id, "v2"), Err(Reason::NotPossible), "nobody has confirmed it");
    assert_eq!(confirms(&mut bench, "Otto", phrase), Err(Reason::NotPossible), "the same person");
    assert_eq!(confirms(&mut bench, "vera", phrase), Err(Reason::Forbidden), "who may only look");
    assert_eq!(confirms(&mut bench, "rita", "maple-otter"), Err(Reason::NotFound));
    assert_eq!(confirms(&mut bench, "rita", phrase).unwrap(), "confirmed for otto");
    assert_eq!(confirms(&mut bench, "rolf", phrase), Err(Reason::NotPossible), "it is confirmed already");
    assert_eq!(takes(&mut bench, "rita", &asked.id, "v2"), Err(Reason::NotFound), "who has not asked");
    assert_eq!(takes(&mut bench, "otto", &asked.id, "v3"), Err(Reason::NotPossible), "another plan");
    assert_eq!(takes(&mut bench, "otto", &asked.id, "v2"), Ok(State::Used));
    assert_eq!(takes(&mut bench, "otto", &asked.id, "v2"), Err(Reason::NotPossible), "a second time");
    assert_eq!(confirms(&mut bench, "rolf", phrase), Err(Reason::NotPossible));
}

#[test]
fn a_phrase_lapses_can_be_withdrawn_and_is_not_kept() {
    let (mut bench, asked) = bench();
    let kept = format!("{:?}", bench.state.confirmations);
    assert!(!kept.contains(asked.phrase.as_str()), "{kept}");
    bench.later(600);
    assert_eq!(confirms(&mut bench, "rita", asked.phrase.as_str()), Err(Reason::NotPossible));
    let otto = bench.orderer_of("otto", Revision::new(""));
    let again = bench.write(|draft| ask(draft, &otto, &words("v2"))).unwrap();
    let left = bench.write(|draft| withdraw(draft, &otto, again.id.as_str())).unwrap();
    assert_eq!(left.state, State::Withdrawn);
    assert_eq!(confirms(&mut bench, "rita", again.phrase.as_str()), Err(Reason::NotPossible));
    bench.later(2 * 24 * 3600);
    bench.write(|draft| ask(draft, &otto, &words("v2"))).unwrap();
    let now = bench.now;
    let draft = Draft::new(bench.state.clone(), now);
    assert_eq!(find(&draft, again.phrase.as_str()).unwrap_err().reason, Reason::NotFound, "it is forgotten");
    assert_eq!(bench.state.confirmations.len(), 1);
}

#[test]
fn one_that_was_confirmed_too_long_ago_is_not_gone_on_with() {
    let (mut bench, asked) = bench();
    assert!(confirms(&mut bench, "rita", asked.phrase.as_str()).is_ok());
    bench.later(600);
    assert_eq!(takes(&mut bench, "otto", &asked.id, "v2"), Err(Reason::NotPossible));
}
