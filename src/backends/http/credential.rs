//! A source's credential: read when it is first needed, read anew when the source no longer accepts it, and put only on
//! requests to the source's own origin.

use reqwest::Request;
use reqwest::header::{self, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use url::Origin;

use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::config::{Source, Token};
use crate::secrets;

/// The credential of one source.
pub(super) struct Credential {
    from: Option<Token>,
    origin: Origin,
    held: Mutex<Held>,
}

/// Which of a source's credentials, one after another: what was read with one says nothing about what another reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Identity(u64);

#[derive(Default)]
struct Held {
    token: Option<SecretString>,
    identity: Identity,
    rejected: bool,
}

impl Credential {
    pub fn new(source: &Source) -> Self {
        Self { from: source.token.clone(), origin: source.url.origin(), held: Mutex::default() }
    }

    /// Who asks; the credential is read where that was not done yet.
    pub async fn identity(&self) -> Result<Identity, CapabilityError> {
        Ok(self.read().await?.1)
    }

    /// Adds the credential to a request, which must lead to the source's own origin.
    pub async fn sign(&self, request: &mut Request) -> Result<(), CapabilityError> {
        if request.url().origin() != self.origin {
            return Err(CapabilityError::new(Kind::Refused, "a credential is for its own source: nothing was sent"));
        }
        if let (Some(token), _) = self.read().await? {
            request.headers_mut().insert(header::AUTHORIZATION, bearer(&token)?);
        }
        Ok(())
    }

    /// The source did not accept it: it may have been replaced, so the next request reads it anew.
    pub async fn reject(&self) {
        self.held.lock().await.rejected = true;
    }

    async fn read(&self) -> Result<(Option<SecretString>, Identity), CapabilityError> {
        let Some(from) = &self.from else { return Ok((None, Identity::default())) };
        let mut held = self.held.lock().await;
        if held.token.is_none() || held.rejected {
            let read = resolve(from).await?;
            if held.token.as_ref().map(ExposeSecret::expose_secret) != Some(read.expose_secret()) {
                held.identity.0 += 1;
            }
            held.token = Some(read);
            held.rejected = false;
        }
        Ok((held.token.clone(), held.identity))
    }
}

async fn resolve(from: &Token) -> Result<SecretString, CapabilityError> {
    secrets::resolve(from)
        .await
        .map_err(|fault| CapabilityError::new(Kind::Unauthorized, fault.message.as_str()).hint(fault.hint.as_str()))
}

/// The header with the token, made for one request: only the token itself is kept, and wiped when it goes.
fn bearer(token: &SecretString) -> Result<HeaderValue, CapabilityError> {
    let value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
    let mut value = value.map_err(|_| CapabilityError::new(Kind::Unauthorized, "the token cannot be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}
