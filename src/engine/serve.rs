//! Serving: from a data folder to a running engine, and back to nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::domain::text::Text;
use crate::engine::core::Core;
use crate::engine::deeds::people;
use crate::engine::folder::Folder;
use crate::engine::observed::Board;
use crate::engine::router::{self, Traffic};
use crate::engine::settings::{Fault, Guest, Settings};
use crate::engine::state::person::Person;
use crate::engine::store::Ledger;
use crate::engine::{api, drive, rules};

/// How long answers that are under way may still take once the engine is told to end.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// A running engine, to whoever started it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The address of its API.
    pub url: String,
    /// Its process.
    pub pid: u32,
}

/// Runs an engine until `cancel`. `ready` is called once its API answers. Instances keep running afterwards, unless the
/// settings say otherwise; the next start takes them over.
pub async fn serve(
    settings: Settings,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
    ready: impl FnOnce(&Ready) + Send,
) -> Result<(), Fault> {
    let (core, listener) = prepare(&settings, clock).await?;
    let core = Arc::new(core);
    drive::take_over(&core).await?;
    let stop = CancellationToken::new();
    let drivers = drive::start(&core, &stop);
    let api = axum::serve(listener, api::router(Arc::clone(&core)));
    let told = cancel.clone();
    let served = tokio::spawn(async move { api.with_graceful_shutdown(told.cancelled_owned()).await });
    ready(&Ready { url: core.url.clone(), pid: std::process::id() });
    cancel.cancelled().await;
    // Connections that are kept open by their readers must not keep the engine.
    let _ = tokio::time::timeout(LAST_ANSWERS, served).await;
    stop.cancel();
    drivers.end().await;
    if settings.stop_instances {
        drive::stop_instances(&core).await;
    }
    Ok(())
}

async fn prepare(settings: &Settings, clock: Arc<dyn Clock>) -> Result<(Core, TcpListener), Fault> {
    let folder = Folder::open(&settings.data)?;
    let database = folder.database();
    let clock_of_ledger = Arc::clone(&clock);
    let opened = tokio::task::spawn_blocking(move || Ledger::open(&database, clock_of_ledger, rules::settle));
    let ledger = opened.await.map_err(|error| Fault::System(Text::new(error.to_string())))??;
    let listener = listen(settings, &ledger).await?;
    let address = listener.local_addr().map_err(|error| Fault::System(Text::new(error.to_string())))?;
    ledger.set("listen", address.to_string()).await?;
    let core = Core {
        identity: kept(&ledger, "identity").await?,
        flag_key: kept(&ledger, "flag_key").await?,
        boot: people::random()[..12].to_owned(),
        started_at: clock.now(),
        url: format!("http://{address}"),
        board: Board::default(),
        traffic: Traffic::new(Arc::clone(&clock)),
        ledger,
        clock,
        folder,
    };
    write_files(settings, &core).await?;
    Ok((core, listener))
}

/// A random setting that is chosen once and stays.
async fn kept(ledger: &Ledger, name: &'static str) -> Result<String, Fault> {
    if let Some(value) = ledger.setting(name).await? {
        return Ok(value);
    }
    let value = people::random();
    ledger.set(name, value.clone()).await?;
    Ok(value)
}

/// The address that is told, or that of the last time; at first one with a port that the system gives to nobody: while the
/// engine is away, whoever looks for it there must not be given that port itself.
async fn listen(settings: &Settings, ledger: &Ledger) -> Result<TcpListener, Fault> {
    let before = ledger.setting("listen").await?.and_then(|address| address.parse::<SocketAddr>().ok());
    let Some(address) = settings.listen.or(before) else {
        let taken: Vec<u16> = ledger.state().places.values().filter_map(|place| place.port).collect();
        let chosen = router::choose(&taken).await;
        return chosen.map_err(|error| Fault::System(Text::new(format!("no port is free: {error}"))));
    };
    if !address.ip().is_loopback() {
        return Err(Fault::NotLoopback(address));
    }
    let refused = |error: std::io::Error| Fault::Listen { address, said: Text::new(error.to_string()) };
    TcpListener::bind(address).await.map_err(refused)
}

/// The files for people: tokens that work, and a console configuration that leads here. What is there and right stays.
async fn write_files(settings: &Settings, core: &Core) -> Result<(), Fault> {
    let known = core.ledger.setting("owner").await?;
    let name = settings.owner.clone().or(known).unwrap_or_else(|| "owner".to_owned());
    core.ledger.set("owner", name.clone()).await?;
    let roles = ["admin", "release-manager"].map(str::to_owned).to_vec();
    grant(core, Guest { name, roles, file: "token".to_owned() }).await?;
    for guest in &settings.people {
        grant(core, guest.clone()).await?;
    }
    let path = core.folder.config();
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    let quoted = format!("url = \"{}\"", core.url);
    if !there.contains(&quoted) {
        core.folder.write_private(&path, &config(settings, &quoted))?;
    }
    Ok(())
}

fn config(settings: &Settings, url: &str) -> String {
    let state_dir = settings.state_dir.as_ref().map(|dir| format!("state_dir = \"{dir}\"\n\n")).unwrap_or_default();
    format!(
        "# A console configuration with this engine as its source: leverframe --config config.toml\n{state_dir}\
         [[sources]]\nname = \"engine\"\nkind = \"engine\"\n{url}\ntoken = {{ file = \"token\" }}\n"
    )
}

/// Makes sure that a person is there and that the file holds a token of theirs.
async fn grant(core: &Core, guest: Guest) -> Result<(), Fault> {
    let path = core.folder.root().join(&guest.file);
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    let roles = people::roles(&guest.roles).map_err(|fault| Fault::Person(fault.message))?;
    let hash = people::hash(there.trim());
    let known = core.ledger.state().people.get(&guest.name).cloned();
    if known.is_some_and(|person| person.hash == hash && person.roles == roles) {
        return Ok(());
    }
    let token = people::random();
    let hash = people::hash(&token);
    // The file first: a token that is not yet known is replaced at the next start, one that nobody has is lost.
    core.folder.write_private(&path, &format!("{token}\n"))?;
    let written = core.ledger.write(move |draft| {
        draft.record("engine", "token", guest.name.clone(), format!("{} has a new token", guest.name), None);
        draft.put_person(Person { name: guest.name, roles, hash, made_at: draft.now });
        Ok::<_, std::convert::Infallible>(())
    });
    match written.await? {
        Ok(()) => Ok(()),
        Err(never) => match never {},
    }
}
