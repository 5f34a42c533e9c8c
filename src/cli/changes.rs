//! `changes`: what one environment has and another lacks.

use clap::Args;

use super::failure::Failure;
use super::report::Report;
use super::session::Session;
use super::shape;
use super::table::{Table, Tone, toned};
use crate::domain::change::Changes;
use crate::domain::ids::{EnvironmentName, ServiceName};
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
    let lines = lines(&seen.value, session);
    Ok(session.report(shape::changes(&seen.value), lines))
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

fn lines(changes: &Changes, session: &Session) -> String {
    let now = session.clock.now();
    let mut commits = Table::new(["COMMIT", "MADE", "AUTHOR", "TITLE"]);
    for commit in &changes.commits {
        let made = commit.at.map(|at| ago(at, now)).unwrap_or_default();
        let id = toned(format!("{:.7}", commit.id.as_str()), Tone::Quiet);
        commits.row([id, made.into(), (&commit.author).into(), (&commit.title).into()]);
    }
    let nothing = format!("{} has nothing that {} lacks", changes.to, changes.from);
    let commits = commits.lines(session.color(), &nothing);
    if changes.files.is_empty() {
        return commits;
    }
    let mut files = Table::new(["FILE", ""]);
    changes.files.iter().for_each(|file| files.row([(&file.path).into(), (&file.status).into()]));
    format!("{commits}\n{}", files.lines(session.color(), ""))
}
