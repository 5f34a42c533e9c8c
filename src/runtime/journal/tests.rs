//! The journal on a real disk: what is tampered with is found, what was torn is cut off, and nobody overtakes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use jiff::Timestamp;
use serde_json::json;

use super::*;

fn intent(target: &str) -> Record {
    Record::Intent { action: "promote", target: target.into(), plan: json!({ "after": "v2" }), reason: None }
}

fn written(count: u64) -> (tempfile::TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("state"));
    for seq in 1..=count {
        assert_eq!(journal.append(&intent(&format!("checkout/{seq}")), Timestamp::UNIX_EPOCH), Ok(seq));
    }
    (folder, journal)
}

/// Writes the journal anew from its lines as `change` leaves them.
fn tamper(journal: &Journal, change: impl FnOnce(&mut Vec<String>)) {
    let text = fs::read_to_string(journal.path()).unwrap();
    let mut lines = text.lines().map(|line| format!("{line}\n")).collect();
    change(&mut lines);
    fs::write(journal.path(), lines.concat()).unwrap();
}

fn broken(journal: &Journal) -> String {
    journal.verify(&[]).unwrap().broken.expect("something is broken")
}

#[test]
fn what_was_written_is_read_and_holds() {
    let (_folder, journal) = written(3);
    let outcome =
        Record::Outcome { action: "promote", target: "checkout/3".into(), intent: Some(3), outcome: json!("reached") };
    assert_eq!(journal.append(&outcome, Timestamp::UNIX_EPOCH), Ok(4));
    let verified = journal.verify(&[]).unwrap();
    assert_eq!((verified.entries, verified.torn, verified.broken), (4, 0, None));
    let entries = journal.read(3, 10).unwrap();
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(entries[0].says()["plan"], json!({ "after": "v2" }));
    assert_eq!(entries[1].says()["intent"], 3);
    assert_eq!(journal.read(1, 2).unwrap().len(), 2);
    assert_eq!(journal.last(), Ok(4));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&journal.path()), mode(&journal.folder)), (0o600, 0o700));
}

#[test]
fn before_the_first_entry_there_is_nothing_and_nothing_is_made() {
    let (_folder, journal) = written(0);
    assert_eq!(journal.read(1, 10).unwrap().len(), 0);
    assert_eq!((journal.last(), journal.verify(&[]).unwrap().broken), (Ok(0), None));
    assert!(!journal.folder.exists());
}

#[test]
fn an_edit_a_removal_and_a_swap_are_found() {
    let (_folder, journal) = written(4);
    let good = fs::read(journal.path()).unwrap();
    tamper(&journal, |lines| lines[1] = lines[1].replace("checkout/2", "checkout/9"));
    assert_eq!(broken(&journal), "entry 2 was changed after it was written");
    fs::write(journal.path(), &good).unwrap();
    tamper(&journal, |lines| drop(lines.remove(1)));
    assert_eq!(broken(&journal), "entry 3 stands where entry 2 should be: an entry was removed, added or moved");
    fs::write(journal.path(), &good).unwrap();
    tamper(&journal, |lines| lines.swap(1, 2));
    assert_eq!(broken(&journal), "entry 3 stands where entry 2 should be: an entry was removed, added or moved");
    fs::write(journal.path(), &good).unwrap();
    tamper(&journal, |lines| lines[0].insert_str(1, "\"seq\":1,"));
    assert!(broken(&journal).starts_with("entry 1: a line is no entry: duplicate field"));
}

#[test]
fn acknowledged_entries_that_were_cut_off_are_missed_even_after_the_next_one() {
    let (_folder, journal) = written(4);
    tamper(&journal, |lines| lines.truncate(2));
    assert_eq!(broken(&journal), "entries 3 to 4 were acknowledged and are gone");
    assert_eq!(journal.append(&intent("checkout/3"), Timestamp::UNIX_EPOCH), Ok(3));
    assert_eq!(broken(&journal), "entries up to 4 were acknowledged and are gone before entry 3");
    fs::remove_file(journal.path()).unwrap();
    assert_eq!(broken(&journal), "entries 1 to 3 were acknowledged and are gone");
}

#[test]
fn a_journal_written_anew_is_not_the_one_that_was_acknowledged() {
    let (_folder, journal) = written(2);
    let (_other, another) = written(0);
    another.append(&intent("a"), Timestamp::UNIX_EPOCH).unwrap();
    another.append(&intent("b"), Timestamp::UNIX_EPOCH).unwrap();
    fs::copy(another.path(), journal.path()).unwrap();
    assert!(broken(&journal).starts_with("entry 2 is not the one that was acknowledged"));
}

#[test]
fn a_line_whose_writer_died_over_it_is_cut_off_and_breaks_nothing() {
    let (_folder, journal) = written(2);
    let mut torn = fs::read(journal.path()).unwrap();
    torn.extend_from_slice(b"{\"seq\":3,\"previous\":\"");
    fs::write(journal.path(), &torn).unwrap();
    let verified = journal.verify(&[]).unwrap();
    assert_eq!((verified.entries, verified.torn, verified.broken), (2, 21, None));
    assert_eq!(journal.read(1, 9).unwrap().len(), 2);
    assert_eq!(journal.append(&intent("checkout/3"), Timestamp::UNIX_EPOCH), Ok(3));
    let verified = journal.verify(&[]).unwrap();
    assert_eq!((verified.entries, verified.torn, verified.broken), (3, 0, None));
}

#[test]
fn an_entry_that_was_written_and_not_acknowledged_is_kept() {
    let (_folder, journal) = written(1);
    let before = fs::read(journal.remembered_path()).unwrap();
    journal.append(&intent("checkout/2"), Timestamp::UNIX_EPOCH).unwrap();
    fs::write(journal.remembered_path(), before).unwrap();
    assert_eq!(journal.verify(&[]).unwrap().broken, None);
    assert_eq!(journal.append(&intent("checkout/3"), Timestamp::UNIX_EPOCH), Ok(3));
    assert_eq!(journal.verify(&[]).unwrap().broken, None);
}

#[test]
fn entries_larger_than_a_piece_are_found_from_behind() {
    let (_folder, journal) = written(0);
    for seq in 1..=3 {
        let plan = json!("x".repeat(200_000));
        let large = Record::Intent { action: "flip", target: "a/b".into(), plan, reason: None };
        assert_eq!(journal.append(&large, Timestamp::UNIX_EPOCH), Ok(seq));
    }
    assert_eq!(journal.verify(&[]).unwrap().broken, None);
}

#[test]
fn many_who_write_at_once_keep_one_chain() {
    let (_folder, journal) = written(0);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let journal = &journal;
            scope.spawn(move || {
                for _ in 0..10 {
                    journal.append(&intent(&format!("checkout/{writer}")), Timestamp::UNIX_EPOCH).unwrap();
                }
            });
        }
    });
    let verified = journal.verify(&[]).unwrap();
    assert_eq!((verified.entries, verified.broken), (40, None));
}

/// What a look from another process settles: the numbers of the intents.
fn settled(journal: &Journal) -> Vec<u64> {
    let another = Journal::open(&journal.folder);
    let settled = another.settle(Timestamp::UNIX_EPOCH).unwrap();
    settled.into_iter().map(|open| open.intent).collect()
}

#[test]
fn an_intent_whose_process_is_gone_gets_one_outcome_and_those_of_the_living_none() {
    let (_folder, journal) = written(2);
    assert_eq!(settled(&journal), Vec::<u64>::new());
    let outcome =
        Record::Outcome { action: "promote", target: "checkout/1".into(), intent: Some(1), outcome: json!("reached") };
    journal.append(&outcome, Timestamp::UNIX_EPOCH).unwrap();
    let another = Journal::open(&journal.folder);
    drop(journal);
    assert_eq!(settled(&another), [2]);
    assert_eq!(settled(&another), Vec::<u64>::new());
    let last = another.read(4, 9).unwrap();
    assert_eq!((last.len(), &last[0].says()["intent"]), (1, &json!(2)));
    assert_eq!(last[0].says()["outcome"]["state"], "unknown");
    assert_eq!(another.verify(&[]).unwrap().broken, None);
}

#[test]
fn a_hand_lies_there_only_while_an_intent_has_no_outcome() {
    let (_folder, journal) = written(2);
    let hands = || fs::read_dir(journal.hands()).unwrap().count();
    for (intent, left) in [(1, 1), (2, 0)] {
        let outcome = Record::Outcome {
            action: "promote",
            target: "a/b".into(),
            intent: Some(intent),
            outcome: json!("reached"),
        };
        journal.append(&outcome, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(hands(), left);
    }
    journal.append(&intent("checkout/3"), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(hands(), 1);
}

#[test]
fn where_it_cannot_be_written_no_entry_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let fault = Journal::open(&file).append(&intent("a/b"), Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(fault.to_string().starts_with("cannot open"), "{fault}");
    let (_folder, journal) = written(1);
    fs::write(journal.path(), "not an entry\n").unwrap();
    let fault = journal.append(&intent("a/b"), Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(fault.to_string().contains("cannot be read"), "{fault}");
}

/// A journal whose files are full after a few entries.
fn in_files(count: u64) -> (tempfile::TempDir, Journal) {
    let (folder, journal) = written(0);
    let journal = Journal { full: 1200, ..journal };
    for seq in 1..=count {
        assert_eq!(journal.append(&intent(&format!("checkout/{seq}")), Timestamp::UNIX_EPOCH), Ok(seq));
    }
    (folder, journal)
}

#[test]
fn a_file_that_is_full_is_closed_and_the_chain_goes_on_in_the_next() {
    let (_folder, journal) = in_files(12);
    let closed = file::closed(&journal.folder).unwrap();
    assert!(closed.len() >= 3, "{closed:?}");
    let verified = journal.verify(&[]).unwrap();
    assert_eq!((verified.entries, verified.broken), (12, None));
    let read: Vec<_> = journal.read(1, usize::MAX).unwrap().iter().map(|entry| entry.seq).collect();
    assert_eq!(read, (1..=12).collect::<Vec<_>>());
    let (first, rest) = (closed[0].0, journal.read(closed[0].0 + 1, 2).unwrap());
    assert_eq!(rest.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [first + 1, first + 2]);
    // A writer that died after it had closed a file left none with the usual name.
    file::close(&journal.folder, &journal.path(), 12).unwrap();
    assert_eq!((journal.last(), journal.verify(&[]).unwrap().broken), (Ok(12), None));
    assert_eq!(journal.append(&intent("checkout/13"), Timestamp::UNIX_EPOCH), Ok(13));
    assert_eq!(journal.verify(&[]).unwrap().entries, 13);
    fs::remove_file(&closed[1].1).unwrap();
    assert!(broken(&journal).contains("an entry was removed"), "{}", broken(&journal));
}

#[test]
fn many_who_write_while_files_are_closed_keep_one_chain() {
    let (_folder, journal) = in_files(0);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let journal = &journal;
            scope.spawn(move || {
                for _ in 0..10 {
                    journal.append(&intent(&format!("checkout/{writer}")), Timestamp::UNIX_EPOCH).unwrap();
                    assert_eq!(journal.verify(&[]).unwrap().broken, None);
                }
            });
        }
    });
    assert_eq!(journal.verify(&[]).unwrap().entries, 40);
}

/// The lines of all files, in order.
fn all_lines(journal: &Journal) -> Vec<Vec<u8>> {
    file::lines(&journal.folder, &journal.path(), 1).unwrap().map(Result::unwrap).collect()
}

/// Chains `lines` anew from `at` on, as somebody does who knows how it is made.
fn chained_anew(lines: &mut [Vec<u8>], at: usize) {
    let mut head = at.checked_sub(1).map(|before| entry::head(&lines[before]).unwrap()).unwrap_or_default();
    for line in &mut lines[at..] {
        let body = entry::parse(line).unwrap().body.get().replace("checkout", "payments");
        let (new, next) = entry::line(&head, &body);
        *line = new.into_bytes();
        head = next;
    }
}

/// Changes `lines` in one of the ways there are.
fn tampered(lines: &mut Vec<Vec<u8>>, foreign: &[Vec<u8>], random: &mut impl rand::Rng) {
    let at = random.random_range(0..lines.len());
    let byte = random.random_range(0..lines[at].len());
    match random.random_range(0..10) {
        0 => lines[at][byte] ^= 1 << random.random_range(0..8),
        1 => lines[at][byte] = random.random(),
        2 => drop(lines[at].remove(byte)),
        3 => lines[at].insert(byte, random.random_range(b' '..=b'~')),
        4 => drop(lines.remove(at)),
        5 => lines.insert(at, lines[random.random_range(0..lines.len())].clone()),
        6 => {
            let other = random.random_range(0..lines.len());
            lines.swap(at, other);
        }
        7 => lines[at].clone_from(&foreign[at]),
        8 => lines.truncate(at),
        _ => chained_anew(lines, at),
    }
}

#[test]
fn ten_thousand_tamperings_are_found() {
    use rand::SeedableRng as _;
    let ((_folder, journal), (_other, another)) = (in_files(8), in_files(8));
    another.append(&intent("another"), Timestamp::UNIX_EPOCH).unwrap();
    let (good, foreign) = (all_lines(&journal), all_lines(&another));
    let remembered = file::remembered(&journal.remembered_path()).unwrap();
    let mut random = rand::rngs::StdRng::seed_from_u64(8);
    let mut found = 0;
    while found < 10_000 {
        let mut lines = good.clone();
        tampered(&mut lines, &foreign, &mut random);
        if lines.concat() == good.concat() {
            continue;
        }
        // What was a line before may be two now, or a part of one.
        let text = lines.concat();
        let lines = text.split_inclusive(|byte| *byte == b'\n').map(|line| Ok(line.to_vec()));
        let verified = verify::verify(lines, Ok(remembered.clone()), &[]).unwrap();
        assert!(verified.broken.is_some(), "not found: {}", String::from_utf8_lossy(&text));
        found += 1;
    }
}

#[test]
fn what_was_sealed_elsewhere_is_missed_even_where_all_that_is_remembered_here_was_made_to_fit() {
    let (_folder, journal) = written(5);
    let seal = journal.seal().unwrap().unwrap();
    let head = Head { seq: seal.seq, hash: seal.hash.clone() };
    assert_eq!((seal.seq, seal.journal), (5, journal.read(1, 1).unwrap()[0].hash.clone()));
    assert_eq!(journal.verify(std::slice::from_ref(&head)).unwrap().broken, None);
    // Somebody cuts the end off and makes the remembered head fit.
    tamper(&journal, |lines| lines.truncate(3));
    let third = journal.read(3, 1).unwrap().remove(0);
    file::remember(&journal.remembered_path(), &Head { seq: 3, hash: third.hash }).unwrap();
    assert_eq!(journal.verify(&[]).unwrap().broken, None, "nothing here can tell");
    let said = |journal: &Journal| journal.verify(std::slice::from_ref(&head)).unwrap().broken.unwrap();
    assert_eq!(said(&journal), "entries 4 to 5 were sealed and are gone");
    for target in ["other/4", "other/5", "other/6"] {
        journal.append(&intent(target), Timestamp::UNIX_EPOCH).unwrap();
    }
    assert_eq!(said(&journal), "entry 5 is not the one that was sealed: the journal was written anew");
}
