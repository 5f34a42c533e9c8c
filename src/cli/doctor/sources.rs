//! Sources: each is asked what the board asks, and what its answer tells of the host is looked at.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::check::Check;
use crate::capabilities::host::{Budget, Heard};
use crate::cli::session::Session;
use crate::config::{Source, written};
use crate::domain::observation::{Facts, Login, Observation, Overview, Problem, ProblemKind, Subject};
use crate::domain::text::Text;
use crate::ui::format;

/// How far two clocks may be apart: a header tells whole seconds, and an answer takes its time.
const APART: Duration = Duration::from_secs(10);

/// What was found out about a source.
#[derive(Debug, Clone)]
pub struct Found {
    /// How it stands.
    pub checks: Vec<Check>,
    /// The same in numbers, for programs.
    pub document: Value,
    /// Why it cannot be read, if it cannot.
    pub problem: Option<Problem>,
}

/// Asks `source`, which is one of the session's.
pub async fn look(source: &Source, session: &Session) -> Found {
    let begun = session.clock.instant();
    let answer = session.question(&source.name, &Subject::Overview).await;
    let took = session.clock.instant().duration_since(begun);
    let host = session.backends.get(&source.name).and_then(|backend| backend.host.clone());
    let heard = host.and_then(|host| host.heard());
    let skew = heard.and_then(|heard| skew(&heard));
    let budget = heard.and_then(|heard| heard.budget);
    let mut checks = vec![answered(&answer, took)];
    checks.extend(skew.map(clock));
    checks.extend(budget.map(|budget| asked(&budget, &answer)));
    let overview = match &answer.facts {
        Facts::Overview(overview) => Some(overview),
        _ => None,
    };
    let document = json!({
        "name": source.name,
        "kind": source.kind.as_str(),
        "url": source.url.as_str(),
        "reachable": heard.is_some(),
        "login": overview.and_then(|overview| overview.login.as_ref()),
        "services": overview.map(|overview| overview.services.len()),
        "took_ms": took.as_millis(),
        "clock_skew_ms": skew.map(|skew| skew.as_millis()),
        "budget": budget.map(|budget| json!({
            "left": budget.left, "limit": budget.limit, "resets_at": budget.resets_at,
        })),
    });
    let problem = match answer.facts {
        Facts::Failed(problem) => Some(problem),
        _ => None,
    };
    Found { checks: checks.into_iter().map(|check| check.of(source.name.as_str())).collect(), document, problem }
}

fn answered(answer: &Observation, took: Duration) -> Check {
    const AREA: &str = "source";
    match &answer.facts {
        Facts::Failed(problem) => {
            let check = Check::wrong(AREA, problem.message.as_str());
            match problem.hint.as_ref().map(Text::as_str).or(usual(problem.kind)) {
                Some(hint) => check.hint(hint),
                None => check,
            }
        }
        Facts::Overview(overview) => Check::ok(AREA, told(overview, took)),
        _ => Check::ok(AREA, format!("answers, in {} ms", took.as_millis())),
    }
}

/// What to do where the source itself does not say it.
const fn usual(kind: ProblemKind) -> Option<&'static str> {
    match kind {
        ProblemKind::Unreachable => Some("is it running? check its url in the configuration, its proxy, the network"),
        ProblemKind::Unauthorized => Some("check the source's token in the configuration"),
        ProblemKind::Malformed => Some("check the source's url and kind in the configuration"),
        _ => None,
    }
}

fn told(overview: &Overview, took: Duration) -> String {
    let who = match &overview.login {
        None => "answers, and does not say who we are".to_owned(),
        Some(Login { name, roles, may_write }) => {
            let roles: Vec<_> = roles.iter().map(Text::as_str).collect();
            let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") };
            let may = if *may_write { "" } else { ", may only look" };
            format!("signed in as {name} ({roles}{may})")
        }
    };
    format!("{who}, {} services, in {} ms", overview.services.len(), took.as_millis())
}

/// How far the host's clock is ahead of this machine's.
fn skew(heard: &Heard) -> Option<SignedDuration> {
    Some(heard.date?.duration_since(heard.at))
}

fn clock(skew: SignedDuration) -> Check {
    const AREA: &str = "clock";
    let apart = skew.unsigned_abs();
    if apart <= APART {
        return Check::ok(AREA, "goes with this machine's");
    }
    let (span, way) =
        (written(Duration::from_secs(apart.as_secs())), if skew.is_negative() { "behind" } else { "ahead of" });
    Check::wrong(AREA, format!("is {span} {way} this machine's"))
        .hint("set the one that is wrong (timedatectl): ages, time limits and windows are told by both")
}

fn asked(budget: &Budget, answer: &Observation) -> Check {
    const AREA: &str = "rate budget";
    let Budget { left, limit, resets_at } = budget;
    let until = resets_at.map(|at| format!(", whole again in {}", format::age(crate::clock::since(answer.at, at))));
    let message = format!("{left} of {limit} questions left{}", until.unwrap_or_default());
    if left.saturating_mul(10) < *limit {
        return Check::caution(AREA, message).hint("other programs may ask with the same token: give this one its own");
    }
    Check::ok(AREA, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::check::State;

    #[test]
    fn a_clock_may_be_seconds_apart_and_not_minutes() {
        assert_eq!(clock(SignedDuration::from_secs(-3)).state, State::Ok);
        let late = clock(SignedDuration::from_secs(-300));
        assert_eq!((late.state, late.message.as_str()), (State::Wrong, "is 5m behind this machine's"));
        assert_eq!(clock(SignedDuration::from_millis(90_700)).message, "is 1m30s ahead of this machine's");
    }
}
