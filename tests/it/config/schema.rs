//! The schema against the reader: each knows exactly the keys and words that the other knows.

use leverframe::config::{Fault, SCHEMA};
use serde_json::Value;

use super::read;

const SOURCE: &str = "[[sources]]\nname = \"e\"\nkind = \"engine\"\nurl = \"http://a\"\n";
const STRANGE: &str = "zzzzzzzz";

/// What the reader says there is in place of the one strange key or word of `text`.
#[track_caller]
fn known(text: &str) -> Vec<String> {
    let Err(Fault::Wrong(faults)) = read(text) else { panic!("it is taken: {text}") };
    let strange = faults.0.iter().find(|fault| fault.message.contains(STRANGE)).unwrap();
    let hint = strange.hint.clone().unwrap();
    let (_, names) =
        hint.split_once(" has ").or_else(|| hint.split_once(" one of ")).unwrap_or_else(|| panic!("{hint}"));
    sorted(names.split('`').skip(1).step_by(2).map(str::to_owned))
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

#[test]
fn the_schema_has_the_keys_of_the_reader_and_no_others() {
    let schema = schema();
    let strange = format!("{STRANGE} = 1");
    for (place, text) in [
        ("", strange.clone()),
        ("/$defs/theme_pair", format!("theme = {{ {strange} }}")),
        ("/$defs/notify_command", format!("notify = [{{ {strange} }}]")),
        ("/$defs/context", format!("[contexts.a]\n{strange}")),
        ("/$defs/source", format!("{SOURCE}{strange}")),
        ("/$defs/token", format!("{SOURCE}token = {{ {strange} }}")),
        ("/$defs/policy", format!("[policy]\n{strange}")),
        ("/$defs/policy/properties/tiers", format!("[policy.tiers]\n{strange}")),
        ("/$defs/freeze", format!("[policy]\nfreeze = [{{ {strange} }}]")),
        ("/$defs/tier", format!("[policy.tiers.staging]\n{strange}")),
    ] {
        let object = schema.pointer(place).unwrap();
        assert_eq!(object["additionalProperties"], false, "{place}");
        let told = sorted(object["properties"].as_object().unwrap().keys().cloned());
        assert_eq!(told, known(&text), "{place}");
    }
}

#[test]
fn the_schema_has_the_words_of_the_reader_and_no_others() {
    let schema = schema();
    for (place, text) in [
        ("/properties/glyphs/enum", format!("glyphs = \"{STRANGE}\"")),
        ("/properties/time/enum", format!("time = \"{STRANGE}\"")),
        ("/properties/links/enum", format!("links = \"{STRANGE}\"")),
        ("/properties/notify/items/oneOf/0/enum", format!("notify = [\"{STRANGE}\"]")),
        ("/$defs/tier/properties/verdict/enum", format!("[policy.tiers.staging]\nverdict = \"{STRANGE}\"")),
        (
            "/$defs/freeze/properties/tiers/items/enum",
            format!(
                "[policy]\nfreeze = [{{ from = \"Fri 17:00\", to = \"Mon 08:00\", zone = \"UTC\", tiers = [\"{STRANGE}\"] }}]"
            ),
        ),
        ("/$defs/source/properties/kind/enum", SOURCE.replace("\"engine\"", &format!("\"{STRANGE}\""))),
    ] {
        let words = schema.pointer(place).unwrap().as_array().unwrap();
        let told = sorted(words.iter().map(|word| word.as_str().unwrap().to_owned()));
        assert_eq!(told, known(&text), "{place}");
    }
}

#[test]
fn every_table_of_the_schema_is_compared() {
    let tables = SCHEMA.matches("\"additionalProperties\": false").count();
    assert_eq!(tables, 10, "a table came or went: compare its keys above");
    // What is referred to is there.
    for name in SCHEMA.split("\"#/$defs/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(schema()["$defs"].get(name).is_some(), "{name}");
    }
}
