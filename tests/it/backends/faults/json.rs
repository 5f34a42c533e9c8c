//! What can be wrong with a document.

use leverframe::capabilities::error::Kind;
use serde_json::{Value, json};

use super::{Fault, UNKNOWN, changed, fault};
use crate::support::faulty::{Step, answer};

const TYPED: &[&str] = &["content-type: application/json"];

/// An answer with this body.
fn body(name: &str, body: impl Into<Vec<u8>>, says: &str) -> Fault {
    let body = body.into();
    fault(name, move |_| vec![Step::Send(answer("200 OK", TYPED, &body))])
        .reads(Kind::Malformed, &format!("{{answer}} {says}"))
        .writes(UNKNOWN)
}

/// The right overview, changed so; a change is answered as it should be.
fn but(name: &str, change: fn(&mut Value)) -> Fault {
    fault(name, move |asked| vec![Step::Send(if asked.changes() { asked.well() } else { changed(asked, change) })])
}

/// The same, and then it cannot be read.
fn not(name: &str, change: fn(&mut Value), says: &str) -> Fault {
    but(name, change).reads(Kind::Malformed, &format!("{{answer}} cannot be read: {says}"))
}

/// All of them.
pub fn faults() -> Vec<Fault> {
    [texts(), values(), wrappings()].into_iter().flatten().collect()
}

fn texts() -> Vec<Fault> {
    let nested = format!("{{\"services\": {}", "[".repeat(100_000));
    vec![
        body("empty", "", "is empty"),
        body("blank", " \r\n", "is empty"),
        body("cut_in_a_word", "{\"services\": tru", "cannot be read: …"),
        body("cut_in_a_text", "{\"services\": \"abc", "cannot be read: EOF while parsing a string …"),
        body(
            "name_twice",
            "{\"services\": [], \"services\": [], \"flags\": []}",
            "cannot be read: `services` stands twice in one object …",
        ),
        body(
            "name_twice_deep_in_what_nobody_reads",
            "{\"services\": [], \"flags\": [], \"login\": null, \"more\": [{\"a\": 1, \"\\u0061\": 2}]}",
            "cannot be read: `a` stands twice in one object …",
        ),
        body("nested_without_end", nested, "cannot be read: recursion limit exceeded …"),
        body("not_a_number", "{\"services\": NaN}", "cannot be read: …"),
        body("infinite", "{\"services\": -Infinity}", "cannot be read: …"),
        body("number_beyond_all_numbers", "{\"services\": 1e999}", "cannot be read: number out of range …"),
        body("no_utf8", b"{\"services\": \"\xff\xfe\"}".to_vec(), "is no UTF-8 from byte 14 on"),
        body(
            "utf16",
            "{\"services\": []}".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
            "cannot be read: …",
        ),
        body("two_documents", "{}{}", "cannot be read: trailing characters …"),
        body(
            "garbage_after_the_end",
            "{\"services\": [], \"flags\": [], \"login\": null} ok",
            "cannot be read: trailing characters …",
        ),
        body("single_quotes", "{'services': []}", "cannot be read: …"),
        body("a_comment", "// all well\n{}", "cannot be read: …"),
        body("a_comma_too_many", "{\"services\": [],}", "cannot be read: …"),
        body("a_control_in_a_text", "{\"services\": \"\u{1}\"}", "cannot be read: control character …"),
        fault("byte_order_mark", |asked| vec![Step::Send(answer("200 OK", TYPED, format!("\u{feff}{}", asked.right)))]),
    ]
}

fn values() -> Vec<Fault> {
    vec![
        body("null", "null", "cannot be read: …"),
        body("array_for_an_object", "[1, 2]", "cannot be read: …"),
        body("text_for_an_object", "\"all well\"", "cannot be read: …"),
        body("a_number_alone", "42", "cannot be read: …"),
        not("object_for_an_array", |all| all["services"] = json!({}), "invalid type: map, expected a sequence …"),
        not("null_for_an_array", |all| all["flags"] = Value::Null, "invalid type: null, expected a sequence …"),
        not("number_for_a_name", |all| all["services"][0]["name"] = json!(7), "invalid type: integer `7`, …"),
        not("text_for_a_truth", |all| all["login"]["may_write"] = json!("true"), "invalid type: string \"true\", …"),
        not(
            "number_beyond_its_kind",
            |all| all["services"][0]["latest_run"]["number"] = json!(18_446_744_073_709_551_616.0),
            "invalid type: floating point …",
        ),
        not(
            "number_below_nothing",
            |all| all["services"][0]["latest_run"]["number"] = json!(-1),
            "invalid value: integer `-1`, …",
        ),
        not("time_that_is_none", |all| all["services"][0]["latest_run"]["created_at"] = json!("32 May"), "…"),
        not("field_missing", |all| drop(all.as_object_mut().unwrap().remove("services")), "missing field `services` …"),
        not(
            "field_missing_within",
            |all| drop(all["services"][0].as_object_mut().unwrap().remove("name")),
            "missing field `name` …",
        ),
        but("fields_that_nobody_knows", |all| {
            all["more"] = json!({ "deep": [1, 2, { "x": null }] });
            all["services"][0]["more"] = json!(1e300);
        }),
        but("word_that_nobody_knows", |all| {
            all["services"][0]["latest_run"]["status"] = json!("enchanted");
            all["services"][0]["environments"][0]["state"] = json!("haunted");
        }),
        but("text_that_hides", |all| all["services"][0]["latest_run"]["title"] = json!("a\u{202e}b\u{1b}[2J")),
    ]
}

fn wrappings() -> Vec<Fault> {
    let wrapped = |name: &str, kind: &'static str, text: &'static str, says: &str| {
        fault(name, move |_| vec![Step::Send(answer("200 OK", &[kind], text))])
            .reads(Kind::Malformed, &format!("{{answer}} {says}"))
            .writes(UNKNOWN)
    };
    let login = "<!doctype html><form action=/login><input name=user><input type=\"password\"></form>";
    let page = "is a web page";
    let packed = |name: &str, with: &'static str, says: &str| {
        fault(name, move |asked| vec![Step::Send(answer("200 OK", &[with], &asked.right))])
            .reads(Kind::Malformed, &format!("{{answer}} {says}"))
            .writes(UNKNOWN)
    };
    vec![
        wrapped("web_page", "content-type: text/html", "<html>It works!</html>", page),
        wrapped("web_page_that_says_it_is_json", "content-type: application/json", " <html>It works!</html>", page),
        wrapped("json_that_says_it_is_a_web_page", "content-type: text/html", "{}", page),
        wrapped("sign_in_form", "content-type: text/html; charset=utf-8", login, "is a page to sign in"),
        wrapped("xml", "content-type: application/xml", "<services/>", page),
        packed("json_that_says_it_is_a_picture", "content-type: image/png", "is no JSON: it says `image/png`"),
        packed("json_that_says_it_is_plain_text", "content-type: text/plain", "is no JSON: it says `text/plain`"),
        packed("packed_as_it_says_and_is_not", "content-encoding: gzip", "cannot be unpacked: …"),
        fault("packed_in_a_way_that_nobody_asked_for", |_| {
            vec![Step::Send(answer("200 OK", &["content-encoding: br"], b"\x0b\x02\x80{}\x03"))]
        })
        .reads(Kind::Malformed, "{answer} …")
        .writes(UNKNOWN),
    ]
}
