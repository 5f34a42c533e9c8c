//! A server that speaks as much of the engine's API as a console needs to look and to pull a lever, and that fails in
//! whatever way it is told. It keeps everything that it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::backends::script::request;

/// What the server does with whoever comes.
#[derive(Clone)]
pub enum Mode {
    /// It answers as it should.
    Well,
    /// Nobody listens.
    Refuses,
    /// It resets a connection as soon as it is there.
    Resets,
    /// It does these steps for every request.
    Does(Acts),
}

/// What is done for a request.
pub type Acts = Arc<dyn Fn(&Asked) -> Vec<Step> + Send + Sync>;

/// A request, as far as an answer depends on it.
#[derive(Clone)]
pub struct Asked {
    /// Its method.
    pub method: String,
    /// Its path, with the query.
    pub path: String,
    /// The how manyeth on its connection, from 1 on.
    pub nth: usize,
    /// What an answer that is right would hold.
    pub right: String,
    /// The server's own address.
    pub here: String,
    /// The address of another server.
    pub elsewhere: String,
}

impl Asked {
    /// Whether it is more than a question.
    pub fn changes(&self) -> bool {
        self.method != "GET"
    }

    /// The right answer.
    pub fn well(&self) -> Vec<u8> {
        answer("200 OK", &["content-type: application/json"], &self.right)
    }
}

/// One thing that the server does.
pub enum Step {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends bytes one at a time.
    Drip(Vec<u8>),
    /// Sends bytes over and over, with so much time between.
    Forever(Vec<u8>, Duration),
    /// Does nothing any more; the connection stays.
    Stall,
    /// Ends its half of the connection, and does nothing any more.
    Halve,
    /// Ends the connection the hard way.
    Reset,
    /// Waits for the next request instead of ending the connection.
    Stay,
}

/// A whole answer with its length, after which the connection ends.
pub fn answer(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let length = format!("content-length: {}", body.as_ref().len());
    let mut bytes = head(status, &[headers, &[&length, "connection: close"]].concat());
    bytes.extend(body.as_ref());
    bytes
}

/// The head of an answer.
pub fn head(status: &str, headers: &[&str]) -> Vec<u8> {
    let first = format!("HTTP/1.1 {status}");
    let lines = [&[first.as_str()], headers, &["", ""]].concat();
    lines.join("\r\n").into_bytes()
}

/// The server.
pub struct Faulty {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    mode: watch::Sender<(u64, Mode)>,
    obeyed: watch::Receiver<u64>,
    serving: JoinHandle<()>,
}

/// What every connection needs.
#[derive(Clone)]
struct Desk {
    overview: String,
    here: String,
    elsewhere: String,
    asked: Arc<Mutex<Vec<String>>>,
    mode: watch::Receiver<(u64, Mode)>,
}

impl Faulty {
    /// A server that is well and tells this overview; `elsewhere` is the address that its redirects may lead to.
    pub async fn new(overview: &Value, elsewhere: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mode, told) = watch::channel((0, Mode::Well));
        let (obey, obeyed) = watch::channel(0);
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let desk = Desk {
            overview: overview.to_string(),
            here: format!("http://{address}"),
            elsewhere: elsewhere.to_owned(),
            asked: Arc::clone(&asked),
            mode: told,
        };
        let serving = tokio::spawn(serve(listener, address, desk, obey));
        Self { address, asked, mode, obeyed, serving }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it does this; it has begun to when this returns.
    pub async fn does(&self, mode: Mode) {
        let order = self.mode.borrow().0 + 1;
        self.mode.send_replace((order, mode));
        self.obeyed.clone().wait_for(|obeyed| *obeyed == order).await.unwrap();
    }

    /// The requests since the last look, heads and bodies, in lower case.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(mut listener: TcpListener, address: SocketAddr, desk: Desk, obey: watch::Sender<u64>) {
    let mut mode = desk.mode.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            changed = mode.changed() => {
                if changed.is_err() {
                    return;
                }
                connections.abort_all();
                let (order, now) = mode.borrow_and_update().clone();
                if matches!(now, Mode::Refuses) {
                    drop(listener);
                    // The port stays ours, and nobody listens there.
                    let socket = TcpSocket::new_v4().unwrap();
                    socket.set_reuseaddr(true).unwrap();
                    socket.bind(address).unwrap();
                    obey.send_replace(order);
                    if mode.changed().await.is_err() {
                        return;
                    }
                    listener = socket.listen(64).unwrap();
                    obey.send_replace(mode.borrow_and_update().0);
                } else {
                    obey.send_replace(order);
                }
            }
            accepted = listener.accept() => {
                connections.spawn(connection(accepted.unwrap().0, desk.clone()));
            }
        }
    }
}

async fn connection(mut stream: TcpStream, desk: Desk) {
    stream.set_nodelay(true).unwrap();
    let mode = || desk.mode.borrow().1.clone();
    if matches!(mode(), Mode::Resets) {
        stream.set_zero_linger().unwrap();
        return;
    }
    for nth in 1.. {
        let Some(request) = request(&mut stream).await else { return };
        desk.asked.lock().unwrap().push(request.to_lowercase());
        let asked = desk.about(&request, nth);
        let steps = match mode() {
            Mode::Does(acts) => acts(&asked),
            _ => vec![Step::Send(asked.well())],
        };
        // Who asked may have heard enough.
        if !play(&mut stream, steps).await.unwrap_or(false) {
            let _ = stream.shutdown().await;
            return;
        }
    }
}

impl Desk {
    fn about(&self, request: &str, nth: usize) -> Asked {
        let mut words = request.split(' ');
        let (method, path) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
        let accepted = json!({ "revision": "next", "message": "accepted", "run": null });
        let right = if method == "GET" { self.overview.clone() } else { accepted.to_string() };
        Asked { method, path, nth, right, here: self.here.clone(), elsewhere: self.elsewhere.clone() }
    }
}

/// Does the steps; whether the connection stays for the next request.
async fn play(stream: &mut TcpStream, steps: Vec<Step>) -> std::io::Result<bool> {
    for step in steps {
        match step {
            Step::Send(bytes) => stream.write_all(&bytes).await?,
            Step::Drip(bytes) => {
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                }
            }
            Step::Forever(bytes, every) => {
                let mut pace = tokio::time::interval(every);
                loop {
                    pace.tick().await;
                    stream.write_all(&bytes).await?;
                }
            }
            Step::Stall => std::future::pending().await,
            Step::Halve => {
                stream.shutdown().await?;
                std::future::pending::<()>().await;
            }
            Step::Reset => {
                stream.set_zero_linger()?;
                return Ok(false);
            }
            Step::Stay => return Ok(true),
        }
    }
    Ok(false)
}
