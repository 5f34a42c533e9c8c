//! The last known state as it is kept over the program's end, and painted first with its age at the next start.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Seen, Store};
use crate::domain::flag::Flag;
use crate::domain::ids::SourceName;
use crate::domain::service::Service;

/// What was known, with each value's provenance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The shape's version; another one is not read.
    pub version: u32,
    /// The context it belongs to.
    pub context: String,
    /// The services.
    pub services: Vec<Kept<Service>>,
    /// The flags.
    pub flags: Vec<Kept<Flag>>,
}

/// One value and its provenance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept<T> {
    /// What was said.
    pub value: T,
    /// Who said it.
    pub source: SourceName,
    /// When it was true.
    pub at: Timestamp,
}

impl Snapshot {
    /// The version of the shape that this program writes and reads.
    pub const VERSION: u32 = 1;
}

impl Store {
    /// What is worth keeping.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            version: Snapshot::VERSION,
            context: self.topology.context.clone(),
            services: self.services.values().map(keep).collect(),
            flags: self.flags.values().map(keep).collect(),
        }
    }

    /// Takes up what was kept, with the times at which it was true. A snapshot of another context, or of sources and
    /// services that are no longer configured, is passed over; so are people's permissions, which may have changed.
    pub fn restore(&mut self, snapshot: Snapshot) {
        if snapshot.version != Snapshot::VERSION || snapshot.context != self.topology.context {
            return;
        }
        for kept in snapshot.services {
            if self.sources.contains_key(&kept.source) && self.topology.shows(&kept.value.name) {
                self.services.entry(kept.value.name.clone()).or_insert_with(|| seen(kept));
            }
        }
        for kept in snapshot.flags {
            if self.sources.contains_key(&kept.source) {
                self.flags.entry((kept.source.clone(), kept.value.key.clone())).or_insert_with(|| seen(kept));
            }
        }
        self.derive();
    }
}

fn keep<T: Clone>(seen: &Seen<T>) -> Kept<T> {
    Kept { value: seen.value.clone(), source: seen.source.clone(), at: seen.at }
}

fn seen<T>(kept: Kept<T>) -> Seen<T> {
    Seen { value: kept.value, source: kept.source, at: kept.at }
}
