//! Every fault by name, one after another, under a console's own parts: what is said of it, what stays known, what is
//! asked meanwhile, what a change comes to, and that all is well again when the fault is over.

mod http;
mod json;
mod limits;
mod redirects;
mod wire;

use std::collections::BTreeSet;
use std::mem::discriminant;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use leverframe::backends::http::{Backoff, Hosts, Limits};
use leverframe::backends::{Backends, Ports, connect};
use leverframe::capabilities::CapabilityError;
use leverframe::capabilities::error::Kind;
use leverframe::clock::Clock as _;
use leverframe::domain::ids::SourceName;
use leverframe::domain::observation::{Facts, Observation, Problem, Subject};
use leverframe::domain::order::Call;
use leverframe::runtime::perform;
use leverframe::store::Store;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::source;
use crate::support::clock::Hand;
use crate::support::faulty::{Asked, Faulty, Mode, Step};
use crate::support::screen::{Screen, settings};
use crate::support::world::Known;

/// A fault and what it must come to.
pub struct Fault {
    name: String,
    mode: Mode,
    /// What reading says, and of what kind that is: one of these. None: it reads as if nothing was.
    reads: Vec<(Kind, String)>,
    /// What a change comes to: one of these. None: it is accepted.
    writes: Vec<Kind>,
    /// What the host wants after a question, word for word.
    rests: Option<String>,
    limits: fn(Limits) -> Limits,
}

/// A fault under which everything goes on.
pub fn fault(name: &str, does: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static) -> Fault {
    Fault::of(name, Mode::Does(Arc::new(does)))
}

impl Fault {
    fn of(name: &str, mode: Mode) -> Self {
        let (reads, writes, limits) = (Vec::new(), Vec::new(), |limits| limits);
        Self { name: name.to_owned(), mode, reads, writes, rests: None, limits }
    }

    /// Reading fails so. In what it says `{here}` is the source, `{elsewhere}` the other server, `{answer}` the answer of
    /// the one; what ends in `…` is said to begin so.
    fn reads(mut self, kind: Kind, says: &str) -> Self {
        self.reads.push((kind, says.to_owned()));
        self
    }

    /// A change comes to this.
    fn writes(mut self, kind: Kind) -> Self {
        self.writes.push(kind);
        self
    }

    /// After a question the host rests until this time.
    fn rests(mut self, until: &str) -> Self {
        self.rests = Some(format!("{{here}} is resting until {until}, asked by the server"));
        self
    }

    /// Under these limits.
    fn under(mut self, limits: fn(Limits) -> Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// Nobody knows what came of a change.
const UNKNOWN: Kind = Kind::UnknownOutcome;

/// The servers, and who must never be asked.
struct Yard {
    engine: Faulty,
    edge: Faulty,
    elsewhere: TcpListener,
    folder: tempfile::TempDir,
}

/// What stands while one fault is tried.
struct Bench<'a> {
    yard: &'a Yard,
    fault: &'a Fault,
    clock: Arc<Hand>,
    known: Known,
    ports: Ports,
    backends: Backends,
}

/// Tries every one of `faults`.
async fn try_all(faults: Vec<Fault>) {
    let yard = Yard::new().await;
    let mut failed = Vec::new();
    for fault in faults {
        yard.engine.does(Mode::Well).await;
        yard.engine.asked();
        // One that fails keeps none of the others from being tried.
        println!("{}", fault.name);
        let tried = std::panic::AssertUnwindSafe(Bench::new(&yard, &fault).run()).catch_unwind().await;
        failed.extend(tried.is_err().then_some(fault.name));
    }
    assert!(failed.is_empty(), "{failed:?}");
}

impl Yard {
    async fn new() -> Self {
        let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let other = format!("http://{}", elsewhere.local_addr().unwrap());
        let overview = serde_json::to_value(Known::load("shop").overview()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let token = folder.path().join("token");
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::write(&token, "t0k3n").unwrap();
            std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let nothing = json!({ "services": [], "flags": [], "login": null });
        let (engine, edge) = (Faulty::new(&overview, &other).await, Faulty::new(&nothing, &other).await);
        Self { engine, edge, elsewhere, folder }
    }

    fn backends(&self, ports: &Ports) -> Backends {
        let token = format!("token = {{ file = \"{}\" }}", self.folder.path().join("token").display());
        let connected = [("engine", &self.engine), ("edge", &self.edge)].map(|(name, server)| {
            let source = leverframe::config::Source { name: name.into(), ..source(&server.url(), &token) };
            (SourceName::new(name), Arc::new(connect(&source, ports)))
        });
        connected.into_iter().collect()
    }

    /// The sentence of a table as it is said here.
    fn sentence(&self, of: &str) -> String {
        let elsewhere = format!("http://{}", self.elsewhere.local_addr().unwrap());
        let of = of.replace("{answer}", "the answer of {here}/v1/overview");
        of.replace("{here}", &self.engine.url()).replace("{elsewhere}", &elsewhere)
    }
}

impl<'a> Bench<'a> {
    fn new(yard: &'a Yard, fault: &'a Fault) -> Self {
        let mut known = Known::load("shop");
        known.store = Store::new(known.store.topology_handle());
        let clock = Arc::new(Hand::at(known.now));
        let again = Backoff { first: Duration::ZERO, most: Duration::ZERO };
        let limits = Limits { again, ..Limits::USUAL };
        let ports = Ports { limits, chance: || 1.0, ..Ports::new(Arc::clone(&clock) as _, false) };
        let backends = yard.backends(&ports);
        Self { yard, fault, clock, known, ports, backends }
    }

    /// The same ports under the fault's own limits, which would hurry what is well.
    fn hasty(&self) -> Ports {
        Ports { limits: (self.fault.limits)(self.ports.limits), ..self.ports.clone() }
    }

    async fn ask(&self, source: &str) -> Observation {
        perform::ask(&self.backends, self.clock.as_ref(), &source.into(), &Subject::Overview).await
    }

    async fn run(mut self) {
        let name = self.fault.name.clone();
        self.learns("engine").await;
        self.learns("edge").await;
        let services = self.known.store.services().count();
        assert_eq!(services, 8, "{name}");

        let hasty = self.yard.backends(&self.hasty());
        let patient = std::mem::replace(&mut self.backends, hasty);
        self.yard.engine.does(self.fault.mode.clone()).await;
        let (failed, other) = tokio::join!(self.ask("engine"), self.ask("edge"));
        assert!(!matches!(other.facts, Facts::Failed(_)), "{name}: the other source goes on: {:?}", other.facts);
        self.known.store.apply(other);
        self.judge(&failed);
        self.wait_is_kept().await;
        self.known.store.apply(failed);
        assert_eq!(self.known.store.services().count(), services, "{name}: what was known stays");
        if !self.fault.reads.is_empty() {
            self.is_shown();
        }
        self.change().await;
        self.nothing_leaked();

        self.yard.engine.does(Mode::Well).await;
        self.backends = patient;
        self.clock.passes(Duration::from_hours(2));
        self.learns("engine").await;
        assert!(self.known.store.sources()[&SourceName::new("engine")].problem.is_none(), "{name}: it is over");
    }

    /// A source that is well tells everything.
    async fn learns(&mut self, source: &str) {
        let said = self.ask(source).await;
        assert!(matches!(said.facts, Facts::Overview(_)), "{}: {:?}", self.fault.name, said.facts);
        self.known.store.apply(said);
    }

    /// What reading came to is what the table says, with a hint.
    fn judge(&self, said: &Observation) {
        let Fault { name, reads, .. } = self.fault;
        let problem = match &said.facts {
            Facts::Failed(problem) => problem,
            read => {
                assert!(reads.is_empty(), "{name}: it was read: {read:?}");
                return;
            }
        };
        let fits = |(kind, says): &(Kind, String)| {
            let told = CapabilityError::new(kind.clone(), "").problem(&said.source);
            told.kind == problem.kind && self.says(says, problem)
        };
        assert!(reads.iter().any(fits), "{name}: {problem:?}");
        assert!(problem.hint.is_some(), "{name}: no hint: {problem:?}");
    }

    fn says(&self, expected: &str, problem: &Problem) -> bool {
        let expected = self.yard.sentence(expected);
        match expected.strip_suffix('…') {
            Some(beginning) => problem.message.as_str().starts_with(beginning),
            None => problem.message.as_str() == expected,
        }
    }

    /// No request goes into a wait that the host asked for, neither a question nor a change.
    async fn wait_is_kept(&self) {
        let Some(says) = &self.fault.rests else { return };
        let name = &self.fault.name;
        let before = self.yard.engine.asked();
        assert_eq!(before.len(), 1 + 1, "{name}: once well, once not, and not again");
        let said = self.ask("engine").await;
        let Facts::Failed(problem) = said.facts else { panic!("{name}: it was asked") };
        assert!(self.says(says, &problem), "{name}: {problem:?}");
        let refused = self.send(&self.backends).await.unwrap_err();
        assert_eq!(discriminant(&refused), discriminant(&Kind::RateLimited(None)), "{name}");
        assert_eq!(self.yard.engine.asked(), Vec::<String>::new(), "{name}: no request within the wait");
    }

    /// What is old is marked with its age, and the header names the source.
    fn is_shown(&mut self) {
        let name = &self.fault.name;
        self.clock.passes(Duration::from_secs(90));
        self.known.now = self.clock.now();
        let store = &self.known.store;
        let seen = store.service(&"checkout".into()).unwrap();
        assert!(store.overdue(&seen.source, seen.at, self.known.now).is_some(), "{name}: it is old");
        let screen = Screen::with(self.known.clone(), settings((140, 40)));
        let text = screen.text();
        let header = text.lines().next().unwrap();
        assert!(header.contains("▲ engine ") && header.contains(", 1 m"), "{name}: {header}");
        assert!(text.contains("checkout"), "{name}: {text}");
    }

    async fn send(&self, backends: &Backends) -> Result<(), Kind> {
        let call = Call {
            verb: "PUT".into(),
            target: "/v1/lever".into(),
            headers: vec![("If-Match".into(), "\"r1\"".into())],
            body: Some(json!({ "on": true })),
        };
        perform::send(backends, &"engine".into(), &[call], None).await.map(drop).map_err(|error| error.kind)
    }

    /// A change under the fault comes to what the table says, and is sent once at most.
    async fn change(&self) {
        let Fault { name, writes, .. } = self.fault;
        let before = self.yard.engine.asked();
        assert!(before.iter().all(|request| request.starts_with("get ")), "{name}: {before:?}");
        let fresh = Ports { hosts: Hosts::default(), ..self.hasty() };
        let came_to = self.send(&self.yard.backends(&fresh)).await;
        let as_told = match &came_to {
            Ok(()) => writes.is_empty(),
            Err(kind) => writes.iter().any(|told| discriminant(told) == discriminant(kind)),
        };
        assert!(as_told, "{name}: a change came to {came_to:?}");
        let asked = self.yard.engine.asked();
        assert!(asked.len() <= 1, "{name}: a change is sent once: {asked:?}");
        for request in asked.iter().chain(&before) {
            assert!(request.contains("\nauthorization: bearer t0k3n\r\n"), "{name}: {request}");
        }
    }

    /// Nobody else got a request, a credential or a body.
    fn nothing_leaked(&self) {
        let come = self.yard.elsewhere.accept().now_or_never();
        assert!(come.is_none(), "{}: somebody came to the other server", self.fault.name);
    }
}

/// Whether a document of the right answer, changed by hand, stands for it.
fn changed(asked: &Asked, change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut document: Value = serde_json::from_str(&asked.right).unwrap();
    change(&mut document);
    crate::support::faulty::answer("200 OK", &["content-type: application/json"], document.to_string())
}

#[tokio::test]
async fn wire() {
    try_all(wire::faults()).await;
}

#[tokio::test]
async fn http() {
    try_all(http::faults()).await;
}

#[tokio::test]
async fn json_() {
    try_all(json::faults()).await;
}

#[tokio::test]
async fn limits() {
    try_all(limits::faults()).await;
}

#[tokio::test]
async fn redirects() {
    try_all(redirects::faults()).await;
}

#[test]
fn every_fault_has_its_own_name() {
    let all = [wire::faults(), http::faults(), json::faults(), limits::faults(), redirects::faults()];
    let names: Vec<_> = all.iter().flatten().map(|fault| fault.name.as_str()).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    assert!(names.len() >= 100, "{}", names.len());
}
