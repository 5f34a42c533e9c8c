//! What a status that is no success means for the one who asked.

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;

use super::Answer;
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::domain::text::Text;

/// A source's own words in a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Why.
    pub message: Text,
    /// What to do.
    pub hint: Option<Text>,
    /// How the target stands now, where it moved.
    pub current: Option<serde_json::Value>,
}

/// The error for `answer`. Where the source itself does not speak, a change that met a failing server may have been
/// carried out.
pub(super) fn refused(answer: &Answer, said: Option<Said>, wrote: bool, now: Timestamp) -> CapabilityError {
    let (status, spoke) = (answer.status, said.is_some());
    let (message, hint, current) = match said {
        Some(said) => (said.message, said.hint, said.current),
        None => (Text::new(format!("{} answered {status}", answer.from())), own_hint(status), None),
    };
    let kind = match status {
        StatusCode::UNAUTHORIZED => Kind::Unauthorized,
        StatusCode::FORBIDDEN => Kind::Forbidden,
        StatusCode::NOT_FOUND | StatusCode::GONE => Kind::NotFound,
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => Kind::Moved(current.map(Box::new)),
        StatusCode::TOO_MANY_REQUESTS => Kind::RateLimited(retry_after(answer, now)),
        StatusCode::REQUEST_TIMEOUT if wrote => Kind::UnknownOutcome,
        status if status.is_server_error() && wrote && !spoke => Kind::UnknownOutcome,
        status if status.is_server_error() => Kind::Server,
        status if status.is_client_error() => Kind::Refused,
        // A redirect, or a status that is none: whoever answered is not the source.
        _ if wrote => Kind::UnknownOutcome,
        _ => Kind::Malformed,
    };
    CapabilityError { kind, message, hint }
}

fn own_hint(status: StatusCode) -> Option<Text> {
    Some(Text::new(match status {
        StatusCode::UNAUTHORIZED => "check the source's token in the configuration",
        StatusCode::FORBIDDEN => "the token lacks a permission",
        StatusCode::NOT_FOUND => "check the source's url in the configuration",
        status if status.is_redirection() => "changes do not follow redirects: check the source's url",
        _ => return None,
    }))
}

/// When it may be asked again: after so many seconds, or at a date.
fn retry_after(answer: &Answer, now: Timestamp) -> Option<Timestamp> {
    let text = answer.header("retry-after")?.trim();
    match text.parse::<u32>() {
        Ok(seconds) => now.checked_add(SignedDuration::from_secs(i64::from(seconds))).ok(),
        Err(_) => jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp()),
    }
}
