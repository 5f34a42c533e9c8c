//! Why the store did not do what it was told.

use crate::domain::text::Text;

/// Why a transaction was not made. Nothing of it is in the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No room on the disk.
    #[error("the disk is full: {0}")]
    Full(Text),
    /// The database cannot be opened or read as one of this program.
    #[error("the database {path} cannot be used: {said}")]
    Unusable {
        /// Where it lies.
        path: Text,
        /// Why.
        said: Text,
    },
    /// SQLite failed otherwise.
    #[error("the database failed: {0}")]
    Failed(Text),
    /// The writer has ended.
    #[error("the engine is stopping")]
    Stopped,
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let said = Text::new(error.to_string());
        match error.sqlite_error_code() {
            // A write that fails for want of room is reported as one of these, depending on where it fails.
            Some(rusqlite::ErrorCode::DiskFull | rusqlite::ErrorCode::SystemIoFailure) => Self::Full(said),
            _ => Self::Failed(said),
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(Text::new(error.to_string()))
    }
}
