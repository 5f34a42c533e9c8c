//! Feature flags: switches of behaviour, per environment.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{EnvironmentName, FlagKey, Revision, ServiceName, SourceName};
use super::rollout::Weight;
use super::text::Text;

words! {
    /// What a flag is for.
    FlagKind {
        /// Opens a finished feature step by step.
        Release = "release",
        /// Compares variants.
        Experiment = "experiment",
        /// Steers the running system.
        Operational = "operational",
        /// Cuts something off when it hurts.
        KillSwitch = "kill_switch",
        /// Opens something for some users for good.
        Permission = "permission",
    } else Other = "other"
}

/// One flag over all environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Its key, unique within its source.
    pub key: FlagKey,
    /// The source that keeps it.
    pub source: SourceName,
    /// The services that read it.
    pub services: Vec<ServiceName>,
    /// What it is for.
    pub kind: FlagKind,
    /// Whether it is a kill switch.
    pub kill_switch: bool,
    /// What it does.
    pub description: Option<Text>,
    /// Its state in each environment.
    pub environments: Vec<FlagState>,
}

/// A flag's state in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::module_name_repetitions,
    reason = "a bare `State` would not say whose, beside those of environments and gates"
)]
pub struct FlagState {
    /// The environment.
    pub name: EnvironmentName,
    /// Whether it is on at all.
    pub enabled: bool,
    /// For how many of the users it is on while enabled; `None` where the source does not tell.
    pub percent: Option<Weight>,
    /// Its variants, where it has more than on and off.
    pub variants: Vec<Text>,
    /// Its segments, where it is on for some only.
    pub segments: Vec<Text>,
    /// The facts a plan about this state rests on.
    pub revision: Revision,
    /// When it was last changed.
    pub changed_at: Option<Timestamp>,
    /// By whom.
    pub changed_by: Option<Text>,
}

/// What a flag is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::module_name_repetitions, reason = "a bare `Value` is what JSON has")]
pub enum FlagValue {
    /// On, at the percentage it has.
    On,
    /// Off for everybody.
    Off,
    /// On for this share of the targeting keys.
    Percent(Weight),
}

impl std::fmt::Display for FlagValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::On => f.write_str("on"),
            Self::Off => f.write_str("off"),
            Self::Percent(weight) => write!(f, "on for {weight}"),
        }
    }
}

impl FlagState {
    /// Whether the flag is already what `value` asks for.
    pub fn is(&self, value: FlagValue) -> bool {
        match value {
            FlagValue::On => self.enabled,
            FlagValue::Off => !self.enabled,
            FlagValue::Percent(weight) => self.enabled && self.percent == Some(weight),
        }
    }
}

impl std::fmt::Display for FlagState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.enabled, self.percent) {
            (false, _) => f.write_str("off"),
            (true, Some(weight)) if weight < Weight::ALL => write!(f, "on for {weight}"),
            (true, _) => f.write_str("on"),
        }
    }
}
