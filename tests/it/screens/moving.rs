//! What changes by itself changes when the screen said it would, and not before: one timer is enough.

use jiff::{SignedDuration, Timestamp};

use crate::support::screen::Screen;

/// Draws at `now` and returns the frame.
fn at(screen: &mut Screen, now: Timestamp) -> String {
    screen.known.now = now;
    screen.draw();
    screen.text()
}

/// Follows the screen's own times for a while: nothing may change between two of them.
fn follow(mut screen: Screen, steps: usize) -> Vec<Timestamp> {
    let mut now = screen.known.now;
    let mut times = Vec::new();
    for _ in 0..steps {
        let before = at(&mut screen, now);
        let Some(next) = screen.ui.next_change(&screen.known.world()) else { break };
        assert!(next > now, "{next} is not after {now}");
        let moment = SignedDuration::from_nanos(1);
        let just_before = at(&mut screen, next.checked_sub(moment).unwrap());
        assert_eq!(before, just_before, "something changed between {now} and {next}");
        times.push(next);
        now = next;
    }
    times
}

#[test]
fn nothing_changes_between_the_times_that_were_said() {
    for keys in ["", "j", "j j", "j j j", "2", "j j j 2", "3", "4", "4 G", "5", "j d"] {
        let mut screen = Screen::new("shop", 140, 40);
        screen.press(keys);
        assert!(follow(screen, 30).len() > 3, "{keys}");
    }
}

#[test]
fn a_running_stage_changes_once_a_second_and_after_ten_minutes_once_a_minute() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("j j j");
    let now = screen.known.now;
    let next = screen.ui.next_change(&screen.known.world()).unwrap();
    assert!(next.duration_since(now) <= SignedDuration::from_secs(1), "{next}");
    screen.known.now = now.checked_add(SignedDuration::from_mins(20)).unwrap();
    let times = follow(screen, 10);
    let span = times[9].duration_since(times[0]);
    assert!(span > SignedDuration::from_mins(2), "{span}");
}

#[test]
fn a_calm_screen_wants_no_timer_for_long() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.known.change(|overview| overview.services.retain(|service| service.name.as_str() == "pricing"));
    screen.paint();
    let now = screen.known.now;
    let next = screen.ui.next_change(&screen.known.world()).unwrap();
    assert!(next.duration_since(now) > SignedDuration::from_secs(5), "only its staleness is waited for: {next}");
}
