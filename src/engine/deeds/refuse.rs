//! Refusals, each with its reason for programs and its sentence for people.

use crate::domain::ids::Revision;
use crate::domain::text::Text;
use crate::engine::state::person::Person;
use crate::engine::store;
use crate::protocol::fault::{Fault, Reason};

/// A refusal without more.
pub fn because(reason: Reason, message: impl AsRef<str>) -> Fault {
    Fault { reason, message: Text::new(message), hint: None, revision: None, current: None }
}

/// The state does not allow it.
pub fn not_possible(message: impl AsRef<str>) -> Fault {
    because(Reason::NotPossible, message)
}

/// The state does not allow it; `hint` says what would.
pub fn not_possible_until(message: impl AsRef<str>, hint: impl AsRef<str>) -> Fault {
    Fault { hint: Some(Text::new(hint)), ..not_possible(message) }
}

/// There is no such thing.
pub fn not_found(message: impl AsRef<str>) -> Fault {
    because(Reason::NotFound, message)
}

/// The person may not.
pub fn forbidden(message: impl AsRef<str>) -> Fault {
    because(Reason::Forbidden, message)
}

/// The request cannot be read.
pub fn invalid(message: impl AsRef<str>) -> Fault {
    because(Reason::Invalid, message)
}

/// The person lacks a role.
pub fn needs(role: &str, person: &Person) -> Fault {
    let roles: Vec<_> = person.roles.iter().map(|role| role.as_str()).collect();
    let message = format!("this needs the role {role}; {} is {}", person.name, roles.join(", "));
    Fault { hint: Some(Text::new("ask an admin: engine token NAME --role ROLE")), ..forbidden(message) }
}

/// The target is no longer as it was seen. What it is now is added by whoever can show it.
pub fn moved(now: &Revision) -> Fault {
    Fault {
        revision: Some(now.clone()),
        ..because(Reason::Moved, "it has moved since it was seen; nothing was changed")
    }
}

/// The order does not say what it rests on.
pub fn revision_missing(now: &Revision) -> Fault {
    Fault {
        revision: Some(now.clone()),
        hint: Some(Text::new("read the target, then send its revision as If-Match: \"…\"")),
        ..because(Reason::RevisionMissing, "this change needs the revision that it rests on")
    }
}

impl From<store::Fault> for Fault {
    fn from(fault: store::Fault) -> Self {
        let message = fault.to_string();
        match fault {
            store::Fault::Full(_) => Self {
                hint: Some(Text::new("make room on the disk of the data folder; the engine goes on by itself")),
                ..because(Reason::Paused, message)
            },
            store::Fault::Stopped => because(Reason::Paused, message),
            _ => because(Reason::Internal, message),
        }
    }
}
