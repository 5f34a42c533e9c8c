//! Tags: the mark (`ETag`) of what was read last, by address and by who read it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use reqwest::header::HeaderValue;

use super::credential::Identity;

/// The most addresses of which the tag is kept: more than the subjects of one source that are on screens at a time.
const MOST: usize = 1024;

/// The tags of one source.
#[derive(Debug, Default)]
pub(super) struct Tags(Mutex<BTreeMap<String, (Identity, HeaderValue)>>);

impl Tags {
    /// The tag of what `who` read last at `path`.
    pub fn of(&self, path: &str, who: Identity) -> Option<HeaderValue> {
        let tags = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tags.get(path).filter(|(reader, _)| *reader == who).map(|(_, tag)| tag.clone())
    }

    /// What `who` read at `path` has this tag, or none.
    pub fn keep(&self, path: &str, who: Identity, tag: Option<&HeaderValue>) {
        let mut tags = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(tag) = tag else {
            tags.remove(path);
            return;
        };
        if tags.len() >= MOST && !tags.contains_key(path) {
            // Without its tag something is read whole once more, no worse.
            tags.clear();
        }
        tags.insert(path.to_owned(), (who, tag.clone()));
    }
}
