//! An engine of the binary on a folder, and the git repositories that it is given.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use leverframe::clock::{Clock as _, System};
use serde_json::Value;

/// Commits everything in a repository.
pub fn commit(repository: &Path, title: &str) {
    git(repository, &["add", "."]);
    git(repository, &["-c", "user.name=Bench", "-c", "user.email=bench@example.org", "commit", "-q", "-m", title]);
}

/// Calls git in it.
pub fn git(repository: &Path, words: &[&str]) {
    assert!(Command::new("git").args(words).current_dir(repository).status().unwrap().success());
}

/// An engine of the binary, on a folder.
pub struct Engine {
    pub child: Child,
    address: String,
    token: String,
}

impl Engine {
    /// Starts it; how long that took until it was ready.
    pub fn start(data: &Path) -> (Self, Duration) {
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

    /// Asks it, and gives the answer of what must succeed.
    pub fn call(&self, method: &str, path: &str, body: &str) -> Value {
        let (status, answer) = self.ask(method, path, body);
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// The status of an answer, and what it says.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
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

    /// Waits for the end of a run; what it is then.
    pub fn ended(&self, number: u64) -> Value {
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
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
