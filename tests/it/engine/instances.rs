//! Instances of a running engine, from a commit on: they outlive it however it ends, and none is there twice.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use leverframe::engine::client::Client;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::fixture::Fixture;
use super::running::{Engine, running_in, until};

const PIPELINE: &str = r#"
[service]
name = "shop"
[[stage]]
name = "build"
kind = "build"
[[stage.job]]
name = "compile"
run = ["test -s server.py"]
artifacts = ["server.py"]
repeatable = true
[[stage]]
name = "release"
kind = "release"
version = "git"
[[environment]]
name = "production"
tier = "production"
start = "exec python3 server.py"
replicas = 2
health = { path = "/healthz", within = "40s" }
"#;

const SERVER: &str = r#"
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ["LEVERFRAME_VERSION"].encode())
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"#;

const OVERVIEW: &str = "/v1/overview";

/// The commit that serves in production, and nothing else moves there.
fn serves(overview: &Value, commit: &str) -> bool {
    let environment = &overview["services"][0]["environments"][0];
    environment["release"]["commit"] == commit && environment["state"] == "live"
}

/// The program's own engine, in a process of its own.
struct Program(Child);

impl Program {
    async fn start(data: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leverframe"));
        command.args(["engine", "serve", "--data"]).arg(data).current_dir("/");
        let program = Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let client = Client::of(data).unwrap();
        let answers = async {
            while client.get::<Value>(OVERVIEW).await.is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_mins(2), answers).await.unwrap();
        program
    }
}

impl Drop for Program {
    /// As `kill -9`.
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Whatever becomes of the test, nothing is left of it.
struct Cleared(PathBuf);

impl Drop for Cleared {
    fn drop(&mut self) {
        for pid in running_in(&self.0) {
            // It may have ended in this moment.
            let _ = kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL);
        }
    }
}

fn sorted(mut pids: Vec<i32>) -> Vec<i32> {
    pids.sort_unstable();
    pids
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_outlive_their_engine_and_none_is_doubled() {
    let repository = Fixture::new();
    repository.write("leverframe.toml", PIPELINE);
    repository.write("server.py", SERVER);
    let first = repository.commit("first");
    let data = repository.beside("data");
    let _cleared = Cleared(data.clone());

    let engine = Engine::start(&data).await;
    engine.add(&repository.path()).await;
    engine.until(OVERVIEW, |overview| serves(overview, &first)).await;
    until("only instances run", || running_in(&data).len() == 2).await;
    let before = sorted(running_in(&data));
    engine.leave().await;
    assert_eq!(sorted(running_in(&data)), before, "an engine that ends leaves them");

    let program = Program::start(&data).await;
    assert_eq!(sorted(running_in(&data)), before, "the next one takes them over");
    let second = repository.commit("second");
    until("the second release is on its way", || running_in(&data).len() > 2).await;
    drop(program);

    let engine = Engine::start(&data).await;
    let overview = engine.until(OVERVIEW, |overview| serves(overview, &second)).await;
    until("no instance is doubled", || running_in(&data).len() == 4).await;
    let now = sorted(running_in(&data));
    assert!(before.iter().all(|pid| now.contains(pid)), "the release before is kept ready, as it was");
    let url = overview["services"][0]["environments"][0]["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
}
