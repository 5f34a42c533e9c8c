//! The ladder of a canary: its steps one after another, what is passed, where it stands, what is to come.

use ratatui::layout::Position;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::domain::rollout::{Phase, Rollout, RolloutStep};
use crate::ui::glyphs::{self, Mark};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::bar::bar;
use crate::ui::widgets::scale::Scale;

/// The steps in at most `width` columns. `baked` is how much of the present step's bake time is over, in percent.
///
/// ```text
/// ✓ 5 % ━━━━━━━━ ◐ 25 % ━━━━──── ○ 50 % ──────── ○ 100 %
/// ```
pub fn ladder(scene: &Scene<'_>, rollout: &Rollout, baked: Option<u8>, width: usize) -> Line<'static> {
    let at = rollout.step.and_then(|step| usize::try_from(step.index).ok()).unwrap_or(0);
    let count = rollout.steps.len();
    let rule = rule(rollout, width);
    let under_way = rollout.phase.under_way();
    let mut line = Line::default();
    for (index, step) in rollout.steps.iter().enumerate() {
        let number = index + 1;
        let mark = mark(rollout.phase, number, at);
        let style = if number == at && under_way {
            scene.style(Role::Candidate).add_modifier(Modifier::BOLD)
        } else {
            scene.style(if number < at || rollout.phase == Phase::Complete { Role::Text } else { Role::Dim })
        };
        line.spans.extend([scene.mark(mark), Span::raw(" "), Span::styled(step.weight.to_string(), style)]);
        if number < count {
            let done = match number.cmp(&at) {
                _ if rollout.phase == Phase::Complete => 100,
                _ if !under_way => 0,
                std::cmp::Ordering::Less => 100,
                std::cmp::Ordering::Equal => baked.unwrap_or(0),
                std::cmp::Ordering::Greater => 0,
            };
            line.push_span(Span::raw(" "));
            line.spans.extend(bar(scene, done, rule, Role::Candidate));
            line.push_span(Span::raw(" "));
        }
    }
    line
}

/// How long the rule between two steps is.
fn rule(rollout: &Rollout, width: usize) -> u16 {
    let labels: usize = rollout.steps.iter().map(|step| usize::from(label(step))).sum();
    let gaps = rollout.steps.len().saturating_sub(1).max(1);
    let each = (width.saturating_sub(labels) / gaps).clamp(3, 16);
    u16::try_from(each - 2).unwrap_or(1)
}

/// How many columns a step's sign and weight take.
fn label(step: &RolloutStep) -> u16 {
    u16::try_from(step.weight.to_string().len()).unwrap_or(0) + 2
}

/// Which percentages lie where on the ladder that is drawn at `at`: a step's on its words, and what is between two steps
/// on the rule between them.
pub fn scale(rollout: &Rollout, at: Position, width: usize) -> Scale {
    let rule = rule(rollout, width);
    let mut x = at.x;
    let mut stops = Vec::new();
    for step in &rollout.steps {
        let (label, percent) = (label(step), step.weight.percent());
        stops.extend([(x, percent), (x + label - 1, percent)]);
        x += label + rule + 2;
    }
    Scale::new(at.y, stops)
}

/// The sign of step `number` where step `at` is the present one.
fn mark(phase: Phase, number: usize, at: usize) -> Mark {
    match phase {
        Phase::Complete => glyphs::OK,
        _ if !phase.under_way() || number > at => glyphs::IDLE,
        _ if number < at => glyphs::OK,
        Phase::Waiting | Phase::Progressing => glyphs::CANARY,
        phase => glyphs::phase(phase),
    }
}
