//! The glass before the rules on the screen: offered, asked about, broken.

use jiff::SignedDuration;
use leverframe::actions::Glass;
use leverframe::domain::environment::Tier;

use crate::support::screen::{Screen, settings};
use crate::support::world::Known;

fn known() -> Known {
    let mut known = Known::load("shop");
    known.policy.tiers.entry(Tier::Production).or_default().break_glass = true;
    known.stop(vec![Tier::Production], true);
    known
}

#[test]
fn it_looks_like_this() {
    let mut screen = Screen::with(known(), settings((80, 24)));
    insta::assert_snapshot!("glass_offered_80x24", screen.press("j j P").describe().drawing());
    insta::assert_snapshot!("glass_asked_80x24", screen.press("B").type_text("checkout is down").drawing());
    let mut known = known();
    let until = known.now.saturating_add(SignedDuration::from_mins(14)).unwrap();
    known.operator.glass = Some(Glass { reason: "checkout is down".into(), until });
    insta::assert_snapshot!("glass_broken_80x24", Screen::with(known.clone(), settings((80, 24))).drawing());
    insta::assert_snapshot!("glass_broken_120x36", Screen::with(known, settings((120, 36))).drawing());
}
