//! Flags: declared by pipeline files or made by a person, set per environment, evaluated by targeting key.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::domain::flag::{FlagKind, FlagValue};
use crate::domain::ids::{EnvironmentName, FlagKey, ServiceName};
use crate::domain::rollout::Weight;

/// One flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Its key.
    pub key: FlagKey,
    /// What it is for.
    pub kind: FlagKind,
    /// What it does.
    pub description: Option<String>,
    /// The services whose pipeline files declare it.
    pub services: BTreeSet<ServiceName>,
    /// Its settings; an environment that is not here has it off.
    pub settings: BTreeMap<EnvironmentName, Setting>,
}

/// A flag's setting in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Setting {
    /// Whether it is on at all.
    pub enabled: bool,
    /// For how many of the targeting keys while enabled; `None` is all.
    pub percent: Option<Weight>,
    /// How often it was set.
    pub version: u64,
    /// When it was last set.
    pub changed_at: Option<Timestamp>,
    /// By whom.
    pub changed_by: Option<String>,
}

impl Setting {
    /// The setting after it is told to be `value`. Switched on, a percentage of before holds again.
    #[must_use]
    pub fn told(&self, value: FlagValue, by: &str, now: Timestamp) -> Self {
        let (enabled, percent) = match value {
            FlagValue::On => (true, self.percent.filter(|percent| *percent > Weight::NONE)),
            FlagValue::Off => (false, self.percent),
            FlagValue::Percent(percent) => (true, Some(percent)),
        };
        let version = self.version + 1;
        Self { enabled, percent, version, changed_at: Some(now), changed_by: Some(by.to_owned()) }
    }

    /// Whether the setting differs from what `value` asks for.
    pub fn differs(&self, value: FlagValue) -> bool {
        match value {
            FlagValue::On => !self.enabled,
            FlagValue::Off => self.enabled,
            FlagValue::Percent(percent) => !self.enabled || self.percent != Some(percent),
        }
    }

    /// Whether the flag is on for a targeting key; `None` where only the key could tell and there is none.
    pub fn on_for(&self, flag: &FlagKey, target: Option<&str>) -> Option<bool> {
        match self.percent {
            _ if !self.enabled => Some(false),
            None | Some(Weight::ALL) => Some(true),
            Some(Weight::NONE) => Some(false),
            Some(percent) => target.map(|target| bucket(flag, target) < u32::from(percent.percent()) * 100),
        }
    }
}

/// The bucket of a targeting key, 0 to 9,999: the first four bytes of SHA-256 over flag, a NUL and key. It stays the same
/// for ever, so that a rising percentage only adds keys; it differs between flags, so that not the same keys are always
/// first.
pub fn bucket(flag: &FlagKey, target: &str) -> u32 {
    let hash = Sha256::new().chain_update(flag.as_str()).chain_update([0]).chain_update(target).finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) % 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(percent: u8) -> Setting {
        Setting { enabled: true, percent: Weight::new(percent), ..Setting::default() }
    }

    #[test]
    fn a_rising_percentage_only_adds_keys() {
        let flag = FlagKey::new("new-basket");
        let on = |percent: u8| -> Vec<usize> {
            (0..2000).filter(|n| setting(percent).on_for(&flag, Some(&format!("user-{n}"))) == Some(true)).collect()
        };
        let (few, more) = (on(10), on(37));
        assert!(few.iter().all(|n| more.contains(n)));
        assert!((150..250).contains(&few.len()), "{}", few.len());
        assert!((660..820).contains(&more.len()), "{}", more.len());
        assert_eq!((on(0).len(), on(100).len()), (0, 2000));
    }

    #[test]
    fn without_a_key_a_share_cannot_be_told() {
        let flag = FlagKey::new("f");
        assert_eq!(setting(50).on_for(&flag, None), None);
        assert_eq!(setting(100).on_for(&flag, None), Some(true));
        assert_eq!(Setting::default().on_for(&flag, None), Some(false));
    }

    #[test]
    fn on_again_holds_the_percentage_of_before() {
        let now = Timestamp::UNIX_EPOCH;
        let off = setting(20).told(FlagValue::Off, "ada", now);
        assert!(!off.enabled && off.differs(FlagValue::On));
        let on = off.told(FlagValue::On, "ada", now);
        assert_eq!((on.enabled, on.percent, on.version), (true, Weight::new(20), 2));
    }
}
