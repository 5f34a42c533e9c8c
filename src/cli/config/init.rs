//! `config init`: writes a first configuration, from flags or from the answers of a person, and looks whether what it
//! leads to is there.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::shown;
use crate::cli::arguments::Globals;
use crate::cli::failure::{Failure, code, code_of};
use crate::cli::report::{self, Report};
use crate::cli::session::configuration;
use crate::cli::{ask, doctor, engine};
use crate::config::{self, Fault, First, Places, Source, Token};
use crate::domain::text::Text;

/// What to write. With an address nothing is asked.
#[derive(Debug, Clone, Default, Args)]
pub struct InitArgs {
    /// The address of the engine; without it you are asked
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// What the source is called
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The environment variable that holds its token
    #[arg(long, value_name = "NAME", requires = "url", conflicts_with_all = ["token_file", "token_command"])]
    token_env: Option<String>,
    /// The file that holds its token; only you may be allowed to read it
    #[arg(long, value_name = "FILE", requires = "url", conflicts_with = "token_command")]
    token_file: Option<PathBuf>,
    /// The program that prints its token, and its arguments, in one word: "pass show engine"
    #[arg(long, value_name = "COMMAND", requires = "url")]
    token_command: Option<String>,
    /// Write the file anew if there is one
    #[arg(long)]
    force: bool,
}

/// Writes the file and looks at its source. The file is written also where the source is not there yet: then the exit
/// code is the one of whoever asks it.
pub async fn init(args: &InitArgs, globals: &Globals) -> Result<Report, Failure> {
    let places = Places::here();
    let (path, _) = config::place(globals.config.as_deref(), &places).map_err(|fault| configuration(&fault))?;
    if path.exists() && !args.force {
        return Err(exists(&path));
    }
    let first = match &args.url {
        Some(url) => First { name: name(args), url: url.clone(), token: token(args) },
        None => asked(args, &path)?,
    };
    let text = config::first(&first);
    config::parse(&text, &path, &places).map_err(|fault| configuration(&fault))?;
    write(&path, &text, args.force).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(&path),
        _ => Failure::new(code::FAILED, "configuration", format!("{} cannot be written: {error}", path.display())),
    })?;
    let globals = Globals { config: Some(path.clone()), context: None, ..globals.clone() };
    looked(&path, &globals).await
}

/// What was written, and how what it leads to stands.
async fn looked(path: &Path, globals: &Globals) -> Result<Report, Failure> {
    let (checks, problems) = doctor::connections(globals).await?;
    let path = shown(path);
    let documents: Vec<_> = checks.iter().map(doctor::Check::document).collect();
    let end = match problems[..] {
        [] => "open the console: leverframe\n",
        _ => "once that is put right, look again: leverframe doctor\n",
    };
    let lines = format!("wrote {path}\n\n{}\n{end}", doctor::rows(&checks, report::colored(globals)));
    let code = code::first(problems.iter().map(|problem| code_of(problem.kind))).unwrap_or_default();
    // People find them in the lines already.
    let problems = if globals.json { problems } else { Vec::new() };
    let report = Report::new(json!({ "path": path, "checks": documents }), lines).with(problems);
    Ok(Report { code, ..report })
}

fn exists(path: &Path) -> Failure {
    let failure = Failure::new(code::REFUSED, "configuration", format!("{} is there already", path.display()));
    failure.hint("is it in order? leverframe config check; write it anew: --force")
}

fn name(args: &InitArgs) -> String {
    args.name.clone().unwrap_or_else(|| "engine".to_owned())
}

fn token(args: &InitArgs) -> Option<Token> {
    let file = args.token_file.as_deref().map(|path| Token::File(absolute(path)));
    let command = args.token_command.as_deref().map(|words| Token::Command(split(words)));
    args.token_env.clone().map(Token::Env).or(file).or(command)
}

fn split(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

/// The path as it is meant where it is typed, not beside the configuration.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Asks the person at the terminal.
fn asked(args: &InitArgs, path: &Path) -> Result<First, Failure> {
    if !ask::somebody_there() {
        let failure = Failure::usage("there is no terminal to ask at");
        return Err(failure.hint("say what to write: leverframe config init --url URL --token-file FILE"));
    }
    let here = here();
    let place = shown(path);
    report::err(&format!("This writes {place}.\n\nThe console looks at an engine, on this machine or elsewhere.\n"));
    let usual = here.as_ref().map_or("http://127.0.0.1:7400", |source| source.url.as_str().trim_end_matches('/'));
    let first = address(&name(args), usual)?;
    report::err("\nIts token never stands in the file. Where does it come from: FILE, $VARIABLE or !PROGRAM?\n");
    let known =
        here.filter(|source| source.url.as_str().trim_end_matches('/') == first.url).and_then(|here| here.token);
    Ok(First { token: origin(known)?, ..first })
}

/// The engine of this machine that was started without a word about where, if there is one.
fn here() -> Option<Source> {
    let folder = std::env::var_os("LEVERFRAME_DATA").map_or_else(engine::default_data, PathBuf::from);
    config::load(Some(&folder.join("config.toml"))).ok()?.sources.into_iter().next()
}

fn put(question: &str) -> Result<String, Failure> {
    ask::line(question).ok_or_else(|| Failure::new(code::REFUSED, "refused", "not answered: nothing was written"))
}

/// The address, asked for until it is one.
fn address(name: &str, usual: &str) -> Result<First, Failure> {
    loop {
        let said = put(&format!("address [{usual}]: "))?;
        let url = if said.is_empty() { usual.to_owned() } else { said };
        let first = First { name: name.to_owned(), url, token: None };
        match config::parse(&config::first(&first), Path::new("config.toml"), &Places::here()) {
            Err(Fault::Wrong(faults)) => {
                let fault = &faults.0[0];
                let hint = fault.hint.as_deref().unwrap_or_default();
                report::err(&format!("{}: {}\nhint: {hint}\n", fault.key, fault.message));
            }
            Err(fault) => return Err(configuration(&fault)),
            Ok(_) => return Ok(first),
        }
    }
}

/// Where the token comes from, asked for until it is a place.
fn origin(known: Option<Token>) -> Result<Option<Token>, Failure> {
    let usual = match &known {
        Some(Token::File(path)) => Text::new(path.to_string_lossy()),
        _ => Text::new("none"),
    };
    loop {
        let said = put(&format!("token [{usual}]: "))?;
        match (said.chars().next(), said.get(1..)) {
            (None, _) => return Ok(known),
            (Some('$'), Some(name)) if !name.is_empty() => return Ok(Some(Token::Env(name.to_owned()))),
            (Some('!'), Some(words)) if !words.trim().is_empty() => return Ok(Some(Token::Command(split(words)))),
            _ => {}
        }
        let path = absolute(&at_home(&said));
        if path.is_file() {
            return Ok(Some(Token::File(path)));
        }
        report::err("there is no such file; a token itself belongs into one, with chmod 600\n");
    }
}

/// The path with `~/` standing for the home folder, which no shell has read.
fn at_home(said: &str) -> PathBuf {
    match (said.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(said),
    }
}

/// Writes the file for its owner alone. One that is there is replaced, as a whole, only if `anew`.
fn write(path: &Path, text: &str, anew: bool) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let to = if anew { path.with_extension(format!("toml.{}", std::process::id())) } else { path.to_path_buf() };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&to)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let placed = written.and_then(|()| if anew { fs::rename(&to, path) } else { Ok(()) });
    if placed.is_err() {
        // What is half written would be taken for the configuration.
        let _ = fs::remove_file(&to);
    }
    placed
}
