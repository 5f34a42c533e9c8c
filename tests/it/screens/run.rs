//! One run: its graph, its jobs, and the log with all that can be done in it.

use leverframe::actions::Request;
use leverframe::domain::ids::{JobName, RunId, RunKey, ServiceName};
use leverframe::domain::log::{Chunk, LogKey, Mark, Times};
use leverframe::domain::observation::{Facts, Subject};
use leverframe::domain::order::Retry;
use leverframe::domain::run::{Status, Step};
use leverframe::ui::Reaction;
use leverframe::ui::theme::{Depth, Role, Theme};
use ratatui::style::Color;

use crate::support::screen::Screen;

fn key(service: &str, id: &str, job: &str) -> LogKey {
    LogKey { run: RunKey { service: ServiceName::new(service), id: RunId::new(id) }, job: JobName::new(job) }
}

/// More of the log of catalog's running job.
fn write(screen: &mut Screen, text: &str) {
    let key = key("catalog", "63", "e2e");
    let from = screen.known.store.log(&key).map_or(0, leverframe::store::log::Log::end);
    let total = from + text.len() as u64;
    screen.known.learn(Facts::Log(key, Chunk { from, bytes: text.into(), total, ended: false }));
    screen.paint();
}

/// The run of catalog that is under way, with its log in focus.
fn running(width: u16, height: u16) -> Screen {
    let mut screen = Screen::new("shop", width, height);
    screen.press("j j j l");
    screen
}

#[test]
fn it_looks_like_this() {
    insta::assert_snapshot!("run_140x40", Screen::new("shop", 140, 40).press("2").drawing());
    insta::assert_snapshot!("run_80x24", Screen::new("shop", 80, 24).press("2").drawing());
    insta::assert_snapshot!("run_log_80x24", Screen::new("shop", 80, 24).press("l").drawing());
    insta::assert_snapshot!("run_moving_140x40", running(140, 40).drawing());
}

#[test]
fn it_shows_the_run_of_what_was_selected() {
    for (keys, words) in [("2", "search run 92"), ("j j 2", "checkout run 41"), ("3 enter", "payments run 17")] {
        let mut screen = Screen::new("shop", 140, 40);
        assert!(screen.press(keys).text().contains(words), "{keys}: {}", screen.text());
    }
}

#[test]
fn the_job_that_failed_is_selected_and_its_log_is_there() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("2");
    assert!(screen.line("▌").contains("✗  e2e"), "{}", screen.text());
    assert!(screen.text().contains("expected [7, 3, 1], got [3, 7, 1]"), "{}", screen.text());
}

#[test]
fn older_and_newer_runs_are_a_key_away() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("2 [");
    assert!(screen.text().contains("search run 91 ✓ succeeded"), "{}", screen.text());
    assert!(screen.text().contains("2 of 3"), "{}", screen.text());
    screen.press("[ [");
    assert_eq!(screen.status(), "○ no older run is known");
    screen.press("] ] ]");
    assert_eq!(screen.status(), "○ this is the newest run");
    assert!(screen.text().contains("search run 92"), "{}", screen.text());
}

#[test]
fn the_console_is_told_what_it_needs() {
    let screen = running(140, 40);
    let log = key("catalog", "63", "e2e");
    let end = screen.known.store.log(&log).unwrap().end();
    let run = log.run.clone();
    let wanted = [Subject::Run(run.clone()), Subject::Runs(run.service), Subject::Log(log, end)];
    assert_eq!(screen.ui.watched(&screen.known.store), wanted);
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("j j l");
    let asked = screen.ui.watched(&screen.known.store);
    assert!(asked.contains(&Subject::Log(key("checkout", "41", "production"), u64::MAX)), "{asked:?}");
}

#[test]
fn a_whole_log_of_a_job_that_has_ended_is_not_asked_for_again() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("2");
    let asked = screen.ui.watched(&screen.known.store);
    assert!(!asked.iter().any(|subject| matches!(subject, Subject::Log(..))), "{asked:?}");
}

#[test]
fn the_log_follows_until_one_moves_up_and_again_when_told() {
    let mut screen = running(140, 40);
    write(&mut screen, "the last line\n");
    assert!(screen.text().contains("the last line") && screen.text().contains("following"), "{}", screen.text());
    screen.press("k");
    assert!(screen.text().contains("paused"));
    let before = screen.line("step 30 ");
    write(&mut screen, "one more\ntwo more\n");
    assert!(!screen.text().contains("two more"), "{}", screen.text());
    assert_eq!(screen.line("step 30 "), before);
    screen.press("f");
    assert!(screen.text().contains("two more") && screen.text().contains("following"), "{}", screen.text());
    screen.press("g");
    assert!(screen.line("▌").contains("$ make e2e"), "{}", screen.text());
    screen.press("G");
    assert!(screen.text().contains("two more"));
}

#[test]
fn a_search_goes_from_hit_to_hit_round_the_ends() {
    let mut screen = running(140, 40);
    screen.press("/").type_text("page 1.?4$").press("enter");
    assert!(screen.line("││▌").contains("step 22 of 61: category page 154"), "{}", screen.text());
    assert!(screen.text().contains("/page 1.?4$  2 of 2 lines"), "{}", screen.text());
    screen.press("n");
    assert_eq!(screen.status(), "○ on from the beginning");
    assert!(screen.line("││▌").contains("category page 14"), "{}", screen.text());
    screen.press("N");
    assert!(screen.line("││▌").contains("category page 154"), "{}", screen.text());
    screen.press("esc");
    assert!(!screen.text().contains("/page"), "Esc ends the search first");
    screen.press("esc n");
    assert!(matches!(screen.wanted.last(), Some(Reaction::Ask(Request::Start { .. }))), "then it leaves the log");
}

#[test]
fn hits_are_marked_and_a_pattern_that_is_none_is_searched_as_it_stands() {
    let mut screen = running(140, 40);
    screen.press("/").type_text("page 7(").press("enter");
    assert!(screen.text().contains("/page 7( as it stands  0 lines"), "{}", screen.text());
    screen.press("n");
    assert_eq!(screen.status(), "○ no line of the log matches");
    screen.press("/").press("backspace").press("esc esc /").type_text("of 61").press("enter");
    let mark = Theme::named("leverframe", Depth::Rgb).unwrap().style(Role::Match);
    let row = u16::try_from(screen.text().lines().position(|line| line.contains("││▌")).unwrap()).unwrap();
    let line = screen.text().lines().nth(usize::from(row)).unwrap().to_owned();
    let column = line.chars().take(line[..line.find("of 61").unwrap()].chars().count()).count();
    assert_eq!(screen.buffer()[(u16::try_from(column).unwrap(), row)].fg, mark.fg.unwrap(), "{line}");
}

#[test]
fn the_first_error_is_one_key_away() {
    let mut screen = Screen::new("shop", 80, 24);
    screen.press("2 E");
    assert!(screen.line("▌").contains("FAIL ranks_fresh_documents_first"), "{}", screen.text());
    screen.press("y");
    assert_eq!(screen.wanted, [Reaction::Copy("FAIL ranks_fresh_documents_first (5012 ms)".into())]);
    let mut screen = running(140, 40);
    screen.press("E");
    assert_eq!(screen.status(), "○ no line of the log tells of an error");
}

#[test]
fn errors_are_marked_and_gone_through_round_the_ends() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("2");
    for words in ["✗ FAIL ranks_fresh", "✗ 1 failed, 30 passed", "✗ make: *** [e2e] Error 1"] {
        screen.line(words);
    }
    assert!(!screen.text().contains("✗ PASS"), "{}", screen.text());
    screen.press(">");
    assert!(screen.line("││▌").contains("▌✗ FAIL ranks_fresh"), "{}", screen.text());
    assert_eq!(screen.status(), "○ on from the beginning");
    screen.press("> >");
    assert!(screen.line("││▌").contains("▌✗ make: *** [e2e] Error 1"), "{}", screen.text());
    screen.press("<");
    assert!(screen.line("││▌").contains("▌✗ 1 failed"), "{}", screen.text());
    screen.press("< <");
    assert_eq!(screen.status(), "○ on from the end");
    assert!(screen.line("││▌").contains("Error 1"), "{}", screen.text());
    let mut screen = running(140, 40);
    screen.press("<");
    assert_eq!(screen.status(), "○ no line of the log tells of an error");
}

#[test]
fn the_last_error_is_one_key_from_the_end_that_is_followed() {
    let mut screen = running(140, 40);
    write(&mut screen, "FAIL one\nFAIL two\n");
    screen.press("<");
    assert!(screen.line("││▌").contains("▌✗ FAIL two"), "{}", screen.text());
    assert_eq!(screen.status(), "");
}

#[test]
fn the_steps_of_a_job_are_gone_through_and_said() {
    let mut screen = running(140, 40);
    screen.press("{");
    assert_eq!(screen.status(), "○ the source tells no steps of this job");
    let step = |name: &str, status, duration_ms| Step { name: name.into(), status, started_at: None, duration_ms };
    screen.known.change(|overview| {
        let catalog = overview.services.iter_mut().find(|service| service.name.as_str() == "catalog").unwrap();
        catalog.latest_run.as_mut().unwrap().stages[1].jobs[1].steps = vec![
            step("make e2e", Status::Succeeded, Some(95_000)),
            step("make report", Status::Running, Some(2000)),
            step("make clean", Status::Queued, None),
        ];
    });
    write(&mut screen, "$ make report\nwriting\n");
    assert!(screen.footer().contains("} { step"), "{}", screen.footer());
    screen.press("{");
    assert!(screen.line("││▌").contains("$ make report"), "{}", screen.text());
    assert_eq!(screen.status(), "○ step 2 of 3: make report · running, 0m02");
    screen.press("{");
    assert!(screen.line("││▌").contains("$ make e2e"), "{}", screen.text());
    assert_eq!(screen.status(), "○ step 1 of 3: make e2e · succeeded, 1m35");
    screen.press("{");
    assert_eq!(screen.status(), "○ no step begins before this line");
    screen.press("} }");
    assert_eq!(screen.status(), "○ no step begins after this line");
    assert!(screen.line("││▌").contains("$ make report"), "{}", screen.text());
}

#[test]
fn the_log_is_saved_by_a_key() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("l S");
    assert_eq!(screen.status(), "○ saving the log");
    assert_eq!(screen.wanted, [Reaction::SaveLog(key("search", "92", "e2e"))]);
    let mut screen = Screen::new("empty", 80, 24);
    assert_eq!(screen.press("2 S").status(), "○ no job is selected");
}

/// Marks at bytes of a log, so many seconds after noon.
fn times(marks: &[(u64, i64)]) -> Times {
    let noon: jiff::Timestamp = "2026-05-04T12:00:00Z".parse().unwrap();
    let mark = |(byte, second): &(u64, i64)| Mark { byte: *byte, at: noon + jiff::SignedDuration::from_secs(*second) };
    Times { marks: Some(marks.iter().map(mark).collect()), total: 1 << 20 }
}

#[test]
fn when_lines_were_written_is_asked_for_and_shown_by_a_key() {
    let mut screen = Screen::new("shop", 140, 40);
    let log = key("search", "92", "e2e");
    screen.press("l");
    assert!(!screen.ui.watched(&screen.known.store).contains(&Subject::Times(log.clone(), 0)));
    screen.press("t");
    assert_eq!(screen.status(), "○ when lines were written, as the time of day");
    assert!(screen.ui.watched(&screen.known.store).contains(&Subject::Times(log.clone(), 0)));
    let second = screen.known.store.log(&log).unwrap().at(1).unwrap();
    screen.known.learn(Facts::Times(log.clone(), times(&[(0, 5), (second, 66), (second + 30, 67)])));
    screen.paint();
    assert!(!screen.ui.watched(&screen.known.store).iter().any(|asked| matches!(asked, Subject::Times(..))));
    let text = screen.text();
    assert!(text.contains("12:00:05 ") && text.contains("12:01:06 "), "{text}");
    assert_eq!(text.matches("12:01:07 ").count(), 1, "only where it is another: {text}");
    let began = "2026-05-04T12:00:00Z".parse().ok();
    let mut runs = screen.known.store.runs(&log.run.service).unwrap().value.clone();
    runs[0].stages.iter_mut().flat_map(|stage| &mut stage.jobs).for_each(|job| job.started_at = began);
    screen.known.learn(Facts::Runs(log.run.service, runs));
    screen.press("t");
    assert_eq!(screen.status(), "○ when lines were written, since the job's start");
    assert!(screen.text().contains(" +0:05 ") && screen.text().contains(" +1:06 "), "{}", screen.text());
    screen.press("t");
    assert!(!screen.text().contains("+0:05"), "{}", screen.text());
}

#[test]
fn a_log_without_times_says_so() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("l t");
    screen.known.learn(Facts::Times(key("search", "92", "e2e"), Times::default()));
    screen.paint();
    assert!(screen.text().contains("no times"), "{}", screen.text());
    assert!(!screen.ui.watched(&screen.known.store).iter().any(|asked| matches!(asked, Subject::Times(..))));
    screen.press("t t t");
    assert_eq!(screen.status(), "○ this log has no times: its source keeps none");
}

#[test]
fn long_lines_are_folded_or_shifted() {
    let mut screen = Screen::new("shop", 80, 24);
    screen.press("l E");
    assert!(screen.text().contains("…") && !screen.text().contains("each time before it"), "{}", screen.text());
    screen.press("z");
    assert!(screen.text().contains("wrapped") && screen.text().contains("before it"), "{}", screen.text());
    screen.press("z").press(&"right ".repeat(9));
    assert!(screen.text().contains("each time before it"), "{}", screen.text());
}

#[test]
fn a_job_s_colours_are_kept_and_its_other_sequences_shown() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("l");
    let text = screen.text();
    assert!(text.contains("␛]0;e2e␇title is not obeyed"), "{text}");
    assert!(text.contains("100 % of the index compared") && !text.contains("30 %"), "{text}");
    let row = u16::try_from(text.lines().position(|line| line.contains("FAIL ranks")).unwrap()).unwrap();
    let line = text.lines().nth(usize::from(row)).unwrap();
    let column = u16::try_from(line[..line.find("FAIL").unwrap()].chars().count()).unwrap();
    assert_eq!(screen.buffer()[(column, row)].fg, Color::Indexed(1));
}

#[test]
fn a_line_of_megabytes_is_a_line() {
    let mut screen = running(140, 40);
    for _ in 0..20 {
        write(&mut screen, &"x".repeat(512 << 10));
    }
    assert!(screen.text().contains("xxx… 9.4 MB left out"), "{}", screen.text());
    assert!(screen.text().contains("step 37 of 61"), "it leaves the others their room: {}", screen.text());
    screen.press("z");
    assert!(screen.text().contains("step 37 of 61"), "also folded: {}", screen.text());
    screen.press("z k k");
    write(&mut screen, "\nafter it\n");
    screen.press("G");
    assert!(screen.text().contains("after it"), "{}", screen.text());
}

#[test]
fn a_progress_bar_shows_its_last_state_however_long_it_goes_on() {
    let mut screen = running(140, 40);
    for percent in 0..100 {
        write(&mut screen, &format!("{percent:>3} % of the pages\r").repeat(5000));
    }
    assert!(screen.text().contains(" 99 % of the pages") && !screen.text().contains("98 %"), "{}", screen.text());
    assert!(screen.text().contains("39 lines, ") && screen.text().contains("step 37 of 61"), "{}", screen.text());
}

#[test]
fn the_front_of_a_log_may_fall_out_under_the_reader() {
    let mut screen = running(140, 40);
    write(&mut screen, &format!("{}\n", "y".repeat(99)).repeat(30_000));
    screen.press("k k");
    let line = "z".repeat(99);
    write(&mut screen, &format!("{line}\n").repeat(20_000));
    let text = screen.text();
    assert!(text.contains("from 2.") && text.contains("yyy"), "{text}");
}

#[test]
fn a_marked_job_is_what_is_retried() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("2 e");
    let Some(Reaction::Ask(Request::Retry { what, .. })) = screen.wanted.last() else { panic!("{:?}", screen.wanted) };
    assert_eq!(*what, Retry::Failed);
    screen.press("esc k m e");
    let Some(Reaction::Ask(Request::Retry { what, .. })) = screen.wanted.last() else { panic!("{:?}", screen.wanted) };
    assert_eq!(*what, Retry::Jobs(vec!["unit".into()]));
    assert!(screen.text().contains("job unit runs again, and what comes after"), "{}", screen.text());
    assert!(screen.line("* marked").contains("unit"), "{}", screen.text());
    screen.press("esc j m");
    assert!(screen.status().contains("unit, e2e are marked"), "{}", screen.status());
    assert!(screen.line("╭─ Jobs").contains("2 of 4 marked"), "{}", screen.text());
    screen.press("e");
    let Some(Reaction::Ask(Request::Retry { what, .. })) = screen.wanted.last() else { panic!("{:?}", screen.wanted) };
    assert_eq!(*what, Retry::Jobs(vec!["unit".into(), "e2e".into()]));
    assert!(screen.text().contains("jobs unit, e2e run again, and what comes after the first"), "{}", screen.text());
    screen.press("esc m k m e");
    let Some(Reaction::Ask(Request::Retry { what, .. })) = screen.wanted.last() else { panic!("{:?}", screen.wanted) };
    assert_eq!(*what, Retry::Failed, "no mark is left");
}

#[test]
fn a_run_that_moves_is_cancelled_and_one_that_waits_is_approved_from_here() {
    let mut screen = running(140, 40);
    screen.press("esc c");
    let Some(Reaction::Ask(Request::Cancel { run, force })) = screen.wanted.last() else {
        panic!("{:?}", screen.wanted)
    };
    assert_eq!((run.to_string(), *force), ("catalog/63".into(), false));
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("j 2 a");
    assert!(matches!(screen.wanted.last(), Some(Reaction::Ask(Request::Decide { .. }))), "{:?}", screen.wanted);
}

#[test]
fn the_job_that_tells_most_stays_selected_while_the_run_goes_on() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("j j j 2");
    assert!(screen.line("▌").contains("◐  e2e"), "{}", screen.text());
    screen.known.change(|overview| {
        let catalog = overview.services.iter_mut().find(|service| service.name.as_str() == "catalog").unwrap();
        let stages = &mut catalog.latest_run.as_mut().unwrap().stages;
        stages[1].jobs[1].status = Status::Succeeded;
        stages[2].jobs[0].status = Status::Running;
    });
    screen.paint();
    assert!(screen.line("▌").contains("◐  release"), "{}", screen.text());
    screen.press("k");
    screen.paint();
    assert!(screen.line("▌").contains("✓  e2e"), "a job that was chosen stays: {}", screen.text());
}

#[test]
fn without_any_run_it_says_how_one_comes() {
    let mut screen = Screen::new("empty", 80, 24);
    assert!(screen.press("2").text().contains("no service has a run yet"), "{}", screen.text());
    assert!(screen.press("e").status().contains("no run is shown"), "{}", screen.status());
}
