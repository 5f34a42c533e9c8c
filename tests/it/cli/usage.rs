//! What is wrong with the command line or the configuration: exit 2, before anything is asked.

use super::bench::{Said, plain};

fn said(words: &[&str]) -> Said {
    plain(words).output().unwrap().into()
}

#[test]
fn an_unknown_word_is_exit_2_also_as_a_document() {
    for words in [&["bogus"][..], &["status", "--bogus"], &["insights", "checkout"], &["canary", "a", "b", "set"]] {
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

#[test]
fn a_wrong_theme_or_key_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let checked = |text: &str| {
        std::fs::write(&config, text).unwrap();
        let said = said(&["config", "check", "--config", config.to_str().unwrap()]);
        (said.code, said.err)
    };
    let cases = [
        ("theme = \"leverfarme\"", "1:9: theme: there is no theme", "did you mean \"leverframe\"?"),
        ("[contexts.a]\ntheme = \"none\"", "2:9: contexts.a.theme: there is no theme \"none\"", "there is leverframe,"),
        ("theme = { dark = \"mono\", light = \"momo\" }", "1:34: theme.light: there is no", "did you mean \"mono\"?"),
        ("[keys.bord]\nquit = \"x\"", "1:7: keys.bord: there is no section `bord`", "did you mean `board`?"),
        ("[keys.board]\n\nrollback = \"B\"", "3:12: keys.board.rollback:", "did you mean `roll_back`?"),
        (
            "[keys.board]\nquit = \"x\"",
            "2:8: keys.board.quit: there is no action `quit`",
            "it is one of the section `global`",
        ),
        ("[keys.board]\nroll_back = \"hyper-x\"", "2:13: keys.board.roll_back: `hyper-x`", "write a letter"),
        ("[keys.board]\nroll_back = [\"a\"]", "2:13: keys.board.roll_back: `a` means both", "another key"),
        ("[keys.global]\nquit = []", "2:8: keys.global.quit: the action `quit` has no key", "leave it one"),
    ];
    for (text, place, hint) in cases {
        let (code, told) = checked(text);
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(&format!("config.toml:{place}")), "{text}\n{told}");
        assert!(told.lines().last().is_some_and(|last| last.starts_with("hint: ") && last.contains(hint)), "{told}");
    }
    assert_eq!(checked("theme = \"mine\"").0, 2);
    std::fs::create_dir(folder.path().join("themes")).unwrap();
    let theme = folder.path().join("themes/mine.toml");
    std::fs::write(&theme, "inherits = \"nord\"\n").unwrap();
    let (code, told) = checked("theme = \"mine\"");
    assert_eq!(code, 2);
    assert!(told.contains("themes/mine.toml:1:12: inherits: no theme of the program is called \"nord\""), "{told}");
    std::fs::write(&theme, "inherits = \"mono\"\n").unwrap();
    assert_eq!(checked("theme = \"mine\""), (0, String::new()));
}

#[test]
fn every_shell_gets_the_commands_and_no_word_of_the_programs_own() {
    for shell in ["bash", "zsh", "fish"] {
        let script = said(&["completions", shell]);
        assert_eq!((script.code, script.err.as_str()), (0, ""), "{shell}");
        for word in ["rollback", "journal", "verify", "completions"] {
            assert!(script.out.contains(word), "{shell} does not know {word}");
        }
        assert!(!script.out.contains("demo-host"), "{shell}");
        assert_eq!(said(&["completions", shell, "--json"]).document()["data"]["script"], script.out.as_str());
    }
    assert_eq!(said(&["completions", "tcsh"]).code, 2);
}

#[test]
fn bash_reads_its_completions_and_completes() {
    let script = said(&["completions", "bash"]).out;
    let asked = format!(
        "{script}\nCOMP_WORDS=(leverframe can); COMP_CWORD=1; _leverframe leverframe can leverframe; echo ${{COMPREPLY[@]}}"
    );
    let bash = std::process::Command::new("bash").args(["--norc", "-c", &asked]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&bash.stdout).trim(), "canary cancel");
}

#[test]
fn the_manual_page_tells_of_every_command_and_every_exit_code() {
    let page = said(&["man"]);
    assert_eq!((page.code, page.err.as_str()), (0, ""));
    for words in [
        ".SH \"EXIT STATUS\"",
        "leverframe journal verify",
        "leverframe flag ",
        "LEVERFRAME_CONFIG",
        "Let a run through its gate",
    ] {
        assert!(page.out.contains(words), "`{words}` is missing");
    }
    assert!(!page.out.contains("demo\\-host") && !page.out.contains("demo-host"));
}

#[test]
fn the_schema_is_printed_as_it_is_and_in_a_document() {
    let schema = said(&["config", "schema"]);
    assert_eq!(schema.code, 0);
    assert_eq!(schema.document()["properties"]["glyphs"]["default"], "auto");
    assert_eq!(said(&["config", "schema", "--json"]).document()["data"], schema.document());
}

#[test]
fn what_a_source_says_is_in_the_log_only_for_who_wants_to_know() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let text = "state_dir = \"state\"\n[[sources]]\nname = \"e\"\nkind = \"engine\"\nurl = \"http://127.0.0.1:1\"\n";
    std::fs::write(&config, text).unwrap();
    let log = folder.path().join("state/leverframe.log");
    let words = ["status", "--config", config.to_str().unwrap()];
    assert_eq!(said(&words).code, 6);
    assert!(!log.exists(), "it was shown");
    let ended = plain(&words).env("LEVERFRAME_LOG", "info").output().unwrap();
    assert_eq!(ended.status.code(), Some(6));
    let told = std::fs::read_to_string(&log).unwrap();
    assert!(told.contains("INFO  leverframe::runtime::perform: a source did not answer source=e"), "{told}");
}
