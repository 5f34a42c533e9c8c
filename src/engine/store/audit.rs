//! The audit: every change by a person and every turn of a deployment, hash-chained, written in the transaction of the
//! change itself.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use crate::domain::chain::{self, Head, Seal};

/// What is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// A person's name; `engine` for what the engine did by itself.
    pub by: String,
    /// What was done: `approve`, `promote`, `deployed` …
    pub action: String,
    /// To what: `checkout/production`, `flag new-basket in staging` …
    pub target: String,
    /// In words, what changed.
    pub says: String,
    /// The reason given.
    pub reason: Option<String>,
    /// How far the journal of whoever did it had come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
}

/// Writes entries behind `head`, and gives the new head.
pub(super) fn append(transaction: &Transaction<'_>, head: &Head, entries: &[Entry]) -> Result<Head, Fault> {
    let mut head = head.clone();
    let mut insert =
        transaction.prepare_cached("INSERT INTO audit (seq, previous, hash, body) VALUES (?1, ?2, ?3, ?4)")?;
    for entry in entries {
        let body = serde_json::to_string(entry)?;
        let hash = chain::link(&head.hash, &body);
        let seq = head.seq + 1;
        insert.execute(params![seq.cast_signed(), head.hash, hash, body])?;
        head = Head { seq, hash };
    }
    Ok(head)
}

/// The last entry's number and hash, as they stand.
pub(super) fn head(connection: &Connection) -> Result<Head, Fault> {
    let mut select = connection.prepare("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?;
    let mut rows = select.query([])?;
    match rows.next()? {
        Some(row) => Ok(Head { seq: row.get::<_, i64>(0)?.cast_unsigned(), hash: row.get(1)? }),
        None => Ok(Head::default()),
    }
}

/// One entry as it is stored: number, predecessor's hash, hash, body.
pub type Stored = (u64, String, String, String);

/// The entries from `from` on, at most `most`.
pub(super) fn read(connection: &Connection, from: u64, most: u64) -> Result<Vec<Stored>, Fault> {
    let mut select =
        connection.prepare("SELECT seq, previous, hash, body FROM audit WHERE seq >= ?1 ORDER BY seq LIMIT ?2")?;
    let rows = select.query_map(params![from.cast_signed(), most.cast_signed()], |row| {
        Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The newest entries with a seal of the journal whose first entry has this hash, at most `most`.
pub(super) fn sealed(connection: &Connection, journal: &str, most: u64) -> Result<Vec<Entry>, Fault> {
    let mut select = connection
        .prepare("SELECT body FROM audit WHERE json_extract(body, '$.seal.journal') = ?1 ORDER BY seq DESC LIMIT ?2")?;
    let rows = select.query_map(params![journal, most.cast_signed()], |row| row.get::<_, String>(0))?;
    rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

/// Reads the whole chain; the head it leads to, and what is broken if anything is. An entry that was cut off at the end
/// shows as the head that the writer remembers and the table has not.
pub(super) fn verify(connection: &Connection, remembered: &Head) -> Result<(Head, Option<String>), Fault> {
    let mut head = Head::default();
    loop {
        let entries = read(connection, head.seq + 1, 1000)?;
        if entries.is_empty() {
            break;
        }
        for (seq, previous, hash, body) in &entries {
            let entry = chain::Entry { seq: *seq, previous, hash, body };
            if let Err(broken) = head.follow(entry) {
                return Ok((head, Some(broken.to_string())));
            }
        }
    }
    let broken = (head != *remembered).then(|| format!("the chain ends at entry {}, not {}", head.seq, remembered.seq));
    Ok((head, broken))
}
