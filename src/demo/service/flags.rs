//! The flags of a sample service: asked of the engine through the OpenFeature Remote Evaluation Protocol. What is the
//! same for everybody is asked for twice a second at most; what is on for a share of the users, for each of them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::clock::{Clock as _, System};
use crate::demo::link::{Call, Link, address};

/// How old an answer may be before it is asked for again.
const FRESH: Duration = Duration::from_millis(400);
/// How long one answer may take.
const LIMIT: Duration = Duration::from_millis(300);
/// How long nothing is asked after no answer came.
const SILENCE: Duration = Duration::from_secs(1);

/// Where flags are evaluated, and what was last said.
pub struct Flags {
    keys: Vec<String>,
    asked: Option<Mutex<Asked>>,
}

struct Asked {
    link: Link,
    path: String,
    token: String,
    /// Not to be asked before this moment.
    again_at: Option<Instant>,
    tag: Option<String>,
    /// By flag, whether it is on; `None` where that depends on the user.
    known: BTreeMap<String, Option<bool>>,
}

impl Flags {
    /// The flags called `keys`, evaluated at `url` with `token`. Without a usable address all are off.
    pub fn new(keys: Vec<String>, url: Option<&str>, token: Option<&str>) -> Self {
        let url = url.and_then(|url| url::Url::parse(url).ok());
        let address = url.as_ref().and_then(|url| address(url.as_str()));
        let asked = url.zip(address).map(|(url, address)| Mutex::new(Asked::new(&url, address, token)));
        Self { keys, asked }
    }

    /// By flag, whether it is on for `user`.
    pub async fn evaluate(&self, user: Option<&str>) -> BTreeMap<String, bool> {
        let Some(asked) = self.asked.as_ref().filter(|_| !self.keys.is_empty()) else { return self.all_off() };
        let mut asked = asked.lock().await;
        asked.refresh().await;
        let shared =
            |known: &BTreeMap<String, Option<bool>>, key: &String| known.get(key).copied().unwrap_or(Some(false));
        let personal = self.keys.iter().any(|key| shared(&asked.known, key).is_none());
        let own = match user.filter(|_| personal) {
            Some(user) => asked.ask_for(user).await,
            None => BTreeMap::new(),
        };
        let on = |key: &String| shared(&asked.known, key).or_else(|| shared(&own, key)).unwrap_or(false);
        self.keys.iter().map(|key| (key.clone(), on(key))).collect()
    }

    fn all_off(&self) -> BTreeMap<String, bool> {
        self.keys.iter().map(|key| (key.clone(), false)).collect()
    }
}

impl Asked {
    fn new(url: &url::Url, address: SocketAddr, token: Option<&str>) -> Self {
        Self {
            link: Link::new(address, LIMIT),
            path: format!("{}/ofrep/v1/evaluate/flags", url.path().trim_end_matches('/')),
            token: format!("Bearer {}", token.unwrap_or_default()),
            again_at: None,
            tag: None,
            known: BTreeMap::new(),
        }
    }

    /// Brings what is the same for everybody up to date; without an answer, what was known stays.
    async fn refresh(&mut self) {
        if self.waits() {
            return;
        }
        let tag = self.tag.clone().unwrap_or_default();
        if let Some((tag, known)) = self.ask(&[("if-none-match", &tag)], Bytes::new()).await {
            (self.tag, self.known) = (tag, known);
        }
        let pause = self.again_at.is_none().then(|| System.instant() + FRESH);
        self.again_at = self.again_at.or(pause);
    }

    /// What is on for one user; empty without an answer.
    async fn ask_for(&mut self, user: &str) -> BTreeMap<String, Option<bool>> {
        let body = json!({ "context": { "targetingKey": user } }).to_string();
        self.ask(&[], Bytes::from(body)).await.map(|(_, known)| known).unwrap_or_default()
    }

    fn waits(&mut self) -> bool {
        self.again_at = self.again_at.filter(|at| *at > System.instant());
        self.again_at.is_some()
    }

    /// One question; `None` if there is no answer or nothing new in it.
    async fn ask(
        &mut self,
        more: &[(&str, &str)],
        body: Bytes,
    ) -> Option<(Option<String>, BTreeMap<String, Option<bool>>)> {
        let mut headers = vec![("authorization", self.token.as_str()), ("content-type", "application/json")];
        headers.extend(more);
        let call = Call { method: Method::POST, path: &self.path, headers: &headers, body };
        let Ok(answer) = self.link.call(call).await else {
            self.again_at = Some(System.instant() + SILENCE);
            return None;
        };
        (answer.status == StatusCode::OK).then(|| (answer.tag, read(&answer.body)))
    }
}

/// The flags of a bulk answer.
fn read(body: &[u8]) -> BTreeMap<String, Option<bool>> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let flags = body.get("flags").and_then(Value::as_array).into_iter().flatten();
    flags
        .filter_map(|flag| {
            let personal = flag.get("errorCode").and_then(Value::as_str) == Some("TARGETING_KEY_MISSING");
            let on = if personal { None } else { Some(flag.get("value")?.as_bool()?) };
            Some((flag.get("key")?.as_str()?.to_owned(), on))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_tells_what_is_shared_and_what_is_personal() {
        let body = br#"{"flags": [
            {"key": "a", "value": true, "reason": "STATIC", "variant": "on"},
            {"key": "b", "errorCode": "TARGETING_KEY_MISSING", "errorDetails": "?"},
            {"key": "c", "errorCode": "GENERAL"},
            {"key": "d", "value": "words"}
        ]}"#;
        let expected = BTreeMap::from([("a".to_owned(), Some(true)), ("b".to_owned(), None)]);
        assert_eq!(read(body), expected);
        assert_eq!(read(b"<html>"), BTreeMap::new());
    }

    #[tokio::test]
    async fn without_the_engine_every_flag_is_off() {
        let keys = || vec!["a".to_owned()];
        let off = BTreeMap::from([("a".to_owned(), false)]);
        assert_eq!(Flags::new(keys(), None, None).evaluate(Some("user-1")).await, off);
        assert_eq!(Flags::new(keys(), Some("http://127.0.0.1:1"), None).evaluate(Some("user-1")).await, off);
    }
}
