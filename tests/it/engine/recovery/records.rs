//! What the engine has on record of its processes, read beside it; and what the machine says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use leverframe::engine::process;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

/// Processes by the names of their marks.
pub type Processes = BTreeMap<String, u32>;

/// What the database says.
#[derive(Debug)]
pub struct Records {
    /// By which the engine marks its processes.
    pub identity: String,
    /// The instances whose processes are on record.
    pub instances: Processes,
    /// Those of them that should run no longer.
    pub let_go: BTreeSet<String>,
}

impl Records {
    /// Reads the database of an engine that runs.
    pub fn of(data: &Path) -> Self {
        let connection =
            Connection::open_with_flags(data.join("engine.sqlite"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let sql = "SELECT value FROM setting WHERE name = 'identity'";
        let identity = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        let mut select = connection.prepare("SELECT body FROM place").unwrap();
        let places = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let (mut recorded, mut let_go) = (Processes::new(), BTreeSet::new());
        for place in places {
            for (name, pid, up) in instances(&serde_json::from_str(&place.unwrap()).unwrap()) {
                if !up {
                    let_go.insert(name.clone());
                }
                recorded.insert(name, pid);
            }
        }
        Self { identity, instances: recorded, let_go }
    }

    /// Reads the database that an engine left, and leaves it as it is.
    pub fn left(data: &Path) -> Self {
        let copy = tempfile::tempdir().unwrap();
        for name in ["engine.sqlite", "engine.sqlite-wal"].into_iter().filter(|name| data.join(name).exists()) {
            std::fs::copy(data.join(name), copy.path().join(name)).unwrap();
        }
        Self::of(copy.path())
    }

    /// The processes of this engine that run. Each instance is alone under its mark.
    pub fn running(&self) -> Processes {
        let mut running = Processes::new();
        for found in process::marked(&self.identity) {
            let name = found.mark.name;
            let instance = name.starts_with("instance/");
            let other = running.insert(name.clone(), found.identity.pid);
            assert!(!instance || other.is_none(), "{name} runs twice: {other:?} and {}", found.identity.pid);
        }
        running
    }
}

/// Each instance whose process is known, with whether it should run.
fn instances(place: &Value) -> Vec<(String, u32, bool)> {
    let (service, environment) = (&place["place"]["service"], &place["place"]["environment"]);
    let at = format!("instance/{}/{}", service.as_str().unwrap(), environment.as_str().unwrap());
    let sets = place["sets"].as_array().unwrap().iter();
    let instances = sets.flat_map(|set| set["instances"].as_array().unwrap().iter().map(move |one| (set, one)));
    let recorded = instances.filter_map(|(set, one)| {
        let pid = u32::try_from(one["process"]["pid"].as_u64()?).unwrap();
        Some((format!("{at}/{}/{}/{}", set["id"], one["slot"], one["life"]), pid, set["up"] == true))
    });
    recorded.collect()
}
