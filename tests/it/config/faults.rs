//! One of each kind of fault, as it is printed.

use leverframe::config::Fault;

use super::read;

#[track_caller]
fn refused(text: &str, printed: &str) {
    let fault = read(text).unwrap_err();
    assert!(matches!(fault, Fault::Wrong(_)), "{fault}");
    assert_eq!(fault.to_string(), printed.trim());
}

fn source(line: &str) -> String {
    format!("[[sources]]\nname = \"e\"\nkind = \"engine\"\nurl = \"http://a\"\n{line}\n")
}

#[test]
fn no_toml_at_all() {
    let printed = "\
/etc/shop/config.toml:1:8: this is no TOML: string values must be quoted, expected literal string
  |
1 | time = utc
  |        ^^^
hint: see https://toml.io for the syntax";
    refused("time = utc", printed);
}

#[test]
fn a_misspelt_key_that_would_take_away_a_safety() {
    let printed = "\
/etc/shop/config.toml:2:1: contexts.prod.readonly: unknown key `readonly` in [contexts.prod]
  |
2 | readonly = true
  | ^^^^^^^^
hint: did you mean `read_only`?";
    refused("[contexts.prod]\nreadonly = true", printed);
}

#[test]
fn the_same_key_twice() {
    let printed = "\
/etc/shop/config.toml:2:1: mouse: is set twice in the same table
  |
2 | mouse = false
  | ^^^^^
hint: keep one of the two";
    refused("mouse = true\nmouse = false", printed);
}

#[test]
fn a_word_that_is_none_of_them() {
    let printed = "\
/etc/shop/config.toml:1:10: glyphs: unknown word \"unicod\"
  |
1 | glyphs = \"unicod\"
  |          ^^^^^^^^
hint: did you mean \"unicode\"?";
    refused("glyphs = \"unicod\"", printed);
}

#[test]
fn a_value_of_another_type() {
    let printed = "\
/etc/shop/config.toml:1:9: mouse: must be true or false, and is a text
  |
1 | mouse = \"yes\"
  |         ^^^^^
hint: write it without quotes";
    refused("mouse = \"yes\"", printed);
}

#[test]
fn a_source_of_a_kind_that_comes_later() {
    let printed = "\
/etc/shop/config.toml:3:8: sources.hub.kind: `github` sources come later
  |
3 | kind = \"github\"
  |        ^^^^^^^^
hint: this version knows: engine";
    refused("[[sources]]\nname = \"hub\"\nkind = \"github\"\nurl = \"https://api.github.com\"", printed);
}

#[test]
fn a_source_without_its_address() {
    let printed = "\
/etc/shop/config.toml:1:1: sources.e.url: is missing
  |
1 | [[sources]]
  | ^^^^^^^^^^^
hint: url = \"http://127.0.0.1:7400\"";
    refused("[[sources]]\nname = \"e\"\nkind = \"engine\"", printed);
}

#[test]
fn two_sources_of_one_name() {
    let printed = "\
/etc/shop/config.toml:7:8: sources.e.name: the name \"e\" is used twice
  |
7 | name = \"e\"
  |        ^^^
hint: give each source its own name";
    refused(&(source("") + &source("")), printed);
}

#[test]
fn a_token_in_the_file_is_refused_and_not_shown() {
    let printed = "\
/etc/shop/config.toml:5:9: sources.e.token: a token does not belong into this file
  |
5 | token = …
  |         ^
hint: token = { env = \"NAME\" }, { command = [\"…\"] } or { file = \"…\" }";
    refused(&source("token = \"s3cr3t\""), printed);
    let fault = read(&source("").replace("http://a", "http://ada:s3cr3t@a")).unwrap_err();
    assert!(fault.to_string().contains("holds a user or a password"), "{fault}");
    assert!(!fault.to_string().contains("s3cr3t"), "{fault}");
}

#[test]
fn a_token_from_two_places() {
    let printed = "\
/etc/shop/config.toml:5:9: sources.e.token: must name exactly one of `env`, `command` and `file`
  |
5 | token = { env = \"A\", file = \"b\" }
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^
hint: token = { env = \"NAME\" }, { command = [\"…\"] } or { file = \"…\" }";
    refused(&source("token = { env = \"A\", file = \"b\" }"), printed);
}

#[test]
fn an_address_that_is_none() {
    let printed = "\
/etc/shop/config.toml:4:7: sources.e.url: must begin with http:// or https://
  |
4 | url = \"ftp://a\"
  |       ^^^^^^^^^
hint: write it as \"http://127.0.0.1:7400\" or \"https://engine.example\"";
    refused(&source("").replace("http://a", "ftp://a"), printed);
}

#[test]
fn a_duration_that_is_none() {
    let printed = "\
/etc/shop/config.toml:5:11: sources.e.timeout: is not a duration
  |
5 | timeout = \"15 sec\"
  |           ^^^^^^^^
hint: write a number and a unit of d, h, m, s, ms: \"10m\", \"1h30m\"";
    refused(&source("timeout = \"15 sec\""), printed);
}

#[test]
fn more_people_than_there_can_be() {
    let printed = "\
/etc/shop/config.toml:2:13: policy.tiers.production.approvals: must be a whole number from 1 to 2
  |
2 | approvals = 3
  |             ^";
    refused("[policy.tiers.production]\napprovals = 3", printed);
}

#[test]
fn a_freeze_that_ends_before_it_begins() {
    let printed = "\
/etc/shop/config.toml:2:53: policy.freeze.#1.to: is not the end of a window in time
  |
2 | freeze = [{ from = \"2026-12-23\", zone = \"UTC\", to = \"2026-12-22\" }]
  |                                                     ^^^^^^^^^^^^
hint: write both as a day and a time, \"Fri 17:00\", or both as a date, \"2026-12-23 12:00\"; the end after the begin";
    refused("[policy]\nfreeze = [{ from = \"2026-12-23\", zone = \"UTC\", to = \"2026-12-22\" }]", printed);
}

#[test]
fn a_freeze_by_the_clocks_of_nowhere() {
    let printed = "\
/etc/shop/config.toml:2:58: policy.freeze.#1.zone: is not a time zone
  |
2 | freeze = [{ from = \"Fri 17:00\", to = \"Mon 08:00\", zone = \"Berlin\" }]
  |                                                          ^^^^^^^^
hint: write its name in the IANA database: \"Europe/Berlin\", \"UTC\"";
    refused("[policy]\nfreeze = [{ from = \"Fri 17:00\", to = \"Mon 08:00\", zone = \"Berlin\" }]", printed);
}

#[test]
fn services_of_their_own_come_later() {
    let printed = "\
/etc/shop/config.toml:1:3: services: `services` is not supported yet
  |
1 | [[services]]
  |   ^^^^^^^^
hint: an engine source brings its services by itself; a context chooses among them: services = [\"…\"]";
    refused("[[services]]\nname = \"checkout\"", printed);
}

#[test]
fn a_default_context_that_there_is_not() {
    let printed = "\
/etc/shop/config.toml:1:19: default_context: there is no context \"porduction\"
  |
1 | default_context = \"porduction\"
  |                   ^^^^^^^^^^^^
hint: did you mean \"production\"?";
    refused("default_context = \"porduction\"\n[contexts.production]", printed);
}

#[test]
fn everything_that_is_wrong_is_said_at_once_in_the_order_of_the_lines() {
    let fault = read("mouse = 1\ntime = \"mars\"\n[policy]\nfreezes = []\n[keys.board]\nquit = 1").unwrap_err();
    let Fault::Wrong(faults) = fault else { panic!("{fault}") };
    let keys: Vec<_> = faults.0.iter().map(|fault| (fault.line, fault.key.as_str())).collect();
    assert_eq!(keys, [(1, "mouse"), (2, "time"), (4, "policy.freezes"), (6, "keys.board.quit")]);
}
