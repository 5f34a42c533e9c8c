//! Tokens: where each comes from, and whether it comes.

use std::os::unix::fs::MetadataExt as _;

use super::check::Check;
use crate::config::{Source, Token};
use crate::domain::text::Text;
use crate::secrets;

/// How the token of `source` stands. No part of it is told.
pub async fn check(source: &Source) -> Check {
    const AREA: &str = "token";
    let check = match &source.token {
        None => Check::ok(AREA, "none is configured: the source is asked without one"),
        Some(token) => match secrets::resolve(token).await {
            Ok(_) => Check::ok(AREA, origin(token)),
            Err(fault) => Check::wrong(AREA, fault.message.as_str()).hint(fault.hint.as_str()),
        },
    };
    check.of(source.name.as_str())
}

fn origin(token: &Token) -> String {
    match token {
        Token::Env(name) => format!("from the variable {name}"),
        Token::Command(words) => format!("from the program {}", words.first().map_or("", String::as_str)),
        Token::File(path) => {
            let mode = std::fs::metadata(path).map_or(0, |file| file.mode() & 0o777);
            format!("from the file {}, mode {mode:03o}", Text::new(path.to_string_lossy()))
        }
    }
}
