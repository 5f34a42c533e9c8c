//! The split of a place's traffic as it is held: which set a request goes to, and which instance of it. Whose turn it is
//! is counted, not drawn, so that of any hundred requests in a row each set gets exactly its share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::meter::Meter;
use crate::engine::state::place::Share;

/// How many turns there are until the order begins anew; weights are percentages.
const TURNS: usize = 100;

/// A set in the split.
#[derive(Debug)]
pub struct Lane {
    /// Its number and its share.
    pub share: Share,
    /// The ports of its instances that take traffic.
    pub ready: Vec<u16>,
    /// Where its requests are counted.
    pub meter: Arc<Meter>,
    next: AtomicUsize,
}

impl Lane {
    /// A set that is given its share.
    pub fn new(share: Share, ready: Vec<u16>, meter: Arc<Meter>) -> Self {
        Self { share, ready, meter, next: AtomicUsize::new(0) }
    }

    /// The instance whose turn it is, of those not yet tried.
    fn port(&self, tried: &[u16]) -> Option<u16> {
        let count = self.ready.len();
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        (0..count).map(|step| self.ready[(first.wrapping_add(step)) % count]).find(|port| !tried.contains(port))
    }
}

/// A split that is held. It never changes; another one takes its place.
#[derive(Debug, Default)]
pub struct Table {
    lanes: Vec<Lane>,
    order: Vec<usize>,
    turn: Arc<AtomicU64>,
}

impl Table {
    /// The table that comes after this one; it goes on counting where this one is.
    pub fn next(&self, lanes: Vec<Lane>) -> Self {
        let weights: Vec<u8> = lanes.iter().map(|lane| lane.share.weight.percent()).collect();
        Self { order: order(&weights), lanes, turn: Arc::clone(&self.turn) }
    }

    /// The sets and their shares.
    pub fn split(&self) -> Vec<Share> {
        self.lanes.iter().map(|lane| lane.share).collect()
    }

    /// Whether this is what `split` with these instances would be.
    pub fn is(&self, lanes: &[(Share, Vec<u16>)]) -> bool {
        self.lanes.iter().map(|lane| (&lane.share, &lane.ready)).eq(lanes.iter().map(|(share, ready)| (share, ready)))
    }

    /// The set whose turn it is.
    pub fn pick(&self) -> Option<&Lane> {
        let turns = u64::try_from(self.order.len()).ok().filter(|turns| *turns > 0)?;
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % turns;
        self.lanes.get(*self.order.get(usize::try_from(turn).ok()?)?)
    }

    /// An instance for a request that belongs to `set`: one of its own; if it has none that was not tried, one of another
    /// set in the split. With the set that it is of.
    pub fn port(&self, set: u64, tried: &[u16]) -> Option<(u64, u16)> {
        let (own, others): (Vec<_>, Vec<_>) = self.lanes.iter().partition(|lane| lane.share.set == set);
        own.into_iter().chain(others).find_map(|lane| Some((lane.share.set, lane.port(tried)?)))
    }
}

/// The order of turns: each gets as many of the hundred as its weight, spread evenly (smooth weighted round robin).
fn order(weights: &[u8]) -> Vec<usize> {
    let total: i32 = weights.iter().map(|weight| i32::from(*weight)).sum();
    let mut credit = vec![0; weights.len()];
    let turn = |_| {
        for (credit, weight) in credit.iter_mut().zip(weights) {
            *credit += i32::from(*weight);
        }
        let most = (0..credit.len()).rev().max_by_key(|at| credit[*at])?;
        credit[most] -= total;
        Some(most)
    };
    if total == 0 { Vec::new() } else { (0..TURNS).filter_map(turn).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rollout::Weight;

    fn lane(set: u64, percent: u8, ready: &[u16]) -> Lane {
        let weight = Weight::new(percent).unwrap();
        Lane::new(Share { set, weight }, ready.to_vec(), Arc::default())
    }

    #[test]
    fn every_hundred_turns_in_a_row_are_split_exactly() {
        for percent in 0..=100_u8 {
            let table = Table::default().next(vec![lane(1, 100 - percent, &[1]), lane(2, percent, &[2])]);
            for _ in 0..3 {
                let new = (0..100).filter(|_| table.pick().is_some_and(|lane| lane.share.set == 2)).count();
                assert_eq!(new, usize::from(percent));
                // The next hundred begin one turn later.
                table.pick();
            }
        }
    }

    #[test]
    fn a_small_share_is_spread_and_not_bunched() {
        let order = order(&[75, 25]);
        assert!(order.chunks(4).all(|four| four.iter().filter(|at| **at == 1).count() == 1), "{order:?}");
    }

    #[test]
    fn the_count_goes_on_when_the_table_is_replaced() {
        let lanes = || vec![lane(1, 50, &[1]), lane(2, 50, &[2])];
        let mut table = Table::default();
        let mut new = 0;
        for _ in 0..1000 {
            table = table.next(lanes());
            new += usize::from(table.pick().unwrap().share.set == 2);
        }
        assert_eq!(new, 500, "a table that is replaced before each request must not always begin with the same set");
    }

    #[test]
    fn threads_do_not_disturb_the_split() {
        let table = Table::default().next(vec![lane(1, 63, &[1]), lane(2, 37, &[2])]);
        let new: usize = std::thread::scope(|scope| {
            let count = || (0..25_000).filter(|_| table.pick().is_some_and(|lane| lane.share.set == 2)).count();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(new, 37_000);
    }

    #[test]
    fn instances_take_turns_and_a_tried_one_is_passed_over() {
        let table = Table::default().next(vec![lane(1, 90, &[11, 12]), lane(2, 10, &[21])]);
        let turns: Vec<_> = (0..4).filter_map(|_| table.port(1, &[])).map(|(_, port)| port).collect();
        assert_eq!(turns, [11, 12, 11, 12]);
        assert_eq!(table.port(1, &[11]), Some((1, 12)));
        assert_eq!(table.port(1, &[11, 12]), Some((2, 21)), "another set helps out");
        assert_eq!(table.port(1, &[11, 12, 21]), None);
        assert!(Table::default().pick().is_none());
    }
}
