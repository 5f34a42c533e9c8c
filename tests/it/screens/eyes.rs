//! Waiting for a second person on the screen, and typing the phrase of another one.

use jiff::SignedDuration;
use leverframe::domain::confirmation::Asked;

use crate::support::screen::Screen;

#[test]
fn it_looks_like_this() {
    let mut screen = Screen::new("shop", 80, 24);
    screen.press("j j P").describe().press("y");
    let expires_at = screen.known.now.saturating_add(SignedDuration::from_mins(9)).unwrap();
    let (id, phrase) = ("c1".into(), "maple-tambourine-river-lantern-plum".into());
    screen.second(Asked { id, phrase, expires_at });
    insta::assert_snapshot!("second_80x24", screen.drawing());
    let mut screen = Screen::new("shop", 80, 24);
    insta::assert_snapshot!("phrase_80x24", screen.press("V").type_text("maple otter").drawing());
}
