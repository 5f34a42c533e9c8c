//! The session: what was on the screen is there again at the next start.

use jiff::SignedDuration;
use leverframe::ui::Session;

use crate::support::rig::Rig;
use crate::support::screen::Screen;

/// What is kept when a console that was used so is left.
fn left(keys: &str) -> (String, Session) {
    let mut rig = Rig::new("shop");
    rig.press(keys);
    rig.passes(SignedDuration::from_secs(1));
    let text = rig.text();
    rig.press("q");
    (text, rig.kept.unwrap())
}

/// The session as it is written and read.
fn written(session: &Session) -> Session {
    serde_json::from_str(&serde_json::to_string(session).unwrap()).unwrap()
}

#[test]
fn the_next_start_goes_on_where_the_last_one_ended() {
    for keys in [
        "s j j right right",
        "/ b e h i n d > 2 enter j",
        "s s G 5 / k i n d : k enter",
        "j 3",
        "4 G",
        "j j j 2",
        "j d l",
    ] {
        let (before, session) = left(keys);
        let mut rig = Rig::new("shop");
        rig.restore(written(&session));
        rig.passes(SignedDuration::from_secs(1));
        let body = |text: &str| text.lines().rev().skip(2).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(body(&rig.text()), body(&before), "{keys}");
    }
}

#[test]
fn what_was_selected_is_selected_once_it_is_known() {
    let session = left("G").1;
    let mut screen = Screen::new("shop", 120, 36);
    let whole = screen.known.overview();
    screen.known.change(|overview| overview.services.retain(|service| service.name.as_str() != "pricing"));
    screen.ui.restore(session.clone(), &screen.known.world());
    screen.paint();
    assert!(!screen.line("▌").contains("pricing"), "{}", screen.text());
    screen.known.change(|overview| overview.services.clone_from(&whole.services));
    screen.paint();
    assert!(screen.line("▌").contains("pricing"), "{}", screen.text());

    let mut screen = Screen::new("shop", 120, 36);
    screen.known.change(|overview| overview.services.retain(|service| service.name.as_str() != "pricing"));
    screen.ui.restore(session, &screen.known.world());
    screen.press("j");
    screen.known.change(|overview| overview.services.clone_from(&whole.services));
    screen.paint();
    assert!(!screen.line("▌").contains("pricing"), "who has moved is not moved: {}", screen.text());
}

#[test]
fn a_session_of_another_context_or_shape_is_passed_over() {
    let session = left("5").1;
    let other = Session { context: "shop-staging".into(), ..session.clone() };
    let newer = Session { version: Session::VERSION + 1, ..session };
    for session in [other, newer] {
        let mut rig = Rig::new("shop");
        rig.restore(session);
        assert!(rig.text().contains("Services"), "{}", rig.text());
    }
}

#[test]
fn going_to_another_context_keeps_this_ones_session() {
    let mut rig = Rig::new("shop");
    rig.press("s C down enter");
    assert_eq!(rig.kept.unwrap().panes[0].order, "name");
}
