//! Listening: connections of clients, until told to stop.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use rand::Rng as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::entrance::Entrance;
use super::framing::{Doubt, ReadAlong};

/// How long requests that are under way may still take at the end.
pub const LAST_ANSWERS: Duration = Duration::from_secs(2);
/// How long to wait when no connection can be accepted: there are too many.
const PAUSE: Duration = Duration::from_millis(50);
/// What is read ahead from a client at most; bytes.
const AHEAD: usize = 64 << 10;
/// Where ports are chosen: below those that the system gives to connections, so that one is still free after a restart.
const PORTS: std::ops::Range<u16> = 21_000..25_000;
/// How many ports are tried.
const TRIES: usize = 200;

/// Listens on a port of the loopback that was chosen before.
pub async fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
}

/// Chooses a port that is free and not `taken` by a place that does not listen now.
pub async fn choose(taken: &[u16]) -> io::Result<TcpListener> {
    for _ in 0..TRIES {
        let port = rand::rng().random_range(PORTS);
        if !taken.contains(&port)
            && let Ok(listener) = listen(port).await
        {
            return Ok(listener);
        }
    }
    listen(0).await
}

/// Serves a place's traffic until `stop`; requests that are under way then have a moment to end.
pub async fn serve(entrance: Arc<Entrance>, listener: TcpListener, stop: CancellationToken) {
    let mut http = http1::Builder::new();
    let limits = entrance.limits();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_within).max_headers(limits.fields);
    http.max_header_size(limits.head).max_buf_size(AHEAD.max(limits.head));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(graceful.watch(connection(&http, &entrance, stream, peer)));
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
    drop(listener);
    let _ = timeout(LAST_ANSWERS, graceful.shutdown()).await;
}

/// One client's connection.
fn connection(
    http: &http1::Builder,
    entrance: &Arc<Entrance>,
    stream: TcpStream,
    peer: SocketAddr,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + use<> {
    let _ = stream.set_nodelay(true);
    let doubt = Doubt::default();
    let io = TokioIo::new(ReadAlong::new(stream, doubt.clone()));
    let entrance = Arc::clone(entrance);
    let service = service_fn(move |request| {
        let (entrance, doubt) = (Arc::clone(&entrance), doubt.clone());
        async move { Ok::<_, Infallible>(entrance.answer(request, peer.ip(), &doubt).await) }
    });
    http.serve_connection(io, service)
}
