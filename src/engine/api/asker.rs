//! Who asks: a bearer token, looked up by its hash.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header, request::Parts};

use super::App;
use super::answer::Refused;
use crate::domain::text::Text;
use crate::engine::deeds::{people, refuse};
use crate::engine::state::State;
use crate::engine::state::person::Person;
use crate::protocol::fault::{Fault, Reason};

/// The person who asks; without a token that is known there is no answer.
pub struct Asker(pub Arc<Person>);

impl FromRequestParts<App> for Asker {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let token = bearer(&parts.headers).ok_or_else(|| unauthorized("this needs a token"))?;
        let person = known(&app.ledger.state(), token).ok_or_else(|| unauthorized("the token is not known here"))?;
        Ok(Self(person))
    }
}

/// The bearer token of a request.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The person of a token. Hashes are compared, so that the time it takes says nothing about tokens.
fn known(state: &State, token: &str) -> Option<Arc<Person>> {
    let hash = people::hash(token);
    state.people.values().find(|person| person.hash == hash).cloned()
}

fn unauthorized(message: &str) -> Refused {
    let hint = Some(Text::new("send Authorization: Bearer TOKEN; an admin makes one: engine token NAME --role ROLE"));
    Refused(Fault { hint, ..refuse::because(Reason::Unauthorized, message) })
}
