//! Flags: the matrix, its cursor, and what its levers ask for.

use leverframe::actions::Request;
use leverframe::actions::request::FlagWish;
use leverframe::domain::flag::FlagValue;
use leverframe::domain::rollout::Weight;
use leverframe::ui::Reaction;

use crate::support::screen::Screen;

fn wish(screen: &Screen) -> (String, String, FlagValue) {
    match screen.wanted.last() {
        Some(Reaction::Ask(Request::SetFlag(FlagWish { key, environment, value, .. }))) => {
            (key.to_string(), environment.to_string(), *value)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_looks_like_this() {
    insta::assert_snapshot!("flags_140x40", Screen::new("shop", 140, 40).press("5 j").drawing());
    insta::assert_snapshot!("flags_80x24", Screen::new("shop", 80, 24).press("5 g").drawing());
    insta::assert_snapshot!("flags_split_140x40", Screen::new("flags", 140, 40).press("5 j j").drawing());
    insta::assert_snapshot!("flags_split_80x24", Screen::new("flags", 80, 24).press("5 j j t").drawing());
    insta::assert_snapshot!("flags_targeting_80x24", Screen::new("shop", 80, 24).press("5 G t").drawing());
}

#[test]
fn space_toggles_where_the_cursor_is() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("5 g space");
    assert_eq!(wish(&screen), ("card-payments".into(), "production".into(), FlagValue::Off));
    assert!(screen.text().contains("Set flag card-payments · production"), "{}", screen.text());
    screen.press("esc j h left space");
    assert_eq!(wish(&screen), ("new-price".into(), "dev".into(), FlagValue::Off));
    screen.press("esc l right space");
    assert_eq!(wish(&screen).1, "production");
}

#[test]
fn a_kill_switch_is_two_keys_from_here_and_one_of_them_confirms() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("5 g space").describe();
    assert!(!screen.wanted.iter().any(|wanted| matches!(wanted, Reaction::Confirm { .. })));
    screen.press("y");
    assert!(matches!(screen.wanted.last(), Some(Reaction::Confirm { .. })), "{:?}", screen.wanted);
}

#[test]
fn w_sets_a_percentage() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("5 G w").type_text("40").press("enter");
    let wanted = FlagValue::Percent(Weight::new(40).unwrap());
    assert_eq!(wish(&screen), ("new-price".into(), "production".into(), wanted));
}

#[test]
fn t_tells_for_whom_and_what_is_missing() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("5 G t");
    assert!(screen.line("on for").contains("◐ 20 % of the targeting keys"), "{}", screen.text());
    assert!(screen.line("variants").contains("? missing: engine tells none"), "{}", screen.text());
    screen.press("esc");
    assert!(!screen.text().contains("variants"), "{}", screen.text());
}

#[test]
fn variants_and_segments_are_counted_in_the_matrix_and_named_by_the_targeting() {
    let mut screen = Screen::new("flags", 140, 40);
    screen.press("5 j j");
    assert!(
        screen.line("│ production").contains("◐ on for 20 %, 3 variants, 2 segments  set by ben"),
        "{}",
        screen.text()
    );
    screen.resize(80, 24);
    assert!(screen.line("▌").contains("›◐ 20 % 3v 2s"), "{}", screen.text());
    screen.press("t");
    assert!(screen.line("on for").contains("20 % of the targeting keys in its segments"), "{}", screen.text());
    assert!(screen.line("variants").contains("control 34 %, bold 33 %, plain 33 %"), "{}", screen.text());
    assert!(screen.line("│ segments").contains("staff, customers in Norway"), "{}", screen.text());
}

#[test]
fn a_flag_that_decides_nothing_any_more_is_marked() {
    let mut screen = Screen::new("flags", 120, 36);
    screen.press("5 j");
    assert!(screen.line("▌ new-basket").contains("▲ old release"), "{}", screen.text());
    assert!(
        screen.line("kind  ").contains("▲ the same for everybody everywhere for 77 d: it can go"),
        "{}",
        screen.text()
    );
    assert!(!screen.line("search-hints").contains('▲'), "{}", screen.text());
}

#[test]
fn the_cursor_stays_on_its_flag_when_another_comes() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("5 G");
    screen.known.change(|overview| {
        let mut flag = overview.flags[0].clone();
        flag.key = "a-new-one".into();
        overview.flags.push(flag);
    });
    screen.paint();
    assert!(screen.line("▌").contains("new-price"), "{}", screen.text());
}

#[test]
fn an_environment_without_the_flag_says_so() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.known.change(|overview| {
        let flag = overview.flags.iter_mut().find(|flag| flag.key.as_str() == "new-price").unwrap();
        flag.environments.pop();
    });
    screen.press("5 G space");
    assert_eq!(screen.status(), "▲ new-price is not in production");
    assert!(screen.line("▌").contains("›—"), "{}", screen.text());
}

#[test]
fn the_list_is_narrowed_by_key_kind_and_service() {
    for (words, found) in [("kill", "card-payments"), ("checkout", "new-price"), ("card", "card-payments")] {
        let mut screen = Screen::new("shop", 120, 36);
        screen.press("5 /").type_text(words).press("enter");
        assert!(screen.line("▌").contains(found) && screen.text().contains("1 of 2"), "{words}: {}", screen.text());
    }
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("5 /").type_text("nosuch").press("enter");
    assert!(screen.text().contains("no flag matches /nosuch; Esc shows all"), "{}", screen.text());
    assert_eq!(screen.press("space").status(), "▲ no flag is selected");
}

#[test]
fn old_flags_look_old() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("5");
    screen.known.now = screen.known.now.checked_add(jiff::SignedDuration::from_mins(7)).unwrap();
    screen.paint();
    assert!(screen.line("▌").contains("? 5 m"), "{}", screen.text());
}

#[test]
fn without_any_it_says_so() {
    let mut screen = Screen::new("empty", 80, 24);
    assert!(screen.press("5").text().contains("no flag is known"), "{}", screen.text());
}
