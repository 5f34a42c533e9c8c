//! What comes of a deed, as a document and for people: its plan, its outcome, and who or what refused.

use serde_json::{Value, json};

use crate::actions::interlocks::{Interlock, State};
use crate::actions::{Outcome, OutcomeState, Plan, Refusal, document, taken_back};
use crate::cli::failure::{Failure, code, code_of_refusal};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::table::{Tone, painted};
use crate::domain::order::Call;

/// The end of a deed.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The plan, if it came so far.
    pub plan: Value,
    /// What came of it.
    pub outcome: Outcome,
    /// Who or what refused.
    pub refusal: Value,
    /// The exit code.
    pub code: u8,
    /// Why there was not even a plan, where a source or the command line is at fault.
    pub problem: Option<Failure>,
    /// The plan for people, where nothing but the plan was asked for.
    pub lines: String,
}

impl Answer {
    /// What came of a plan that was pulled.
    pub fn pulled(plan: Value, outcome: Outcome) -> Self {
        let refusal = outcome.refusal.map_or(Value::Null, |refusal| {
            let interlock = match refusal {
                Refusal::Moved => "revision",
                Refusal::Unreachable => "freshness",
                Refusal::NotAllowed => "permission",
                _ => "source",
            };
            json!({ "interlock": interlock, "reason": outcome.message, "cleared_by": null })
        });
        Self { plan, code: code_of(&outcome), outcome, refusal, problem: None, lines: String::new() }
    }

    /// That nothing was sent because a rule stands in the way.
    pub fn refused(plan: Value, refusal: Value, code: u8) -> Self {
        let state = if code == code::MOVED { OutcomeState::Moved } else { OutcomeState::Refused };
        let outcome = Outcome::new(state, refusal["reason"].as_str().unwrap_or("refused"));
        Self { plan, outcome, refusal, code, problem: None, lines: String::new() }
    }

    /// That nothing was sent, and nothing needed to be.
    pub fn nothing(plan: Value, message: &str) -> Self {
        let outcome = Outcome::new(OutcomeState::None, message);
        Self { plan, outcome, refusal: Value::Null, code: 0, problem: None, lines: String::new() }
    }

    /// That it could not even be planned.
    pub fn failed(failure: &Failure) -> Self {
        let outcome = Outcome::new(OutcomeState::Failed, format!("{}: nothing was sent", failure.message));
        let (plan, refusal, lines) = (Value::Null, Value::Null, String::new());
        Self { plan, outcome, refusal, code: failure.code, problem: Some(failure.clone()), lines }
    }

    /// That it could not even be planned, which is a refusal where a rule of ours says so.
    pub fn denied(failure: &Failure) -> Self {
        if failure.code != code::REFUSED || failure.source.is_some() {
            return Self::failed(failure);
        }
        let refusal = json!({ "interlock": failure.kind, "reason": failure.message, "cleared_by": failure.hint });
        Self::refused(Value::Null, refusal, failure.code)
    }

    /// As the report of its command.
    pub fn report(self, session: &Session) -> Report {
        let data = json!({
            "plan": self.plan, "outcome": document::outcome(&self.outcome), "refusal": self.refusal,
        });
        let failure = self.problem.as_ref().map(Failure::document);
        let lines =
            if failure.is_some() { self.lines } else { format!("{}{}", self.lines, told(session, &self.outcome)) };
        let mut report = Report { code: self.code, ..session.report(data, lines) };
        if let Some(failure) =
            failure.filter(|failure| !report.problems.iter().any(|it| it["message"] == failure["message"]))
        {
            report.problems.push(failure);
        }
        if let Some(cleared_by) = self.refusal["cleared_by"].as_str() {
            report.lines.extend(["cleared by: ", cleared_by, "\n"]);
        }
        report
    }
}

fn told(session: &Session, outcome: &Outcome) -> String {
    let state = outcome.state.as_str();
    let took = outcome.took_ms.map(|ms| format!(" in {}.{} s", ms / 1000, ms % 1000 / 100)).unwrap_or_default();
    let word = match outcome.state {
        OutcomeState::NotReached => "not reached",
        OutcomeState::None => return format!("{}\n", outcome.message),
        _ => state,
    };
    format!("{}{took}: {}\n", painted(word, Tone::of(state), session.color()), outcome.message)
}

/// The exit code of an outcome.
pub fn code_of(outcome: &Outcome) -> u8 {
    match (outcome.state, outcome.refusal) {
        (OutcomeState::Reached | OutcomeState::None, _) => 0,
        (OutcomeState::Sent | OutcomeState::Unknown, _) => code::UNKNOWN,
        (OutcomeState::Moved, _) => code::MOVED,
        (OutcomeState::Refused, refusal) => refusal.map_or(code::REFUSED, code_of_refusal),
        (OutcomeState::NotReached, _) => code::FAILED,
        (OutcomeState::Failed, refusal) => refusal.map_or(code::FAILED, code_of_refusal),
    }
}

/// A plan for people.
pub fn plan(plan: &Plan, calls: &[Call], left: &[taken_back::Line], color: bool) -> String {
    let quiet = |text: &str| painted(text, Tone::Quiet, color);
    let place = plan.target.environment.as_ref().map(|environment| format!(" · {environment}")).unwrap_or_default();
    let mut lines =
        vec![format!("{} · {}{place}", plan.title, plan.target.name), format!("  {} → {}", plan.before, plan.after)];
    lines.extend(plan.about.as_ref().map(|about| format!("  {about}")));
    lines.extend(left.iter().map(|left| {
        let sign = if left.heed { painted("caution", Tone::of("caution"), color) } else { " ".repeat(7) };
        format!("  {sign} {}", left.words)
    }));
    lines.extend(plan.interlocks.iter().map(|interlock| rule(interlock, color)));
    let steps = calls.iter().map(ToString::to_string).chain([plan.watch()]);
    lines.extend(steps.enumerate().map(|(index, step)| format!("  {}  {step}", index + 1)));
    lines.push(format!("  {} {}", quiet("undo:"), plan.undo));
    lines.extend(plan.revision.as_ref().map(|revision| format!("  {} {revision}", quiet("revision:"))));
    lines.into_iter().map(|line| line + "\n").collect()
}

fn rule(interlock: &Interlock, color: bool) -> String {
    let tone = Tone::of(interlock.state.as_str());
    let sign = match interlock.state {
        State::Clear => "ok     ",
        State::Caution => "caution",
        State::Locked | State::Unknown => "locked ",
    };
    let cleared_by = interlock.cleared_by.as_ref().map(|who| format!(" (cleared by: {who})")).unwrap_or_default();
    format!("  {} {}: {}{cleared_by}", painted(sign, tone, color), interlock.name, interlock.message)
}
