//! Writes what a draft changed.

use rusqlite::{Transaction, params};

use super::draft::{Changed, Draft};
use super::fault::Fault;

/// The setting that holds the emergency stop.
pub(super) const STOP: &str = "stop";

/// Writes everything but the audit entries.
pub(super) fn write(transaction: &Transaction<'_>, draft: &Draft) -> Result<(), Fault> {
    for (digest, text) in &draft.pipelines {
        let sql = "INSERT OR IGNORE INTO pipeline (digest, text) VALUES (?1, ?2)";
        transaction.prepare_cached(sql)?.execute(params![digest, text])?;
    }
    for (digest, body) in &draft.manifests {
        let sql = "INSERT OR IGNORE INTO manifest (digest, body) VALUES (?1, ?2)";
        transaction.prepare_cached(sql)?.execute(params![digest, body])?;
    }
    for answer in &draft.answers {
        let sql = "INSERT INTO answer (key, request, status, body, at) VALUES (?1, ?2, ?3, ?4, ?5)";
        let at = draft.now.as_millisecond();
        transaction.prepare_cached(sql)?.execute(params![
            answer.key,
            answer.request,
            answer.status,
            answer.body,
            at
        ])?;
    }
    draft.changed.iter().try_for_each(|changed| record(transaction, draft, changed))
}

fn record(transaction: &Transaction<'_>, draft: &Draft, changed: &Changed) -> Result<(), Fault> {
    let state = &draft.state;
    match changed {
        Changed::Service(name) => {
            let Some(service) = state.services.get(name) else { return Ok(()) };
            let body = serde_json::to_string(&**service)?;
            keyed(transaction, "INSERT OR REPLACE INTO service (name, body) VALUES (?1, ?2)", name.as_str(), &body)
        }
        Changed::Run(service, number) => {
            let Some(run) = state.runs.get(&(service.clone(), *number)) else { return Ok(()) };
            let sql = "INSERT OR REPLACE INTO run (service, number, ended, body) VALUES (?1, ?2, ?3, ?4)";
            let body = serde_json::to_string(&**run)?;
            let row = params![service.as_str(), number.cast_signed(), run.status.ended(), body];
            transaction.prepare_cached(sql)?.execute(row)?;
            Ok(())
        }
        Changed::Release(service, version) => {
            let Some(release) = state.release(service, version) else { return Ok(()) };
            let sql = "INSERT OR REPLACE INTO release (service, version, body) VALUES (?1, ?2, ?3)";
            pair(transaction, sql, service.as_str(), version.as_str(), &serde_json::to_string(&**release)?)
        }
        Changed::Deployment(id) => {
            let Some(deployment) = state.deployments.get(id) else { return Ok(()) };
            let sql = "INSERT OR REPLACE INTO deployment (id, ended, body) VALUES (?1, ?2, ?3)";
            let body = serde_json::to_string(&**deployment)?;
            transaction.prepare_cached(sql)?.execute(params![id.cast_signed(), deployment.stand.ended(), body])?;
            Ok(())
        }
        Changed::Place(place) => {
            let Some(standing) = state.places.get(place) else { return Ok(()) };
            let sql = "INSERT OR REPLACE INTO place (service, environment, body) VALUES (?1, ?2, ?3)";
            let (service, environment) = (place.service.as_str(), place.environment.as_str());
            pair(transaction, sql, service, environment, &serde_json::to_string(&**standing)?)
        }
        Changed::Flag(key) => {
            let Some(flag) = state.flags.get(key) else { return Ok(()) };
            let body = serde_json::to_string(&**flag)?;
            keyed(transaction, "INSERT OR REPLACE INTO flag (key, body) VALUES (?1, ?2)", key.as_str(), &body)
        }
        Changed::Person(name) => {
            let Some(person) = state.people.get(name) else { return Ok(()) };
            let body = serde_json::to_string(&**person)?;
            keyed(transaction, "INSERT OR REPLACE INTO person (name, body) VALUES (?1, ?2)", name, &body)
        }
        Changed::Confirmation(id) => {
            let Some(kept) = state.confirmations.get(id) else {
                transaction.prepare_cached("DELETE FROM confirmation WHERE id = ?1")?.execute([id])?;
                return Ok(());
            };
            let body = serde_json::to_string(&**kept)?;
            keyed(transaction, "INSERT OR REPLACE INTO confirmation (id, body) VALUES (?1, ?2)", id, &body)
        }
        Changed::Stop => {
            let body = serde_json::to_string(&state.stop.as_deref())?;
            keyed(transaction, "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", STOP, &body)
        }
    }
}

fn keyed(transaction: &Transaction<'_>, sql: &str, key: &str, body: &str) -> Result<(), Fault> {
    transaction.prepare_cached(sql)?.execute(params![key, body])?;
    Ok(())
}

fn pair(transaction: &Transaction<'_>, sql: &str, one: &str, two: &str, body: &str) -> Result<(), Fault> {
    transaction.prepare_cached(sql)?.execute(params![one, two, body])?;
    Ok(())
}
