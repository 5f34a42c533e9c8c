//! What is wrong with the command line or the configuration: exit 2, before anything is asked.

use super::bench::{Said, plain};

fn said(words: &[&str]) -> Said {
    plain(words).output().unwrap().into()
}

#[test]
fn an_unknown_word_is_exit_2_also_as_a_document() {
    for words in [&["bogus"][..], &["status", "--bogus"], &["freeze", "on"], &["canary", "a", "b", "set"]] {
        assert_eq!(said(words).code, 2, "{words:?}");
        let refused = said(&[words, &["--json"]].concat());
        assert_eq!(refused.code, 2, "{words:?}");
        let document = refused.document();
        assert_eq!(document["problems"][0]["kind"], "usage", "{words:?}");
        assert!(document["data"].is_null());
    }
    assert_eq!(said(&["status", "--bogus", "--json"]).document()["schema"], "leverframe/status/v1");
}

#[test]
fn the_version_names_the_commit() {
    let version = said(&["--version"]);
    assert_eq!(version.code, 0);
    assert!(version.out.starts_with(concat!("leverframe ", env!("CARGO_PKG_VERSION"), " (")), "{}", version.out);
}

#[test]
fn without_a_source_there_is_nothing_to_ask() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "state_dir = \"state\"\n").unwrap();
    let refused = said(&["status", "--json", "--config", config.to_str().unwrap()]);
    assert_eq!(refused.code, 2);
    assert_eq!(refused.document()["problems"][0]["kind"], "configuration");
}

#[test]
fn a_misspelt_key_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "state_dir = \"state\"\nread_onyl = true\n").unwrap();
    let path = config.to_str().unwrap();
    let refused = said(&["config", "check", "--config", path]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("config.toml:2:1"), "{}", refused.err);
    assert!(refused.err.lines().any(|line| line.ends_with("| read_onyl = true")), "{}", refused.err);
    let named = said(&["config", "path", "--json", "--config", path]);
    assert_eq!(named.code, 0);
    assert_eq!(named.document()["data"]["path"], path);
}
