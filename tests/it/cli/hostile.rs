//! Hostile text through the command line: nothing of it is obeyed by a terminal, as lines for people and as documents.

use leverframe::domain::text::{escaped, is_hidden};
use serde_json::Value;

use super::bench::Said;
use super::stub::{Answer, Stub};
use crate::support::hostile::{corpus, poison};

/// What is printed of what sources say, or kept.
const COMMANDS: &[&[&str]] = &[
    &["status"],
    &["gates"],
    &["flags"],
    &["changes", "NAME"],
    &["why", "NAME", "PLACE"],
    &["hold", "NAME", "PLACE", "on", "--yes", "--reason", "WORDS"],
    &["flag", "WORDS", "--env", "PLACE", "on", "--dry-run"],
    &["rollback", "NAME", "PLACE", "--dry-run"],
    &["status", "WORDS"],
    &["journal", "list"],
    &["journal", "export"],
    &["journal", "export", "--format", "csv"],
];

/// Hidden signs that are no ends of lines.
fn hidden(text: &str) -> Option<char> {
    text.chars().find(|c| is_hidden(*c) && !matches!(c, '\n'))
}

/// The words of a command about what is poisoned; `None` where a command line cannot say them.
fn words(command: &[&str], hostile: &str) -> Option<Vec<String>> {
    let word = |word: &&str| match *word {
        "NAME" => format!("payments{hostile}"),
        "PLACE" => format!("production{hostile}"),
        "WORDS" => format!("x{hostile}"),
        other => other.to_owned(),
    };
    let words: Vec<_> = command.iter().map(word).collect();
    let sayable = |word: &String| !word.contains('\0') && word.len() < 100 << 10;
    words.iter().all(sayable).then_some(words)
}

#[test]
fn a_target_that_only_looks_like_another_is_marked_in_its_plan() {
    let stub = Stub::new(Answer::Mute(500));
    stub.becomes(|overview| {
        let text = overview.to_string().replace("payments", "\u{440}ayments");
        *overview = serde_json::from_str(&text).unwrap();
    });
    let (code, document) = stub.json(&["hold", "\u{440}ayments", "production", "on", "--dry-run"]);
    let rules = document["data"]["plan"]["interlocks"].as_array().unwrap_or_else(|| panic!("{code}: {document}"));
    let rule = rules.iter().find(|rule| rule["name"] == "lookalike").unwrap();
    assert_eq!(rule["state"], "caution");
    assert!(rule["message"].as_str().unwrap().ends_with("it is Latin with Cyrillic \u{440} U+0440"), "{rule}");
}

/// The corpus, many kinds in one text: a program is started for each command.
fn together() -> Vec<(String, String)> {
    let of = |kinds: &[(&str, String)]| {
        let (names, texts): (Vec<_>, Vec<_>) = kinds.iter().map(|(name, text)| (*name, text.as_str())).unzip();
        (names.join(", "), texts.join(" "))
    };
    corpus().chunks(14).map(of).collect()
}

#[test]
fn nothing_hostile_is_printed_and_documents_say_what_was_said() {
    for (name, hostile) in together() {
        let stub = Stub::new(Answer::Mute(500));
        stub.becomes(|overview| poison(overview, &hostile));
        for command in COMMANDS {
            let Some(words) = words(command, &hostile) else { continue };
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            let said: Said = stub.command(&words).output().unwrap().into();
            let (out, err) = (said.out.replace("\r\n", "\n"), said.err);
            assert_eq!((hidden(&out), hidden(&err)), (None, None), "{name}, {command:?}: {out:?} {err:?}");
            if command[1..].contains(&"export") {
                continue;
            }
            let said: Said = stub.command(&[&words[..], &["--json"]].concat()).output().unwrap().into();
            assert_eq!(hidden(&said.out), None, "{name}, {command:?}: {:?}", said.out);
            let document: Value = serde_json::from_str(&said.out).unwrap();
            if *command == ["status"] {
                let services = document["data"]["services"].as_array();
                let services = services.unwrap_or_else(|| panic!("{name}: {document}"));
                let names = services.iter().map(|service| &service["name"]);
                let expected = format!("payments{hostile}");
                assert!(names.into_iter().any(|name| *name == expected), "{name}: the name is as it was");
            }
        }
        for file in ["journal.jsonl", "leverframe.log"] {
            let kept = std::fs::read(stub.config().with_file_name("state").join(file)).unwrap_or_default();
            let kept = String::from_utf8_lossy(&kept).into_owned();
            assert_eq!(hidden(&kept), None, "{name}: {file}");
            assert_eq!(escaped(&kept), kept);
        }
    }
}
