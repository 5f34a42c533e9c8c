//! What can be ordered, as the board stands; and what must be so once it is acknowledged.

use std::fmt;
use std::sync::Arc;

use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::Moment;

/// Something that must be so, until another order about the same thing.
#[derive(Clone)]
pub struct Fact {
    says: String,
    /// Whether it is so from the moment of the answer on, and not only once the engine has brought it about.
    pub at_once: bool,
    holds: Arc<dyn Fn(&Value) -> bool + Send + Sync>,
}

impl Fact {
    fn new(says: String, at_once: bool, holds: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Self {
        Self { says, at_once, holds: Arc::new(holds) }
    }

    /// Whether it is so on this board.
    pub fn holds(&self, board: &Value) -> bool {
        (self.holds)(board)
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

/// A change, and what follows from it, by what it is about; `None`: what was known of that is known no more.
#[derive(Debug)]
pub struct Order {
    pub method: &'static str,
    pub path: String,
    /// What it rests on; `Null` where it rests on nothing.
    pub revision: Value,
    pub body: Value,
    pub follows: Vec<(String, Option<Fact>)>,
}

/// The one environment of a service.
pub fn place<'a>(board: &'a Value, service: &str) -> &'a Value {
    &one(&board["services"], "name", service)["environments"][0]
}

fn one<'a>(list: &'a Value, field: &str, value: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|one| one[field] == value).unwrap_or(&Value::Null)
}

/// A name as it is written.
pub fn name(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn phase(place: &Value) -> &str {
    place["rollout"]["phase"].as_str().unwrap_or_default()
}

/// Whether a canary stands on its ladder.
pub fn on_ladder(place: &Value) -> bool {
    place["rollout"]["step"].is_object() && ["waiting", "paused"].contains(&phase(place))
}

/// Whether everything that is decided is so.
pub fn settled(board: &Value) -> bool {
    ["shop", "paint"].into_iter().all(|service| {
        let place = place(board, service);
        let rollout = &place["rollout"];
        let healthy = |side: &Value| side.is_null() || side["healthy"] == side["replicas"];
        let stands = on_ladder(place) && rollout["set_weight"] == rollout["actual_weight"];
        let sides = healthy(&rollout["stable"]) && (!stands || healthy(&rollout["candidate"]));
        place["release"].is_object() && sides && (stands || ["complete", "aborted", "idle"].contains(&phase(place)))
    })
}

/// An order that can be given as the board stands.
pub fn any(board: &Value, moment: Moment, random: &mut StdRng) -> Option<Order> {
    let usual = random.random_bool(0.7);
    match (moment, random.random_range(0..3)) {
        (Moment::Bake, _) if usual => canary(place(board, "shop"), random),
        (Moment::Flip, _) if usual => flip(place(board, "paint")),
        (Moment::Build, 0) => approve(place(board, "paint")),
        (_, 1) => Some(hold(board, if random.random() { "shop" } else { "paint" })),
        _ => flag(board, if random.random() { "shop" } else { "paint" }, random),
    }
}

fn at(service: &str, deed: &str) -> String {
    format!("/v1/services/{service}/environments/production/{deed}")
}

fn shift(service: &str, place: &Value, deed: &Value, fact: Fact) -> Order {
    let follows = vec![(format!("{service} traffic"), Some(fact))];
    let body = json!({ "deed": deed, "reason": null });
    Order { method: "POST", path: at(service, "rollout"), revision: place["revision"].clone(), body, follows }
}

/// Moves the canary.
fn canary(place: &Value, random: &mut StdRng) -> Option<Order> {
    if !on_ladder(place) {
        return None;
    }
    let rollout = &place["rollout"];
    let (version, weight) = (name(&rollout["candidate"]["version"]), rollout["set_weight"].as_u64()?);
    let step = rollout["step"]["index"].as_u64()?;
    let order = |deed: Value, fact| Some(shift("shop", place, &deed, fact));
    match random.random_range(0..20) {
        0..10 => {
            let wanted = [0, 1, 10, 33, 50, 67, 99, 100][random.random_range(0..8)];
            let other = if wanted == weight { (wanted + 1) % 101 } else { wanted };
            order(json!({ "set_weight": other }), stands(&version, other, "waiting"))
        }
        10..14 => {
            let to = step % 3 + 1;
            order(json!({ "go_to_step": to }), reaches(&version, to))
        }
        14..17 if phase(place) == "waiting" => order(json!("pause"), stands(&version, weight, "paused")),
        14..17 => order(json!("resume"), goes_on(&version)),
        17 => order(json!("complete"), serves(&version)),
        18 => {
            let mut order = order(json!("abort"), is_given_up(&version))?;
            // Let go, the place may take the same release from another run of its commit.
            "shop given up".clone_into(&mut order.follows[0].0);
            order.follows.push(("shop traffic".to_owned(), None));
            order.follows.push(("shop hold".to_owned(), Some(held("shop", true))));
            Some(order)
        }
        _ => None,
    }
}

fn is_candidate(place: &Value, version: &str) -> bool {
    place["rollout"]["candidate"]["version"] == version
}

fn stands(version: &str, weight: u64, phase: &'static str) -> Fact {
    let version = version.to_owned();
    Fact::new(format!("{version} stands at {weight} %, {phase}"), true, move |board| {
        let place = place(board, "shop");
        let rollout = &place["rollout"];
        is_candidate(place, &version) && rollout["set_weight"] == weight && rollout["phase"] == phase
    })
}

fn reaches(version: &str, step: u64) -> Fact {
    let version = version.to_owned();
    Fact::new(format!("{version} is on step {step} or came further"), true, move |board| {
        let place = place(board, "shop");
        let there = place["rollout"]["step"]["index"].as_u64() >= Some(step);
        place["release"]["version"] == version.as_str() || (is_candidate(place, &version) && there)
    })
}

fn goes_on(version: &str) -> Fact {
    let version = version.to_owned();
    Fact::new(format!("{version} is not paused"), true, move |board| {
        let place = place(board, "shop");
        !is_candidate(place, &version) || phase(place) != "paused"
    })
}

fn serves(version: &str) -> Fact {
    let version = version.to_owned();
    Fact::new(format!("{version} serves all"), false, move |board| {
        place(board, "shop")["release"]["version"] == version.as_str()
    })
}

fn is_given_up(version: &str) -> Fact {
    let version = version.to_owned();
    Fact::new(format!("{version} is given up"), true, move |board| {
        let place = place(board, "shop");
        let going = ["aborting", "aborted"].contains(&phase(place));
        place["release"]["version"] != version.as_str() && (going || !is_candidate(place, &version))
    })
}

/// Lets the other colour serve. It stays so while the place is held, which a flip sees to.
fn flip(place: &Value) -> Option<Order> {
    let rollout = &place["rollout"];
    if rollout["idle"]["healthy"] != 1 || phase(place) == "progressing" {
        return None;
    }
    let color = name(&rollout["idle"]["color"]);
    let wanted = color.clone();
    let fact = Fact::new(format!("{color} serves"), false, move |board| {
        super::orders::place(board, "paint")["rollout"]["active"]["color"] == wanted.as_str()
    });
    let mut order = shift("paint", place, &json!({ "flip": color }), fact);
    order.follows.push(("paint hold".to_owned(), Some(held("paint", true))));
    Some(order)
}

fn held(service: &'static str, on: bool) -> Fact {
    Fact::new(format!("{service} is {}held", if on { "" } else { "not " }), true, move |board| {
        place(board, service)["held"] == on
    })
}

/// Holds a place that is not held, or lets it go: then another release may come in.
pub fn hold(board: &Value, service: &'static str) -> Order {
    let place = place(board, service);
    let on = place["held"] == false;
    let mut follows = vec![(format!("{service} hold"), Some(held(service, on)))];
    if !on {
        let about = if service == "paint" { "paint traffic" } else { "shop given up" };
        follows.push((about.to_owned(), None));
    }
    let body = json!({ "on": on, "reason": null });
    Order { method: "PUT", path: at(service, "hold"), revision: place["revision"].clone(), body, follows }
}

/// Sets a flag to what it is not.
fn flag(board: &Value, service: &str, random: &mut StdRng) -> Option<Order> {
    let key = format!("{service}-flag");
    let state = |board: &Value, key: &str| one(&board["flags"], "key", key)["environments"][0].clone();
    let now = state(board, &key);
    let percent = random.random_range(1..100);
    let (value, enabled, percent) = match random.random_range(0..3) {
        0 if now["enabled"] == true => (json!("off"), false, now["percent"].as_u64()?),
        1 if now["enabled"] == false => (json!("on"), true, now["percent"].as_u64()?),
        _ if now["percent"] == percent => return None,
        _ => (json!({ "percent": percent }), true, percent),
    };
    let known = key.clone();
    let fact = Fact::new(format!("{key} is {value}"), true, move |board| {
        let now = state(board, &known);
        now["enabled"] == enabled && now["percent"] == percent
    });
    let path = format!("/v1/flags/{key}/environments/production");
    let body = json!({ "value": value, "reason": null });
    Some(Order { method: "PUT", path, revision: now["revision"].clone(), body, follows: vec![(key, Some(fact))] })
}

/// Says yes at the gate of `paint`.
pub fn approve(place: &Value) -> Option<Order> {
    let gate = &place["gate"];
    if gate["state"] != "waiting" {
        return None;
    }
    let (id, path) = (name(&gate["id"]), format!("/v1/gates/{}/decision", name(&gate["id"])));
    let fact = Fact::new(format!("{id} is decided"), true, move |board| {
        let place = super::orders::place(board, "paint");
        let waits = |gate: &Value| gate["id"] == id.as_str() && gate["state"] == "waiting";
        !waits(&place["gate"]) && !place["more_gates"].as_array().unwrap().iter().any(waits)
    });
    let follows = vec![("paint gate".to_owned(), Some(fact)), ("paint traffic".to_owned(), None)];
    let body = json!({ "verdict": "approve", "comment": null });
    Some(Order { method: "POST", path, revision: gate["revision"].clone(), body, follows })
}

/// Starts a run of a service's newest commit.
pub fn start(service: &str) -> Order {
    let path = format!("/v1/services/{service}/runs");
    Order {
        method: "POST",
        path,
        revision: Value::Null,
        body: json!({ "branch": null, "reason": null }),
        follows: Vec::new(),
    }
}

/// The run that a start was acknowledged with is there.
pub fn started(answer: &Value) -> Option<(String, Option<Fact>)> {
    let (service, number) = (name(&answer["run"]["service"]), answer["run"]["id"].as_str()?.parse::<u64>().ok()?);
    let known = service.clone();
    let fact = Fact::new(format!("run {service}/{number} is there"), true, move |board| {
        let latest = &one(&board["services"], "name", &known)["latest_run"];
        latest["number"].as_u64() >= Some(number)
    });
    Some((format!("{service} run"), Some(fact)))
}
