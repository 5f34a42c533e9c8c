//! `engine token`: gives a person a token.

use clap::Args;

use super::{Data, output};
use crate::engine::client::{Client, Fault};
use crate::protocol::{NewToken, Token, paths};

/// For whom.
#[derive(Debug, Clone, Args)]
pub struct TokenArgs {
    /// The person's name: the same as in their commits, so that nobody approves their own change
    name: String,
    /// A role: viewer, operator, release-manager or admin; may be given more than once
    #[arg(long = "role", value_name = "ROLE", required = true)]
    roles: Vec<String>,
    #[command(flatten)]
    data: Data,
}

/// Makes the token and prints it, this once; the exit code.
pub async fn token(args: TokenArgs, json: bool) -> u8 {
    match make(&args).await {
        Err(fault) => output::refused("engine_token", &fault, json),
        Ok(token) if json => {
            output::document("engine_token", &token);
            0
        }
        Ok(token) => {
            println!("{}", token.token);
            0
        }
    }
}

async fn make(args: &TokenArgs) -> Result<Token, Fault> {
    let client = Client::of(&args.data.data)?;
    client.post(paths::PEOPLE, &NewToken { name: args.name.clone(), roles: args.roles.clone() }).await
}
