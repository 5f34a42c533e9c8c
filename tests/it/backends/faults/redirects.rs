//! Where a server may want to send whoever asks.

use leverframe::capabilities::error::Kind;

use super::{Fault, UNKNOWN, fault};
use crate::support::faulty::{Asked, Step, answer};

const STATUSES: [&str; 5] =
    ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"];

fn moved(status: &str, to: &str) -> Vec<Step> {
    vec![Step::Send(answer(status, &[&format!("location: {to}")], ""))]
}

/// Sends whoever asks to what `to` says.
fn sends(name: &str, to: fn(&Asked) -> String, says: &str) -> Fault {
    fault(name, move |asked| moved("307 Temporary Redirect", &to(asked))).reads(Kind::Malformed, says).writes(UNKNOWN)
}

/// All of them.
pub fn faults() -> Vec<Fault> {
    let mut faults = odd();
    for status in STATUSES {
        let number = &status[..3];
        let here = fault(&format!("redirect_{number}_within_the_origin"), move |asked| match asked.path.as_str() {
            "/v2/overview" => vec![Step::Send(asked.well())],
            _ => moved(status, "/v2/overview"),
        });
        let there = fault(&format!("redirect_{number}_to_another_origin"), move |asked| {
            moved(status, &format!("{}{}", asked.elsewhere, asked.path))
        });
        faults.push(here.writes(UNKNOWN));
        faults.push(
            there.reads(Kind::Malformed, "{here} redirects to {elsewhere}, which was not followed").writes(UNKNOWN),
        );
    }
    faults
}

fn odd() -> Vec<Fault> {
    let not = "{here} redirects to {elsewhere}, which was not followed";
    vec![
        sends("redirect_to_itself", |asked| asked.path.clone(), "{here} redirects without end"),
        sends("redirect_on_and_on", |asked| format!("{}/more", asked.path), "{here} redirects without end"),
        sends("redirect_without_a_scheme", |asked| asked.elsewhere.replace("http:", ""), not),
        sends(
            "redirect_to_a_file",
            |_| "file:///etc/passwd".to_owned(),
            "{here} redirects to a `file:` address, which was not followed",
        ),
        sends(
            "redirect_to_data",
            |_| "data:application/json,{}".to_owned(),
            "{here} redirects to a `data:` address, which was not followed",
        ),
        sends(
            "redirect_to_another_scheme",
            |asked| asked.here.replace("http:", "https:"),
            "{here} redirects to https://127.0.0.1:…",
        ),
        sends(
            "redirect_with_a_user",
            |asked| asked.here.replace("//", "//a:b@"),
            "{here} redirects to an address with a user in it, which was not followed",
        ),
        sends(
            "redirect_to_nothing_that_is_an_address",
            |_| "http://[::1".to_owned(),
            "{here} redirects without saying where to",
        ),
        fault("redirect_without_a_place", |_| vec![Step::Send(answer("302 Found", &[], ""))])
            .reads(Kind::Malformed, "{here} redirects without saying where to")
            .writes(UNKNOWN),
        fault("choice_without_a_place", |_| vec![Step::Send(answer("300 Multiple Choices", &[], ""))])
            .reads(Kind::Malformed, "{here} redirects without saying where to")
            .writes(UNKNOWN),
        fault("proxy_that_must_be_used", |asked| moved("305 Use Proxy", &asked.elsewhere))
            .reads(Kind::Malformed, not)
            .writes(UNKNOWN),
    ]
}
