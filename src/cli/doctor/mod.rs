//! `doctor`: looks at everything that the console rests on, and says of each thing how it stands and what to do about it.
//! It changes nothing.

mod check;
mod files;
mod sources;
mod terminal;
mod tokens;

use serde_json::{Value, json};

use super::arguments::Globals;
use super::failure::{Failure, code};
use super::report::{self, Report};
use super::session::Session;
use super::table::Table;
use crate::backends::http::Hosts;
use crate::config::{self, Config, Context};
use crate::domain::observation::Problem;
pub use check::Check;
use check::State;

/// What was looked at.
#[derive(Debug, Default)]
struct Findings {
    context: Option<String>,
    checks: Vec<Check>,
    sources: Vec<Value>,
    problems: Vec<Problem>,
    unusable: bool,
}

/// Looks at what the configuration leads to, and at nothing else: for whoever has just written it.
pub async fn connections(globals: &Globals) -> Result<(Vec<Check>, Vec<Problem>), Failure> {
    let (config, context) = files::read(globals)?;
    let mut findings = Findings::default();
    findings.connections(globals, &config, &context).await;
    Ok((findings.checks, findings.problems))
}

/// Looks at everything. What is wrong is exit 1; a configuration that cannot be used is exit 2, as everywhere.
pub async fn doctor(globals: &Globals) -> Report {
    let (mut findings, mut look) = (Findings::default(), config::Look::default());
    match files::read(globals) {
        Ok((config, context)) => {
            findings.look(globals, &config, &context).await;
            look = config.look;
        }
        Err(failure) => {
            findings.unusable = true;
            findings.checks.push(Check::failed("configuration", &failure));
        }
    }
    findings.checks.push(git().await);
    findings.checks.extend(terminal::checks(super::look::wish(globals), &look, super::look::variable));
    findings.report(globals)
}

impl Findings {
    async fn look(&mut self, globals: &Globals, config: &Config, context: &Context) {
        self.context = Some(context.name.clone());
        self.checks.push(files::configured(config));
        self.checks.push(files::state_folder(&config.state_dir));
        self.checks.push(files::journal(&config.state_dir));
        self.checks.push(files::log(&config.state_dir));
        self.connections(globals, config, context).await;
    }

    async fn connections(&mut self, globals: &Globals, config: &Config, context: &Context) {
        // Without a source there is no session, and the configuration's own check says so.
        let Ok(session) = Session::of(globals, config, context, &Hosts::default()) else { return };
        let looks = config.sources.iter().map(|source| async {
            let token = tokens::check(source).await;
            (token, sources::look(source, &session).await)
        });
        for (token, found) in futures_util::future::join_all(looks).await {
            self.checks.push(token);
            self.checks.extend(found.checks);
            self.sources.push(found.document);
            self.problems.extend(found.problem);
        }
    }

    fn report(self, globals: &Globals) -> Report {
        let wrong = self.checks.iter().filter(|check| check.state == State::Wrong).count();
        let code = match (self.unusable, wrong) {
            (true, _) => code::USAGE,
            (false, 0) => 0,
            (false, _) => code::FAILED,
        };
        let checks: Vec<_> = self.checks.iter().map(Check::document).collect();
        let data = json!({ "checks": checks, "sources": self.sources });
        let report = Report::new(data, lines(&self.checks, wrong, report::colored(globals)));
        // People find them in the lines already.
        let problems = if globals.json { self.problems } else { Vec::new() };
        Report { context: self.context, code, ..report.with(problems) }
    }
}

/// The rows, and how many of them are wrong.
fn lines(checks: &[Check], wrong: usize, color: bool) -> String {
    let end = match wrong {
        0 => "nothing is wrong".to_owned(),
        1 => "one thing is wrong".to_owned(),
        wrong => format!("{wrong} things are wrong"),
    };
    format!("{}\n{end}\n", rows(checks, color))
}

/// A row for each check, and below it what its hint says.
pub fn rows(checks: &[Check], color: bool) -> String {
    let mut table = Table::new(["", "WHAT", "HOW IT STANDS"]);
    for check in checks {
        table.row(check.row());
    }
    let rows = table.lines(color, "nothing was looked at");
    let below = std::iter::once(String::new()).chain(checks.iter().map(Check::below));
    rows.lines().zip(below).flat_map(|(row, below)| [row.to_owned(), "\n".to_owned(), below]).collect()
}

/// Git, which the embedded engine and the demonstration read repositories with.
async fn git() -> Check {
    let said = tokio::process::Command::new("git").arg("--version").stdin(std::process::Stdio::null()).output().await;
    match said {
        Ok(said) if said.status.success() => Check::ok("git", String::from_utf8_lossy(&said.stdout).trim()),
        _ => Check::caution("git", "is not found")
            .hint("an engine of your own and the demonstration need it: install git"),
    }
}
