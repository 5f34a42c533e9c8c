//! The shop: four sample services, their sources, and how these change from release to release. Pure: the same number
//! gives the same release.

use std::fmt::Write as _;

use super::samples;
use super::service::Behaviour;

/// One sample service.
#[derive(Debug)]
pub struct Sample {
    /// Its name.
    pub name: &'static str,
    /// Its sources at first: path and content.
    pub files: &'static [(&'static str, &'static str)],
    /// The versions of the releases that are there from the start, oldest first; later ones count the last part up.
    pub versions: &'static [&'static str],
    /// The flags that it reads, as its pipeline file declares them.
    pub flags: &'static [&'static str],
    /// How long half of its requests take, and 95 of 100; milliseconds.
    pub latency_ms: (f64, f64),
    /// What changes in turn.
    pub changes: &'static [Change],
    /// The change that breaks a test: the number of its release, its title, the file, the new content.
    pub breaks: Option<(usize, &'static str, &'static str, &'static str)>,
    /// Where it stands once the demonstration is ready.
    pub goal: Goal,
    /// Of how many releases one is bad to its users; none if it is 0.
    pub bad_one_in: usize,
}

/// Where a service stands once the demonstration is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A canary in production, on the step that waits for a person.
    Canary,
    /// Two healthy colours in production.
    TwoColors,
    /// Two releases in every environment, and a gate that waits.
    Gate,
    /// The newest run failed; older releases serve everywhere.
    FailedTest,
}

/// A change: what it is for, and the line that it adds to a file.
#[derive(Debug)]
pub struct Change {
    /// The commit's first line.
    pub title: &'static str,
    /// The file.
    pub file: &'static str,
    /// The line.
    pub line: &'static str,
}

/// A commit that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its first line.
    pub title: String,
    /// The files that it writes, whole.
    pub files: Vec<(&'static str, String)>,
}

/// All sample services.
pub const SAMPLES: [&Sample; 4] = [&samples::CHECKOUT, &samples::PAYMENTS, &samples::SEARCH, &samples::CATALOG];

/// The changes of each release that is there from the start; later ones bring one change each.
const CHANGES_AT_FIRST: usize = 3;
/// How long the jobs pause at every file, in seconds, until the releases are there that are there from the start.
const PACE_AT_FIRST: &str = "0.15";
/// And afterwards, so that a run can be watched.
const PACE: &str = "0.4";

impl Sample {
    /// The version of the release called `number`; the first is 1.
    pub fn version(&self, number: usize) -> String {
        let Some(last) = self.versions.last() else { return format!("v0.0.{number}") };
        if let Some(version) = number.checked_sub(1).and_then(|at| self.versions.get(at)) {
            return (*version).to_owned();
        }
        let (head, tail) = last.rsplit_once('.').unwrap_or((last, "0"));
        let tail: usize = tail.parse().unwrap_or_default();
        format!("{head}.{}", tail + number - self.versions.len())
    }

    /// Whether that release is bad to its users.
    pub const fn is_bad(&self, number: usize) -> bool {
        self.bad_one_in > 0 && number.is_multiple_of(self.bad_one_in)
    }

    /// How that release behaves.
    pub fn behaviour(&self, number: usize) -> Behaviour {
        let bad = self.is_bad(number);
        let (median, p95) = self.latency_ms;
        Behaviour {
            start_ms: 120,
            errors: if bad { 8.0 } else { 0.1 },
            front_errors: if bad { 8.0 } else { 0.0 },
            median_ms: if bad { median * 2.0 } else { median },
            p95_ms: if bad { p95 * 3.0 } else { p95 },
            flags: self.flags.iter().map(|flag| (*flag).to_owned()).collect(),
        }
    }

    /// The commits of that release, oldest first. `program` is the path of the binary whose hidden command the release
    /// runs.
    pub fn commits(&self, number: usize, program: &str) -> Vec<Commit> {
        let (from, to) = (self.changes_before(number), self.changes_before(number + 1));
        let mut commits: Vec<Commit> = (from..to).map(|at| self.change(at)).collect();
        if number == 1 {
            commits.insert(0, self.initial(program));
        }
        let broken = self.breaks.filter(|breaks| breaks.0 == number);
        if let Some(last) = commits.last_mut() {
            last.files.push(("release.toml", self.release_file(number)));
            if number == self.versions.len() + 1 {
                last.files.push(("ci/pace", PACE.to_owned()));
            }
            if let Some((_, title, file, content)) = broken {
                title.clone_into(&mut last.title);
                last.files.push((file, content.to_owned()));
            }
        }
        commits
    }

    /// How many changes there are before the release called `number`.
    fn changes_before(&self, number: usize) -> usize {
        let before = number.saturating_sub(1);
        let first = before.min(self.versions.len());
        first * CHANGES_AT_FIRST + (before - first)
    }

    fn initial(&self, program: &str) -> Commit {
        let mut files: Vec<_> = self.files.iter().map(|(path, content)| (*path, (*content).to_owned())).collect();
        files.extend(samples::CI.iter().map(|(path, content)| (*path, (*content).to_owned())));
        files.push(("program", program.to_owned()));
        files.push(("ci/pace", PACE_AT_FIRST.to_owned()));
        files.push(("release.toml", self.release_file(1)));
        Commit { title: format!("Begin {}", self.name), files }
    }

    /// The change at `at`, counted from 0 over the whole history; it begins anew when all were made.
    fn change(&self, at: usize) -> Commit {
        let Some(change) = self.changes.get(at % self.changes.len().max(1)) else {
            return Commit { title: "Tidy up".to_owned(), files: Vec::new() };
        };
        let begun = self.files.iter().find(|(path, _)| *path == change.file);
        let mut content = begun.map(|(_, content)| (*content).to_owned()).unwrap_or_default();
        let lines = self.changes.iter().cycle().take(at + 1).filter(|other| other.file == change.file);
        for other in lines {
            content.push_str(other.line);
            content.push('\n');
        }
        Commit { title: change.title.to_owned(), files: vec![(change.file, content)] }
    }

    fn release_file(&self, number: usize) -> String {
        let behaviour = self.behaviour(number);
        let mut text = format!("# How {} {} behaves: times in milliseconds, ", self.name, self.version(number));
        text.push_str("errors in percent of the requests.\n");
        let _ = writeln!(text, "start_ms = {}", behaviour.start_ms);
        let _ = writeln!(text, "errors = {:?}", behaviour.errors);
        let _ = writeln!(text, "front_errors = {:?}", behaviour.front_errors);
        let _ = writeln!(text, "median_ms = {:?}", behaviour.median_ms);
        let _ = writeln!(text, "p95_ms = {:?}", behaviour.p95_ms);
        let _ = writeln!(text, "flags = {:?}", behaviour.flags);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::spec;

    fn sample(name: &str) -> &'static Sample {
        SAMPLES.iter().find(|sample| sample.name == name).unwrap()
    }

    #[test]
    fn every_pipeline_file_is_good_and_declares_the_flags_that_are_read() {
        for sample in SAMPLES {
            let (_, text) = sample.files.iter().find(|(path, _)| *path == spec::FILE).unwrap();
            let pipeline = spec::parse(text, spec::FILE).unwrap_or_else(|faults| panic!("{}: {faults}", sample.name));
            assert_eq!(pipeline.service.as_str(), sample.name);
            assert_eq!(pipeline.environments.len(), 3);
            let declared: Vec<_> = pipeline.flags.iter().map(|flag| flag.key.as_str()).collect();
            assert_eq!(declared, sample.flags);
        }
    }

    #[test]
    fn versions_count_on_after_the_first_ones() {
        let versions: Vec<_> = (1..=4).map(|number| sample("checkout").version(number)).collect();
        assert_eq!(versions, ["v2.13.4", "v2.14.0", "v2.14.1", "v2.14.2"]);
    }

    #[test]
    fn one_release_of_checkout_in_five_is_bad_and_none_of_the_others() {
        let bad: Vec<_> = (1..=10).filter(|number| sample("checkout").is_bad(*number)).collect();
        assert_eq!(bad, [5, 10]);
        assert!(["catalog", "payments", "search"].iter().all(|name| (1..=50).all(|n| !sample(name).is_bad(n))));
    }

    #[test]
    fn the_file_of_a_release_is_read_as_it_was_meant() {
        for sample in SAMPLES {
            for number in [1, 5] {
                let read: Behaviour = toml::from_str(&sample.release_file(number)).unwrap();
                assert_eq!(read, sample.behaviour(number));
            }
        }
    }

    #[test]
    fn a_release_changes_its_tables_and_only_one_breaks_a_test() {
        let search = sample("search");
        let (first, second) = (search.commits(1, "/bin/true"), search.commits(2, "/bin/true"));
        assert_eq!((first.len(), second.len()), (4, 3));
        assert!(first[0].files.iter().any(|(path, content)| *path == "program" && content == "/bin/true"));
        assert!(second[2].files.iter().any(|(path, _)| *path == "src/rank.sh"));
        assert_eq!(search.commits(9, "").len(), 1);
        assert!((3..40).all(|n| search.commits(n, "").iter().all(|c| c.files.iter().all(|f| f.0 != "src/rank.sh"))));
    }
}
