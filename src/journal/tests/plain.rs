//! Logs without failures: append, read, walk, roll, seal, take.

use super::*;
use crate::files::Failing;
use crate::journal::{JournalError, Pointer};
use crate::record::fold::Held;

#[test]
fn what_was_appended_is_read_walked_and_found_again() {
    let dir = folder();
    let (mut journal, notices) = open(dir.path(), None);
    assert_eq!((notices, journal.own()), (vec![], None));
    let refused = journal.append(&groups(&[1]), &mut salts());
    assert!(matches!(refused, Err(JournalError::NoOwn)));
    let id = journal.begin(&first(1)).unwrap();
    assert_eq!(journal.runs(&id), []);
    let placed = journal.append(&groups(&[1, 3, 600]), &mut salts()).unwrap();
    assert_eq!(placed.len(), 604);
    let more: Vec<bool> = placed
        .iter()
        .map(|placed| journal.content(placed).unwrap().more)
        .collect();
    assert_eq!(more[..5], [false, true, true, false, true]);
    drop(journal);

    let (journal, notices) = open(dir.path(), Some(id));
    assert_eq!((notices, journal.own()), (vec![], Some(id)));
    let runs = journal.runs(&id);
    assert_eq!((runs.len(), runs[0].low), (1, 1));
    assert_eq!(runs[0].end, placed[603].dot);
    assert_eq!(journal.log(&id).unwrap().unsealed, 604);
    for from in [1, 2, 256, 257, 300, 604] {
        let mut walk = journal.walk(&runs[0].end, from).unwrap();
        for wanted in &placed[from as usize - 1..] {
            let walked = walk.next_frame().unwrap().unwrap();
            assert_eq!(walked.placed, *wanted);
            let content = walked.content().unwrap().change.unwrap();
            assert_eq!(content.dot, wanted.dot);
            let frame = walked.frame.bytes.to_vec();
            assert_eq!(journal.frame(wanted.pointer).unwrap(), frame);
        }
        assert!(walk.next_frame().unwrap().is_none());
    }
    for wanted in [&placed[0], &placed[300], &placed[603]] {
        assert_eq!(
            journal.chain_at(&id, wanted.dot.seq).unwrap()[0].mark(),
            wanted.dot.mark
        );
        assert!(journal.reaches(&placed[603].dot, &wanted.dot));
        assert!(!journal.reaches(&wanted.dot, &placed[603].dot) || *wanted == placed[603]);
    }
    let forged = Dot {
        mark: placed[9].dot.mark,
        ..placed[300].dot
    };
    assert!(!journal.reaches(&forged, &placed[0].dot));
    assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
    let past = Pointer {
        offset: placed[603].pointer.offset + 1,
        ..placed[603].pointer
    };
    assert!(matches!(journal.frame(past), Err(JournalError::NotHeld(_))));
}

#[test]
fn a_chunk_of_many_groups_is_one_write_and_one_sync() {
    let dir = folder();
    let disk = Failing::new();
    let (mut journal, _) = open_with(Arc::new(disk.clone()), dir.path(), None, None);
    journal.begin(&first(1)).unwrap();
    let before = disk.counts();
    journal.append(&groups(&[1; 500]), &mut salts()).unwrap();
    let after = disk.counts();
    assert_eq!(
        (
            after.operations,
            after.writes,
            after.syncs,
            after.folder_syncs
        ),
        (
            before.operations + 2,
            before.writes + 1,
            before.syncs + 1,
            before.folder_syncs
        )
    );
}

#[test]
fn a_full_segment_is_followed_by_the_next_and_a_group_never_crosses() {
    let dir = folder();
    let (mut journal, _) = open(dir.path(), None);
    let id = journal.begin(&first(1)).unwrap();
    journal.full = 4000;
    let mut placed = Vec::new();
    for _ in 0..3 {
        let chunk = groups(&[2; 40]);
        placed.extend(journal.append(&chunk, &mut salts()).unwrap());
    }
    let segments: Vec<u32> = placed.iter().map(|p| p.pointer.segment).collect();
    assert_eq!([0, 79, 80, 239].map(|at| segments[at]), [1, 1, 2, 3]);
    drop(journal);
    let (mut journal, notices) = open(dir.path(), Some(id));
    assert_eq!(notices, []);
    assert_eq!(end(&journal, id), placed[239].dot);
    let mut walk = journal.walk(&placed[239].dot, 70).unwrap();
    for wanted in &placed[69..] {
        assert_eq!(walk.next_frame().unwrap().unwrap().placed, *wanted);
    }
    assert!(journal.reaches(&placed[239].dot, &placed[0].dot));
    let next = journal.append(&groups(&[1]), &mut salts()).unwrap();
    assert_eq!(next[0].dot.seq, 241);
    assert_eq!(journal.segment_log(next[0].pointer.segment), Some(id));
    assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
}

#[test]
fn a_piece_is_taken_once_and_counts_at_the_next_open_only_when_synced() {
    let (here, there) = (folder(), folder());
    let (mut source, id) = written(there.path(), 1, &[1, 2, 1]);
    let part = cut(&source, end(&source, id), 1);
    source.append(&groups(&[300]), &mut salts()).unwrap();
    let whole = cut(&source, end(&source, id), 1);
    let rest = cut(&source, end(&source, id), 5);

    let (mut journal, _) = open(here.path(), None);
    journal.full = 5000;
    let taken = part.give(&mut journal, false).unwrap();
    assert_eq!((taken.known, taken.new, taken.restored), (0, 4, false));
    journal.sync().unwrap();
    let taken = whole.give(&mut journal, false).unwrap();
    assert_eq!((taken.known, taken.new), (4, 300));
    assert_eq!(end(&journal, id), taken.end);
    // Held, but no seal is on the disk yet: a crash here forgets it, and says so.
    let (after_crash, notices) = open(here.path(), None);
    assert_eq!(notices, [Notice::Unsealed { log: id, seq: 4 }]);
    assert_eq!(end(&after_crash, id).seq, 4);

    journal.sync().unwrap();
    let (mut journal, notices) = open(here.path(), None);
    assert_eq!(notices, []);
    assert_eq!(end(&journal, id), taken.end);
    assert_eq!(journal.seals(&id).len(), 2);
    let seal = journal.seal(&id, 304, taken.end.mark).unwrap();
    assert_eq!(seal, Some(whole.seal.clone()));
    let again = rest.give(&mut journal, false).unwrap();
    assert_eq!((again.known, again.new), (300, 0));
    assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
    assert_eq!(journal.log(&id).unwrap().unsealed, 0);
}

/// `cargo test --release --lib journal::tests::plain::a_million -- --ignored --nocapture`
#[test]
#[ignore = "measures, on a disk, for minutes"]
fn a_million_frames() {
    let now = std::time::Instant::now;
    let dir = tempfile::tempdir().unwrap();
    let disk = Failing::new();
    let (mut journal, _) = open_with(Arc::new(disk.clone()), dir.path(), None, None);
    let id = journal.begin(&first(1)).unwrap();
    let (mut salts, mut one) = (salts(), groups(&[1]));
    one[0][0].sets[0].value = Value::text(&"走访".repeat(35));
    let start = now();
    let before = disk.counts();
    for _ in 0..1000 {
        journal.append(&one, &mut salts).unwrap();
    }
    let syncs = disk.counts().syncs - before.syncs;
    println!(
        "a save: {:?}, {syncs} syncs for 1000",
        start.elapsed() / 1000
    );
    let start = now();
    for _ in 0..999 {
        let chunk = vec![one[0].clone(); 1000];
        journal.append(&chunk, &mut salts).unwrap();
    }
    println!("a million in chunks of 1000: {:?}", start.elapsed());
    journal.seal_own(&id, TIME, &mut sign).unwrap();
    let last = end(&journal, id);
    drop(journal);
    let start = now();
    let (journal, _) = open(dir.path(), Some(id));
    println!("open, sealed: {:?}", start.elapsed());
    let start = now();
    let mut walk = journal.walk(&last, 1).unwrap();
    while walk.next_frame().unwrap().is_some() {}
    println!("walk: {:?}", start.elapsed());
    let start = now();
    let middle = journal.chain_at(&id, 500_000).unwrap()[0].mark();
    println!("chain in the middle: {:?}", start.elapsed());
    let middle = Dot {
        log: id,
        seq: 500_000,
        mark: middle,
    };
    for how in ["first", "again"] {
        let start = now();
        assert!(journal.reaches(&middle, &Dot { seq: 1, ..middle }));
        println!("reaches, {how}: {:?}", start.elapsed());
    }
    let start = now();
    assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
    println!("check: {:?}", start.elapsed());
    let mut whole = cut(&journal, last, 1);
    let there = tempfile::tempdir().unwrap();
    let (mut other, _) = open(there.path(), None);
    let start = now();
    whole.give(&mut other, false).unwrap();
    println!("take: {:?}", start.elapsed());
    let start = now();
    other.sync().unwrap();
    println!("its sync: {:?}", start.elapsed());
    let start = now();
    let taken = whole.give(&mut other, false).unwrap();
    println!("known: {:?}, {}", start.elapsed(), taken.known);
    whole.raw.clear();
    for item in std::fs::read_dir(dir.path().join("journal").join(id.to_string())).unwrap() {
        let path = item.unwrap().path();
        if path.extension().is_some_and(|e| e == "index") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let start = now();
    open(dir.path(), Some(id));
    println!("open, no index: {:?}", start.elapsed());
}
