//! An engine with one service, and the binary that is asked about it.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use leverframe::clock::System;
use leverframe::engine::{Guest, Settings, serve};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::engine::fixture::Fixture;

/// A pipeline whose only run ends at its first job, so that nothing is ever deployed.
const PIPELINE: &str = r#"
[service]
name = "checkout"

[[stage]]
name = "build"
kind = "build"
[[stage.job]]
name = "compile"
run = ["echo built $((1 + 1))", "false"]

[[stage]]
name = "release"
kind = "release"
version = "git"

[[environment]]
name = "staging"
start = "sleep 600"

[[environment]]
name = "production"
start = "sleep 600"
rollout = { kind = "canary", steps = [25, 100], bake = "1m" }

[[flag]]
key = "new-basket"
description = "the new basket"
"#;

/// An engine that runs until it is dropped.
pub struct Bench {
    /// Its data folder.
    pub folder: tempfile::TempDir,
    _repository: Fixture,
    cancel: CancellationToken,
    engine: Option<JoinHandle<()>>,
}

/// What the binary said.
pub struct Said {
    /// Its exit code.
    pub code: i32,
    /// On standard output.
    pub out: String,
    /// On standard error.
    pub err: String,
}

impl Said {
    /// Its one document.
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let code = output.status.code().unwrap_or(-1);
        Self { code, out: text(&output.stdout), err: text(&output.stderr) }
    }
}

impl Bench {
    /// A running engine that knows the service `checkout` and its two environments.
    pub fn new() -> Self {
        let repository = Fixture::new();
        repository.write("leverframe.toml", PIPELINE);
        repository.commit("a basket");
        let folder = tempfile::tempdir().unwrap();
        let cancel = CancellationToken::new();
        let engine = Some(engine(folder.path(), &cancel));
        let path = repository.path();
        let bench = Self { folder, _repository: repository, cancel, engine };
        let added =
            bench.run(&["engine", "add", path.to_str().unwrap(), "--data", bench.folder.path().to_str().unwrap()]);
        assert_eq!(added.code, 0, "{}", added.err);
        let environments =
            |status: &Value| status["data"]["services"][0]["environments"].as_array().map_or(0, Vec::len);
        until("the pipeline is read", || environments(&bench.json(&["status"]).1) == 2);
        bench
    }

    /// The binary with these words, asked about this engine as its owner.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = plain(words);
        command.env("LEVERFRAME_CONFIG", self.folder.path().join("config.toml"));
        command
    }

    /// What it says.
    pub fn run(&self, words: &[&str]) -> Said {
        self.command(words).output().unwrap().into()
    }

    /// The one document that it prints with `--json`, and its exit code.
    pub fn json(&self, words: &[&str]) -> (i32, Value) {
        let said = self.run(&[words, &["--json"]].concat());
        (said.code, said.document())
    }

    /// A configuration for the person whose token lies in `file`.
    pub fn config_of(&self, file: &str) -> std::path::PathBuf {
        let text = std::fs::read_to_string(self.folder.path().join("config.toml")).unwrap();
        let path = self.folder.path().join(format!("{file}.toml"));
        std::fs::write(&path, text.replace("file = \"token\"", &format!("file = \"{file}\""))).unwrap();
        path
    }

    /// Ends the engine and starts it again.
    pub fn again(&mut self) {
        self.stop();
        self.cancel = CancellationToken::new();
        self.engine = Some(engine(self.folder.path(), &self.cancel));
    }

    /// Ends the engine.
    pub fn stop(&mut self) {
        self.cancel.cancel();
        if let Some(engine) = self.engine.take() {
            engine.join().unwrap();
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.cancel.cancel();
        self.engine.take().map(JoinHandle::join);
    }
}

/// The binary with these words and an environment that names nothing.
pub fn plain(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leverframe"));
    command.args(words).env_clear().stdin(Stdio::null());
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", "/nonexistent").env("USER", "ada");
    command
}

/// Waits until `holds`, not longer than 20 s.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    #[expect(clippy::disallowed_methods, reason = "a deadline of the test itself")]
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn engine(data: &Path, cancel: &CancellationToken) -> JoinHandle<()> {
    let guest = |name: &str, role: &str| Guest { name: name.into(), roles: vec![role.into()], file: role.into() };
    let people = vec![guest("vera", "viewer"), guest("otto", "operator")];
    let settings = Settings {
        data: data.to_owned(),
        owner: Some("ada".into()),
        people,
        state_dir: Some("state".into()),
        stop_instances: true,
        ..Settings::default()
    };
    let (cancel, (tell, ready)) = (cancel.clone(), mpsc::channel());
    let running = std::thread::spawn(move || {
        let tasks = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let serving = serve(settings, Arc::new(System), cancel, move |_| tell.send(()).unwrap());
        tasks.block_on(serving).unwrap();
    });
    ready.recv_timeout(Duration::from_secs(20)).unwrap();
    running
}
