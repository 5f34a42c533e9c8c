//! The schedule: which source is asked for what, and when. Pure, fixed and predictable: the pace depends only on what is
//! on the screen, what moves, and how the source answers. One question in flight for each subject of a source; a second
//! one meanwhile is asked once more after.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::domain::ids::SourceName;
use crate::domain::observation::Subject;
use crate::domain::topology::{Pace, Source};

/// How much of its pace has passed when a question may go with one that is due and no quicker.
const SOON: f64 = 0.5;
/// The same for a question that is slower than all that is due: the quick ones do not draw it into their pace.
const SOON_IF_SLOWER: f64 = 0.75;

/// What is asked of a source.
pub type Question = (SourceName, Subject);

/// When each question was asked, and whether its answer is out.
#[derive(Debug, Clone, Default)]
pub struct Schedule {
    asked: BTreeMap<Question, Asked>,
    watched: Vec<Question>,
    moving: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    at: Timestamp,
    in_flight: bool,
    again: bool,
}

impl Schedule {
    /// Takes note of what the screen shows beside the overview, and of whether anything moves.
    pub fn watch(&mut self, watched: Vec<Question>, moving: bool) {
        self.watched = watched;
        self.watched.retain(|(_, subject)| *subject != Subject::Overview);
        self.moving = moving;
        let watched = &self.watched;
        self.asked
            .retain(|question, asked| asked.in_flight || question.1 == Subject::Overview || watched.contains(question));
    }

    /// What is on the screen beside the overview.
    pub fn watched(&self) -> &[Question] {
        &self.watched
    }

    /// The questions whose time has come; they count as asked. With them goes what would be due soon after, so that
    /// questions of different paces come to be asked together and the program wakes once for all of them.
    pub fn due(&mut self, sources: &[Source], now: Timestamp) -> Vec<Question> {
        let wanted: Vec<_> = self.wanted(sources).collect();
        let due = wanted.iter().filter(|(question, every)| self.next(question, *every) <= now);
        let Some(slowest) = due.map(|(_, every)| *every).max() else { return Vec::new() };
        let soon = |every: Duration| every.mul_f64(if every <= slowest { SOON } else { SOON_IF_SLOWER });
        let due = wanted.into_iter().filter(|(question, every)| self.next(question, soon(*every)) <= now);
        let due: Vec<_> = due.map(|(question, _)| question).collect();
        due.into_iter().filter(|question| self.ask(question.clone(), now)).collect()
    }

    /// Asks now, whatever the pace; `false` if the question is out already, and then it is asked once more after.
    pub fn ask(&mut self, question: Question, now: Timestamp) -> bool {
        let asked = self.asked.entry(question).or_insert(Asked { at: now, in_flight: false, again: false });
        if asked.in_flight {
            asked.again = true;
            return false;
        }
        *asked = Asked { at: now, in_flight: true, again: false };
        true
    }

    /// The answer is there; `true` if it was asked for once more meanwhile.
    pub fn answered(&mut self, question: &Question) -> bool {
        let Some(asked) = self.asked.get_mut(question) else { return false };
        asked.in_flight = false;
        std::mem::take(&mut asked.again)
    }

    /// When the next question is due, of those that are not out.
    pub fn wake_at(&self, sources: &[Source]) -> Option<Timestamp> {
        let waiting = |question: &Question| self.asked.get(question).is_none_or(|asked| !asked.in_flight);
        self.wanted(sources)
            .filter(|(question, _)| waiting(question))
            .map(|(question, every)| self.next(&question, every))
            .min()
    }

    fn wanted<'a>(&'a self, sources: &'a [Source]) -> impl Iterator<Item = (Question, Duration)> + 'a {
        sources.iter().flat_map(move |source| {
            let (overview, shown) = self.every(source.pace);
            let overview = ((source.name.clone(), Subject::Overview), overview);
            let here = self.watched.iter().filter(|(name, _)| *name == source.name);
            std::iter::once(overview).chain(here.map(move |question| (question.clone(), shown)))
        })
    }

    /// How often the overview is asked for, and what else is on the screen.
    const fn every(&self, pace: Pace) -> (Duration, Duration) {
        if self.moving { (pace.moving, pace.moving) } else { (pace.hidden, pace.visible) }
    }

    fn next(&self, question: &Question, every: Duration) -> Timestamp {
        match self.asked.get(question) {
            None => Timestamp::MIN,
            Some(asked) if asked.in_flight => Timestamp::MAX,
            Some(asked) => {
                asked.at.saturating_add(SignedDuration::try_from(every).unwrap_or_default()).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Source {
        Source { name: "engine".into(), pace: Pace::NEAR }
    }

    /// One whose overview is asked for every 2 s while nothing moves, and what is on the screen every second.
    fn eager() -> Source {
        Source { pace: Pace { visible: Duration::from_secs(1), ..Pace::NEAR }, ..source() }
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    #[test]
    fn a_question_is_out_only_once_and_a_second_one_follows_after() {
        let (mut schedule, sources) = (Schedule::default(), [source()]);
        let question: Question = ("engine".into(), Subject::Overview);
        assert_eq!(schedule.due(&sources, at(0)), std::slice::from_ref(&question));
        assert_eq!(schedule.due(&sources, at(60_000)), []);
        assert!(!schedule.ask(question.clone(), at(60_000)));
        assert!(schedule.answered(&question));
        assert!(schedule.ask(question.clone(), at(60_001)));
        assert!(!schedule.answered(&question));
    }

    #[test]
    fn what_moves_is_asked_more_often() {
        let (mut schedule, sources) = (Schedule::default(), [source()]);
        let question: Question = ("engine".into(), Subject::Overview);
        schedule.due(&sources, at(0));
        schedule.answered(&question);
        assert_eq!(schedule.wake_at(&sources), Some(at(2000)));
        schedule.watch(Vec::new(), true);
        assert_eq!(schedule.wake_at(&sources), Some(at(1000)));
        assert_eq!(schedule.due(&sources, at(999)), []);
        assert_eq!(schedule.due(&sources, at(1000)), std::slice::from_ref(&question));
        schedule.answered(&question);
        let one: Question = ("engine".into(), Subject::Runs("shop".into()));
        for (moving, next) in [(true, 2000), (false, 3000)] {
            schedule.watch(vec![one.clone()], moving);
            schedule.asked.insert(one.clone(), Asked { at: at(1000), in_flight: false, again: false });
            assert_eq!(schedule.wake_at(&sources), Some(at(next)));
        }
    }

    #[test]
    fn questions_of_one_pace_come_to_be_asked_together() {
        for apart in [1, 999, 1000, 1001, 1999] {
            let (mut schedule, sources) = (Schedule::default(), [source()]);
            let (all, one): (Question, Question) =
                (("engine".into(), Subject::Overview), ("engine".into(), Subject::Runs("shop".into())));
            schedule.due(&sources, at(0));
            schedule.watch(vec![one.clone()], false);
            schedule.answered(&all);
            let mut turns = vec![schedule.due(&sources, at(apart)).len()];
            for _ in 0..3 {
                for question in [&all, &one] {
                    schedule.answered(question);
                }
                let next = schedule.wake_at(&sources).unwrap();
                turns.push(schedule.due(&sources, next).len());
            }
            assert_eq!(turns[2..], [2, 2], "{apart} ms apart: {turns:?}");
        }
    }

    #[test]
    fn what_is_due_soon_goes_with_what_is_due() {
        let (mut schedule, sources) = (Schedule::default(), [eager()]);
        let (all, one): (Question, Question) =
            (("engine".into(), Subject::Overview), ("engine".into(), Subject::Runs("shop".into())));
        let answered = |schedule: &mut Schedule| [&all, &one].map(|question| schedule.answered(question));
        schedule.due(&sources, at(0));
        schedule.watch(vec![one.clone()], false);
        assert_eq!(schedule.due(&sources, at(120)), std::slice::from_ref(&one));
        answered(&mut schedule);
        // Only one is due, the other not even soon.
        assert_eq!(schedule.due(&sources, at(1120)), std::slice::from_ref(&one));
        answered(&mut schedule);
        // Nothing is asked early for its own sake.
        assert_eq!(schedule.due(&sources, at(1999)), []);
        for second in 2..5 {
            let together = if second % 2 == 0 { vec![all.clone(), one.clone()] } else { vec![one.clone()] };
            assert_eq!(schedule.wake_at(&sources), Some(at(second * 1000)));
            assert_eq!(schedule.due(&sources, at(second * 1000)), together);
            answered(&mut schedule);
        }
    }
}
