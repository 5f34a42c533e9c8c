//! What a backend may be able to do, one small trait a file; a backend implements those it has.
//!
//! A capability that acts has a pure `calls`, asked before a plan is shown: the calls it names are kept in the plan and
//! are sent as they stand, through [`calls::Calls`].

pub mod calls;
pub mod changes;
pub mod confirmations;
pub mod deployments;
pub mod error;
pub mod flags;
pub mod gates;
pub mod host;
pub mod logs;
pub mod overview;
pub mod pipelines;
pub mod rollouts;
pub mod seals;
pub mod signals;
pub mod stops;

pub use error::CapabilityError;
