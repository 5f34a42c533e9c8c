//! The plan: what would be done, to what, resting on which facts, how it is undone, and when it counts as reached.

use std::time::Duration;

use jiff::Timestamp;

use super::expectation::Expectation;
use super::facts::Fact;
use super::interlocks::{Interlock, State};
use crate::domain::change::Back;
use crate::domain::confirmation::Words;
use crate::domain::environment::Tier;
use crate::domain::ids::{Revision, SourceName};
use crate::domain::order::Order;
use crate::domain::text::Text;

/// Between two looks at the target while its end is awaited.
pub const LOOK: Duration = Duration::from_millis(200);

words! {
    /// The deeds, as titles and the journal name them.
    Action {
        /// Let a run through its gate.
        Approve = "approve",
        /// Close a gate for a run.
        Reject = "reject",
        /// Bring a release into an environment.
        Promote = "promote",
        /// Move a canary.
        Canary = "canary",
        /// Let the other colour serve.
        Flip = "flip",
        /// Go back to an earlier release.
        RollBack = "rollback",
        /// Hold automatic deployment or let it go on.
        Hold = "hold",
        /// Call an emergency stop or take it back.
        Freeze = "freeze",
        /// Confirm what another person plans.
        Confirm = "confirm",
        /// Set a flag.
        Flag = "flag",
        /// Start a run.
        Start = "start",
        /// Run again.
        Retry = "retry",
        /// Stop a run.
        Cancel = "cancel",
    } else Unknown = "unknown"
}

/// One deed, ready to be confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Which deed.
    pub action: Action,
    /// The deed as a person says it: `Shift canary`.
    pub title: String,
    /// What it acts on.
    pub target: Target,
    /// What it rests on, by name.
    pub facts: Vec<Fact>,
    /// The revision it rests on; `None` where it makes something new.
    pub revision: Option<Revision>,
    /// The emergency stops that it saw; `None` where none could lock it.
    pub stops: Option<Revision>,
    /// When what it rests on was true.
    pub seen_at: Timestamp,
    /// How the target stands.
    pub before: Text,
    /// How it will stand.
    pub after: Text,
    /// The releases concerned, in words.
    pub about: Option<Text>,
    /// What the backend is told.
    pub order: Order,
    /// What must be seen for it to count as reached.
    pub expectation: Expectation,
    /// How long that may take.
    pub limit: Duration,
    /// The rules, each with what it says.
    pub interlocks: Vec<Interlock>,
    /// What goes back to what, where an earlier release comes back.
    pub back: Option<Back>,
    /// How it is taken back.
    pub undo: Text,
    /// Whether a reason must be given.
    pub reason_required: bool,
    /// Where a second person confirms it before anything is sent; `None` where one is enough.
    pub second: Option<SourceName>,
    /// What locks it that breaking the glass would break, if that is all that locks it and the policy allows it.
    pub breakable: Vec<Text>,
    /// What must be typed to confirm, where a key is not enough.
    pub typed: Option<String>,
}

/// What a plan acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// For programs and the journal: `checkout/production`, `checkout/12`, `new-price/staging`.
    pub path: String,
    /// The thing: a service, a run, a flag.
    pub name: Text,
    /// Where, if anywhere.
    pub environment: Option<Text>,
    /// The tier it is felt in; `None` where no environment is touched.
    pub tier: Option<Tier>,
}

impl Plan {
    /// The first rule that stands in the way.
    pub fn lock(&self) -> Option<&Interlock> {
        self.interlocks.iter().find(|interlock| interlock.state == State::Locked)
    }

    /// When a rule begins to say something else by itself: then it has to be made anew.
    pub fn lapses_at(&self) -> Option<Timestamp> {
        self.interlocks.iter().filter_map(|interlock| interlock.until).min()
    }

    /// The plan in the words that a second person is shown.
    pub fn words(&self) -> Words {
        Words {
            action: Text::new(self.action.as_str()),
            target: Text::new(&self.target.path),
            revision: self.revision.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
            reason: self.order.reason.clone(),
        }
    }

    /// The source that carries it out.
    pub const fn source(&self) -> &SourceName {
        &self.order.source
    }

    /// The step after the calls, in words.
    pub fn watch(&self) -> String {
        format!("watch until {} (up to {})", self.expectation, seconds(self.limit))
    }
}

fn seconds(limit: Duration) -> String {
    match limit.as_secs() {
        s if s < 120 => format!("{s} s"),
        s => format!("{} min", s / 60),
    }
}
