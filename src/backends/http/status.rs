//! What a status that is no success means for the one who asked.

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
    /// Whether a rule of the source refuses, whatever the status says.
    pub refused: bool,
}

/// The error for `answer`. Where the source itself does not speak, a change that met a failing server may have been
/// carried out. A refusal for asking too often is the caller's, who knows until when the host rests.
pub(super) fn refused(answer: &Answer, said: Option<Said>, wrote: bool) -> CapabilityError {
    let (status, spoke) = (answer.status, said.is_some());
    let said = said.unwrap_or_else(|| {
        let hint = if wrote && status.is_redirection() { REDIRECTED } else { own_hint(status) };
        let message = Text::new(format!("{} answered {status}", answer.from()));
        Said { message, hint: Some(Text::new(hint)), current: None, refused: false }
    });
    let kind = match status {
        StatusCode::UNAUTHORIZED => Kind::Unauthorized,
        StatusCode::FORBIDDEN => Kind::Forbidden,
        StatusCode::NOT_FOUND | StatusCode::GONE => Kind::NotFound,
        StatusCode::CONFLICT if said.refused => Kind::Refused,
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => Kind::Moved(said.current.map(Box::new)),
        StatusCode::TOO_MANY_REQUESTS => Kind::RateLimited(None),
        // The proxy did not let it through.
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => Kind::Unreachable,
        StatusCode::REQUEST_TIMEOUT if wrote => Kind::UnknownOutcome,
        StatusCode::REQUEST_TIMEOUT => Kind::Timeout,
        status if status.is_server_error() && wrote && !spoke => Kind::UnknownOutcome,
        status if status.is_server_error() => Kind::Server,
        status if status.is_client_error() => Kind::Refused,
        // A redirect, or a status that is none: whoever answered is not the source.
        _ if wrote => Kind::UnknownOutcome,
        _ => Kind::Malformed,
    };
    CapabilityError { kind, message: said.message, hint: said.hint }
}

const REDIRECTED: &str = "changes do not follow redirects: check the source's url";

const fn own_hint(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "check the source's token in the configuration",
        StatusCode::FORBIDDEN => "the token lacks a permission",
        StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::METHOD_NOT_ALLOWED => {
            "check the source's url in the configuration"
        }
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => "the proxy asks who you are: check the source's proxy",
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => "it has moved: look again",
        StatusCode::TOO_MANY_REQUESTS => "other programs may ask with the same token: give this one its own",
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            "what stands before the source does not reach it: is it running?"
        }
        _ => match status.as_u16() {
            400..500 => "the source's version may be another than this program knows: compare them",
            500..600 => "the source itself failed: its own log says more",
            _ => "whoever answers may not be the source: check its url",
        },
    }
}
