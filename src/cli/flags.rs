//! `flags`: the flags and their state in each environment.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::report::Report;
use super::session::Session;
use super::shape;
use super::table::{Cell, Table, Tone, toned};
use crate::domain::flag::Flag;
use crate::domain::ids::ServiceName;
use crate::ui::format::ago;

/// Of what.
#[derive(Debug, Clone, Args)]
pub struct FlagsArgs {
    /// Only those that this service reads
    #[arg(value_parser = super::name::<ServiceName>)]
    service: Option<ServiceName>,
}

/// The flags.
pub async fn flags(args: FlagsArgs, session: &mut Session) -> Result<Report, Failure> {
    session.ask_all().await?;
    if let Some(service) = &args.service {
        session.service(service)?;
    }
    let read = |flag: &Flag| args.service.as_ref().is_none_or(|service| flag.services.contains(service));
    let flags: Vec<_> = session.store.flags().filter(|seen| read(&seen.value)).collect();
    let now = session.clock.now();
    let mut table = Table::new(["FLAG", "KIND", "READ BY", "ENVIRONMENT", "STATE", "CHANGED", "BY"]);
    for seen in &flags {
        rows(&mut table, &seen.value, now);
    }
    let lines = table.lines(session.color(), "no flags");
    let data: Vec<_> = flags.iter().map(|seen| shape::flag(seen)).collect();
    Ok(session.report(json!({ "flags": data }), lines))
}

fn rows(table: &mut Table, flag: &Flag, now: jiff::Timestamp) {
    let services: Vec<_> = flag.services.iter().map(ToString::to_string).collect();
    let kind = if flag.kill_switch { "kill_switch" } else { flag.kind.as_str() };
    for (index, state) in flag.environments.iter().enumerate() {
        let first: [Cell; 3] = match index {
            0 => [(&flag.key).into(), kind.into(), services.join(", ").into()],
            _ => Default::default(),
        };
        let [key, kind, by] = first;
        let tone = if state.enabled { Tone::Good } else { Tone::Quiet };
        table.row([
            key,
            kind,
            by,
            (&state.name).into(),
            toned(state, tone),
            state.changed_at.map(|at| ago(at, now)).unwrap_or_default().into(),
            state.changed_by.as_ref().map(Cell::from).unwrap_or_default(),
        ]);
    }
}
