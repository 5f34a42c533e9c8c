//! The list of jobs: moving in it, and marks.

use super::{Runs, Wanted};
use crate::domain::ids::JobName;
use crate::domain::run::Run;
use crate::store::Store;
use crate::ui::command::Move;
use crate::ui::panes::board::telling;
use crate::ui::reaction::Reaction;

/// Every job's name, in the order of the pipeline.
pub(super) fn names(run: &Run) -> Vec<JobName> {
    run.stages.iter().flat_map(|stage| &stage.jobs).map(|job| job.name.clone()).collect()
}

impl Runs {
    /// Holds the selection and the marks to the jobs that there are; selects what is wanted once it is there.
    pub(super) fn settle_jobs(&mut self, run: &Run, height: usize) {
        let rows = names(run);
        self.jobs.settle(&rows, height);
        let wanted = match &self.wanted {
            Wanted::Telling => telling(run).map(|job| job.name.clone()),
            Wanted::Job(name) => Some(name.clone()),
            Wanted::Chosen => None,
        };
        if wanted.is_some_and(|name| self.jobs.select(&name, &rows)) && matches!(self.wanted, Wanted::Job(_)) {
            self.wanted = Wanted::Chosen;
        }
        self.marked.retain(|name| rows.contains(name));
    }

    /// Moves among the jobs, or to another stage.
    pub(super) fn move_jobs(&mut self, to: Move, run: &Run) {
        self.wanted = Wanted::Chosen;
        match to {
            Move::Left => self.move_stage(run, false),
            Move::Right => self.move_stage(run, true),
            _ => drop(self.jobs.update(to, &names(run))),
        }
    }

    /// To the first job of the next stage or of the one before.
    fn move_stage(&mut self, run: &Run, right: bool) {
        let Some(selected) = self.jobs.selected() else { return };
        let with_jobs: Vec<_> = run.stages.iter().filter(|stage| !stage.jobs.is_empty()).collect();
        let at = with_jobs.iter().position(|stage| stage.jobs.iter().any(|job| job.name == *selected));
        let next = if right { at.map(|at| at + 1) } else { at.and_then(|at| at.checked_sub(1)) };
        if let Some(stage) = next.and_then(|at| with_jobs.get(at)) {
            self.jobs.select(&stage.jobs[0].name, &names(run));
        }
    }

    /// Marks the selected job, or takes its mark away.
    pub(super) fn mark(&mut self, store: &Store) -> Vec<Reaction> {
        let Some(run) = self.seen(store).map(|seen| names(seen.value)) else {
            return vec![Reaction::Say("no run is shown".into())];
        };
        let selected = self.jobs.selected();
        let turned = |name: &JobName| self.marked.contains(name) != (Some(name) == selected);
        self.marked = run.into_iter().filter(turned).collect();
        let words = match &self.marked[..] {
            [] => "no job is marked".into(),
            [name] => format!("{name} is marked: retry runs it again, and what comes after it"),
            marked => {
                let marked: Vec<_> = marked.iter().map(ToString::to_string).collect();
                format!("{} are marked: retry runs them again, and what comes after", marked.join(", "))
            }
        };
        vec![Reaction::Say(words.into())]
    }
}
