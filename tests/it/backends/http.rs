//! The one HTTP client under everything that a network and a server can do to it.

use leverframe::backends::http::{Change, Http};
use leverframe::capabilities::CapabilityError;
use leverframe::capabilities::error::Kind;
use leverframe::clock::{Clock as _, System};
use serde_json::{Value, json as value};

use super::script::{Reply, Script, json, raw, reply};
use super::{ports, source};

const SHORT: &str = "timeout = \"300ms\"";

fn client(script: &Script, more: &str) -> Http {
    Http::new(&source(&script.url(), more), &ports(false), |_| None)
}

async fn read(replies: impl IntoIterator<Item = Reply>) -> Result<Value, CapabilityError> {
    let script = Script::new(replies).await;
    client(&script, "").read("/v1/thing").await
}

async fn write(script: &Script, more: &str) -> Result<Value, CapabilityError> {
    let body = value!({ "on": true });
    let headers = [("If-Match".to_owned(), "\"r1\"".to_owned())];
    let change = Change { method: "PUT", path: "/v1/thing", headers: &headers, body: Some(&body) };
    client(script, more).write(&change).await?.json()
}

async fn kind_of_read(reply: Reply) -> Kind {
    read([reply]).await.unwrap_err().kind
}

async fn kind_of_write(reply: Reply) -> Kind {
    write(&Script::new([reply]).await, "").await.unwrap_err().kind
}

#[tokio::test]
async fn every_status_has_its_meaning() {
    let status = |line: &str| reply(line, &[], "{}");
    assert_eq!(kind_of_read(status("401 Unauthorized")).await, Kind::Unauthorized);
    assert_eq!(kind_of_read(status("403 Forbidden")).await, Kind::Forbidden);
    assert_eq!(kind_of_read(status("404 Not Found")).await, Kind::NotFound);
    assert_eq!(kind_of_read(status("500 Internal Server Error")).await, Kind::Server);
    assert_eq!(kind_of_write(status("400 Bad Request")).await, Kind::Refused);
    assert_eq!(kind_of_write(status("409 Conflict")).await, Kind::Moved(None));
    assert_eq!(kind_of_write(status("412 Precondition Failed")).await, Kind::Moved(None));
    assert_eq!(kind_of_write(status("422 Unprocessable Content")).await, Kind::Refused);
    assert_eq!(kind_of_write(status("428 Precondition Required")).await, Kind::Refused);
    // A proxy that gave up says nothing about what the server did.
    assert_eq!(kind_of_write(status("504 Gateway Timeout")).await, Kind::UnknownOutcome);
}

#[tokio::test]
async fn half_an_answer_is_no_answer() {
    let length = "HTTP/1.1 200 OK\ncontent-length: 100\n\n{\"a\": 1}";
    let chunked = "HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n8\n{\"a\": 1}\n";
    let open = "HTTP/1.1 200 OK\n\n{\"a\": [1, 2";
    for half in [length, chunked, open] {
        assert_eq!(kind_of_read(raw(half)).await, Kind::Malformed, "{half}");
        assert_eq!(kind_of_write(raw(half)).await, if half == open { Kind::Malformed } else { Kind::UnknownOutcome });
    }
    let script = Script::new([raw("HTTP/1.1 200 OK\n\nhalf of a log")]).await;
    let error = client(&script, "").read_bytes("/log").await.unwrap_err();
    assert!(error.message.as_str().ends_with("does not say where it ends"), "{error}");
}

#[tokio::test]
async fn what_is_not_the_api_is_malformed_and_says_why() {
    let page = reply("200 OK", &["content-type: text/html"], "<html>Log in</html>");
    let error = read([page]).await.unwrap_err();
    assert_eq!(error.kind, Kind::Malformed);
    assert!(error.hint.unwrap().as_str().contains("login page"));

    let script = Script::new([json("[1]"), json("{\"runs\": []"), json(&"[".repeat(100_000))]).await;
    let http = client(&script, "");
    for _ in 0..3 {
        let read: Result<leverframe::protocol::Runs, _> = http.read("/v1/runs").await;
        assert_eq!(read.unwrap_err().kind, Kind::Malformed);
    }
}

#[tokio::test]
async fn an_answer_that_unpacks_without_end_is_refused() {
    let packed = zeros(64 << 20);
    assert!(packed.len() < 1 << 20);
    let error = read([reply("200 OK", &["content-encoding: gzip"], packed)]).await.unwrap_err();
    assert_eq!(error.kind, Kind::Malformed);
    assert!(error.message.as_str().contains("is larger than 32 MB"), "{error}");
}

#[tokio::test]
async fn a_slow_server_is_not_waited_for() {
    let script = Script::new([Reply::Silence, Reply::Silence]).await;
    let http = client(&script, SHORT);
    let error = http.read::<Value>("/v1/thing").await.unwrap_err();
    assert_eq!(error.kind, Kind::Timeout);
    assert_eq!(error.message.as_str(), format!("{} did not answer in 300ms", script.url()));
    assert_eq!(write(&script, SHORT).await.unwrap_err().kind, Kind::UnknownOutcome);
}

#[tokio::test]
async fn a_reset_after_a_change_was_sent_leaves_its_end_unknown() {
    let script = Script::new([Reply::End]).await;
    let error = write(&script, "").await.unwrap_err();
    assert_eq!(error.kind, Kind::UnknownOutcome);
    // It was sent once, and is not sent again by itself.
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn nobody_there_means_that_nothing_was_sent() {
    let script = Script::new([]).await;
    let url = script.url();
    drop(script);
    let gone = Http::new(&source(&url, ""), &ports(false), |_| None);
    let body = value!({});
    let change = Change { method: "POST", path: "/v1/thing", headers: &[], body: Some(&body) };
    // The port is closed when the server's task has ended.
    let deadline = System.instant() + std::time::Duration::from_secs(10);
    loop {
        let error = gone.write(&change).await.unwrap_err();
        if error.kind == Kind::Unreachable {
            return;
        }
        assert!(System.instant() < deadline, "{error:?}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_redirect_within_the_origin_is_followed_with_the_token() {
    let moved = reply("307 Temporary Redirect", &["location: /v2/thing"], "");
    let script = Script::new([moved, json("1")]).await;
    let token = "token = { command = [\"echo\", \"t0k3n\"] }";
    assert_eq!(client(&script, token).read::<Value>("/v1/thing").await.unwrap(), value!(1));
    let asked = script.asked();
    assert!(asked[1].starts_with("get /v2/thing "), "{}", asked[1]);
    assert!(asked.iter().all(|request| request.contains("\nauthorization: bearer t0k3n\r\n")), "{asked:?}");
}

#[tokio::test]
async fn a_redirect_to_another_origin_gets_neither_request_nor_token() {
    let other = Script::new([]).await;
    let location = format!("location: {}/v1/thing", other.url());
    let moved = || reply("307 Temporary Redirect", &[&location], "");
    let script = Script::new([moved(), moved()]).await;
    let error = client(&script, "").read::<Value>("/v1/thing").await.unwrap_err();
    assert_eq!(error.kind, Kind::Malformed);
    assert_eq!(
        error.message.as_str(),
        format!("{} redirects to {}, which was not followed", script.url(), other.url())
    );
    assert_eq!(write(&script, "").await.unwrap_err().kind, Kind::UnknownOutcome);
    assert_eq!(other.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn redirects_without_end_end() {
    let again = || reply("302 Found", &["location: /v1/thing"], "");
    let error = read([again(), again(), again(), again()]).await.unwrap_err();
    assert!(error.message.as_str().ends_with("redirects without end"), "{error}");
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let tagged = |body: &str| reply("200 OK", &["etag: \"t1\""], body);
    let same = || reply("304 Not Modified", &[], "");
    // The first answer is broken: its tag must not count.
    let script = Script::new([tagged("{"), tagged("[1]"), same(), json("[2]"), json("[3]")]).await;
    let http = client(&script, "");
    http.read_if_changed::<Value>("/v1/thing").await.unwrap_err();
    assert_eq!(http.read_if_changed("/v1/thing").await.unwrap(), Some(value!([1])));
    assert_eq!(http.read_if_changed::<Value>("/v1/thing").await.unwrap(), None);
    assert_eq!(http.read_if_changed("/v1/thing").await.unwrap(), Some(value!([2])));
    assert_eq!(http.read_if_changed("/v1/thing").await.unwrap(), Some(value!([3])));
    let asked = script.asked();
    let with_tag: Vec<_> = asked.iter().map(|request| request.contains("if-none-match: \"t1\"")).collect();
    assert_eq!(with_tag, [false, false, true, true, false]);
}

#[tokio::test]
async fn not_modified_unasked_is_malformed() {
    let script = Script::new([reply("304 Not Modified", &[], "")]).await;
    let error = client(&script, "").read_if_changed::<Value>("/v1/thing").await.unwrap_err();
    assert_eq!(error.kind, Kind::Malformed);
}

#[tokio::test]
async fn read_only_sends_nothing() {
    let script = Script::new([]).await;
    let http = Http::new(&source(&script.url(), ""), &ports(true), |_| None);
    let change = Change { method: "POST", path: "/v1/thing", headers: &[], body: None };
    assert_eq!(http.write(&change).await.unwrap_err().kind, Kind::ReadOnly);
    assert_eq!(script.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_change_goes_out_as_it_stands() {
    let script = Script::new([json("{}")]).await;
    write(&script, "").await.unwrap();
    let asked = script.asked();
    assert!(asked[0].starts_with("put /v1/thing http/1.1\r\n"), "{}", asked[0]);
    assert!(
        asked[0].contains("\r\nif-match: \"r1\"\r\n") && asked[0].ends_with("\r\n\r\n{\"on\":true}"),
        "{}",
        asked[0]
    );
}

#[tokio::test]
async fn a_name_cannot_lead_out_of_its_path() {
    let script = Script::new([]).await;
    let error = client(&script, "").read::<Value>("/v1/services/../people").await.unwrap_err();
    assert_eq!(error.kind, Kind::Refused);
    let error = client(&script, "").read::<Value>("/v1/services/%2e%2e/people").await.unwrap_err();
    assert_eq!(error.kind, Kind::Refused);
    assert_eq!(script.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_token_that_was_replaced_is_read_anew_after_a_401() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let keep = |token: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(&file, token).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    };
    let script = Script::new([reply("401 Unauthorized", &[], ""), json("1")]).await;
    let http = client(&script, &format!("token = {{ file = \"{}\" }}", file.display()));
    keep("old\n");
    assert_eq!(http.read::<Value>("/a").await.unwrap_err().kind, Kind::Unauthorized);
    keep("new\n");
    http.read::<Value>("/a").await.unwrap();
    let asked = script.asked();
    assert!(asked[0].contains("authorization: bearer old") && asked[1].contains("authorization: bearer new"));
}

#[tokio::test]
async fn without_its_token_nothing_is_asked() {
    let script = Script::new([]).await;
    let http = client(&script, "token = { env = \"LEVERFRAME_NO_SUCH_VARIABLE\" }");
    let error = http.read::<Value>("/a").await.unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorized);
    assert_eq!(error.message.as_str(), "the variable LEVERFRAME_NO_SUCH_VARIABLE with the token is not set");
    assert_eq!(script.asked(), Vec::<String>::new());
}

/// So many zeros as gzip packs them, without the checksum at the end: one literal, then matches of length 258 at
/// distance 1, in the fixed codes of RFC 1951, 3.2.6.
pub fn zeros(count: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    let mut put = |code: u32, length: u32| bits.extend((0..length).rev().map(|at| code >> at & 1 == 1));
    // Last block, fixed codes (the two bits of the type in reverse), the literal 0.
    put(0b1_10, 3);
    put(0b0011_0000, 8);
    for _ in 0..count / 258 {
        put(0b1100_0101, 8);
        put(0, 5);
    }
    put(0, 7);
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    packed.extend(bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |all, bit| all << 1 | u8::from(*bit))));
    packed
}
