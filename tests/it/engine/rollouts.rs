//! Whole rollouts: from a commit to traffic, through a running engine, with real processes and under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::fixture::Fixture;
use super::running::Engine;
use super::upstream::Client;

const PLACE: &str = "/v1/services/shop/environments/production";

/// Answers with the status that it was released with.
const SHOP: &str = r#"
import http.server, os
class Shop(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else STATUS)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Shop).serve_forever()
"#;

/// A service in production, and the engine that releases it.
struct Yard {
    repository: Fixture,
    engine: Engine,
}

impl Yard {
    /// One whose first release serves.
    async fn new(rollout: &str) -> Self {
        let repository = Fixture::new();
        let pipeline = format!(
            "[service]\nname = \"shop\"\n[[stage]]\nname = \"build\"\n[[stage.job]]\nname = \"build\"\n\
             run = [\"mkdir dist\", \"cp shop.py dist\"]\nartifacts = [\"dist/**\"]\n\
             [[stage]]\nname = \"release\"\n[[environment]]\nname = \"production\"\nstart = \"exec python3 dist/shop.py\"\n\
             replicas = 2\nhealth = {{ path = \"/healthz\", within = \"60s\" }}\nrollout = {rollout}\n"
        );
        repository.write("leverframe.toml", pipeline);
        let yard = Self { engine: Engine::start(&repository.beside("data")).await, repository };
        yard.commit(200, "first");
        yard.engine.add(&yard.repository.path()).await;
        yard.until(|place| !place["release"].is_null()).await;
        yard
    }

    fn commit(&self, status: u16, title: &str) {
        self.repository.write("shop.py", SHOP.replace("STATUS", &status.to_string()) + "# " + title);
        self.repository.commit(title);
    }

    async fn until(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        self.engine.until(PLACE, is_so).await
    }

    /// Moves traffic.
    async fn shift(&self, deed: Value) {
        let revision = self.engine.get(PLACE).await["revision"].as_str().unwrap().to_owned();
        let order = json!({ "deed": deed, "reason": null });
        let (status, answer) = self.engine.order(&format!("{PLACE}/rollout"), Some(&revision), &order).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// Begins to ask the place, over and over.
    async fn load(&self) -> Load {
        let url = self.engine.get(PLACE).await["url"].as_str().unwrap().to_owned();
        let port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
        let (over, [asked, failed]) = (Arc::new(AtomicBool::new(false)), [(); 2].map(|()| Arc::new(AtomicU64::new(0))));
        let clients = (0..2).map(|_| {
            let (over, asked, failed) = (Arc::clone(&over), Arc::clone(&asked), Arc::clone(&failed));
            tokio::spawn(async move {
                let mut client = Client::new(port).await;
                while !over.load(Ordering::SeqCst) {
                    let status = client.get().await.status;
                    asked.fetch_add(1, Ordering::SeqCst);
                    failed.fetch_add(u64::from(status != 200), Ordering::SeqCst);
                }
            })
        });
        Load { clients: clients.collect(), over, asked, failed }
    }
}

/// Clients at work.
struct Load {
    clients: Vec<JoinHandle<()>>,
    over: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
    failed: Arc<AtomicU64>,
}

impl Load {
    fn failed(&self) -> u64 {
        self.failed.load(Ordering::SeqCst)
    }

    /// Waits until so many more requests have been answered.
    async fn more(&self, requests: u64) {
        let target = self.asked.load(Ordering::SeqCst) + requests;
        while self.asked.load(Ordering::SeqCst) < target {
            tokio::task::yield_now().await;
            assert!(self.clients.iter().all(|client| !client.is_finished()));
        }
    }

    async fn end(self) {
        self.over.store(true, Ordering::SeqCst);
        for client in self.clients {
            client.await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_canary_takes_over_without_a_failed_request_and_a_bad_one_gives_itself_up() {
    let ladder =
        "{ kind = \"canary\", steps = [50, 100], bake = \"1h\", verdict = { errors = \"1 %\", samples = 20 } }";
    let yard = Yard::new(ladder).await;
    let first = yard.engine.get(PLACE).await["release"]["version"].clone();
    let load = yard.load().await;
    yard.commit(200, "good");
    yard.until(|place| place["rollout"]["actual_weight"] == 50 && place["rollout"]["phase"] == "waiting").await;
    load.more(50).await;
    yard.shift(json!({ "set_weight": 75 })).await;
    yard.until(|place| place["rollout"]["actual_weight"] == 75).await;
    load.more(50).await;
    yard.shift(json!("complete")).await;
    let good = yard.until(|place| place["release"]["version"] != first).await["release"]["version"].clone();
    load.more(200).await;
    assert_eq!(load.failed(), 0);
    yard.commit(500, "bad");
    let given_up = yard.until(|place| place["rollout"]["phase"] == "aborted").await;
    assert_eq!((&given_up["release"]["version"], &given_up["held"]), (&good, &json!(true)));
    assert!(load.failed() > 0);
    load.more(10).await;
    let before = load.failed();
    load.more(100).await;
    assert_eq!(load.failed(), before, "nothing fails any more");
    load.end().await;
    yard.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn colours_are_flipped_and_the_port_stays_over_a_restart() {
    let yard = Yard::new("{ kind = \"blue_green\", keep_idle = \"1h\" }").await;
    let load = yard.load().await;
    yard.commit(200, "second");
    yard.until(|place| place["rollout"]["active"]["color"] == "green").await;
    for flip in 0..6 {
        let color = if flip % 2 == 0 { "blue" } else { "green" };
        yard.until(|place| place["rollout"]["idle"]["healthy"] == 2).await;
        yard.shift(json!({ "flip": color })).await;
        yard.until(|place| place["rollout"]["active"]["color"] == color).await;
        load.more(20).await;
    }
    assert_eq!(load.failed(), 0);
    load.end().await;
    let url = yard.engine.get(PLACE).await["url"].clone();
    let data = yard.engine.data.clone();
    yard.engine.stop().await;
    let engine = Engine::start(&data).await;
    let again = engine.until(PLACE, |place| place["rollout"]["stable"]["healthy"] == 2).await;
    assert_eq!(again["url"], url);
    let port: u16 = url.as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(Client::new(port).await.get().await.status, 200, "instances are taken over");
    drop(yard.repository);
    engine.stop().await;
}
