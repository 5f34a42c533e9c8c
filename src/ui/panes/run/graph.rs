//! The graph of a run: its stages one after another, the jobs of each fanning out below it.

use ratatui::text::{Line, Span};

use crate::clock::since;
use crate::domain::ids::JobName;
use crate::domain::run::{Job, Run, Stage, Status};
use crate::ui::format;
use crate::ui::glyphs;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;

/// Columns between two stages: ` ── `.
const GAP: usize = 4;

/// One stage: its head, and its jobs below it.
struct Column {
    head: Vec<Span<'static>>,
    jobs: Vec<Vec<Span<'static>>>,
    width: usize,
}

/// How many lines the graph takes at most: the heads, and the longest fan below them.
pub fn height(run: &Run) -> usize {
    1 + run.stages.iter().map(fan).max().unwrap_or(0)
}

/// How many jobs are told below a stage; one that is called as the stage is need not be.
fn fan(stage: &Stage) -> usize {
    match &stage.jobs[..] {
        [only] if only.name.as_str() == stage.name.as_str() => 0,
        jobs => jobs.len(),
    }
}

/// The graph in `width` columns and `height` lines, with the stage of `selected` in view.
///
/// ```text
/// build ✓ 1m02 ── test ◐ 61 %  ~1 m left ── release ○
///                 ├ unit ✓ 0m48
///                 └ e2e ◐ 0m35
/// ```
pub fn graph(
    scene: &Scene<'_>,
    run: &Run,
    selected: Option<&JobName>,
    width: usize,
    height: usize,
) -> Vec<Line<'static>> {
    let columns: Vec<_> = run.stages.iter().map(|stage| column(scene, stage, selected, height)).collect();
    let focus = run.stages.iter().position(|stage| stage.jobs.iter().any(|job| Some(&job.name) == selected));
    let first = first_in_view(&columns, focus.unwrap_or(0), width);
    (0..height).map(|row| line(scene, &columns[first..], row, first > 0)).collect()
}

fn column(scene: &Scene<'_>, stage: &Stage, selected: Option<&JobName>, height: usize) -> Column {
    let here = stage.jobs.iter().any(|job| Some(&job.name) == selected);
    let mut head = vec![
        scene.span(if here { Role::Strong } else { Role::Text }, stage.name.to_string()),
        Span::raw(" "),
        scene.mark(glyphs::status(stage.status)),
    ];
    head.extend(stage_words(scene, stage).map(|words| scene.span(Role::Dim, format!(" {words}"))));
    let all = fan(stage);
    let room = height.saturating_sub(1);
    let shown = if all <= room { all } else { room.saturating_sub(1) };
    let mut jobs: Vec<_> = (0..shown).map(|at| branch(scene, stage, at, at + 1 == all, selected)).collect();
    if shown < all && room > 0 {
        let rest = &stage.jobs[shown..];
        let failed = rest.iter().filter(|job| job.status == Status::Failed).count();
        let words = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        jobs.push(vec![scene.span(Role::Chrome, "└ "), scene.span(Role::Dim, format!("{} more{words}", rest.len()))]);
    }
    let width = jobs.iter().chain([&head]).map(|spans| wide(spans)).max().unwrap_or(0);
    Column { head, jobs, width }
}

fn branch(scene: &Scene<'_>, stage: &Stage, at: usize, last: bool, selected: Option<&JobName>) -> Vec<Span<'static>> {
    let job = &stage.jobs[at];
    let role = if Some(&job.name) == selected { Role::Strong } else { Role::Text };
    let mut spans = vec![
        scene.span(Role::Chrome, if last { "└ " } else { "├ " }),
        scene.span(role, job.name.to_string()),
        Span::raw(" "),
        scene.mark(glyphs::status(job.status)),
    ];
    spans.extend(job_time(scene, job).map(|time| scene.span(Role::Dim, format!(" {time}"))));
    spans
}

fn wide(spans: &[Span<'_>]) -> usize {
    spans.iter().map(Span::width).sum()
}

/// The first stage that is drawn, so that the one in focus still fits.
fn first_in_view(columns: &[Column], focus: usize, width: usize) -> usize {
    let end = (focus + 2).min(columns.len());
    (0..focus)
        .find(|first| {
            let shown = columns.get(*first..end).unwrap_or_default();
            shown.iter().map(|column| column.width + GAP).sum::<usize>() <= width
        })
        .unwrap_or(focus)
}

fn line(scene: &Scene<'_>, columns: &[Column], row: usize, before: bool) -> Line<'static> {
    let mut line = Line::default();
    if before {
        line.push_span(scene.span(Role::Chrome, if row == 0 { "… ── " } else { "     " }));
    }
    let last = columns.len().saturating_sub(1);
    for (at, column) in columns.iter().enumerate() {
        let spans = if row == 0 { Some(&column.head) } else { column.jobs.get(row - 1) };
        let used = spans.map_or(0, |spans| wide(spans));
        line.spans.extend(spans.into_iter().flatten().cloned());
        if at < last {
            let rest = column.width - used;
            let gap = if row == 0 { format!(" {} ", "─".repeat(rest + GAP - 2)) } else { " ".repeat(rest + GAP) };
            line.push_span(scene.span(Role::Chrome, gap));
        }
    }
    line
}

/// How long a stage took, or how far it is and what is left.
fn stage_words(scene: &Scene<'_>, stage: &Stage) -> Option<String> {
    let moving = matches!(stage.status, Status::Running | Status::Cancelling);
    let time = time(scene, moving, stage.started_at, stage.duration_ms);
    if !moving {
        return time;
    }
    let percent = stage.progress.map(|percent| format!("{percent} %"));
    let words: Vec<_> = [percent, time, stage.eta_ms.map(left)].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join("  "))
}

/// `~2 m left`: whole minutes, rounded up, so that it does not pretend to more.
pub fn left(ms: u64) -> String {
    format!("~{} m left", ms.div_ceil(60_000).max(1))
}

/// How long a job took, or has taken so far.
pub fn job_time(scene: &Scene<'_>, job: &Job) -> Option<String> {
    let moving = matches!(job.status, Status::Running | Status::Cancelling);
    time(scene, moving, job.started_at, job.duration_ms)
}

fn time(scene: &Scene<'_>, moving: bool, began: Option<crate::clock::Timestamp>, ms: Option<u64>) -> Option<String> {
    match began.filter(|_| moving) {
        Some(began) => Some(format::running(began, scene.now())),
        None => ms.filter(|_| !moving).map(|ms| format::duration(std::time::Duration::from_millis(ms))),
    }
}

/// How long ago a run was accepted.
pub fn age(scene: &Scene<'_>, run: &Run) -> Option<String> {
    let at = run.created_at.or(run.started_at)?;
    let span = since(at, scene.now());
    Some(if span.as_secs() < 60 { "just now".into() } else { format!("{} ago", format::age(span)) })
}
