//! Links: what on the screen leads to an address of the web.

use leverframe::domain::observation::Facts;
use leverframe::domain::run::Run;
use leverframe::domain::text::Text;

use crate::support::screen::{Screen, lines};

/// The words that lead somewhere, and where.
fn led(screen: &Screen) -> Vec<(String, String)> {
    let rows = lines(screen.buffer());
    let links = screen.ui.links(&screen.known.world(), screen.buffer());
    let words = |link: &leverframe::ui::links::Link| {
        let row = rows[usize::from(link.place.y)].chars().skip(link.place.x.into());
        row.take(link.place.width.into()).collect::<String>()
    };
    links.iter().map(|link| (words(link), link.address.as_str().to_owned())).collect()
}

/// The shop, with an address for each newest run.
fn shop(address: impl Fn(&Run) -> String) -> Screen {
    let mut screen = Screen::new("shop", 120, 36);
    screen.known.change(|overview| {
        for run in overview.services.iter_mut().filter_map(|service| service.latest_run.as_mut()) {
            run.url = Some(Text::new(address(run)));
        }
    });
    // Newer than the list of runs, which tells no addresses.
    screen.known.now += jiff::SignedDuration::from_secs(1);
    let overview = screen.known.overview();
    for run in overview.services.into_iter().filter_map(|service| service.latest_run) {
        screen.known.learn(Facts::Run(Box::new(run)));
    }
    screen.paint();
    screen
}

fn on_a_forge(run: &Run) -> String {
    format!("https://ci.example/{}", run.id)
}

#[test]
fn the_board_leads_to_what_runs_and_to_the_run_that_failed() {
    let screen = shop(on_a_forge);
    let led = led(&screen);
    let to = |words: &str| led.iter().find(|(known, _)| known == words).map(|(_, address)| address.as_str());
    assert_eq!(to("http://127.0.0.1:8001"), Some("http://127.0.0.1:8001"), "{led:?}");
    assert_eq!(to("run 92"), Some("https://ci.example/92"), "{led:?}");
}

#[test]
fn a_run_leads_to_its_page() {
    let mut screen = shop(on_a_forge);
    screen.press("2");
    let led = led(&screen);
    assert!(led.contains(&("run 92".into(), "https://ci.example/92".into())), "{led:?}\n{}", screen.text());
}

#[test]
fn nothing_leads_anywhere_under_a_layer_or_on_a_screen_that_is_too_small() {
    let mut screen = shop(on_a_forge);
    screen.press("?");
    assert_eq!(led(&screen), []);
    screen.press("esc").resize(40, 10);
    assert_eq!(led(&screen), []);
}

#[test]
fn what_is_no_address_of_the_web_leads_nowhere() {
    for address in ["javascript:alert(1)", "file:///etc/passwd", "https://ci.example/\u{1b}\\", "ssh://x"] {
        let screen = shop(|_| address.to_owned());
        assert!(!led(&screen).iter().any(|(words, _)| words.starts_with("run")), "{address}: {:?}", led(&screen));
    }
}
