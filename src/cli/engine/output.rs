//! What the engine's subcommands print: one document with `--json`, plain lines without; and their exit codes.

use serde::Serialize;
use serde_json::json;

use crate::clock::{Clock as _, System};
use crate::domain::observation::ProblemKind;
use crate::domain::text::Text;
use crate::engine::client::Fault;
use crate::protocol::fault::Reason;

/// Prints the one document of a command that was answered.
pub fn document(name: &str, data: &impl Serialize) {
    print(name, &json!(data), &json!([]));
}

/// Prints why there is no answer, and gives the exit code.
pub fn refused(name: &str, fault: &Fault, json: bool) -> u8 {
    let (kind, code) = kind(fault);
    problem(name, kind, &fault.to_string(), fault.hint().as_ref().map(Text::as_str), json);
    code
}

/// Prints why there is nothing else to print.
pub fn problem(name: &str, kind: ProblemKind, message: &str, hint: Option<&str>, json: bool) {
    if json {
        let message = Text::new(message);
        let problem = json!({ "source": "engine", "kind": kind, "message": message, "hint": hint, "since": null });
        print(name, &serde_json::Value::Null, &json!([problem]));
    } else {
        error(message, hint);
    }
}

/// Prints an error for people.
pub fn error(message: &str, hint: Option<&str>) {
    eprintln!("error: {message}");
    if let Some(hint) = hint {
        eprintln!("hint: {hint}");
    }
}

fn print(name: &str, data: &serde_json::Value, problems: &serde_json::Value) {
    let schema = format!("leverframe/{name}/v1");
    let at = System.now();
    println!("{}", json!({ "schema": schema, "context": null, "at": at, "data": data, "problems": problems }));
}

fn kind(fault: &Fault) -> (ProblemKind, u8) {
    match fault {
        Fault::NoFolder(_) => (ProblemKind::NotFound, 2),
        Fault::File { .. } => (ProblemKind::Malformed, 2),
        Fault::Unreachable { .. } => (ProblemKind::Unreachable, 6),
        Fault::Malformed { .. } => (ProblemKind::Malformed, 6),
        Fault::Refused(fault) => match fault.reason {
            Reason::Unauthorized => (ProblemKind::Unauthorized, 5),
            Reason::Forbidden => (ProblemKind::Forbidden, 5),
            Reason::NotFound => (ProblemKind::NotFound, 2),
            Reason::Invalid => (ProblemKind::Malformed, 2),
            Reason::Moved | Reason::RevisionMissing => (ProblemKind::Server, 4),
            Reason::NotPossible | Reason::Frozen => (ProblemKind::Unsupported, 3),
            Reason::Paused | Reason::Internal | Reason::Unknown => (ProblemKind::Server, 1),
        },
    }
}
