//! An engine that runs within the test, on a folder of its own, asked as its consoles ask it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use leverframe::clock::System;
use leverframe::engine::{Settings, serve};
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long anything may take to come about.
const LIMIT: Duration = Duration::from_mins(2);

/// A running engine. When it is dropped, no process that it started is left.
pub struct Engine {
    /// Its data folder.
    pub data: PathBuf,
    address: String,
    token: String,
    cancel: CancellationToken,
    task: Option<JoinHandle<()>>,
    _left: Left,
}

/// What an engine's processes leave behind, which ends with this.
struct Left(PathBuf);

impl Engine {
    /// Starts it, or starts it again, on `data`.
    pub async fn start(data: &Path) -> Self {
        until("the folder is free", || free(data)).await;
        let settings = Settings { data: data.to_owned(), ..Settings::default() };
        let cancel = CancellationToken::new();
        let (tell, told) = tokio::sync::oneshot::channel();
        let served = serve(settings, Arc::new(System), cancel.clone(), |ready| tell.send(ready.url.clone()).unwrap());
        // Boxed by the task: what a whole engine keeps between two steps is too much for a test's stack.
        let served = Box::pin(served);
        let task = tokio::spawn(async move { served.await.unwrap() });
        let engine = Self::at(data, &told.await.unwrap());
        Self { cancel, task: Some(task), ..engine }
    }

    /// One that runs elsewhere, on `data`, and answers at `url`.
    pub fn at(data: &Path, url: &str) -> Self {
        let address = url.trim_start_matches("http://").to_owned();
        let token = std::fs::read_to_string(data.join("token")).unwrap().trim().to_owned();
        Self {
            data: data.to_owned(),
            address,
            token,
            cancel: CancellationToken::new(),
            task: None,
            _left: Left(data.to_owned()),
        }
    }

    /// Ends it as TERM does.
    pub async fn stop(self) {
        self.cancel.cancel();
        self.task.unwrap().await.unwrap();
    }

    /// Ends it as TERM does, and leaves what it started as it is.
    pub async fn leave(mut self) {
        self.cancel.cancel();
        self.task.take().unwrap().await.unwrap();
        // Dropped, it would end them.
        std::mem::forget(self);
    }

    /// Registers a repository.
    pub async fn add(&self, repository: &Path) {
        let body = json!({ "repository": repository, "branch": null });
        let (status, answer) = self.order("/v1/services", None, &body).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// What lies at a path.
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call("GET", path, None, "").await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    /// Asks for a change, resting on a revision.
    pub async fn order(&self, path: &str, revision: Option<&str>, body: &Value) -> (u16, Value) {
        let (status, body) = self.call("POST", path, revision, &body.to_string()).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// The first answer from `path` of which `is_so` holds.
    pub async fn until(&self, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let wait = async {
            loop {
                // What is not there yet may come.
                let (status, body) = self.call("GET", path, None, "").await;
                last = serde_json::from_slice(&body).unwrap();
                if status == 200 && is_so(&last) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let came = tokio::time::timeout(LIMIT, wait).await;
        assert!(came.is_ok(), "{path} does not become so: {last:#}");
        last
    }

    /// A run once it has ended.
    pub async fn ended(&self, service: &str, run: u64) -> Value {
        let path = format!("/v1/services/{service}/runs/{run}");
        let over = ["succeeded", "failed", "cancelled", "unstable"];
        self.until(&path, |run| over.contains(&run["status"].as_str().unwrap())).await
    }

    /// The whole log of a job's newest try.
    pub async fn log(&self, service: &str, run: u64, job: &str) -> String {
        let mut log = Vec::new();
        loop {
            let path = format!("/v1/services/{service}/runs/{run}/jobs/{job}/log?from={}", log.len());
            let (status, piece) = self.call("GET", &path, None, "").await;
            assert_eq!(status, 200);
            if piece.is_empty() {
                return String::from_utf8(log).unwrap();
            }
            log.extend(piece);
        }
    }

    async fn call(&self, method: &str, path: &str, revision: Option<&str>, body: &str) -> (u16, Vec<u8>) {
        let revision = revision.map(|revision| format!("If-Match: \"{revision}\"\r\n")).unwrap_or_default();
        self.ask(method, path, &revision, body).await.unwrap()
    }

    /// Sends a request with some more lines in its head; `None` if the engine ends before it has answered.
    pub async fn ask(&self, method: &str, path: &str, head: &str, body: &str) -> Option<(u16, Vec<u8>)> {
        let mut stream = TcpStream::connect(&self.address).await.ok()?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n{head}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        // What came before the connection broke counts.
        let _ = stream.read_to_end(&mut answer).await;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        Some((head[9..12].parse().unwrap(), answer[end + 4..].to_vec()))
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        for pid in running_in(&self.0) {
            let _ = kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL);
        }
    }
}

/// Whether no engine holds the folder. One that ended within this process may still be closing its connections.
fn free(data: &Path) -> bool {
    let lock = std::fs::File::open(data.join("engine.lock"));
    lock.map_or(true, |lock| flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok())
}

/// The processes whose working folder lies in `folder`.
pub fn running_in(folder: &Path) -> Vec<i32> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|pid| std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(&folder)))
        .collect()
}

/// Waits until something outside of the engine is so.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(LIMIT, wait).await.is_ok(), "not so: {what}");
}

/// The job called `name` of a run as it is shown.
pub fn job<'a>(run: &'a Value, name: &str) -> &'a Value {
    let stages = run["stages"].as_array().unwrap().iter();
    let mut jobs = stages.flat_map(|stage| stage["jobs"].as_array().unwrap());
    jobs.find(|job| job["name"] == name).unwrap_or_else(|| panic!("no job {name}: {run:#}"))
}
