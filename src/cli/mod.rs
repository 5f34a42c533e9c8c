//! The command line: one file a subcommand; the same actions as the console, no screen.

pub mod arguments;
mod ask;
mod changes;
mod completions;
mod config;
pub mod console;
mod deeds;
pub mod demo;
mod doctor;
pub mod engine;
pub mod failure;
mod first;
mod flags;
mod gates;
mod journal;
mod logs;
mod look;
mod man;
pub mod report;
mod runs;
pub mod session;
mod shape;
mod signals;
mod status;
mod table;
mod usage;
mod watch;
mod why;

use clap::Parser as _;

use crate::runtime::log;
use arguments::{Arguments, Command, Globals};
use failure::{Failure, code};
use first::First;
use report::Report;
use session::Session;
use signals::Signals;

use crate::secrets::keep_out_of_dumps;

/// Runs the command line `words`, the program's name first; the exit code.
pub fn run(words: &[String]) -> u8 {
    log::begin();
    keep_out_of_dumps();
    let Arguments { globals, command } = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => return usage::refused(&error, words),
    };
    let first = command.map_or_else(|| first::choose(&globals), First::Command);
    match first {
        First::Console => console::run(&globals),
        First::Leave => 0,
        First::Connect(command) => match carry_out(command, &globals) {
            0 => console::run(&globals),
            code => code,
        },
        First::Command(command) => carry_out(command, &globals),
    }
}

/// Runs one command to its end; the exit code.
fn carry_out(command: Command, globals: &Globals) -> u8 {
    let tasks = match tasks_for(&command) {
        Ok(tasks) => tasks,
        Err(error) => {
            let failure = Failure::new(code::FAILED, "internal", format!("the runtime does not start: {error}"));
            return Report::failed(&failure).print("internal", globals.json);
        }
    };
    let code = match command {
        // Its console brings tasks of its own.
        Command::Demo(args) => demo::run(&args, globals, &tasks),
        command => tasks.block_on(perform(command, globals.clone())),
    };
    // A question at the terminal that nobody answered must not keep the program.
    tasks.shutdown_background();
    code
}

/// Many sample services run at once: one thread is enough for each.
fn tasks_for(command: &Command) -> std::io::Result<tokio::runtime::Runtime> {
    match command {
        Command::DemoService(_) => tokio::runtime::Builder::new_current_thread().enable_all().build(),
        _ => tokio::runtime::Runtime::new(),
    }
}

async fn perform(command: Command, globals: Globals) -> u8 {
    let json = globals.json;
    match command {
        Command::Engine(args) => engine::run(args, json).await,
        Command::DemoHost(args) => demo::host(args).await,
        Command::DemoEngine(args) => demo::engine(args).await,
        Command::DemoService(args) => demo::service(args).await,
        Command::Config(command) => print(command.name(), json, command.run(&globals).await),
        Command::Completions(args) => completions::completions(&args).print("completions", json),
        Command::Doctor => doctor::doctor(&globals).await.print("doctor", json),
        Command::Man => print("man", json, man::man()),
        Command::Journal(command) => {
            let (name, export) = (command.name(), matches!(command, journal::JournalCommand::Export(_)));
            match command.run(&globals).await {
                // Its lines are out already, and nothing else may stand among them.
                Ok(report) if export => report.code,
                result => print(name, json, result),
            }
        }
        Command::Deed(deed) => {
            let name = deed.name();
            match begin(&globals) {
                Ok((mut session, signals)) => deed.run(&mut session, signals).await.print(name, json),
                Err(failure) => Report::failed(&failure).print(name, json),
            }
        }
        read => look(read, globals).await,
    }
}

/// A session, and the signals that may end it.
fn begin(globals: &Globals) -> Result<(Session, Signals), Failure> {
    let signals = Signals::listen().map_err(|error| Failure::new(code::FAILED, "internal", error.to_string()))?;
    Ok((Session::open(globals)?, signals))
}

/// Performs a command that only looks; a signal ends it with its exit code.
async fn look(command: Command, globals: Globals) -> u8 {
    let (name, json) = (name_of(&command), globals.json);
    let (mut session, mut signals) = match begin(&globals) {
        Ok(begun) => begun,
        Err(failure) => return Report::failed(&failure).print(name, json),
    };
    // What prints as it goes has said all there is to say when it ends well.
    let streams = streams(&command);
    let result = tokio::select! {
        result = read(command, &mut session) => result,
        signal = signals.next() => Err(Failure::new(signal, "interrupted", "ended by a signal")),
    };
    match result {
        Ok(report) if streams => report.code,
        Err(failure) if streams && failure.kind == "interrupted" => failure.code,
        Ok(report) => report.print(name, json),
        Err(failure) => session.failed(&failure).print(name, json),
    }
}

async fn read(command: Command, session: &mut Session) -> Result<Report, Failure> {
    match command {
        Command::Status(args) => status::status(args, session).await,
        Command::Runs(args) => runs::runs(args, session).await,
        Command::Logs(args) => logs::logs(args, session).await,
        Command::Watch(args) => watch::watch(args, session).await,
        Command::Gates(args) => gates::gates(args, session).await,
        Command::Why(args) => why::why(args, session).await,
        Command::Changes(args) => changes::changes(args, session).await,
        Command::Flags(args) => flags::flags(args, session).await,
        _ => Err(Failure::usage("this is no command that looks")),
    }
}

const fn name_of(command: &Command) -> &'static str {
    match command {
        Command::Status(_) => "status",
        Command::Runs(_) => "runs",
        Command::Logs(_) => "logs",
        Command::Watch(_) => "watch",
        Command::Gates(_) => "gates",
        Command::Why(_) => "why",
        Command::Changes(_) => "changes",
        Command::Flags(_) => "flags",
        _ => "internal",
    }
}

const fn streams(command: &Command) -> bool {
    match command {
        Command::Watch(_) => true,
        Command::Logs(args) => args.follow,
        _ => false,
    }
}

fn print(name: &str, json: bool, result: Result<Report, Failure>) -> u8 {
    result.unwrap_or_else(|failure| Report::failed(&failure)).print(name, json)
}

/// Reads an identifier as it is typed; an empty one names nothing.
fn name<T: for<'a> From<&'a str>>(text: &str) -> Result<T, &'static str> {
    if text.is_empty() { Err("a name is empty") } else { Ok(T::from(text)) }
}
