//! A server that gives its replies in the order of the script, keeps what it was asked, and fails the test if a reply is
//! left over.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What one request is answered with.
pub enum Reply {
    /// These bytes; then the connection ends.
    Bytes(Vec<u8>),
    /// Nothing; the connection stays.
    Silence,
    /// Nothing; the connection ends.
    End,
}

/// The server and what it was asked.
pub struct Script {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    left: Arc<Mutex<VecDeque<Reply>>>,
    serving: JoinHandle<()>,
}

/// A whole reply with its length.
pub fn reply(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for header in headers {
        bytes.extend(format!("{header}\r\n").bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    Reply::Bytes(bytes)
}

/// A reply of JSON.
pub fn json(body: &str) -> Reply {
    reply("200 OK", &["content-type: application/json"], body)
}

/// A reply exactly as it is written here, head and all.
pub fn raw(text: &str) -> Reply {
    Reply::Bytes(text.replace('\n', "\r\n").into_bytes())
}

impl Script {
    pub async fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, left) = (Arc::default(), Arc::new(Mutex::new(replies.into_iter().collect())));
        let serving = tokio::spawn(serve(listener, Arc::clone(&asked), Arc::clone(&left)));
        Self { address, asked, left, serving }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, heads and bodies, in lower case.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.serving.abort();
        let left = self.left.lock().unwrap().len();
        assert!(std::thread::panicking() || left == 0, "{left} replies of the script were never asked for");
    }
}

async fn serve(listener: TcpListener, asked: Arc<Mutex<Vec<String>>>, left: Arc<Mutex<VecDeque<Reply>>>) {
    let mut kept = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let Some(request) = request(&mut stream).await else { continue };
        asked.lock().unwrap().push(request.to_lowercase());
        let next = left.lock().unwrap().pop_front();
        match next {
            Some(Reply::Bytes(bytes)) => {
                // Who asked may have heard enough.
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
            Some(Reply::Silence) => kept.push(stream),
            Some(Reply::End) => {}
            None => {
                let _ = stream.write_all(b"HTTP/1.1 599 Beyond the script\r\ncontent-length: 0\r\n\r\n").await;
            }
        }
    }
}

/// A request, head and body; `None` if the connection ends before it does.
pub async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend(&piece[..read]),
        }
    }
}
