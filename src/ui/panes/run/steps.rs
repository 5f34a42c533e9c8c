//! The steps of a job in its log: a line `$ NAME` stands where a step begins, as a shell would show it.

use std::time::Duration;

use crate::domain::run::Step;
use crate::domain::text::Text;
use crate::store::log::Log;
use crate::ui::format;

/// The most columns of a step's name that are said.
const NAME: usize = 48;

/// Where steps begin: the line of what is loaded, and the step's place among `steps`. They begin in their order; of a
/// log whose front is not loaded the first that is found may be any of them.
pub fn begins(log: &Log, steps: &[Step]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for line in 0..log.lines() {
        let Some(said) = log.line(line).and_then(|raw| raw.strip_prefix(b"$ ")) else { continue };
        let said = Text::new(String::from_utf8_lossy(said));
        let next = found.last().map_or(0, |(_, step)| step + 1);
        let anywhere = found.is_empty() && log.missing() > 0;
        let until = if anywhere { steps.len() } else { steps.len().min(next + 1) };
        found.extend((next..until).find(|step| steps[*step].name == said).map(|step| (line, step)));
    }
    found
}

/// `step 2 of 4: make test · failed, 0m41`.
pub fn says(steps: &[Step], at: usize) -> String {
    let Some(step) = steps.get(at) else { return String::new() };
    let took = step.duration_ms.map(|ms| format!(", {}", format::duration(Duration::from_millis(ms))));
    let (name, count) = (format::cut(step.name.as_str(), NAME), steps.len());
    format!("step {} of {count}: {name} · {}{}", at + 1, step.status, took.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::Chunk;
    use crate::domain::run::Status;

    fn step(name: &str) -> Step {
        Step { name: name.into(), status: Status::Failed, started_at: None, duration_ms: Some(41_000) }
    }

    fn log(from: u64, text: &str) -> Log {
        let mut log = Log::default();
        log.append(
            &Chunk { from, bytes: text.into(), total: from + text.len() as u64, ended: true },
            jiff::Timestamp::UNIX_EPOCH,
        );
        log
    }

    #[test]
    fn steps_begin_in_their_order_and_what_a_step_writes_begins_none() {
        let steps = ["make", "make test", "make"].map(step);
        let text = "$ make\n$ make\nok\n$ make test\n$ make\n$ make\n";
        assert_eq!(begins(&log(0, text), &steps), [(0, 0), (3, 1), (4, 2)]);
        assert_eq!(begins(&log(0, "$ make test\n$ make\n"), &steps), [(1, 0)]);
        assert!(begins(&log(0, "make\n"), &steps).is_empty());
    }

    #[test]
    fn where_the_front_is_missing_the_first_that_is_found_may_be_any() {
        let steps = ["make", "make test", "make pack"].map(step);
        assert_eq!(begins(&log(900, "ok\n$ make test\n$ make\n$ make pack\n"), &steps), [(1, 1), (3, 2)]);
    }

    #[test]
    fn a_step_is_said_with_how_it_stands_and_how_long_it_took() {
        let steps = ["make", "make\ttest"].map(step);
        assert_eq!(says(&steps, 1), "step 2 of 2: make␉test · failed, 0m41");
        let long = [Step { duration_ms: None, ..step(&"x".repeat(99)) }];
        assert_eq!(says(&long, 0), format!("step 1 of 1: {}… · failed", "x".repeat(47)));
    }
}
