//! Confirm: one person asks, a second confirms, and the first goes on with it, once.

use jiff::SignedDuration;

use crate::domain::chain::hex;
use crate::domain::confirmation::{Asked, State, Words};
use crate::domain::ids::Revision;
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted, refuse};
use crate::engine::phrase;
use crate::engine::state::confirmation::Confirmation;
use crate::engine::store::Draft;
use crate::protocol::Accepted;
use crate::protocol::fault::Fault;

/// How long a phrase can be used.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How long it is remembered that it could be.
const MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// Asks for a second person; the phrase is told once and kept as a hash.
pub fn ask(draft: &mut Draft, orderer: &Orderer, words: &Words) -> Result<Asked, Fault> {
    orderer.may_act()?;
    let now = draft.now;
    draft.forget_confirmations(now.saturating_sub(MEMORY).unwrap_or(now));
    let phrase = phrase::new();
    let confirmation = Confirmation {
        id: hex(&rand::random::<[u8; 8]>()),
        hash: phrase::hash(&phrase),
        asked_by: orderer.person.name.clone(),
        asked_at: now,
        expires_at: now.saturating_add(LIFE).unwrap_or(now),
        words: words.clone(),
        state: State::Waiting,
        confirmed_by: None,
    };
    let asked =
        Asked { id: Text::new(&confirmation.id), phrase: Text::new(&phrase), expires_at: confirmation.expires_at };
    note(draft, orderer, "confirm_ask", &confirmation);
    draft.put_confirmation(confirmation);
    Ok(asked)
}

/// The confirmation whose phrase was typed.
pub fn find(draft: &Draft, typed: &str) -> Result<Confirmation, Fault> {
    let hash = phrase::hash(typed);
    let found = draft.state().confirmations.values().find(|known| known.hash == hash);
    found.map(|found| (**found).clone()).ok_or_else(unknown)
}

/// No such phrase is known.
pub fn unknown() -> Fault {
    let unknown = refuse::not_found("no such phrase is known here: it was mistyped, or asked for long ago");
    Fault { hint: Some(Text::new("ask for the words again, one by one")), ..unknown }
}

/// A second person confirms what one asked for.
pub fn confirm(draft: &mut Draft, orderer: &Orderer, typed: &str) -> Result<Accepted, Fault> {
    orderer.may_act()?;
    let mut found = find(draft, typed)?;
    if let Some(why) = found.why_not(&orderer.person, draft.now) {
        return Err(refuse::not_possible(why));
    }
    found.state = State::Confirmed;
    found.confirmed_by = Some(orderer.person.name.clone());
    note(draft, orderer, "confirm", &found);
    let says = format!("confirmed for {}", found.asked_by);
    let revision = revision(&found);
    draft.put_confirmation(found);
    Ok(accepted(revision, says))
}

/// Whoever asked leaves it.
pub fn withdraw(draft: &mut Draft, orderer: &Orderer, id: &str) -> Result<Confirmation, Fault> {
    let mut own = own(draft, orderer, id)?;
    if matches!(own.stands(draft.now), State::Waiting | State::Confirmed) {
        own.state = State::Withdrawn;
        note(draft, orderer, "confirm_withdraw", &own);
        draft.put_confirmation(own.clone());
    }
    Ok(own)
}

/// Whoever asked goes on with it, if it is still what was confirmed; nobody can a second time.
pub fn take(draft: &mut Draft, orderer: &Orderer, id: &str, words: &Words) -> Result<Confirmation, Fault> {
    let mut own = own(draft, orderer, id)?;
    match own.stands(draft.now) {
        State::Confirmed if own.words == *words => {}
        State::Confirmed => return Err(refuse::not_possible("another plan was confirmed")),
        state => return Err(refuse::not_possible(format!("nobody can go on with it: it is {state}"))),
    }
    own.state = State::Used;
    note(draft, orderer, "confirm_use", &own);
    draft.put_confirmation(own.clone());
    Ok(own)
}

fn own(draft: &Draft, orderer: &Orderer, id: &str) -> Result<Confirmation, Fault> {
    let known = draft.state().confirmations.get(id).filter(|known| known.asked_by == orderer.person.name);
    known.map(|known| (**known).clone()).ok_or_else(|| refuse::not_found("you asked for no such confirmation"))
}

fn note(draft: &mut Draft, orderer: &Orderer, word: &str, confirmation: &Confirmation) {
    let Words { action, target, before, after, reason, .. } = &confirmation.words;
    let by = confirmation.confirmed_by.as_ref().map(|by| format!(", confirmed by {by}")).unwrap_or_default();
    let says = format!("{action} {before} → {after}, asked for by {}{by}", confirmation.asked_by);
    draft.record(&orderer.person.name, word, target.as_str().to_owned(), says, reason.as_ref().map(Text::as_str));
}

fn revision(confirmation: &Confirmation) -> Revision {
    Revision::of([("confirmation", confirmation.id.as_str()), ("state", confirmation.state.as_str())])
}
