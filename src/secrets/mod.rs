//! Tokens from the environment, a file or a command; never printed.

use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::config::{Token, written};
use crate::domain::text::Text;

/// How long a command may take to print a token.
const LIMIT: Duration = Duration::from_secs(10);
/// The longest token; bytes.
const MOST: usize = 64 << 10;

/// Why there is no token. No text in it holds any part of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What failed.
    pub message: Text,
    /// What to do.
    pub hint: Text,
}

impl Fault {
    fn new(message: impl AsRef<str>, hint: impl AsRef<str>) -> Self {
        Self { message: Text::new(message), hint: Text::new(hint) }
    }
}

/// Keeps this process out of core dumps and away from debuggers of the same account: tokens are in its memory.
pub fn keep_out_of_dumps() {
    // Where the system refuses, everything else still holds.
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// The token that `token` names, read anew each time.
pub async fn resolve(token: &Token) -> Result<SecretString, Fault> {
    resolve_within(token, LIMIT).await
}

/// The same with another limit for commands.
pub async fn resolve_within(token: &Token, limit: Duration) -> Result<SecretString, Fault> {
    match token {
        Token::Env(name) => from_environment(name, std::env::var_os(name)),
        Token::File(path) => from_file(path),
        Token::Command(words) => from_command(words, limit).await,
    }
}

fn from_environment(name: &str, value: Option<std::ffi::OsString>) -> Result<SecretString, Fault> {
    let hint = format!("export {name}=… before the start");
    let value = value.ok_or_else(|| Fault::new(format!("the variable {name} with the token is not set"), &hint))?;
    let value = value.into_string().map_err(|_| Fault::new(format!("the variable {name} holds no text"), &hint))?;
    trimmed(&Zeroizing::new(value), &format!("the variable {name}"), &hint)
}

fn from_file(path: &Path) -> Result<SecretString, Fault> {
    let shown = path.display();
    let said = |error: std::io::Error| {
        let hint = "name the file that holds the token: token = { file = \"…\" }";
        Fault::new(format!("the token file {shown} cannot be read: {error}"), hint)
    };
    let mut file = std::fs::File::open(path).map_err(said)?;
    let metadata = file.metadata().map_err(said)?;
    if metadata.mode() & 0o077 != 0 {
        let message = format!("others may read the token file {shown} (mode {:03o})", metadata.mode() & 0o777);
        return Err(Fault::new(message, format!("close it: chmod 600 {shown}")));
    }
    let mut text = Zeroizing::new(String::new());
    file.by_ref().take(MOST as u64 + 1).read_to_string(&mut text).map_err(said)?;
    trimmed(&text, &format!("the token file {shown}"), "write the token into it, and nothing else")
}

async fn from_command(words: &[String], limit: Duration) -> Result<SecretString, Fault> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Fault::new("the token's command is empty", "name a program: token = { command = [\"…\"] }"));
    };
    let hint = format!("try it by hand: {}", words.join(" "));
    let running =
        tokio::process::Command::new(program).args(arguments).stdin(Stdio::null()).kill_on_drop(true).output();
    let output = match tokio::time::timeout(limit, running).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(Fault::new(format!("the token's command {program} does not run: {error}"), hint)),
        Err(_) => {
            let message = format!("the token's command {program} printed nothing in {}", written(limit));
            return Err(Fault::new(message, hint));
        }
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().lines().last().unwrap_or("it says nothing");
        let message = format!("the token's command {program} failed ({}): {said}", output.status);
        return Err(Fault::new(message, hint));
    }
    let text = Zeroizing::new(
        String::from_utf8(output.stdout)
            .map_err(|_| Fault::new(format!("the token's command {program} printed no text"), hint.clone()))?,
    );
    trimmed(&text, &format!("the output of the token's command {program}"), &hint)
}

/// The token without the blanks around it, if it can travel in a header.
fn trimmed(text: &str, of: &str, hint: &str) -> Result<SecretString, Fault> {
    let token = text.trim();
    if token.is_empty() {
        return Err(Fault::new(format!("{of} is empty"), hint));
    }
    if token.len() > MOST || !token.bytes().all(|byte| (b'!'..=b'~').contains(&byte)) {
        return Err(Fault::new(format!("{of} is no token: a token is one word of ASCII"), hint));
    }
    Ok(SecretString::from(token))
}
