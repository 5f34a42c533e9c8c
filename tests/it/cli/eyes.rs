//! Four eyes from the command line: one person plans, a second one confirms at another terminal with another token.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use super::bench::{Bench, Said};

const FLAG: [&str; 9] =
    ["flag", "new-basket", "on", "--env", "production", "--yes", "--json", "--reason", "the baskets are full"];

/// An engine whose owner's console asks for two people, and the configuration of the second.
fn bench() -> (Bench, PathBuf) {
    let bench = Bench::new();
    let second = bench.config_of("operator");
    let config = bench.folder.path().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}\n[policy.tiers.production]\napprovals = 2\n")).unwrap();
    (bench, second)
}

/// A command that waits for a second person, and the phrase that it tells.
struct Waiting {
    child: Child,
    err: BufReader<std::process::ChildStderr>,
    phrase: String,
}

impl Waiting {
    fn begin(bench: &Bench, more: &[&str]) -> Self {
        let mut command = bench.command(&[&FLAG[..], more].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        err.read_line(&mut line).unwrap();
        let phrase = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(line.contains("min left: leverframe confirm ") && phrase.split('-').count() == 5, "{line}");
        Self { child, err, phrase }
    }

    fn end(self) -> Said {
        drop(self.err);
        self.child.wait_with_output().unwrap().into()
    }
}

/// What the person of this configuration is told on confirming `phrase`.
fn confirm(bench: &Bench, config: Option<&PathBuf>, phrase: &str, more: &[&str]) -> (i32, Value) {
    let mut words = vec!["confirm", phrase, "--yes"];
    words.extend(config.map(|path| ["--config", path.to_str().unwrap()]).into_iter().flatten());
    words.extend(more);
    bench.json(&words)
}

fn enabled(bench: &Bench) -> Value {
    let states = bench.json(&["flags"]).1["data"]["flags"][0]["environments"].clone();
    states.as_array().unwrap().iter().find(|state| state["name"] == "production").unwrap()["enabled"].clone()
}

#[test]
fn a_second_person_confirms_and_the_first_goes_on() {
    let (bench, second) = bench();
    let waiting = Waiting::begin(&bench, &[]);
    let (code, own) = confirm(&bench, None, &waiting.phrase, &[]);
    assert_eq!((code, &own["data"]["refusal"]["interlock"]), (3, &json!("four_eyes")), "{own}");
    let viewer = bench.config_of("viewer");
    assert_ne!(confirm(&bench, Some(&viewer), &waiting.phrase, &[]).0, 0, "who may only look");
    let (code, looked) = confirm(&bench, Some(&second), &waiting.phrase, &["--dry-run"]);
    let plan = &looked["data"]["plan"];
    assert_eq!(
        (code, &plan["target"], &plan["before"], &plan["after"]),
        (0, &json!("new-basket/production"), &json!("off"), &json!("on"))
    );
    assert_eq!(plan["about"], "ada asks for it: the baskets are full", "{looked}");
    assert_eq!(enabled(&bench), false, "looking confirms nothing");
    let (code, done) = confirm(&bench, Some(&second), &waiting.phrase.replace('-', " "), &[]);
    assert_eq!((code, &done["data"]["outcome"]["state"]), (0, &json!("reached")), "{done}");
    let phrase = waiting.phrase.clone();
    let first = waiting.end();
    assert_eq!((first.code, &first.document()["data"]["outcome"]["state"]), (0, &json!("reached")), "{}", first.out);
    assert_eq!(enabled(&bench), true);
    let (code, used) = confirm(&bench, Some(&second), &phrase, &[]);
    assert_eq!(code, 3, "{used}");
    let entries = bench.json(&["journal", "list"]).1["data"]["entries"].clone();
    let entries = entries.as_array().unwrap();
    let by = entries.iter().find(|entry| entry["action"] == "flag" && !entry["plan"].is_null()).unwrap();
    assert_eq!(by["plan"]["confirmed_by"], "otto", "{by}");
    assert!(entries.iter().any(|entry| entry["action"] == "confirm" && entry["outcome"]["state"] == "reached"));
    let status = bench.run(&["engine", "status", "--data", bench.folder.path().to_str().unwrap()]);
    assert_eq!(status.code, 0, "{}", status.err);
}

#[test]
fn what_moved_meanwhile_is_not_sent_and_the_confirmation_is_used_up() {
    let (bench, second) = bench();
    let waiting = Waiting::begin(&bench, &[]);
    let set = ["flag", "new-basket", "25%", "--env", "production", "--yes", "--config", second.to_str().unwrap()];
    assert_eq!(bench.json(&set).0, 0);
    assert_eq!(confirm(&bench, Some(&second), &waiting.phrase, &[]).0, 0);
    let phrase = waiting.phrase.clone();
    let first = waiting.end();
    assert_eq!((first.code, &first.document()["data"]["outcome"]["state"]), (4, &json!("moved")), "{}", first.out);
    assert_eq!(confirm(&bench, Some(&second), &phrase, &[]).0, 3);
}

#[test]
fn nobody_is_waited_for_longer_than_was_said_and_nothing_is_sent() {
    let (bench, second) = bench();
    let waiting = Waiting::begin(&bench, &["--timeout", "1s"]);
    let phrase = waiting.phrase.clone();
    let first = waiting.end();
    assert_eq!((first.code, &first.document()["data"]["outcome"]["state"]), (3, &json!("refused")), "{}", first.out);
    assert_eq!(enabled(&bench), false);
    let (code, late) = confirm(&bench, Some(&second), &phrase, &[]);
    assert_eq!((code, late["data"]["refusal"]["reason"].as_str().unwrap()), (3, "ada has withdrawn it"), "{late}");
}

#[test]
fn few_phrases_can_be_guessed() {
    let (bench, second) = bench();
    let waiting = Waiting::begin(&bench, &[]);
    for _ in 0..5 {
        let (code, wrong) = confirm(&bench, Some(&second), "maple-otter-river-lantern-plum", &[]);
        assert_eq!(code, 3, "{wrong}");
        assert!(wrong["data"]["outcome"]["message"].as_str().unwrap().contains("no such phrase"), "{wrong}");
    }
    let (code, held) = confirm(&bench, Some(&second), &waiting.phrase, &[]);
    assert_eq!(code, 3, "{held}");
    assert!(held["data"]["outcome"]["message"].as_str().unwrap().contains("5 wrong phrases"), "{held}");
    let mut waiting = waiting;
    waiting.child.kill().unwrap();
    waiting.end();
}
