//! Orders: every change that a person asks for. Each is answered as the first time if it comes again under the same mark.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::App;
use super::answer::Refused;
use super::asker::Asker;
use super::reads::{find_run, no_service};
use crate::domain::chain::{Seal, hex};
use crate::domain::ids::{EnvironmentName, FlagKey, GateId, Place, Revision, RunKey, ServiceName};
use crate::engine::deeds::{self, Orderer, refuse};
use crate::engine::drive::checkout;
use crate::engine::rules::begin;
use crate::engine::state::deployment::Deployment;
use crate::engine::store::{Answer, Draft};
use crate::engine::view::{self, View};
use crate::protocol::fault::{Fault, Reason};
use crate::protocol::{self, Accepted};

type Answered = Result<Response, Refused>;

/// A request that asks for a change.
pub struct Request {
    app: App,
    orderer: Orderer,
    mark: Option<String>,
    digest: String,
    body: Bytes,
    seal: Option<Seal>,
}

impl Request {
    /// Reads who asks for what, and under which mark.
    pub fn new(app: App, asker: Asker, headers: &HeaderMap, uri: &Uri, body: Bytes) -> Result<Self, Refused> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let expect = text(header::IF_MATCH.as_str())
            .map(|value| Revision::new(value.strip_prefix("W/").unwrap_or(value).trim_matches('"')));
        let mark = text(protocol::IDEMPOTENCY_KEY).filter(|mark| !mark.is_empty());
        if mark.is_some_and(|mark| mark.len() > 200) {
            return Err(refuse::invalid("an idempotency key has at most 200 bytes").into());
        }
        let seal = text(protocol::JOURNAL).map(str::parse).transpose();
        let seal = seal.map_err(|()| refuse::invalid(format!("{} names no entry of a journal", protocol::JOURNAL)))?;
        let breaks = text(protocol::BREAK_GLASS).is_some_and(|value| !value.is_empty());
        let person = asker.0;
        let mark = mark.map(|mark| format!("{}\n{mark}", person.name));
        let digest = Sha256::new().chain_update(uri.path()).chain_update([0]).chain_update(&body).finalize();
        let observed = app.board.read();
        Ok(Self { app, orderer: Orderer { person, expect, breaks, observed }, mark, digest: hex(&digest), body, seal })
    }

    /// Who asks.
    pub fn orderer(&self) -> &Orderer {
        &self.orderer
    }

    /// The body as what it must be.
    pub fn body<B: DeserializeOwned>(&self) -> Result<B, Refused> {
        let read = serde_json::from_slice(&self.body);
        read.map_err(|error| Refused(refuse::invalid(format!("the body cannot be read: {error}"))))
    }

    /// The answer of the first time, if the same order came before.
    pub async fn before(&self) -> Result<Option<Response>, Refused> {
        let Some(mark) = &self.mark else { return Ok(None) };
        let Some(answer) = self.app.ledger.answer(mark.clone()).await? else { return Ok(None) };
        if answer.request != self.digest {
            return Err(refuse::not_possible("this idempotency key was used for another order").into());
        }
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
        Ok(Some((status, [(header::CONTENT_TYPE, "application/json")], answer.body).into_response()))
    }

    /// Carries the order out: durable when it is answered.
    pub async fn perform<T, F>(self, deed: F) -> Answered
    where
        T: Serialize + Send + 'static,
        F: FnOnce(&mut Draft, &Orderer) -> Result<T, Fault> + Send + 'static,
    {
        if let Some(before) = self.before().await? {
            return Ok(before);
        }
        let (orderer, mark, digest) = (self.orderer.clone(), self.mark.clone(), self.digest.clone());
        let seal = self.seal.clone();
        let written = self.app.ledger.write(move |draft| {
            draft.seal(seal);
            let value = deed(draft, &orderer)?;
            let body =
                serde_json::to_string(&value).map_err(|error| refuse::because(Reason::Internal, error.to_string()))?;
            if let Some(key) = mark.filter(|_| !draft.is_empty()) {
                draft.answer(Answer { key, request: digest, status: 200, body: body.clone() });
            }
            Ok::<_, Fault>(body)
        });
        match written.await {
            Ok(Ok(body)) => Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response()),
            Ok(Err(fault)) => Err(fault.into()),
            // The same mark at the same moment: one of the two was written, and its answer is there now.
            Err(fault) => self.before().await?.ok_or_else(|| fault.into()),
        }
    }
}

/// Adds to a refusal of what has moved how the target stands now.
fn with_current(
    app: &App,
    orderer: &Orderer,
    answered: Answered,
    show: impl Fn(&View<'_>) -> Option<serde_json::Value>,
) -> Answered {
    let mut refused = match answered {
        Err(refused) if refused.0.reason == Reason::Moved => refused,
        other => return other,
    };
    let (state, observed) = (app.ledger.state(), app.board.read());
    let view = View { state: &state, observed: &observed, person: &orderer.person, now: app.clock.now() };
    refused.0.current = show(&view);
    Err(refused)
}

async fn at_place<B, F>(request: Request, place: Place, deed: F) -> Answered
where
    B: DeserializeOwned + Send + 'static,
    F: FnOnce(&mut Draft, &Orderer, &Place, &B) -> Result<Accepted, Fault> + Send + 'static,
{
    let order: B = request.body()?;
    let (app, orderer, target) = (request.app.clone(), request.orderer.clone(), place.clone());
    let answered = request.perform(move |draft, orderer| deed(draft, orderer, &target, &order)).await;
    with_current(&app, &orderer, answered, |view| serde_json::to_value(view::environment(view, &place)).ok())
}

type Named = Path<(String, String)>;

/// Bringing a release in.
pub async fn promote(
    State(app): State<App>,
    asker: Asker,
    Path((s, e)): Named,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    at_place(Request::new(app, asker, &headers, &uri, body)?, Place::new(s, e), deeds::promote::promote).await
}

/// Going back.
pub async fn roll_back(
    State(app): State<App>,
    asker: Asker,
    Path((s, e)): Named,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    at_place(Request::new(app, asker, &headers, &uri, body)?, Place::new(s, e), deeds::roll_back::roll_back).await
}

/// Holding automatic deployments.
pub async fn hold(
    State(app): State<App>,
    asker: Asker,
    Path((s, e)): Named,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    at_place(Request::new(app, asker, &headers, &uri, body)?, Place::new(s, e), deeds::hold::hold).await
}

/// Calling an emergency stop, or taking it back.
pub async fn freeze(State(app): State<App>, asker: Asker, uri: Uri, headers: HeaderMap, body: Bytes) -> Answered {
    let request = Request::new(app.clone(), asker, &headers, &uri, body)?;
    let order: protocol::Freeze = request.body()?;
    let orderer = request.orderer.clone();
    let answered = request.perform(move |draft, orderer| deeds::freeze::freeze(draft, orderer, &order)).await;
    with_current(&app, &orderer, answered, |view| serde_json::to_value(view.brake()).ok())
}

/// Moving traffic.
pub async fn shift(
    State(app): State<App>,
    asker: Asker,
    Path((s, e)): Named,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    at_place(Request::new(app, asker, &headers, &uri, body)?, Place::new(s, e), deeds::shift::shift).await
}

/// Deciding at a gate.
pub async fn decide(
    State(app): State<App>,
    asker: Asker,
    Path(gate): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let request = Request::new(app.clone(), asker, &headers, &uri, body)?;
    let word: protocol::Decide = request.body()?;
    let (gate, orderer) = (GateId::new(gate), request.orderer.clone());
    let id = gate.clone();
    let answered = request.perform(move |draft, orderer| deeds::decide::decide(draft, orderer, &id, &word)).await;
    with_current(&app, &orderer, answered, |view| {
        let deployment = view.state.deployments.get(&Deployment::of_gate(&gate)?)?;
        serde_json::to_value(view::gate(view, deployment)).ok()
    })
}

/// Setting a flag.
pub async fn set_flag(
    State(app): State<App>,
    asker: Asker,
    Path((key, e)): Named,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let request = Request::new(app.clone(), asker, &headers, &uri, body)?;
    let order: protocol::SetFlag = request.body()?;
    let (key, environment, orderer) = (FlagKey::new(key), EnvironmentName::new(e), request.orderer.clone());
    let (flag, at) = (key.clone(), environment.clone());
    let answered =
        request.perform(move |draft, orderer| deeds::set_flag::set_flag(draft, orderer, &flag, &at, &order)).await;
    with_current(&app, &orderer, answered, |view| {
        let flag = view::flags(view).into_iter().find(|flag| flag.key == key)?;
        serde_json::to_value(flag.environments.into_iter().find(|state| state.name == environment)?).ok()
    })
}

/// Making a flag.
pub async fn make_flag(State(app): State<App>, asker: Asker, uri: Uri, headers: HeaderMap, body: Bytes) -> Answered {
    let request = Request::new(app, asker, &headers, &uri, body)?;
    let order: protocol::NewFlag = request.body()?;
    request.perform(move |draft, orderer| deeds::set_flag::make_flag(draft, orderer, &order)).await
}

/// Running again.
pub async fn retry(
    State(app): State<App>,
    asker: Asker,
    Path((s, r)): Named,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let request = Request::new(app.clone(), asker, &headers, &uri, body)?;
    let order: protocol::Again = request.body()?;
    let record = find_run(&app, &s, &r).await?;
    let (orderer, run) = (request.orderer.clone(), record.clone());
    let answered = request.perform(move |draft, orderer| deeds::retry::retry(draft, orderer, &record, &order)).await;
    with_current(&app, &orderer, answered, |view| {
        serde_json::to_value(view::run(view, view.state.runs.get(&run.at())?)).ok()
    })
}

/// Stopping.
pub async fn cancel(
    State(app): State<App>,
    asker: Asker,
    Path((s, r)): Named,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let request = Request::new(app.clone(), asker, &headers, &uri, body)?;
    let order: protocol::Cancel = request.body()?;
    let record = find_run(&app, &s, &r).await?;
    let (orderer, run) = (request.orderer.clone(), record.clone());
    let answered = request.perform(move |draft, orderer| deeds::cancel::cancel(draft, orderer, &record, &order)).await;
    with_current(&app, &orderer, answered, |view| {
        serde_json::to_value(view::run(view, view.state.runs.get(&run.at())?)).ok()
    })
}

/// Starting a run: what the branch holds is read first, then the run is made.
pub async fn start(
    State(app): State<App>,
    asker: Asker,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let request = Request::new(app.clone(), asker, &headers, &uri, body)?;
    let order: protocol::Start = request.body()?;
    request.orderer.may_act()?;
    if let Some(before) = request.before().await? {
        return Ok(before);
    }
    let name = ServiceName::new(name);
    let service = app.ledger.state().services.get(&name).cloned().ok_or_else(|| no_service(&name))?;
    let branch = order.branch.as_ref().map_or_else(|| service.branch.clone(), ToString::to_string);
    let read = checkout::read(&app, &service.repository, Some(&branch), true).await?;
    let by = request.orderer.person.name.clone();
    request
        .perform(move |draft, _| {
            let (commit, says) = (read.commit, order.reason.as_ref().map(ToString::to_string));
            let starter = Some(by.clone());
            let wanted = begin::Wanted { service: name.clone(), branch: read.branch, commit, file: read.file, starter };
            let number = begin::begin(draft, wanted).ok_or_else(|| no_service(&name))?;
            let run = draft.state().runs.get(&(name.clone(), number)).cloned();
            let run = run.ok_or_else(|| refuse::because(Reason::Internal, "the run was not made"))?;
            let key: RunKey = run.key();
            draft.record(&by, "start", key.to_string(), format!("run {key} of {}", run.branch), says.as_deref());
            let revision = crate::engine::state::revision::run(&run);
            Ok(Accepted { run: Some(key.clone()), ..deeds::accepted(revision, format!("run {key} begins")) })
        })
        .await
}
