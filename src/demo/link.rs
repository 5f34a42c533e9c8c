//! One HTTP connection on the loopback, kept open from call to call: for the load, the flags and the orders of the
//! demonstration.

use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::domain::text::Text;

/// The most that an answer may hold; bytes.
const MOST: usize = 16 << 20;

/// A connection to one address; it is made when it is first needed, and again after it broke.
pub struct Link {
    address: SocketAddr,
    limit: Duration,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// The address in a URL.
pub fn address(url: &str) -> Option<SocketAddr> {
    url::Url::parse(url).ok()?.socket_addrs(|| Some(80)).ok()?.first().copied()
}

/// What is asked.
pub struct Call<'a> {
    /// How.
    pub method: Method,
    /// The path, with its query.
    pub path: &'a str,
    /// Headers besides `Host`.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; empty for none.
    pub body: Bytes,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The tag of the content, if it has one.
    pub tag: Option<String>,
    /// The content.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no answer from {address}: {said}")]
pub struct Unanswered {
    address: SocketAddr,
    said: Text,
}

impl Link {
    /// A connection to `address`, whose answers may take `limit`.
    pub const fn new(address: SocketAddr, limit: Duration) -> Self {
        Self { address, limit, sender: None }
    }

    /// Asks, and reads the whole answer. A connection that failed is not used again.
    pub async fn call(&mut self, call: Call<'_>) -> Result<Answer, Unanswered> {
        let answered = match tokio::time::timeout(self.limit, self.ask(call)).await {
            Ok(answered) => answered,
            Err(_) => Err("it took too long".to_owned()),
        };
        answered.map_err(|said| {
            self.sender = None;
            Unanswered { address: self.address, said: Text::new(said) }
        })
    }

    async fn ask(&mut self, call: Call<'_>) -> Result<Answer, String> {
        let mut request = Request::builder().method(call.method).uri(call.path);
        request = request.header(header::HOST, self.address.to_string());
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(call.body)).map_err(|error| error.to_string())?;
        let answer = self.sender().await?.send_request(request).await.map_err(|error| error.to_string())?;
        let status = answer.status();
        let tag = answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let body = Limited::new(answer.into_body(), MOST).collect().await.map_err(|error| error.to_string())?;
        Ok(Answer { status, tag, body: body.to_bytes() })
    }

    /// The open connection; another one if the last was closed meanwhile.
    async fn sender(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, String> {
        let open = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !open {
            let stream = TcpStream::connect(self.address).await.map_err(|error| error.to_string())?;
            stream.set_nodelay(true).map_err(|error| error.to_string())?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
            // It ends with the sender, or with the other side.
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        self.sender.as_mut().ok_or_else(|| "the connection is gone".to_owned())
    }
}
