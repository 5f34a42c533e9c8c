//! How an engine is told to run.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::domain::text::Text;
use crate::engine::{folder, store};

/// How an engine is told to run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The data folder.
    pub data: PathBuf,
    /// Where it listens; `None`: where it did before, or on a free port of the loopback.
    pub listen: Option<SocketAddr>,
    /// The name of the person whose token is `DIR/token`; `None`: the name that stands there, or `owner`.
    pub owner: Option<String>,
    /// Further people who get tokens of their own at the first start.
    pub people: Vec<Guest>,
    /// What the console's configuration names as its state folder; `None` leaves the platform's.
    pub state_dir: Option<String>,
    /// Whether the instances end with the engine.
    pub stop_instances: bool,
}

/// A person who is there from the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The name.
    pub name: String,
    /// The roles' words.
    pub roles: Vec<String>,
    /// The file in the data folder that the token is written to, for its owner only.
    pub file: String,
}

/// Why an engine does not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] folder::Fault),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Fault),
    /// The address is not on the loopback.
    #[error("{0} is not on this machine's loopback")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {said}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        said: Text,
    },
    /// A role that does not exist, a person who cannot be made.
    #[error("{0}")]
    Person(Text),
    /// Something else of the operating system.
    #[error("{0}")]
    System(Text),
}

impl Fault {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Folder(folder::Fault::Taken { pid, .. }) => {
                Some(format!("use that one, or end it first: kill {pid}; its instances keep running"))
            }
            Self::NotLoopback(_) => Some("listen on 127.0.0.1 or [::1]".to_owned()),
            Self::Listen { address, .. } => Some(format!(
                "see who has it: ss -ltnp 'sport = :{}'; or listen elsewhere: --listen 127.0.0.1:0",
                address.port()
            )),
            Self::Store(store::Fault::Full(_)) => Some("make room on the disk of the data folder".to_owned()),
            _ => None,
        }
    }
}
