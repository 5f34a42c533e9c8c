//! Answers: collected up to a limit, and read as JSON or as bytes.

use std::time::Duration;

use reqwest::header::{self, HeaderMap};
use reqwest::{Response, StatusCode, Version};
use serde::de::DeserializeOwned;

use super::limits::Limits;
use super::{json, wire};
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::config::written;

/// How much of a page is looked through for a form; bytes.
const FORM: usize = 64 << 10;

/// The most that is read as JSON where it arrives, in well under a millisecond; bytes.
const AT_ONCE: usize = 16 << 10;

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub(super) status: StatusCode,
    /// Its headers.
    pub(super) headers: HeaderMap,
    /// Its body, unpacked.
    pub body: Vec<u8>,
    version: Version,
    from: String,
}

impl Answer {
    /// An answer without its body.
    pub(super) fn head(response: &Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            version: response.version(),
            from: shown(response.url()),
            body: Vec::new(),
        }
    }

    /// Reads an answer to its end; one that is cut off, stops or is too large is refused.
    pub(super) async fn collect(mut response: Response, limits: &Limits) -> Result<Self, CapabilityError> {
        let mut answer = Self::head(&response);
        let large = |answer: &Self| answer.malformed(&format!("is larger than {} MB", limits.most >> 20));
        if response.content_length().is_some_and(|length| length > limits.most as u64) {
            return Err(large(&answer));
        }
        while let Some(chunk) = within(limits.idle, response.chunk(), &answer).await? {
            if answer.body.len() + chunk.len() > limits.most {
                return Err(large(&answer));
            }
            answer.body.extend_from_slice(&chunk);
        }
        Ok(answer)
    }

    /// The header called `name`, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as what the API says it is, and the answer itself. A large one is read on another thread, so that a key
    /// pressed meanwhile does not wait for it.
    pub(super) async fn decoded<T>(self) -> (Self, Result<T, CapabilityError>)
    where
        T: DeserializeOwned + Send + 'static,
    {
        let read = |answer: Self| {
            let read = answer.json();
            (answer, read)
        };
        if self.body.len() <= AT_ONCE {
            return read(self);
        }
        let reading = tokio::task::spawn_blocking(move || read(self)).await;
        // Nobody cancels it: what ends it early is a fault of this program, told where tasks are waited for.
        reading.unwrap_or_else(|fault| std::panic::resume_unwind(fault.into_panic()))
    }

    /// The body as what the API says it is.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CapabilityError> {
        if self.is_html() {
            return Err(self.page());
        }
        if let Some(kind) = self.header(header::CONTENT_TYPE.as_str()).filter(|kind| !kind.contains("json")) {
            return Err(self.malformed(&format!("is no JSON: it says `{kind}`")));
        }
        json::read(&self.body).map_err(|how| self.malformed(&how))
    }

    fn is_html(&self) -> bool {
        let typed = self.header(header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.contains("html"));
        typed || self.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
    }

    /// A page for people came, perhaps one that asks them to sign in.
    fn page(&self) -> CapabilityError {
        let beginning = &self.body[..self.body.len().min(FORM)];
        let form = String::from_utf8_lossy(beginning).to_lowercase().replace(['"', '\''], "");
        if form.contains("type=password") {
            return self
                .malformed("is a page to sign in")
                .hint("the token may be worth nothing any more, or a proxy asks who you are: check token and url");
        }
        self.malformed("is a web page").hint("a login page or a proxy may stand before the source: check its url")
    }

    /// Whether only the end of the connection ends the body, so that a cut cannot be seen.
    pub(super) fn is_open_ended(&self) -> bool {
        let ends = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING];
        self.version < Version::HTTP_2 && !ends.iter().any(|name| self.headers.contains_key(name))
    }

    /// This answer is not what the API says.
    pub fn malformed(&self, how: &str) -> CapabilityError {
        CapabilityError::new(Kind::Malformed, format!("the answer of {} {how}", self.from))
            .hint("what answers may be of another version, or not the source at all: check its url and kind")
    }

    /// Where it came from, for people.
    pub(super) fn from(&self) -> &str {
        &self.from
    }
}

/// The next piece of the body of `answer`, unless it does not come in time.
pub(super) async fn within<T>(
    idle: Duration,
    piece: impl Future<Output = reqwest::Result<T>>,
    answer: &Answer,
) -> Result<T, CapabilityError> {
    let from = &answer.from;
    match tokio::time::timeout(idle, piece).await {
        Ok(Ok(piece)) => Ok(piece),
        // What the connection is not to blame for came whole.
        Ok(Err(error)) if error.is_decode() && wire::cause::<hyper::Error>(&error).is_none() => {
            Err(answer.malformed(&format!("cannot be unpacked: {}", wire::innermost(&error))))
        }
        Ok(Err(error)) => {
            Err(answer.malformed(&format!("was cut off: {}", wire::innermost(&error))).hint(wire::PASSES))
        }
        Err(_) => {
            let message = format!("the answer of {from} stopped for {}", written(idle));
            Err(CapabilityError::new(Kind::Timeout, message).hint(wire::PASSES))
        }
    }
}

/// An address for people: without its query.
fn shown(url: &reqwest::Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}
