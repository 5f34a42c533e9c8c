//! The engine, its folder, and two services: `shop` with a canary and a manual step, `paint` with two colours and a gate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use leverframe::domain::chain::{Entry, Head};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::task::JoinHandle;

use super::super::fixture::Fixture;
use super::super::running::{Engine, running_in, until};
use super::super::upstream::Client;
use super::super::way::{Program, leverframe};
use super::orders::{name, on_ladder, place, settled};
use super::records::{Processes, Records};

/// How a release of either service behaves.
const RELEASE: &str = "start_ms = 0\nerrors = 0.0\nfront_errors = 0.0\nmedian_ms = 0.1\np95_ms = 0.2\nflags = []\n";
/// How many requests tell the split: each turn of the router's hundred comes once in twice as many.
const REQUESTS: usize = 50;

/// The engine and what it works on. When it is dropped, nothing of it is left.
pub struct Yard {
    program: Option<Program>,
    /// Asks the engine; the address stays over its restarts.
    pub engine: Engine,
    shop: Fixture,
    paint: Fixture,
}

/// What a killed engine left.
pub struct Left {
    recorded: Processes,
    running: Processes,
    /// Folders of releases that were being made.
    unfinished: Vec<PathBuf>,
}

impl Yard {
    /// Both services run: `shop` has a canary under way, `paint` has a release on each colour.
    pub async fn new() -> Self {
        let (shop, paint) = (Fixture::new(), Fixture::new());
        let canary =
            "rollout = { kind = \"canary\", steps = [10, { weight = 25, manual = true }, 50, 100], bake = \"1s\" }";
        let colours = "rollout = { kind = \"blue_green\", keep_idle = \"12h\" }\n\
                       gate = { approvals = 1, self_approval = true }";
        let ledger = shop.folder.path();
        shop.write("leverframe.toml", pipeline("shop", ledger, true, canary));
        paint.write("leverframe.toml", pipeline("paint", ledger, false, colours));
        for repository in [&shop, &paint] {
            repository.write("release.toml", RELEASE);
        }
        let (program, engine) = Program::serve(&shop.beside("data"));
        let yard = Self { program: Some(program), engine, shop, paint };
        yard.commit("shop");
        yard.commit("paint");
        yard.engine.add(&yard.shop.path()).await;
        yard.engine.add(&yard.paint.path()).await;
        yard
    }

    /// A new commit.
    pub fn commit(&self, service: &str) {
        let repository = if service == "shop" { &self.shop } else { &self.paint };
        repository.commit("change");
    }

    /// Everything, as soon as `is_so`.
    pub async fn until(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        self.engine.until("/v1/overview", is_so).await
    }

    /// Kills the engine a while from now, or tells it to end.
    pub fn end_after(&mut self, last: Duration, kill: bool) -> JoinHandle<()> {
        let program = self.program.take().unwrap();
        tokio::spawn(async move {
            tokio::time::sleep(last).await;
            if kill {
                program.kill();
            } else {
                assert_eq!(program.end(), Some(0));
            }
        })
    }

    /// Starts the engine, and kills it while it starts.
    pub async fn start_and_kill(&self, last: Duration) {
        let mut child = leverframe(&self.engine.data).arg("serve").stdout(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(last).await;
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// What is there while no engine is; one instance dies, and something is left as if it had been about to be released.
    pub async fn left(&self, random: &mut StdRng) -> Left {
        let data = &self.engine.data;
        let records = Records::left(data);
        let instances: Vec<_> =
            records.running().into_iter().filter(|(name, _)| name.starts_with("instance/")).collect();
        if let Some((name, pid)) = instances.choose(random).filter(|_| random.random()) {
            println!("{name} dies meanwhile");
            kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::KILL).unwrap();
            until("it is dead", || !records.running().contains_key(name)).await;
        }
        std::fs::create_dir_all(data.join("releases/shop/new-1-1/deep")).unwrap();
        let services = ["shop", "paint"].map(|service| data.join("releases").join(service));
        let folders = services.iter().flat_map(|service| std::fs::read_dir(service).unwrap());
        let mut unfinished: Vec<_> = folders.map(|folder| folder.unwrap().path()).collect();
        // A release itself may be made anew under its name.
        unfinished.retain(|folder| folder.file_name().unwrap().to_str().unwrap().starts_with("new-"));
        Left { running: records.running(), unfinished, recorded: records.instances }
    }

    /// Starts the engine again.
    pub fn restart(&mut self) {
        let (program, engine) = Program::serve(&self.engine.data);
        // Dropped, it would end what it finds.
        std::mem::forget(engine);
        self.program = Some(program);
    }

    /// Right after a restart: what is on record is the process that it was, everything else has ended.
    pub fn nothing_is_doubled_or_left(&self, left: &Left) {
        let running = Records::of(&self.engine.data).running();
        // Read afterwards: what has ended meanwhile was let go before.
        let now = Records::of(&self.engine.data);
        for (name, pid) in &left.running {
            let same = running.get(name) == Some(pid);
            match left.recorded.get(name) {
                Some(recorded) => {
                    assert_eq!(recorded, pid, "{name} is on record as another process");
                    let kept = now.instances.get(name);
                    let runs = same || now.let_go.contains(name);
                    assert!(kept.is_none_or(|kept| kept == pid && runs), "{name} was {pid}, is on record as {kept:?}");
                }
                None => assert!(!same, "{name}, {pid}, is on no record and runs on"),
            }
        }
        for folder in &left.unfinished {
            assert!(!folder.exists(), "{} is left over", folder.display());
        }
    }

    /// The program itself says that all is well.
    pub fn is_whole(&self) {
        let out = leverframe(&self.engine.data).arg("status").output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
    }

    /// The instances that run are exactly those on record.
    pub async fn runs_what_is_recorded(&self) {
        let data = &self.engine.data;
        until("what runs is what is on record", || {
            let records = Records::of(data);
            let mut running = records.running();
            running.retain(|name, _| name.starts_with("instance/"));
            running == records.instances
        })
        .await;
    }

    /// Requests go where the split says, and only there.
    pub async fn traffic_is_split(&self) {
        for service in ["shop", "paint"] {
            let before = place(&self.until(settled).await, service).clone();
            let port: u16 = name(&before["url"]).rsplit(':').next().unwrap().parse().unwrap();
            let seen = ask(port).await;
            let after = place(&self.engine.get("/v1/overview").await, service).clone();
            if before["revision"] != after["revision"] {
                continue;
            }
            let rollout = &before["rollout"];
            let weight = if on_ladder(&before) { rollout["actual_weight"].as_u64().unwrap() } else { 0 };
            let candidate = usize::try_from(weight).unwrap() * REQUESTS / 100;
            let mut expected = BTreeMap::from([(name(&before["release"]["version"]), REQUESTS - candidate)]);
            if on_ladder(&before) {
                expected.insert(name(&rollout["candidate"]["version"]), candidate);
            }
            let strangers: Vec<_> = seen.keys().filter(|version| !expected.contains_key(*version)).collect();
            assert!(strangers.is_empty(), "{strangers:?} {seen:?} {before:#}");
            for (version, count) in expected {
                let got = seen.get(&version).copied().unwrap_or_default();
                let none = (weight == 0 || weight == 100) && count == 0;
                assert!(got.abs_diff(count) <= if none { 0 } else { 2 }, "{version}: {seen:?} {before:#}");
            }
        }
    }

    /// At the end: no run hangs, no job ran twice, nothing is left over, the records are whole.
    pub async fn comes_to_rest(mut self) {
        for service in ["shop", "paint"] {
            let path = format!("/v1/services/{service}/runs");
            let runs = self.engine.until(&path, |runs| runs["runs"].as_array().unwrap().iter().all(at_rest)).await;
            for run in runs["runs"].as_array().unwrap() {
                ended_well(run);
            }
        }
        self.until(settled).await;
        self.runs_what_is_recorded().await;
        let data = &self.engine.data;
        let recorded: BTreeSet<_> = Records::of(data).instances.into_values().map(u32::cast_signed).collect();
        until("only instances are left", || running_in(data).into_iter().collect::<BTreeSet<_>>() == recorded).await;
        jobs_ran_once(self.shop.folder.path());
        self.audit_is_whole().await;
        self.program.take().unwrap().kill();
        let connection = rusqlite::Connection::open(self.engine.data.join("engine.sqlite")).unwrap();
        let check: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
    }

    async fn audit_is_whole(&self) {
        let mut head = Head::default();
        loop {
            let piece = self.engine.get(&format!("/v1/audit?from={}", head.seq + 1)).await;
            let entries = piece["entries"].as_array().unwrap();
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                let text = |field: &str| entry[field].as_str().unwrap();
                let (seq, previous) = (entry["seq"].as_u64().unwrap(), text("previous"));
                head.follow(Entry { seq, previous, hash: text("hash"), body: text("body") }).unwrap();
            }
        }
    }
}

/// A job that leaves a witness, and one environment. The witness holds a lock for as long as any process of the job runs.
fn pipeline(service: &str, ledger: &Path, repeatable: bool, more: &str) -> String {
    let at = ledger.display();
    let job = |name: &str, repeatable: bool| {
        let line = format!(
            "exec 9>>{at}/lock-{service}-$LEVERFRAME_RUN-{name}; flock -n 9 || echo {service} {name} >>{at}/twice; \
             echo {service} $LEVERFRAME_RUN {name} $LEVERFRAME_ATTEMPT >>{at}/begun; sleep 0.1"
        );
        format!("[[stage.job]]\nname = \"{name}\"\nrun = [{line:?}]\nrepeatable = {repeatable}\n")
    };
    let start = format!("exec {} demo-service --release release.toml", env!("CARGO_BIN_EXE_leverframe"));
    format!(
        "[service]\nname = \"{service}\"\n[[stage]]\nname = \"build\"\n{}artifacts = [\"release.toml\"]\n\
         [[stage]]\nname = \"test\"\n{}[[stage]]\nname = \"release\"\n\
         [[environment]]\nname = \"production\"\nstart = {start:?}\n\
         health = {{ path = \"/healthz\", within = \"60s\" }}\n{more}\n\
         [[flag]]\nkey = \"{service}-flag\"\nkind = \"release\"\n",
        job("pack", true),
        job("check", repeatable),
    )
}

/// The versions that answer, and how often.
async fn ask(port: u16) -> BTreeMap<String, usize> {
    let mut client = Client::new(port).await;
    let mut seen = BTreeMap::new();
    for _ in 0..REQUESTS {
        let reply = client.get().await;
        assert_eq!(reply.status, 200, "{}", reply.head);
        let body: Value = serde_json::from_str(&reply.body).unwrap();
        *seen.entry(name(&body["version"])).or_default() += 1;
    }
    seen
}

/// Whether nothing happens to a run until a person acts.
fn at_rest(run: &Value) -> bool {
    ["waiting", "succeeded", "failed", "cancelled"].contains(&run["status"].as_str().unwrap())
}

/// No job failed but one that was interrupted and may not be repeated.
fn ended_well(run: &Value) {
    let stages = run["stages"].as_array().unwrap().iter();
    for job in stages.flat_map(|stage| stage["jobs"].as_array().unwrap()) {
        let may = job["environment"].is_string() || (job["name"] == "check" && run["service"] == "paint");
        assert!(may || job["status"] != "failed", "{run:#}");
    }
}

fn jobs_ran_once(ledger: &Path) {
    let twice = std::fs::read_to_string(ledger.join("twice")).unwrap_or_default();
    assert_eq!(twice, "", "two tries of one job at the same time");
    let begun = std::fs::read_to_string(ledger.join("begun")).unwrap();
    let mut tries = BTreeSet::new();
    for line in begun.lines() {
        assert!(tries.insert(line), "one try ran twice: {line}");
        let once = line.starts_with("paint ") && line.contains(" check ");
        assert!(!once || line.ends_with(" 1"), "not repeatable, yet repeated: {line}");
    }
}
