//! What goes wrong below HTTP, in words for people: connections, encryption, and answers that are none.

use std::error::Error;
use std::io;

use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;

/// No connection to `origin` was made.
pub(super) fn unreachable(origin: &str, error: &reqwest::Error) -> CapabilityError {
    let failed = |message: String| CapabilityError::new(Kind::Unreachable, message);
    match cause::<rustls::Error>(error) {
        Some(rustls::Error::InvalidMessage(_)) => failed(format!("{origin} does not speak TLS"))
            .hint("check the source's url: its port, and http:// if it is meant to have no encryption"),
        Some(rustls::Error::InvalidCertificate(why)) => {
            failed(format!("the certificate of {origin} is not valid: {why}"))
                .hint("name the authority that signed it: ca_file = \"…\"; it is never passed over")
        }
        Some(why) => failed(format!("no secure connection to {origin}: {why}"))
            .hint("check the source's url, and what stands before it"),
        None => failed(format!("{origin} cannot be reached: {}", innermost(error)))
            .hint("is it running? check its url in the configuration, its proxy, the network"),
    }
}

/// A request was sent to `origin`, and no answer can be made of what came.
pub(super) fn broken(origin: &str, error: &reqwest::Error) -> CapabilityError {
    let url = "check the source's url: its port, and https:// if it is encrypted";
    match cause::<hyper::Error>(error) {
        Some(why) if why.is_parse_too_large() => {
            CapabilityError::new(Kind::Malformed, format!("the head of {origin}'s answer is too large")).hint(url)
        }
        Some(why) if why.is_parse() => {
            CapabilityError::new(Kind::Malformed, format!("{origin} does not speak HTTP: {}", innermost(error)))
                .hint(url)
        }
        Some(why) if why.is_incomplete_message() => {
            let message = format!("{origin} closed the connection before it answered");
            CapabilityError::new(Kind::Unreachable, message).hint(PASSES)
        }
        _ => {
            let message = format!("{origin} broke off: {}", innermost(error));
            CapabilityError::new(Kind::Unreachable, message).hint(PASSES)
        }
    }
}

/// What to do about what may be over the next time.
pub(super) const PASSES: &str = "it is asked again by itself; if this stays, look at the source's own log";

/// The cause of this type, however deep it lies.
pub(super) fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // An I/O error passes over what it holds when it is asked for its source.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(held) => Some(held),
            None => error.source(),
        };
    }
    None
}

/// The cause that lies deepest: what the operating system or the protocol said.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
