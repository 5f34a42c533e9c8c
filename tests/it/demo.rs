//! The demonstration, by the real binary: it gets ready as promised, and leaves nothing behind however it ends.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use leverframe::clock::{Clock as _, System};
use leverframe::domain::observation::Overview;
use leverframe::domain::rollout::{Phase, Rollout, Weight};
use leverframe::domain::run::Status;
use leverframe::domain::service::Service;
use leverframe::engine::client::Client;
use leverframe::protocol::paths;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::terminal::Terminal;

const BINARY: &str = env!("CARGO_BIN_EXE_leverframe");
/// How long a demonstration of an unoptimised build on a busy machine may take to get ready.
const READY: Duration = Duration::from_secs(90);
/// How long it may take to end.
const ENDED: Duration = Duration::from_secs(40);

/// A demonstration that is ended, whatever becomes of the test.
struct Demo {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Demo {
    fn start(args: &[&str], temporary: &Path) -> Self {
        let mut command = Command::new(BINARY);
        command.args(args).env("TMPDIR", temporary).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (said, lines) = mpsc::channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
        Self { child, lines }
    }

    /// The folder, once it says that it is ready.
    fn ready(&self) -> PathBuf {
        let line = self.lines.recv_timeout(READY).unwrap();
        let config = PathBuf::from(line.strip_prefix("ready ").unwrap());
        assert!(config.ends_with("config.toml"), "{line}");
        config.parent().unwrap().to_owned()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Its exit code.
    fn ended(&mut self) -> Option<i32> {
        until("it ends", ENDED, || self.child.try_wait().unwrap()).code()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Its host ends what it has started.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for something, and fails if it does not come.
fn until<T>(what: &str, limit: Duration, mut seen: impl FnMut() -> Option<T>) -> T {
    let begun = System.instant();
    loop {
        if let Some(seen) = seen() {
            return seen;
        }
        assert!(System.instant().duration_since(begun) < limit, "{what}: not within {limit:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The processes that work in a folder or are told of it, by what they are called with.
fn processes(folder: &Path) -> Vec<String> {
    let pids = fs::read_dir("/proc").unwrap().flatten();
    let pids = pids.filter(|entry| entry.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok()));
    let told = folder.to_str().unwrap();
    pids.filter_map(|entry| {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let at = fs::read_link(entry.path().join("cwd")).unwrap_or_default();
        (at.starts_with(folder) || line.contains(told)).then_some(line)
    })
    .collect()
}

fn nothing_left(folder: &Path) {
    until("nothing is left", ENDED, || processes(folder).is_empty().then_some(()));
}

async fn overview(folder: &Path) -> Overview {
    Client::of(folder).unwrap().get(paths::OVERVIEW).await.unwrap()
}

fn service<'a>(overview: &'a Overview, name: &str) -> &'a Service {
    overview.services.iter().find(|service| service.name.as_str() == name).unwrap()
}

/// The JSON that a service answers with.
fn ask(url: &str) -> serde_json::Value {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nx-user: user-7\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let body = &answer[answer.find('{').unwrap()..=answer.rfind('}').unwrap()];
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error} in {answer}"))
}

fn is_ready(overview: &Overview) {
    let canary = service(overview, "checkout").environments[2].rollout.clone().unwrap();
    assert_eq!((canary.phase, canary.actual_weight), (Phase::Waiting, Weight::new(25)));
    assert!(canary.steps[canary.step.unwrap().index as usize - 1].manual, "{canary:?}");
    let colors = service(overview, "catalog").environments[2].rollout.clone().unwrap();
    for side in [colors.active.unwrap(), colors.idle.unwrap()] {
        assert!(side.healthy == Some(2) && side.replicas == Some(2), "{side:?}");
    }
    let payments = service(overview, "payments");
    assert!(payments.environments.iter().all(|at| at.release.is_some() && !at.kept.is_empty()), "{payments:?}");
    let gate = payments.environments[2].gates().next().unwrap();
    assert!(gate.open() && gate.approvals.need == 2 && gate.may_approve == Some(true), "{gate:?}");
    let search = service(overview, "search").latest_run.clone().unwrap();
    let failed = search.stages.iter().flat_map(|stage| &stage.jobs).find(|job| job.status == Status::Failed);
    assert_eq!(failed.unwrap().name.as_str(), "e2e");
}

fn answers(overview: &Overview) {
    for service in &overview.services {
        for environment in &service.environments {
            let said = ask(environment.url.as_ref().unwrap().as_str());
            assert_eq!(said["service"], service.name.as_str());
            assert_eq!(said["environment"], environment.name.as_str());
            assert!(said["version"].as_str().unwrap().starts_with('v') && said["commit"].is_string(), "{said}");
            assert!(!said["flags"].as_object().unwrap().is_empty(), "{said}");
        }
    }
}

#[tokio::test]
async fn it_gets_ready_and_is_kept() {
    let temporary = tempfile::tempdir().unwrap();
    let kept = temporary.path().join("kept");
    let mut demo = Demo::start(&["demo", "--no-console", "--keep", kept.to_str().unwrap()], temporary.path());
    let folder = demo.ready();
    assert_eq!(folder, kept.canonicalize().unwrap());
    let overview = overview(&folder).await;
    is_ready(&overview);
    answers(&overview);
    let url = |file: &str| -> String {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        text.lines().find(|line| line.starts_with("url")).unwrap().to_owned()
    };
    assert_eq!(url("config.toml"), url("second.toml"));
    demo.signal(Signal::INT);
    assert_eq!(demo.ended(), Some(0));
    nothing_left(&folder);
    assert!(folder.join("repositories/checkout.git/HEAD").exists());
    taken_up(&folder, &overview, temporary.path()).await;
}

/// An engine that is started on the folder of a demonstration goes on where that was.
async fn taken_up(folder: &Path, before: &Overview, temporary: &Path) {
    let serve = ["engine", "serve", "--stop-instances", "--data", folder.to_str().unwrap()];
    let mut engine = Serving(Demo::start(&serve, temporary));
    let line = engine.0.lines.recv_timeout(READY).unwrap();
    assert!(line.starts_with(&format!("ready {}", folder.join("config.toml").display())), "{line}");
    let now = async {
        loop {
            let now = overview(folder).await;
            let shown = |service: &Service| service.environments.iter().all(|at| healthy(at.rollout.as_ref()));
            if now.services.iter().all(shown) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let now = tokio::time::timeout(READY, now).await.unwrap();
    answers(&now);
    let stands = |overview: &Overview| {
        let canary = service(overview, "checkout").environments[2].rollout.clone().unwrap();
        (canary.phase, canary.set_weight, canary.actual_weight, canary.candidate.map(|side| side.version))
    };
    assert_eq!(stands(&now), stands(before));
    engine.0.signal(Signal::TERM);
    assert_eq!(engine.0.ended(), Some(0));
    nothing_left(folder);
}

fn healthy(rollout: Option<&Rollout>) -> bool {
    let sides = rollout.iter().flat_map(|rollout| rollout.stable.iter().chain(&rollout.candidate));
    { sides }.all(|side| side.healthy == side.replicas)
}

/// An engine, which ends what it started when the test fails.
struct Serving(Demo);

impl Drop for Serving {
    fn drop(&mut self) {
        if self.0.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.0.signal(Signal::TERM);
            let _ = self.0.child.wait();
        }
    }
}

#[tokio::test]
async fn whoever_kills_it_ends_everything() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().canonicalize().unwrap();
    let mut demo = Demo::start(&["demo", "--no-console"], &root);
    let serves = || processes(&root).iter().any(|line| line.contains("demo-service")).then_some(());
    until("a service runs", READY, serves);
    demo.signal(Signal::KILL);
    assert_eq!(demo.ended(), None);
    until("the folder is removed", ENDED, || root.read_dir().unwrap().next().is_none().then_some(()));
    nothing_left(&root);
}

#[test]
fn a_folder_with_something_else_in_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), "").unwrap();
    let mut demo = Demo::start(&["demo", "--no-console", "--keep", folder.path().to_str().unwrap()], folder.path());
    assert_eq!(demo.ended(), Some(2));
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
}

#[test]
fn the_console_opens_at_once_and_takes_everything_with_it() {
    let temporary = tempfile::tempdir().unwrap();
    let kept = temporary.path().canonicalize().unwrap().join("kept");
    let words = ["demo", "--keep", kept.to_str().unwrap()];
    let mut terminal = Terminal::start(&words, temporary.path(), (120, 36));
    for name in ["checkout", "payments", "search", "catalog"] {
        terminal.shows(name);
    }
    terminal.types("q");
    assert_eq!(terminal.code(), 0);
    nothing_left(&kept);
    let mut again = Terminal::start(&words, temporary.path(), (120, 36));
    again.shows("catalog");
    again.signal("KILL");
    again.code();
    nothing_left(&kept);
}
