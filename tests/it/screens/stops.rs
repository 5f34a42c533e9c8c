//! An emergency stop on the screen: the line below the header, the entry for its end, and the plan that it locks.

use leverframe::domain::environment::Tier;
use leverframe::domain::stop::Brake;

use crate::support::screen::{Screen, settings};
use crate::support::world::Known;

fn stopped(width: u16, height: u16) -> Screen {
    let mut known = Known::load("shop");
    known.stop(vec![Tier::Production], true);
    Screen::with(known, settings((width, height)))
}

#[test]
fn it_looks_like_this() {
    insta::assert_snapshot!("stopped_80x24", stopped(80, 24).drawing());
    insta::assert_snapshot!("stopped_140x40", stopped(140, 40).drawing());
    let mut locked = stopped(80, 24);
    insta::assert_snapshot!("stopped_plan_80x24", locked.press("j j P").describe().drawing());
    let mut known = Known::load("shop");
    known.change(|overview| overview.brake = Some(Box::new(Brake::new(None, true))));
    let mut asked = Screen::with(known, settings((80, 24)));
    insta::assert_snapshot!("freeze_80x24", asked.press("F").type_text("2h").drawing());
    insta::assert_snapshot!("freeze_plan_80x24", asked.press("enter").describe().drawing());
}

#[test]
fn a_click_falls_where_it_is_drawn() {
    let mut screen = stopped(120, 36);
    let row = screen.text().lines().position(|line| line.contains("Gates")).unwrap();
    let column = screen.text().lines().nth(row).unwrap().find("Gates").unwrap();
    screen.click(u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    assert!(screen.text().contains("oldest first"), "{}", screen.text());
    assert_eq!(row, 2, "below the line that tells of the stop");
}
