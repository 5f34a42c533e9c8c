//! The journal from the command line.

use serde_json::{Value, json};

use super::bench::Bench;

#[test]
fn what_was_done_and_what_was_refused_is_on_record() {
    let bench = Bench::new();
    let hold = ["hold", "checkout", "staging", "on"];
    bench.json(&[&hold[..], &["--yes", "--read-only"]].concat());
    assert_eq!(bench.json(&[&hold[..], &["--yes", "--reason", "a look"]].concat()).0, 0);
    let (code, list) = bench.json(&["journal", "list"]);
    assert_eq!((code, &list["schema"]), (0, &json!("leverframe/journal_list/v1")));
    let entries = list["data"]["entries"].as_array().unwrap();
    let states: Vec<_> = entries.iter().map(|entry| entry["outcome"]["state"].as_str()).collect();
    assert_eq!(states, [Some("refused"), None, Some("reached")]);
    for entry in entries {
        for key in ["seq", "at", "actor", "action", "target", "plan", "outcome", "hash", "previous"] {
            assert!(entry.get(key).is_some(), "`{key}` is missing from {entry}");
        }
        assert_eq!((&entry["action"], &entry["target"]), (&json!("hold"), &json!("checkout/staging")));
        assert_eq!(entry["actor"]["name"], "ada");
    }
    assert_eq!((&entries[1]["reason"], &entries[2]["intent"]), (&json!("a look"), &json!(2)));
    let calls = entries[1]["plan"]["steps"].to_string();
    assert!(calls.contains("PUT /v1/services/checkout/environments/staging/hold"), "{calls}");
}

#[test]
fn an_export_is_the_entries_and_nothing_else() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["journal", "export"]).out, "");
    bench.json(&["hold", "checkout", "staging", "on", "--yes"]);
    let said = bench.run(&["journal", "export"]);
    let entries: Vec<Value> = said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries.iter().map(|entry| &entry["seq"]).collect::<Vec<_>>(), [&json!(1), &json!(2)]);
    let file = std::fs::read_to_string(bench.folder.path().join("state/journal.jsonl")).unwrap();
    assert_eq!(said.out, file);
}

#[test]
fn the_engine_seals_the_journal_with_each_order_and_what_is_cut_off_is_missed() {
    let bench = Bench::new();
    let (_, empty) = bench.json(&["journal", "verify"]);
    assert_eq!((&empty["data"]["entries"], &empty["data"]["sealed"]), (&json!(0), &Value::Null));
    bench.json(&["hold", "checkout", "staging", "on", "--yes"]);
    bench.json(&["hold", "checkout", "staging", "off", "--yes"]);
    let (code, whole) = bench.json(&["journal", "verify"]);
    assert_eq!((code, &whole["data"]["entries"]), (0, &json!(4)), "{whole}");
    // The intent of the second order is the last that was there when it was given.
    assert_eq!((&whole["data"]["sealed"]["source"], &whole["data"]["sealed"]["seq"]), (&json!("engine"), &json!(3)));
    let state = bench.folder.path().join("state");
    let text = std::fs::read_to_string(state.join("journal.jsonl")).unwrap();
    let kept: Vec<_> = text.lines().take(2).collect();
    std::fs::write(state.join("journal.jsonl"), kept.join("\n") + "\n").unwrap();
    let last: Value = serde_json::from_str(kept[1]).unwrap();
    let head = json!({ "seq": last["seq"], "hash": last["hash"] });
    std::fs::write(state.join("journal.head"), head.to_string()).unwrap();
    let (code, cut) = bench.json(&["journal", "verify"]);
    assert_eq!((code, &cut["data"]["broken"]), (1, &json!("entries 3 to 3 were sealed and are gone")), "{cut}");
    let written = format!("4:{}", whole["data"]["hash"].as_str().unwrap());
    let (_, cut) = bench.json(&["journal", "verify", "--head", &written]);
    assert_eq!(cut["data"]["broken"], "entries 3 to 4 were sealed and are gone");
}

#[test]
fn an_export_as_a_table_has_a_line_for_each_entry() {
    let bench = Bench::new();
    bench.json(&["hold", "checkout", "staging", "on", "--yes", "--reason", "=cmd|' /C calc'!A0, \"now\""]);
    let said = bench.run(&["journal", "export", "--format", "csv"]);
    let lines: Vec<_> = said.out.split_terminator("\r\n").collect();
    assert_eq!((said.code, lines.len()), (0, 3), "{}", said.out);
    assert!(lines[0].starts_with("seq,at,who,"), "{}", lines[0]);
    assert!(lines[1].starts_with("1,") && lines[1].contains(",ada,"), "{}", lines[1]);
    assert!(lines[1].contains(r#","'=cmd|' /C calc'!A0, ""now""","#), "{}", lines[1]);
    assert!(lines[2].contains(",reached,"), "{}", lines[2]);
}

#[test]
fn a_journal_that_was_tampered_with_is_exit_1() {
    let bench = Bench::new();
    bench.json(&["hold", "checkout", "staging", "on", "--yes"]);
    let path = bench.folder.path().join("state/journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("staging", "stagign", 1)).unwrap();
    let (code, document) = bench.json(&["journal", "verify"]);
    assert_eq!((code, document["data"]["broken"].is_string()), (1, true), "{document}");
}
