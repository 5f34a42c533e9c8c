//! Budgets: how often a host may still be asked.

use jiff::Timestamp;

/// How often a host may still be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// So many questions are left.
    pub left: u64,
    /// Of so many.
    pub limit: u64,
    /// When all of them may be asked again.
    pub resets_at: Option<Timestamp>,
}
