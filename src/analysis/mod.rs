//! Pure judgement over numbers: the canary's verdict, the time a run still needs.

pub mod verdict;
