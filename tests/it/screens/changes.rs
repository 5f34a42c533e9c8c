//! Changes: what lies between two environments, and how it is looked at.

use leverframe::domain::change::Changes;
use leverframe::domain::observation::{Facts, Problem, ProblemKind, Subject};
use leverframe::ui::Reaction;

use crate::support::screen::Screen;

fn shown(width: u16, height: u16) -> Screen {
    let mut screen = Screen::new("shop", width, height);
    screen.press("j d");
    screen
}

/// What the source told, with `change` made to it.
fn with(change: impl Fn(&mut Changes)) -> Screen {
    let mut screen = shown(120, 36);
    let (service, from, to) = ("payments".into(), "production".into(), "staging".into());
    let mut told = screen.known.store.changes(&service, &from, &to).unwrap().value.clone();
    change(&mut told);
    screen.known.learn(Facts::Changes(Box::new(told)));
    screen.paint();
    screen
}

#[test]
fn it_looks_like_this() {
    insta::assert_snapshot!("changes_140x40", shown(140, 40).drawing());
    insta::assert_snapshot!("changes_80x24", shown(80, 24).drawing());
    insta::assert_snapshot!("changes_whole_80x24", shown(80, 24).press("tab tab").drawing());
}

#[test]
fn the_service_that_was_looked_at_is_shown_with_what_production_lacks() {
    let screen = shown(120, 36);
    assert!(screen.text().contains("production v1.9.1 lacks what staging v1.9.2 has"), "{}", screen.text());
    let asked = Subject::Changes("payments".into(), "production".into(), "staging".into());
    assert_eq!(screen.ui.watched(&screen.known.store), [asked]);
    for keys in ["j 2 d", "3 d", "j 6"] {
        let mut screen = Screen::new("shop", 120, 36);
        assert!(screen.press(keys).text().contains("production v1.9.1 lacks"), "{keys}: {}", screen.text());
    }
}

#[test]
fn either_side_can_be_another_environment() {
    let mut screen = shown(120, 36);
    screen.press("]");
    assert!(screen.text().contains("production v1.9.1 lacks what dev v1.9.2 has"), "{}", screen.text());
    screen.press("[");
    assert!(screen.text().contains("staging v1.9.2 lacks what dev v1.9.2 has"), "{}", screen.text());
    assert!(screen.text().contains("asking engine what staging lacks"), "{}", screen.text());
}

#[test]
fn where_there_are_two_environments_they_change_sides() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.known.change(|overview| {
        let payments = overview.services.iter_mut().find(|service| service.name.as_str() == "payments").unwrap();
        payments.environments.remove(0);
    });
    screen.press("j d [");
    assert!(screen.text().contains("staging v1.9.2 lacks what production v1.9.1 has"), "{}", screen.text());
    screen.press("]");
    assert!(screen.text().contains("production v1.9.1 lacks what staging v1.9.2 has"), "{}", screen.text());
}

#[test]
fn the_services_are_gone_through_sideways() {
    let mut screen = shown(120, 36);
    screen.press("left");
    assert!(!screen.text().contains("─ payments ─"), "{}", screen.text());
    screen.press("l");
    assert!(screen.text().contains("╭─ payments ─"), "{}", screen.text());
}

#[test]
fn the_notes_are_copied_as_markdown() {
    let mut screen = shown(120, 36);
    screen.press("y");
    let Some(Reaction::Copy(notes)) = screen.wanted.last() else { panic!("{:?}", screen.wanted) };
    insta::assert_snapshot!("changes_notes", notes);
}

#[test]
fn what_deserves_a_second_look_is_marked_and_how_it_was_found_is_said() {
    let mut screen = shown(120, 36);
    assert!(screen.line("51f00dd  Accept").contains("▲ migration"), "{}", screen.text());
    assert!(screen.line("7be1ab2  Name").contains("▲ flag"), "{}", screen.text());
    assert!(screen.text().contains("card-payments, in the title of 7be1ab2"), "{}", screen.text());
    screen.press("j");
    assert!(screen.text().contains("▲ names card-payments"), "{}", screen.text());
}

#[test]
fn what_the_source_does_not_tell_is_said() {
    let screen = with(|changes| {
        (changes.files, changes.commits_total) = (None, Some(812));
        changes.commits[0].files = None;
    });
    assert_eq!(screen.text().matches("? not told by engine").count(), 2, "{}", screen.text());
    assert!(screen.text().contains("812 changes"), "{}", screen.text());
    let screen = with(|changes| changes.files_total = Some(4000));
    assert!(screen.text().contains("4000, 4 of them told"), "{}", screen.text());
}

#[test]
fn nothing_between_two_environments_is_said_so() {
    let screen = with(|changes| (changes.commits, changes.files) = (Vec::new(), Some(Vec::new())));
    assert!(screen.text().contains("production has everything that staging has"), "{}", screen.text());
    let mut screen = Screen::new("shop", 120, 36);
    screen.known.change(|overview| {
        let payments = overview.services.iter_mut().find(|service| service.name.as_str() == "payments").unwrap();
        payments.environments[2].release = None;
    });
    screen.press("j d");
    assert!(screen.text().contains("nothing was ever put into production"), "{}", screen.text());
    assert!(screen.ui.watched(&screen.known.store).is_empty());
}

#[test]
fn a_source_that_fails_is_named_and_what_is_old_looks_old() {
    let mut screen = shown(120, 36);
    let (source, kind) = ("engine".into(), ProblemKind::Unreachable);
    screen.known.learn(Facts::Failed(Problem { source, kind, message: "no answer".into(), hint: None, since: None }));
    screen.press("]");
    assert!(screen.text().contains("not told by engine: no answer"), "{}", screen.text());
    screen.press("]");
    screen.known.now = screen.known.now.checked_add(jiff::SignedDuration::from_mins(7)).unwrap();
    screen.paint();
    assert!(screen.text().contains("seen 7 m ago · 3 changes"), "{}", screen.text());
}

#[test]
fn long_and_wide_titles_keep_their_columns() {
    for (width, height) in [(80, 24), (140, 40)] {
        let mut screen = Screen::new("shop", width, height);
        screen.press("j d");
        let (service, from, to) = ("payments".into(), "production".into(), "staging".into());
        let mut told = screen.known.store.changes(&service, &from, &to).unwrap().value.clone();
        told.commits[0].title = "日本語の長い題名 ".repeat(40).into();
        told.commits[0].author = "somebody with a name that goes on and on".into();
        screen.known.learn(Facts::Changes(Box::new(told)));
        screen.paint();
        let line = screen.line("51f00dd  日本語");
        assert!(line.contains('…') && line.contains("▲ migration") && line.ends_with("2 h │"), "{line}");
    }
}

#[test]
fn the_list_is_narrowed_by_what_a_commit_says_and_touches() {
    for (words, found) in [("sepa.rs", "51f00dd"), ("CORA", "90ab12c"), ("7be1", "7be1ab2")] {
        let mut screen = shown(120, 36);
        screen.press("/").type_text(words).press("enter");
        assert!(screen.line("▌").contains(found), "{words}: {}", screen.text());
        assert!(screen.text().contains("1 of 3 changes"), "{words}: {}", screen.text());
    }
    let mut screen = shown(120, 36);
    screen.press("/").type_text("nosuch").press("enter");
    assert!(screen.text().contains("no change matches /nosuch; Esc shows all"), "{}", screen.text());
}

#[test]
fn the_files_are_scrolled_where_the_focus_is() {
    let mut screen = with(|changes| {
        let file = changes.files.as_ref().unwrap()[0].clone();
        let many =
            (0..90).map(|at| leverframe::domain::change::File { path: format!("f{at:02}").into(), ..file.clone() });
        changes.files = Some(many.collect());
    });
    assert!(!screen.text().contains("f89"), "{}", screen.text());
    screen.press("shift-tab G");
    assert!(screen.line("f89").contains('▌'), "{}", screen.text());
    screen.press("esc k j");
    assert!(screen.line("90ab12c").is_empty() || screen.line("7be1ab2").contains('▌'), "{}", screen.text());
}

#[test]
fn without_any_service_it_says_so() {
    let mut screen = Screen::new("empty", 80, 24);
    assert!(screen.press("6").text().contains("no service is known yet"), "{}", screen.text());
}

#[test]
fn what_is_said_where_nothing_is_is_folded_and_never_cut() {
    let mut screen = shown(80, 24);
    let (from, to) = ("production".into(), "staging".into());
    let mut told = screen.known.store.changes(&"payments".into(), &from, &to).unwrap().value.clone();
    told.commits.clear();
    screen.known.learn(Facts::Changes(Box::new(told)));
    screen.resize(60, 24);
    for words in ["production has everything that staging has; [ and ]", "choose other environments"] {
        assert!(screen.text().contains(words), "{}", screen.text());
    }
}
