//! What the configuration means to a console and to the command line: what is looked at.

use crate::config::{self, Config, Context, SourceKind};
use crate::domain::topology::{Pace, Source, Topology};

/// What a console of `context` looks at; `read_only` holds beside what the context says.
pub fn topology(config: &Config, context: &Context, read_only: bool) -> Topology {
    Topology {
        context: context.name.clone(),
        danger: context.danger,
        read_only: read_only || context.read_only,
        sources: config.sources.iter().map(source).collect(),
        services: context.services.clone(),
    }
}

fn source(source: &config::Source) -> Source {
    let pace = match source.kind {
        SourceKind::Engine => Pace::NEAR,
    };
    Source { name: source.name.clone(), pace }
}
