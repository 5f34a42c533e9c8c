//! A stub of an engine: it tells a world's overview, and answers every change as it was told to.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::bench::{Said, plain};

/// How a change is answered.
#[derive(Clone)]
pub enum Answer {
    /// Accepted, and this becomes of the overview.
    Accept(fn(&mut Value)),
    /// Refused in the engine's own words.
    Refuse(u16, &'static str),
    /// A status without words.
    Mute(u16),
    /// None, as long as whoever asks waits for it.
    Hold,
}

/// Which questions get no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// All are answered.
    Nothing,
    /// Those after so many.
    After(usize),
    /// Those after the first change.
    OnceChanged,
}

struct Told {
    overview: Mutex<Value>,
    between: Value,
    answer: Answer,
    changes: Mutex<Vec<String>>,
    headers: Mutex<HeaderMap>,
    hold: Mutex<Held>,
    asked: AtomicUsize,
    held: AtomicUsize,
}

/// A stub that answers until it is dropped.
pub struct Stub {
    folder: tempfile::TempDir,
    url: String,
    told: Arc<Told>,
    cancel: CancellationToken,
    serving: Option<std::thread::JoinHandle<()>>,
}

impl Stub {
    /// A stub that knows the shop and answers every change with `answer`.
    pub fn new(answer: Answer) -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds/shop.json");
        let world: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let overview = Mutex::new(world["answers"][0]["overview"].clone());
        let told = Arc::new(Told {
            overview,
            between: world["changes"][0].clone(),
            answer,
            changes: Mutex::default(),
            headers: Mutex::default(),
            hold: Mutex::new(Held::Nothing),
            asked: AtomicUsize::new(0),
            held: AtomicUsize::new(0),
        });
        let (cancel, (tell, address)) = (CancellationToken::new(), mpsc::channel());
        let router =
            Router::new().route("/v1/overview", get(overview_of)).fallback(change).with_state(Arc::clone(&told));
        let until = cancel.clone();
        let serving = std::thread::spawn(move || {
            let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            tasks.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    result = axum::serve(listener, router).into_future() => result.unwrap(),
                    () = until.cancelled() => {}
                }
            });
        });
        let address = address.recv_timeout(Duration::from_secs(20)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("http://{address}");
        let config =
            format!("state_dir = \"state\"\n[[sources]]\nname = \"engine\"\nkind = \"engine\"\nurl = \"{url}\"\n");
        std::fs::write(folder.path().join("config.toml"), config).unwrap();
        Self { folder, url, told, cancel, serving: Some(serving) }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The configuration that leads to it.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    /// Adds these lines to the configuration.
    pub fn add(&self, lines: &str) {
        let text = std::fs::read_to_string(self.config()).unwrap();
        std::fs::write(self.config(), text + lines).unwrap();
    }

    /// The binary with these words, asked about this stub.
    pub fn command(&self, words: &[&str]) -> std::process::Command {
        let mut command = plain(words);
        command.env("LEVERFRAME_CONFIG", self.config());
        command
    }

    /// The exit code and the document of these words.
    pub fn json(&self, words: &[&str]) -> (i32, Value) {
        let said: Said = self.command(&[words, &["--json"]].concat()).output().unwrap().into();
        (said.code, said.document())
    }

    /// From now on this is made of what the world tells.
    pub fn becomes(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.told.overview.lock().unwrap());
    }

    /// From now on the overview comes with these headers.
    pub fn tell(&self, headers: &[(&'static str, &'static str)]) {
        let pairs = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        *self.told.headers.lock().unwrap() = pairs.collect();
    }

    /// The changes that came in: method and path.
    pub fn changes(&self) -> Vec<String> {
        self.told.changes.lock().unwrap().clone()
    }

    /// From now on these questions get no answer.
    pub fn hold(&self, held: Held) {
        *self.told.hold.lock().unwrap() = held;
    }

    /// How many questions got no answer.
    pub fn held(&self) -> usize {
        self.told.held.load(Ordering::SeqCst)
    }

    /// The journal's entries.
    pub fn journal(&self) -> Vec<Value> {
        let path: PathBuf = self.folder.path().join("state/journal.jsonl");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.cancel.cancel();
        self.serving.take().map(std::thread::JoinHandle::join);
    }
}

/// Waits for ever where this question is to get no answer.
async fn answers(told: &Told) {
    let asked = told.asked.fetch_add(1, Ordering::SeqCst) + 1;
    let held = match *told.hold.lock().unwrap() {
        Held::Nothing => false,
        Held::After(many) => asked > many,
        Held::OnceChanged => !told.changes.lock().unwrap().is_empty(),
    };
    if held {
        told.held.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<()>().await;
    }
}

/// The run at the end of this path, as its service tells it.
fn run_at(overview: &Value, path: &str) -> Option<Value> {
    let (service, run) = path.strip_prefix("/v1/services/")?.split_once("/runs/")?;
    let services = overview["services"].as_array()?;
    let latest = &services.iter().find(|known| known["name"] == service)?["latest_run"];
    (latest["id"] == run).then(|| latest.clone())
}

async fn overview_of(State(told): State<Arc<Told>>) -> Response {
    answers(&told).await;
    let headers = told.headers.lock().unwrap().clone();
    (headers, axum::Json(told.overview.lock().unwrap().clone())).into_response()
}

async fn change(State(told): State<Arc<Told>>, method: Method, uri: axum::http::Uri) -> Response {
    if method == Method::GET {
        answers(&told).await;
        if let Some(run) = run_at(&told.overview.lock().unwrap(), uri.path()) {
            return axum::Json(run).into_response();
        }
    }
    match (method == Method::GET, uri.path().ends_with("/changes")) {
        (true, true) => return axum::Json(told.between.clone()).into_response(),
        (true, false) => return StatusCode::NOT_FOUND.into_response(),
        (false, _) => {}
    }
    told.changes.lock().unwrap().push(format!("{method} {}", uri.path()));
    match told.answer {
        Answer::Accept(become_of) => {
            become_of(&mut told.overview.lock().unwrap());
            axum::Json(json!({ "revision": "next", "message": "accepted", "run": null })).into_response()
        }
        Answer::Refuse(status, reason) => {
            let fault = json!({ "reason": reason, "message": "no", "hint": null, "revision": null, "current": null });
            (StatusCode::from_u16(status).unwrap(), axum::Json(fault)).into_response()
        }
        Answer::Mute(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Answer::Hold => std::future::pending().await,
    }
}
