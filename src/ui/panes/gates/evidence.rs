//! The lines of the card that tests, scans, signatures and freezes give: what each says, how old it is and who says it.

use ratatui::text::{Line, Span};

use crate::actions::interlocks::{Interlock, State, freeze, stop};
use crate::domain::evidence::{Evidence, EvidenceKind, EvidenceState};
use crate::domain::gate::Gate;
use crate::domain::run::{Run, Stage, StageKind, Status};
use crate::store::Seen;
use crate::ui::format;
use crate::ui::glyphs::{self, ATTENTION, FAILED, Mark, OK, UNKNOWN};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;

/// How wide the labels are.
const LABEL: usize = 12;

/// One line of the card: its label, its mark, what it says, and what is dim beside it.
pub fn line(scene: &Scene<'_>, label: &str, mark: Mark, words: String, about: Option<String>) -> Line<'static> {
    let label = format!("{}{}", format::cut(label, LABEL - 1), " ".repeat(LABEL.saturating_sub(format::width(label))));
    let role = if mark == OK { Role::Text } else { mark.role };
    let mut spans = vec![scene.span(Role::Dim, label), scene.mark(mark), Span::raw(" "), scene.span(role, words)];
    spans.extend(about.map(|about| scene.span(Role::Dim, format!("  {about}"))));
    spans.into()
}

/// Whether a line of the card tells of something that is missing, bad, or to be looked at.
pub fn wants(line: &Line<'_>) -> bool {
    let sign = line.spans.get(1).map(|span| span.content.as_ref());
    [UNKNOWN, ATTENTION, FAILED].into_iter().any(|mark| sign == Some(mark.glyph))
}

/// A line for what should be there and is not.
pub fn missing(scene: &Scene<'_>, label: &str, words: &str) -> Line<'static> {
    line(scene, label, UNKNOWN, format!("missing: {words}"), None)
}

/// The stages before the gate that test, and what the source tells of tests beside; without any, that is said.
pub fn tests(scene: &Scene<'_>, gate: &Gate, run: Option<&Run>) -> Vec<Line<'static>> {
    let stages = run.into_iter().flat_map(|run| &run.stages).filter(|stage| stage.kind == StageKind::Test);
    let mut lines: Vec<_> = stages.map(|stage| tested(scene, stage)).collect();
    lines.extend(of(gate, EvidenceKind::Test).map(|evidence| found(scene, evidence, "tests")));
    if lines.is_empty() {
        let why = if run.is_some() { "no stage of the run tests anything" } else { "the run is not known" };
        lines.push(missing(scene, "tests", why));
    }
    // A label is read once.
    lines.iter_mut().skip(1).filter_map(|line| line.spans.first_mut()).for_each(blank);
    lines
}

fn tested(scene: &Scene<'_>, stage: &Stage) -> Line<'static> {
    let jobs: Vec<_> = stage.jobs.iter().map(|job| job.name.to_string()).collect();
    let jobs = if stage.jobs.len() > 1 { format!(": {}", jobs.join(", ")) } else { String::new() };
    let took = stage.duration_ms.map(|ms| format::duration(std::time::Duration::from_millis(ms)));
    let words = if stage.status == Status::Succeeded { String::new() } else { format!(" {}", stage.status) };
    line(scene, "tests", glyphs::status(stage.status), format!("{}{words}{jobs}", stage.name), took)
}

/// Scans, signature, freezes and what else the source gives; what it should give and does not is said.
pub fn given(scene: &Scene<'_>, seen: &Seen<&Gate>) -> Vec<Line<'static>> {
    let kinds = [
        (EvidenceKind::Scan, "scans"),
        (EvidenceKind::Signature, "signature"),
        (EvidenceKind::Freeze, "freezes"),
        (EvidenceKind::Other, "also"),
    ];
    let mut lines = Vec::new();
    for (kind, label) in kinds {
        let first = lines.len();
        lines.extend(of(seen.value, kind).map(|evidence| found(scene, evidence, label)));
        if kind == EvidenceKind::Freeze {
            lines.extend(freezes(scene, seen));
        }
        if lines.len() == first && kind != EvidenceKind::Other {
            lines.push(missing(scene, label, &format!("not given by {}", seen.source)));
        }
        lines.iter_mut().skip(first + 1).filter_map(|line| line.spans.first_mut()).for_each(blank);
    }
    lines
}

/// What the emergency stops and the freezes of the policy say of what the gate lets in; nothing where there is neither.
fn freezes(scene: &Scene<'_>, seen: &Seen<&Gate>) -> Vec<Line<'static>> {
    let (store, now) = (scene.store(), scene.now());
    let Some(place) = store.place(&seen.value.place()) else { return Vec::new() };
    let tier = place.value.1.tier;
    let mut rules = stop::stop(store, tier, now);
    rules.extend(freeze::freeze(scene.world.policy, tier, now));
    if rules.is_empty() && store.brakes().any(|(source, _)| *source == seen.source) {
        return vec![line(scene, "freezes", OK, "no emergency stop stands".into(), None)];
    }
    let said = |rule: Interlock| {
        let mark = if rule.state == State::Clear { OK } else { ATTENTION };
        line(scene, "freezes", mark, rule.message.to_string(), None)
    };
    rules.into_iter().map(said).collect()
}

fn of(gate: &Gate, kind: EvidenceKind) -> impl Iterator<Item = &Evidence> {
    gate.evidence.iter().filter(move |evidence| evidence.kind == kind)
}

/// `▲ dependencies: 2 medium  trivy, 2 d ago`.
fn found(scene: &Scene<'_>, evidence: &Evidence, label: &str) -> Line<'static> {
    let lacks = if evidence.state == EvidenceState::Missing { "missing: " } else { "" };
    let words = format!("{lacks}{}: {}", evidence.name, evidence.says);
    let by = evidence.by.as_ref().map(ToString::to_string);
    let at = evidence.at.map_or_else(|| "age not told".into(), |at| format::ago(at, scene.now()));
    let about = by.into_iter().chain([at]).collect::<Vec<_>>().join(", ");
    line(scene, label, glyphs::evidence(evidence.state), words, Some(about))
}

fn blank(label: &mut Span<'_>) {
    label.content = " ".repeat(LABEL).into();
}
