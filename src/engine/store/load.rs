//! Reads the state back at the start: everything that has not ended, and the newest of what has.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, Params};
use serde::de::DeserializeOwned;

use super::fault::Fault;
use super::rows;
use crate::domain::stop::Stop;
use crate::engine::spec;
use crate::engine::state::State;
use crate::engine::state::confirmation::Confirmation;
use crate::engine::state::deployment::Deployment;
use crate::engine::state::flag::Flag;
use crate::engine::state::person::Person;
use crate::engine::state::place::Standing;
use crate::engine::state::release::Release;
use crate::engine::state::run::Run;
use crate::engine::state::service::Service;

/// How many ended runs of each service stay in memory; older ones are read from the database when asked for.
pub(super) const RUNS: u32 = 200;
/// How many ended deployments stay in memory.
const DEPLOYMENTS: u32 = 2000;

/// The whole state.
pub(super) fn state(connection: &Connection) -> Result<State, Fault> {
    let services: Vec<Service> = bodies(connection, "SELECT body FROM service", [])?;
    let flags: Vec<Flag> = bodies(connection, "SELECT body FROM flag", [])?;
    let people: Vec<Person> = bodies(connection, "SELECT body FROM person", [])?;
    let places: Vec<Standing> = bodies(connection, "SELECT body FROM place", [])?;
    let releases: Vec<Release> = bodies(connection, "SELECT body FROM release", [])?;
    let confirmations: Vec<Confirmation> = bodies(connection, "SELECT body FROM confirmation", [])?;
    let deployments: Vec<Deployment> = bodies(
        connection,
        "SELECT body FROM deployment WHERE ended = 0 OR id > (SELECT max(id) FROM deployment) - ?1",
        [DEPLOYMENTS],
    )?;
    Ok(State {
        generation: 0,
        runs: table(runs(connection, &services)?, Run::at),
        services: table(services, |service| service.name.clone()),
        releases: table(releases, |release| (release.service.clone(), release.version.clone())),
        deployments: table(deployments, |deployment| deployment.id),
        places: table(places, |standing| standing.place.clone()),
        flags: table(flags, |flag| flag.key.clone()),
        people: table(people, |person| person.name.clone()),
        stop: stop(connection)?,
        confirmations: table(confirmations, |kept| kept.id.clone()),
        pipelines: Arc::new(pipelines(connection)?),
    })
}

fn stop(connection: &Connection) -> Result<Option<Arc<Stop>>, Fault> {
    let kept: Vec<Option<Stop>> = bodies(connection, "SELECT value FROM setting WHERE name = ?1", [rows::STOP])?;
    Ok(kept.into_iter().flatten().next().map(Arc::new))
}

fn runs(connection: &Connection, services: &[Service]) -> Result<Vec<Run>, Fault> {
    let mut runs = Vec::new();
    for service in services {
        let oldest = service.next_run.saturating_sub(u64::from(RUNS)).cast_signed();
        let sql = "SELECT body FROM run WHERE service = ?1 AND (ended = 0 OR number >= ?2)";
        runs.extend(bodies::<Run>(connection, sql, (service.name.as_str(), oldest))?);
    }
    Ok(runs)
}

/// One run from the database, however old.
pub(super) fn run(connection: &Connection, service: &str, number: u64) -> Result<Option<Run>, Fault> {
    let sql = "SELECT body FROM run WHERE service = ?1 AND number = ?2";
    Ok(bodies(connection, sql, (service, number.cast_signed()))?.pop())
}

/// A file that this program no longer reads is left out: what rests on it says that its pipeline is gone.
fn pipelines(connection: &Connection) -> Result<BTreeMap<String, Arc<spec::Pipeline>>, Fault> {
    let mut select = connection.prepare("SELECT digest, text FROM pipeline")?;
    let rows = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut pipelines = BTreeMap::new();
    for row in rows {
        let (digest, text) = row?;
        if let Ok(pipeline) = spec::parse(&text, spec::FILE) {
            pipelines.insert(digest, Arc::new(pipeline));
        }
    }
    Ok(pipelines)
}

fn bodies<T: DeserializeOwned>(connection: &Connection, sql: &str, params: impl Params) -> Result<Vec<T>, Fault> {
    let mut select = connection.prepare(sql)?;
    let mut rows = select.query(params)?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
    }
    Ok(records)
}

fn table<K: Ord, V>(records: Vec<V>, key: impl Fn(&V) -> K) -> Arc<BTreeMap<K, Arc<V>>> {
    Arc::new(records.into_iter().map(|record| (key(&record), Arc::new(record))).collect())
}
