//! `doctor`: says of each thing that the console rests on how it stands, against a real engine and a stub of one.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use super::bench::{Bench, Said, plain};
use super::stub::{Answer, Stub};

/// What the document says of one kind of thing.
#[track_caller]
fn of<'a>(document: &'a Value, area: &str) -> &'a Value {
    let checks = document["data"]["checks"].as_array().unwrap();
    checks.iter().find(|check| check["area"] == area).unwrap_or_else(|| panic!("no {area}: {document}"))
}

#[track_caller]
fn stands(document: &Value, area: &str, state: &str, words: &str) {
    let check = of(document, area);
    assert_eq!(check["state"], state, "{check}");
    assert!(check["message"].as_str().unwrap().contains(words), "{check}");
    // A fault in a file has its hint below the line that it is about.
    let hint = check["hint"].is_string() || check["message"].as_str().unwrap().contains("\nhint: ");
    assert!(state == "ok" || hint, "what is wrong has a hint: {check}");
}

#[test]
fn where_nothing_is_wrong_it_says_so_and_who_we_are() {
    let bench = Bench::new();
    std::fs::remove_dir_all(bench.folder.path().join("state")).ok();
    let (code, document) = bench.json(&["doctor"]);
    assert_eq!((code, &document["problems"]), (0, &json!([])), "{document}");
    assert_eq!(document["schema"], "leverframe/doctor/v1");
    stands(&document, "configuration", "ok", "1 sources");
    stands(&document, "state folder", "ok", "is made when");
    stands(&document, "journal", "ok", "nothing was done");
    stands(&document, "token", "ok", "mode 600");
    stands(&document, "source", "ok", "signed in as ada (admin");
    stands(&document, "clock", "ok", "");
    let source = &document["data"]["sources"][0];
    assert_eq!((&source["login"]["name"], &source["services"]), (&json!("ada"), &json!(1)));
    let token = std::fs::read_to_string(bench.folder.path().join("token")).unwrap();
    let said = bench.run(&["doctor"]);
    assert!(said.out.ends_with("\nnothing is wrong\n") && said.err.is_empty(), "{} {}", said.out, said.err);
    assert!(!said.out.contains(token.trim()) && !document.to_string().contains(token.trim()));
}

#[test]
fn a_dead_source_is_found_beside_everything_else() {
    let mut bench = Bench::new();
    bench.stop();
    let (code, document) = bench.json(&["doctor"]);
    assert_eq!((code, &document["problems"][0]["kind"]), (1, &json!("unreachable")), "{document}");
    stands(&document, "source", "wrong", "cannot be reached");
    stands(&document, "token", "ok", "mode 600");
    assert_eq!(document["data"]["sources"][0]["reachable"], false);
    let said = bench.run(&["doctor"]);
    assert_eq!((said.code, said.err.as_str()), (1, ""));
    assert!(said.out.contains("hint: is it running?") && said.out.contains("one thing is wrong"), "{}", said.out);
}

#[test]
fn a_token_is_looked_at_before_and_after_it_is_sent() {
    let bench = Bench::new();
    let token = bench.folder.path().join("token");
    std::fs::write(&token, "somebody-elses\n").unwrap();
    let (code, document) = bench.json(&["doctor"]);
    assert_eq!((code, &document["problems"][0]["kind"]), (1, &json!("unauthorized")));
    stands(&document, "token", "ok", "mode 600");
    stands(&document, "source", "wrong", "the token is not known here");
    assert_eq!(document["data"]["sources"][0]["reachable"], true);
    std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (_, document) = bench.json(&["doctor"]);
    stands(&document, "token", "wrong", "mode 644");
    assert!(of(&document, "token")["hint"].as_str().unwrap().contains("chmod 600"));
    assert!(!document.to_string().contains("somebody-elses"));
}

#[test]
fn a_clock_that_goes_wrong_and_a_budget_that_ends_are_seen_in_the_answer() {
    let stub = Stub::new(Answer::Mute(500));
    stub.tell(&[
        ("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("x-ratelimit-limit", "5000"),
        ("x-ratelimit-remaining", "312"),
    ]);
    let (code, document) = stub.json(&["doctor"]);
    assert_eq!(code, 1, "{document}");
    stands(&document, "clock", "wrong", "this machine's");
    stands(&document, "rate budget", "caution", "312 of 5000");
    stands(&document, "source", "ok", "services");
    assert!(document["data"]["sources"][0]["clock_skew_ms"].is_i64());
    assert_eq!(document["data"]["sources"][0]["budget"], json!({ "left": 312, "limit": 5000, "resets_at": null }));
    assert!(stub.changes().is_empty(), "it changes nothing");
}

#[test]
fn a_broken_journal_and_a_state_folder_that_is_none_are_found() {
    let stub = Stub::new(Answer::Mute(500));
    let state = stub.config().with_file_name("state");
    std::fs::create_dir(&state).unwrap();
    std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(state.join("journal.jsonl"), "{}\n").unwrap();
    let (code, document) = stub.json(&["doctor"]);
    assert_eq!(code, 1);
    stands(&document, "journal", "wrong", "entry 1");
    stands(&document, "state folder", "caution", "mode 755");
    std::fs::remove_dir_all(&state).unwrap();
    std::fs::write(&state, "").unwrap();
    let (_, document) = stub.json(&["doctor"]);
    stands(&document, "state folder", "wrong", "is no folder");
}

#[test]
fn without_a_configuration_that_can_be_used_the_rest_is_still_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let ask = |words: &[&str]| -> Said {
        let mut command = plain(&[words, &["doctor", "--json"]].concat());
        command.env("XDG_CONFIG_HOME", folder.path()).env("XDG_STATE_HOME", folder.path()).output().unwrap().into()
    };
    let none = ask(&[]);
    assert_eq!(none.code, 1);
    stands(&none.document(), "configuration", "wrong", "there is none");
    std::fs::write(&config, "read_onyl = true\n").unwrap();
    let broken = ask(&["--config", config.to_str().unwrap()]);
    assert_eq!(broken.code, 2);
    stands(&broken.document(), "configuration", "wrong", "config.toml:1:1");
    assert_eq!(of(&broken.document(), "terminal")["state"], "ok");
}
