//! Drawing a run: the graph on top, the jobs left and the log right; on a narrow screen one below the other.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Part, Runs, graph, names};
use crate::domain::run::{Job, Run, Status};
use crate::store::Seen;
use crate::ui::format;
use crate::ui::glyphs;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::log::Shown;
use crate::ui::widgets::panel::{cut_line, framed, inner, panel};
use crate::ui::widgets::table::{Column, Row, Table, Width};
use crate::ui::widgets::wrap::wrap;

/// From this many columns on the log stands beside the jobs.
const WIDE: u16 = 100;

/// Where the parts are.
pub struct Areas {
    pub graph: Rect,
    pub jobs: Rect,
    pub log: Rect,
}

/// Cuts the pane. Under 100 columns the log lies below the jobs, and has their room while it has the focus.
///
/// ```text
/// graph            graph
/// jobs │ log       jobs
///      │           log
/// ```
pub fn areas(area: Rect, run: &Run, part: Part) -> Areas {
    let wide = area.width >= WIDE;
    let alone = !wide && part == Part::Log;
    let most = if alone { 1 } else { 1 + area.height / 8 };
    let waits = u16::from(run.waits.is_some());
    let lines = u16::try_from(graph::height(run)).unwrap_or(u16::MAX).min(most) + waits;
    let top = (lines + 2).min(area.height);
    let graph = Rect { height: top, ..area };
    let rest = Rect { y: area.y + top, height: area.height - top, ..area };
    if wide {
        let width = (area.width / 4).clamp(30, 46);
        let jobs = Rect { width, ..rest };
        return Areas { graph, jobs, log: Rect { x: rest.x + width, width: rest.width - width, ..rest } };
    }
    let jobs = u16::try_from(names(run).len()).unwrap_or(u16::MAX).saturating_add(2);
    let jobs = if alone { 0 } else { jobs.clamp(3, 3.max(rest.height / 2)).min(rest.height) };
    let below = Rect { y: rest.y + jobs, height: rest.height - jobs, ..rest };
    Areas { graph, jobs: Rect { height: jobs, ..rest }, log: below }
}

/// The room for the lines of a log within its frame.
pub fn body(log: Rect) -> Rect {
    let inside = inner(log);
    Rect { width: inside.width.saturating_sub(1), ..inside }
}

impl Runs {
    /// Draws everything, or what would be here.
    pub(super) fn draw_all(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let Some(seen) = self.seen(scene.store()) else { return self.draw_empty(scene, frame.buffer_mut(), area) };
        let areas = areas(area, seen.value, self.part);
        self.draw_graph(scene, frame.buffer_mut(), areas.graph, &seen);
        if areas.jobs.height > 2 {
            self.draw_jobs(scene, frame.buffer_mut(), areas.jobs, seen.value);
        }
        if areas.log.height > 2 {
            self.draw_log(scene, frame.buffer_mut(), areas.log);
        }
    }

    fn draw_empty(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
        let title = scene.span(Role::Heading, "Run").into();
        let inside = panel(scene, buffer, Rect { height: 5.min(area.height), ..area }, title, Line::default());
        let words = match &self.run {
            Some(run) => format!("run {run} is not known yet; r asks the sources now"),
            None => "no service has a run yet; a commit starts one, or n on the board".into(),
        };
        let line = cut_line(scene.span(Role::Dim, words).into(), usize::from(inside.width.saturating_sub(3)));
        buffer.set_line(inside.x + 2, inside.y + 1, &line, inside.width.saturating_sub(3));
    }

    fn draw_graph(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, seen: &Seen<&Run>) {
        let run = seen.value;
        let overdue = scene.store().overdue(&seen.source, seen.at, scene.now());
        let about = match overdue {
            Some(_) => scene.span(Role::Stale, format!("seen {}", format::ago(seen.at, scene.now()))),
            None => scene.span(Role::Dim, self.about(scene, run)),
        };
        let inside = panel(scene, buffer, area, title(scene, run), about.into());
        let content = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
        let height = usize::from(content.height).saturating_sub(usize::from(run.waits.is_some()));
        let mut lines = graph::graph(scene, run, self.jobs.selected(), usize::from(content.width), height);
        lines.extend(run.waits.as_ref().map(|waits| {
            let words = scene.span(Role::Text, format!("waits: {waits}"));
            Line::from(vec![scene.mark(glyphs::WAITING), Span::raw(" "), words])
        }));
        for (line, y) in lines.into_iter().zip(content.y..content.bottom()) {
            buffer.set_line(content.x, y, &cut_line(line, usize::from(content.width)), content.width);
        }
        if overdue.is_some() {
            buffer.set_style(content, scene.style(Role::Stale));
        }
    }

    /// `2 of 12 · 3f9c2e1  Retry card authorisation once · main · by anna · 38 m ago`.
    fn about(&self, scene: &Scene<'_>, run: &Run) -> String {
        let place = self.place(scene.store()).map(|(at, count)| format!("{} of {count} · ", at + 1));
        let who = run.initiator.as_ref().unwrap_or(&run.author);
        let age = graph::age(scene, run).map(|age| format!(" · {age}")).unwrap_or_default();
        let commit = format::commit(run.commit.as_str());
        format!("{}{commit}  {} · {} · by {who}{age}", place.unwrap_or_default(), run.title, run.branch)
    }

    fn draw_jobs(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, run: &Run) {
        let focused = self.part == Part::Jobs;
        let jobs: Vec<&Job> = run.stages.iter().flat_map(|stage| &stage.jobs).collect();
        let ended = jobs.iter().filter(|job| job.status.ended()).count();
        let (count, what) = if self.marked.is_empty() { (ended, "ended") } else { (self.marked.len(), "marked") };
        let about = scene.span(Role::Dim, format!("{count} of {} {what}", jobs.len())).into();
        let border = if focused { Role::Accent } else { Role::Chrome };
        let title = scene.span(Role::Heading, "Jobs").into();
        let inside = framed(scene, buffer, area, title, about, border);
        let columns =
            [Column::new("", Width::Fixed(1)), Column::new("", Width::Rest(8)), Column::right("", Width::Fit(4, 16))];
        let window = self.jobs.window(jobs.len());
        let used = u16::try_from(window.len()).unwrap_or(u16::MAX);
        let table = Table { columns: &columns, window, selected: Some(self.jobs.at()), headings: false };
        let body = Rect { width: inside.width.saturating_sub(1), ..inside };
        table.draw(scene, buffer, body, |at| {
            jobs.get(at).map(|job| self.row(scene, job, at == self.jobs.at())).unwrap_or_default()
        });
        let below = Rect { y: body.y + used, height: body.height.saturating_sub(used), ..body };
        self.draw_detail(scene, buffer, below);
    }

    fn row(&self, scene: &Scene<'_>, job: &Job, selected: bool) -> Row<'static> {
        let name = if selected { Role::Strong } else { Role::Text };
        let mut words = vec![scene.span(name, job.name.to_string())];
        if self.marked.contains(&job.name) {
            words.push(scene.span(Role::Accent, " * marked"));
        }
        let percent = job.progress.filter(|_| job.status == Status::Running).map(|percent| format!("{percent} %  "));
        let time = graph::job_time(scene, job).or_else(|| Some(job.status.to_string()));
        let time = percent.unwrap_or_default() + &time.unwrap_or_default();
        Row {
            cells: vec![
                Line::from(scene.mark(glyphs::status(job.status))),
                words.into(),
                Line::from(scene.span(Role::Dim, time)),
            ],
            stale: false,
        }
    }

    /// Why the selected job stands as it does, and its steps, where there is room for them.
    fn draw_detail(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
        let Some(job) = self.job(scene.store()).filter(|_| area.height > 1) else { return };
        let width = usize::from(area.width.saturating_sub(3));
        let mark = glyphs::status(job.status);
        let mut lines: Vec<Line<'_>> = vec![Line::default()];
        if let Some(detail) = &job.detail {
            let role = if job.status == Status::Failed { mark.role } else { Role::Text };
            lines.extend(wrap(detail.as_str(), width).into_iter().map(|words| Line::from(scene.span(role, words))));
        }
        lines.extend(job.environment.iter().map(|name| scene.span(Role::Dim, format!("deploys into {name}")).into()));
        lines.extend(job.steps.iter().map(|step| {
            let words = scene.span(Role::Dim, step.name.to_string());
            Line::from(vec![scene.mark(glyphs::status(step.status)), Span::raw(" "), words])
        }));
        for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
            buffer.set_line(area.x + 2, y, &cut_line(line, width), area.width.saturating_sub(2));
        }
    }

    fn draw_log(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
        let focused = self.part == Part::Log;
        let border = if focused { Role::Accent } else { Role::Chrome };
        let job = self.job(scene.store());
        let mut title = vec![scene.span(Role::Heading, "Log")];
        if let Some(job) = job {
            title.extend([
                scene.span(Role::Text, format!(" {} ", job.name)),
                scene.mark(glyphs::status(job.status)),
                scene.span(Role::Dim, format!(" {}", job.status)),
            ]);
        }
        let about = scene.span(Role::Dim, self.log_words(scene)).into();
        framed(scene, buffer, area, title.into(), about, border);
        let body = body(area);
        if let Some(log) = self.loaded(scene.store()).filter(|log| log.lines() > 0) {
            let began = job.and_then(|job| job.started_at);
            return self.log.draw(scene, buffer, body, &Shown { log, focused, began });
        }
        let words = nothing(job, self.loaded(scene.store()).is_some());
        let line = cut_line(scene.span(Role::Dim, words).into(), usize::from(body.width.saturating_sub(2)));
        buffer.set_line(body.x + 2, body.y, &line, body.width.saturating_sub(2));
    }

    /// `/e2e 3 of 17 lines · loading · from 3.2 MB on · 5,120 lines, 4.1 MB · wrapped · following`.
    fn log_words(&self, scene: &Scene<'_>) -> String {
        let Some(log) = self.loaded(scene.store()) else { return String::new() };
        let (from, end) = (format::bytes(log.missing()), format::bytes(log.end()));
        let part = match (log.missing() > 0, log.end() < log.total()) {
            (false, false) => None,
            (true, false) => Some(format!("from {from} on")),
            (false, true) => Some(format!("first {end}")),
            (true, true) => Some(format!("{from} to {end}")),
        };
        let size = format!("{}, {}", format::plural(log.lines() as u64, "line"), format::bytes(log.total()));
        let wrapped = self.log.wraps().then(|| "wrapped".to_owned());
        let follow = match (log.ended(), self.log.follows()) {
            (true, true) => "at its end",
            (false, true) => "following",
            (_, false) => "paused",
        };
        let untimed = (self.log.timed() && log.times().none()).then(|| "no times".to_owned());
        let loading = self.log.away(log).then(|| "loading".to_owned());
        let words = [self.log.says(log), loading, part, Some(size), wrapped, untimed, Some(follow.to_owned())];
        words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// `checkout run 41 ◐ running  ~3 m left`.
fn title(scene: &Scene<'_>, run: &Run) -> Line<'static> {
    let number = run.number.map_or_else(|| run.id.to_string(), |number| number.to_string());
    let mark = glyphs::status(run.status);
    let attempt = run.attempt.filter(|attempt| *attempt > 1).map(|n| format!(", attempt {n}")).unwrap_or_default();
    let mut spans = vec![
        scene.span(Role::Heading, run.service.to_string()),
        scene.span(Role::Text, format!(" run {number}{attempt} ")),
        scene.mark(mark),
        scene.span(mark.role, format!(" {}", run.status)),
    ];
    if let Some(ms) = run.eta_ms.filter(|_| !run.status.ended()) {
        spans.push(scene.span(Role::Dim, format!("  {}", graph::left(ms))));
    }
    spans.into()
}

/// Why no line of a log is there.
const fn nothing(job: Option<&Job>, asked: bool) -> &'static str {
    match job {
        None => "a job's output appears here once one is selected",
        Some(Job { status: Status::Queued, .. }) => "not begun yet: its output appears here as it is written",
        Some(Job { status: Status::Waiting, .. }) => "it waits: its output appears here once it is let on",
        Some(Job { status: Status::Skipped, .. }) => "skipped: it wrote nothing",
        Some(_) if asked => "it has written nothing yet",
        Some(_) => "asking for the log",
    }
}
