//! The one HTTP client. A credential goes to its own origin (scheme, host, port) and nowhere else; changes are refused
//! under read-only, sent once, and never follow a redirect; time and size of every answer are limited; a host that asks
//! to be left alone is left alone.

mod access;
mod answer;
mod client;
mod credential;
mod heard;
mod hosts;
pub mod json;
mod limits;
mod redirect;
mod rest;
mod status;
mod stream;
mod tags;
mod transport;
mod wire;

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode, Url};
use serde::de::DeserializeOwned;

pub use answer::Answer;
pub use hosts::Hosts;
pub use limits::{Backoff, Limits};
pub use status::Said;
pub use stream::Pieces;

use super::Ports;
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::capabilities::host::Heard;
use crate::config::{Source, written};
use tags::Tags;
use transport::{Failed, Transport};

/// A connection to one source.
pub struct Http {
    transport: Transport,
    said: fn(&[u8]) -> Option<Said>,
    tags: Tags,
}

/// How far redirects may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Within the source's own origin.
    Origin,
    /// To anywhere that is encrypted.
    Anywhere,
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
        Self { transport: Transport::new(source, ports), said, tags: Tags::default() }
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
        let who = self.transport.credential.identity().await?;
        let mut headers = HeaderMap::new();
        if let Some(tag) = self.tags.of(path, who) {
            headers.insert(header::IF_NONE_MATCH, tag);
        }
        let answer = self.get(path, headers).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let (answer, read) = answer.decoded().await;
        let read = read?;
        // Only what was understood counts as read: a broken answer is asked for again, whole.
        self.tags.keep(path, who, answer.headers.get(header::ETAG));
        Ok(Some(read))
    }

    /// Reads the bytes at `path` as they are: unpacked, and whole or not at all.
    pub async fn read_bytes(&self, path: &str) -> Result<Answer, CapabilityError> {
        let answer = self.get(path, as_it_is()).await?;
        if answer.is_open_ended() {
            return Err(answer.malformed("does not say where it ends"));
        }
        Ok(answer)
    }

    /// Reads the bytes at `path` piece by piece, however many there are, as they come.
    pub async fn stream(&self, path: &str) -> Result<Pieces, CapabilityError> {
        self.pieces(path, Reach::Origin).await
    }

    /// The same where the source leads elsewhere, as for logs that lie in a store of objects: there over https only, and
    /// without the credential.
    pub async fn stream_from_elsewhere(&self, path: &str) -> Result<Pieces, CapabilityError> {
        self.pieces(path, Reach::Anywhere).await
    }

    /// Sends a change, once. An error of the kind `UnknownOutcome` means that it may have been carried out.
    pub async fn write(&self, change: &Change<'_>) -> Result<Answer, CapabilityError> {
        let sent = async {
            let response = self.transport.send(self.change(change)?).await?;
            let collected = tokio::time::timeout(self.transport.limits.whole, self.collect(response)).await;
            collected.unwrap_or_else(|_| Err(self.late(true)))
        };
        let answer = match sent.await {
            Ok(answer) => answer,
            Err(failed @ Failed::Held(_)) => return Err(failed.error()),
            Err(failed) => {
                let unknown = matches!(failed, Failed::Broken(_));
                let error = failed.error();
                self.transport.note(Some(&error));
                return Err(if unknown { self.unread(&error) } else { error });
            }
        };
        self.transport.note(None);
        if answer.status.is_success() {
            return Ok(answer);
        }
        Err(self.refused(&answer, true).await)
    }

    /// What the last answer told of the host; `None` before the first.
    pub fn heard(&self) -> Option<Heard> {
        self.transport.heard()
    }

    /// A change was answered, but not as the API says: whoever answered may not have carried it out.
    pub fn unread(&self, error: &CapabilityError) -> CapabilityError {
        let message = format!("sent to {}, and no clear answer came: {}", self.transport.shown(), error.message);
        CapabilityError::new(Kind::UnknownOutcome, message)
            .hint("it may have been carried out: look before you repeat it")
    }

    /// Reads an answer, and takes note of how the source did.
    async fn get(&self, path: &str, headers: HeaderMap) -> Result<Answer, CapabilityError> {
        let whole = self.transport.limits.whole;
        let begun = AtomicBool::new(false);
        let asked = tokio::time::timeout(whole, self.insist(path, &headers, &begun)).await;
        let asked = asked.unwrap_or_else(|_| Err(self.late(begun.load(Ordering::Relaxed))));
        let conditional = headers.contains_key(header::IF_NONE_MATCH);
        let judged = match asked {
            Ok(answer) => self.judge(answer, conditional).await,
            Err(Failed::Held(error)) => return Err(error),
            Err(failed) => Err(failed.error()),
        };
        self.transport.note(judged.as_ref().err());
        judged
    }

    /// Asks until there is an answer, a few times at most: for reads alone. Takes note of whether an answer has begun.
    async fn insist(&self, path: &str, headers: &HeaderMap, begun: &AtomicBool) -> Result<Answer, Failed> {
        let mut tries = 1;
        loop {
            let asked = match self.follow(path, headers, Reach::Origin).await {
                Ok(response) => {
                    begun.store(true, Ordering::Relaxed);
                    self.collect(response).await
                }
                Err(failed) => Err(failed),
            };
            let passes = match &asked {
                Ok(answer) => is_in_between(answer.status) && self.transport.resting(false).is_none(),
                Err(failed) => failed.passes(),
            };
            if !passes || tries >= self.transport.limits.tries {
                return asked;
            }
            self.transport.wait(tries).await;
            tries += 1;
        }
    }

    /// Asks, and goes along with redirects as far as they may lead.
    async fn follow(&self, path: &str, headers: &HeaderMap, reach: Reach) -> Result<Response, Failed> {
        let mut url = self.address(path)?;
        let own = url.origin();
        for _ in 0..=redirect::MOST {
            let response = self.ask(&url, headers).await?;
            if !redirect::is_one(response.status()) {
                return Ok(response);
            }
            let next = redirect::target(&url, response.headers()).map_err(Failed::Broken)?;
            let abroad = reach == Reach::Anywhere && next.scheme() == "https";
            if next.origin() != own && !abroad {
                return Err(Failed::Broken(redirect::elsewhere(&url, &next)));
            }
            url = next;
        }
        Err(Failed::Broken(redirect::endless(&url)))
    }

    async fn ask(&self, url: &Url, headers: &HeaderMap) -> Result<Response, Failed> {
        let mut request = Request::new(Method::GET, url.clone());
        request.headers_mut().clone_from(headers);
        self.transport.send(request).await
    }

    async fn collect(&self, response: Response) -> Result<Answer, Failed> {
        Answer::collect(response, &self.transport.limits).await.map_err(Failed::Broken)
    }

    /// The time for the whole is up, whether or not an answer had begun.
    fn late(&self, begun: bool) -> Failed {
        let what = if begun { "end its answer" } else { "answer" };
        let whole = written(self.transport.limits.whole);
        let message = format!("{} did not {what} in {whole}", self.transport.shown());
        Failed::Broken(CapabilityError::new(Kind::Timeout, message).hint(wire::PASSES))
    }

    /// The pieces of an answer that is one.
    async fn pieces(&self, path: &str, reach: Reach) -> Result<Pieces, CapabilityError> {
        let response = self.follow(path, &as_it_is(), reach).await.map_err(Failed::error)?;
        if response.status() == StatusCode::OK {
            return Pieces::of(response, self.transport.limits.stream_idle);
        }
        let answer = self.collect(response).await.map_err(Failed::error)?;
        Err(self.judge(answer, false).await.err().unwrap_or_else(|| self.empty()))
    }

    fn empty(&self) -> CapabilityError {
        CapabilityError::new(Kind::Malformed, format!("{} answered with nothing", self.transport.shown()))
    }

    /// Whether an answer to a read is one: whole, and new unless it was asked whether it is.
    async fn judge(&self, answer: Answer, conditional: bool) -> Result<Answer, CapabilityError> {
        match answer.status {
            StatusCode::NOT_MODIFIED if conditional => Ok(answer),
            StatusCode::NOT_MODIFIED => Err(answer.malformed("says \"not modified\" unasked")),
            StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION | StatusCode::NO_CONTENT => Ok(answer),
            status if status.is_success() => Err(answer.malformed(&format!("is `{status}`, which nobody asked for"))),
            _ => Err(self.refused(&answer, false).await),
        }
    }

    /// What an answer that is no success means; `wrote` tells whether a change was asked for.
    async fn refused(&self, answer: &Answer, wrote: bool) -> CapabilityError {
        if answer.status == StatusCode::UNAUTHORIZED {
            self.transport.credential.reject().await;
        }
        let said = (self.said)(&answer.body);
        let refused = status::refused(answer, said, wrote);
        match self.transport.resting(wrote) {
            Some(resting) if is_too_often(answer.status, wrote) => resting,
            _ => refused,
        }
    }

    fn change(&self, change: &Change<'_>) -> Result<Request, Failed> {
        let invalid =
            |what: &str| Failed::Held(CapabilityError::new(Kind::Refused, format!("{what}: nothing was sent")));
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
        Ok(request)
    }

    /// The address of `path`. A name in it that would lead elsewhere (`..`) is refused.
    fn address(&self, path: &str) -> Result<Url, Failed> {
        let mut url = self.transport.source.url.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let whole = format!("{}{path}", url.path().trim_end_matches('/'));
        url.set_path(&whole);
        url.set_query(query);
        if url.path() == whole {
            return Ok(url);
        }
        let message = format!("{path} cannot be asked for at {}", self.transport.shown());
        Err(Failed::Held(CapabilityError::new(Kind::Refused, message)))
    }
}

/// Nothing is packed on the way: what the source counts is what comes.
fn as_it_is() -> HeaderMap {
    let identity = HeaderValue::from_static("identity");
    [(header::ACCEPT_ENCODING, identity)].into_iter().collect()
}

/// Whether a status may mean that the host was asked too often: some call that forbidden, and some a failure. Of a change
/// that met a failure nobody knows whether it was carried out.
fn is_too_often(status: StatusCode, wrote: bool) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::FORBIDDEN)
        || (status == StatusCode::SERVICE_UNAVAILABLE && !wrote)
}

/// Whether it is not the source that answers, but what stands before it.
fn is_in_between(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT)
}
