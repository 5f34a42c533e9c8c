//! The board: what it draws, and what stays when its rows move.

use jiff::ToSpan as _;
use leverframe::domain::ids::ServiceName;
use leverframe::domain::run::Status;
use leverframe::ui::Reaction;
use leverframe::ui::theme::{Depth, Role, Theme};
use ratatui::style::Modifier;

use crate::support::screen::{Screen, settings};
use crate::support::world::Known;

#[test]
fn it_looks_like_this() {
    insta::assert_snapshot!("board_140x40", Screen::new("shop", 140, 40).press("j j").drawing());
    insta::assert_snapshot!("board_80x24", Screen::new("shop", 80, 24).press("j j").drawing());
    for (name, theme, depth) in [("light", "leverframe-light", Depth::Rgb), ("no_color", "leverframe", Depth::None)] {
        let mut settings = settings((80, 24));
        (settings.theme, settings.depth) = (theme.into(), depth);
        let mut screen = Screen::with(Known::load("shop"), settings);
        insta::assert_snapshot!(format!("board_{name}_80x24"), screen.press("j j").drawing());
    }
}

#[test]
fn what_needs_somebody_comes_first() {
    let text = Screen::new("shop", 120, 36).text();
    let names: Vec<_> = text.lines().skip(5).take(9).map(|line| line[4..].split_whitespace().next().unwrap()).collect();
    let order = ["search", "payments", "checkout", "catalog", "inventory", "accounts", "email", "gateway", "pricing"];
    assert_eq!(names.len(), order.len());
    for (line, name) in text.lines().skip(5).zip(order) {
        assert!(line.contains(name), "{name} is not in {line}");
    }
}

#[test]
fn the_selection_stays_on_the_service_when_rows_move() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j j");
    assert!(screen.line("▌").contains("checkout"));
    screen.known.change(|overview| {
        let email = overview.services.iter_mut().find(|service| service.name.as_str() == "email").unwrap();
        email.latest_run.as_mut().unwrap().status = Status::Failed;
    });
    screen.paint();
    assert!(screen.line("▌").contains("checkout"), "{}", screen.text());
    assert!(screen.text().lines().nth(5).unwrap().contains("email"), "email comes first now");
}

#[test]
fn the_first_row_is_selected_for_good_before_any_key() {
    let mut screen = Screen::new("shop", 120, 36);
    assert!(screen.line("▌").contains("search"));
    screen.known.change(|overview| {
        for service in &mut overview.services {
            let failed = if service.name.as_str() == "email" { Status::Failed } else { Status::Succeeded };
            service.latest_run.as_mut().unwrap().status = failed;
        }
    });
    screen.paint();
    assert!(screen.line("▌").contains("search"), "{}", screen.text());
}

#[test]
fn a_stale_row_says_its_age_and_is_dim() {
    let screen = Screen::new("shop", 120, 36);
    assert!(screen.line("gateway").trim_end().ends_with("? 5 m │"), "{}", screen.line("gateway"));
    let row = screen.text().lines().position(|line| line.contains("gateway")).unwrap();
    let stale = Theme::named("leverframe", Depth::Rgb).unwrap().style(Role::Stale).fg.unwrap();
    let row = u16::try_from(row).unwrap();
    let text = (4..110).map(|x| &screen.buffer()[(x, row)]).filter(|cell| cell.symbol() != " ");
    assert!(text.clone().count() > 20);
    assert!(text.clone().all(|cell| cell.fg == stale), "every sign of the row is drawn as stale");
}

#[test]
fn a_selected_row_keeps_its_state_colours() {
    let screen = Screen::new("shop", 120, 36);
    let row = u16::try_from(screen.text().lines().position(|line| line.contains("search")).unwrap()).unwrap();
    let theme = Theme::named("leverframe", Depth::Rgb).unwrap();
    let failed = (0..120).map(|x| &screen.buffer()[(x, row)]).find(|cell| cell.symbol() == "✗").unwrap();
    assert_eq!(failed.fg, theme.style(Role::Failed).fg.unwrap());
    assert_eq!(failed.bg, theme.style(Role::Selection).bg.unwrap());
}

#[test]
fn without_colour_the_selected_row_is_reversed() {
    let mut plain = settings((120, 36));
    plain.depth = Depth::None;
    let screen = Screen::with(Known::load("shop"), plain);
    let row = u16::try_from(screen.text().lines().position(|line| line.contains("search")).unwrap()).unwrap();
    let reversed = |y| (10..100).all(|x| screen.buffer()[(x, y)].modifier.contains(Modifier::REVERSED));
    assert!(reversed(row));
    assert!(!reversed(row + 1));
}

#[test]
fn a_filter_narrows_and_escape_brings_all_back() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("/").type_text("ca");
    assert!(screen.text().contains("/ca · 1 of 9"), "{}", screen.text());
    screen.press("enter");
    assert!(screen.line("▌").contains("catalog"));
    screen.press("esc");
    assert!(screen.text().contains("9 of 9"));
    assert!(screen.line("▌").contains("catalog"), "the selection stays");
    screen.press("/").type_text("nothing").press("enter");
    assert!(screen.text().contains("no service matches /nothing; Esc shows all"));
}

#[test]
fn it_can_be_sorted_by_name() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("s");
    assert_eq!(screen.status(), "○ sorted by name");
    assert!(screen.text().lines().nth(5).unwrap().contains("accounts"));
}

#[test]
fn a_chosen_environment_is_what_a_lever_is_meant_for() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j j left left");
    assert!(screen.line("checkout").contains("›v2.14.0"), "{}", screen.line("checkout"));
    screen.press("R");
    assert_eq!(screen.status(), "▲ no earlier good release is kept in checkout · staging");
    screen.press("esc R");
    assert!(screen.text().contains("Roll back checkout · production"), "{}", screen.text());
}

#[test]
fn opening_a_service_asks_for_its_run() {
    let mut screen = Screen::new("shop", 120, 36);
    let runs =
        screen.known.store.service(&ServiceName::new("search")).unwrap().value.latest_run.as_ref().unwrap().key();
    assert_eq!(runs.to_string(), "search/92");
    screen.press("y");
    assert_eq!(screen.wanted, [Reaction::Copy("ad0be50c0de1".into())]);
}

#[test]
fn an_empty_board_says_what_would_be_here() {
    let text = Screen::new("empty", 80, 24).text();
    assert!(text.contains("no service is known yet; r asks the sources now"), "{text}");
}

#[test]
fn a_source_that_does_not_answer_is_said_with_its_age_and_the_old_state_stays() {
    let text = Screen::new("trouble", 120, 36).text();
    let header = text.lines().next().unwrap();
    assert!(header.ends_with("▲ engine does not answer, 2 m"), "{header}");
    assert!(text.contains("v3.1.0") && text.contains("? 5 m"), "{text}");
    assert!(text.contains("seen 7 m ago"), "{text}");
    assert!(text.contains("▲ engine: no connection to http://127.0.0.1:7070; start the engine"), "{text}");
}

#[test]
fn a_thousand_services_cost_no_more_rows_than_are_in_view() {
    let mut known = Known::load("shop");
    known.change(|overview| {
        let pattern = overview.services.iter().find(|service| service.name.as_str() == "pricing").unwrap().clone();
        for n in 0..2000 {
            let mut service = pattern.clone();
            service.name = ServiceName::new(format!("service-{n:04}"));
            overview.services.push(service);
        }
    });
    known.now = known.now.checked_add(1.second()).unwrap();
    let mut screen = Screen::with(known, settings((120, 36)));
    screen.press("G");
    assert!(screen.line("▌").contains("service-1999"), "{}", screen.text());
    screen.press("g");
    assert!(screen.line("▌").contains("search"));
}

#[test]
fn a_run_that_waits_for_its_turn_says_so() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.known.change(|overview| {
        let email = overview.services.iter_mut().find(|service| service.name.as_str() == "email").unwrap();
        let run = email.latest_run.as_mut().unwrap();
        run.status = Status::Queued;
        run.stages.iter_mut().for_each(|stage| stage.status = Status::Queued);
    });
    screen.paint();
    assert!(screen.line("email").contains("○ queued"), "{}", screen.text());
}
