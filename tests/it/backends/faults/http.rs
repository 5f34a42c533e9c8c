//! What HTTP itself can say: every status that means something, waits, and answers to questions that nobody asked.

use leverframe::capabilities::error::Kind;

use super::{Fault, UNKNOWN, fault};
use crate::support::faulty::{Step, answer};

/// An answer of this status, with these headers and nothing in it.
fn says(name: &str, status: &'static str, headers: &'static [&'static str]) -> Fault {
    fault(name, move |_| vec![Step::Send(answer(status, headers, ""))])
}

/// A status, and what it means for a question and for a change.
fn status(status: &'static str, read: Kind, write: Kind) -> Fault {
    let number = &status[..3];
    says(&format!("status_{number}"), status, &[])
        .reads(read, &format!("{{here}}/v1/overview answered {number} …"))
        .writes(write)
}

/// All of them.
pub fn faults() -> Vec<Fault> {
    [refusals(), failures(), waits(), odd()].into_iter().flatten().collect()
}

fn refusals() -> Vec<Fault> {
    use Kind::{Forbidden, Moved, NotFound, Refused, Timeout, Unauthorized, Unreachable};
    vec![
        status("400 Bad Request", Refused, Refused),
        status("401 Unauthorized", Unauthorized, Unauthorized),
        status("402 Payment Required", Refused, Refused),
        status("403 Forbidden", Forbidden, Forbidden),
        status("404 Not Found", NotFound, NotFound),
        status("405 Method Not Allowed", Refused, Refused),
        status("406 Not Acceptable", Refused, Refused),
        // The proxy did not let it through.
        status("407 Proxy Authentication Required", Unreachable, Unreachable),
        status("408 Request Timeout", Timeout, UNKNOWN),
        status("409 Conflict", Moved(None), Moved(None)),
        status("410 Gone", NotFound, NotFound),
        status("411 Length Required", Refused, Refused),
        status("412 Precondition Failed", Moved(None), Moved(None)),
        status("413 Payload Too Large", Refused, Refused),
        status("414 URI Too Long", Refused, Refused),
        status("415 Unsupported Media Type", Refused, Refused),
        status("418 I'm a teapot", Refused, Refused),
        status("421 Misdirected Request", Refused, Refused),
        status("422 Unprocessable Content", Refused, Refused),
        status("425 Too Early", Refused, Refused),
        status("428 Precondition Required", Refused, Refused),
        status("431 Request Header Fields Too Large", Refused, Refused),
        status("451 Unavailable For Legal Reasons", Refused, Refused),
        status("499 Client Closed Request", Refused, Refused),
    ]
}

fn failures() -> Vec<Fault> {
    let failing = |line| status(line, Kind::Server, UNKNOWN);
    vec![
        failing("500 Internal Server Error"),
        failing("501 Not Implemented"),
        failing("502 Bad Gateway"),
        failing("503 Service Unavailable"),
        failing("504 Gateway Timeout"),
        failing("505 HTTP Version Not Supported"),
        failing("507 Insufficient Storage"),
        failing("520 Web Server Returned an Unknown Error"),
    ]
}

/// In the world of these tests it is 14:18:00, and a host tells its own clock where the date in a wait needs it.
fn waits() -> Vec<Fault> {
    let often = |name: &str, headers: &'static [&'static str], until: &str| {
        let says = says(name, "429 Too Many Requests", headers).rests(until).writes(Kind::RateLimited(None));
        let resting = format!("{{here}} is resting until {until}, asked by the server");
        says.reads(Kind::RateLimited(None), &resting)
    };
    vec![
        often("too_often", &[], "14:19:00"),
        often("too_often_for_seconds", &["retry-after: 190"], "14:21:10"),
        often("too_often_until_a_date", &["retry-after: Fri, 05 Jun 2026 14:18:45 GMT"], "14:18:45"),
        often(
            "too_often_by_a_wrong_clock",
            &["date: Fri, 05 Jun 2026 19:00:00 GMT", "retry-after: Fri, 05 Jun 2026 19:00:30 GMT"],
            "14:18:30",
        ),
        often("too_often_for_ever", &["retry-after: 99999999999999999999"], "15:18:00"),
        often("too_often_until_the_next_century", &["retry-after: Fri, 01 Jan 2100 00:00:00 GMT"], "15:18:00"),
        often("too_often_until_nobody_knows", &["retry-after: soon"], "14:19:00"),
        often("too_often_for_less_than_nothing", &["retry-after: -5"], "14:19:00"),
        often(
            "budget_spent",
            &["x-ratelimit-limit: 60", "x-ratelimit-remaining: 0", "x-ratelimit-reset: 1780669380"],
            "14:23:00",
        ),
        often(
            "budget_spent_by_the_other_name",
            &["ratelimit-limit: 60", "ratelimit-remaining: 0", "ratelimit-reset: 40"],
            "14:18:40",
        ),
        says("too_often_until_the_past", "429 Too Many Requests", &["retry-after: Wed, 01 Jan 2020 00:00:00 GMT"])
            .reads(Kind::RateLimited(None), "{here}/v1/overview answered 429 Too Many Requests")
            .writes(Kind::RateLimited(None)),
        says("forbidden_for_a_while", "403 Forbidden", &["retry-after: 20"])
            .rests("14:18:20")
            .reads(Kind::RateLimited(None), "{here} is resting until 14:18:20, asked by the server")
            .writes(Kind::RateLimited(None)),
        says("paused_for_a_while", "503 Service Unavailable", &["retry-after: 20"])
            .rests("14:18:20")
            .reads(Kind::RateLimited(None), "{here} is resting until 14:18:20, asked by the server")
            .writes(UNKNOWN),
        fault("last_of_the_budget", |asked| {
            let spent = ["ratelimit-limit: 60", "ratelimit-remaining: 0", "ratelimit-reset: 40"];
            vec![Step::Send(answer("200 OK", &spent, &asked.right))]
        })
        .rests("14:18:40"),
    ]
}

fn odd() -> Vec<Fault> {
    let odd = |number: &str, line: &'static str, read: &str| {
        says(&format!("status_{number}"), line, &[]).reads(Kind::Malformed, read).writes(UNKNOWN)
    };
    let unasked = |number: &str, line: &'static str| {
        fault(&format!("status_{number}"), move |asked| vec![Step::Send(answer(line, &[], &asked.right))])
            .reads(Kind::Malformed, &format!("{{answer}} is `{number} …"))
    };
    vec![
        odd("204", "204 No Content", "{answer} is empty"),
        odd("304", "304 Not Modified", "{answer} says \"not modified\" unasked"),
        odd("101", "101 Switching Protocols", "{here}…"),
        odd("600", "600 Beyond", "{here}/v1/overview answered 600 …"),
        odd("999", "999 Request Denied", "{here}/v1/overview answered 999 …"),
        unasked("202", "202 Accepted"),
        unasked("206", "206 Partial Content"),
        unasked("226", "226 IM Used"),
        unasked("299", "299 Fine"),
        fault("date_without_sense", |asked| {
            vec![Step::Send(answer("200 OK", &["date: yesterday", "age: -1", "etag: "], &asked.right))]
        }),
    ]
}
