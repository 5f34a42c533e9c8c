//! What the one HTTP client keeps to beyond a single answer: hosts that want to be left alone, what is asked again and
//! what never is, and who read what.

use std::sync::Arc;
use std::time::Duration;

use leverframe::backends::Ports;
use leverframe::backends::http::{Backoff, Change, Http, Limits};
use leverframe::capabilities::CapabilityError;
use leverframe::capabilities::error::Kind;
use serde_json::{Value, json as value};

use super::script::{Reply, Script, json, reply};
use super::source;
use crate::support::clock::Hand;

const NOON: &str = "2026-06-05T12:00:00Z";

/// Ports on which time stands still, and what is asked again is asked at once.
fn still() -> (Arc<Hand>, Ports) {
    let clock = Arc::new(Hand::at(NOON.parse().unwrap()));
    let again = Backoff { first: Duration::ZERO, most: Duration::ZERO };
    let limits = Limits { again, ..Limits::USUAL };
    (Arc::clone(&clock), Ports { limits, chance: || 1.0, ..Ports::new(clock, false) })
}

fn client(script: &Script, ports: &Ports) -> Http {
    Http::new(&source(&script.url(), ""), ports, |_| None)
}

async fn read(http: &Http) -> Result<Value, CapabilityError> {
    http.read("/v1/thing").await
}

async fn write(http: &Http) -> Result<Value, CapabilityError> {
    let body = value!({});
    http.write(&Change { method: "POST", path: "/v1/thing", headers: &[], body: Some(&body) }).await?.json()
}

#[tokio::test]
async fn a_host_that_wants_to_be_left_alone_is_left_alone_by_everybody() {
    let script = Script::new([reply("429 Too Many Requests", &["retry-after: 190"], ""), json("1"), json("2")]).await;
    let (clock, ports) = still();
    let (one, other) = (client(&script, &ports), client(&script, &ports));
    let says = format!("{} is resting until 12:03:10, asked by the server", script.url());
    let until = Kind::RateLimited(Some("2026-06-05T12:03:10Z".parse().unwrap()));
    for answer in [read(&one).await, read(&one).await, read(&other).await, write(&other).await] {
        let error = answer.unwrap_err();
        assert_eq!((&error.kind, error.message.as_str()), (&until, says.as_str()));
    }
    assert_eq!(script.asked().len(), 1);
    clock.passes(Duration::from_millis(189_999));
    assert_eq!(read(&other).await.unwrap_err().kind, until);
    clock.passes(Duration::from_millis(1));
    assert_eq!((read(&other).await, write(&one).await), (Ok(value!(1)), Ok(value!(2))));
}

#[tokio::test]
async fn another_host_is_asked_meanwhile() {
    let (busy, idle) =
        (Script::new([reply("429 Too Many Requests", &["retry-after: 60"], "")]).await, Script::new([json("1")]).await);
    let (_clock, ports) = still();
    read(&client(&busy, &ports)).await.unwrap_err();
    assert_eq!(read(&client(&idle, &ports)).await, Ok(value!(1)));
}

#[tokio::test]
async fn the_last_question_of_a_budget_is_answered_and_the_next_one_waits_for_the_next_budget() {
    let spent = ["x-ratelimit-limit: 60", "x-ratelimit-remaining: 0", "x-ratelimit-reset: 1780661100"];
    let script = Script::new([reply("200 OK", &spent, "1"), json("2")]).await;
    let (clock, ports) = still();
    let http = client(&script, &ports);
    assert_eq!(read(&http).await, Ok(value!(1)));
    let error = read(&http).await.unwrap_err();
    assert!(error.message.as_str().ends_with(" is resting until 12:05:00, asked by the server"), "{error}");
    clock.passes(Duration::from_mins(5));
    assert_eq!(read(&http).await, Ok(value!(2)));
}

#[tokio::test]
async fn a_question_that_broke_off_is_asked_again_and_a_change_is_not() {
    let in_between = || reply("502 Bad Gateway", &[], "");
    let script = Script::new([Reply::End, in_between(), json("1"), Reply::End, in_between()]).await;
    let http = client(&script, &still().1);
    assert_eq!(read(&http).await, Ok(value!(1)));
    for _ in 0..2 {
        assert_eq!(write(&http).await.unwrap_err().kind, Kind::UnknownOutcome);
    }
    assert_eq!(script.asked().len(), 5);
}

#[tokio::test]
async fn what_stays_broken_is_asked_three_times_and_no_more() {
    let script = Script::new([Reply::End, Reply::End, Reply::End]).await;
    let error = read(&client(&script, &still().1)).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unreachable);
    assert_eq!(error.message.as_str(), format!("{} closed the connection before it answered", script.url()));
    // What the source itself says is not asked for twice.
    for status in ["500 Internal Server Error", "404 Not Found", "429 Too Many Requests"] {
        let script = Script::new([reply(status, &[], "")]).await;
        read(&client(&script, &still().1)).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_host_that_keeps_failing_is_left_alone_by_questions_and_not_by_people() {
    let failed = || reply("500 Internal Server Error", &[], "");
    let replies = (0..5).map(|_| failed()).chain([json("0"), json("1")]);
    let script = Script::new(replies).await;
    let (clock, ports) = still();
    let http = client(&script, &ports);
    for _ in 0..20 {
        assert_eq!(read(&http).await.unwrap_err().kind, Kind::Server);
    }
    assert_eq!(script.asked().len(), 5);
    assert_eq!(write(&http).await, Ok(value!(0)));
    // It answered: nothing is held back any more.
    assert_eq!(read(&http).await, Ok(value!(1)));
    drop(clock);
}

#[tokio::test]
async fn what_another_credential_read_says_nothing_about_what_this_one_reads() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let keep = |token: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(&file, token).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    };
    let tagged = || reply("200 OK", &["etag: \"t\""], "1");
    let script = Script::new([tagged(), tagged(), reply("401 Unauthorized", &[], ""), tagged(), tagged()]).await;
    let more = format!("token = {{ file = \"{}\" }}", file.display());
    let http = Http::new(&source(&script.url(), &more), &still().1, |_| None);
    keep("old");
    for _ in 0..2 {
        http.read_if_changed::<Value>("/a").await.unwrap();
    }
    http.read_if_changed::<Value>("/a").await.unwrap_err();
    keep("new");
    for _ in 0..2 {
        http.read_if_changed::<Value>("/a").await.unwrap();
    }
    let asked = script.asked();
    let tagged: Vec<_> = asked.iter().map(|request| request.contains("if-none-match")).collect();
    assert_eq!(tagged, [false, true, true, false, true]);
}

#[tokio::test]
async fn a_stream_comes_piece_by_piece_and_a_cut_is_seen() {
    let long = "x".repeat(100_000);
    let cut = Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec());
    let open = Reply::Bytes(b"HTTP/1.1 200 OK\r\n\r\nhalf".to_vec());
    let script = Script::new([reply("200 OK", &[], &long), cut, open, reply("404 Not Found", &[], "")]).await;
    let http = client(&script, &still().1);
    let mut pieces = http.stream("/log").await.unwrap();
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await.unwrap() {
        all.extend(piece);
    }
    assert_eq!(all, long.as_bytes());
    let mut pieces = http.stream("/log").await.unwrap();
    let cut = loop {
        match pieces.next().await {
            Ok(piece) => assert!(piece.is_some(), "half of it passed for all"),
            Err(error) => break error,
        }
    };
    assert!(cut.message.as_str().contains("/log was cut off: "), "{cut}");
    assert_eq!(http.stream("/log").await.unwrap_err().kind, Kind::Malformed);
    assert_eq!(http.stream("/log").await.unwrap_err().kind, Kind::NotFound);
}
