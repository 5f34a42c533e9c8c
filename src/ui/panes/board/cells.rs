//! The board's cells: the newest run, and what runs, waits and moves in an environment.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::clock::since;
use crate::domain::environment::{Environment, EnvironmentState};
use crate::domain::gate::{Gate, GateState};
use crate::domain::rollout::{ColorSide, Phase, Rollout, RolloutKind};
use crate::domain::run::{Run, Stage, StageKind, Status};
use crate::domain::service::Service;
use crate::ui::format;
use crate::ui::glyphs::{self, ATTENTION, Mark};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::bar::bar;

/// How much a cell may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// In a column between others.
    Short,
    /// In the last column of a narrow screen.
    Narrow,
    /// In the last column of a wide one.
    Full,
}

impl Room {
    /// How long the bar of a weight is.
    const fn bar(self) -> u16 {
        match self {
            Self::Short => 0,
            Self::Narrow => 5,
            Self::Full => 12,
        }
    }
}

/// A change older than this is told as something to look at.
const OLD: u64 = 24 * 3600;

/// The newest run: its stages up to the release, each with its sign; only the telling one where there is no room.
pub fn run(scene: &Scene<'_>, service: &Service, wide: bool) -> Line<'static> {
    if let Some(problem) = &service.problem {
        return vec![scene.mark(ATTENTION), Span::raw(" "), scene.span(ATTENTION.role, problem.to_string())].into();
    }
    let Some(run) = &service.latest_run else { return scene.span(Role::Dim, "no run yet").into() };
    let stages: Vec<_> = run.stages.iter().filter(|stage| stage.kind != StageKind::Deploy).collect();
    let telling = stages.iter().find(|stage| stage.status != Status::Succeeded).or_else(|| stages.last());
    let mut line = Line::default();
    // What waits for its turn has nothing else to tell.
    let queued = run.status == Status::Queued;
    match telling.filter(|_| !queued) {
        None => line.spans.extend(whole(scene, run)),
        Some(telling) if !wide => line.spans.extend(stage(scene, telling, false)),
        Some(_) => {
            for known in stages.into_iter().filter(|stage| begun(stage)) {
                if !line.spans.is_empty() {
                    line.push_span(Span::raw("  "));
                }
                line.spans.extend(stage(scene, known, true));
            }
        }
    }
    line
}

/// Whether a stage has something to tell; what has not begun has not.
const fn begun(stage: &Stage) -> bool {
    !matches!(stage.status, Status::Queued | Status::Skipped)
}

fn whole(scene: &Scene<'_>, run: &Run) -> [Span<'static>; 3] {
    [scene.mark(glyphs::status(run.status)), Span::raw(" "), scene.span(Role::Text, run.status.as_str())]
}

/// `◐ test 61 %  ~1 m`, `✗ test e2e`.
fn stage(scene: &Scene<'_>, stage: &Stage, wide: bool) -> Vec<Span<'static>> {
    let mark = glyphs::status(stage.status);
    let idle = matches!(stage.status, Status::Queued | Status::Skipped | Status::Cancelled);
    let role = if idle { Role::Dim } else { Role::Text };
    let mut spans = vec![scene.mark(mark), Span::raw(" "), scene.span(role, stage.name.to_string())];
    match stage.status {
        Status::Running => {
            let percent = stage.progress.map(|percent| format!(" {percent} %")).unwrap_or_default();
            let left = stage.eta_ms.filter(|_| wide).map(|ms| format!("  ~{}", format::age(minutes(ms))));
            spans.push(scene.span(Role::Dim, percent + &left.unwrap_or_default()));
        }
        Status::Failed => {
            let failed = stage.jobs.iter().find(|job| job.status == Status::Failed);
            if let Some(job) = failed.filter(|job| job.name.as_str() != stage.name.as_str()) {
                spans.push(scene.span(Role::Dim, format!(" {}", job.name)));
            }
        }
        _ => {}
    }
    spans
}

/// An estimate is told in whole minutes, rounded up, so that it does not pretend to more.
const fn minutes(ms: u64) -> std::time::Duration {
    std::time::Duration::from_secs(ms.div_ceil(60_000) * 60)
}

/// What runs, waits and moves in an environment. Longer words where there is more room.
pub fn environment(scene: &Scene<'_>, environment: &Environment, room: Room) -> Line<'static> {
    let rollout = environment.rollout.as_ref();
    let mut line = match rollout {
        Some(rollout) if rollout.kind == RolloutKind::BlueGreen && rollout.active.is_some() => {
            colors(scene, rollout, room)
        }
        Some(rollout) if rollout.kind != RolloutKind::BlueGreen && rollout.phase.under_way() => {
            moving(scene, environment, rollout, room)
        }
        _ => standing(scene, environment),
    };
    if let Some(gate) = &environment.gate {
        line.spans.extend(gate_words(scene, gate, room));
    }
    if environment.held {
        line.spans.extend([Span::raw("  "), scene.mark(ATTENTION), scene.span(ATTENTION.role, " held")]);
    }
    if let Some(behind) = behind(scene, environment, room) {
        line.spans.extend([Span::raw("  "), behind]);
    }
    line
}

fn standing(scene: &Scene<'_>, environment: &Environment) -> Line<'static> {
    let gate = environment.gate.as_ref().map(|gate| glyphs::gate(gate.state));
    let state = match environment.state {
        EnvironmentState::Live | EnvironmentState::Empty => None,
        state => Some(glyphs::environment(state)),
    };
    let mut line = Line::default();
    if let Some(mark) = gate.filter(|_| environment.state != EnvironmentState::Failed).or(state) {
        line.spans.extend([scene.mark(mark), Span::raw(" ")]);
    }
    match &environment.release {
        Some(release) => line.push_span(scene.span(Role::Text, release.version.to_string())),
        None => line.push_span(scene.span(Role::Dim, "—")),
    }
    line
}

/// `◐ v2.14.0 ━━──────────  25 %`.
fn moving(scene: &Scene<'_>, environment: &Environment, rollout: &Rollout, room: Room) -> Line<'static> {
    let mark = moving_mark(rollout);
    let version = rollout.candidate.as_ref().map(|side| side.version.to_string());
    let serving = || environment.release.as_ref().map(|release| release.version.to_string());
    let version = version.or_else(serving).unwrap_or_else(|| "?".into());
    let mut line = Line::from(vec![scene.mark(mark), Span::raw(" "), scene.span(Role::Text, version), Span::raw(" ")]);
    if rollout.kind == RolloutKind::Canary {
        let (set, actual) = (rollout.set_weight.unwrap_or_default(), rollout.actual_weight);
        if room > Room::Short {
            line.spans.extend(bar(scene, actual.unwrap_or(set).percent(), room.bar(), Role::Candidate));
            line.push_span(Span::raw(" "));
        }
        let weight = match actual {
            Some(actual) if actual != set => format!("{} → {set}", actual.percent()),
            _ => set.to_string(),
        };
        let style = scene.style(Role::Candidate).add_modifier(Modifier::BOLD);
        line.push_span(Span::styled(weight, style));
    }
    if let Some(words) = phase_words(rollout.phase) {
        line.push_span(scene.span(mark.role, format!(" {words}")));
    }
    line
}

const fn moving_mark(rollout: &Rollout) -> Mark {
    match (rollout.kind, rollout.phase) {
        (RolloutKind::Canary, Phase::Waiting | Phase::Progressing) => glyphs::CANARY,
        (_, Phase::Progressing) => glyphs::RUNNING,
        (_, phase) => glyphs::phase(phase),
    }
}

const fn phase_words(phase: Phase) -> Option<&'static str> {
    match phase {
        Phase::Paused => Some("paused"),
        Phase::Aborting => Some("aborting"),
        Phase::Degraded => Some("degraded"),
        _ => None,
    }
}

/// `● blue v5.3.0   ○ green v5.2.8, 22 m`.
fn colors(scene: &Scene<'_>, rollout: &Rollout, room: Room) -> Line<'static> {
    let mut line = Line::default();
    if let Some(active) = &rollout.active {
        let style = scene.style(Role::Serving).add_modifier(Modifier::BOLD);
        line.spans.extend([
            scene.mark(glyphs::SERVING),
            Span::raw(" "),
            Span::styled(active.color.as_str(), style),
            scene.span(Role::Text, format!(" {}", version(active))),
        ]);
    }
    if let Some(idle) = rollout.idle.as_ref().filter(|idle| room > Room::Short && idle.version.is_some()) {
        let mark = if rollout.phase.under_way() { moving_mark(rollout) } else { glyphs::IDLE };
        let left = idle.kept_until.filter(|until| *until > scene.now());
        let left = left.map(|until| format!(", {}", format::age(since(scene.now(), until)))).unwrap_or_default();
        let words = match room {
            Room::Full => format!(" {} {}{left}", idle.color, version(idle)),
            _ => format!(" {}", idle.color),
        };
        line.spans.extend([Span::raw("  "), scene.mark(mark), scene.span(Role::Dim, words)]);
    }
    line
}

fn version(side: &ColorSide) -> String {
    side.version.as_ref().map_or_else(|| "—".into(), ToString::to_string)
}

fn gate_words(scene: &Scene<'_>, gate: &Gate, room: Room) -> Vec<Span<'static>> {
    let waits = gate.since.map(|at| format::age(since(at, scene.now()))).unwrap_or_default();
    let words = match (gate.state, room) {
        (GateState::Waiting, Room::Full) if gate.approvals.need > 1 => {
            format!("gate {} of {}, {waits}", gate.approvals.have, gate.approvals.need)
        }
        (GateState::Waiting, Room::Full | Room::Narrow) => format!("gate {waits}"),
        (GateState::Waiting, Room::Short) => "gate".into(),
        (GateState::ApprovedNotStarted, _) => "approved, not started".into(),
        (GateState::Expired, _) => "gate expired".into(),
        (GateState::Approved | GateState::Rejected | GateState::Unknown, _) => return Vec::new(),
    };
    vec![Span::raw("  "), scene.span(glyphs::gate(gate.state).role, words)]
}

/// `+3` beside something that waits or where room is short, else `+9 changes, oldest 6 d`.
fn behind(scene: &Scene<'_>, environment: &Environment, room: Room) -> Option<Span<'static>> {
    let behind = environment.behind?;
    let changes = behind.changes.filter(|changes| *changes > 0)?;
    let oldest = behind.oldest_at.map(|at| since(at, scene.now()));
    let moving = environment.gate.is_some() || environment.rollout.as_ref().is_some_and(|r| r.phase.under_way());
    if room == Room::Short || moving {
        return Some(scene.span(Role::Dim, format!("+{changes}")));
    }
    let old = oldest.is_some_and(|age| age.as_secs() >= OLD);
    let words = match (room, oldest.map(format::age)) {
        (Room::Full, Some(age)) => format!("+{}, oldest {age}", format::plural(u64::from(changes), "change")),
        (Room::Full, None) => format!("+{}", format::plural(u64::from(changes), "change")),
        (_, Some(age)) => format!("+{changes}, {age}"),
        (_, None) => format!("+{changes}"),
    };
    let role = if old { Role::Caution } else { Role::Dim };
    Some(scene.span(role, words))
}
