//! The evidence card: what speaks for letting a run pass, line by line, and what is missing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::evidence::{self, line, missing};
use crate::clock::since;
use crate::domain::change::Changes;
use crate::domain::environment::Environment;
use crate::domain::gate::{Gate, GateState, Verdict};
use crate::domain::rollout::VerdictState;
use crate::domain::run::Run;
use crate::domain::service::Service;
use crate::store::Seen;
use crate::ui::format;
use crate::ui::glyphs::{self, ATTENTION, OK, UNKNOWN};
use crate::ui::next::Next;
use crate::ui::panes::board::commit_words;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::{cut_line, panel};

/// Draws the card of `seen`, as high as what there is to say.
pub fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, seen: &Seen<&Gate>) {
    if area.height < 3 {
        return;
    }
    let gate = seen.value;
    let mut lines = lines(scene, seen);
    let left = usize::from(area.height).saturating_sub(lines.len() + 2);
    lines.extend(commits(scene, gate, left));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(area.height);
    let release = gate.release.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let title = vec![
        scene.span(Role::Heading, format!("{}{release}", gate.service)),
        scene.span(Role::Dim, " → "),
        scene.span(Role::Danger, gate.environment.to_string()),
    ];
    let about = format!("run {}, seen by {} {}", gate.run, seen.source, format::ago(seen.at, scene.now()));
    let about = scene.span(Role::Dim, about).into();
    let inside = panel(scene, buffer, Rect { height, ..area }, title.into(), about);
    let content = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    let room = usize::from(content.height);
    if lines.len() > room {
        let hidden = lines.split_off(room.saturating_sub(1).min(lines.len()));
        lines.push(cut_off(scene, &hidden));
    }
    for (line, y) in lines.into_iter().zip(content.y..content.bottom()) {
        buffer.set_line(content.x, y, &cut_line(line, usize::from(content.width)), content.width);
    }
}

/// What stands for the lines that have no room: what is missing or speaks against it is not hidden without a word.
fn cut_off(scene: &Scene<'_>, hidden: &[Line<'_>]) -> Line<'static> {
    let more = format!("{} more", format::plural(hidden.len() as u64, "line"));
    match hidden.iter().filter(|line| evidence::wants(line)).count() {
        0 => scene.span(Role::Dim, format!("{more}, which a higher window shows")).into(),
        wanting => {
            let words = format!(" {more}, {wanting} missing or to be looked at; a higher window shows them");
            vec![scene.mark(ATTENTION), scene.span(ATTENTION.role, words)].into()
        }
    }
}

fn lines(scene: &Scene<'_>, seen: &Seen<&Gate>) -> Vec<Line<'static>> {
    let gate = seen.value;
    let service = scene.store().service(&gate.service).map(|seen| &seen.value);
    let run = scene.store().run(&gate.run_key()).map(|seen| seen.value);
    let below = service.and_then(|service| service.below(&gate.environment));
    let mut lines = vec![quorum(scene, gate)];
    lines.extend(gate.decisions.iter().map(|decision| {
        let mark = if decision.verdict == Verdict::Approve { OK } else { glyphs::FAILED };
        let comment = decision.comment.as_ref().map(|comment| format!(": {comment}")).unwrap_or_default();
        let about = format::ago(decision.at, scene.now());
        line(scene, "", mark, format!("{} {}{comment}", decision.by, word(decision.verdict)), Some(about))
    }));
    lines.push(started(scene, gate, run));
    lines.push(deploys(scene, gate, service));
    lines.push(distance(scene, gate, service, below));
    lines.extend(evidence::tests(scene, gate, run));
    lines.push(verdict(scene, gate, below));
    lines.extend(evidence::given(scene, seen));
    lines.push(closes(scene, gate));
    lines
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approve => "approved",
        Verdict::Reject => "rejected",
        Verdict::Unknown => "decided",
    }
}

fn quorum(scene: &Scene<'_>, gate: &Gate) -> Line<'static> {
    let who: Vec<_> = gate.approvers.iter().map(ToString::to_string).collect();
    let about = (!who.is_empty()).then(|| format!("may decide: {}", who.join(", ")));
    let quorum = format!("{} of {} approvals", gate.approvals.have, gate.approvals.need);
    let (mark, words) = match gate.state {
        GateState::ApprovedNotStarted => (OK, format!("{quorum}: approved, the deployment has not started")),
        GateState::Expired => (glyphs::FAILED, format!("{quorum}: expired")),
        GateState::Waiting => (glyphs::WAITING, quorum),
        state => (glyphs::gate(state), format!("{quorum}: {}", state.as_str().replace('_', " "))),
    };
    line(scene, "quorum", mark, words, about)
}

fn started(scene: &Scene<'_>, gate: &Gate, run: Option<&Run>) -> Line<'static> {
    let Some(who) = gate.initiator.as_ref().or_else(|| run.and_then(|run| run.initiator.as_ref())) else {
        return missing(scene, "started by", "the source does not tell");
    };
    let at = run.and_then(|run| run.started_at).map(|at| format!(", {}", format::ago(at, scene.now())));
    let guarded = (!gate.guarded).then(|| "nothing keeps them from passing it themselves".to_owned());
    let mark = if gate.guarded { OK } else { ATTENTION };
    line(scene, "started by", mark, format!("{who}{}", at.unwrap_or_default()), guarded)
}

/// What goes in, and what it takes the place of.
fn deploys(scene: &Scene<'_>, gate: &Gate, service: Option<&Service>) -> Line<'static> {
    let Some(version) = &gate.release else { return missing(scene, "deploys", "the release is not known") };
    let Some(here) = service.and_then(|service| service.environment(&gate.environment)) else {
        return missing(scene, "deploys", &format!("what {version} would take the place of is not known"));
    };
    let Some(release) = &here.release else {
        return line(scene, "deploys", glyphs::IDLE, format!("{version} where nothing serves yet"), None);
    };
    let served = release.deployed_at.map(|at| format!("which has served for {}", format::age(since(at, scene.now()))));
    line(scene, "deploys", glyphs::IDLE, format!("{version} over {}", release.version), served)
}

fn verdict(scene: &Scene<'_>, gate: &Gate, below: Option<&Environment>) -> Line<'static> {
    let Some(below) = below else { return missing(scene, "verdict", "no environment comes before this one") };
    let there =
        gate.release.is_some() && below.release.as_ref().map(|release| &release.version) == gate.release.as_ref();
    let at = below.release.as_ref().and_then(|release| release.deployed_at).filter(|_| there);
    let served = at.map(|at| format!("served there for {}", format::age(since(at, scene.now()))));
    match below.rollout.as_ref().and_then(|rollout| rollout.verdict.as_ref()) {
        Some(verdict) if verdict.state != VerdictState::NoData => {
            let score = verdict.score.map(|score| format!(" {score} of 100")).unwrap_or_default();
            let words = format!("{}{score} in {}", verdict.state, below.name);
            line(scene, "verdict", glyphs::verdict(verdict.state), words, served)
        }
        _ if there => {
            let words = format!("missing: nothing is measured in {}", below.name);
            line(scene, "verdict", UNKNOWN, words, Some(served.unwrap_or_else(|| "serves there".into())))
        }
        _ => line(scene, "verdict", ATTENTION, format!("the release does not serve in {}", below.name), None),
    }
}

fn known<'a>(scene: &Scene<'a>, gate: &Gate, below: &Environment) -> Option<&'a Changes> {
    scene.store().changes(&gate.service, &gate.environment, &below.name).map(|seen| &seen.value)
}

/// How many changes go in, and what in them deserves a look.
fn distance(scene: &Scene<'_>, gate: &Gate, service: Option<&Service>, below: Option<&Environment>) -> Line<'static> {
    let counted = service.and_then(|service| service.environment(&gate.environment)?.behind?.changes);
    let Some(changes) = below.and_then(|below| known(scene, gate, below)) else {
        return match counted {
            Some(count) => {
                let words = format!("{}, the list is not there yet", format::plural(u64::from(count), "change"));
                line(scene, "changes", UNKNOWN, words, None)
            }
            None => missing(scene, "changes", "no list of changes"),
        };
    };
    let files = changes.file_count().map_or_else(|| "its files are not told".into(), |it| format::plural(it, "file"));
    let words = format!("{}, {files}", format::plural(changes.count(), "change"));
    let touched = touched(scene, changes);
    let mark = if touched.is_empty() { OK } else { ATTENTION };
    line(scene, "changes", mark, words, (!touched.is_empty()).then(|| touched.join(", ")))
}

/// The migrations and the flags among the changes.
fn touched(scene: &Scene<'_>, changes: &Changes) -> Vec<String> {
    let migrations = changes.migrations().count() as u64;
    let flags = scene.store().flags_named(changes);
    let names: Vec<_> = flags.iter().map(|touch| touch.flag.key.to_string()).collect();
    let migrations = (migrations > 0).then(|| format::plural(migrations, "migration"));
    let flags = (!names.is_empty()).then(|| format!("flag {}", names.join(" and ")));
    migrations.into_iter().chain(flags).collect()
}

fn closes(scene: &Scene<'_>, gate: &Gate) -> Line<'static> {
    match gate.expires_at {
        Some(at) if gate.open() => {
            let words = format!("in {}", format::left(at, scene.now()));
            line(scene, "closes", glyphs::IDLE, words, Some(format!("at {}", scene.exact(at))))
        }
        Some(at) => line(scene, "closes", glyphs::IDLE, scene.exact(at), None),
        None => line(scene, "closes", glyphs::IDLE, "never by itself".into(), None),
    }
}

/// The commits that would go in.
fn commits(scene: &Scene<'_>, gate: &Gate, room: usize) -> Vec<Line<'static>> {
    let service = scene.store().service(&gate.service).map(|seen| &seen.value);
    let below = service.and_then(|service| service.below(&gate.environment));
    let Some(changes) = below.and_then(|below| known(scene, gate, below)) else { return Vec::new() };
    if room < 2 {
        return Vec::new();
    }
    let shown = if changes.commits.len() < room { changes.commits.len() } else { room - 2 };
    let mut lines = vec![Line::default()];
    lines.extend(changes.commits.iter().take(shown).map(|commit| Line::from(commit_words(scene, commit))));
    if shown < changes.commits.len() {
        lines.push(scene.span(Role::Dim, format!("and {} more", changes.commits.len() - shown)).into());
    }
    lines
}

/// When something on the card changes by itself.
pub fn next_change(next: &mut Next, scene: &Scene<'_>, gate: &Gate) {
    gate.decisions.iter().for_each(|decision| next.age(Some(decision.at)));
    let run = scene.store().run(&gate.run_key());
    next.age(run.and_then(|run| run.value.started_at));
    let service = scene.store().service(&gate.service);
    next.age(service.map(|seen| seen.at));
    let here = service.and_then(|seen| seen.value.environment(&gate.environment)?.release.as_ref());
    next.age(here.and_then(|release| release.deployed_at));
    gate.evidence.iter().for_each(|evidence| next.age(evidence.at));
    let below = service.and_then(|seen| seen.value.below(&gate.environment));
    next.age(below.and_then(|below| below.release.as_ref()).and_then(|release| release.deployed_at));
    let commits = below.and_then(|below| known(scene, gate, below)).into_iter().flat_map(|changes| &changes.commits);
    commits.for_each(|commit| next.age(commit.at));
}
