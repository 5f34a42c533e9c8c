//! `journal`: the record of everything that was done from this state folder.

mod csv;

use clap::{Args, Subcommand};
use std::time::Duration;

use serde_json::json;

use crate::cli::arguments::Globals;
use crate::cli::failure::{Failure, code};
use crate::cli::look;
use crate::cli::report::{self, Report};
use crate::cli::session::{Session, configuration};
use crate::cli::shape;
use crate::cli::table::{Cell, Table, word};
use crate::domain::chain::{Head, Sealed};
use crate::domain::ids::SourceName;
use crate::domain::text::Text;
use crate::runtime::journal::{Entry, Fault, Journal};
use crate::runtime::perform;

/// What to do with it.
#[derive(Debug, Clone, Subcommand)]
pub enum JournalCommand {
    /// List the newest entries
    List(ListArgs),
    /// Read all of it and say whether it is whole, and whether it is what the sources have sealed
    Verify(VerifyArgs),
    /// Print every entry
    Export(ExportArgs),
}

/// Against what.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// An entry that was written down elsewhere, as an earlier verify printed it; may be given more than once
    #[arg(long, value_name = "SEQ:HASH", value_parser = head)]
    head: Vec<Head>,
}

fn head(text: &str) -> Result<Head, String> {
    let read =
        text.split_once(':').and_then(|(seq, hash)| Some(Head { seq: seq.parse().ok()?, hash: hash.to_owned() }));
    read.ok_or_else(|| "write the entry's number, a colon, and its hash".to_owned())
}

/// As what.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// json: each entry as it was written, one a line; csv: a table for people
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Format {
    #[default]
    Json,
    Csv,
}

/// How many entries.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// At most this many, the newest
    #[arg(long, value_name = "N", default_value_t = 50)]
    last: u64,
}

impl JournalCommand {
    /// The command's words, joined as documents name it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::List(_) => "journal_list",
            Self::Verify(_) => "journal_verify",
            Self::Export(_) => "journal_export",
        }
    }

    /// Carries it out. Sources are asked for nothing but what they have sealed.
    pub async fn run(self, globals: &Globals) -> Result<Report, Failure> {
        let config = look::configuration(globals)?;
        let context = config.context(globals.context.as_deref()).map_err(|fault| configuration(&fault))?;
        let journal = Journal::open(&config.state_dir);
        let report = match self {
            Self::List(args) => list(&journal, args.last, report::colored(globals)),
            Self::Verify(args) => verify(&journal, &args.head, &sealed(globals, &journal).await),
            Self::Export(args) => export(&journal, args.format),
        };
        Ok(Report { context: Some(context.name.clone()), ..report.map_err(|fault| failure(&fault))? })
    }
}

fn failure(fault: &Fault) -> Failure {
    let failure = Failure::new(code::FAILED, "journal", fault.to_string());
    match &fault.hint {
        Some(hint) => failure.hint(hint.as_str()),
        None => failure,
    }
}

fn list(journal: &Journal, last: u64, color: bool) -> Result<Report, Fault> {
    let from = journal.last()?.saturating_sub(last) + 1;
    let entries = journal.read(from, usize::MAX)?;
    let mut table = Table::new(["NO", "AT", "WHO", "ACTION", "TARGET", "WHAT", ""]);
    for entry in &entries {
        row(&mut table, entry);
    }
    let data: Vec<_> = entries.iter().map(shape::entry).collect();
    Ok(Report::new(json!({ "entries": data }), table.lines(color, "nothing was done from here yet")))
}

fn row(table: &mut Table, entry: &Entry) {
    let says = entry.says();
    let text = |value: &serde_json::Value| Text::new(value.as_str().unwrap_or_default()).to_string();
    let (plan, outcome) = (&says["plan"], &says["outcome"]);
    let what = match (plan.is_null(), outcome.is_null()) {
        (_, false) => (word(&text(&outcome["state"])), text(&outcome["message"])),
        (false, true) => ("intent".into(), format!("{} → {}", text(&plan["before"]), text(&plan["after"]))),
        (true, true) => (Cell::default(), String::new()),
    };
    let (what, words) = what;
    let at = text(&says["at"]);
    let at = at.parse::<jiff::Timestamp>().map_or(at, |at| at.strftime("%F %TZ").to_string());
    let who = text(&says["actor"]["name"]);
    let (action, target) = (text(&says["action"]), text(&says["target"]));
    table.row([entry.seq.into(), at.into(), who.into(), action.into(), target.into(), what, words.into()]);
}

/// How long a source may take to tell what it has sealed.
const ASKED: Duration = Duration::from_secs(3);

/// What the sources have sealed of the journal; nothing where none can be asked.
async fn sealed(globals: &Globals, journal: &Journal) -> Vec<(SourceName, Sealed)> {
    let (Ok(session), Ok(Some(seal))) = (Session::open(globals), journal.seal()) else { return Vec::new() };
    perform::seals(&session.backends, &seal.journal, ASKED).await
}

fn verify(journal: &Journal, written: &[Head], sealed: &[(SourceName, Sealed)]) -> Result<Report, Fault> {
    let kept = sealed.iter().map(|(_, sealed)| &sealed.head).chain(written);
    let verified = journal.verify(&kept.cloned().collect::<Vec<_>>())?;
    let newest = sealed.iter().max_by_key(|(_, sealed)| sealed.head.seq);
    let data = json!({
        "entries": verified.entries, "hash": verified.hash, "torn_bytes": verified.torn, "broken": verified.broken,
        "sealed": newest.map(|(source, sealed)| json!({
            "source": source, "seq": sealed.head.seq, "hash": sealed.head.hash, "at": sealed.at, "by": sealed.by,
        })),
    });
    let mut lines = match &verified.broken {
        None => format!("{} entries, whole, up to {}\n", verified.entries, verified.hash),
        Some(broken) => format!("broken after {} entries: {broken}\n", verified.entries),
    };
    match newest {
        Some((source, sealed)) => {
            let (source, seq) = (source.to_string(), sealed.head.seq.to_string());
            lines.extend([&source, " has sealed it up to entry ", &seq, "\n"]);
        }
        None if verified.entries > 0 => {
            lines.push_str("no source has sealed it: that nothing was cut off at its end is unproven\n");
        }
        None => {}
    }
    if verified.torn > 0 {
        let torn = verified.torn.to_string();
        lines.extend([&torn, " bytes at its end were never acknowledged; the next entry takes their place\n"]);
    }
    Ok(Report { code: u8::from(verified.broken.is_some()), ..Report::new(data, lines) })
}

/// Prints the entries; the report is empty, for nothing else may be on standard output.
fn export(journal: &Journal, format: Format) -> Result<Report, Fault> {
    const PIECE: usize = 1000;
    let mut from = 1;
    if format == Format::Csv {
        report::out(&csv::headings());
    }
    loop {
        let entries = journal.read(from, PIECE)?;
        let Some(last) = entries.last() else { return Ok(Report::default()) };
        from = last.seq + 1;
        let line = |entry: &Entry| match format {
            Format::Json => serde_json::to_string(entry).map(|line| line + "\n").unwrap_or_default(),
            Format::Csv => csv::line(entry),
        };
        report::out(&entries.iter().map(line).collect::<String>());
    }
}
