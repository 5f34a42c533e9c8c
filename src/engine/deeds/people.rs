//! People and their tokens.

use sha2::{Digest as _, Sha256};

use crate::domain::chain::hex;
use crate::engine::deeds::{Orderer, refuse};
use crate::engine::state::person::{Person, Role};
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;
use crate::protocol::{NewToken, Token};

/// Makes a person, or gives one who is there new roles; the token made before stops working.
pub fn new_token(draft: &mut Draft, orderer: &Orderer, order: &NewToken) -> Result<Token, Fault> {
    orderer.is_admin()?;
    let roles = roles(&order.roles)?;
    let name = order.name.trim();
    if name.is_empty() || name.len() > 100 || name == "engine" {
        return Err(refuse::invalid("a name has 1 to 100 bytes, and is not `engine`"));
    }
    let token = random();
    let words: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
    let says = format!("{name} is {}, with a new token", words.join(", "));
    draft.put_person(Person { name: name.to_owned(), roles, hash: hash(&token), made_at: draft.now });
    draft.record(&orderer.person.name, "token", name.to_owned(), says, None);
    Ok(Token { name: name.to_owned(), token })
}

/// The roles of these words; each must be known, and there must be one.
pub fn roles(words: &[String]) -> Result<Vec<Role>, Fault> {
    let known: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let mut roles = Vec::new();
    for word in words {
        match Role::from_word(word) {
            Role::Unknown => {
                return Err(refuse::invalid(format!("there is no role {word}; there is {}", known.join(", "))));
            }
            role if roles.contains(&role) => {}
            role => roles.push(role),
        }
    }
    if roles.is_empty() { Err(refuse::invalid(format!("give a role: {}", known.join(", ")))) } else { Ok(roles) }
}

/// A new token: 32 random bytes in hex.
pub fn random() -> String {
    hex(&rand::random::<[u8; 32]>())
}

/// What is kept of a token.
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
