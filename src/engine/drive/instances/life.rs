//! One life of an instance: its intent is recorded, then its process is started, then that is recorded too; so that a
//! later engine finds whatever an earlier one left.
//!
//! What an instance is started with: `sh -e -c START` in the folder of its release, and this environment, nothing else:
//!
//! | variable | what it says |
//! |---|---|
//! | `PORT` | the port of the loopback to listen on |
//! | `LEVERFRAME_SERVICE`, `LEVERFRAME_ENVIRONMENT` | the place |
//! | `LEVERFRAME_VERSION`, `LEVERFRAME_COMMIT` | the release |
//! | `LEVERFRAME_FLAGS_URL`, `LEVERFRAME_FLAGS_TOKEN` | where flags are evaluated by the OpenFeature Remote Evaluation Protocol, and the bearer token for it |
//! | `LEVERFRAME_ENGINE`, `LEVERFRAME_PROCESS` | the marks by which the engine knows its processes |
//! | `PATH`, `HOME`, `LANG` | those of the engine |

use std::net::TcpListener;
use std::time::Duration;

use super::{GRACE, Ground, Slot, log};
use crate::domain::text::Text;
use crate::engine::core::Core;
use crate::engine::process::{self, Identity, Mark, Program, Started};
use crate::engine::rules::arrivals::template;
use crate::engine::rules::instances::{self, Intent};
use crate::engine::spec::Environment;
use crate::engine::state::State;
use crate::engine::state::place::{Instance, Set};

/// How often it is looked whether a process that another engine started still runs.
const LOOK: Duration = Duration::from_millis(100);
/// How many ports are tried.
const PORTS: usize = 50;

/// A process that runs, or did a moment ago.
pub(super) struct Life {
    pub(super) port: u16,
    /// Where in its log it begins; bytes.
    pub(super) log_from: u64,
    mark: Mark,
    identity: Option<Identity>,
    /// `None` where an earlier engine started it.
    started: Option<Started>,
}

impl Life {
    /// The process that an earlier engine left, if it still runs.
    pub(super) fn adopt(core: &Core, slot: &Slot) -> Option<Self> {
        let state = core.ledger.state();
        let instances = &state.places.get(&slot.place)?.set(slot.set)?.instances;
        let instance = instances.iter().find(|instance| instance.slot == slot.number)?;
        let identity = identity(instance).filter(Identity::alive)?;
        let mark = slot.mark(&core.identity, instance.life);
        Some(Self { port: instance.port, log_from: 0, mark, identity: Some(identity), started: None })
    }

    /// Starts one; `None` if none is wanted any more, or the engine ends.
    pub(super) async fn begin(ground: &Ground, slot: &Slot) -> Result<Option<Self>, Text> {
        let core = &ground.core;
        let Some((life, port)) = intend(ground, slot).await? else { return Ok(None) };
        let state = core.ledger.state();
        let (set, environment) =
            rule(&state, slot).ok_or_else(|| Text::new("no pipeline file says how to start it"))?;
        let mark = slot.mark(&core.identity, life);
        let log_from = std::fs::metadata(slot.log(core)).map_or(0, |log| log.len());
        let started = start(core, slot, set, &environment.start, port, mark.clone())?;
        let begun = Self { port, log_from, mark, identity: started.identity.clone(), started: Some(started) };
        let (at, process) = (slot.clone(), serde_json::to_value(&begun.identity).ok());
        let recorded = ground.report(move |draft| {
            instances::started(draft, &at.place, at.set, at.number, life, process.clone());
        });
        if recorded.await.is_none() {
            // The engine ends before it could be written: nobody would know of it.
            begun.kill().await;
            return Ok(None);
        }
        Ok(Some(begun))
    }

    /// Waits for its end; how that was.
    pub(super) async fn ended(&mut self) -> String {
        if let Some(started) = &mut self.started {
            return started.wait().await.map_or_else(|error| error.to_string(), |ended| ended.to_string());
        }
        while self.identity.as_ref().is_some_and(Identity::alive) {
            tokio::time::sleep(LOOK).await;
        }
        "it ended".to_owned()
    }

    /// Asks it to end, and sees to it.
    pub(super) async fn end(&self) {
        process::end(&self.mark, self.identity.as_ref(), GRACE).await;
    }

    /// Ends it and whatever it left, at once.
    pub(super) async fn kill(&self) {
        process::end_now(&self.mark, self.identity.as_ref()).await;
    }
}

/// The set of a slot, and what its pipeline says of it.
pub(super) fn rule<'a>(state: &'a State, slot: &Slot) -> Option<(&'a Set, &'a Environment)> {
    let set = state.places.get(&slot.place)?.set(slot.set)?;
    Some((set, template(state, &slot.place, &set.pipeline)?))
}

/// The process that a record names.
pub(super) fn identity(instance: &Instance) -> Option<Identity> {
    serde_json::from_value(instance.process.clone()?).ok()
}

/// Records that a life begins: its number and its port.
async fn intend(ground: &Ground, slot: &Slot) -> Result<Option<(u64, u16)>, Text> {
    for _ in 0..PORTS {
        let port = free_port().map_err(|error| Text::new(format!("no port is free: {error}")))?;
        let at = slot.clone();
        let intent = ground.report(move |draft| instances::intend(draft, &at.place, at.set, at.number, port));
        match intent.await {
            Some(Intent::Life(life)) => return Ok(Some((life, port))),
            Some(Intent::PortTaken) => {}
            Some(Intent::NotWanted) | None => return Ok(None),
        }
    }
    Err(Text::new("no port is free"))
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn start(core: &Core, slot: &Slot, set: &Set, line: &str, port: u16, mark: Mark) -> Result<Started, Text> {
    let place = &slot.place;
    let folder = core.folder.release(&place.service, &set.version);
    if !folder.is_dir() {
        return Err(Text::new(format!("the files of {} are not in {}", set.version, folder.display())));
    }
    let inherited = |name: &str, otherwise: &str| std::env::var_os(name).unwrap_or_else(|| otherwise.into());
    let program = Program::shell(line, folder, mark)
        .env("PATH", inherited("PATH", "/usr/local/bin:/usr/bin:/bin"))
        .env("HOME", inherited("HOME", "/"))
        .env("LANG", inherited("LANG", "C.UTF-8"))
        .env("PORT", port.to_string())
        .env("LEVERFRAME_SERVICE", place.service.as_str())
        .env("LEVERFRAME_ENVIRONMENT", place.environment.as_str())
        .env("LEVERFRAME_VERSION", set.version.as_str())
        .env("LEVERFRAME_COMMIT", &set.commit)
        .env("LEVERFRAME_FLAGS_URL", core.flag_url(&place.environment))
        .env("LEVERFRAME_FLAGS_TOKEN", core.flag_token(&place.environment));
    let log = log::open(&slot.log(core)).map_err(|error| Text::new(format!("its log: {error}")))?;
    program.start_into(log).map_err(|error| Text::new(format!("it cannot be started: {error}")))
}
