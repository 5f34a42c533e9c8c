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
    pub variants: Vec<Variant>,
    /// Its segments, where it is on for some only.
    pub segments: Vec<Text>,
    /// The facts a plan about this state rests on.
    pub revision: Revision,
    /// When it was last changed.
    pub changed_at: Option<Timestamp>,
    /// By whom.
    pub changed_by: Option<Text>,
}

/// One of the values that a flag has beside off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its name.
    pub name: Text,
    /// The share of those the flag is on for who get it; `None` where the source does not tell.
    pub percent: Option<Weight>,
}

impl std::fmt::Display for Variant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.percent {
            Some(percent) => write!(f, "{} {percent}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
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

impl Flag {
    /// Since when a flag that was to open a feature has been the same for everybody everywhere: its switch decides nothing.
    /// `None` while it does, or where a source does not tell since when.
    pub fn settled_at(&self) -> Option<Timestamp> {
        let states = &self.environments;
        let whole = states.iter().all(|state| !state.partial() && state.enabled == states[0].enabled);
        if self.kind != FlagKind::Release || self.kill_switch || !whole {
            return None;
        }
        states.iter().map(|state| state.changed_at).collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}

impl FlagState {
    /// Whether it is on for some and not for others, or not the same for all it is on for.
    fn partial(&self) -> bool {
        let some = self.percent.is_some_and(|percent| percent < Weight::ALL) || !self.segments.is_empty();
        self.enabled && (some || !self.variants.is_empty())
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(kind: FlagKind, states: &[(bool, Option<u8>, &str)]) -> Flag {
        let state = |(enabled, percent, at): &(bool, Option<u8>, &str)| FlagState {
            name: "any".into(),
            enabled: *enabled,
            percent: percent.and_then(Weight::new),
            variants: Vec::new(),
            segments: Vec::new(),
            revision: "f1".into(),
            changed_at: at.parse().ok(),
            changed_by: None,
        };
        Flag {
            key: "new-price".into(),
            source: "engine".into(),
            services: Vec::new(),
            kind,
            kill_switch: false,
            description: None,
            environments: states.iter().map(state).collect(),
        }
    }

    #[test]
    fn a_release_flag_is_settled_once_it_is_the_same_everywhere() {
        let (may, june) = ("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z");
        let on = [(true, Some(100), may), (true, None, june)];
        assert_eq!(flag(FlagKind::Release, &on).settled_at(), june.parse().ok());
        assert!(flag(FlagKind::Release, &[(false, Some(20), may), (false, None, june)]).settled_at().is_some());
        assert_eq!(flag(FlagKind::Operational, &on).settled_at(), None, "it is there to be switched");
        assert_eq!(flag(FlagKind::Release, &[(true, Some(20), may)]).settled_at(), None);
        assert_eq!(flag(FlagKind::Release, &[(true, None, may), (false, None, june)]).settled_at(), None);
        assert_eq!(flag(FlagKind::Release, &[(true, None, may), (true, None, "not told")]).settled_at(), None);
        assert_eq!(flag(FlagKind::Release, &[]).settled_at(), None);
    }

    #[test]
    fn one_that_is_split_is_not_settled() {
        let mut split = flag(FlagKind::Release, &[(true, Some(100), "2026-05-01T00:00:00Z")]);
        split.environments[0].segments.push("staff".into());
        assert_eq!(split.settled_at(), None);
        split.environments[0].segments.clear();
        split.environments[0].variants.push(Variant { name: "bold".into(), percent: Weight::new(50) });
        assert_eq!(split.settled_at(), None);
        assert_eq!(split.environments[0].variants[0].to_string(), "bold 50 %");
    }
}
