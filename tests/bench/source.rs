//! A source of as many services as wanted, on a port of this machine: it answers the overview, and 304 to whoever has
//! seen it. What it says can be changed, as a pipeline changes it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use leverframe::clock::{Clock as _, System};
use serde_json::{Value, json};

/// A source.
pub struct Source {
    /// Its address.
    pub url: String,
    said: Arc<Mutex<Said>>,
}

struct Said {
    version: u64,
    body: String,
    asked: u64,
    /// Whether it says something else about every service each time it is asked.
    restless: Option<usize>,
}

impl Source {
    /// One that knows `services`.
    pub fn start(services: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let said = Arc::new(Mutex::new(Said {
            version: 1,
            body: overview(services, 0).to_string(),
            asked: 0,
            restless: None,
        }));
        let answers = Arc::clone(&said);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answers = Arc::clone(&answers);
                std::thread::spawn(move || serve(stream, &answers));
            }
        });
        Self { url, said }
    }

    /// Says something else from now on: the first service's production goes to another weight.
    pub fn change(&self, services: usize, round: u64) {
        let mut said = self.said.lock().unwrap();
        said.version += 1;
        said.body = overview(services, round).to_string();
    }

    /// So many of its services have a run at work from now on.
    pub fn run(&self, services: usize, running: usize) {
        let mut all = overview(services, 0);
        let now = System.now().to_string();
        for service in all["services"].as_array_mut().unwrap().iter_mut().take(running) {
            let job = json!({ "name": "unit", "status": "running", "steps": [], "started_at": now });
            let stage =
                json!({ "name": "test", "kind": "test", "status": "running", "started_at": now, "jobs": [job] });
            service["latest_run"] = json!({
                "service": service["name"], "id": "7", "number": 7, "attempt": 1, "status": "running", "ref": "main",
                "commit": "ad0be50c0de1", "title": "Rank by freshness", "author": "dora", "initiator": "dora",
                "created_at": now, "started_at": now, "revision": "r7", "stages": [stage]
            });
        }
        let mut said = self.said.lock().unwrap();
        said.version += 1;
        said.body = all.to_string();
    }

    /// From now on something else is true of all its services each time it is asked.
    pub fn never_rests(&self, services: usize) {
        self.said.lock().unwrap().restless = Some(services);
    }

    /// How often it was asked.
    pub fn asked(&self) -> u64 {
        self.said.lock().unwrap().asked
    }
}

fn serve(stream: TcpStream, said: &Mutex<Said>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let (mut path, mut seen) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end();
            if path.is_empty() {
                line.split(' ').nth(1).unwrap_or_default().clone_into(&mut path);
            } else if line.is_empty() {
                break;
            } else if let Some(tag) = line.to_ascii_lowercase().strip_prefix("if-none-match: ") {
                tag.clone_into(&mut seen);
            }
        }
        let mut said = said.lock().unwrap();
        said.asked += 1;
        if let Some(services) = said.restless.filter(|_| path == "/v1/overview") {
            said.version += 1;
            said.body = restless(services, said.version).to_string();
        }
        let tag = format!("\"{}\"", said.version);
        let answer = match (path.as_str(), seen == tag) {
            ("/v1/overview", true) => format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n"),
            ("/v1/overview", false) => format!(
                "HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                said.body.len(),
                said.body
            ),
            _ => "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}".to_owned(),
        };
        drop(said);
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// So many services like those of the tests' shop; nothing in them moves but what `round` moves.
fn overview(services: usize, round: u64) -> Value {
    let shop: Value = serde_json::from_str(include_str!("../worlds/shop.json")).unwrap();
    let said = &shop["answers"][0]["overview"];
    let known = said["services"].as_array().unwrap();
    let calm: Vec<Value> = known.iter().map(|service| still(service.clone())).collect();
    let all = (0..services).map(|at| named(&calm[at % calm.len()], &format!("service-{at:04}")));
    let mut all: Vec<Value> = all.collect();
    if round > 0
        && let Some(first) = all.first_mut()
    {
        first["environments"][0]["release"]["version"] = json!(format!("v9.{round}.0"));
        first["environments"][0]["revision"] = json!(format!("r{round}"));
    }
    json!({ "services": all, "flags": [], "login": said["login"] })
}

/// An overview in which every service differs from the last, outside of what a screen shows first.
fn restless(services: usize, round: u64) -> Value {
    let mut all = overview(services, 0);
    for service in all["services"].as_array_mut().unwrap() {
        service["environments"][0]["release"]["version"] = json!(format!("v9.{round}.0"));
        service["environments"][0]["revision"] = json!(format!("r{round}"));
    }
    all
}

/// The service as it is when nothing happens: its run over, its rollouts at rest.
fn still(mut service: Value) -> Value {
    service["latest_run"] = Value::Null;
    for environment in service["environments"].as_array_mut().unwrap() {
        environment["state"] = json!("live");
        for gone in ["rollout", "gate", "queued"] {
            environment[gone] = Value::Null;
        }
    }
    service
}

fn named(service: &Value, name: &str) -> Value {
    let old = service["name"].to_string();
    serde_json::from_str(&service.to_string().replace(&old, &format!("\"{name}\""))).unwrap()
}
