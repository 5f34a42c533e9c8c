//! What each set at a place is called in signals: `stable` and `candidate`, or its colour.

use crate::domain::rollout::RolloutKind;
use crate::engine::state::place::Standing;

/// A set and the side it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracks(pub Vec<(u64, &'static str)>);

impl Tracks {
    /// The sides of a place. What is given up or only kept warm is on none.
    pub fn of(standing: &Standing) -> Self {
        let rollout = standing.rollout.as_ref();
        if rollout.is_some_and(|rollout| rollout.kind == RolloutKind::BlueGreen) {
            let colored = standing.sets.iter().filter_map(|set| Some((set.id, set.color?.as_str())));
            return Self(colored.collect());
        }
        let stable = standing.serving.map(|set| (set, "stable"));
        let candidate = standing.under_way().map(|rollout| (rollout.candidate, "candidate"));
        Self(stable.into_iter().chain(candidate).collect())
    }
}
