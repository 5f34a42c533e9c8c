//! What all parts of a running engine share.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::clock::Clock;
use crate::domain::chain::hex;
use crate::domain::ids::EnvironmentName;
use crate::engine::folder::Folder;
use crate::engine::git::{Caller, Location, Repository};
use crate::engine::observed::Board;
use crate::engine::router::Traffic;
use crate::engine::store::Ledger;

/// A running engine, to all its parts.
pub struct Core {
    /// What is decided.
    pub ledger: Ledger,
    /// What is seen.
    pub board: Board,
    /// Traffic as it is let in and counted.
    pub traffic: Traffic,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The data folder.
    pub folder: Folder,
    /// Marks this start of the engine, so that what readers remember of another one is not taken for the same.
    pub boot: String,
    /// The engine's own identity, chosen once for a data folder: it marks the processes that are its own.
    pub identity: String,
    /// The key of the tokens that instances evaluate flags with.
    pub flag_key: String,
    /// Since when it runs.
    pub started_at: Timestamp,
    /// The address of its API.
    pub url: String,
}

impl Core {
    /// A repository, opened; a remote one through the engine's mirror.
    pub async fn repository(&self, registered: &str) -> Result<Repository, crate::engine::git::Fault> {
        let location = Location::read(registered, std::path::Path::new("/"))?;
        Repository::open(location, &self.folder.mirror(registered), Caller::engine(&self.identity)).await
    }

    /// The token with which instances in an environment evaluate flags: good for that and nothing else.
    pub fn flag_token(&self, environment: &EnvironmentName) -> String {
        let hash = Sha256::new().chain_update(&self.flag_key).chain_update([0]).chain_update(environment.as_str());
        hex(&hash.finalize())
    }

    /// Where instances in an environment evaluate flags.
    pub fn flag_url(&self, environment: &EnvironmentName) -> String {
        format!("{}/environments/{}", self.url, crate::protocol::paths::encode(environment.as_str()))
    }
}
