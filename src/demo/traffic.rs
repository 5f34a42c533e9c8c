//! Traffic: users who ask every service in every environment, mostly in production, over connections that stay open.

use std::collections::HashSet;
use std::time::Duration;

use hyper::Method;
use hyper::body::Bytes;
use rand::Rng as _;
use tokio::task::JoinSet;

use super::api::Api;
use super::link::{Call, Link, address};
use crate::domain::environment::Tier;
use crate::domain::ids::Place;
use crate::domain::observation::Overview;

/// How many users there are.
const USERS: u32 = 1000;
/// How long one answer may take.
const LIMIT: Duration = Duration::from_secs(5);
/// How often places that have begun to serve are looked for.
const LOOK: Duration = Duration::from_secs(1);
/// How long to wait after no answer came.
const PAUSE: Duration = Duration::from_millis(500);
/// What users ask for, beside the front page.
const PATHS: [&str; 4] = ["/", "/items", "/items/1", "/status"];

/// Asks every place that serves, for as long as it is polled.
pub async fn run(mut api: Api) {
    let mut asked: HashSet<Place> = HashSet::new();
    let mut users = JoinSet::new();
    loop {
        if let Ok(overview) = api.overview().await {
            for (place, url, tier) in serving(&overview) {
                let Some(address) = address(&url).filter(|_| asked.insert(place)) else { continue };
                let (connections, every) = demand(tier);
                for _ in 0..connections {
                    users.spawn(ask(Link::new(address, LIMIT), every));
                }
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn serving(overview: &Overview) -> Vec<(Place, String, Tier)> {
    let places = overview.services.iter().flat_map(|service| {
        service.environments.iter().filter(|environment| environment.release.is_some()).filter_map(|environment| {
            let place = Place { service: service.name.clone(), environment: environment.name.clone() };
            Some((place, environment.url.as_ref()?.to_string(), environment.tier))
        })
    });
    places.collect()
}

/// How many connections ask a place of a tier, and how long each pauses between two requests.
const fn demand(tier: Tier) -> (u32, Duration) {
    match tier {
        Tier::Development => (1, Duration::from_millis(500)),
        Tier::Staging => (1, Duration::from_millis(250)),
        Tier::Production | Tier::Unknown => (4, Duration::from_millis(100)),
    }
}

/// One connection's requests, one after another, each for one of the users.
async fn ask(mut link: Link, every: Duration) {
    loop {
        let (pause, user, path) = {
            let mut random = rand::rng();
            let pause = every.mul_f64(random.random_range(0.2..1.8));
            (pause, random.random_range(0..USERS), PATHS[random.random_range(0..PATHS.len())])
        };
        tokio::time::sleep(pause).await;
        let user = format!("user-{user}");
        let call = Call { method: Method::GET, path, headers: &[("x-user", &user)], body: Bytes::new() };
        if link.call(call).await.is_err() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}
