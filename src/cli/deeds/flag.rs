//! `flag`: set a flag.

use clap::Args;

use super::Terms;
use super::canary::percent;
use crate::actions::Request;
use crate::actions::request::FlagWish;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::domain::flag::FlagValue;
use crate::domain::ids::{EnvironmentName, FlagKey, ServiceName, SourceName};

/// Which flag, where, and what it becomes.
#[derive(Debug, Clone, Args)]
pub struct FlagArgs {
    /// The flag's key
    #[arg(value_parser = crate::cli::name::<FlagKey>)]
    key: FlagKey,
    /// on, off, or N% for a share of the users
    #[arg(value_name = "on|off|N%", value_parser = value)]
    value: FlagValue,
    /// Where
    #[arg(long, value_name = "ENVIRONMENT", value_parser = crate::cli::name::<EnvironmentName>)]
    env: EnvironmentName,
    /// Of the services that read it, one: where more than one source has the key
    #[arg(long, value_name = "S", value_parser = crate::cli::name::<ServiceName>)]
    service: Option<ServiceName>,
    /// The source that keeps it, where more than one has the key
    #[arg(long, value_name = "S", value_parser = crate::cli::name::<SourceName>)]
    source: Option<SourceName>,
    #[command(flatten)]
    pub(super) terms: Terms,
}

fn value(text: &str) -> Result<FlagValue, &'static str> {
    match text {
        "on" => Ok(FlagValue::On),
        "off" => Ok(FlagValue::Off),
        share => {
            percent(share).map(FlagValue::Percent).map_err(|_| "a flag is set `on`, `off` or to a share such as 25%")
        }
    }
}

impl FlagArgs {
    pub(super) fn request(&self, session: &Session) -> Result<Request, Failure> {
        let flags: Vec<_> = session.store.flags().filter(|seen| seen.value.key == self.key).collect();
        if flags.is_empty() {
            let known = session.store.flags().map(|seen| seen.value.key.as_str());
            return Err(session.missing(Failure::unknown("flag", self.key.as_str(), known)));
        }
        if let Some(service) = &self.service {
            session.service(service)?;
        }
        let states = || flags.iter().flat_map(|seen| &seen.value.environments).map(|state| state.name.as_str());
        if !states().any(|name| name == self.env.as_str()) {
            return Err(Failure::unknown(&format!("environment of {}", self.key), self.env.as_str(), states()));
        }
        Ok(Request::SetFlag(FlagWish {
            key: self.key.clone(),
            environment: self.env.clone(),
            value: self.value,
            source: self.source.clone(),
            service: self.service.clone(),
        }))
    }
}
