//! A place's entrance: the split it holds, and a request's way through it to an instance and back.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use http_body_util::{Either, Empty, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONNECTION, HeaderValue, RETRY_AFTER};
use hyper::{Request, Response, StatusCode, Version};
use tokio::time::timeout;

use super::answer::{Answer, Download, Line, Record, own};
use super::framing::Doubt;
use super::head;
use super::limits::Limits;
use super::meter::Meter;
use super::pool::{Pool, Sender, Upload};
use super::table::{Lane, Table};
use crate::clock::Clock;
use crate::domain::ids::Place;
use crate::engine::state::place::Share;

/// How many times a request is sent at most, a connection that turned out to be closed included.
const ATTEMPTS: usize = 4;

/// A place's entrance.
pub struct Entrance {
    place: Place,
    limits: Limits,
    clock: Arc<dyn Clock>,
    table: RwLock<Arc<Table>>,
    meters: Mutex<BTreeMap<u64, Arc<Meter>>>,
    pool: Arc<Pool>,
}

/// An instance's answer, as it begins.
struct Asked {
    response: Response<Incoming>,
    set: u64,
    port: u16,
    sender: Sender,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    NobodyThere,
    NoAnswer,
    Late,
    TooLarge,
}

impl Entrance {
    /// The entrance of a place where nothing serves yet.
    pub fn new(place: Place, clock: Arc<dyn Clock>, limits: Limits) -> Self {
        let pool = Arc::new(Pool::new(Arc::clone(&clock)));
        Self { place, limits, clock, table: RwLock::default(), meters: Mutex::default(), pool }
    }

    /// Which place.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// What a client may take here.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Splits the traffic among sets, each with the ports of its instances that take any. Requests that are under way
    /// end where they are. Whether that is a change.
    pub fn hold(&self, lanes: Vec<(Share, Vec<u16>)>) -> bool {
        let before = self.table();
        if before.is(&lanes) {
            return false;
        }
        let ports: Vec<u16> = lanes.iter().flat_map(|(_, ready)| ready.iter().copied()).collect();
        let lanes = lanes.into_iter().map(|(share, ready)| Lane::new(share, ready, self.meter(share.set))).collect();
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(before.next(lanes));
        self.pool.keep(&ports);
        true
    }

    /// The split that is held.
    pub fn split(&self) -> Vec<Share> {
        self.table().split()
    }

    /// Where a set's requests are counted.
    pub fn meter(&self, set: u64) -> Arc<Meter> {
        Arc::clone(self.meters().entry(set).or_default())
    }

    /// Forgets what was counted of sets that are gone.
    pub fn forget(&self, gone: impl Fn(u64) -> bool) {
        self.meters().retain(|set, _| !gone(*set));
    }

    fn table(&self) -> Arc<Table> {
        Arc::clone(&self.table.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn meters(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Meter>>> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a client's request.
    pub async fn answer(&self, request: Request<Incoming>, peer: IpAddr, doubt: &Doubt) -> Response<Answer> {
        let (mut parts, body) = request.into_parts();
        let refused = match head::check(&parts, &self.limits) {
            _ if doubt.is_there() => Some((StatusCode::BAD_REQUEST, "where this request ends can be read in two ways")),
            checked => checked.err(),
        };
        if let Some((status, says)) = refused {
            return closing(own(status, says));
        }
        head::prepare(&mut parts, peer);
        let table = self.table();
        let Some(lane) = table.pick() else { return self.refuse(Fault::NobodyThere) };
        let mut record = Record::new(Arc::clone(&lane.meter), Arc::clone(&self.clock));
        let set = lane.share.set;
        match self.ask(&table, set, Request::from_parts(parts, self.upload(body))).await {
            Ok(asked) => {
                record.answered(asked.response.status());
                if asked.set != set {
                    record.failed();
                }
                self.pass_on(asked, record)
            }
            Err(fault) => {
                if fault != Fault::TooLarge {
                    record.failed();
                }
                self.refuse(fault)
            }
        }
    }

    /// A body on its way; one that is empty is known to be, so that its request can be repeated.
    fn upload(&self, body: Incoming) -> Upload {
        if body.is_end_stream() {
            return Either::Right(Empty::new());
        }
        Either::Left(Limited::new(body, usize::try_from(self.limits.body).unwrap_or(usize::MAX)))
    }

    /// Asks an instance of `set`; another one if it cannot have begun to work on the request, or if it may be repeated.
    async fn ask(&self, table: &Table, set: u64, mut request: Request<Upload>) -> Result<Asked, Fault> {
        let repeatable = head::idempotent(request.method()) && matches!(request.body(), Either::Right(_));
        let (mut tried, mut fresh) = (Vec::new(), false);
        for _ in 0..ATTEMPTS {
            // The table may have been replaced meanwhile; what it led to still ends its requests.
            let next = table.port(set, &tried).or_else(|| self.table().port(set, &tried));
            let Some((from, port)) = next else { break };
            let Ok((mut sender, used)) = self.pool.take(port, fresh).await else {
                tried.push(port);
                continue;
            };
            let spare = repeatable.then(|| copy(&request));
            let answer = timeout(self.limits.answer_within, sender.try_send_request(request)).await;
            let mut error = match answer {
                Err(_) => return Err(Fault::Late),
                Ok(Ok(response)) => return Ok(Asked { response, set: from, port, sender }),
                Ok(Err(error)) => error,
            };
            if too_large(error.error()) {
                return Err(Fault::TooLarge);
            }
            // A request that comes back was not sent at all.
            request = error.take_message().or(spare).ok_or(Fault::NoAnswer)?;
            // A connection that was used before may just have been closed: the instance gets another chance.
            if used {
                fresh = true;
            } else {
                tried.push(port);
            }
        }
        Err(if tried.is_empty() && !fresh { Fault::NobodyThere } else { Fault::NoAnswer })
    }

    fn pass_on(&self, asked: Asked, mut record: Record) -> Response<Answer> {
        let Asked { response, port, sender, .. } = asked;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            record.failed();
            return self.refuse(Fault::NoAnswer);
        }
        let (mut parts, body) = response.into_parts();
        head::strip(&mut parts.headers);
        parts.version = Version::HTTP_11;
        let line = Some(Line { port, sender, pool: Arc::clone(&self.pool) });
        Response::from_parts(parts, Either::Left(Download { body, record, line }))
    }

    fn refuse(&self, fault: Fault) -> Response<Answer> {
        let (status, says) = match fault {
            Fault::NobodyThere => (StatusCode::SERVICE_UNAVAILABLE, "no instance is healthy"),
            Fault::NoAnswer => (StatusCode::BAD_GATEWAY, "no instance answered"),
            Fault::Late => (StatusCode::GATEWAY_TIMEOUT, "the instance took too long"),
            Fault::TooLarge => return closing(own(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")),
        };
        let mut response = own(status, &format!("{}: {says}", self.place));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// An answer after which nothing more is read from this client.
fn closing(mut response: Response<Answer>) -> Response<Answer> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The same request without a body once more.
fn copy(request: &Request<Upload>) -> Request<Upload> {
    let mut copy = Request::new(Either::Right(Empty::new()));
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}

/// Whether sending failed because the client's body is longer than is let through.
fn too_large(error: &hyper::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if error.is::<LengthLimitError>() {
            return true;
        }
        source = error.source();
    }
    false
}
