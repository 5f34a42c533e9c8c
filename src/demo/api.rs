//! The engine's API as the demonstration uses it: the way any person would, with a token and the revision that was seen.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::link::{Answer, Call, Link, Unanswered};
use crate::domain::flag::FlagValue;
use crate::domain::gate::Verdict;
use crate::domain::ids::{EnvironmentName, FlagKey, GateId, Place, Revision};
use crate::domain::observation::Overview;
use crate::domain::order::RolloutDeed;
use crate::domain::release::VersionName;
use crate::domain::text::Text;
use crate::protocol::{Decide, IF_MATCH, Promote, Register, SetFlag, Shift, fault, paths};

/// How long an answer may take: a registration reads a repository.
const LIMIT: Duration = Duration::from_secs(20);

/// One person's access to the engine.
pub struct Api {
    link: Link,
    token: String,
    /// The last overview, and its tag.
    seen: Option<(String, Arc<Overview>)>,
}

/// Something that a person orders.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Says yes at a gate.
    Approve(GateId),
    /// Brings a release in.
    Promote(Place, VersionName),
    /// Lets a canary stand on a step.
    GoToStep(Place, u32),
    /// Sets a flag.
    SetFlag(FlagKey, EnvironmentName, FlagValue),
}

/// Why the engine did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No answer.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    /// It refused.
    #[error("the engine refused: {0}")]
    Refused(Text),
    /// Its answer is not what the API says.
    #[error("the engine's answer cannot be read: {0}")]
    Malformed(Text),
}

impl Api {
    /// The access of whoever has `token`, to the engine at `url`.
    pub fn new(url: &str, token: &str) -> Result<Self, Fault> {
        let malformed = |said: String| Fault::Malformed(Text::new(said));
        let address = super::link::address(url).ok_or_else(|| malformed(format!("{url} is no address")))?;
        Ok(Self { link: Link::new(address, LIMIT), token: format!("Bearer {}", token.trim()), seen: None })
    }

    /// Everything that there is.
    pub async fn overview(&mut self) -> Result<Arc<Overview>, Fault> {
        let tag = self.seen.as_ref().map(|(tag, _)| tag.clone()).unwrap_or_default();
        let answer = self.call(Method::GET, paths::OVERVIEW, &[("if-none-match", &tag)], None).await?;
        if let Some((_, seen)) = self.seen.as_ref().filter(|_| answer.status == StatusCode::NOT_MODIFIED) {
            return Ok(Arc::clone(seen));
        }
        let answer = accepted(answer)?;
        let read = serde_json::from_slice(&answer.body);
        let overview = Arc::new(read.map_err(|error| Fault::Malformed(Text::new(error.to_string())))?);
        self.seen = answer.tag.map(|tag| (tag, Arc::clone(&overview)));
        Ok(overview)
    }

    /// Registers a repository.
    pub async fn register(&mut self, repository: String) -> Result<(), Fault> {
        let body = json!(Register { repository, branch: Some("main".to_owned()) });
        accepted(self.call(Method::POST, paths::SERVICES, &[], Some(&body)).await?).map(drop)
    }

    /// Orders something that rests on `seen`.
    pub async fn order(&mut self, deed: &Deed, seen: &Revision) -> Result<(), Fault> {
        let (method, path, body) = request(deed);
        let expect = format!("\"{}\"", seen.as_str());
        accepted(self.call(method, &path, &[(IF_MATCH, &expect)], Some(&body)).await?).map(drop)
    }

    async fn call(
        &mut self,
        method: Method,
        path: &str,
        more: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer, Fault> {
        let mut headers = vec![("authorization", self.token.as_str()), ("content-type", "application/json")];
        headers.extend(more);
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        Ok(self.link.call(Call { method, path, headers: &headers, body }).await?)
    }
}

fn request(deed: &Deed) -> (Method, String, Value) {
    let reason = || Some(Text::new("the demonstration is being set up"));
    match deed {
        Deed::Approve(gate) => {
            (Method::POST, paths::decision(gate), json!(Decide { verdict: Verdict::Approve, comment: reason() }))
        }
        Deed::Promote(place, version) => {
            (Method::POST, paths::promote(place), json!(Promote { version: version.clone(), reason: reason() }))
        }
        Deed::GoToStep(place, step) => {
            let deed = RolloutDeed::GoToStep(*step);
            (Method::POST, paths::rollout(place), json!(Shift { deed, reason: reason() }))
        }
        Deed::SetFlag(flag, environment, value) => {
            (Method::PUT, paths::flag(flag, environment), json!(SetFlag { value: *value, reason: reason() }))
        }
    }
}

/// The answer, if it is no refusal.
fn accepted(answer: Answer) -> Result<Answer, Fault> {
    if answer.status.is_success() {
        return Ok(answer);
    }
    let said = match serde_json::from_slice::<fault::Fault>(&answer.body) {
        Ok(fault) => fault.message,
        Err(_) => Text::new(answer.status.to_string()),
    };
    Err(Fault::Refused(said))
}
