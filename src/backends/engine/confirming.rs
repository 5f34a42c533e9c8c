//! Confirmations by a second person, through the engine.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Engine;
use super::acting::call;
use crate::backends::http::Change;
use crate::capabilities::CapabilityError;
use crate::capabilities::confirmations::Confirmations;
use crate::capabilities::error::Kind;
use crate::domain::confirmation::{Confirmation, Said, Step};
use crate::domain::order::{Call, ConfirmDeed, Order};
use crate::domain::text::Text;
use crate::protocol::{Phrase, paths};

#[async_trait]
impl Confirmations for Engine {
    async fn confirmation(&self, id: &Text) -> Result<Confirmation, CapabilityError> {
        self.http.read(&paths::confirmation(id.as_str())).await
    }

    async fn step(&self, step: &Step) -> Result<Said, CapabilityError> {
        match step {
            Step::Ask(words) => Ok(Said::Asked(self.post(paths::CONFIRMATIONS, words).await?)),
            Step::Find(phrase) => self.stands(paths::CONFIRMATION_FIND, &Phrase { phrase: phrase.clone() }).await,
            Step::Withdraw(id) => self.stands(&paths::withdraw(id.as_str()), &()).await,
            Step::Use(id, words) => self.stands(&paths::use_confirmation(id.as_str()), words).await,
        }
    }

    fn calls(&self, deed: &ConfirmDeed, order: &Order) -> Vec<Call> {
        call("POST", paths::CONFIRMATION_CONFIRM.to_owned(), &Phrase { phrase: deed.phrase.clone() }, order)
    }
}

impl Engine {
    async fn stands(&self, path: &str, body: &(impl Serialize + Sync)) -> Result<Said, CapabilityError> {
        Ok(Said::Stands(Box::new(self.post(path, body).await?)))
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, CapabilityError> {
        let unwritten = |error: serde_json::Error| CapabilityError::new(Kind::Malformed, error.to_string());
        let body = serde_json::to_value(body).map_err(unwritten)?;
        let change = Change { method: "POST", path, headers: &[], body: Some(&body) };
        let answer = self.http.write(&change).await?;
        answer.json().map_err(|error| self.http.unread(&error))
    }
}
