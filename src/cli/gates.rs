//! `gates`: the gates that stand.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::report::Report;
use super::session::Session;
use super::table::{Cell, Table, word};
use crate::ui::format::ago;

/// All of them.
#[derive(Debug, Clone, Args)]
pub struct GatesArgs {}

/// The gates: those that the one who asks may decide first.
pub async fn gates(_: GatesArgs, session: &mut Session) -> Result<Report, Failure> {
    session.ask_all().await?;
    let now = session.clock.now();
    let gates = session.store.gates();
    let mut table = Table::new(["SERVICE", "ENVIRONMENT", "RUN", "RELEASE", "STATE", "APPROVALS", "SINCE", "YOU"]);
    for gate in gates.iter().map(|seen| seen.value) {
        let you = match (gate.may_approve, &gate.why_not) {
            (Some(true), _) => "may decide".into(),
            (_, Some(why)) => why.to_string(),
            (Some(false), None) => "may not decide".into(),
            (None, None) => "unknown".into(),
        };
        table.row([
            (&gate.service).into(),
            (&gate.environment).into(),
            gate.run_key().into(),
            gate.release.as_ref().map(Cell::from).unwrap_or_default(),
            word(gate.state.as_str()),
            format!("{} of {}", gate.approvals.have, gate.approvals.need).into(),
            gate.since.map(|at| ago(at, now)).unwrap_or_default().into(),
            you.into(),
        ]);
    }
    let data: Vec<_> = gates.iter().map(|seen| seen.value).collect();
    let lines = table.lines(session.color(), "nothing waits at a gate");
    Ok(session.report(json!({ "gates": data }), lines))
}
