//! Below the list: the selected commit with the files it touches, and all commits together with theirs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::{Changes, Part};
use crate::domain::change::{self, Commit, File};
use crate::domain::text::Text;
use crate::store::{Seen, Store};
use crate::ui::format;
use crate::ui::glyphs::{ATTENTION, UNKNOWN};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::list::List;
use crate::ui::widgets::panel::{cut_line, framed, inner};
use crate::ui::widgets::table::{Column, Row, Table, Width};
use crate::ui::widgets::wrap::wrap;

/// How wide the labels are.
const LABEL: usize = 9;
/// How many lines a title may take.
const TITLE: usize = 3;
/// How many flags are told.
const FLAGS: usize = 3;

/// The room for files below so many `facts` in the panel `area`.
pub fn height(area: Rect, facts: usize) -> usize {
    usize::from(inner(area).height).saturating_sub(facts)
}

/// How many lines tell of `commit` in a panel of this width.
pub fn commit_facts(store: &Store, commit: &Commit, width: u16) -> usize {
    title(commit, width).len() + 1 + usize::from(store.flags_of(commit).next().is_some()) + 1
}

/// How many lines tell of all changes together.
pub fn whole_facts(store: &Store, changes: &change::Changes) -> usize {
    usize::from(!changes.commits.is_empty()) + store.flags_named(changes).len().min(FLAGS) + 1
}

fn title(commit: &Commit, width: u16) -> Vec<String> {
    let width = usize::from(width).saturating_sub(4 + LABEL);
    let mut lines = wrap(commit.title.as_str(), width);
    if lines.len() > TITLE {
        lines.truncate(TITLE);
        lines[TITLE - 1] = format!("{}…", format::fit(&lines[TITLE - 1], width.saturating_sub(1)));
    }
    lines
}

/// Files in a panel, and what is told above them.
struct Told<'a> {
    title: Line<'static>,
    about: Line<'static>,
    facts: Vec<Line<'static>>,
    files: Vec<&'a File>,
    list: &'a List<Text>,
    focused: bool,
    stale: bool,
}

impl Changes {
    /// The selected commit.
    pub(super) fn draw_commit(
        &self,
        scene: &Scene<'_>,
        buffer: &mut Buffer,
        area: Rect,
        seen: &Seen<change::Changes>,
        commit: &Commit,
    ) {
        let label = |at: usize| if at == 0 { "title" } else { "" };
        let titles = title(commit, area.width).into_iter().enumerate();
        let mut facts: Vec<_> =
            titles.map(|(at, words)| labelled(scene, label(at), vec![scene.span(Role::Text, words)])).collect();
        let when = commit.at.map(|at| format!("  {}, {}", scene.exact(at), format::ago(at, scene.now())));
        let pull = commit.pull.as_ref().map(|pull| format!("  by way of {pull}")).unwrap_or_default();
        let by = scene.span(Role::Text, commit.author.to_string());
        let when = scene.span(Role::Dim, format!("{}{pull}", when.unwrap_or_default()));
        facts.push(labelled(scene, "by", vec![by, when]));
        let named: Vec<_> = scene.store().flags_of(commit).map(|flag| flag.key.to_string()).collect();
        if !named.is_empty() {
            facts.push(attention(scene, "flags", &format!("names {}", named.join(", "))));
        }
        facts.push(count(scene, commit.files.as_deref(), commit.file_count(), seen));
        let told = Told {
            title: scene.span(Role::Heading, commit.short().to_owned()).into(),
            about: Line::default(),
            facts,
            files: commit.by_weight(),
            list: &self.touched,
            focused: self.part == Part::Commit,
            stale: overdue(scene, seen),
        };
        draw(scene, buffer, area, told);
    }

    /// All changes together.
    pub(super) fn draw_whole(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, seen: &Seen<change::Changes>) {
        let changes = &seen.value;
        let mut facts = Vec::new();
        if !changes.commits.is_empty() {
            facts.push(labelled(scene, "by", vec![scene.span(Role::Text, authors(&changes.commits))]));
        }
        let flags = scene.store().flags_named(changes);
        for (at, touch) in flags.iter().take(FLAGS).enumerate() {
            let traces: Vec<_> = touch.traces.iter().map(ToString::to_string).collect();
            let more = (at + 1 == FLAGS && flags.len() > FLAGS).then(|| format!("; and {} more", flags.len() - FLAGS));
            let words = format!("{}, {}{}", touch.flag.key, traces.join(", "), more.unwrap_or_default());
            facts.push(attention(scene, if at == 0 { "flags" } else { "" }, &words));
        }
        facts.push(count(scene, changes.files.as_deref(), changes.file_count(), seen));
        let role = if overdue(scene, seen) { Role::Stale } else { Role::Dim };
        let told = Told {
            title: scene.span(Role::Heading, "All together").into(),
            about: scene.span(role, format!("seen by {} {}", seen.source, format::ago(seen.at, scene.now()))).into(),
            facts,
            files: changes.by_weight(),
            list: &self.files,
            focused: self.part == Part::Whole,
            stale: overdue(scene, seen),
        };
        draw(scene, buffer, area, told);
    }
}

fn overdue(scene: &Scene<'_>, seen: &Seen<change::Changes>) -> bool {
    scene.store().overdue(&seen.source, seen.at, scene.now()).is_some()
}

/// Draws a panel, as high as what there is to say.
fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, told: Told<'_>) {
    if area.height < 3 {
        return;
    }
    let lines = u16::try_from(told.facts.len() + told.files.len()).unwrap_or(u16::MAX);
    let area = Rect { height: lines.saturating_add(2).min(area.height), ..area };
    let border = if told.focused { Role::Accent } else { Role::Chrome };
    let inside = framed(scene, buffer, area, told.title, told.about, border);
    let content = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    let mut y = content.y;
    for line in told.facts {
        if y < content.bottom() {
            buffer.set_line(content.x, y, &cut_line(line, usize::from(content.width)), content.width);
            y += 1;
        }
    }
    let columns =
        [Column::new("", Width::Fit(5, 12)), Column::new("", Width::Rest(10)), Column::new("", Width::Fit(0, 11))];
    let selected = told.focused.then(|| told.list.at());
    let window = told.list.window(told.files.len());
    let table = Table { columns: &columns, window, selected, headings: false };
    let body = Rect { y, height: inside.bottom().saturating_sub(y), width: inside.width.saturating_sub(1), ..inside };
    table.draw(scene, buffer, body, |at| told.files.get(at).map(|file| row(scene, file)).unwrap_or_default());
    if told.stale {
        buffer.set_style(content, scene.style(Role::Stale).remove_modifier(Modifier::BOLD));
    }
}

fn row(scene: &Scene<'_>, file: &File) -> Row<'static> {
    let mut migration = Line::default();
    if file.is_migration() {
        migration.spans.extend([scene.mark(ATTENTION), scene.span(ATTENTION.role, " migration")]);
    }
    let status = scene.span(Role::Dim, file.status.as_str().replace('_', " "));
    Row { cells: vec![status.into(), scene.span(Role::Text, file.path.to_string()).into(), migration], stale: false }
}

fn labelled(scene: &Scene<'_>, label: &str, words: Vec<Span<'static>>) -> Line<'static> {
    let mut line = Line::from(scene.span(Role::Dim, format!("{label:LABEL$}")));
    line.spans.extend(words);
    line
}

fn attention(scene: &Scene<'_>, label: &str, words: &str) -> Line<'static> {
    labelled(scene, label, vec![scene.mark(ATTENTION), scene.span(Role::Text, format!(" {words}"))])
}

/// `3: 2 added, 1 modified`; or that the source does not tell.
fn count(scene: &Scene<'_>, files: Option<&[File]>, count: Option<u64>, seen: &Seen<change::Changes>) -> Line<'static> {
    let (Some(files), Some(count)) = (files, count) else {
        let words = scene.span(UNKNOWN.role, format!(" not told by {}", seen.source));
        return labelled(scene, "files", vec![scene.mark(UNKNOWN), words]);
    };
    let listed = files.len() as u64;
    let words = match (count, listed) {
        (0, _) => "none".to_owned(),
        (count, listed) if count > listed => format!("{count}, {listed} of them told"),
        (count, _) => kinds(files, count),
    };
    labelled(scene, "files", vec![scene.span(Role::Text, words)])
}

/// `3: 2 added, 1 modified`; `3 added`.
fn kinds(files: &[File], count: u64) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for file in files {
        let kind = file.status.as_str();
        match counts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind, 1)),
        }
    }
    counts.sort_unstable();
    let kinds: Vec<_> = counts.iter().map(|(kind, count)| format!("{count} {}", kind.replace('_', " "))).collect();
    if let [only] = &kinds[..] { only.clone() } else { format!("{count}: {}", kinds.join(", ")) }
}

/// `ben 2, cora 1`, who made most first.
fn authors(commits: &[Commit]) -> String {
    let mut counts: Vec<(&Text, usize)> = Vec::new();
    for commit in commits {
        match counts.iter_mut().find(|(known, _)| **known == commit.author) {
            Some((_, count)) => *count += 1,
            None => counts.push((&commit.author, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.iter().map(|(author, count)| format!("{author} {count}")).collect::<Vec<_>>().join(", ")
}
