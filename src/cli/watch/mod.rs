//! `watch`: a line for each change, of everything, of a service, or of a run until it ends.

mod differ;

use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::failure::{Failure, code};
use super::report::{self, Report};
use super::session::{RunName, Session, lost};
use super::table::{Tone, painted};
use crate::clock::since;
use crate::domain::ids::{RunKey, ServiceName, SourceName};
use crate::domain::observation::Subject;
use crate::domain::run::Status;
use differ::{Change, differences, differences_of_run};

/// Between two looks.
const LOOK: Duration = Duration::from_secs(1);
/// How long a run may be out of sight before it counts as lost.
const LOST: Duration = Duration::from_secs(30);

/// What to watch.
#[derive(Debug, Clone, Args)]
pub struct WatchArgs {
    /// A service, or a run (SERVICE/ID, SERVICE/latest): then until it ends
    #[arg(value_name = "SERVICE|RUN")]
    what: Option<String>,
}

/// Watches until the run ends; everything else until a signal.
pub async fn watch(args: WatchArgs, session: &mut Session) -> Result<Report, Failure> {
    session.ask_all().await?;
    match args.what {
        Some(what) if what.contains('/') => {
            let run: RunName = what.parse().map_err(Failure::usage)?;
            let (key, source) = session.run(&run).await?;
            watch_run(session, &key, &source).await
        }
        what => {
            let service = what.as_deref().map(ServiceName::new);
            if let Some(service) = &service {
                session.service(service)?;
            }
            watch_services(session, service.as_ref()).await
        }
    }
}

async fn watch_services(session: &mut Session, only: Option<&ServiceName>) -> Result<Report, Failure> {
    let mut before = session.store.clone();
    for problem in session.problems() {
        tell(session, &Change::source(&problem.source, None, Some(&problem)));
    }
    loop {
        tokio::time::sleep(LOOK).await;
        // A source that fails is a change like any other; there is nothing else to do about it here.
        let _ = session.ask_all().await;
        for change in differences(&before, &session.store, only) {
            tell(session, &change);
        }
        before = session.store.clone();
    }
}

async fn watch_run(session: &mut Session, key: &RunKey, source: &SourceName) -> Result<Report, Failure> {
    let mut before = None;
    let mut seen_at = session.clock.now();
    loop {
        if let Some(seen) = session.store.run(key) {
            let run = seen.value.clone();
            for change in differences_of_run(before.as_ref(), &run) {
                tell(session, &change);
            }
            if run.status.ended() {
                return Ok(Report { code: end(run.status), ..Report::default() });
            }
            before = Some(run);
        }
        tokio::time::sleep(LOOK).await;
        match session.ask(source, &Subject::Run(key.clone())).await {
            Ok(()) => seen_at = session.clock.now(),
            Err(failure) if failure.code == code::USAGE => {
                return Err(Failure::new(
                    code::UNREACHABLE,
                    "lost",
                    format!("run {key} is gone: its end was not seen"),
                ));
            }
            Err(failure) if since(seen_at, session.clock.now()) > session.globals.timeout.unwrap_or(LOST) => {
                let message = format!("run {key} is lost, its end was not seen: {}", failure.message);
                return Err(Failure { code: code::UNREACHABLE, message, ..failure });
            }
            Err(failure) if lost(&failure) => {}
            Err(failure) => return Err(failure),
        }
    }
}

const fn end(status: Status) -> u8 {
    match status {
        Status::Succeeded | Status::Unstable => 0,
        _ => code::FAILED,
    }
}

fn tell(session: &Session, change: &Change) {
    if session.globals.json {
        let data = json!(change);
        report::tell(&report::document("watch", Some(session.context()), &data, &[]));
        return;
    }
    let at = session.clock.now().strftime("%H:%M:%SZ").to_string();
    let at = painted(&at, Tone::Quiet, session.color());
    let after = painted(&change.message, Tone::of(change.after.as_deref().unwrap_or_default()), session.color());
    report::say(&format!("{at} {} {after}\n", change.subject()));
}
