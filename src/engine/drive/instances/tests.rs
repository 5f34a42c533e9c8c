//! Real processes that are kept running, behind the real router.

use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::{run, stop_all, take_over};
use crate::clock::{Clock as _, System};
use crate::domain::run::Status;
use crate::engine::core::Core;
use crate::engine::drive::routing;
use crate::engine::folder::Folder;
use crate::engine::observed::{Board, Health};
use crate::engine::process::{self, Identity, Mark, Program};
use crate::engine::router::Traffic;
use crate::engine::rules::settle;
use crate::engine::rules::tests::bench::{self, STAGES, at, environment, version};
use crate::engine::state::deployment::Stand;
use crate::engine::state::place::{Instance, Standing};
use crate::engine::store::{Draft, Ledger};

/// Answers `/healthz` with what the file `status` says, else 200; `/slow` when there is a file `go`; always with its
/// environment.
const SERVER: &str = r#"
import http.server, os, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status = int(open("status").read()) if os.path.exists("status") and self.path == "/healthz" else 200
        while self.path == "/slow" and not os.path.exists("go"):
            open("began", "w").close()
            time.sleep(0.01)
        self.send_response(status)
        self.end_headers()
        self.wfile.write("\n".join(f"{k}={v}" for k, v in os.environ.items()).encode())
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"#;

/// A data folder; every process that is left of it ends with the test.
struct Yard {
    folder: TempDir,
    pipeline: String,
    identity: String,
}

/// A driver at work on it.
struct Engine {
    runtime: Runtime,
    core: Arc<Core>,
    stop: CancellationToken,
}

impl Yard {
    fn new(tier: &str, replicas: u32, within: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let more = format!("replicas = {replicas}\nhealth = {{ path = \"/healthz\", within = \"{within}\" }}");
        let pipeline = format!("{STAGES}{}", environment("prod", tier, &more)).replace("./shop", "exec sh ./start");
        let identity = format!("test{}", folder.path().display());
        Self { folder, pipeline, identity }
    }

    /// An engine on this folder.
    fn engine(&self) -> Engine {
        let folder = Folder::open(self.folder.path()).unwrap();
        let ledger = Ledger::open(&folder.database(), Arc::new(System), settle).unwrap();
        let core = Arc::new(Core {
            ledger,
            board: Board::default(),
            traffic: Traffic::new(Arc::new(System)),
            clock: Arc::new(System),
            folder,
            boot: "boot".into(),
            identity: self.identity.clone(),
            flag_key: "key".into(),
            started_at: System.now(),
            url: "http://127.0.0.1:1".into(),
        });
        let runtime = Runtime::new().unwrap();
        let stop = CancellationToken::new();
        runtime.block_on(take_over(&core));
        runtime.spawn(run(Arc::clone(&core), stop.clone()));
        runtime.spawn(routing::run(Arc::clone(&core), stop.clone()));
        Engine { runtime, core, stop }
    }

    fn processes(&self) -> usize {
        process::marked(&self.identity).len()
    }
}

impl Drop for Yard {
    fn drop(&mut self) {
        Runtime::new().unwrap().block_on(process::end_left_over(&self.identity, |_| false, |_| None));
    }
}

async fn write<T: Send + 'static>(core: &Core, change: impl FnOnce(&mut Draft) -> T + Send + 'static) -> T {
    let written = core.ledger.write(|draft| Ok::<_, std::convert::Infallible>(change(draft)));
    written.await.unwrap().unwrap()
}

impl Engine {
    /// Makes a release whose instances are started by `script`, and lets it arrive.
    fn release(&self, pipeline: &str, number: u64, script: &str, files: &[(&str, &str)]) {
        let folder = self.core.folder.release(&bench::shop(), &version(number));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, content) in [("start", script), ("server.py", SERVER)].iter().chain(files) {
            std::fs::write(folder.join(name), content).unwrap();
        }
        let pipeline = pipeline.to_owned();
        self.runtime.block_on(write(&self.core, move |draft| {
            if number == 1 {
                bench::register(draft);
            }
            assert_eq!(bench::commit(draft, &pipeline), Some(number));
            settle(draft);
            bench::end_job(draft, number, "compile", Status::Succeeded);
            settle(draft);
            bench::make_release(draft, number);
        }));
    }

    fn standing(&self) -> Standing {
        (**self.core.ledger.state().places.get(&at("prod")).unwrap()).clone()
    }

    fn live(&self) -> Option<String> {
        self.standing().live.map(|live| live.version.to_string())
    }

    fn instances(&self) -> Vec<Instance> {
        self.standing().serving_set().map(|set| set.instances.clone()).unwrap_or_default()
    }

    fn health(&self) -> Health {
        let set = self.standing().serving.unwrap_or_default();
        self.core.board.read().sets.get(&(at("prod"), set)).cloned().unwrap_or_default()
    }

    fn stand(&self, id: u64) -> Option<Stand> {
        self.core.ledger.state().deployments.get(&id).map(|deployment| deployment.stand)
    }

    /// As `kill -9` would: whatever it is doing is left as it is.
    fn killed(self) {
        self.runtime.shutdown_timeout(Duration::from_secs(5));
    }

    /// As it should end.
    fn ended(self) {
        self.stop.cancel();
        self.runtime.shutdown_timeout(Duration::from_secs(5));
    }
}

fn identity(instance: &Instance) -> Identity {
    serde_json::from_value(instance.process.clone().unwrap()).unwrap()
}

fn kill(process: &Identity) {
    let pid = rustix::process::Pid::from_raw(process.pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..6000 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("not so after a minute: {what}");
}

const GOOD: &str = "exec python3 server.py";

#[test]
fn a_release_gets_healthy_and_serves() {
    let yard = Yard::new("production", 2, "40s");
    let engine = yard.engine();
    engine.release(&yard.pipeline, 1, GOOD, &[]);
    until("v1 serves", || engine.live().as_deref() == Some("v1"));
    let health = engine.health();
    assert_eq!((health.healthy, health.trouble), (2, None));
    let instances = engine.instances();
    assert_eq!(health.ready, [instances[0].port, instances[1].port]);
    assert!(instances.iter().all(|instance| identity(instance).alive() && instance.life == 1));
    let text = get(instances[1].port, "/env");
    for line in [
        &format!("PORT={}", instances[1].port),
        "LEVERFRAME_SERVICE=shop",
        "LEVERFRAME_ENVIRONMENT=prod",
        "LEVERFRAME_VERSION=v1",
        "LEVERFRAME_COMMIT=c",
        "LEVERFRAME_FLAGS_URL=http://127.0.0.1:1/environments/prod",
        "LEVERFRAME_PROCESS=instance/shop/prod/1/2/1",
    ] {
        assert!(text.lines().any(|other| other == line), "{line} is not in {text}");
    }
    assert!(!text.contains("CARGO"), "{text}");
    engine.ended();
    assert!(instances.iter().all(|instance| identity(instance).alive()), "instances outlive the engine");
}

/// The body of an answer, as curl would have it.
fn get(port: u16, path: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn one_that_dies_is_started_again_on_its_own() {
    let yard = Yard::new("production", 2, "40s");
    let engine = yard.engine();
    engine.release(&yard.pipeline, 1, GOOD, &[]);
    until("v1 serves", || engine.live().as_deref() == Some("v1"));
    let other = engine.instances()[1].clone();
    for life in 2..=3 {
        kill(&identity(&engine.instances()[0]));
        until("it is missed", || engine.health().healthy == 1);
        assert_eq!(engine.health().trouble.unwrap().as_str(), "ended by signal 9");
        assert_eq!(engine.health().ready, [other.port]);
        until("it is back", || engine.health().healthy == 2);
        assert_eq!(engine.instances()[0].life, life);
    }
    assert_eq!(engine.instances()[1], other);
    assert_eq!(yard.processes(), 2);
}

#[test]
fn one_that_does_not_get_healthy_is_given_up_and_the_old_release_stays() {
    let yard = Yard::new("production", 1, "40s");
    let engine = yard.engine();
    engine.release(&yard.pipeline, 1, GOOD, &[]);
    until("v1 serves", || engine.live().as_deref() == Some("v1"));
    let before = engine.instances();
    let quick = yard.pipeline.replace("40s", "2s");
    engine.release(&quick, 2, GOOD, &[("status", "503")]);
    until("v2 is given up", || engine.stand(2) == Some(Stand::Failed));
    let message = engine.standing().rollout.unwrap().message.unwrap();
    assert!(message.starts_with("0 of 1 instances got healthy in time: GET /healthz: "), "{message}");
    engine.release(&quick, 3, "echo no database; exit 3", &[]);
    until("v3 is given up", || engine.stand(3) == Some(Stand::Failed));
    let message = engine.standing().rollout.unwrap().message.unwrap();
    assert_eq!(message, "0 of 1 instances got healthy in time: exit code 3: no database");
    until("they are gone", || engine.standing().sets.len() == 1);
    assert_eq!((engine.live().as_deref(), engine.instances()), (Some("v1"), before));
    until("only one runs", || yard.processes() == 1);
}

#[test]
fn a_killed_engine_leaves_nothing_doubled_and_nothing_behind() {
    let yard = Yard::new("production", 2, "40s");
    let engine = yard.engine();
    engine.release(&yard.pipeline, 1, GOOD, &[]);
    until("v1 serves", || engine.live().as_deref() == Some("v1"));
    let before = engine.instances();
    let left = engine.runtime.block_on(async {
        let left = ["job/shop/1/compile/1", "instance/shop/prod/1/1/2"].map(|name| {
            let mark = Mark::new(&yard.identity, name);
            let program = Program::shell("exec sleep 1000", yard.folder.path(), mark);
            program.env("PATH", std::env::var_os("PATH").unwrap()).start_into(tempfile::tempfile().unwrap()).unwrap()
        });
        left.map(|started| started.identity.unwrap())
    });
    engine.killed();
    kill(&identity(&before[1]));
    until("it is dead", || !identity(&before[1]).alive());

    let engine = yard.engine();
    assert!(!left.iter().any(Identity::alive), "what no record names is ended");
    until("both are healthy", || engine.health().healthy == 2);
    let after = engine.instances();
    assert_eq!(after[0], before[0], "what ran is adopted");
    assert_eq!(after[1].life, 2, "what had died is started again");
    assert_eq!(yard.processes(), 2);
    kill(&identity(&after[0]));
    until("an adopted one is watched", || engine.instances()[0].life == 2);
    engine.runtime.block_on(stop_all(&engine.core));
    assert!(!after.iter().any(|instance| identity(instance).alive()));
}

#[test]
fn a_release_that_is_replaced_ends_once_it_gets_no_more_traffic() {
    let yard = Yard::new("development", 1, "40s");
    let engine = yard.engine();
    engine.release(&yard.pipeline, 1, GOOD, &[]);
    until("v1 serves", || engine.live().as_deref() == Some("v1"));
    let before = identity(&engine.instances()[0]);
    let (port, of) = (engine.standing().port.unwrap(), |run| engine.core.folder.release(&bench::shop(), &version(run)));
    let slow = std::thread::spawn(move || get(port, "/slow"));
    until("a request is under way", || of(1).join("began").exists());
    engine.release(&yard.pipeline, 2, GOOD, &[]);
    until("v2 serves", || engine.live().as_deref() == Some("v2"));
    assert!(get(port, "/").contains("LEVERFRAME_VERSION=v2"));
    assert!(before.alive(), "a request that is under way is given time");
    std::fs::write(of(1).join("go"), "").unwrap();
    assert!(slow.join().unwrap().contains("LEVERFRAME_VERSION=v1"));
    until("v1 is forgotten", || engine.standing().sets.len() == 1);
    assert!(!before.alive());
    assert_eq!(yard.processes(), 1);
}

#[test]
fn a_first_release_that_does_not_get_healthy_makes_room_for_the_next() {
    let yard = Yard::new("production", 2, "40s");
    let engine = yard.engine();
    engine.release(&yard.pipeline.replace("40s", "1s"), 1, "echo no database; exit 3", &[]);
    until("v1 is given up", || engine.stand(1) == Some(Stand::Failed));
    engine.release(&yard.pipeline, 2, GOOD, &[]);
    until("v2 serves", || engine.live().as_deref() == Some("v2"));
    until("nothing of v1 is left", || yard.processes() == 2 && engine.standing().sets.len() == 1);
}
