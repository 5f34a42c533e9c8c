//! The first run: what a start without a configuration offers, and the configuration that comes of it.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::bench::{Bench, Said, plain};
use super::stub::{Answer, Stub};
use crate::support::terminal::{Terminal, eventually};

fn init(config: &Path, words: &[&str]) -> Said {
    let words = [&["config", "init", "--config", config.to_str().unwrap()][..], words].concat();
    plain(&words).env("SHOP_TOKEN", "sesame").output().unwrap().into()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn a_start_without_a_configuration_asks_what_to_begin_with() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&[], folder.path(), (80, 24));
    terminal.shows("no configuration yet");
    terminal.shows("d, i or q:");
    terminal.types("what?\n");
    assert!(eventually(|| terminal.text().matches("d, i or q:").count() == 2), "{}", terminal.text());
    terminal.types("q\n");
    assert_eq!(terminal.code(), 0);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was written");
}

#[test]
fn a_file_that_is_named_and_not_there_is_no_first_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&["--config", "no.toml"], folder.path(), (80, 24));
    terminal.shows("no.toml cannot be read");
    assert_eq!(terminal.code(), 2);
}

#[test]
fn answers_become_a_configuration_and_the_console_opens_on_it() {
    let stub = Stub::new(Answer::Mute(500));
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&[], folder.path(), (120, 36));
    terminal.shows("d, i or q:");
    terminal.types("i\n");
    terminal.shows("address [");
    terminal.types("nonsense\n");
    terminal.shows("is no address");
    assert!(eventually(|| terminal.text().matches("address [").count() == 2), "{}", terminal.text());
    terminal.types(&format!("{}\n", stub.url()));
    terminal.shows("token [none]:");
    terminal.types("/nowhere/token\n");
    terminal.shows("no such file");
    assert!(eventually(|| terminal.text().matches("token [none]:").count() == 2), "{}", terminal.text());
    terminal.types("\n");
    terminal.shows("1 Board");
    terminal.shows("checkout");
    terminal.types("q");
    assert_eq!(terminal.code(), 0);
    let config = folder.path().join("leverframe/config.toml");
    assert_eq!(mode(&config), 0o600);
    assert!(std::fs::read_to_string(config).unwrap().contains(&format!("\nurl = \"{}\"\n", stub.url())));
}

#[test]
fn the_engine_of_this_machine_is_offered_with_its_token() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let data = format!("LEVERFRAME_DATA={}", bench.folder.path().display());
    let words = [&data, env!("CARGO_BIN_EXE_leverframe"), "config", "init"];
    let mut terminal = Terminal::of("env", &words, folder.path(), (120, 36));
    terminal.shows("address [http://127.0.0.1:");
    terminal.types("\n");
    terminal.shows(&format!("token [{}", bench.folder.path().display()));
    terminal.types("\n");
    terminal.shows("signed in as ada");
    assert_eq!(terminal.code(), 0, "{}", terminal.text());
}

#[test]
fn with_flags_nothing_is_asked_and_what_is_there_stays() {
    let stub = Stub::new(Answer::Mute(500));
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("new/config.toml");
    let words = ["--url", stub.url(), "--name", "shop", "--token-env", "SHOP_TOKEN"];
    let written = init(&config, &[&words[..], &["--json"]].concat());
    assert_eq!(written.code, 0, "{} {}", written.out, written.err);
    let document = written.document();
    assert_eq!(document["schema"], "leverframe/config_init/v1");
    assert_eq!(document["data"]["path"], config.to_str().unwrap());
    let said: Vec<_> = document["data"]["checks"].as_array().unwrap().iter().map(|check| &check["message"]).collect();
    assert_eq!(said[0], "from the variable SHOP_TOKEN");
    assert_eq!((mode(&config), mode(config.parent().unwrap())), (0o600, 0o700));
    let before = std::fs::read_to_string(&config).unwrap();
    assert!(before.contains("\nname = \"shop\"\n") && !before.contains("sesame"), "{before}");

    let again = init(&config, &["--url", "http://127.0.0.1:1"]);
    assert_eq!((again.code, std::fs::read_to_string(&config).unwrap()), (3, before));
    assert!(again.err.contains("is there already") && again.err.contains("--force"), "{}", again.err);
    assert_eq!(init(&config, &["--url", stub.url(), "--force"]).code, 0);
    assert_eq!(std::fs::read_dir(config.parent().unwrap()).unwrap().count(), 1, "nothing else is left there");
}

#[test]
fn a_source_that_is_not_there_is_said_and_the_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let written = init(&config, &["--url", "http://127.0.0.1:1"]);
    assert_eq!(written.code, 6, "{} {}", written.out, written.err);
    assert!(written.out.contains("cannot be reached") && written.out.contains("hint:"), "{}", written.out);
    assert!(config.exists());
}

#[test]
fn what_cannot_be_written_is_said_before_anything_is() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    for (words, message) in [
        (&[][..], "there is no terminal to ask at"),
        (&["--url", "nonsense"], "is no address"),
        (&["--url", "http://127.0.0.1:1", "--name", "a b"], "is no name"),
    ] {
        let refused = init(&config, words);
        assert_eq!(refused.code, 2, "{words:?}");
        assert!(refused.err.contains(message), "{words:?}: {}", refused.err);
        assert!(!config.exists(), "{words:?}");
    }
}
