//! The selected service in detail: its way through stages and environments, what the traffic says, what it waits for,
//! where a way back leads, and each environment with its exact facts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::waits::{self, Wait};
use super::{checks, traffic, way};
use crate::domain::change::Commit;
use crate::domain::environment::Environment;
use crate::domain::ids::EnvironmentName;
use crate::domain::service::Service;
use crate::store::{Seen, lacking};
use crate::ui::format;
use crate::ui::glyphs;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::{cut_line, panel};
use crate::ui::widgets::wrap::wrap;

/// How wide the labels are.
const LABEL: usize = 12;
/// How many reasons are told at most.
const MOST_WAITS: usize = 4;

/// Draws the detail of `seen`, as high as what there is to say.
pub fn draw(
    scene: &Scene<'_>,
    buffer: &mut Buffer,
    area: Rect,
    seen: &Seen<Service>,
    column: Option<&EnvironmentName>,
) {
    if area.height < 3 {
        return;
    }
    let lines = lines(scene, seen, column, area);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(area.height);
    let area = Rect { height, ..area };
    let overdue = scene.store().overdue(&seen.source, seen.at, scene.now());
    let about = match overdue {
        Some(_) => scene.span(Role::Stale, format!("seen {}", format::ago(seen.at, scene.now()))).into(),
        None => about(scene, &seen.value),
    };
    let inside = panel(scene, buffer, area, title(scene, &seen.value), about);
    let content = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    for (line, y) in lines.into_iter().zip(content.y..content.bottom()) {
        buffer.set_line(content.x, y, &cut_line(line, usize::from(content.width)), content.width);
    }
    if overdue.is_some() {
        buffer.set_style(content, scene.style(Role::Stale).remove_modifier(Modifier::BOLD));
    }
}

fn title(scene: &Scene<'_>, service: &Service) -> Line<'static> {
    let release = service.latest_run.as_ref().and_then(|run| run.release.as_ref());
    let release = release.map(|version| format!(" {version}")).unwrap_or_default();
    scene.span(Role::Heading, format!("{}{release}", service.name)).into()
}

/// `3f9c2e1  Retry authorisation once · main · 38 m ago`.
fn about(scene: &Scene<'_>, service: &Service) -> Line<'static> {
    let Some(run) = &service.latest_run else { return Line::default() };
    let at = run.created_at.or(run.started_at);
    let age = at.map(|at| format!(" · {}", format::ago(at, scene.now()))).unwrap_or_default();
    let commit = format::commit(run.commit.as_str());
    scene.span(Role::Dim, format!("{commit}  {} · {}{age}", run.title, run.branch)).into()
}

fn lines(scene: &Scene<'_>, seen: &Seen<Service>, column: Option<&EnvironmentName>, area: Rect) -> Vec<Line<'static>> {
    let service = &seen.value;
    let way = way::way(scene, service, usize::from(area.width.saturating_sub(4)));
    let mut lines = vec![way, checks::checks(scene, service).unwrap_or_default()];
    lines.extend(
        traffic::place(service).into_iter().flat_map(|environment| traffic::signals(scene, service, environment)),
    );
    let problem = scene.store().sources().get(&seen.source).and_then(|state| state.problem.as_ref());
    let mut waits: Vec<Wait> = problem.map(waits::source).into_iter().collect();
    waits.extend(waits::waits(seen, scene.now()));
    let width = usize::from(area.width).saturating_sub(4 + LABEL);
    for (at, wait) in waits.iter().take(MOST_WAITS).enumerate() {
        lines.extend(waiting(scene, if at == 0 { "waits" } else { "" }, wait, width));
    }
    if waits.is_empty() {
        lines.push(labelled(scene, "waits", vec![scene.span(Role::Dim, "for nothing")]));
    }
    lines.extend(back(scene, service, column));
    lines.push(Line::default());
    lines.extend(facts(scene, service, column));
    let left = usize::from(area.height).saturating_sub(lines.len() + 3);
    let changes = changes(scene, service, left);
    if !changes.is_empty() {
        lines.push(Line::default());
        lines.extend(changes);
    }
    lines
}

/// A label and what stands beside it.
pub fn labelled(scene: &Scene<'_>, label: &str, words: Vec<Span<'static>>) -> Line<'static> {
    let label = format!("{}{}", format::cut(label, LABEL - 1), " ".repeat(LABEL.saturating_sub(format::width(label))));
    let mut line = Line::from(scene.span(Role::Dim, label));
    line.spans.extend(words);
    line
}

fn waiting(scene: &Scene<'_>, label: &str, wait: &Wait, width: usize) -> Vec<Line<'static>> {
    let folded = wrap(&wait.words, width.saturating_sub(2)).into_iter().enumerate();
    folded
        .map(|(at, words)| {
            let (label, mark) = if at == 0 { (label, scene.mark(wait.mark)) } else { ("", Span::raw(" ")) };
            labelled(scene, label, vec![mark, Span::raw(" "), scene.span(Role::Text, words)])
        })
        .collect()
}

/// Where a way back leads, and how fast.
fn back(scene: &Scene<'_>, service: &Service, column: Option<&EnvironmentName>) -> Option<Line<'static>> {
    let chosen = |environment: &&Environment| column.is_none_or(|name| environment.name == *name);
    let environment = service.environments.iter().rev().find(chosen)?;
    let rollout = environment.rollout.as_ref().filter(|rollout| rollout.phase.under_way());
    let stable = rollout.and_then(|rollout| rollout.stable.as_ref()).map(|side| &side.version);
    let live = environment.release.as_ref().map(|release| &release.version);
    let kept = environment.kept.iter().find(|kept| kept.good && Some(&kept.version) != live);
    let words = match (stable, kept) {
        (Some(stable), _) => format!("{}: abort returns all traffic to {stable} at once", environment.name),
        (None, Some(kept)) if kept.warm => format!("{}: {} still runs, back at once", environment.name, kept.version),
        (None, Some(kept)) => format!("{}: {} is kept, its instances start first", environment.name, kept.version),
        (None, None) => return None,
    };
    Some(labelled(scene, "undo", vec![scene.span(Role::Text, words)]))
}

/// The exact facts of each environment, production first.
fn facts(scene: &Scene<'_>, service: &Service, column: Option<&EnvironmentName>) -> Vec<Line<'static>> {
    let releases = service.environments.iter().filter_map(|environment| environment.release.as_ref());
    let widest = releases.map(|release| format::width(&release.version.visible())).max().unwrap_or(0).min(20);
    service.environments.iter().rev().map(|environment| exact(scene, environment, column, widest)).collect()
}

fn exact(
    scene: &Scene<'_>,
    environment: &Environment,
    column: Option<&EnvironmentName>,
    widest: usize,
) -> Line<'static> {
    let Some(release) = &environment.release else {
        return labelled(scene, &environment.name.visible(), vec![scene.span(Role::Dim, "nothing was ever put there")]);
    };
    let version = release.version.to_string();
    let pad = " ".repeat(widest.saturating_sub(format::width(&version)) + 2);
    let mut words = vec![
        scene.span(Role::Text, version),
        scene.span(Role::Dim, format!("{pad}{}", format::commit(release.commit.as_str()))),
    ];
    let since = release.deployed_at.map(|at| format!("  since {}", scene.exact(at)));
    let by = release.deployed_by.as_ref().map(|by| format!(" by {by}"));
    words.push(scene.span(Role::Dim, since.unwrap_or_default() + &by.unwrap_or_default()));
    if environment.tier.is_production() && environment.guarded == Some(false) {
        words.extend([Span::raw("  "), scene.mark(glyphs::ATTENTION), scene.span(Role::Caution, " no gate guards it")]);
    }
    if let Some(url) = &environment.url {
        words.push(scene.span(Role::Dim, format!("  {url}")));
    }
    let mut line = labelled(scene, &environment.name.visible(), words);
    if column == Some(&environment.name) {
        line.spans[0].style = scene.style(Role::Accent);
    }
    line
}

/// The commits that production lacks, as far as they are known; `room` lines at most.
fn changes(scene: &Scene<'_>, service: &Service, room: usize) -> Vec<Line<'static>> {
    let Some((here, below)) = lacking(service) else { return Vec::new() };
    let Some(seen) = scene.store().changes(&service.name, &here.name, &below.name) else { return Vec::new() };
    let commits = &seen.value.commits;
    let shown = if commits.len() > room { room.saturating_sub(1) } else { commits.len() };
    let label = |at: usize| if at == 0 { "changes" } else { "" };
    let mut lines: Vec<_> = commits
        .iter()
        .take(shown)
        .enumerate()
        .map(|(at, commit)| labelled(scene, label(at), commit_words(scene, commit)))
        .collect();
    if shown < commits.len() && room > 0 {
        lines.push(labelled(
            scene,
            label(shown),
            vec![scene.span(Role::Dim, format!("and {} more", commits.len() - shown))],
        ));
    }
    lines
}

/// `51f00dd  Accept SEPA instant  ben, 2 h ago`.
pub fn commit_words(scene: &Scene<'_>, commit: &Commit) -> Vec<Span<'static>> {
    let age = commit.at.map(|at| format!(", {}", format::ago(at, scene.now()))).unwrap_or_default();
    vec![
        scene.span(Role::Dim, format!("{}  ", commit.short())),
        scene.span(Role::Text, commit.title.to_string()),
        scene.span(Role::Dim, format!("  {}{age}", commit.author)),
    ]
}
