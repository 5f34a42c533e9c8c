//! Races: the world moves between seeing and pulling, others pull at the same time, programs are killed in the middle. What
//! really happened is known to a judge, and no lever may say or do otherwise.

mod deeds;
mod judge;
mod killed;
mod source;
mod table;
mod two;
mod ways;

/// How many rounds are run, where nobody asks for more.
fn rounds(usual: u64) -> u64 {
    std::env::var("LEVERFRAME_LOOPS").ok().and_then(|loops| loops.parse().ok()).unwrap_or(usual)
}
