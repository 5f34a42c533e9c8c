//! What the engine adds to the work it does: its overhead per step over the same command by hand; and what a long history
//! costs it: the overview's answer and its start with a thousand finished runs. `cargo bench --bench engine`.

#![expect(clippy::unwrap_used, reason = "in a measurement, what must not fail ends it")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use leverframe::clock::{Clock as _, System};
use serde_json::Value;

/// Steps of the job that is timed.
const STEPS: usize = 100;
/// Finished runs that make a long history.
const RUNS: u64 = 1000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(folder.path());
    let data = folder.path().join("data");
    let (mut engine, first) = Engine::start(&data);
    let body = serde_json::json!({ "repository": repository, "branch": null }).to_string();
    engine.call("POST", "/v1/services", &body);
    engine.ended(1);
    let job = median((0..5).map(|_| engine.job()).collect());
    let hand = median((0..5).map(|_| by_hand()).collect());
    let steps = u32::try_from(STEPS).unwrap();
    told("a step by the engine", job / steps);
    told("the same command by hand", hand / steps);
    told("overhead per step (at most 10 ms)", job.saturating_sub(hand) / steps);
    let known = engine.runs();
    for _ in known..RUNS {
        engine.run();
    }
    let answers = (0..50).map(|_| timed(|| drop(engine.call("GET", "/v1/overview", "")))).collect();
    told("the overview, 1,000 finished runs (at most 20 ms)", median(answers));
    let again = (0..5).map(|_| {
        engine.stop();
        let (started, took) = Engine::start(&data);
        engine = started;
        took
    });
    told("start on an empty folder", first);
    told("start with 1,000 finished runs (at most 300 ms)", median(again.collect()));
}

fn repository(folder: &Path) -> String {
    let repository = folder.join("repository");
    std::fs::create_dir(&repository).unwrap();
    let lines = vec!["\"true\""; STEPS].join(", ");
    let pipeline = format!(
        "[service]\nname = \"bench\"\n\n[[stage]]\nname = \"build\"\nkind = \"build\"\n[[stage.job]]\nname = \"steps\"\n\
         run = [{lines}]\n"
    );
    let short = pipeline.replace(&lines, "\"true\"");
    std::fs::write(repository.join("leverframe.toml"), pipeline).unwrap();
    git(&repository, &["init", "-q", "-b", "main"]);
    commit(&repository, "a hundred steps");
    git(&repository, &["switch", "-q", "-c", "short"]);
    std::fs::write(repository.join("leverframe.toml"), short).unwrap();
    commit(&repository, "one step");
    git(&repository, &["switch", "-q", "main"]);
    repository.to_str().unwrap().to_owned()
}

fn commit(repository: &Path, title: &str) {
    git(repository, &["add", "."]);
    git(repository, &["-c", "user.name=Bench", "-c", "user.email=bench@example.org", "commit", "-q", "-m", title]);
}

fn git(repository: &Path, words: &[&str]) {
    assert!(Command::new("git").args(words).current_dir(repository).status().unwrap().success());
}

fn by_hand() -> Duration {
    timed(|| {
        for _ in 0..STEPS {
            assert!(Command::new("sh").args(["-e", "-c", "true"]).status().unwrap().success());
        }
    })
}

/// An engine of the binary, on a folder.
struct Engine {
    child: Child,
    address: String,
    token: String,
}

impl Engine {
    /// Starts it; how long that took until it was ready.
    fn start(data: &Path) -> (Self, Duration) {
        let began = System.instant();
        let mut child = Command::new(env!("CARGO_BIN_EXE_leverframe"))
            .args(["engine", "serve", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let took = System.instant().duration_since(began);
        let address = ready.split("http://").nth(1).unwrap().split(',').next().unwrap().to_owned();
        let token = std::fs::read_to_string(data.join("token")).unwrap().trim().to_owned();
        (Self { child, address, token }, took)
    }

    fn stop(&mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap();
    }

    fn call(&self, method: &str, path: &str, body: &str) -> Value {
        let (status, answer) = self.ask(method, path, body);
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// The status of an answer, and what it says.
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
        (status, serde_json::from_slice(&answer[end + 4..]).unwrap_or_default())
    }

    /// The newest run's number.
    fn runs(&self) -> u64 {
        let runs = self.call("GET", "/v1/services/bench/runs", "");
        runs["runs"][0]["number"].as_u64().unwrap()
    }

    /// Starts a run of a branch and waits for its end; what it is then.
    fn start_run(&self, branch: &str) -> Value {
        let body = serde_json::json!({ "branch": branch, "reason": null }).to_string();
        let answer = self.call("POST", "/v1/services/bench/runs", &body);
        let number = answer["run"]["id"].as_str().unwrap().parse().unwrap();
        self.ended(number)
    }

    fn ended(&self, number: u64) -> Value {
        loop {
            match self.ask("GET", &format!("/v1/services/bench/runs/{number}"), "") {
                (200, run) if run["status"] == "succeeded" => return run,
                (200, run) if run["status"] == "failed" || run["status"] == "cancelled" => panic!("{run:#}"),
                // A commit that the engine has not seen yet has no run.
                (200 | 404, _) => std::thread::sleep(Duration::from_millis(5)),
                other => panic!("{other:?}"),
            }
        }
    }

    /// How long the job with many steps took, as the engine tells it.
    fn job(&self) -> Duration {
        let run = self.start_run("main");
        Duration::from_millis(run["stages"][0]["jobs"][0]["duration_ms"].as_u64().unwrap())
    }

    fn run(&self) {
        self.start_run("short");
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = System.instant();
    work();
    System.instant().duration_since(began)
}

fn median(mut figures: Vec<Duration>) -> Duration {
    figures.sort_unstable();
    figures[figures.len() / 2]
}

fn told(what: &str, figure: Duration) {
    println!("{what:52} {:8.2} ms", figure.as_secs_f64() * 1000.0);
}
