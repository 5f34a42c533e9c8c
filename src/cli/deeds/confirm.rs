//! Confirming: a person's word at the terminal, or `--yes`. What was typed before the question does not answer it.

use super::Terms;
use crate::actions::Plan;
use crate::cli::ask::{line, somebody_there};
use crate::domain::text::Text;

/// What was said to a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Do it, for this reason.
    Yes(Option<Text>),
    /// Leave it: why, and what would do.
    No(&'static str, &'static str),
}

/// The reason that the command line gives, with its ticket.
pub fn reason(terms: &Terms, comment: Option<&Text>) -> Option<Text> {
    let said = terms.reason.as_deref().or(comment.map(Text::as_str));
    match (said, &terms.ticket) {
        (Some(reason), Some(ticket)) => Some(Text::new(format!("{reason} ({ticket})"))),
        (Some(reason), None) => Some(Text::new(reason)),
        (None, ticket) => ticket.as_ref().map(Text::new),
    }
}

/// Asks for a word on `plan`, which is on the screen.
pub async fn ask(plan: &Plan, terms: &Terms) -> Word {
    let reason = plan.order.reason.clone();
    let missing = plan.reason_required && reason.is_none();
    if !terms.yes && !somebody_there() {
        return Word::No("not confirmed: there is no terminal to ask at", "--yes, or a terminal");
    }
    if terms.yes && missing {
        return Word::No("a reason is required", "--reason TEXT");
    }
    if terms.yes {
        return Word::Yes(reason);
    }
    let question = match &plan.typed {
        Some(word) => format!("type {word} to pull the lever: "),
        None => "pull the lever? [y/N] ".to_owned(),
    };
    let wanted = plan.typed.clone();
    let asking = tokio::task::spawn_blocking(move || {
        let reason = if missing { Some(line("reason: ")?).filter(|said| !said.is_empty()) } else { None };
        let said = line(&question)?;
        let yes = wanted.map_or_else(|| matches!(said.as_str(), "y" | "Y" | "yes"), |word| said == word);
        Some((yes, reason))
    });
    match asking.await.ok().flatten() {
        Some((true, None)) if missing => Word::No("a reason is required", "a reason"),
        Some((true, said)) => Word::Yes(reason.or_else(|| said.map(Text::new))),
        _ => Word::No("not confirmed", "a `y`, or --yes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ticket_is_part_of_the_reason() {
        let terms = |reason: Option<&str>, ticket: Option<&str>| Terms {
            reason: reason.map(str::to_owned),
            ticket: ticket.map(str::to_owned),
            ..Terms::default()
        };
        let said = |reason, ticket| super::reason(&terms(reason, ticket), None).map(|text| text.to_string());
        assert_eq!(said(Some("slow"), Some("OPS-1")).as_deref(), Some("slow (OPS-1)"));
        assert_eq!(said(None, Some("OPS-1")).as_deref(), Some("OPS-1"));
        assert_eq!(said(None, None), None);
    }
}
