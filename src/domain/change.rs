//! Changes: what lies between two environments.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{EnvironmentName, ServiceName};
use super::text::Text;

/// The commits that one environment has and another has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The service.
    pub service: ServiceName,
    /// The environment that lacks them.
    pub from: EnvironmentName,
    /// The environment that has them.
    pub to: EnvironmentName,
    /// Newest first.
    pub commits: Vec<Commit>,
    /// Files touched.
    pub files: Vec<File>,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its full hash.
    pub id: Text,
    /// Its first line.
    pub title: Text,
    /// Its author.
    pub author: Text,
    /// When it was made.
    pub at: Option<Timestamp>,
    /// Where it can be seen in a browser.
    pub url: Option<Text>,
    /// The pull request it came by.
    pub pull: Option<Text>,
}

/// One file touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path in the repository.
    pub path: Text,
    /// `added`, `modified`, `deleted`, `renamed` …
    pub status: Text,
}
