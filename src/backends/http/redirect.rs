//! Redirects: where a read goes on.

use reqwest::header::{self, HeaderMap};
use reqwest::{StatusCode, Url};

use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;

/// How many redirects a read follows: old addresses, a slash that was missing, a name that was changed.
pub(super) const MOST: usize = 3;

/// Whether an answer sends whoever asked elsewhere.
pub(super) fn is_one(status: StatusCode) -> bool {
    status.is_redirection() && status != StatusCode::NOT_MODIFIED
}

/// Where the answer of `from` leads.
pub(super) fn target(from: &Url, headers: &HeaderMap) -> Result<Url, CapabilityError> {
    let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let shown = from.origin().ascii_serialization();
    let Some(next) = location.and_then(|location| from.join(location).ok()) else {
        return Err(malformed(format!("{shown} redirects without saying where to")));
    };
    if !next.username().is_empty() || next.password().is_some() {
        return Err(malformed(format!("{shown} redirects to an address with a user in it, which was not followed")));
    }
    Ok(next)
}

/// The answer of `from` leads to another origin, and nobody asked for that.
pub(super) fn elsewhere(from: &Url, next: &Url) -> CapabilityError {
    let shown = from.origin().ascii_serialization();
    if !next.has_host() {
        let message = format!("{shown} redirects to a `{}:` address, which was not followed", next.scheme());
        return malformed(message);
    }
    let elsewhere = next.origin().ascii_serialization();
    let error =
        CapabilityError::new(Kind::Malformed, format!("{shown} redirects to {elsewhere}, which was not followed"));
    if from.scheme() == "https" && next.scheme() != "https" {
        return error.hint("that way is not encrypted: ask whoever runs the source");
    }
    error.hint(format!("if that is right, set the source's url to {elsewhere}"))
}

/// A read was sent on and on.
pub(super) fn endless(from: &Url) -> CapabilityError {
    malformed(format!("{} redirects without end", from.origin().ascii_serialization()))
}

fn malformed(message: String) -> CapabilityError {
    CapabilityError::new(Kind::Malformed, message).hint("check the source's url in the configuration")
}
