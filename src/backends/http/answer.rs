//! Answers: collected up to a limit, and read as JSON or as bytes.

use reqwest::header::{self, HeaderMap};
use reqwest::{Response, StatusCode, Version};
use serde::de::DeserializeOwned;

use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;

/// The most that an answer may hold when it is unpacked; bytes.
const MOST: usize = 32 << 20;

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
    /// Reads an answer to its end; one that is cut off or too large is refused.
    pub(super) async fn collect(mut response: Response) -> Result<Self, CapabilityError> {
        let mut answer = Self {
            status: response.status(),
            headers: response.headers().clone(),
            version: response.version(),
            from: shown(response.url()),
            body: Vec::new(),
        };
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(answer),
                Ok(Some(chunk)) if answer.body.len() + chunk.len() > MOST => {
                    return Err(answer.malformed(&format!("is larger than {} MB", MOST >> 20)));
                }
                Ok(Some(chunk)) => answer.body.extend_from_slice(&chunk),
                Err(error) => return Err(answer.malformed(&format!("was cut off: {}", innermost(&error)))),
            }
        }
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
        if self.looks_like_html() {
            let hint = "a login page or a proxy may stand before the source: check its url";
            return Err(self.malformed("is a web page").hint(hint));
        }
        serde_json::from_slice(&self.body).map_err(|error| self.malformed(&format!("cannot be read: {error}")))
    }

    pub(super) fn looks_like_html(&self) -> bool {
        let typed = self.header(header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.contains("html"));
        typed || self.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
    }

    /// Whether only the end of the connection ends the body, so that a cut cannot be seen.
    pub(super) fn is_open_ended(&self) -> bool {
        let ends = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING];
        self.version < Version::HTTP_2 && !ends.iter().any(|name| self.headers.contains_key(name))
    }

    /// This answer is not what the API says.
    pub fn malformed(&self, how: &str) -> CapabilityError {
        CapabilityError::new(Kind::Malformed, format!("the answer of {} {how}", self.from))
    }

    /// Where it came from, for people.
    pub(super) fn from(&self) -> &str {
        &self.from
    }
}

/// An address for people: without its query.
fn shown(url: &reqwest::Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

/// The cause that lies deepest: what the operating system or the protocol said.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
