//! The whole way: a commit is built, released, brought from environment to environment past a gate, and serves; by an
//! engine within the test, and by the program itself.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::fixture::Fixture;
use super::running::{Engine, job, running_in, until};

const SERVER: &str = r#"
import http.server, os

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = b"ok" if self.path == "/healthz" else open("version", "rb").read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"#;

/// A service whose root page is the content of the file `version`.
fn service(more: &str) -> Fixture {
    let repository = Fixture::new();
    repository.write("app.py", SERVER);
    repository.write("version", "one");
    if !more.is_empty() {
        repository.write("leverframe.toml", more);
    }
    repository
}

fn pipeline() -> String {
    let environment = |name: &str, more: &str| {
        format!(
            "[[environment]]\nname = \"{name}\"\nstart = \"exec python3 app.py\"\nhealth = {{ path = \"/healthz\" }}\n{more}\n"
        )
    };
    [
        "[service]\nname = \"shop\"\n[[stage]]\nname = \"build\"\n[[stage.job]]\nname = \"compile\"\n\
         run = [\"python3 -m ast app.py > /dev/null\"]\nartifacts = [\"app.py\", \"version\"]\n\
         [[stage]]\nname = \"release\"\n"
            .to_owned(),
        environment("development", ""),
        environment("staging", ""),
        environment("production", "gate = { approvals = 1 }"),
    ]
    .concat()
}

async fn environment(engine: &Engine, name: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    engine.until(&format!("/v1/services/shop/environments/{name}"), is_so).await
}

/// What an environment answers at its address.
async fn page(environment: &Value) -> String {
    let address = environment["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn serves(version: &Value) -> impl Fn(&Value) -> bool {
    move |environment| environment["state"] == "live" && environment["release"]["version"] == *version
}

/// Says yes at the gate of production once one waits there for another run than `before`.
async fn approve(engine: &Engine, release: &Value) {
    let waits =
        |environment: &Value| environment["gate"]["state"] == "waiting" && environment["gate"]["release"] == *release;
    let gate = environment(engine, "production", waits).await["gate"].clone();
    let path = format!("/v1/gates/{}/decision", gate["id"].as_str().unwrap().replace('/', "%2F"));
    let body = json!({ "verdict": "approve", "comment": null });
    let (status, answer) = engine.order(&path, gate["revision"].as_str(), &body).await;
    assert_eq!(status, 200, "{answer} {gate:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_goes_all_the_way_and_the_next_one_is_counted() {
    let repository = service(&pipeline());
    repository.commit("first");
    let engine = Engine::start(&repository.beside("data")).await;
    engine.add(&repository.path()).await;
    let path = "/v1/services/shop/runs/1";
    let release = engine.until(path, |run| !run["release"].is_null()).await["release"].clone();
    for name in ["development", "staging"] {
        let environment = environment(&engine, name, serves(&release)).await;
        assert_eq!(page(&environment).await, "one");
    }
    approve(&engine, &release).await;
    let production = environment(&engine, "production", serves(&release)).await;
    assert_eq!((page(&production).await.as_str(), production["behind"]["changes"].as_u64()), ("one", Some(0)));
    assert_eq!(engine.ended("shop", 1).await["status"], "succeeded");
    repository.write("version", "two");
    repository.commit("second");
    let path = "/v1/services/shop/runs/2";
    let next = engine.until(path, |run| !run["release"].is_null()).await["release"].clone();
    let staging = environment(&engine, "staging", serves(&next)).await;
    assert_eq!(page(&staging).await, "two");
    let production = environment(&engine, "production", |place| place["behind"]["changes"] == 1).await;
    assert_eq!(page(&production).await, "one", "production waits for somebody");
    let changes = engine.until("/v1/services/shop/changes?from=production&to=staging", |_| true).await;
    let file = json!([{ "path": "version", "status": "modified" }]);
    assert_eq!((&changes["commits"][0]["title"], &changes["commits"][0]["files"]), (&json!("second"), &file));
    assert_eq!((&changes["files"], &changes["files_total"]), (&file, &Value::Null));
    approve(&engine, &next).await;
    let production = environment(&engine, "production", serves(&next)).await;
    assert_eq!(page(&production).await, "two");
    let back = |from: &str| {
        let to = release.as_str().unwrap();
        format!("/v1/services/shop/changes?from=production&to=production&lacks={to}&has={from}")
    };
    let changes = engine.until(&back(next.as_str().unwrap()), |_| true).await;
    assert_eq!(changes["commits"].as_array().unwrap().len(), 1, "what a rollback takes back: {changes}");
    assert_eq!((&changes["commits"][0]["title"], &changes["files"]), (&json!("second"), &file));
    engine.stop().await;
}

/// The program, serving; killed at the end of the test.
pub struct Program(Child);

impl Program {
    /// Starts `engine serve`, and waits until it says that it is ready.
    pub fn serve(data: &Path) -> (Self, Engine) {
        let mut child = leverframe(data).arg("serve").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().trim_end_matches(',');
        (Self(child), Engine::at(data, url))
    }

    /// Tells it to end, and gives its exit code.
    pub fn end(mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.0), Signal::TERM).unwrap();
        self.0.wait().unwrap().code()
    }

    /// Kills it, whatever it is doing.
    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A call of `leverframe engine` on `data`.
pub fn leverframe(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leverframe"));
    command.arg("engine").env("LEVERFRAME_DATA", data);
    command
}

fn says(command: &mut Command) -> String {
    let out = command.output().unwrap();
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_a_service_that_runs_by_the_program_itself() {
    let repository = service("");
    let data = repository.beside("data");
    let (program, engine) = Program::serve(&data);
    let written = says(leverframe(&data).arg("init").arg(repository.path()));
    assert!(written.contains("service repository, a Python project"), "{written}");
    let again = leverframe(&data).arg("init").arg(repository.path()).output().unwrap();
    assert_eq!(again.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&again.stderr).contains("hint: change it, or write it anew: --force"));
    repository.commit("a first pipeline");
    says(leverframe(&data).arg("add").arg(repository.path()));
    let place = |name: &str| format!("/v1/services/repository/environments/{name}");
    for name in ["development", "staging"] {
        let environment = engine.until(&place(name), |environment| environment["state"] == "live").await;
        assert_eq!(page(&environment).await, "one");
    }
    engine.until(&place("production"), |environment| environment["gate"]["state"] == "waiting").await;
    drop(program);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_engine_leaves_nothing_running_twice() {
    let repository = Fixture::new();
    let (data, tries) = (repository.beside("data"), repository.beside("tries"));
    let line = format!("echo $$ >> '{0}'; test $(wc -l < '{0}') = 2 || setsid sleep 1000", tries.display());
    let stage = "[service]\nname = \"shop\"\n[[stage]]\nname = \"build\"\n[[stage.job]]\nname = \"build\"\n";
    repository.write("leverframe.toml", format!("{stage}repeatable = true\nrun = [{line:?}]\n"));
    repository.commit("change");
    let (program, engine) = Program::serve(&data);
    engine.add(&repository.path()).await;
    // The line's own short-lived processes are over when its last one runs.
    let sleeps = |pid: &i32| std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name == "sleep\n");
    until("the job runs", || running_in(&data.join("work")).iter().any(sleeps)).await;
    let before = running_in(&data.join("work"));
    program.kill();
    assert!(before.iter().all(|pid| alive(*pid)), "a kill leaves the job's processes");
    let (program, engine) = Program::serve(&data);
    assert!(!before.iter().any(|pid| alive(*pid)), "they are ended before anything begins");
    let run = engine.ended("shop", 1).await;
    assert_eq!(job(&run, "build")["status"], "succeeded", "{run:#}");
    assert_eq!(std::fs::read_to_string(&tries).unwrap().lines().count(), 2);
    drop(program);
}

fn alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, after)| !after.starts_with(['Z', 'X']))
}
