//! `changes`: what one environment has and another lacks.

use clap::Args;

use super::failure::Failure;
use super::report::Report;
use super::session::Session;
use super::shape;
use super::table::{Cell, Table, Tone, toned};
use crate::domain::change::{Changes, Touch};
use crate::domain::ids::{EnvironmentName, ServiceName, SourceName};
use crate::domain::observation::Subject;
use crate::domain::service::Service;
use crate::ui::format::ago;

/// Between which environments.
#[derive(Debug, Clone, Args)]
pub struct ChangesArgs {
    /// The service
    #[arg(value_parser = super::name::<ServiceName>)]
    service: ServiceName,
    /// The environment that lacks them; the last one if it is not named
    #[arg(long, value_name = "ENVIRONMENT", value_parser = super::name::<EnvironmentName>)]
    from: Option<EnvironmentName>,
    /// The environment that has them; the one before if it is not named
    #[arg(long, value_name = "ENVIRONMENT", value_parser = super::name::<EnvironmentName>)]
    to: Option<EnvironmentName>,
}

/// The changes.
pub async fn changes(args: ChangesArgs, session: &mut Session) -> Result<Report, Failure> {
    session.ask_all().await?;
    let seen = session.service(&args.service)?;
    let (source, (from, to)) = (seen.source.clone(), between(&seen.value, &args)?);
    for environment in [&from, &to] {
        session.place(&args.service, environment)?;
    }
    session.ask(&source, &Subject::Changes(args.service.clone(), from.clone(), to.clone())).await?;
    let Some(seen) = session.store.changes(&args.service, &from, &to) else {
        return Err(Failure::new(super::failure::code::UNREACHABLE, "malformed", "the source told of other changes"));
    };
    let lines = lines(&seen.value, &source, session);
    Ok(session.report(shape::changes(&session.store, &seen.value), lines))
}

/// The two environments: the last lacks what the one before it has, unless others are named.
fn between(service: &Service, args: &ChangesArgs) -> Result<(EnvironmentName, EnvironmentName), Failure> {
    let last = service.environments.last().map(|environment| environment.name.clone());
    let from = args.from.clone().or(last);
    let from = from.ok_or_else(|| Failure::usage(format!("{} has no environments", service.name)))?;
    let before = service.below(&from).map(|environment| environment.name.clone());
    match args.to.clone().or(before) {
        Some(to) => Ok((from, to)),
        None => Err(Failure::usage(format!("nothing lies before {from}")).hint("name the other one with --to")),
    }
}

fn lines(changes: &Changes, source: &SourceName, session: &Session) -> String {
    let now = session.clock.now();
    let mut commits = Table::new(["COMMIT", "MADE", "AUTHOR", "TITLE"]);
    for commit in &changes.commits {
        let made = commit.at.map(|at| ago(at, now)).unwrap_or_default();
        let id = toned(commit.short(), Tone::Quiet);
        commits.row([id, made.into(), (&commit.author).into(), (&commit.title).into()]);
    }
    let nothing = format!("{} has nothing that {} lacks", changes.to, changes.from);
    let commits = commits.lines(session.color(), &nothing);
    let more = left_out(changes.commits.len(), Some(changes.count()), "commits");
    if changes.commits.is_empty() && changes.files.as_ref().is_none_or(Vec::is_empty) {
        return commits;
    }
    let flags = session.store.flags_named(changes).iter().map(named).collect::<String>();
    format!("{commits}{more}{}{flags}", files(changes, source, session))
}

fn named(touch: &Touch<'_>) -> String {
    let traces: Vec<_> = touch.traces.iter().map(ToString::to_string).collect();
    format!("\nflag {} is named {}\n", touch.flag.key, traces.join(", "))
}

fn files(changes: &Changes, source: &SourceName, session: &Session) -> String {
    let Some(listed) = &changes.files else { return format!("\nfiles: not told by {source}\n") };
    let mut files = Table::new(["FILE", "", ""]);
    for file in changes.by_weight() {
        let migration = if file.is_migration() { toned("migration", Tone::Warn) } else { Cell::default() };
        files.row([(&file.path).into(), (&file.status).into(), migration]);
    }
    let lines = files.lines(session.color(), "no file differs");
    format!("\n{lines}{}", left_out(listed.len(), changes.file_count(), "files"))
}

/// That not all are listed, if they are not.
fn left_out(listed: usize, count: Option<u64>, of: &str) -> String {
    match count {
        Some(count) if count > listed as u64 => format!("{listed} of {count} {of} are listed\n"),
        _ => String::new(),
    }
}
