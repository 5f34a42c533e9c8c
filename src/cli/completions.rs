//! `completions`: what a shell needs to complete the command line, made from its definition.

use clap::{Args, ValueEnum};
use clap_complete::aot::{self, generate};
use serde_json::json;

use super::arguments;
use super::report::Report;

/// For which shell.
#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// The shells that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// `leverframe completions bash > ~/.local/share/bash-completion/completions/leverframe`.
    Bash,
    /// `leverframe completions zsh > DIR/_leverframe`, where DIR is one of `$fpath`.
    Zsh,
    /// `leverframe completions fish > ~/.config/fish/completions/leverframe.fish`.
    Fish,
}

impl Shell {
    const fn generator(self) -> aot::Shell {
        match self {
            Self::Bash => aot::Shell::Bash,
            Self::Zsh => aot::Shell::Zsh,
            Self::Fish => aot::Shell::Fish,
        }
    }
}

/// The script for the shell.
pub fn completions(args: &CompletionsArgs) -> Report {
    let mut script = Vec::new();
    let shell = args.shell.generator();
    generate(shell, &mut arguments::told(), "leverframe", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    Report::new(json!({ "shell": shell.to_string(), "script": script }), script)
}
