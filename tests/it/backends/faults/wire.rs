//! What a network and a broken server do below HTTP, and to its framing.

use std::time::Duration;

use leverframe::backends::http::Limits;
use leverframe::capabilities::error::Kind;

use super::{Fault, UNKNOWN, fault};
use crate::support::faulty::{Asked, Mode, Step, head};

/// Short enough to be waited for, long enough for a busy machine.
const SHORT: Duration = Duration::from_millis(200);
/// Between two pieces of what drips.
const PACE: Duration = Duration::from_millis(5);

fn hasty_head(limits: Limits) -> Limits {
    Limits { head: SHORT, change: SHORT, ..limits }
}

fn hasty_body(limits: Limits) -> Limits {
    Limits { idle: SHORT, ..limits }
}

fn hasty_whole(limits: Limits) -> Limits {
    Limits { whole: Duration::from_millis(500), idle: Duration::from_millis(500), ..limits }
}

/// Sends this text, and ends the connection.
fn sends(name: &str, text: &'static str) -> Fault {
    fault(name, move |_| vec![Step::Send(text.replace('\n', "\r\n").into_bytes())]).writes(UNKNOWN)
}

/// The head of the right answer with these headers, and its body changed so.
fn framed(asked: &Asked, headers: &[&str], body: impl Fn(&str) -> String) -> Vec<u8> {
    let mut bytes = head("200 OK", headers);
    bytes.extend(body(&asked.right).bytes());
    bytes
}

fn half(text: &str) -> String {
    text[..text.len() / 2].to_owned()
}

const GONE: &str = "{here} closed the connection before it answered";
const LATE: &str = "{here} did not answer in 200ms";
const CUT: &str = "{answer} was cut off: …";
const NO_HTTP: &str = "{here} does not speak HTTP: …";

/// All of them.
pub fn faults() -> Vec<Fault> {
    [connections(), heads(), slow(), bodies()].into_iter().flatten().collect()
}

fn connections() -> Vec<Fault> {
    vec![
        Fault::of("refused", Mode::Refuses)
            .reads(Kind::Unreachable, "{here} cannot be reached: Connection refused (os error 111)")
            .writes(Kind::Unreachable),
        // When a reset arrives is the network's affair: before, while or after something is sent.
        Fault::of("reset_at_accept", Mode::Resets)
            .reads(Kind::Unreachable, "{here} …")
            .writes(UNKNOWN)
            .writes(Kind::Unreachable),
        fault("closed_without_an_answer", |_| vec![]).reads(Kind::Unreachable, GONE).writes(UNKNOWN),
        fault("reset_without_an_answer", |_| vec![Step::Reset])
            .reads(Kind::Unreachable, "{here} broke off: Connection reset by peer (os error 104)")
            .reads(Kind::Unreachable, GONE)
            .writes(UNKNOWN),
        fault("keep_alive_closed_under_a_request", |asked| {
            let kept = format!("content-length: {}", asked.right.len());
            match asked.nth {
                1 => vec![Step::Send(framed(asked, &[&kept], str::to_owned)), Step::Stay],
                _ => vec![],
            }
        }),
        fault("half_closed_without_an_answer", |_| vec![Step::Halve]).reads(Kind::Unreachable, GONE).writes(UNKNOWN),
    ]
}

fn heads() -> Vec<Fault> {
    let large = "the head of {here}'s answer is too large";
    vec![
        fault("reset_mid_head", |_| vec![Step::Send(b"HTTP/1.1 200 OK\r\ncontent-".into()), Step::Reset])
            .reads(Kind::Unreachable, "{here} …")
            .writes(UNKNOWN),
        sends("closed_mid_head", "HTTP/1.1 200 OK\ncontent-").reads(Kind::Unreachable, GONE),
        sends("garbage", "\u{1}\u{2}\u{3} what?\n\n").reads(Kind::Malformed, NO_HTTP),
        sends("another_protocol", "SSH-2.0-OpenSSH_9.6\n\n").reads(Kind::Malformed, NO_HTTP),
        sends("a_page_without_a_head", "<html>hello</html>\n\n").reads(Kind::Malformed, NO_HTTP),
        fault("tls_alert_on_a_plain_port", |_| vec![Step::Send(vec![0x15, 3, 3, 0, 2, 2, 70])])
            .reads(Kind::Malformed, NO_HTTP)
            .reads(Kind::Unreachable, GONE)
            .writes(UNKNOWN),
        sends("a_version_that_is_none", "HTTP/7.0 200 OK\n\n").reads(Kind::Malformed, NO_HTTP),
        sends("a_status_that_is_no_number", "HTTP/1.1 fine OK\n\n").reads(Kind::Malformed, NO_HTTP),
        sends("two_lengths", "HTTP/1.1 200 OK\ncontent-length: 2\ncontent-length: 3\n\n{}")
            .reads(Kind::Malformed, NO_HTTP),
        sends("a_length_that_is_no_number", "HTTP/1.1 200 OK\ncontent-length: two\n\n{}")
            .reads(Kind::Malformed, NO_HTTP),
        fault("endless_head", |_| {
            vec![Step::Send(b"HTTP/1.1 200 OK\r\n".into()), Step::Forever(b"x-more: and more\r\n".repeat(64), PACE)]
        })
        .reads(Kind::Malformed, large)
        .writes(UNKNOWN),
        fault("huge_header", |_| vec![Step::Send(head("200 OK", &[&format!("x-huge: {}", "x".repeat(2 << 20))]))])
            .reads(Kind::Malformed, large)
            .writes(UNKNOWN),
        fault("head_byte_by_byte", |asked| {
            let well = asked.well();
            let (head, body) = well.split_at(100);
            vec![Step::Drip(head.into()), Step::Send(body.into())]
        }),
    ]
}

fn slow() -> Vec<Fault> {
    let begun = |asked: &Asked| framed(asked, &[&format!("content-length: {}", asked.right.len())], half);
    let stopped = "{answer} stopped for 200ms";
    vec![
        fault("silence", |_| vec![Step::Stall]).under(hasty_head).reads(Kind::Timeout, LATE).writes(UNKNOWN),
        fault("stalled_mid_head", |_| vec![Step::Send(b"HTTP/1.1 200 OK\r\n".into()), Step::Stall])
            .under(hasty_head)
            .reads(Kind::Timeout, LATE)
            .writes(UNKNOWN),
        fault("head_that_drips_for_ever", |_| {
            vec![Step::Send(b"HTTP/1.1 200 OK\r\nx-slow: ".into()), Step::Forever(b"x".into(), PACE)]
        })
        .under(hasty_head)
        .reads(Kind::Timeout, LATE)
        .writes(UNKNOWN),
        fault("continue_for_ever", |_| vec![Step::Forever(b"HTTP/1.1 100 Continue\r\n\r\n".into(), PACE)])
            .under(hasty_head)
            .reads(Kind::Timeout, LATE)
            .writes(UNKNOWN),
        fault("stalled_mid_body", move |asked| vec![Step::Send(begun(asked)), Step::Stall])
            .under(hasty_body)
            .reads(Kind::Timeout, stopped)
            .writes(UNKNOWN),
        fault("stalled_before_the_body", |_| vec![Step::Send(head("200 OK", &["content-length: 9"])), Step::Stall])
            .under(hasty_body)
            .reads(Kind::Timeout, stopped)
            .writes(UNKNOWN),
        fault("body_that_drips_for_ever", |_| {
            let chunked = head("200 OK", &["transfer-encoding: chunked"]);
            vec![Step::Send(chunked), Step::Forever(b"1\r\n \r\n".into(), PACE)]
        })
        .under(hasty_whole)
        .reads(Kind::Timeout, "{here} did not end its answer in 500ms")
        .writes(UNKNOWN),
    ]
}

fn bodies() -> Vec<Fault> {
    let length = |asked: &Asked, more: usize| format!("content-length: {}", asked.right.len() + more);
    let chunked = "transfer-encoding: chunked";
    let json = "{answer} cannot be read: EOF while parsing …";
    vec![
        fault("reset_mid_body", move |asked| vec![Step::Send(framed(asked, &[&length(asked, 0)], half)), Step::Reset])
            .reads(Kind::Malformed, CUT)
            .reads(Kind::Unreachable, "{here} …")
            .writes(UNKNOWN),
        fault("half_closed_mid_body", move |asked| {
            vec![Step::Send(framed(asked, &[&length(asked, 0)], half)), Step::Halve]
        })
        .reads(Kind::Malformed, CUT)
        .writes(UNKNOWN),
        fault("length_too_long", move |asked| vec![Step::Send(framed(asked, &[&length(asked, 9)], str::to_owned))])
            .reads(Kind::Malformed, CUT)
            .writes(UNKNOWN),
        fault("length_too_short", |asked| vec![Step::Send(framed(asked, &["content-length: 9"], str::to_owned))])
            .reads(Kind::Malformed, json)
            .writes(UNKNOWN),
        fault("end_unsaid_and_cut", |asked| vec![Step::Send(framed(asked, &[], half))])
            .reads(Kind::Malformed, json)
            .writes(UNKNOWN),
        fault("chunks_cut", move |asked| {
            vec![Step::Send(framed(asked, &[chunked], |body| format!("{:x}\r\n{body}\r\n", body.len())))]
        })
        .reads(Kind::Malformed, CUT)
        .writes(UNKNOWN),
        fault("chunk_without_a_size", move |asked| {
            vec![Step::Send(framed(asked, &[chunked], |body| format!("zz\r\n{body}\r\n0\r\n\r\n")))]
        })
        .reads(Kind::Malformed, CUT)
        .writes(UNKNOWN),
        fault("chunk_of_an_absurd_size", move |asked| {
            vec![Step::Send(framed(asked, &[chunked], |body| format!("ffffffffffffffffff\r\n{body}\r\n0\r\n\r\n")))]
        })
        .reads(Kind::Malformed, CUT)
        .writes(UNKNOWN),
        fault("body_byte_by_byte", move |asked| {
            let whole = framed(asked, &[&length(asked, 0)], str::to_owned);
            let (most, last) = whole.split_at(whole.len().saturating_sub(500));
            vec![Step::Send(most.into()), Step::Drip(last.into())]
        }),
        fault("more_after_the_end", move |asked| {
            vec![Step::Send(framed(asked, &[&length(asked, 0)], |body| format!("{body}HTTP/1.1 500 No\r\n\r\n")))]
        }),
        fault("end_unsaid", |asked| vec![Step::Send(framed(asked, &[], str::to_owned))]),
        fault("early_hints", |asked| {
            let hints = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".to_vec();
            vec![Step::Send(hints), Step::Send(asked.well())]
        }),
    ]
}
