//! Drawing the plan dialog.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::{Dialog, Part, Shown};
use crate::actions::interlocks::{Interlock, State};
use crate::actions::taken_back;
use crate::domain::environment::Tier;
use crate::domain::order::Call;
use crate::ui::glyphs::{ATTENTION, FAILED, OK, UNKNOWN};
use crate::ui::layers::{Answer, middle};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::{cut_line, framed, inner};
use crate::ui::widgets::wrap::wrap;

/// The widest a dialog gets.
const MOST: u16 = 88;
/// How far its content stands from its frame.
const MARGIN: u16 = 2;

impl Dialog {
    /// Draws it in the middle of `area`.
    ///
    /// ```text
    /// ╭─ Shift canary checkout · production ───────────────╮
    /// │  25 % ─▶ 50 %     v2.14.0 over v2.13.4             │
    /// │                                                    │
    /// │  ✓ seen 1 s ago                 (interlocks)       │
    /// │                                                    │
    /// │  1  PATCH rollout …             (calls, watch)     │
    /// │  undo  abort …                                     │
    /// │                                                    │
    /// │  Reason                                            │
    /// │                   y pull the lever   Esc leave it  │
    /// ╰────────────────────────────────────────────────────╯
    /// ```
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let (place, body) = self.place(scene, area);
        let foot = self.foot_height();
        Clear.render(place, frame.buffer_mut());
        frame.buffer_mut().set_style(place, scene.style(Role::Ground));
        let border = if self.production() { Role::Danger } else { Role::Marker };
        let inside = framed(scene, frame.buffer_mut(), place, self.title(scene), Line::default(), border);
        let content = content(inside);
        let room = content.height.saturating_sub(foot + 2);
        self.draw_body(scene, frame, Rect { y: content.y + 1, height: room, ..content }, &body);
        let y = content.bottom().saturating_sub(foot).max(content.y);
        self.draw_foot(scene, frame, Rect { y, height: content.bottom() - y, ..content });
    }

    /// Where it stands in `area`, and the lines of its body.
    fn place(&self, scene: &Scene<'_>, area: Rect) -> (Rect, Vec<Line<'static>>) {
        let width = area.width.saturating_sub(4).min(MOST);
        let body = self.body(scene, usize::from(width.saturating_sub(2 + 2 * MARGIN)));
        let whole = u16::try_from(body.len()).unwrap_or(u16::MAX).saturating_add(self.foot_height() + 4);
        (middle(area, width, whole), body)
    }

    /// Holds what is scrolled within what there is.
    pub fn settle(&mut self, scene: &Scene<'_>, area: Rect) {
        let (place, body) = self.place(scene, area);
        let room = usize::from(place.height.saturating_sub(self.foot_height() + 4));
        self.hidden = u16::try_from(body.len().saturating_sub(room)).unwrap_or(u16::MAX);
        self.scrolled = self.scrolled.min(self.hidden);
    }

    /// Takes a click on the screen `area`: a field gets the caret, and the plan can be left. Pulling is a key's.
    pub fn click(&mut self, at: Position, scene: &Scene<'_>, area: Rect) -> Answer {
        let content = content(inner(self.place(scene, area).0));
        if self.shown == Shown::Nothing || !content.contains(at) {
            return Answer::Stay;
        }
        self.hint = None;
        match content.bottom() - at.y {
            1 => return self.click_button(content.right() - at.x, scene),
            3 => self.at = Part::Reason,
            4 if self.plan.typed.is_some() => self.at = Part::Typed,
            _ => {}
        }
        Answer::Stay
    }

    /// A click on the buttons, so many columns before their end.
    fn click_button(&mut self, from_end: u16, scene: &Scene<'_>) -> Answer {
        let buttons = self.buttons(scene);
        let leave: usize = buttons.spans.iter().rev().take(2).map(Span::width).sum();
        let from_end = usize::from(from_end);
        if from_end <= leave {
            return self.leave();
        }
        if from_end <= buttons.width() {
            self.hint = Some("a click pulls nothing: y does".into());
        }
        Answer::Stay
    }

    fn production(&self) -> bool {
        self.plan.target.tier.is_some_and(Tier::is_production)
    }

    fn title(&self, scene: &Scene<'_>) -> Line<'static> {
        let target = &self.plan.target;
        let mut spans = vec![
            scene.span(Role::Heading, self.plan.title.clone()),
            Span::raw(" "),
            scene.span(Role::Text, target.name.to_string()),
        ];
        if let Some(environment) = &target.environment {
            let role = if self.production() { Role::Danger } else { Role::Heading };
            spans.extend([scene.span(Role::Dim, " · "), scene.span(role, environment.to_string())]);
        }
        spans.into()
    }

    fn body(&self, scene: &Scene<'_>, width: usize) -> Vec<Line<'static>> {
        let plan = &self.plan;
        let mut lines = change(scene, plan.before.as_str(), plan.after.as_str(), plan.about.as_ref(), width);
        let left = taken_back::lines(&scene.world, plan).into_iter();
        lines.extend(left.flat_map(|left| {
            let (role, glyph) = if left.heed { (ATTENTION.role, ATTENTION.glyph) } else { (Role::Text, " ") };
            said(scene, role, glyph, left.words.as_str(), width)
        }));
        lines.push(Line::default());
        if let Some(gone) = &self.gone {
            lines.extend(said(scene, FAILED.role, FAILED.glyph, gone.reason.as_str(), width));
        }
        lines.extend(plan.interlocks.iter().flat_map(|interlock| rule(scene, interlock, width)));
        lines.push(Line::default());
        let calls = self.calls.as_deref();
        match calls {
            Some(calls) => {
                lines.extend(calls.iter().enumerate().flat_map(|(at, call)| step(scene, at + 1, call, width)));
            }
            None => {
                lines.push(scene.span(Role::Dim, format!("1  asking {} for the exact calls …", plan.source())).into());
            }
        }
        let number = calls.map_or(2, |calls| calls.len() + 1);
        lines.extend(labelled(scene, &format!("{number} "), Role::Text, &plan.watch(), width));
        lines.extend(labelled(scene, "undo", Role::Text, plan.undo.as_str(), width));
        lines
    }

    /// Draws as much of the body as fits, and says how much does not.
    fn draw_body(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect, body: &[Line<'_>]) {
        let room = usize::from(area.height);
        let hidden = body.len().saturating_sub(room);
        let from = usize::from(self.scrolled).min(hidden);
        for (y, line) in (area.y..area.bottom()).zip(&body[from..]) {
            frame.buffer_mut().set_line(area.x, y, line, area.width);
        }
        if hidden > from {
            let more = scene.span(Role::Caution, format!("↓ {} more", hidden - from));
            let width = u16::try_from(more.width()).unwrap_or(0);
            frame.buffer_mut().set_span(area.right().saturating_sub(width), area.bottom(), &more, width);
        }
    }

    const fn foot_height(&self) -> u16 {
        if self.plan.typed.is_some() { 4 } else { 3 }
    }

    fn draw_foot(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let mut y = area.y;
        if let Some(name) = &self.plan.typed {
            let label = format!("Type {}", crate::domain::text::visible(name));
            self.draw_field(scene, frame, Rect { y, height: 1, ..area }, &label, Part::Typed);
            y += 1;
        }
        self.draw_field(scene, frame, Rect { y, height: 1, ..area }, "Reason", Part::Reason);
        if let Some(hint) = &self.hint {
            let hint = cut_line(scene.span(Role::Caution, hint.clone()).into(), usize::from(area.width));
            frame.buffer_mut().set_line(area.x, y + 1, &hint, area.width);
        }
        let buttons = self.buttons(scene);
        let width = u16::try_from(buttons.width()).unwrap_or(0).min(area.width);
        frame.buffer_mut().set_line(area.right() - width, y + 2, &buttons, width);
    }

    fn draw_field(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, line: Rect, label: &str, part: Part) {
        let focused = self.at == part;
        let role = if focused { Role::Accent } else { Role::Dim };
        frame.buffer_mut().set_span(line.x, line.y, &scene.span(role, label.to_owned()), line.width);
        let used = u16::try_from(crate::ui::format::width(label)).unwrap_or(0) + 2;
        let (x, width) = (line.x + used.min(line.width), line.width.saturating_sub(used));
        let field = if part == Part::Typed { &self.typed } else { &self.reason };
        field.draw(frame, Position { x, y: line.y }, width, focused);
        if !focused && field.text().is_empty() {
            let required = self.plan.reason_required || part == Part::Typed;
            let words = if required { "required, Tab to write" } else { "Tab to write" };
            let role = if required { Role::Caution } else { Role::Off };
            frame.buffer_mut().set_span(x, line.y, &scene.span(role, words), width);
        }
    }

    fn buttons(&self, scene: &Scene<'_>) -> Line<'static> {
        let writing = self.at != Part::Buttons;
        let (key, words) =
            if self.inert().is_some() || writing { (Role::Off, Role::Off) } else { (Role::Accent, Role::Text) };
        let leave = if writing { "leave the field" } else { "leave it" };
        let glass = if self.plan.breakable.is_empty() || writing {
            Vec::new()
        } else {
            vec![scene.span(Role::Accent, "B"), scene.span(Role::Danger, " break the glass"), Span::raw("    ")]
        };
        let rest = [
            scene.span(key, "y"),
            scene.span(words, " pull the lever"),
            Span::raw("    "),
            scene.span(Role::Accent, "Esc"),
            scene.span(Role::Text, format!(" {leave}")),
        ];
        glass.into_iter().chain(rest).collect::<Vec<_>>().into()
    }
}

/// The room for the lines within the frame.
const fn content(inside: Rect) -> Rect {
    Rect { x: inside.x + MARGIN, width: inside.width.saturating_sub(2 * MARGIN), ..inside }
}

/// Before and after, and which releases are concerned; on lines of their own where they do not fit on one.
fn change(
    scene: &Scene<'_>,
    before: &str,
    after: &str,
    about: Option<&crate::domain::text::Text>,
    width: usize,
) -> Vec<Line<'static>> {
    let mut first = Line::from(vec![
        scene.span(Role::Strong, before.to_owned()),
        scene.span(Role::Candidate, " ━━▶ "),
        scene.span(Role::Strong, after.to_owned()),
    ]);
    let Some(about) = about else { return vec![cut_line(first, width)] };
    if first.width() + 4 + crate::ui::format::width(about.as_str()) <= width {
        first.push_span(Span::raw("    "));
        first.push_span(scene.span(Role::Dim, about.to_string()));
        return vec![first];
    }
    let mut lines = vec![cut_line(first, width)];
    lines.extend(wrap(about.as_str(), width).into_iter().map(|line| scene.span(Role::Dim, line).into()));
    lines
}

fn rule(scene: &Scene<'_>, interlock: &Interlock, width: usize) -> Vec<Line<'static>> {
    let mark = match interlock.state {
        State::Clear => OK,
        State::Caution => ATTENTION,
        State::Locked => FAILED,
        State::Unknown => UNKNOWN,
    };
    let role = if interlock.state == State::Clear { Role::Text } else { mark.role };
    let message = interlock.message.as_str();
    let mut lines = said(scene, role, mark.glyph, message, width);
    if let Some(first) = lines.first_mut().and_then(|line| line.spans.first_mut()) {
        first.style = scene.style(mark.role);
    }
    if let Some(by) = interlock.cleared_by.as_ref().filter(|by| !by.is_empty()) {
        let text = format!("cleared by {by}");
        lines.extend(
            wrap(&text, width.saturating_sub(2))
                .into_iter()
                .map(|line| Line::from(vec![Span::raw("  "), scene.span(Role::Dim, line)])),
        );
    }
    lines
}

/// A sign and words beside it, folded under the words.
fn said(scene: &Scene<'_>, role: Role, glyph: &'static str, words: &str, width: usize) -> Vec<Line<'static>> {
    let folded = wrap(words, width.saturating_sub(2)).into_iter().enumerate();
    folded
        .map(|(at, line)| {
            let sign = if at == 0 { scene.span(role, glyph) } else { Span::raw(" ") };
            Line::from(vec![sign, Span::raw(" "), scene.span(role, line)])
        })
        .collect()
}

/// A label and words beside it, folded under the words.
fn labelled(scene: &Scene<'_>, label: &str, role: Role, words: &str, width: usize) -> Vec<Line<'static>> {
    let indent = crate::ui::format::width(label) + 1;
    let folded = wrap(words, width.saturating_sub(indent)).into_iter().enumerate();
    folded
        .map(|(at, line)| {
            let label = if at == 0 { format!("{label} ") } else { " ".repeat(indent) };
            Line::from(vec![scene.span(Role::Dim, label), scene.span(role, line)])
        })
        .collect()
}

/// One call as it will be sent, whole: verb, target and body, and the headers that matter.
fn step(scene: &Scene<'_>, number: usize, call: &Call, width: usize) -> Vec<Line<'static>> {
    let mut lines = labelled(scene, &format!("{number} "), Role::Strong, &call.to_string(), width);
    for (name, value) in &call.headers {
        let header = format!("{name}: {value}");
        let header = crate::domain::text::visible(&header);
        lines.extend(labelled(scene, "  ", Role::Dim, &header, width));
    }
    lines
}
