//! The program, killed (and now and then told to end) at random moments of a build, of a bake and of a flip, and started
//! again on the same folder: what it acknowledged is so, what it did not is whole or not at all, and nothing runs twice or
//! is left over.
//!
//! `LEVERFRAME_LOOPS` says how often it is killed, `LEVERFRAME_SEED` repeats the chances of an earlier run as far as the
//! machine allows.

mod book;
mod orders;
mod records;
mod yard;

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

use super::running::{Engine, until};
use super::way::Program;
use book::Book;
use records::Records;
use yard::Yard;

/// What the engine is busy with when it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A commit is built and released.
    Build,
    /// A canary stands on its ladder and is moved.
    Bake,
    /// Colours are flipped.
    Flip,
}

impl Moment {
    /// How long it may last until the engine is killed, in milliseconds.
    const fn longest(self) -> u64 {
        match self {
            Self::Build => 1200,
            Self::Bake => 600,
            Self::Flip => 400,
        }
    }
}

/// A number from the environment.
fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_over_and_over_it_keeps_its_word() {
    let seed = told("LEVERFRAME_SEED").unwrap_or_else(rand::random);
    println!("to repeat it: LEVERFRAME_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut yard = Yard::new().await;
    let mut book = Book::default();
    book.settle(&yard).await;
    for round in 0..told("LEVERFRAME_LOOPS").unwrap_or(20) {
        let moment = [Moment::Build, Moment::Bake, Moment::Flip][usize::try_from(round % 3).unwrap()];
        let last = Duration::from_millis(random.random_range(0..moment.longest()));
        let kill = random.random_bool(0.8);
        println!("round {round}: {} {last:?} into a {moment:?}", if kill { "killed" } else { "told to end" });
        book.prepare(&yard, moment).await;
        let ending = yard.end_after(last, kill);
        book.write_until_it_ends(&yard, moment, &mut random).await;
        ending.await.unwrap();
        if random.random() {
            yard.start_and_kill(Duration::from_millis(random.random_range(0..200))).await;
        }
        let before = yard.left(&mut random).await;
        yard.restart();
        yard.nothing_is_doubled_or_left(&before);
        yard.is_whole();
        book.holds(&yard).await;
        yard.runs_what_is_recorded().await;
        yard.traffic_is_split().await;
    }
    yard.comes_to_rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_git_that_a_killed_engine_left_ends_with_the_next_start() {
    let (folder, silent) = (tempfile::tempdir().unwrap(), std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let (program, engine) = Program::serve(folder.path());
    let records = Records::of(folder.path());
    let calls = || records.running().into_keys().filter(|name| name.starts_with("git/clone/")).count();
    let url = format!("git://{}/shop", silent.local_addr().unwrap());
    let body = json!({ "repository": url, "branch": null }).to_string();
    let killed = async {
        until("git asks for the repository", || calls() > 0).await;
        program.kill();
    };
    let (answer, ()) = tokio::join!(engine.ask("POST", "/v1/services", "", &body), killed);
    assert!(answer.is_none() && calls() > 0, "{answer:?}");
    let (program, _engine) = Program::serve(folder.path());
    assert_eq!(calls(), 0);
    assert_eq!(program.end(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_given_its_port_while_it_is_away() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::start(folder.path()).await;
    let config = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
    let port = config.split("127.0.0.1:").nth(1).unwrap().split('"').next().unwrap();
    let given = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap();
    let given: Vec<u16> = given.split_whitespace().map(|port| port.parse().unwrap()).collect();
    assert!(!(given[0]..=given[1]).contains(&port.parse().unwrap()), "{port} is one of {given:?}");
    engine.stop().await;
}
