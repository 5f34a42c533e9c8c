//! Logs that are longer than what is loaded of them, through the real loop: read, searched and followed while answers
//! come late, out of order, or for what nobody looks at any more.

use jiff::SignedDuration;
use leverframe::app::Event;
use leverframe::domain::ids::JobName;
use leverframe::domain::log::LogKey;
use leverframe::domain::observation::{Observation, Subject};

use crate::support::rig::Rig;

/// Bytes of each line.
const LINE: usize = 100;
/// Lines of the log.
const LINES: usize = 50_000;

/// Lines that say which they are; those of `says` say something else, too.
fn lines(range: std::ops::Range<usize>, says: &[(usize, &str)]) -> Vec<u8> {
    let line = |line: usize| {
        let said = says.iter().find(|(at, _)| *at == line).map_or("", |(_, said)| *said);
        format!("{:<99}\n", format!("line {line:>6} {said}"))
    };
    range.flat_map(|at| line(at).into_bytes()).collect()
}

/// A console on a running job that has written five megabytes; its end is in view.
fn rig(says: &[(usize, &str)]) -> (Rig, LogKey) {
    let mut rig = Rig::new("shop");
    let run = rig.overview.services.iter().find(|service| service.name.as_str() == "checkout").unwrap();
    let run = run.latest_run.as_ref().unwrap().key();
    let log = LogKey { run, job: JobName::new("production") };
    rig.logs.insert(log.clone(), (lines(0..LINES, says), false));
    rig.press("j j l");
    assert!(rig.text().contains("line  49999") && rig.text().contains("following"), "{}", rig.text());
    (rig, log)
}

fn search(rig: &mut Rig, words: &str) {
    let keys: Vec<String> = words.chars().map(String::from).collect();
    rig.press(&format!("/ {} enter", keys.join(" ")));
}

/// The line one is on.
fn on(rig: &Rig) -> String {
    let text = rig.text();
    let line = text.lines().find_map(|line| line.split("││▌").nth(1));
    line.unwrap_or_else(|| panic!("{text}")).split(['│', '…']).next().unwrap().trim().to_owned()
}

const NEEDLES: [(usize, &str); 3] = [(7, "a needle"), (24_000, "a Needle"), (49_990, "the last needle")];

#[test]
fn a_search_finds_what_is_not_loaded_and_goes_there() {
    let (mut rig, _) = rig(&NEEDLES);
    search(&mut rig, "needle");
    assert!(rig.text().contains("/needle  3 of 3 lines"), "{}", rig.text());
    for (key, line) in [("n", "line      7 a needle"), ("n", "line  24000 a Needle"), ("N", "line      7 a needle")] {
        rig.press(key);
        assert_eq!(on(&rig), line);
    }
    assert!(rig.text().contains("/needle  1 of 3 lines"), "{}", rig.text());
    rig.press("N");
    assert_eq!(on(&rig), "line  49990 the last needle");
    assert!(rig.text().contains("on from the end"), "{}", rig.text());
    assert!(rig.text().contains("line  49989") && rig.text().contains("line  49991"), "{}", rig.text());
}

#[test]
fn while_it_searches_it_says_how_far_it_is_and_esc_gives_it_up() {
    let (mut rig, _) = rig(&NEEDLES);
    rig.hold = true;
    search(&mut rig, "needle");
    assert!(rig.text().contains("/needle  searching 0 %, 1 line "), "{}", rig.text());
    let first = rig.held.pop().unwrap();
    rig.happens(first);
    assert!(rig.text().contains("/needle  searching 20 %, 2 lines"), "{}", rig.text());
    // It is not known yet whether there is one between.
    rig.press("N");
    assert_eq!(on(&rig), "line  49990 the last needle");
    while rig.text().contains("searching") {
        let next = rig.held.pop().unwrap();
        rig.happens(next);
    }
    rig.release();
    assert_eq!(on(&rig), "line  24000 a Needle");
    rig.hold = true;
    search(&mut rig, "x");
    rig.press("esc");
    assert_eq!(rig.sought.last(), Some(&None), "what is on its way is given up");
    let late = rig.held.pop().unwrap();
    let before = rig.text();
    rig.happens(late);
    assert_eq!(rig.text(), before, "and when it comes, it changes nothing");
}

#[test]
fn another_pattern_takes_the_place_of_the_last_and_each_is_asked_once() {
    let (mut rig, _) = rig(&NEEDLES);
    rig.hold = true;
    search(&mut rig, "needle");
    search(&mut rig, "s");
    let asked: Vec<_> = rig.sought.iter().flatten().map(|seek| format!("{:?}", seek.what)).collect();
    assert_eq!(asked.len(), 2, "not while it is typed: {asked:?}");
    let (second, first) = (rig.held.pop().unwrap(), rig.held.pop().unwrap());
    let before = rig.text();
    rig.happens(first);
    assert_eq!(rig.text(), before);
    rig.hold = false;
    rig.happens(second);
    assert!(rig.text().contains("/needles  0 lines"), "{}", rig.text());
}

#[test]
fn the_first_error_of_the_whole_log_is_one_key_away() {
    let (mut rig, _) = rig(&[(31_000, "0 failed"), (31_234, "error: no"), (49_995, "FAIL")]);
    rig.hold = true;
    rig.press("E");
    assert!(rig.text().contains("looking for an error, 0 %"), "{}", rig.text());
    rig.hold = false;
    let step = rig.held.pop().unwrap();
    rig.happens(step);
    rig.passes(SignedDuration::from_secs(1));
    assert_eq!(on(&rig), "✗ line  31234 error: no");
    let steps = rig.sought.iter().flatten().count();
    assert_eq!(steps, 3, "no further than to it");
    rig.press(">");
    assert_eq!(on(&rig), "✗ line  49995 FAIL");
    rig.press("<");
    assert_eq!(on(&rig), "✗ line  31234 error: no");
    rig.press("G esc");
    let (mut rig, _) = self::rig(&[]);
    rig.press("E");
    assert!(rig.text().contains("no line of the log tells of an error"), "{}", rig.text());
}

#[test]
fn who_moves_or_gives_up_is_not_taken_to_an_error_that_is_found_later() {
    for key in ["k", "esc"] {
        let (mut rig, _) = rig(&[(31_234, "error: no")]);
        rig.hold = true;
        rig.press("E");
        rig.press(key);
        assert!(!rig.text().contains("looking for an error"), "{key}: {}", rig.text());
        rig.release();
        rig.passes(SignedDuration::from_secs(3));
        assert!(rig.text().contains("line  49999"), "{key}: {}", rig.text());
    }
}

#[test]
fn a_source_that_fails_while_it_searches_is_said_and_asked_again_by_a_key() {
    let (mut rig, _) = rig(&NEEDLES);
    rig.hold = true;
    search(&mut rig, "needle");
    let first = rig.held.pop().unwrap();
    rig.alive = false;
    rig.happens(first);
    rig.hold = false;
    let failed = rig.held.pop().unwrap();
    rig.happens(failed);
    assert!(rig.text().contains("2 lines, searched up to 20 %"), "{}", rig.text());
    let asked = rig.sought.len();
    rig.passes(SignedDuration::from_secs(10));
    assert_eq!(rig.sought.len(), asked, "not over and over");
    rig.alive = true;
    rig.press("n");
    assert!(rig.text().contains(" of 3 lines"), "{}", rig.text());
}

#[test]
fn where_there_are_more_hits_than_are_kept_that_is_said() {
    let (mut rig, log) = rig(&[]);
    rig.logs.get_mut(&log).unwrap().0.extend(b"needle\n".repeat(120_000));
    search(&mut rig, "needle");
    assert!(rig.text().contains("100000+ lines, searched up to 97 %"), "{}", rig.text());
}

#[test]
fn a_piece_that_is_on_its_way_is_said_and_one_that_comes_too_late_changes_nothing() {
    let (mut rig, _) = rig(&[]);
    rig.hold = true;
    rig.press("g");
    assert!(rig.text().contains("loading"), "{}", rig.text());
    let first = rig.held.iter().position(|event| is_log(event, 0)).unwrap();
    let first = rig.held.remove(first);
    rig.press("G");
    rig.hold = false;
    rig.passes(SignedDuration::from_secs(3));
    assert!(rig.text().contains("line  49999") && !rig.text().contains("loading"), "{}", rig.text());
    rig.happens(first);
    assert!(rig.text().contains("line  49999"), "{}", rig.text());
    rig.passes(SignedDuration::from_secs(3));
    assert!(rig.text().contains("line  49999") && rig.text().contains("following"), "{}", rig.text());
}

fn is_log(event: &Event, byte: u64) -> bool {
    matches!(event, Event::Observed(Observation { subject: Subject::Log(_, from), .. }) if *from == byte)
}

#[test]
fn what_comes_for_a_job_that_is_no_longer_shown_changes_nothing() {
    let (mut rig, _) = rig(&NEEDLES);
    rig.hold = true;
    search(&mut rig, "needle");
    rig.press("g esc esc k");
    assert!(!rig.text().contains("Log production"), "{}", rig.text());
    let before = rig.text();
    assert!(rig.held.len() >= 2, "{:?}", rig.held);
    rig.release();
    assert_eq!(rig.text(), before);
}

#[test]
fn while_paused_far_from_the_end_the_length_goes_on_growing_and_nothing_moves() {
    let (mut rig, log) = rig(&[]);
    rig.press("g");
    assert!(rig.text().contains("line      0") && rig.text().contains("first 524 KB"), "{}", rig.text());
    let shown =
        |rig: &Rig| rig.text().lines().filter(|line| line.contains("line  ")).map(str::to_owned).collect::<Vec<_>>();
    let before = shown(&rig);
    assert!(rig.text().contains("5 MB"), "{}", rig.text());
    rig.logs.get_mut(&log).unwrap().0.extend(lines(LINES..LINES + 20_000, &[]));
    rig.passes(SignedDuration::from_secs(5));
    assert!(rig.text().contains("7 MB") && rig.text().contains("first 524 KB"), "{}", rig.text());
    assert_eq!(shown(&rig), before);
}

#[test]
fn a_search_goes_on_with_what_is_written_while_one_reads_far_from_it() {
    let (mut rig, log) = rig(&NEEDLES);
    search(&mut rig, "needle");
    rig.press("n");
    let read: usize = rig.sought.len();
    rig.logs.get_mut(&log).unwrap().0.extend(lines(LINES..LINES + 1000, &[(LINES + 3, "one more needle")]));
    rig.passes(SignedDuration::from_secs(5));
    assert!(rig.text().contains("/needle  1 of 4 lines"), "{}", rig.text());
    let from = rig.sought[read..].iter().flatten().map(|seek| seek.from).min().unwrap();
    assert!(from >= (LINES * LINE) as u64 - 200, "only what is new is looked through: {from}");
}
