//! What was ordered and acknowledged, and what must therefore be so. The engine's audit tells which orders it took, one
//! entry each: an order that was not answered was taken whole, or not at all.

use std::collections::BTreeMap;

use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::Value;

use super::Moment;
use super::orders::{self, Fact, Order, on_ladder, place, settled};
use super::yard::Yard;

/// The audit's words for what is ordered here.
const WORDS: [&str; 12] = [
    "set_weight",
    "go_to_step",
    "pause",
    "resume",
    "full",
    "abort",
    "flip",
    "hold_on",
    "hold_off",
    "flag",
    "approve",
    "start",
];

/// What became of an order.
#[derive(Debug, PartialEq, Eq)]
enum Sent {
    Acknowledged,
    Refused,
    /// The engine ended.
    Lost,
}

/// The orders of all rounds.
#[derive(Default)]
pub struct Book {
    /// By what it is about.
    facts: BTreeMap<String, Fact>,
    /// How many orders were acknowledged.
    acknowledged: usize,
    /// The last order, if it was not answered.
    open: Option<Order>,
    /// How many orders were sent, which marks them.
    sent: usize,
    /// How much of the audit was counted, and how many of these orders were in it.
    counted: (u64, usize),
}

impl Book {
    /// Brings the first releases in: a canary on its ladder, a release on each colour.
    pub async fn settle(&mut self, yard: &Yard) {
        for colours in 1..=2 {
            let board = yard.until(|board| orders::approve(place(board, "paint")).is_some()).await;
            let approval = orders::approve(place(&board, "paint")).unwrap();
            self.order(yard, approval).await;
            yard.until(|board| settled(board) && place(board, "paint")["gate"].is_null()).await;
            if colours == 1 {
                yard.commit("paint");
            }
        }
        self.prepare(yard, Moment::Bake).await;
    }

    /// Brings about what the moment needs.
    pub async fn prepare(&mut self, yard: &Yard, moment: Moment) {
        match moment {
            Moment::Build => {
                yard.commit("shop");
                yard.commit("paint");
            }
            Moment::Bake => {
                let board = yard.until(settled).await;
                if on_ladder(place(&board, "shop")) {
                    return;
                }
                yard.commit("shop");
                if place(&board, "shop")["held"] == true {
                    self.order(yard, orders::hold(&board, "shop")).await;
                }
                yard.until(|board| on_ladder(place(board, "shop"))).await;
            }
            Moment::Flip => drop(yard.until(|board| place(board, "paint")["rollout"]["idle"]["healthy"] == 1).await),
        }
    }

    /// Gives orders until the engine is gone.
    pub async fn write_until_it_ends(&mut self, yard: &Yard, moment: Moment, random: &mut StdRng) {
        if moment == Moment::Build {
            let service = if random.random() { "shop" } else { "paint" };
            if self.send(yard, orders::start(service)).await == Sent::Lost {
                return;
            }
        }
        while let Some((_, board)) = yard.engine.ask("GET", "/v1/overview", "", "").await {
            let Ok(board) = serde_json::from_slice::<Value>(&board) else { return };
            let Some(order) = orders::any(&board, moment, random) else { continue };
            if self.send(yard, order).await == Sent::Lost {
                return;
            }
        }
    }

    /// Gives one order that must be taken.
    async fn order(&mut self, yard: &Yard, order: Order) {
        let says = format!("{order:?}");
        assert_eq!(self.send(yard, order).await, Sent::Acknowledged, "{says}");
    }

    async fn send(&mut self, yard: &Yard, order: Order) -> Sent {
        self.sent += 1;
        match request(yard, &order, self.sent).await {
            None => {
                self.open = Some(order);
                Sent::Lost
            }
            Some((200, answer)) => {
                self.take(order, &answer);
                Sent::Acknowledged
            }
            Some((409 | 422, _)) => Sent::Refused,
            Some((status, answer)) => {
                panic!("{order:?} is answered with {status}: {}", String::from_utf8_lossy(&answer))
            }
        }
    }

    /// Notes that an order was taken.
    fn take(&mut self, order: Order, answer: &[u8]) {
        self.acknowledged += 1;
        let answer = serde_json::from_slice(answer).unwrap_or_default();
        for (about, fact) in order.follows.into_iter().chain(orders::started(&answer)) {
            match fact {
                Some(fact) => drop(self.facts.insert(about, fact)),
                None => drop(self.facts.remove(&about)),
            }
        }
    }

    /// After a restart: everything acknowledged is so, and what was not answered is whole or not at all.
    pub async fn holds(&mut self, yard: &Yard) {
        let taken = self.count(yard).await - self.acknowledged;
        let open = self.open.take();
        assert!(taken <= usize::from(open.is_some()), "{taken} more orders were taken than acknowledged");
        if let Some(order) = open.filter(|_| taken == 1) {
            // The same order under the same mark is answered as the first time, and does nothing more.
            let answer = request(yard, &order, self.sent).await;
            let Some((200, answer)) = answer else { panic!("{order:?} was taken, and is now answered: {answer:?}") };
            self.take(order, &answer);
            assert_eq!(self.count(yard).await, self.acknowledged, "it was taken twice");
        }
        let board = yard.engine.get("/v1/overview").await;
        for (about, fact) in self.facts.iter().filter(|(_, fact)| fact.at_once) {
            assert!(fact.holds(&board), "{about}: {fact:?} is not so: {board:#}");
        }
        yard.until(|board| settled(board) && self.facts.values().all(|fact| fact.holds(board))).await;
    }

    /// How many of the orders given here are in the audit.
    async fn count(&mut self, yard: &Yard) -> usize {
        loop {
            let piece = yard.engine.get(&format!("/v1/audit?from={}", self.counted.0 + 1)).await;
            let entries = piece["entries"].as_array().unwrap();
            if entries.is_empty() {
                return self.counted.1;
            }
            for entry in entries {
                let body: Value = serde_json::from_str(entry["body"].as_str().unwrap()).unwrap();
                let ours = body["by"] == "owner" && WORDS.contains(&body["action"].as_str().unwrap());
                self.counted = (entry["seq"].as_u64().unwrap(), self.counted.1 + usize::from(ours));
            }
        }
    }
}

/// Sends an order under its mark.
async fn request(yard: &Yard, order: &Order, mark: usize) -> Option<(u16, Vec<u8>)> {
    let revision = order.revision.as_str().map(|revision| format!("If-Match: \"{revision}\"\r\n"));
    let head: String = revision.into_iter().chain([format!("Idempotency-Key: order {mark}\r\n")]).collect();
    yard.engine.ask(order.method, &order.path, &head, &order.body.to_string()).await
}
