//! Forks and gaps: what reaches what, and that it stays so at the next open.

use std::fs;

use super::*;
use crate::journal::{Ended, JournalError, Refusal, Stands};
use crate::record::fold::Held;

/// Two branches of one log that part behind seq 3: a copied store went on by itself.
struct Fork {
    id: LogId,
    left: Journal,
    right: Journal,
    _dirs: [tempfile::TempDir; 2],
}

fn fork() -> Fork {
    let dirs = [folder(), folder()];
    let (journal, id) = written(dirs[0].path(), 1, &[1, 2]);
    let logs = |dir: &tempfile::TempDir| dir.path().join("journal").join(id.to_string());
    fs::create_dir_all(logs(&dirs[1])).unwrap();
    for entry in fs::read_dir(logs(&dirs[0])).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, logs(&dirs[1]).join(path.file_name().unwrap())).unwrap();
    }
    drop(journal);
    let [mut left, mut right] = [0, 1].map(|n: usize| open(dirs[n].path(), Some(id)).0);
    left.append(&groups(&[1, 1, 1]), &mut salts()).unwrap();
    right.append(&groups(&[2, 300]), &mut || [9; 16]).unwrap();
    Fork {
        id,
        left,
        right,
        _dirs: dirs,
    }
}

fn dots(journal: &Journal, end: Dot) -> Vec<Dot> {
    let mut walk = journal.walk(&end, 1).unwrap();
    let mut dots = Vec::new();
    while let Some(walked) = walk.next_frame().unwrap() {
        dots.push(walked.placed.dot);
    }
    dots
}

/// Asks everything of everything: a frame reaches those before it on its own branch.
fn each_reaches_its_own(journal: &Journal, branches: &[Vec<Dot>]) {
    for (b, branch) in branches.iter().enumerate() {
        for (n, from) in branch.iter().enumerate().filter(|(n, _)| n % 7 < 5) {
            for to in branch.iter().step_by(3) {
                assert_eq!(
                    journal.reaches(from, to),
                    to.seq <= from.seq,
                    "{from:?} {to:?}"
                );
                assert_eq!(journal.reaches_held(from, to), to.seq <= from.seq);
            }
            for other in branches.iter().skip(b + 1) {
                for to in other.iter().filter(|to| !branch.contains(to)) {
                    assert!(!journal.reaches(from, to), "{n}: {from:?} {to:?}");
                    assert!(!journal.reaches_held(from, to));
                }
            }
        }
    }
}

#[test]
fn both_branches_of_a_fork_are_kept_side_by_side() {
    let Fork {
        id,
        left,
        right,
        _dirs,
    } = fork();
    let ends = [end(&left, id), end(&right, id)];
    let wanted = [dots(&left, ends[0]), dots(&right, ends[1])];
    assert_eq!(wanted[0][..3], wanted[1][..3]);
    assert_ne!(wanted[0][3], wanted[1][3]);
    for order in [[0, 1], [1, 0]] {
        let dir = folder();
        let (mut journal, _) = open(dir.path(), None);
        journal.full = 3000;
        for at in order {
            let source = [&left, &right][at];
            let taken = cut(source, ends[at], 1).give(&mut journal, false).unwrap();
            let new = wanted[at].len() as u64;
            let known = if at == order[0] { 0 } else { 3 };
            assert_eq!((taken.known, taken.new), (known, new - known));
        }
        journal.sync().unwrap();
        let (again, notices) = open(dir.path(), None);
        assert_eq!(notices, []);
        for journal in [&journal, &again] {
            let mut runs = journal.runs(&id);
            runs.sort_by_key(|run| run.end.seq);
            assert_eq!(runs.iter().map(|run| run.low).collect::<Vec<_>>(), [1, 1]);
            assert_eq!([runs[0].end, runs[1].end], ends);
            for at in [0, 1] {
                assert_eq!(dots(journal, ends[at]), wanted[at]);
            }
            each_reaches_its_own(journal, &wanted);
            assert_eq!(journal.chain_at(&id, 4).unwrap().len(), 2);
            assert_eq!(journal.chain_at(&id, 3).unwrap().len(), 1);
            assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
        }
    }
}

#[test]
fn a_piece_that_stands_on_nothing_held_waits_as_a_gap_or_as_a_fork() {
    let Fork {
        id,
        mut left,
        right,
        _dirs,
    } = fork();
    left.append(&groups(&[1]), &mut salts()).unwrap();
    let dir = folder();
    let (mut journal, _) = open(dir.path(), None);
    let late = cut(&left, end(&left, id), 7);
    assert_eq!(journal.stands(&id, 7, &late.before).unwrap(), Stands::Gap);
    assert_eq!(journal.stands(&id, 1, &late.before).ok(), None);
    cut(&right, end(&right, id), 1)
        .give(&mut journal, false)
        .unwrap();
    assert_eq!(journal.stands(&id, 7, &late.before).unwrap(), Stands::Fork);
    let waits = late.give(&mut journal, false);
    assert!(matches!(
        waits,
        Err(JournalError::Refused {
            seq: 7,
            why: Refusal::Waits,
            ..
        })
    ));
    assert_eq!(journal.runs(&id).len(), 1);
}

#[test]
fn across_a_gap_a_frame_counts_if_no_other_of_its_seq_is_held_and_the_gap_heals() {
    let dir = folder();
    let there = folder();
    let (mut source, id) = written(there.path(), 1, &[1, 1, 1]);
    let early = cut(&source, end(&source, id), 1);
    source.append(&groups(&[1, 1]), &mut salts()).unwrap();
    let middle = cut(&source, end(&source, id), 4);
    source.append(&groups(&[1, 2]), &mut salts()).unwrap();
    let late = cut(&source, end(&source, id), 6);
    let all = cut(&source, end(&source, id), 1);
    let frames = dots(&source, end(&source, id));

    let (mut journal, _) = open(dir.path(), None);
    early.give(&mut journal, false).unwrap();
    let waits = late.give(&mut journal, false);
    assert!(matches!(
        waits,
        Err(JournalError::Refused {
            why: Refusal::Waits,
            ..
        })
    ));
    late.give(&mut journal, true).unwrap();
    journal.sync().unwrap();
    let (mut again, notices) = open(dir.path(), None);
    assert_eq!(notices, []);
    for journal in [&journal, &again] {
        let runs = journal.runs(&id);
        let lows: Vec<_> = runs.iter().map(|run| (run.low, run.end)).collect();
        assert_eq!(lows, [(1, frames[2]), (6, frames[7])]);
        assert!(journal.reaches(&frames[7], &frames[5]));
        assert!(journal.reaches(&frames[6], &frames[1]));
        assert!(!journal.reaches(&frames[2], &frames[5]));
        assert!(!journal.holds(&frames[3]));
        assert_eq!(dots(journal, frames[7]), frames[5..]);
    }
    // The middle comes, alone or within everything.
    let taken = all.give(&mut journal, false).unwrap();
    assert_eq!((taken.known, taken.new), (6, 2));
    let taken = middle.give(&mut again, false).unwrap();
    assert_eq!((taken.known, taken.new), (0, 2));
    for mut journal in [journal, again] {
        journal.sync().unwrap();
        let runs = journal.runs(&id);
        assert_eq!((runs.len(), runs[0].low, runs[0].end), (1, 1, frames[7]));
        assert_eq!(dots(&journal, frames[7]), frames);
        each_reaches_its_own(&journal, std::slice::from_ref(&frames));
        assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
    }
}

#[test]
fn behind_a_gap_nothing_reaches_into_a_fork() {
    let Fork {
        id,
        left,
        right,
        _dirs,
    } = fork();
    let mut right = right;
    let base = end(&right, id);
    right.append(&groups(&[1, 1]), &mut salts()).unwrap();
    let late = cut(&right, end(&right, id), base.seq + 2);
    let dir = folder();
    let (mut journal, _) = open(dir.path(), None);
    let early = cut(&right, dots(&right, base)[4], 1);
    early.give(&mut journal, false).unwrap();
    cut(&left, end(&left, id), 1)
        .give(&mut journal, false)
        .unwrap();
    late.give(&mut journal, true).unwrap();
    let from = end(&right, id);
    let [lefts, rights] = [dots(&left, end(&left, id)), dots(&right, base)];
    assert!(lefts[..3].iter().all(|to| journal.reaches(&from, to)));
    let parted = lefts[3..5].iter().chain(&rights[3..5]);
    assert!(!parted.into_iter().any(|to| journal.reaches(&from, to)));
    // Of seq 6 only one frame is held.
    assert!(journal.reaches(&from, &lefts[5]));
}

#[test]
fn own_changes_that_come_back_end_the_own_log() {
    let Fork {
        id,
        left,
        right: _,
        _dirs,
    } = fork();
    let dir = folder();
    let (mut journal, _) = written(dir.path(), 1, &[1]);
    // A copy restored in place: it lacks what the log already has, and wrote another second change.
    journal.append(&groups(&[1]), &mut || [7; 16]).unwrap();
    let mine = end(&journal, id);
    let taken = cut(&left, end(&left, id), 1)
        .give(&mut journal, false)
        .unwrap();
    assert_eq!((taken.known, taken.new, taken.restored), (1, 5, true));
    assert_eq!(journal.own(), None);
    journal.seal_own(&id, TIME, &mut sign).unwrap();
    journal.sync().unwrap();
    let refused = journal.append(&groups(&[1]), &mut salts());
    assert!(matches!(refused, Err(JournalError::NoOwn)));
    let new = journal.begin(&first(2)).unwrap();
    journal.append(&groups(&[1]), &mut salts()).unwrap();
    drop(journal);
    let (mut journal, notices) = open(dir.path(), Some(new));
    assert_eq!((notices, journal.own()), (vec![], Some(new)));
    let ends: Vec<Dot> = journal.runs(&id).iter().map(|run| run.end).collect();
    assert_eq!(ends, [mine, end(&left, id)]);
    assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
    assert!(journal.log(&id).unwrap().ended);
    journal.end_own(Ended::Copied).unwrap();
    drop(journal);
    assert_eq!(open(dir.path(), Some(new)).0.own(), None);
}

#[test]
fn a_piece_with_anything_wrong_is_refused_whole() {
    let there = folder();
    let (source, id) = written(there.path(), 1, &[1, 2, 1]);
    let good = cut(&source, end(&source, id), 1);
    let dir = folder();
    let (mut journal, _) = open(dir.path(), None);
    let mut refuse = |wrong: &dyn Fn(&mut Cut)| {
        let mut piece = cut(&source, end(&source, id), 1);
        wrong(&mut piece);
        let refused = piece.give(&mut journal, true);
        let Err(JournalError::Refused { why, seq, .. }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(journal.runs(&id), []);
        (seq, why)
    };
    let length = good.raw.len();
    assert_eq!(
        refuse(&|p| p.raw.push(0)),
        (5, Refusal::Frame(crate::codec::FrameError::Short))
    );
    assert!(matches!(
        refuse(&|p| p.raw[length - 5] ^= 1),
        (4, Refusal::Frame(_))
    ));
    assert!(matches!(
        refuse(&|p| p.raw.truncate(length - 1)),
        (4, Refusal::Frame(_))
    ));
    assert_eq!(refuse(&|p| p.raw.clear()).1, Refusal::Chain);
    assert_eq!(refuse(&|p| p.seal[60] ^= 1).1, Refusal::Seal);
    assert_eq!(refuse(&|p| p.before.0[20] ^= 1).1, Refusal::Before);
    assert!(matches!(refuse(&|p| p.first[20] ^= 1).1, Refusal::Frame(_)));
    let third = dots(&source, end(&source, id))[1];
    let half = cut(&source, third, 1);
    let cut_group = half.give(&mut journal, false);
    assert!(matches!(
        cut_group,
        Err(JournalError::Refused {
            seq: 2,
            why: Refusal::Group,
            ..
        })
    ));
    good.give(&mut journal, false).unwrap();
    assert_eq!(journal.runs(&id).len(), 1);
}

#[test]
fn an_index_of_frames_that_are_gone_is_not_taken_for_those_that_came_in_their_place() {
    let Fork {
        id,
        mut left,
        right,
        _dirs,
    } = fork();
    left.append(&groups(&[600]), &mut salts()).unwrap();
    let dir = folder();
    let (mut journal, _) = open(dir.path(), None);
    let wholes = [&right, &left].map(|source| cut(source, end(source, id), 1));
    cut(&right, dots(&right, end(&right, id))[2], 1)
        .give(&mut journal, false)
        .unwrap();
    wholes[0].give(&mut journal, false).unwrap();
    journal.sync().unwrap();
    let common = left.chain_at(&id, 3).unwrap()[0];
    let mut walk = left.walk(&end(&left, id), 3).unwrap();
    let third = walk.next_frame().unwrap().unwrap();
    assert_eq!(third.chain, common);
    let pointer = third.placed.pointer;
    let stop = pointer.offset + u64::from(pointer.len);
    let logs = dir.path().join("journal").join(id.to_string());
    let mut writing = fs::OpenOptions::new();
    let file = writing.write(true).open(logs.join("1.log")).unwrap();
    file.set_len(stop).unwrap();
    drop(journal);
    let (mut journal, notices) = open(dir.path(), None);
    assert!(matches!(notices[..], [Notice::Damage { seq: 3, .. }]));
    assert!(!logs.join("1.index").exists());
    wholes[1].give(&mut journal, false).unwrap();
    journal.sync().unwrap();
    drop(journal);
    let (mut journal, _) = open(dir.path(), None);
    assert_eq!(end(&journal, id), end(&left, id));
    wholes[0].give(&mut journal, false).unwrap();
    journal.sync().unwrap();
    assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
    let wanted = [&left, &right].map(|source| dots(source, end(source, id)));
    each_reaches_its_own(&journal, &wanted);
}
