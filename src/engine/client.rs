//! Talking to a running engine of this machine by its data folder: for the command line's `engine add`, `token` and
//! `status`. Consoles use the backend instead.

use std::path::Path;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

use crate::domain::text::Text;
use crate::protocol::fault;

/// How long an answer may take: a registration clones a repository.
const LIMIT: Duration = Duration::from_mins(10);
/// The most that an answer may hold; bytes.
const MOST: usize = 16 << 20;

/// A running engine.
#[derive(Clone)]
pub struct Client {
    url: url::Url,
    token: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No engine was ever started there.
    #[error("no engine was started in {0}: it has no config.toml and token")]
    NoFolder(Text),
    /// The files are there and cannot be used.
    #[error("{path} cannot be used: {said}")]
    File {
        /// Which.
        path: Text,
        /// Why.
        said: Text,
    },
    /// Nobody answers.
    #[error("no engine answers at {url}: {said}")]
    Unreachable {
        /// Its address.
        url: Text,
        /// Why.
        said: Text,
    },
    /// It refused.
    #[error("{}", .0.message)]
    Refused(Box<fault::Fault>),
    /// Its answer is not what the API says.
    #[error("the answer of {url} cannot be read: {said}")]
    Malformed {
        /// Its address.
        url: Text,
        /// Why.
        said: Text,
    },
}

impl Client {
    /// The engine of a data folder, by the address and the token that lie there.
    pub fn of(data: &Path) -> Result<Self, Fault> {
        let (config, token) = (data.join("config.toml"), data.join("token"));
        if !config.exists() || !token.exists() {
            return Err(Fault::NoFolder(Text::new(data.to_string_lossy())));
        }
        let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| file(path, &error.to_string()));
        let text = read(&config)?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| file(&config, error.message()))?;
        let sources = table.get("sources").and_then(toml::Value::as_array).into_iter().flatten();
        let url = { sources }.find_map(|source| source.get("url")?.as_str());
        let url = url.and_then(|url| url::Url::parse(url).ok()).ok_or_else(|| file(&config, "it names no address"))?;
        Ok(Self { url, token: read(&token)?.trim().to_owned() })
    }

    /// Its address.
    pub fn url(&self) -> &url::Url {
        &self.url
    }

    /// Reads what is at `path`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Fault> {
        self.call(Method::GET, path, Bytes::new()).await
    }

    /// Asks for a change.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Fault> {
        let body = serde_json::to_vec(body).map_err(|error| self.malformed(&error.to_string()))?;
        self.call(Method::POST, path, Bytes::from(body)).await
    }

    async fn call<T: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Result<T, Fault> {
        let called = tokio::time::timeout(LIMIT, self.send(method, path, body)).await;
        let (ok, bytes) = called.map_err(|_| self.unreachable("it took too long"))??;
        if ok {
            return serde_json::from_slice(&bytes).map_err(|error| self.malformed(&error.to_string()));
        }
        match serde_json::from_slice(&bytes) {
            Ok(fault) => Err(Fault::Refused(Box::new(fault))),
            Err(error) => Err(self.malformed(&error.to_string())),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> Result<(bool, Bytes), Fault> {
        let host = self.url.host_str().unwrap_or("127.0.0.1").trim_matches(['[', ']']);
        let port = self.url.port_or_known_default().unwrap_or(80);
        let stream = TcpStream::connect((host, port)).await.map_err(|error| self.unreachable(&error.to_string()))?;
        let shaken = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = shaken.map_err(|error| self.unreachable(&error.to_string()))?;
        let driven = tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", format!("{host}:{port}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("connection", "close")
            .body(Full::new(body))
            .map_err(|error| self.malformed(&error.to_string()))?;
        let answer = sender.send_request(request).await.map_err(|error| self.unreachable(&error.to_string()))?;
        let ok = answer.status().is_success();
        let bytes = Limited::new(answer.into_body(), MOST).collect().await;
        driven.abort();
        Ok((ok, bytes.map_err(|error| self.unreachable(&error.to_string()))?.to_bytes()))
    }

    fn unreachable(&self, said: &str) -> Fault {
        Fault::Unreachable { url: Text::new(self.url.as_str()), said: Text::new(said) }
    }

    fn malformed(&self, said: &str) -> Fault {
        Fault::Malformed { url: Text::new(self.url.as_str()), said: Text::new(said) }
    }
}

impl Fault {
    /// What to do about it.
    pub fn hint(&self) -> Option<Text> {
        match self {
            Self::NoFolder(_) | Self::Unreachable { .. } => {
                Some(Text::new("start it: leverframe engine serve --data DIR"))
            }
            Self::Refused(fault) => fault.hint.clone(),
            _ => None,
        }
    }
}

fn file(path: &Path, said: &str) -> Fault {
    Fault::File { path: Text::new(path.to_string_lossy()), said: Text::new(said) }
}
