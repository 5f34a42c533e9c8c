//! The one HTTP client. A credential goes to its own origin (scheme, host, port) and nowhere else; writes are refused
//! under read-only, sent once, and never follow a redirect; time and size of every answer are limited.

mod answer;
mod client;
mod heard;
mod status;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Request, Response, StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex as AsyncMutex, OnceCell};

pub use answer::Answer;
pub use status::Said;

use super::Ports;
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::capabilities::host::Heard;
use crate::clock::Clock;
use crate::config::{Source, written};
use crate::secrets;

/// How long reading an answer may take, the whole of it.
const READ: Duration = Duration::from_secs(15);
/// How long a change may take until it is answered.
const WRITE: Duration = Duration::from_secs(30);
/// How many redirects a read follows within its origin.
const REDIRECTS: usize = 3;

/// A connection to one source.
pub struct Http {
    source: Source,
    read_only: bool,
    clock: Arc<dyn Clock>,
    said: fn(&[u8]) -> Option<Said>,
    client: OnceCell<Client>,
    token: AsyncMutex<Option<SecretString>>,
    tags: Mutex<BTreeMap<String, HeaderValue>>,
    heard: Mutex<Option<Heard>>,
}

/// One change, as a plan shows it.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The method.
    pub method: &'a str,
    /// The path below the source's address, with its query.
    pub path: &'a str,
    /// Headers beside the credential and the type of the body.
    pub headers: &'a [(String, String)],
    /// The body, if there is one.
    pub body: Option<&'a serde_json::Value>,
}

impl Http {
    /// A connection that is not made before it is needed. `said` reads the source's own words out of the body of a
    /// refusal.
    pub fn new(source: &Source, ports: &Ports, said: fn(&[u8]) -> Option<Said>) -> Self {
        Self {
            source: source.clone(),
            read_only: ports.read_only,
            clock: Arc::clone(&ports.clock),
            said,
            client: OnceCell::new(),
            token: AsyncMutex::default(),
            tags: Mutex::default(),
            heard: Mutex::default(),
        }
    }

    /// Reads what is at `path`.
    pub async fn read<T: DeserializeOwned + Send + 'static>(&self, path: &str) -> Result<T, CapabilityError> {
        let answer = self.get(path, HeaderMap::new()).await?;
        answer.decoded().await.1
    }

    /// Reads what is at `path` unless it is what was read the last time; then `None`.
    pub async fn read_if_changed<T: DeserializeOwned + Send + 'static>(
        &self,
        path: &str,
    ) -> Result<Option<T>, CapabilityError> {
        let mut headers = HeaderMap::new();
        let tag = self.tags.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(tag) = &tag {
            headers.insert(header::IF_NONE_MATCH, tag.clone());
        }
        let answer = self.get(path, headers).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return if tag.is_some() { Ok(None) } else { Err(answer.malformed("says \"not modified\" unasked")) };
        }
        let (answer, read) = answer.decoded().await;
        let read = read?;
        // Only what was understood counts as read: a broken answer is asked for again, whole.
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        match answer.headers.get(header::ETAG) {
            Some(tag) => tags.insert(path.to_owned(), tag.clone()),
            None => tags.remove(path),
        };
        drop(tags);
        Ok(Some(read))
    }

    /// Reads the bytes at `path` as they are: unpacked, and whole or not at all.
    pub async fn read_bytes(&self, path: &str) -> Result<Answer, CapabilityError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let answer = self.get(path, headers).await?;
        if answer.is_open_ended() {
            return Err(answer.malformed("does not say where it ends"));
        }
        Ok(answer)
    }

    /// Sends a change, once. An error of the kind `UnknownOutcome` means that it may have been carried out.
    pub async fn write(&self, change: &Change<'_>) -> Result<Answer, CapabilityError> {
        if self.read_only {
            let refused = CapabilityError::new(Kind::ReadOnly, "read-only is on: nothing was sent");
            return Err(refused.hint("start without --read-only, in a context without read_only = true"));
        }
        let request = self.change(change).await?;
        let client = self.client().await?;
        let limit = self.source.timeout.unwrap_or(WRITE);
        let sent = async {
            let response = client.execute(request).await.map_err(|error| self.failed_write(&error))?;
            self.hear(&response);
            Answer::collect(response).await.map_err(|error| self.unread(&error))
        };
        let sent = tokio::time::timeout(limit, sent).await;
        let answer = sent.map_err(|_| self.unknown(&format!("nothing in {}", written(limit))))??;
        if answer.status.is_success() {
            return Ok(answer);
        }
        Err(self.refused(&answer, true).await)
    }

    /// What the last answer told of the host; `None` before the first.
    pub fn heard(&self) -> Option<Heard> {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, response: &Response) {
        tracing::debug!(source = %self.source.name, status = %response.status(), path = response.url().path(), "answered");
        let heard = heard::heard(response.headers(), self.clock.now());
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(heard);
    }

    /// A change was answered, but not as the API says: whoever answered may not have carried it out.
    pub fn unread(&self, error: &CapabilityError) -> CapabilityError {
        self.unknown(error.message.as_str())
    }

    async fn get(&self, path: &str, headers: HeaderMap) -> Result<Answer, CapabilityError> {
        let limit = self.source.timeout.unwrap_or(READ);
        let asked = tokio::time::timeout(limit, self.follow(path, headers)).await;
        let answer = asked.map_err(|_| {
            let message = format!("{} did not answer in {}", self.shown(), written(limit));
            CapabilityError::new(Kind::Timeout, message)
        })??;
        if answer.status.is_success() || answer.status == StatusCode::NOT_MODIFIED {
            return Ok(answer);
        }
        Err(self.refused(&answer, false).await)
    }

    /// Asks, and goes along with redirects as long as they stay within the origin.
    async fn follow(&self, path: &str, headers: HeaderMap) -> Result<Answer, CapabilityError> {
        let client = self.client().await?;
        let mut url = self.address(path)?;
        for _ in 0..=REDIRECTS {
            let mut request = Request::new(Method::GET, url.clone());
            *request.headers_mut() = headers.clone();
            self.sign(&mut request).await?;
            let response = client.execute(request).await.map_err(|error| self.failed_read(&error))?;
            self.hear(&response);
            match self.redirect(&response)? {
                Some(next) => url = next,
                None => return Answer::collect(response).await,
            }
        }
        Err(CapabilityError::new(Kind::Malformed, format!("{} redirects without end", self.shown())))
    }

    /// Where a read goes on; an error if that is another origin.
    fn redirect(&self, response: &Response) -> Result<Option<Url>, CapabilityError> {
        if !response.status().is_redirection() || response.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        let next = location.and_then(|location| response.url().join(location).ok());
        let Some(next) = next else {
            let message = format!("{} redirects without saying where to", self.shown());
            return Err(CapabilityError::new(Kind::Malformed, message));
        };
        if next.origin() == self.source.url.origin() {
            return Ok(Some(next));
        }
        let elsewhere = next.origin().ascii_serialization();
        let message = format!("{} redirects to {elsewhere}, which was not followed", self.shown());
        let hint = format!("if that is right, set the source's url to {elsewhere}");
        Err(CapabilityError::new(Kind::Malformed, message).hint(hint))
    }

    async fn change(&self, change: &Change<'_>) -> Result<Request, CapabilityError> {
        let invalid = |what: &str| CapabilityError::new(Kind::Refused, format!("{what}: nothing was sent"));
        let method = Method::from_bytes(change.method.as_bytes()).map_err(|_| invalid("the call has no method"))?;
        let mut request = Request::new(method, self.address(change.path)?);
        for (name, value) in change.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid("a header has no name"))?;
            let value = HeaderValue::from_str(value).map_err(|_| invalid("a header cannot be sent"))?;
            request.headers_mut().insert(name, value);
        }
        if let Some(body) = change.body {
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.to_string().into());
        }
        self.sign(&mut request).await?;
        Ok(request)
    }

    /// The address of `path`. A name in it that would lead elsewhere (`..`) is refused.
    fn address(&self, path: &str) -> Result<Url, CapabilityError> {
        let mut url = self.source.url.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let whole = format!("{}{path}", url.path().trim_end_matches('/'));
        url.set_path(&whole);
        url.set_query(query);
        if url.path() == whole {
            return Ok(url);
        }
        let message = format!("{path} cannot be asked for at {}", self.shown());
        Err(CapabilityError::new(Kind::Refused, message))
    }

    /// Adds the credential; the request leads to the source's own origin.
    async fn sign(&self, request: &mut Request) -> Result<(), CapabilityError> {
        let Some(from) = &self.source.token else { return Ok(()) };
        let mut token = self.token.lock().await;
        if token.is_none() {
            let resolved = secrets::resolve(from).await;
            let said = |fault: secrets::Fault| {
                CapabilityError::new(Kind::Unauthorized, fault.message.as_str()).hint(fault.hint.as_str())
            };
            *token = Some(resolved.map_err(said)?);
        }
        if let Some(token) = token.as_ref() {
            let value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
            let mut value = value.map_err(|_| CapabilityError::new(Kind::Unauthorized, "the token cannot be sent"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        Ok(())
    }

    async fn client(&self) -> Result<&Client, CapabilityError> {
        self.client.get_or_try_init(|| client::build(&self.source)).await
    }

    /// What an answer that is no success means; `wrote` tells whether a change was asked for.
    async fn refused(&self, answer: &Answer, wrote: bool) -> CapabilityError {
        if answer.status == StatusCode::UNAUTHORIZED {
            // It may have been replaced: the next request reads it anew.
            *self.token.lock().await = None;
        }
        status::refused(answer, (self.said)(&answer.body), wrote, self.clock.now())
    }

    fn failed_read(&self, error: &reqwest::Error) -> CapabilityError {
        if error.is_connect() {
            return self.unreachable(error);
        }
        let message = format!("{} broke off: {}", self.shown(), answer::innermost(error));
        CapabilityError::new(Kind::Unreachable, message)
    }

    fn failed_write(&self, error: &reqwest::Error) -> CapabilityError {
        if error.is_connect() || error.is_builder() {
            return self.unreachable(error);
        }
        self.unknown(&answer::innermost(error))
    }

    fn unreachable(&self, error: &reqwest::Error) -> CapabilityError {
        let message = format!("{} cannot be reached: {}", self.shown(), answer::innermost(error));
        CapabilityError::new(Kind::Unreachable, message)
    }

    fn unknown(&self, why: &str) -> CapabilityError {
        let message = format!("sent to {}, and no clear answer came: {why}", self.shown());
        CapabilityError::new(Kind::UnknownOutcome, message)
            .hint("it may have been carried out: look before you repeat it")
    }

    /// The source's address for people.
    fn shown(&self) -> String {
        self.source.url.origin().ascii_serialization()
    }
}
