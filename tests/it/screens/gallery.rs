//! The gallery: every pane in every state it can be in, as the emulator of the tests shows it, under `assets/screens/`.
//! What is drawn now is held against the pictures there; `LEVERFRAME_DRAW=1` draws them anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use leverframe::domain::environment::EnvironmentState;
use leverframe::domain::observation::{Facts, Observation, Overview, Problem, ProblemKind, Subject};
use leverframe::domain::run::Status;
use leverframe::domain::service::Service;

use crate::support::capture::ansi;
use crate::support::screen::{Screen, settings};
use crate::support::svg::svg;
use crate::support::world::Known;

/// The panes, and the keys that bring each.
const PANES: [(&str, &str); 6] =
    [("board", "1"), ("run", "2"), ("gates", "3"), ("traffic", "4"), ("flags", "5"), ("changes", "j 6")];
const STATES: [&str; 7] = ["nothing", "normal", "failing", "stale", "many", "long", "wide"];
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 50)];
/// The ground and the ink of the theme in which they are drawn.
const COLORS: [(u8, u8, u8); 2] = [(0x14, 0x16, 0x1b), (0xd4, 0xd7, 0xdd)];

/// What is known in `state`.
fn world(state: &str) -> Known {
    match state {
        "nothing" => Known::load("empty"),
        "failing" => failing(),
        "stale" => stale(),
        "many" => many(2000),
        "long" => named(|name| format!("{name}-service-of-the-department-for-everything-that-has-to-do-with-{name}")),
        "wide" => named(|name| format!("{name}-支払いと検索のサービス")),
        _ => Known::load("shop"),
    }
}

/// Every run failed in its last stage, and production with it.
fn failing() -> Known {
    let mut known = Known::load("shop");
    known.change(|overview| overview.services.iter_mut().for_each(fail));
    known
}

fn fail(service: &mut Service) {
    if let Some(run) = &mut service.latest_run {
        run.status = Status::Failed;
        if let Some(stage) = run.stages.last_mut() {
            stage.status = Status::Failed;
            if let Some(job) = stage.jobs.last_mut() {
                job.status = Status::Failed;
                job.detail = Some("exit status 1".into());
            }
        }
    }
    if let Some(environment) = service.environments.last_mut() {
        environment.state = EnvironmentState::Failed;
    }
}

/// The source of most has not answered for forty minutes.
fn stale() -> Known {
    let mut known = Known::load("shop");
    let source = known.store.topology().sources.last().unwrap().name.clone();
    for minutes in [1, 40] {
        known.now += SignedDuration::from_mins(minutes);
        let problem = Problem {
            source: source.clone(),
            kind: ProblemKind::Unreachable,
            message: "no connection to http://127.0.0.1:7070".into(),
            hint: Some("start the engine".into()),
            since: None,
        };
        let (source, subject, at) = (source.clone(), Subject::Overview, known.now);
        known.store.apply(Observation { source, subject, at, facts: Facts::Failed(problem) });
    }
    known
}

fn many(count: usize) -> Known {
    let mut known = Known::load("shop");
    known.change(|overview: &mut Overview| {
        let shop = overview.services.clone();
        for at in shop.len()..count {
            let text = serde_json::to_string(&shop[at % shop.len()]).unwrap();
            let name = shop[at % shop.len()].name.as_str();
            let text = text.replace(&format!("\"{name}\""), &format!("\"{name}-{at:04}\""));
            overview.services.push(serde_json::from_str(&text).unwrap());
        }
    });
    known
}

/// The shop with other names for its services.
fn named(name: impl Fn(&str) -> String) -> Known {
    let overview = Known::load("shop").overview();
    Known::load_with("shop", |text| {
        overview.services.iter().fold(text, |text, service| {
            let known = service.name.as_str();
            text.replace(&format!("\"{known}\""), &format!("\"{}\"", name(known)))
        })
    })
}

/// `pane` in `state`, as a picture.
fn picture(pane: (&str, &str), state: &str, known: Known, (width, height): (u16, u16)) -> String {
    let mut screen = Screen::with(known, settings((width, height)));
    screen.press(pane.1);
    let mut emulator = vt100::Parser::new(height, width, 0);
    emulator.process(ansi(screen.buffer()).trim_end().replace('\n', "\r\n").as_bytes());
    svg(emulator.screen(), &format!("{}: {state}, {width}x{height}", pane.0), COLORS[0], COLORS[1])
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screens")
}

#[test]
fn the_screens_look_as_their_pictures_show() {
    let draws = std::env::var_os("LEVERFRAME_DRAW").is_some();
    let (mut names, mut differ) = (BTreeSet::new(), Vec::new());
    for state in STATES {
        let known = world(state);
        for pane in PANES {
            for size in SIZES {
                let name = format!("{}-{state}-{}x{}.svg", pane.0, size.0, size.1);
                let (path, now) = (folder().join(&name), picture(pane, state, known.clone(), size));
                if draws {
                    fs::write(&path, &now).unwrap();
                } else if fs::read_to_string(&path).ok().as_ref() != Some(&now) {
                    differ.push(name.clone());
                }
                names.insert(name);
            }
        }
    }
    assert!(differ.is_empty(), "look at them, then draw them anew with LEVERFRAME_DRAW=1: {differ:?}");
    let there = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(there.collect::<BTreeSet<_>>(), names, "a picture of nothing");
}

#[test]
fn a_picture_differs_where_the_screen_does() {
    let board = |state| picture(PANES[0], "board", world(state), SIZES[0]);
    assert_ne!(board("normal"), board("failing"));
    assert_ne!(board("normal"), board("stale"));
}
