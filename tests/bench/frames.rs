//! What a frame and a key cost where very much is known: 2,000 services on 200 columns and 60 rows, through the same
//! update, drawing, difference and bytes as in the program, without a terminal. A limit that is passed is told, and the
//! exit status is 1. `cargo bench --bench frames`.

#![expect(clippy::unwrap_used, reason = "in a measurement, what must not fail ends it")]

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent};
use jiff::{SignedDuration, Timestamp};
use leverframe::actions::{Operator, Policy};
use leverframe::app::{App, Event, Start, update};
use leverframe::clock::{Clock as _, System};
use leverframe::domain::observation::{Facts, Observation, Overview, Subject};
use leverframe::domain::topology::{Pace, Source, Topology};
use leverframe::runtime::terminal::screen::Screen;
use leverframe::store::Store;
use leverframe::ui::glyphs::Glyphs;
use leverframe::ui::theme::{Depth, Themes};
use leverframe::ui::{Input, Keymap, Settings, Ui};
use serde_json::{Value, json};

/// How many services, flags, commits and jobs there are.
const MANY: usize = 2000;
/// The terminal.
const SIZE: (u16, u16) = (200, 60);
/// How long a person takes from one key to the next, and how long a held key does.
const TYPED: SignedDuration = SignedDuration::from_millis(150);
const HELD: SignedDuration = SignedDuration::from_millis(33);
/// The most that a frame may take, half of the time.
const FRAME: Duration = Duration::from_millis(2);
/// The most from a key to the bytes that it changes, 99 of 100 times.
const KEY: Duration = Duration::from_millis(16);

fn main() -> std::process::ExitCode {
    println!("{MANY} services on {} columns and {} rows; ms", SIZE.0, SIZE.1);
    println!("{:50} {:>8} {:>8} {:>8}", "", "median", "99/100", "limit");
    let kept = [board(), filter(), sort(), others(), news()];
    std::process::ExitCode::from(u8::from(kept.contains(&false)))
}

fn board() -> bool {
    let mut console = Console::new();
    let whole = (0..100).map(|_| console.anew()).collect();
    let same = (0..100).map(|_| console.drawn()).collect();
    let kept = [
        told("a whole frame", whole, &Limit::Median(FRAME)),
        told("a frame in which nothing changed", same, &Limit::Median(FRAME)),
        console.keys("one row down, to the end", &"j".repeat(MANY), HELD),
        console.keys("one row up, to the top", &"k".repeat(MANY), HELD),
        console.pages("a page down, to the end", KeyCode::PageDown),
        console.pages("a page up, to the top", KeyCode::PageUp),
        console.keys("to the end and to the top", &"Gg".repeat(100), TYPED),
        console.keys("another service, with its levers", &"j".repeat(200), TYPED),
    ];
    !kept.contains(&false)
}

fn filter() -> bool {
    let mut console = Console::new();
    let mut kept = true;
    for words in ["service-1999", "state:failed env:prod", "behind>3 age>2h", "by:dora,ben tier:production need:drift"]
    {
        console.press(KeyCode::Char('/'), TYPED);
        kept &= console.keys(&format!("/{words}"), words, TYPED);
        kept &= console.many(&format!("/{words}, taken back"), &vec![KeyCode::Backspace; words.len()], TYPED);
        console.press(KeyCode::Esc, TYPED);
    }
    console.press(KeyCode::Char('/'), TYPED);
    console.keys("", "age>2h", TYPED);
    console.press(KeyCode::Enter, TYPED);
    kept & console.keys("one row down, narrowed by age", &"j".repeat(500), HELD)
}

fn sort() -> bool {
    let mut console = Console::new();
    let changed = console.keys("another order", &"s".repeat(99), TYPED);
    console.keys("", "ss", TYPED);
    let newest = console.keys("one row down, by newest run", &"j".repeat(500), HELD);
    console.keys("", "s", TYPED);
    changed & newest
}

/// The other panes, each with as much as there is of what it shows.
fn others() -> bool {
    let mut kept = true;
    for (name, keys) in
        [("run", "2"), ("gates", "3"), ("traffic", "4"), ("flags", "5"), ("changes", "d"), ("palette", ":")]
    {
        let mut console = Console::new();
        kept &= console.keys(&format!("{name}: opened"), keys, TYPED);
        let down = vec![KeyCode::Down; 500];
        kept &= console.many(&format!("{name}: one row down"), &down, HELD);
        kept &= console.pages(&format!("{name}: a page down"), KeyCode::PageDown);
        if name == "palette" {
            kept &= console.keys(&format!("{name}: typed"), "service-1999 production", TYPED);
        } else if name != "run" {
            console.press(KeyCode::Char('/'), TYPED);
            kept &= console.keys(&format!("{name}: /service-1 state:w"), "service-1 state:w", TYPED);
        }
    }
    kept
}

/// All that a source says differs from what it said before.
fn news() -> bool {
    let mut console = Console::new();
    let spans = (1..=20).map(|round| {
        let facts = Facts::Overview(overview(round));
        console.observed(facts)
    });
    told("everything is other than before, in one answer", spans.collect(), &Limit::None)
}

/// A console without a terminal.
struct Console {
    app: App,
    screen: Screen,
    now: Timestamp,
}

impl Console {
    fn new() -> Self {
        let now = shop()["now"].as_str().unwrap().parse().unwrap();
        let source = Source { name: "engine".into(), pace: Pace::NEAR };
        let (context, sources) = ("shop-prod".to_owned(), vec![source]);
        let topology = Topology { context, danger: true, read_only: false, sources, services: None };
        let settings = Settings {
            theme: "leverframe".into(),
            themes: Themes::default(),
            depth: Depth::Rgb,
            glyphs: Glyphs::Unicode,
            zone: jiff::tz::TimeZone::UTC,
            keymap: Keymap::default(),
            contexts: vec!["shop-prod".into()],
            size: SIZE,
        };
        let start = Start {
            store: Store::new(Arc::new(topology)),
            policy: Policy::default(),
            operator: Operator { name: "anna".into(), read_only: false, glass: None },
            ui: Ui::new(settings),
            mark: "bench".into(),
        };
        let mut console = Self { app: App::new(start, now), screen: Screen::of(SIZE, false).unwrap(), now };
        console.observed(Facts::Overview(overview(0)));
        console.observed(Facts::Run(Box::new(serde_json::from_value(long_run()).unwrap())));
        console.observed(Facts::Changes(Box::new(serde_json::from_value(long_changes()).unwrap())));
        console
    }

    /// The source says `facts`; how long it took until that was ready to be written.
    fn observed(&mut self, facts: Facts) -> Duration {
        self.now = self.now.saturating_add(TYPED).unwrap();
        let (source, at) = ("engine".into(), self.now);
        let observation = Observation { source, subject: Subject::Overview, at, facts };
        self.happens(Event::Observed(observation))
    }

    /// A key, so long after the last; how long it took until what it changes was ready to be written.
    fn press(&mut self, code: KeyCode, after: SignedDuration) -> Duration {
        self.now = self.now.saturating_add(after).unwrap();
        self.happens(Event::Entered(Input::Key(KeyEvent::from(code))))
    }

    fn happens(&mut self, event: Event) -> Duration {
        let began = System.instant();
        update(&mut self.app, event, self.now);
        self.draw();
        let took = System.instant().duration_since(began);
        update(&mut self.app, Event::Painted, self.now);
        took
    }

    fn draw(&mut self) {
        if self.app.take_dirty() {
            self.screen.draw(|frame| self.app.draw(frame, self.now), |_| Vec::new()).unwrap();
        }
    }

    /// How long the same frame takes again.
    fn drawn(&mut self) -> Duration {
        self.app.mark_dirty();
        let began = System.instant();
        self.draw();
        System.instant().duration_since(began)
    }

    /// How long a frame takes on a terminal of which nothing is known.
    fn anew(&mut self) -> Duration {
        self.screen = Screen::of(SIZE, false).unwrap();
        self.drawn()
    }

    fn keys(&mut self, what: &str, keys: &str, after: SignedDuration) -> bool {
        self.many(what, &keys.chars().map(KeyCode::Char).collect::<Vec<_>>(), after)
    }

    fn pages(&mut self, what: &str, code: KeyCode) -> bool {
        self.many(what, &vec![code; MANY / 40], HELD)
    }

    fn many(&mut self, what: &str, keys: &[KeyCode], after: SignedDuration) -> bool {
        let spans = keys.iter().map(|code| self.press(*code, after)).collect();
        what.is_empty() || told(what, spans, &Limit::NearlyAll(KEY))
    }
}

/// What a figure is held to.
enum Limit {
    Median(Duration),
    NearlyAll(Duration),
    None,
}

/// Tells the figures; whether they keep to the limit.
fn told(what: &str, mut spans: Vec<Duration>, limit: &Limit) -> bool {
    spans.sort_unstable();
    let (median, nearly_all) = (spans[spans.len() / 2], spans[(spans.len() * 99 / 100).min(spans.len() - 1)]);
    let (kept, most) = match *limit {
        Limit::Median(most) => (median <= most, Some(most)),
        Limit::NearlyAll(most) => (nearly_all <= most, Some(most)),
        Limit::None => (true, None),
    };
    let ms = |span: Duration| format!("{:.2}", span.as_secs_f64() * 1000.0);
    let (most, said) = (most.map(ms).unwrap_or_default(), if kept { "" } else { "  OVER" });
    println!("{what:50} {:>8} {:>8} {most:>8}{said}", ms(median), ms(nearly_all));
    kept
}

fn shop() -> Value {
    serde_json::from_str(include_str!("../worlds/shop.json")).unwrap()
}

/// The shop's services and flags over and over under other names, all of them moved on by `round`.
fn overview(round: u64) -> Overview {
    let said = &shop()["answers"][0]["overview"];
    let over = |kind: &str, key: &str, name: &str| -> Vec<Value> {
        let known = said[kind].as_array().unwrap();
        (0..MANY).map(|at| named(&known[at % known.len()], key, &format!("{name}-{at:04}"))).collect()
    };
    let mut services = over("services", "name", "service");
    for service in services.iter_mut().filter(|_| round > 0) {
        service["environments"][0]["release"]["version"] = json!(format!("v9.{round}.0"));
        service["environments"][0]["revision"] = json!(format!("r{round}"));
    }
    let all = json!({ "services": services, "flags": over("flags", "key", "flag"), "login": said["login"] });
    serde_json::from_value(all).unwrap()
}

fn named(value: &Value, key: &str, name: &str) -> Value {
    let old = value[key].to_string();
    serde_json::from_str(&value.to_string().replace(&old, &format!("\"{name}\""))).unwrap()
}

/// The newest run of the service that needs somebody most, with very many jobs.
fn long_run() -> Value {
    let mut run = serde_json::to_value(overview(0)).unwrap()["services"][0]["latest_run"].take();
    let jobs = (0..MANY).map(|at| json!({ "name": format!("job-{at:04}"), "status": "succeeded", "steps": [] }));
    run["stages"][1]["jobs"] = jobs.collect();
    run
}

/// Very many commits between two environments of that service.
fn long_changes() -> Value {
    let commits = (0..MANY).map(|at| {
        let files = json!([{ "path": format!("src/{at}.rs"), "status": "modified" }]);
        json!({
            "id": format!("{at:040x}"), "title": format!("Change number {at}"), "author": "dora",
            "at": "2026-06-01T14:18:00Z", "url": null, "pull": null, "files": files
        })
    });
    let (service, from, to) = ("service-0000", "production", "staging");
    json!({ "service": service, "from": from, "to": to, "commits": commits.collect::<Vec<_>>(), "files": null })
}
