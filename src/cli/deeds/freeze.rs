//! `freeze`: call an emergency stop, or take it back.

use clap::Args;

use super::Terms;
use super::hold::Switch;
use crate::actions::Request;
use crate::actions::request::FreezeWish;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::domain::environment::Tier;
use crate::domain::ids::SourceName;
use crate::domain::stop::until;

/// Whether, until when and where.
#[derive(Debug, Clone, Args)]
pub struct FreezeArgs {
    /// Called, or taken back
    #[arg(value_enum)]
    freeze: Switch,
    /// When it ends by itself: 2h, 18:00, "2026-12-24 12:00"; else it stands until it is taken back
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Only in this tier: development, staging or production; may be given more than once
    #[arg(long, value_name = "TIER", value_parser = tier)]
    tier: Vec<Tier>,
    /// The source that keeps it, where more than one can
    #[arg(long, value_name = "S", value_parser = crate::cli::name::<SourceName>)]
    source: Option<SourceName>,
    #[command(flatten)]
    pub(super) terms: Terms,
}

fn tier(word: &str) -> Result<Tier, &'static str> {
    match Tier::from_word(word) {
        Tier::Unknown => Err("a tier is development, staging or production"),
        tier => Ok(tier),
    }
}

impl FreezeArgs {
    pub(super) fn request(&self, session: &Session) -> Result<Request, Failure> {
        let on = self.freeze == Switch::On;
        if !on && (self.until.is_some() || !self.tier.is_empty()) {
            return Err(Failure::usage("`freeze off` takes it back whole: it has no --until and no --tier"));
        }
        let end = self.until.as_deref().map(|words| end(words, session)).transpose()?;
        let mut tiers = self.tier.clone();
        tiers.sort();
        tiers.dedup();
        Ok(Request::Freeze(FreezeWish { on, until: end, tiers, source: self.source.clone() }))
    }
}

fn end(words: &str, session: &Session) -> Result<jiff::Timestamp, Failure> {
    let now = session.clock.now().to_zoned(session.zone.clone());
    let invalid = || Failure::usage(format!("`{words}` is no time to come"));
    until(words, &now).ok_or_else(|| invalid().hint("write a span, 2h; a time, 18:00; or a date, \"2026-12-24 12:00\""))
}
