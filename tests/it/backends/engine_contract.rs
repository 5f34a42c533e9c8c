//! The adapter against the real engine, in this process, on a folder of its own.

use std::sync::Arc;
use std::time::Duration;

use leverframe::backends::{Backend, connect};
use leverframe::capabilities::error::Kind;
use leverframe::clock::{Clock as _, System};
use leverframe::config::{Places, load_from};
use leverframe::domain::flag::{FlagState, FlagValue};
use leverframe::domain::ids::{Place, Revision, RunKey};
use leverframe::domain::log::LogKey;
use leverframe::domain::observation::{Facts, Overview, Subject};
use leverframe::domain::order::{Deed, FlagDeed, Order, PipelineDeed, RolloutDeed};
use leverframe::engine::client::Client;
use leverframe::engine::{Settings, serve};
use leverframe::protocol::{Register, Registered, paths};
use tokio_util::sync::CancellationToken;

use super::ports;
use crate::engine::fixture::Fixture;

/// A running engine without any service, and the connection that its own configuration gives.
struct Running {
    backend: Backend,
    stop: CancellationToken,
    serving: tokio::task::JoinHandle<Result<(), leverframe::engine::Fault>>,
    folder: tempfile::TempDir,
}

impl Running {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings =
            Settings { data: folder.path().to_owned(), state_dir: Some("state".into()), ..Settings::default() };
        let stop = CancellationToken::new();
        let (tell, told) = tokio::sync::oneshot::channel();
        let serving = tokio::spawn(serve(settings, Arc::new(System), stop.clone(), |_| tell.send(()).unwrap()));
        told.await.unwrap();
        let config = load_from(Some(&folder.path().join("config.toml")), &Places::default()).unwrap();
        assert_eq!(config.state_dir, folder.path().join("state"));
        let backend = connect(&config.sources[0], &ports(false));
        Self { backend, stop, serving, folder }
    }

    async fn overview(&self) -> Overview {
        match self.backend.answer(&Subject::Overview).await.unwrap() {
            Facts::Overview(overview) => overview,
            other => panic!("{other:?}"),
        }
    }

    /// Looks until the engine's poll has found the flag of a repository that was just registered.
    async fn flag(&self) -> FlagState {
        let deadline = System.instant() + Duration::from_mins(1);
        loop {
            let answer = self.backend.answer(&Subject::Overview).await.unwrap();
            if let Facts::Overview(overview) = answer
                && let Some(state) = overview.flags.first().and_then(|flag| flag.environments.first())
            {
                return state.clone();
            }
            assert!(System.instant() < deadline, "no flag");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn end(self) {
        self.stop.cancel();
        self.serving.await.unwrap().unwrap();
        drop(self.folder);
    }
}

fn order(deed: Deed) -> Order {
    Order { source: "engine".into(), deed, expect: Some("r1".into()), reason: None, breaks: false, key: "k1".into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_says_who_one_is_and_then_that_nothing_has_changed() {
    let running = Running::new().await;
    let overview = running.overview().await;
    assert_eq!(overview.services, []);
    let login = overview.login.unwrap();
    assert_eq!((login.name.as_str(), login.may_write), ("owner", true));
    assert_eq!(running.backend.answer(&Subject::Overview).await.unwrap(), Facts::Unchanged);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_found_in_the_engines_words() {
    let running = Running::new().await;
    let run = RunKey { service: "nobody".into(), id: "1".into() };
    let log = LogKey { run: run.clone(), job: "compile".into() };
    let place = Place::new("nobody", "production");
    let asked =
        [Subject::Run(run), Subject::Runs("nobody".into()), Subject::Log(log, 0), Subject::Signals(place.clone())];
    for subject in asked {
        let error = running.backend.answer(&subject).await.unwrap_err();
        assert_eq!(error.kind, Kind::NotFound, "{subject:?}: {error}");
        assert!(error.message.as_str().starts_with("there is "), "{subject:?}: {error}");
    }
    let start = PipelineDeed::Start { service: "nobody".into(), branch: None };
    for deed in [Deed::Pipeline(start), Deed::Rollout(place, RolloutDeed::Pause)] {
        let calls = running.backend.describe(&order(deed)).unwrap();
        assert_eq!(running.backend.send(&calls[0]).await.unwrap_err().kind, Kind::NotFound, "{:?}", calls[0]);
    }
    running.end().await;
}

const PIPELINE: &str = r#"
[service]
name = "shop"

[[stage]]
name = "build"
kind = "build"
[[stage.job]]
name = "compile"
run = ["true"]

[[stage]]
name = "release"
kind = "release"
version = "git"

[[environment]]
name = "production"
start = "./shop --port $PORT"
auto = false

[[flag]]
key = "new-basket"
"#;

fn set(flag: &str, value: FlagValue, expect: &Revision, key: &str) -> Order {
    let deed = Deed::Flag(FlagDeed { flag: flag.into(), environment: "production".into(), value });
    Order { expect: Some(expect.clone()), key: key.into(), ..order(deed) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_is_set_once_from_the_state_that_was_seen() {
    let repository = Fixture::new();
    repository.write("leverframe.toml", PIPELINE);
    repository.commit("the shop opens");
    let running = Running::new().await;
    let client = Client::of(running.folder.path()).unwrap();
    let wanted = Register { repository: repository.path().display().to_string(), branch: Some("main".into()) };
    let _: Registered = client.post(paths::SERVICES, &wanted).await.unwrap();

    let seen = running.flag().await.revision;
    let send = async |order: Order| running.backend.send(&running.backend.describe(&order).unwrap()[0]).await;

    send(set("new-basket", FlagValue::On, &seen, "k1")).await.unwrap();
    let on = running.flag().await;
    assert!(on.enabled);
    assert_ne!(on.revision, seen);
    // The same order again is answered as the first time, and does nothing.
    send(set("new-basket", FlagValue::On, &seen, "k1")).await.unwrap();
    // Another one that was made from what has passed changes nothing, and is told what stands there now.
    let error = send(set("new-basket", FlagValue::Off, &seen, "k2")).await.unwrap_err();
    let Kind::Moved(Some(current)) = error.kind else { panic!("{error:?}") };
    assert_eq!(*current, serde_json::to_value(&on).unwrap());
    // The mark of an order that was carried out does not serve another one.
    let error = send(set("new-basket", FlagValue::Off, &on.revision, "k1")).await.unwrap_err();
    assert_eq!(error.kind, Kind::Refused);
    send(set("new-basket", FlagValue::Off, &on.revision, "k3")).await.unwrap();
    assert!(!running.flag().await.enabled);

    let runs = running.backend.answer(&Subject::Runs("shop".into())).await.unwrap();
    assert!(matches!(&runs, Facts::Runs(_, runs) if runs.len() == 1), "{runs:?}");
    running.end().await;
}
