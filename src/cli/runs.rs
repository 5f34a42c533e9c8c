//! `runs`: the runs of a service, newest first.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::report::Report;
use super::session::Session;
use super::table::{Table, Tone, toned, word};
use crate::domain::ids::ServiceName;
use crate::domain::observation::Subject;
use crate::domain::run::Run;
use crate::ui::format::{ago, cut, duration};

/// Of which service.
#[derive(Debug, Clone, Args)]
pub struct RunsArgs {
    /// The service
    #[arg(value_parser = super::name::<ServiceName>)]
    service: ServiceName,
}

/// The runs.
pub async fn runs(args: RunsArgs, session: &mut Session) -> Result<Report, Failure> {
    session.ask_all().await?;
    let source = session.service(&args.service)?.source.clone();
    session.ask(&source, &Subject::Runs(args.service.clone())).await?;
    let runs = session.store.runs(&args.service).map(|seen| seen.value.clone()).unwrap_or_default();
    let now = session.clock.now();
    let mut table = Table::new(["RUN", "STATUS", "REF", "COMMIT", "TOOK", "BEGAN", "BY", "TITLE"]);
    for run in &runs {
        row(&mut table, run, now);
    }
    let lines = table.lines(session.color(), &format!("{} has no run yet", args.service));
    Ok(session.report(json!({ "runs": runs }), lines))
}

fn row(table: &mut Table, run: &Run, now: jiff::Timestamp) {
    let took = run.duration_ms.map(|ms| duration(std::time::Duration::from_millis(ms))).unwrap_or_default();
    let began = run.started_at.or(run.created_at).map(|at| ago(at, now)).unwrap_or_default();
    let by = run.initiator.as_ref().unwrap_or(&run.author);
    table.row([
        run.key().into(),
        word(run.status.as_str()),
        cut(run.branch.as_str(), 24).into(),
        toned(format!("{:.7}", run.commit.as_str()), Tone::Quiet),
        took.into(),
        began.into(),
        cut(by.as_str(), 24).into(),
        cut(run.title.as_str(), 60).into(),
    ]);
}
