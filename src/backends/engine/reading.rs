//! What an engine tells.

use async_trait::async_trait;

use super::Engine;
use crate::capabilities::CapabilityError;
use crate::capabilities::changes::Changes;
use crate::capabilities::error::Kind;
use crate::capabilities::host::{Heard, Host};
use crate::capabilities::logs::Logs;
use crate::capabilities::overview::Overviews;
use crate::capabilities::seals::Seals;
use crate::capabilities::signals::Signals;
use crate::domain::chain::Sealed;
use crate::domain::change::{self, Back};
use crate::domain::ids::{EnvironmentName, Place, ServiceName};
use crate::domain::log::{Chunk, LogKey, Times};
use crate::domain::observation::Overview;
use crate::domain::signal;
use crate::protocol::{self, JOURNAL, paths};

#[async_trait]
impl Overviews for Engine {
    async fn overview(&self) -> Result<Option<Overview>, CapabilityError> {
        let mut overview: Option<Overview> = self.http.read_if_changed(paths::OVERVIEW).await?;
        // The engine does not know what this console calls it.
        for flag in overview.iter_mut().flat_map(|overview| &mut overview.flags) {
            flag.source = self.name.clone();
        }
        Ok(overview)
    }
}

#[async_trait]
impl Logs for Engine {
    async fn read(&self, log: &LogKey, from: u64, most: u64) -> Result<Chunk, CapabilityError> {
        if from == u64::MAX && most > 0 {
            // Beyond its end a log gives nothing but its length.
            let total = self.piece(log, from, 0).await?.total;
            return self.piece(log, total.saturating_sub(most), most).await;
        }
        self.piece(log, from, most).await
    }

    async fn times(&self, log: &LogKey, from: u64) -> Result<Times, CapabilityError> {
        match self.http.read(&paths::log_times(log, from)).await {
            // An engine from before there were times.
            Err(error) if error.kind == Kind::NotFound => Ok(Times::default()),
            told => told,
        }
    }
}

impl Engine {
    async fn piece(&self, log: &LogKey, from: u64, most: u64) -> Result<Chunk, CapabilityError> {
        let answer = self.http.read_bytes(&paths::log(log, from, most)).await?;
        let missing = |name: &str| answer.malformed(&format!("lacks the header {name}"));
        let number = |name: &str| answer.header(name).and_then(|value| value.parse().ok()).ok_or_else(|| missing(name));
        let (begins, total): (u64, u64) = (number(protocol::LOG_FROM)?, number(protocol::LOG_TOTAL)?);
        let ended = answer.header(protocol::LOG_ENDED).ok_or_else(|| missing(protocol::LOG_ENDED))? == "true";
        let length = answer.body.len() as u64;
        if length > most || begins.saturating_add(length) > total {
            return Err(answer.malformed("holds more than the log"));
        }
        Ok(Chunk { from: begins, bytes: answer.body, total, ended })
    }
}

#[async_trait]
impl Signals for Engine {
    async fn signals(&self, place: &Place) -> Result<signal::Signals, CapabilityError> {
        self.http.read(&paths::signals(place)).await
    }
}

#[async_trait]
impl Changes for Engine {
    async fn between(
        &self,
        service: &ServiceName,
        from: &EnvironmentName,
        to: &EnvironmentName,
    ) -> Result<change::Changes, CapabilityError> {
        self.http.read(&paths::changes(service, from, to)).await
    }

    async fn taken_back(&self, back: &Back) -> Result<change::Changes, CapabilityError> {
        self.http.read(&paths::taken_back(back)).await
    }
}

#[async_trait]
impl Seals for Engine {
    fn header(&self) -> &'static str {
        JOURNAL
    }

    async fn sealed(&self, journal: &str) -> Result<Vec<Sealed>, CapabilityError> {
        let seals: protocol::Seals = self.http.read(&paths::seals(journal)).await?;
        Ok(seals.seals)
    }
}

impl Host for Engine {
    fn heard(&self) -> Option<Heard> {
        self.http.heard()
    }
}
