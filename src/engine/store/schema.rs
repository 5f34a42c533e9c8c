//! The tables, and how a database is opened. Each record is a JSON text beside the columns that it is found by.

use std::path::Path;

use rusqlite::Connection;

use super::fault::Fault;
use crate::domain::text::Text;

/// The version of the tables below; stored as `user_version`.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE service (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE run (
  service TEXT NOT NULL, number INTEGER NOT NULL, ended INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (service, number)) STRICT, WITHOUT ROWID;
CREATE TABLE release (
  service TEXT NOT NULL, version TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (service, version)) STRICT, WITHOUT ROWID;
CREATE TABLE deployment (id INTEGER PRIMARY KEY, ended INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE place (
  service TEXT NOT NULL, environment TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (service, environment)) STRICT, WITHOUT ROWID;
CREATE TABLE flag (key TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE person (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pipeline (digest TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE manifest (digest TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE answer (
  key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL) STRICT;
";

/// What was added since; a folder from before gets it at the next start.
const ADDED: &str = "
CREATE TABLE IF NOT EXISTS confirmation (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
";

/// Opens the database at `path`, making it and its tables if they are not there.
pub(super) fn open(path: &Path) -> Result<Connection, Fault> {
    let unusable = |said: String| Fault::Unusable { path: Text::new(path.to_string_lossy()), said: Text::new(said) };
    let mut connection = Connection::open(path).map_err(|error| unusable(error.to_string()))?;
    prepare(&mut connection).map_err(|error| match Fault::from(error) {
        Fault::Failed(said) => unusable(said.as_str().to_owned()),
        other => other,
    })?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        VERSION => Ok(connection),
        other => Err(unusable(format!("its tables are of version {other}, this program knows {VERSION}"))),
    }
}

fn prepare(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    // Acknowledged means durable: with NORMAL, a power loss may take back what was committed last.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        let transaction = connection.transaction()?;
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
    }
    connection.execute_batch(ADDED)
}
