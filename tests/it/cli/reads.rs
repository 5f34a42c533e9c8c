//! Commands that look: their documents hold every key of the contract, and say what cannot be read.

use serde_json::{Value, json};

use super::bench::{Bench, until};

/// Every key of `keys` is there, whatever it holds.
fn has(value: &Value, keys: &str) {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    for key in keys.split(' ') {
        assert!(object.contains_key(key), "`{key}` is missing from {value}");
    }
}

#[test]
fn every_document_has_the_shape_of_the_contract() {
    let bench = Bench::new();
    let data = |words: &[&str]| {
        let (code, document) = bench.json(words);
        assert_eq!(code, 0, "{words:?}: {document}");
        has(&document, "schema context at data problems");
        assert_eq!(document["schema"], json!(format!("leverframe/{}/v1", words[0])));
        document["data"].clone()
    };
    until("a run", || data(&["status"])["services"][0]["latest_run"].is_object());
    let status = data(&["status", "checkout"]);
    let service = &status["services"][0];
    has(service, "name repository latest_run environments");
    let run_keys = "id number status ref commit title author url started_at duration_ms eta_ms stages";
    has(&service["latest_run"], run_keys);
    has(&service["latest_run"]["stages"][0], "name kind status progress started_at duration_ms jobs");
    has(&service["latest_run"]["stages"][0]["jobs"][0], "name status url environment");
    assert!(service["latest_run"]["id"].is_string());
    let environment = &service["environments"][0];
    has(environment, "name tier state url release behind gate rollout held revision observed_at stale");
    assert_eq!((&environment["name"], &environment["stale"]), (&json!("staging"), &json!(false)));
    has(&data(&["runs", "checkout"])["runs"][0], run_keys);
    assert_eq!(data(&["gates"])["gates"], json!([]));
    let flag = &data(&["flags", "checkout"])["flags"][0];
    has(flag, "key source services kind kill_switch description environments");
    let keys = "name enabled percent variants segments revision changed_at changed_by observed_at";
    has(&flag["environments"][0], keys);
    has(&data(&["why", "checkout", "staging"]), "service environment state reasons levers");
}

#[test]
fn for_people_the_columns_stand_under_one_another_and_hold_no_colour() {
    let bench = Bench::new();
    let said = bench.run(&["status"]);
    assert_eq!(said.code, 0);
    let column = |line: usize, word: &str| said.out.lines().nth(line).unwrap().find(word);
    assert_eq!(column(0, "ENVIRONMENT"), column(1, "staging"));
    assert_eq!(column(0, "ENVIRONMENT"), column(2, "production"));
    assert!(!said.out.contains('\u{1b}'));
    assert!(bench.run(&["status", "--color", "always"]).out.contains('\u{1b}'));
}

#[test]
fn an_unknown_name_is_exit_2_with_the_nearest() {
    let bench = Bench::new();
    for (words, hint) in [
        (&["status", "chekout"][..], "did you mean `checkout`?"),
        (&["runs", "chekout"], "did you mean `checkout`?"),
        (&["hold", "checkout", "stagign", "on", "--yes"], "did you mean `staging`?"),
        (&["flag", "new-bascet", "on", "--env", "staging", "--yes"], "did you mean `new-basket`?"),
        (&["why", "checkout", "qa"], "there is staging, production"),
        (&["watch", "chekout"], "did you mean `checkout`?"),
        (&["cancel", "checkout/99", "--yes"], "did you mean `checkout/1`?"),
    ] {
        let (code, document) = bench.json(words);
        assert_eq!(code, 2, "{words:?}: {document}");
        let said = document["problems"][0]["hint"].as_str().unwrap_or_default();
        assert!(said.contains(hint), "{words:?}: {document}");
    }
}

#[test]
fn a_dead_engine_is_exit_6_with_a_document() {
    let mut bench = Bench::new();
    bench.stop();
    for words in [&["status"][..], &["gates"], &["hold", "checkout", "staging", "on", "--yes"], &["watch"]] {
        let (code, document) = bench.json(words);
        assert_eq!(code, 6, "{words:?}: {document}");
        assert_eq!(document["problems"][0]["kind"], "unreachable", "{words:?}: {document}");
    }
}

#[test]
fn a_token_that_is_not_known_is_exit_5() {
    let bench = Bench::new();
    let token = bench.folder.path().join("token");
    std::fs::write(&token, "somebody-elses\n").unwrap();
    let (code, document) = bench.json(&["status"]);
    assert_eq!((code, &document["problems"][0]["kind"]), (5, &json!("unauthorized")));
}
