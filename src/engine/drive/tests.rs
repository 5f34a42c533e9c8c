//! Traffic and judgement played through with a real ledger, a real router and small servers that stand for instances.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{judging, routing};
use crate::clock::{Clock as _, System};
use crate::domain::ids::{JobName, Place, ServiceName};
use crate::domain::release::VersionName;
use crate::domain::rollout::{Phase, VerdictState};
use crate::domain::run::Status;
use crate::domain::text::Text;
use crate::engine::api;
use crate::engine::core::Core;
use crate::engine::deeds::people;
use crate::engine::folder::Folder;
use crate::engine::observed::{Board, Health};
use crate::engine::router::Traffic;
use crate::engine::rules::begin::{self, Commit, File, Wanted};
use crate::engine::rules::{self, rollouts};
use crate::engine::spec;
use crate::engine::state::person::{Initiator, Person, Role};
use crate::engine::state::place::Standing;
use crate::engine::state::release::Release;
use crate::engine::state::service::Service;
use crate::engine::store::{Draft, Ledger};

const PIPELINE: &str = r#"
[service]
name = "shop"
[[stage]]
name = "release"
kind = "release"
version = "git"
[[environment]]
name = "prod"
tier = "production"
start = "./shop"
rollout = { kind = "canary", steps = [50, 100], bake = "1h", verdict = { errors = "1 %", samples = 20 } }
"#;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// An engine without runner and supervisor: the tests stand for both.
struct Yard {
    core: Arc<Core>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
    _folder: tempfile::TempDir,
}

impl Yard {
    async fn new() -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(System));
        let opened = Folder::open(folder.path()).unwrap();
        let core = Core {
            ledger: Ledger::open(&opened.database(), clock.clone(), rules::settle).unwrap(),
            board: Board::default(),
            traffic: Traffic::new(clock.clone()),
            folder: opened,
            boot: "boot".into(),
            identity: "identity".into(),
            flag_key: "key".into(),
            started_at: clock.now(),
            url: "http://127.0.0.1:1".into(),
            clock,
        };
        let yard =
            Self { core: Arc::new(core), stop: CancellationToken::new(), tasks: JoinSet::new(), _folder: folder };
        yard.write(|draft| {
            let (name, repository, branch) = (ServiceName::new("shop"), "/shop".to_owned(), "main".to_owned());
            let (head, pipeline, pipeline_commit, problem, unreachable) = (None, None, None, None, None);
            let next_run = 1;
            draft.add_service(Service {
                name,
                order: 1,
                repository,
                branch,
                head,
                pipeline,
                pipeline_commit,
                problem,
                unreachable,
                next_run,
            });
            let (name, roles, hash) = ("vera".to_owned(), vec![Role::Viewer], people::hash("token"));
            draft.put_person(Person { name, roles, hash, made_at: draft.now });
        })
        .await;
        yard
    }

    /// Begins to route and to judge.
    fn drive(&mut self) {
        self.tasks.spawn(routing::run(Arc::clone(&self.core), self.stop.clone()));
        self.tasks.spawn(judging::run(Arc::clone(&self.core), self.stop.clone()));
    }

    async fn end(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap();
        }
    }

    async fn write<T: Send + 'static>(&self, change: impl FnOnce(&mut Draft) -> T + Send + 'static) -> T {
        self.core.ledger.write(|draft| Ok::<_, Infallible>(change(draft))).await.unwrap().unwrap()
    }

    /// A commit whose release arrives at the place.
    async fn release(&self) -> u64 {
        let pipeline = Arc::new(spec::parse(PIPELINE, spec::FILE).unwrap());
        self.write(move |draft| {
            let author = Initiator { name: "Ada".into(), email: None };
            let commit = Commit { id: "c".into(), title: Text::new("change"), author };
            let file = File::Good { digest: "p".into(), text: PIPELINE.into(), pipeline };
            let (service, branch) = (ServiceName::new("shop"), "main".to_owned());
            let run =
                begin::begin(draft, Wanted { service: service.clone(), branch, commit, file, starter: None }).unwrap();
            let (version, now) = (VersionName::new(format!("v{run}")), draft.now);
            draft.add_release(Release {
                service: service.clone(),
                version: version.clone(),
                commit: "c".into(),
                title: Text::new("change"),
                digest: format!("sha256:{run}"),
                pipeline: "p".into(),
                run,
                made_at: now,
                gone: false,
            });
            let record = draft.run_mut(&(service, run)).unwrap();
            record.release = Some(version);
            record.job_mut(&JobName::new("release")).unwrap().end(Status::Succeeded, None, now);
            run
        })
        .await
    }

    /// The newest set is seen healthy, on this port.
    async fn healthy(&self, port: u16) {
        let set = self.standing().sets.last().unwrap().id;
        let health = Health { healthy: 1, ready: vec![port], trouble: None };
        self.core.board.update(|observed| drop(observed.sets.insert((prod(), set), health)));
        self.write(move |draft| rollouts::healthy(draft, &prod(), set)).await;
    }

    fn standing(&self) -> Standing {
        (**self.core.ledger.state().places.get(&prod()).unwrap()).clone()
    }

    /// Waits until something is so.
    async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let (mut state, mut board) = (self.core.ledger.watch(), self.core.board.watch());
        let seen = async {
            while !so(self) {
                tokio::select! {
                    changed = state.changed() => changed.unwrap(),
                    changed = board.changed() => changed.unwrap(),
                    // Metrics are told to nobody.
                    () = tokio::time::sleep(Duration::from_millis(20)) => {}
                }
            }
        };
        assert!(tokio::time::timeout(PATIENCE, seen).await.is_ok(), "never: {what}");
    }

    /// Serves the API, and gives its port.
    async fn api(&mut self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (router, stop) = (api::router(Arc::clone(&self.core)), self.stop.clone());
        self.tasks.spawn(async move {
            tokio::select! {
                served = async { axum::serve(listener, router).await } => served.unwrap(),
                () = stop.cancelled() => {}
            }
        });
        port
    }
}

fn prod() -> Place {
    Place::new("shop", "prod")
}

/// An instance that answers everything with one status.
async fn instance(tasks: &mut JoinSet<()>, status: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tasks.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    port
}

/// Asks once, and gives all that is answered.
async fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = "Host: shop\r\nAuthorization: Bearer token\r\nConnection: close";
    stream.write_all(format!("GET {path} HTTP/1.1\r\n{head}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// A yard where the first release serves, and its port.
async fn serving(instances: &mut JoinSet<()>) -> (Yard, u16) {
    let mut yard = Yard::new().await;
    yard.drive();
    yard.release().await;
    let good = instance(instances, "200 OK").await;
    yard.healthy(good).await;
    yard.until("the first release serves", |yard| yard.standing().live.is_some() && yard.standing().port.is_some())
        .await;
    let port = yard.standing().port.unwrap();
    (yard, port)
}

#[tokio::test]
async fn a_canary_that_fails_is_given_up_without_anybody() {
    let mut instances = JoinSet::new();
    let (yard, port) = serving(&mut instances).await;
    yard.release().await;
    let bad = instance(&mut instances, "500 Sorry").await;
    yard.healthy(bad).await;
    let half = |yard: &Yard| yard.core.board.read().splits.get(&prod()).is_some_and(|split| split.len() == 2);
    yard.until("half of the traffic goes to the canary", half).await;
    yard.until("it bakes", |yard| yard.standing().rollout.unwrap().baking_since.is_some()).await;
    let shown = |yard: &Yard| yard.core.board.read().verdicts.get(&prod()).map(|verdict| verdict.state);
    yard.until("a verdict is shown", |yard| shown(yard) == Some(VerdictState::NoData)).await;
    let generation = yard.core.ledger.state().generation;
    for _ in 0..18 {
        get(port, "/").await;
    }
    assert_eq!(yard.core.ledger.state().generation, generation, "few requests move nothing");
    for _ in 0..30 {
        get(port, "/").await;
    }
    yard.until("it is given up", |yard| yard.standing().rollout.unwrap().phase == Phase::Aborted).await;
    let standing = yard.standing();
    assert_eq!(standing.hold.unwrap().by.as_str(), "engine");
    assert!(standing.rollout.unwrap().message.unwrap().starts_with("the verdict failed: error rate"));
    yard.until("no verdict is left", |yard| shown(yard).is_none()).await;
    for _ in 0..10 {
        assert!(get(port, "/").await.starts_with("HTTP/1.1 200"), "all is served by what was before");
    }
    yard.end().await;
}

#[tokio::test]
async fn numbers_are_told_and_are_no_news() {
    let mut instances = JoinSet::new();
    let (mut yard, port) = serving(&mut instances).await;
    let api = yard.api().await;
    let tag = |answer: String| answer.lines().find(|line| line.starts_with("etag")).unwrap().to_owned();
    yard.until("all has been told", |yard| yard.core.board.read().splits.contains_key(&prod())).await;
    let before = tag(get(api, "/v1/overview").await);
    for _ in 0..7 {
        get(port, "/").await;
    }
    let set = yard.standing().serving.unwrap();
    let line = format!(
        "leverframe_requests_total{{service=\"shop\",environment=\"prod\",version=\"v1\",set=\"{set}\",track=\"stable\"}} 7"
    );
    let metrics = get(api, "/metrics").await;
    assert!(metrics.lines().any(|found| found == line), "{metrics}");
    let signals = get(api, "/v1/services/shop/environments/prod/signals").await;
    assert!(signals.contains("\"track\":\"stable\",\"version\":\"v1\""), "{signals}");
    assert!(get(api, "/v1/services/shop/environments/nowhere/signals").await.starts_with("HTTP/1.1 404"));
    assert_eq!(tag(get(api, "/v1/overview").await), before);
    yard.end().await;
}

#[tokio::test]
async fn a_port_stays_and_is_waited_for() {
    let mut instances = JoinSet::new();
    let mut yard = Yard::new().await;
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    yard.write(move |draft| draft.place_mut(&prod()).port = Some(port)).await;
    yard.drive();
    yard.until("it is said that the port is taken", |yard| yard.core.board.read().problems.contains_key(&prod())).await;
    assert!(yard.core.board.read().problems[&prod()].as_str().contains(&port.to_string()));
    drop(taken);
    yard.until("the port is there again", |yard| yard.core.board.read().problems.is_empty()).await;
    assert!(get(port, "/").await.starts_with("HTTP/1.1 503"), "it listens, and nothing serves");
    yard.release().await;
    let good = instance(&mut instances, "200 OK").await;
    yard.healthy(good).await;
    yard.until("the release serves", |yard| yard.standing().live.is_some()).await;
    assert_eq!(yard.standing().port, Some(port));
    assert!(get(port, "/").await.starts_with("HTTP/1.1 200"));
    yard.end().await;
}
