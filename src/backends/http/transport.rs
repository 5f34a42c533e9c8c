//! The one way out: every request passes the access gate, leads to the source's own origin unless it carries nothing,
//! waits for no host that rests, and is heard.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::{Client, Method, Request, Response, Url};
use tokio::sync::OnceCell;

use super::access::{Access, changes};
use super::credential::Credential;
use super::hosts::{Closed, Host, Hosts};
use super::limits::Limits;
use super::{client, heard, rest, wire};
use crate::backends::Ports;
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::capabilities::host::Heard;
use crate::clock::Clock;
use crate::config::{Source, written};

/// The way to one source.
pub(super) struct Transport {
    pub source: Source,
    pub credential: Credential,
    pub limits: Limits,
    access: Access,
    hosts: Hosts,
    host: Arc<Host>,
    clock: Arc<dyn Clock>,
    chance: fn() -> f64,
    zone: jiff::tz::TimeZone,
    client: OnceCell<Client>,
    abroad: OnceCell<Client>,
    heard: Mutex<Option<Heard>>,
}

/// Why there is no answer.
pub(super) enum Failed {
    /// A rule of ours or the host's wish stands in the way: nothing was sent.
    Held(CapabilityError),
    /// There was no connection: nothing was sent.
    Unreached(CapabilityError),
    /// It was sent, and what came is none.
    Broken(CapabilityError),
}

impl Failed {
    /// Why.
    pub fn error(self) -> CapabilityError {
        match self {
            Self::Held(error) | Self::Unreached(error) | Self::Broken(error) => error,
        }
    }

    /// Whether the same question may well be answered a moment later.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Broken(CapabilityError { kind: Kind::Unreachable, .. }))
    }
}

impl Transport {
    pub fn new(source: &Source, ports: &Ports) -> Self {
        Self {
            credential: Credential::new(source),
            limits: ports.limits.of(source),
            access: Access { read_only: ports.read_only },
            hosts: ports.hosts.clone(),
            host: ports.hosts.of(&source.url),
            clock: Arc::clone(&ports.clock),
            chance: ports.chance,
            zone: ports.zone.clone(),
            client: OnceCell::new(),
            abroad: OnceCell::new(),
            heard: Mutex::default(),
            source: source.clone(),
        }
    }

    /// Sends a request once, as far as the head of its answer.
    pub async fn send(&self, request: Request) -> Result<Response, Failed> {
        self.access.admit(request.method()).map_err(Failed::Held)?;
        let host = self.hosts.of(request.url());
        let (shown, change) = (origin(request.url()), changes(request.method()));
        let admitted = host.admit(change, self.clock.as_ref(), self.limits.head);
        admitted.map_err(|closed| Failed::Held(self.closed(&shown, closed, change)))?;
        let (client, request) = self.dress(request).await.map_err(Failed::Held)?;
        let limit = if change { self.limits.change } else { self.limits.head };
        match tokio::time::timeout(limit, client.execute(request)).await {
            Ok(Ok(response)) => {
                self.hear(&host, &response);
                Ok(response)
            }
            Ok(Err(error)) if error.is_connect() || error.is_builder() => {
                Err(Failed::Unreached(wire::unreachable(&shown, &error)))
            }
            Ok(Err(error)) => Err(Failed::Broken(wire::broken(&shown, &error))),
            Err(_) => {
                let message = format!("{shown} did not answer in {}", written(limit));
                Err(Failed::Broken(CapabilityError::new(Kind::Timeout, message).hint(wire::PASSES)))
            }
        }
    }

    /// The request as it leaves, and the client it leaves by: to the source's own origin with the credential, to another
    /// one only as a question that carries nothing.
    async fn dress(&self, mut request: Request) -> Result<(&Client, Request), CapabilityError> {
        if request.url().origin() == self.source.url.origin() {
            self.credential.sign(&mut request).await?;
            return Ok((self.client.get_or_try_init(|| client::build(&self.source, &self.limits)).await?, request));
        }
        if *request.method() != Method::GET || request.url().scheme() != "https" || request.body().is_some() {
            let message = format!("{} is not this source: nothing was sent", origin(request.url()));
            return Err(CapabilityError::new(Kind::Refused, message));
        }
        let abroad = self.abroad.get_or_try_init(|| client::build_abroad(&self.source, &self.limits)).await?;
        Ok((abroad, request))
    }

    fn hear(&self, host: &Host, response: &Response) {
        tracing::debug!(source = %self.source.name, status = %response.status(), path = response.url().path(), "answered");
        let heard = heard::heard(response.headers(), self.clock.now());
        if let Some(span) = rest::asked(response.status(), response.headers(), &heard, &self.limits) {
            host.rest(span, self.clock.as_ref());
        }
        if response.url().origin() == self.source.url.origin() {
            *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(heard);
        }
    }

    /// What the last answer told of the source's host.
    pub fn heard(&self) -> Option<Heard> {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of how the source did: a host that keeps failing is asked more rarely.
    pub fn note(&self, error: Option<&CapabilityError>) {
        match error {
            Some(error) if matches!(error.kind, Kind::Unreachable | Kind::Timeout | Kind::Server) => {
                self.host.failed(error, &self.limits, self.clock.as_ref(), (self.chance)());
            }
            _ => self.host.answered(),
        }
    }

    /// The wait before a question is asked again for the `tries`th time.
    pub async fn wait(&self, tries: u32) {
        tokio::time::sleep(self.limits.again.wait(tries, (self.chance)())).await;
    }

    /// That the source's host wants to be left alone, if it does.
    pub fn resting(&self, change: bool) -> Option<CapabilityError> {
        let until = self.host.rests(self.clock.as_ref())?;
        Some(self.closed(&self.shown(), Closed::Rests(until), change))
    }

    fn closed(&self, shown: &str, closed: Closed, change: bool) -> CapabilityError {
        match closed {
            Closed::Rests(until) => {
                let time = until.to_zoned(self.zone.clone()).strftime("%H:%M:%S").to_string();
                let message = format!("{shown} is resting until {time}, asked by the server");
                let hint =
                    if change { "nothing was changed: try again then" } else { "it is asked again by itself then" };
                CapabilityError::new(Kind::RateLimited(Some(until)), message).hint(hint)
            }
            Closed::Fails(error) => error,
        }
    }

    /// The source's address for people.
    pub fn shown(&self) -> String {
        origin(&self.source.url)
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
