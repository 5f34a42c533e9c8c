//! An answer on its way to the client, and the note that is made of it when it is over.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use http_body_util::{Either, Full};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};

use super::meter::{Meter, Seen};
use super::pool::{Pool, Sender};
use crate::clock::Clock;

/// The body of an answer: an instance's, or the router's own.
pub type Answer = Either<Download, Full<Bytes>>;

/// Whoever leaves sooner than this has not waited for an answer: that is not held against the instance.
const PATIENCE: Duration = Duration::from_secs(1);

/// The router's own answer.
pub fn own(status: StatusCode, says: &str) -> Response<Answer> {
    let mut response = Response::new(Either::Right(Full::from(format!("{says}\n"))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// A request that is being answered. When this goes, the request is over and is counted.
pub struct Record {
    meter: Arc<Meter>,
    clock: Arc<dyn Clock>,
    begun: Instant,
    seen: Option<Seen>,
}

impl Record {
    /// A request begins.
    pub fn new(meter: Arc<Meter>, clock: Arc<dyn Clock>) -> Self {
        meter.begin();
        Self { begun: clock.instant(), meter, clock, seen: None }
    }

    /// The instance answers.
    pub fn answered(&mut self, status: StatusCode) {
        let latency = Some(self.clock.instant().saturating_duration_since(self.begun));
        self.seen = Some(Seen { failed: status.is_server_error(), latency });
    }

    /// No instance of the set answered, or not to the end.
    pub fn failed(&mut self) {
        self.seen = Some(Seen { failed: true, latency: self.seen.and_then(|seen| seen.latency) });
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let waited = self.clock.instant().saturating_duration_since(self.begun);
        let left = (waited >= PATIENCE).then_some(Seen { failed: true, latency: None });
        self.meter.end(self.clock.now(), self.seen.or(left));
    }
}

/// An instance's answer.
pub struct Download {
    /// The body as it comes.
    pub body: Incoming,
    /// What is noted at the end.
    pub record: Record,
    /// The connection it comes over, to be kept.
    pub line: Option<Line>,
}

/// A connection in use.
pub struct Line {
    /// Where it leads.
    pub port: u16,
    /// The connection.
    pub sender: Sender,
    /// Where it is kept.
    pub pool: Arc<Pool>,
}

impl Download {
    fn read_to_the_end(&mut self) {
        if let Some(Line { port, sender, pool }) = self.line.take() {
            pool.put(port, sender);
        }
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            None => self.read_to_the_end(),
            Some(Err(_)) => self.record.failed(),
            Some(Ok(_)) => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        // A body of known length is not asked for its end once all of it is there.
        if self.body.is_end_stream() {
            self.read_to_the_end();
        }
    }
}
