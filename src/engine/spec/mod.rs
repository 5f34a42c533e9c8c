//! The pipeline file: `leverframe.toml`, read at the commit that runs into a checked [`Pipeline`], or refused with
//! every fault's file, line, key and hint. Pure; where the text comes from is the caller's business.

mod checks;
mod environments;
mod later;
mod pipeline;
mod rollouts;
mod stages;
mod units;

pub use pipeline::{
    Canary, Conditions, Environment, Flag, Gate, Health, Job, Limit, OnFail, Pipeline, Rollout, Stage, Step,
    VersionScheme,
};
pub use units::{NotPercent, Percent};

pub use crate::config::document::duration::write as write_duration;
pub use crate::config::document::{Fault, Faults};

use crate::config::document::{Reader, Table};
use crate::domain::ids::ServiceName;

/// The pipeline file's name, at the root of the repository.
pub const FILE: &str = "leverframe.toml";

/// Reads and checks a pipeline file. `file` is what the faults call it. All faults are reported at once, in the order
/// of the lines; a syntax error stands alone, because nothing after it can be trusted.
pub fn parse(text: &str, file: &str) -> Result<Pipeline, Faults> {
    let reader = Reader::new(text, file, later::instead_of);
    let root = reader.document()?;
    let table = reader.root(&root, &["service", "stage", "environment", "flag"], "a pipeline file");
    let pipeline = Pipeline {
        service: ServiceName::new(service(&table)),
        stages: stages::read(&table),
        environments: environments::read(&table),
        flags: stages::read_flags(&table),
    };
    reader.finish(pipeline)
}

fn service(root: &Table<'_, '_>) -> String {
    let hint = "begin the file with [service] and name = \"…\"";
    root.need("service", hint)
        .and_then(|value| value.table(&["name"], "[service]"))
        .and_then(|table| table.need("name", "name = \"checkout\""))
        .and_then(|value| value.name())
        .unwrap_or_default()
}
