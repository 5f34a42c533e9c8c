//! People: their roles, and the hash of their token.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

words! {
    /// What a person may do.
    Role {
        /// Read.
        Viewer = "viewer",
        /// Act on traffic, flags, runs and environments.
        Operator = "operator",
        /// That, and decide at gates.
        ReleaseManager = "release-manager",
        /// Everything, people and services included.
        Admin = "admin",
    } else Unknown = "unknown"
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name; the same as in commits, or their e-mail address, for "no self-approval" to hold.
    pub name: String,
    /// The roles.
    pub roles: Vec<Role>,
    /// SHA-256 of the token, in hex.
    pub hash: String,
    /// When the token was made.
    pub made_at: Timestamp,
}

impl Person {
    /// Whether the person may change traffic, flags, runs and environments.
    pub fn may_act(&self) -> bool {
        self.roles.iter().any(|role| matches!(role, Role::Operator | Role::ReleaseManager | Role::Admin))
    }

    /// Whether the person may register services and make tokens.
    pub fn is_admin(&self) -> bool {
        self.roles.contains(&Role::Admin)
    }

    /// Whether one of the person's roles is among `roles`; an admin's always is.
    pub fn has_one_of(&self, roles: &[String]) -> bool {
        self.is_admin() || self.roles.iter().any(|role| roles.iter().any(|wanted| wanted == role.as_str()))
    }
}

/// Who began something: the one whom "no self-approval" means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initiator {
    /// A person's name, or a commit author's.
    pub name: String,
    /// A commit author's address.
    pub email: Option<String>,
}

impl Initiator {
    /// A person of the engine.
    pub fn person(name: &str) -> Self {
        Self { name: name.to_owned(), email: None }
    }

    /// Whether this is the person called `name`: the same name, the same e-mail address, or the part of the address
    /// before the `@`; the case of letters does not matter. Rather one too many than one who approves their own change.
    pub fn is(&self, name: &str) -> bool {
        let same = |other: &str| !other.is_empty() && other.to_lowercase() == name.to_lowercase();
        let email = self.email.as_deref().unwrap_or_default();
        same(&self.name) || same(email) || email.split_once('@').is_some_and(|(local, _)| same(local))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_known_by_name_and_address() {
        let author = Initiator { name: "Ada Example".into(), email: Some("ada@example.org".into()) };
        assert!(author.is("ada example") && author.is("ada@example.org") && author.is("Ada"));
        assert!(!author.is("Bob") && !author.is("") && !Initiator::person("Bob").is(""));
    }
}
