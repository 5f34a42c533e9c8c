//! Reading: the overview, services, runs, environments, gates, flags.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use super::App;
use super::answer::{Refused, not_modified, tagged};
use super::asker::Asker;
use super::freshness;
use crate::domain::ids::{GateId, Place, ServiceName};
use crate::engine::deeds::refuse;
use crate::engine::state::deployment::Deployment;
use crate::engine::state::run::Run;
use crate::engine::view::{self, View};
use crate::protocol::Runs;
use crate::protocol::fault::Fault;

/// How many runs are listed.
const RUNS: usize = 100;

type Answer = Result<Response, Refused>;

/// Shows something to whoever asks, unless they have it already.
fn show<T: Serialize>(
    app: &App,
    asker: &Asker,
    headers: &HeaderMap,
    what: impl FnOnce(&View<'_>) -> Result<T, Fault>,
) -> Answer {
    let (state, observed) = (app.ledger.state(), app.board.read());
    let tag = freshness::tag(app, &state, &observed, &asker.0);
    if freshness::has(headers, &tag) {
        return Ok(not_modified(&tag));
    }
    let view = View { state: &state, observed: &observed, person: &asker.0, now: app.clock.now() };
    Ok(tagged(&what(&view)?, &tag))
}

/// Everything for the board.
pub async fn overview(State(app): State<App>, asker: Asker, headers: HeaderMap) -> Answer {
    show(&app, &asker, &headers, |view| Ok(view.overview()))
}

/// The flags.
pub async fn flags(State(app): State<App>, asker: Asker, headers: HeaderMap) -> Answer {
    show(&app, &asker, &headers, |view| Ok(view::flags(view)))
}

/// One service.
pub async fn service(State(app): State<App>, asker: Asker, headers: HeaderMap, Path(name): Path<String>) -> Answer {
    let name = ServiceName::new(name);
    show(&app, &asker, &headers, |view| view.service(&name).ok_or_else(|| no_service(&name)))
}

/// The newest runs of a service.
pub async fn runs(State(app): State<App>, asker: Asker, headers: HeaderMap, Path(name): Path<String>) -> Answer {
    let name = ServiceName::new(name);
    show(&app, &asker, &headers, |view| {
        view.state.services.get(&name).ok_or_else(|| no_service(&name))?;
        Ok(Runs { runs: view.state.runs_of(&name).take(RUNS).map(|run| view::run(view, run)).collect() })
    })
}

/// One run.
pub async fn run(
    State(app): State<App>,
    asker: Asker,
    headers: HeaderMap,
    Path((service, id)): Path<(String, String)>,
) -> Answer {
    let record = find_run(&app, &service, &id).await?;
    show(&app, &asker, &headers, |view| {
        let known = view.state.runs.get(&record.at());
        Ok(view::run(view, known.map_or(&record, |known| known)))
    })
}

/// One environment.
pub async fn environment(
    State(app): State<App>,
    asker: Asker,
    headers: HeaderMap,
    Path((service, name)): Path<(String, String)>,
) -> Answer {
    let place = Place::new(service, name);
    show(&app, &asker, &headers, |view| {
        let known = view.places(&place.service).contains(&place);
        known.then(|| view::environment(view, &place)).ok_or_else(|| no_place(&place))
    })
}

/// The emergency stop.
pub async fn stop(State(app): State<App>, asker: Asker, headers: HeaderMap) -> Answer {
    show(&app, &asker, &headers, |view| Ok(view.brake()))
}

/// One gate.
pub async fn gate(State(app): State<App>, asker: Asker, headers: HeaderMap, Path(id): Path<String>) -> Answer {
    let id = GateId::new(id);
    show(&app, &asker, &headers, |view| {
        let deployment = Deployment::of_gate(&id).and_then(|number| view.state.deployments.get(&number));
        let gate = deployment.and_then(|deployment| view::gate(view, deployment));
        gate.ok_or_else(|| refuse::not_found(format!("there is no gate {id}")))
    })
}

/// A run, from memory or from the database.
pub async fn find_run(app: &App, service: &str, id: &str) -> Result<Run, Refused> {
    let missing = || Refused(refuse::not_found(format!("there is no run {service}/{id}")));
    let number: u64 = id.parse().map_err(|_| missing())?;
    if let Some(run) = app.ledger.state().runs.get(&(ServiceName::new(service), number)) {
        return Ok((**run).clone());
    }
    app.ledger.run(service.to_owned(), number).await?.ok_or_else(missing)
}

/// There is no such service.
pub fn no_service(name: &ServiceName) -> Fault {
    refuse::not_found(format!("there is no service {name}"))
}

/// There is no such environment.
pub fn no_place(place: &Place) -> Fault {
    refuse::not_found(format!("there is no environment {place}"))
}
