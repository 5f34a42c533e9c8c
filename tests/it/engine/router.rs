//! The router against real sockets: the split, what is lost (nothing), what is repeated, what is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use leverframe::clock::System;
use leverframe::domain::ids::Place;
use leverframe::domain::rollout::Weight;
use leverframe::engine::router::{Entrance, Limits, choose, serve};
use leverframe::engine::state::place::Share;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::upstream::{Client, Upstream};

/// An entrance that listens.
struct Door {
    entrance: Arc<Entrance>,
    port: u16,
    stop: CancellationToken,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Door {
    async fn new(limits: Limits) -> Self {
        let entrance = Arc::new(Entrance::new(Place::new("shop", "production"), Arc::new(System), limits));
        let listener = choose(&[]).await.unwrap();
        let (port, stop) = (listener.local_addr().unwrap().port(), CancellationToken::new());
        tokio::spawn(serve(Arc::clone(&entrance), listener, stop.clone()));
        Self { entrance, port, stop }
    }

    /// One with a single set of these instances.
    async fn to(instances: &[&Upstream]) -> Self {
        Self::limited(instances, Limits::default()).await
    }

    async fn limited(instances: &[&Upstream], limits: Limits) -> Self {
        let door = Self::new(limits).await;
        door.hold(&[(1, 100, instances)]);
        door
    }

    /// Holds a split of sets, percentages and instances.
    fn hold(&self, lanes: &[(u64, u8, &[&Upstream])]) {
        let lane = |(set, percent, instances): &(u64, u8, &[&Upstream])| {
            let ports = instances.iter().map(|instance| instance.port).collect();
            (Share { set: *set, weight: Weight::new(*percent).unwrap() }, ports)
        };
        self.entrance.hold(lanes.iter().filter(|lane| lane.1 > 0).map(lane).collect());
    }

    async fn client(&self) -> Client {
        Client::new(self.port).await
    }
}

/// The full count where the loops are run in full.
fn requests() -> u64 {
    let loops = std::env::var("LEVERFRAME_LOOPS").ok().and_then(|loops| loops.parse::<u64>().ok());
    if loops.is_some_and(|loops| loops >= 100) { 100_000 } else { 500 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_set_gets_its_weight_of_the_requests() {
    let (old, new) = (Upstream::named("old").await, [Upstream::named("new").await, Upstream::named("new").await]);
    let door = Door::new(Limits::default()).await;
    let (count, clients) = (requests(), 10);
    for percent in [0, 1, 5, 25, 37, 50, 99, 100] {
        door.hold(&[(1, 100 - percent, &[&old]), (2, percent, &[&new[0], &new[1]])]);
        let before = new.each_ref().map(Upstream::hits);
        let mut load = JoinSet::new();
        for _ in 0..clients {
            let mut client = door.client().await;
            load.spawn(async move {
                for _ in 0..count / clients {
                    assert_eq!(client.get().await.status, 200);
                }
            });
        }
        load.join_all().await;
        let got = [0, 1].map(|at: usize| new[at].hits() - before[at]);
        assert_eq!(got.iter().sum::<u64>(), count * u64::from(percent) / 100, "of {count} at {percent} %");
        assert!(got[0].abs_diff(got[1]) <= 1, "instances take turns: {got:?}");
    }
    let counted = [1, 2].map(|set| door.entrance.meter(set).total());
    assert_eq!(counted.map(|counts| counts.requests).iter().sum::<u64>(), 8 * count);
    assert_eq!(counted.map(|counts| counts.errors), [0, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_flips_under_load_lose_no_request() {
    let slow = |request: Request<Incoming>| async move {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        tokio::time::sleep(Duration::from_millis(1)).await;
        Response::new(Full::from(body))
    };
    let (blue, green) = (Upstream::new(slow).await, Upstream::new(slow).await);
    let door = Door::to(&[&blue]).await;
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut load = JoinSet::new();
    for _ in 0..4 {
        let (mut client, over, answered) = (door.client().await, Arc::clone(&over), Arc::clone(&answered));
        load.spawn(async move {
            while !over.load(Ordering::SeqCst) {
                let post = "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello";
                let reply = client.ask(post).await;
                assert_eq!((reply.status, reply.body.as_str()), (200, "hello"));
                assert_eq!(client.get().await.status, 200);
                answered.fetch_add(2, Ordering::SeqCst);
            }
        });
    }
    let mut own = door.client().await;
    for flip in 1..=100 {
        let (set, now) = if flip % 2 == 0 { (1, &blue) } else { (2, &green) };
        door.hold(&[(set, 100, &[now])]);
        let reached = answered.load(Ordering::SeqCst) + 4;
        while answered.load(Ordering::SeqCst) < reached {
            assert_eq!(own.get().await.status, 200);
        }
    }
    over.store(true, Ordering::SeqCst);
    load.join_all().await;
    let idle = door.entrance.meter(2);
    tokio::time::timeout(Duration::from_secs(5), idle.rests()).await.expect("the colour that was left comes to rest");
    let before = green.hits();
    assert_eq!(own.get().await.status, 200);
    assert_eq!(green.hits(), before, "after the flip nothing goes there");
    assert_eq!([1, 2].map(|set| door.entrance.meter(set).total().errors), [0, 0]);
}

/// An instance that reads a request and closes without an answer.
async fn dying() -> Upstream {
    Upstream::raw(|mut stream, hits| async move {
        let mut buffer = [0; 4096];
        if stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
            hits.fetch_add(1, Ordering::SeqCst);
        }
    })
    .await
}

#[tokio::test]
async fn what_may_be_repeated_is_when_an_instance_dies_under_it() {
    let (dying, sound) = (dying().await, Upstream::named("sound").await);
    let door = Door::to(&[&dying, &sound]).await;
    let mut client = door.client().await;
    for method in ["GET", "OPTIONS", "PUT", "DELETE", "GET", "GET"] {
        let reply = client.ask(&format!("{method} / HTTP/1.1\r\nHost: shop\r\n\r\n")).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "sound"), "{method}");
    }
    assert!(dying.hits() > 0);
    assert_eq!(door.entrance.meter(1).total().errors, 0);
}

#[tokio::test]
async fn a_post_that_may_have_been_seen_is_not_repeated() {
    let (dying, sound) = (dying().await, Upstream::named("sound").await);
    let door = Door::to(&[&dying, &sound]).await;
    let mut client = door.client().await;
    let mut replies = Vec::new();
    for _ in 0..4 {
        replies.push(client.ask("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\nhi").await);
    }
    let lost: Vec<_> = replies.iter().filter(|reply| reply.status == 502).collect();
    assert_eq!((lost.len(), dying.hits(), sound.hits()), (2, 2, 2));
    assert_eq!(lost[0].body, "shop · production: no instance answered\n");
    assert_eq!(door.entrance.meter(1).total().errors, 2);
}

#[tokio::test]
async fn a_post_that_cannot_have_been_seen_goes_to_another_instance() {
    let (gone, sound) = (Upstream::named("gone").await, Upstream::named("sound").await);
    let door = Door::to(&[&gone, &sound]).await;
    drop(gone);
    let mut client = door.client().await;
    for _ in 0..4 {
        let reply = client.ask("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\nhi").await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "sound"));
    }
}

#[tokio::test]
async fn a_set_without_an_answer_is_helped_out_and_it_is_held_against_it() {
    let (dying, stable) = (dying().await, Upstream::named("stable").await);
    let door = Door::new(Limits::default()).await;
    door.hold(&[(1, 75, &[&stable]), (2, 25, &[&dying])]);
    let mut client = door.client().await;
    for _ in 0..100 {
        assert_eq!(client.get().await.body, "stable");
    }
    let counted = [1, 2].map(|set| door.entrance.meter(set).total());
    assert_eq!(counted.map(|counts| (counts.requests, counts.errors)), [(75, 0), (25, 25)]);
}

#[tokio::test]
async fn an_instance_may_close_a_connection_after_any_answer() {
    let closing = Upstream::raw(|mut stream, hits| async move {
        let mut buffer = [0; 4096];
        if stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
            hits.fetch_add(1, Ordering::SeqCst);
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
        }
    })
    .await;
    let door = Door::to(&[&closing]).await;
    let mut client = door.client().await;
    for _ in 0..50 {
        assert_eq!(client.get().await.body, "ok");
    }
    assert_eq!(closing.hits(), 50);
}

#[tokio::test]
async fn connections_are_kept_on_both_sides() {
    let lines = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&lines);
    let instance = Upstream::raw(move |mut stream, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                let answer: &[u8] = match buffer[..read].split(|byte| *byte == b' ').next() {
                    Some(b"HEAD") => b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
                    Some(b"PUT") => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
                    _ => b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                };
                stream.write_all(answer).await.unwrap();
            }
        }
    })
    .await;
    let door = Door::to(&[&instance]).await;
    let mut client = door.client().await;
    for _ in 0..20 {
        assert_eq!(client.get().await.body, "hello");
        assert_eq!(client.head().await.field("content-length"), Some("5"));
        assert_eq!(client.ask("PUT / HTTP/1.1\r\nHost: shop\r\n\r\n").await.body, "2\r\nhi\r\n0\r\n\r\n");
    }
    assert!(lines.load(Ordering::SeqCst) <= 6, "{lines:?} connections for 60 requests");
}

#[tokio::test]
async fn what_belongs_to_one_connection_is_not_passed_on() {
    let told = |request: Request<Incoming>| async move {
        let mut names: Vec<_> =
            request.headers().iter().map(|(name, value)| format!("{name}={}", value.to_str().unwrap())).collect();
        names.sort();
        let mut response = Response::new(Full::from(Bytes::from(format!("{} {}", request.uri(), names.join(" ")))));
        for (name, value) in [("connection", "x-own"), ("x-own", "1"), ("keep-alive", "timeout=1"), ("x-kept", "2")] {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        response
    };
    let instance = Upstream::new(told).await;
    let door = Door::to(&[&instance]).await;
    let asked = "GET http://shop/a?b=1 HTTP/1.1\r\nHost: shop\r\nConnection: X-Mine\r\nX-Mine: 1\r\nTE: trailers\r\n\
                 Proxy-Authorization: x\r\nX-Yours: 2\r\nX-Forwarded-For: 10.0.0.9\r\n\r\n";
    let reply = door.client().await.ask(asked).await;
    assert_eq!(
        reply.body,
        "/a?b=1 host=shop x-forwarded-for=10.0.0.9, 127.0.0.1 x-forwarded-host=shop x-forwarded-proto=http x-yours=2"
    );
    assert_eq!((reply.field("x-own"), reply.field("keep-alive"), reply.field("x-kept")), (None, None, Some("2")));
}

#[tokio::test]
async fn what_can_be_read_in_two_ways_is_refused() {
    let instance = Upstream::named("instance").await;
    let door = Door::to(&[&instance]).await;
    let smuggled = "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: shop\r\n\r\n";
    for fields in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: 4, 5\r\n",
        "Content-Length: +4\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "X-A: b\r\n c\r\n",
        "X-A: b\nContent-Length: 4\r\n",
        "Host: other\r\n",
        "X-A: a\0b\r\n",
    ] {
        let mut client = door.client().await;
        client.send(&format!("POST / HTTP/1.1\r\nHost: shop\r\n{fields}\r\n{smuggled}")).await;
        let reply = client.reply().await.unwrap_or_else(|| panic!("{fields:?} is answered"));
        assert_eq!(reply.status, 400, "{fields:?}");
        assert!(client.is_closed().await, "{fields:?}: nothing more is read");
    }
    let mut client = door.client().await;
    assert_eq!(client.ask("GET / HTTP/1.1\r\n\r\n").await.status, 400, "no host");
    assert_eq!(instance.hits(), 0);
    let chunked = "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    let mut client = door.client().await;
    assert_eq!(client.ask(chunked).await.status, 200);
    let both = "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n";
    assert_eq!(client.ask(both).await.status, 400, "on a connection that was good, too");
    assert_eq!(instance.hits(), 1);
}

#[tokio::test]
async fn heads_and_bodies_have_limits() {
    let eats = |request: Request<Incoming>| async move {
        let _ = request.into_body().collect().await;
        Response::new(Full::from("eaten"))
    };
    let instance = Upstream::new(eats).await;
    let limits = Limits { head_within: Duration::from_millis(100), body: 100, ..Limits::default() };
    let door = Door::limited(&[&instance], limits).await;
    let long = format!("GET / HTTP/1.1\r\nHost: shop\r\nX-A: {}\r\n\r\n", "a".repeat(17 << 10));
    assert_eq!(door.client().await.ask(&long).await.status, 431);
    let many = format!("GET / HTTP/1.1\r\nHost: shop\r\n{}\r\n", "X-A: a\r\n".repeat(120));
    assert_eq!(door.client().await.ask(&many).await.status, 431);
    let large = "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 101\r\n\r\n";
    assert_eq!(door.client().await.ask(large).await.status, 413);
    let chunks = "32\r\n01234567890123456789012345678901234567890123456789\r\n".repeat(3);
    let streamed = format!("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
    assert_eq!(door.client().await.ask(&streamed).await.status, 413);
    assert_eq!(door.entrance.meter(1).total().errors, 0, "that is nothing the instance did");
    let mut slow = door.client().await;
    slow.send("GET / HTTP/1.1\r\nHost: ").await;
    assert!(slow.is_closed().await, "who does not end a head is not waited for");
    for asked in
        ["CONNECT shop:1 HTTP/1.1\r\nHost: shop\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n"]
    {
        assert_eq!(door.client().await.ask(asked).await.status, 501, "{asked}");
    }
}

#[tokio::test]
async fn a_place_says_which_it_is_when_it_cannot_answer() {
    let silent = Upstream::new(|_| async { std::future::pending().await }).await;
    let limits = Limits { answer_within: Duration::from_millis(100), ..Limits::default() };
    let door = Door::limited(&[&silent], limits).await;
    let late = door.client().await.get().await;
    assert_eq!((late.status, late.body.as_str()), (504, "shop · production: the instance took too long\n"));
    door.hold(&[(2, 100, &[])]);
    let none = door.client().await.get().await;
    assert_eq!((none.status, none.body.as_str()), (503, "shop · production: no instance is healthy\n"));
    assert_eq!(none.field("retry-after"), Some("1"));
    assert_eq!([1, 2].map(|set| door.entrance.meter(set).total().errors), [1, 1]);
    door.hold(&[]);
    assert_eq!(door.client().await.get().await.status, 503);
}
