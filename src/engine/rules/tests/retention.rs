//! What is kept of releases, and what goes.

use super::bench::{Bench, environment};
use crate::engine::rules::retention::{let_go, listings, superfluous};

fn versions(bench: &Bench) -> Vec<String> {
    superfluous(&bench.state).into_iter().map(|(_, version)| version.to_string()).collect()
}

fn with_releases(environments: &str, count: usize) -> Bench {
    let mut bench = Bench::new(environments);
    for _ in 0..count {
        bench.later(60);
        bench.release();
    }
    bench
}

#[test]
fn only_the_newest_releases_keep_their_files() {
    let mut bench = with_releases("", 22);
    assert_eq!(versions(&bench), ["v1", "v2"]);
    let wanted = superfluous(&bench.state);
    let gone = bench.write(|draft| let_go(draft, &wanted));
    assert_eq!((gone.len(), versions(&bench).len()), (2, 0));
    let listings = listings(&bench.state);
    assert!(!listings.contains("sha256:2") && listings.contains("sha256:3"), "{listings:?}");
    assert_eq!(bench.state.releases.len(), 22, "what they were stays on record");
}

#[test]
fn what_runs_somewhere_stays() {
    let mut bench = with_releases(&environment("dev", "development", ""), 1);
    bench.drive("dev");
    bench.hold("dev", true).unwrap();
    for _ in 0..22 {
        bench.later(60);
        bench.release();
    }
    assert!(!versions(&bench).contains(&"v1".to_owned()));
}
