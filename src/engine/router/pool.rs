//! Connections to instances, kept open between requests.

use std::collections::HashMap;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{Either, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::clock::Clock;

/// The body of a request on its way to an instance.
pub type Upload = Either<Limited<Incoming>, Empty<Bytes>>;
/// A connection that takes requests.
pub type Sender = SendRequest<Upload>;

/// How long a connection may have rested to be used again. Short, because an instance may close one that rests at any
/// moment, and a request that is lost by that cannot always be repeated.
const RESTED: Duration = Duration::from_secs(1);
/// How long a connection may take to be ready again after an answer.
const READY: Duration = Duration::from_millis(20);
/// How long an instance may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// How many connections to an instance are kept.
const MOST: usize = 128;

/// The connections of one place.
pub struct Pool {
    clock: Arc<dyn Clock>,
    resting: Mutex<HashMap<u16, Vec<(Instant, Sender)>>>,
}

impl Pool {
    /// No connection.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, resting: Mutex::default() }
    }

    /// A connection to the instance on `port`, and whether it was used before. A `fresh` one never was.
    pub async fn take(&self, port: u16, fresh: bool) -> Result<(Sender, bool), Box<dyn Error + Send + Sync>> {
        while let Some(mut sender) = self.rested(port).filter(|_| !fresh) {
            if matches!(timeout(READY, sender.ready()).await, Ok(Ok(()))) {
                return Ok((sender, true));
            }
        }
        let stream = timeout(CONNECT, TcpStream::connect((Ipv4Addr::LOCALHOST, port))).await??;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with its sender; what goes wrong on it is told there.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok((sender, false))
    }

    /// Keeps a connection whose answer has been read.
    pub fn put(&self, port: u16, sender: Sender) {
        if sender.is_closed() {
            return;
        }
        let now = self.clock.instant();
        let mut resting = self.resting();
        let kept = resting.entry(port).or_default();
        let old = kept.iter().take_while(|(since, _)| now.saturating_duration_since(*since) > RESTED).count();
        kept.drain(..old);
        if kept.len() < MOST {
            kept.push((now, sender));
        }
    }

    /// Closes what leads to other ports than these.
    pub fn keep(&self, ports: &[u16]) {
        self.resting().retain(|port, _| ports.contains(port));
    }

    /// The connection to `port` that rested last.
    fn rested(&self, port: u16) -> Option<Sender> {
        let now = self.clock.instant();
        let mut resting = self.resting();
        let (since, sender) = resting.get_mut(&port)?.pop()?;
        (now.saturating_duration_since(since) <= RESTED).then_some(sender)
    }

    fn resting(&self) -> MutexGuard<'_, HashMap<u16, Vec<(Instant, Sender)>>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
