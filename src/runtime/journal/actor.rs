//! Who acts: the account, the machine, the terminal, and where the session comes from.

use std::env;

use serde::Serialize;

use crate::domain::text::Text;

/// Whoever stands behind an entry, as far as this process can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    /// The account's name.
    pub name: Text,
    /// The machine's.
    pub host: Text,
    /// Where the session comes from, over SSH.
    pub ssh: Option<Ssh>,
    /// Whose account it was before `sudo`.
    pub sudo: Option<Text>,
    /// The terminal.
    pub tty: Option<Text>,
}

/// An SSH session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ssh {
    /// The address that the person came from.
    pub client: Text,
    /// The port there.
    pub client_port: Option<u16>,
    /// The address that they came to.
    pub server: Option<Text>,
}

impl Actor {
    /// The one at this process.
    pub fn here() -> Self {
        let named =
            ["USER", "LOGNAME"].into_iter().find_map(|name| env::var(name).ok().filter(|name| !name.is_empty()));
        Self {
            name: Text::new(named.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))),
            host: Text::new(rustix::system::uname().nodename().to_string_lossy()),
            ssh: env::var("SSH_CONNECTION").ok().and_then(|words| Ssh::of(&words)),
            sudo: env::var("SUDO_USER").ok().filter(|name| !name.is_empty()).map(Text::new),
            tty: tty(),
        }
    }
}

impl Ssh {
    /// Reads what `sshd` says of a connection: client, its port, server, its port.
    fn of(words: &str) -> Option<Self> {
        let mut words = words.split_ascii_whitespace();
        let client = Text::new(words.next()?);
        let client_port = words.next().and_then(|port| port.parse().ok());
        Some(Self { client, client_port, server: words.next().map(Text::new) })
    }
}

fn tty() -> Option<Text> {
    let (input, output, errors) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let named = rustix::termios::ttyname(input, Vec::new());
    let named = named.or_else(|_| rustix::termios::ttyname(output, Vec::new()));
    let named = named.or_else(|_| rustix::termios::ttyname(errors, Vec::new()));
    named.ok().map(|name| Text::new(name.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_over_ssh_names_its_client() {
        let ssh = Ssh::of("192.0.2.7 51234 198.51.100.2 22").unwrap();
        assert_eq!((ssh.client.as_str(), ssh.client_port), ("192.0.2.7", Some(51_234)));
        assert_eq!(Ssh::of(""), None);
    }
}
