//! Small servers that stand for instances, and a plain client that keeps its connection.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a port of its own; it ends with its value.
pub struct Upstream {
    pub port: u16,
    hits: Arc<AtomicU64>,
    _tasks: JoinSet<()>,
}

impl Upstream {
    /// One that answers with its name.
    pub async fn named(name: &'static str) -> Self {
        Self::new(move |_| async move { Response::new(Full::from(name)) }).await
    }

    /// One that answers by `answer`.
    pub async fn new<F, R>(answer: F) -> Self
    where
        F: Fn(Request<Incoming>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Response<Full<Bytes>>> + Send + 'static,
    {
        Self::raw(move |stream, hits| {
            let answer = answer.clone();
            async move {
                let service = service_fn(move |request| {
                    hits.fetch_add(1, Ordering::SeqCst);
                    let answer = answer(request);
                    async move { Ok::<_, Infallible>(answer.await) }
                });
                let _ =
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            }
        })
        .await
    }

    /// One that does with each connection what `serve` does.
    pub async fn raw<F, R>(serve: F) -> Self
    where
        F: Fn(TcpStream, Arc<AtomicU64>) -> R + Send + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (port, hits) = (listener.local_addr().unwrap().port(), Arc::new(AtomicU64::new(0)));
        let counted = Arc::clone(&hits);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                connections.spawn(serve(stream, Arc::clone(&counted)));
            }
        });
        Self { port, hits, _tasks: tasks }
    }

    /// How many requests have come.
    pub fn hits(&self) -> u64 {
        self.hits.load(Ordering::SeqCst)
    }
}

/// A plain client with one connection.
pub struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    /// A field of the head.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Client {
    pub async fn new(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, read: Vec::new() }
    }

    /// Sends bytes as they are.
    pub async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// A request and its answer.
    pub async fn ask(&mut self, text: &str) -> Reply {
        self.send(text).await;
        self.reply().await.unwrap()
    }

    /// `GET /`, and its answer.
    pub async fn get(&mut self) -> Reply {
        self.ask("GET / HTTP/1.1\r\nHost: shop\r\n\r\n").await
    }

    /// `HEAD /`, and its answer, which has no body whatever its head says.
    pub async fn head(&mut self) -> Reply {
        self.send("HEAD / HTTP/1.1\r\nHost: shop\r\n\r\n").await;
        self.begun().await.unwrap()
    }

    /// The next answer; `None` if the connection is closed instead.
    pub async fn reply(&mut self) -> Option<Reply> {
        let mut reply = self.begun().await?;
        let chunked = reply.field("transfer-encoding").is_some();
        let length: usize = reply.field("content-length").map_or(0, |length| length.parse().unwrap());
        let end = |read: &[u8]| if chunked { after(read, b"0\r\n\r\n") } else { Some(length) };
        let length = loop {
            match end(&self.read).filter(|end| *end <= self.read.len()) {
                Some(end) => break end,
                None => self.more().await?,
            }
        };
        reply.body = String::from_utf8(self.read.drain(..length).collect()).unwrap();
        Some(reply)
    }

    async fn begun(&mut self) -> Option<Reply> {
        let end = loop {
            match after(&self.read, b"\r\n\r\n") {
                Some(end) => break end,
                None => self.more().await?,
            }
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some(Reply { status, head, body: String::new() })
    }

    /// Whether the connection is closed, and nothing more comes.
    pub async fn is_closed(&mut self) -> bool {
        self.read.is_empty() && self.more().await.is_none()
    }

    async fn more(&mut self) -> Option<()> {
        let mut buffer = [0; 4096];
        let read = tokio::time::timeout(PATIENCE, self.stream.read(&mut buffer)).await.unwrap();
        match read {
            Ok(0) | Err(_) => None,
            Ok(read) => {
                self.read.extend_from_slice(&buffer[..read]);
                Some(())
            }
        }
    }
}

/// Where the first `end` in `read` is over.
fn after(read: &[u8], end: &[u8]) -> Option<usize> {
    read.windows(end.len()).position(|window| window == end).map(|at| at + end.len())
}
