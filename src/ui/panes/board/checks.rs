//! What tests, scans and signatures say of the newest run, in one line.

use ratatui::text::{Line, Span};

use super::detail::labelled;
use crate::domain::environment::Environment;
use crate::domain::run::{Run, StageKind, Status};
use crate::domain::service::Service;
use crate::ui::glyphs::{self, Mark};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;

/// One thing that was looked at: its name, how it came out, and its words.
struct Check {
    name: String,
    mark: Mark,
    says: String,
}

/// The jobs that tested it and the evidence at its gates, what speaks against it first; nothing where the way says it all.
///
/// ```text
/// checks      ▲ dependencies 2 medium   ? image no signature of the digest   ✓ unit   ✓ integration   ✓ e2e 31 of 31
/// ```
pub fn checks(scene: &Scene<'_>, service: &Service) -> Option<Line<'static>> {
    let run = service.latest_run.as_ref()?;
    let mut checks = evidence(service, run);
    checks.extend(tested(run).filter(|job| checks.iter().all(|check| check.name != job.name)).collect::<Vec<_>>());
    checks.sort_by_key(|check| rank(check.mark));
    let mut words = Vec::new();
    for check in checks {
        if !words.is_empty() {
            words.push(Span::raw("   "));
        }
        let role = if rank(check.mark) == 0 { check.mark.role } else { Role::Text };
        words.extend([scene.mark(check.mark), scene.span(role, format!(" {}", check.name))]);
        if !check.says.is_empty() {
            words.push(scene.span(Role::Dim, format!(" {}", check.says)));
        }
    }
    (!words.is_empty()).then(|| labelled(scene, "checks", words))
}

/// What is bad or missing comes before what is at work, and that before what is good.
fn rank(mark: Mark) -> u8 {
    match mark {
        glyphs::FAILED | glyphs::ATTENTION | glyphs::UNKNOWN => 0,
        glyphs::OK => 2,
        _ => 1,
    }
}

fn evidence(service: &Service, run: &Run) -> Vec<Check> {
    let gates = service.environments.iter().flat_map(Environment::gates).filter(|gate| gate.run == run.id);
    let known = gates.flat_map(|gate| &gate.evidence);
    let check = |evidence: &crate::domain::evidence::Evidence| Check {
        name: evidence.name.to_string(),
        mark: glyphs::evidence(evidence.state),
        says: evidence.says.to_string(),
    };
    known.map(check).collect()
}

/// The jobs of the stages that test, where these fan out and have begun.
fn tested(run: &Run) -> impl Iterator<Item = Check> {
    let stages = run.stages.iter().filter(|stage| stage.kind == StageKind::Test && stage.jobs.len() > 1);
    let begun = stages.flat_map(|stage| &stage.jobs).filter(|job| job.status != Status::Queued);
    begun.map(|job| Check { name: job.name.to_string(), mark: glyphs::status(job.status), says: String::new() })
}
