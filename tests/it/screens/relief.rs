//! The sheet that stops the pain: how it looks, and whom it is for.

use leverframe::domain::observation::Subject;
use std::time::Duration;

use leverframe::store::past::Took;

use crate::support::screen::Screen;

fn sheet(width: u16, height: u16, keys: &str) -> Screen {
    let mut screen = Screen::new("shop", width, height);
    for (action, target, took) in [
        ("canary", "checkout/production", 4200),
        ("canary", "checkout/production", 5100),
        ("rollback", "catalog/production", 6300),
    ] {
        let (action, target) = (action.to_owned(), target.to_owned());
        screen.known.store.note(Took { action, target, took: Duration::from_millis(took) });
    }
    screen.press(keys);
    screen
}

#[test]
fn it_looks_like_this() {
    insta::assert_snapshot!("relief_140x40", sheet(140, 40, "j j !").drawing());
    insta::assert_snapshot!("relief_80x24", sheet(80, 24, "j j ! down").drawing());
}

#[test]
fn it_is_for_what_is_selected_wherever_one_is() {
    for (keys, title) in [
        ("j j !", "Stop the pain · checkout"),
        ("j j right right !", "Stop the pain · checkout"),
        ("3 !", "Stop the pain · payments"),
        ("j j 4 !", "Stop the pain · checkout"),
        ("j j 2 !", "Stop the pain · checkout"),
    ] {
        let screen = sheet(120, 36, keys);
        assert!(screen.text().contains(title), "{keys}: {}", screen.text());
    }
    let mut nothing = Screen::new("empty", 120, 36);
    nothing.press("!");
    assert!(nothing.status().contains("no service is selected"), "{}", nothing.status());
}

#[test]
fn what_would_be_taken_back_is_asked_for() {
    let screen = sheet(120, 36, "j j j !");
    let asked = screen.ui.watched(&screen.known.store);
    let back = |subject: &Subject| matches!(subject, Subject::TakenBack(back) if back.to.as_str() == "v5.2.8");
    assert!(asked.iter().any(back), "{asked:?}");
}

#[test]
fn escape_leaves_it_and_nothing_is_wanted() {
    let mut screen = sheet(120, 36, "j j ! j k esc");
    assert!(!screen.text().contains("Stop the pain ·"), "{}", screen.text());
    assert!(screen.wanted.is_empty(), "{:?}", screen.wanted);
    screen.press("!");
    assert!(screen.text().contains("Stop the pain ·"));
}
