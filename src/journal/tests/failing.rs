//! Every single operation fails in its turn: what was acknowledged is there at the next open, and work goes on.

use std::fs;

use super::*;
use crate::files::{Failing, Failure};
use crate::journal::{Ended, JournalError, Placed};

const ALL: [Failure; 5] = [
    Failure::Once,
    Failure::Short,
    Failure::Full,
    Failure::ReadOnly,
    Failure::Dead,
];

/// What a run of the script was told to be saved.
#[derive(Default)]
struct Told {
    own: Option<LogId>,
    placed: Vec<Placed>,
    sealed: bool,
}

/// Begin, save, save a group, seal, save: on an error, heals the disk and goes on, or ends if the process is dead.
fn script(dir: &Path, disk: &Failing, failure: Failure, small: bool) -> Told {
    let mut told = Told::default();
    let (mut journal, _) = open_with(Arc::new(disk.clone()), dir, None, None);
    if small {
        journal.full = 100;
    }
    let mut salts = salts();
    for step in 0..6 {
        for _try in 0..2 {
            let done: Result<(), JournalError> = match step {
                0 => journal.begin(&first(1)).map(|id| told.own = Some(id)),
                3 => journal
                    .seal_own(&told.own.unwrap(), TIME, &mut sign)
                    .map(|()| told.sealed = true),
                step => {
                    let sizes: &[u64] = if step == 2 { &[3, 2] } else { &[1] };
                    journal
                        .append(&groups(sizes), &mut salts)
                        .map(|placed| told.placed.extend(placed))
                }
            };
            match done {
                Ok(()) => break,
                Err(_) if failure == Failure::Dead => return told,
                Err(_) => disk.heal(),
            }
        }
    }
    told
}

fn every_failure(small: bool, failures: &[Failure]) {
    let operations = {
        let dir = folder();
        let disk = Failing::new();
        script(dir.path(), &disk, Failure::Once, small);
        disk.counts().operations
    };
    assert!(operations > 15, "{operations}");
    for &failure in failures {
        for nth in 0..operations {
            let case = format!("{failure:?} at {nth} of {operations}");
            let dir = folder();
            let disk = Failing::new();
            fs::create_dir_all(dir.path().join("journal")).unwrap();
            disk.fail_at(nth, failure);
            let told = script(dir.path(), &disk, failure, small);
            let applied = told.placed.last().map(|p| (p.dot.seq, p.dot.mark));
            let (mut journal, notices) = open_with(Arc::new(Disk), dir.path(), told.own, applied);
            let harmless = |notice: &Notice| matches!(notice, Notice::TornTail { .. });
            assert!(notices.iter().all(harmless), "{case}: {notices:?}");
            assert_eq!(journal.own(), told.own, "{case}");
            for placed in &told.placed {
                assert_eq!(
                    journal.content(placed).unwrap().change.unwrap().dot,
                    placed.dot
                );
                assert!(journal.holds(&placed.dot), "{case}");
            }
            if told.sealed {
                assert!(!journal.seals(&told.own.unwrap()).is_empty(), "{case}");
            }
            let id = match told.own {
                Some(id) => id,
                None => journal.begin(&first(1)).unwrap(),
            };
            let next = journal.append(&groups(&[2]), &mut salts()).unwrap();
            assert_eq!(journal.check(&mut |_, _| {}).unwrap(), [], "{case}");
            drop(journal);
            let (journal, notices) = open(dir.path(), Some(id));
            assert_eq!(
                (notices, end(&journal, id)),
                (vec![], next[1].dot),
                "{case}"
            );
        }
    }
}

#[test]
fn what_was_acknowledged_survives_the_failure_of_any_operation() {
    every_failure(false, &ALL);
}

#[test]
fn so_it_does_where_a_segment_is_full() {
    every_failure(true, &ALL);
}

/// A copy of a store's folder.
fn copy(from: &Path) -> tempfile::TempDir {
    fn all(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let to = to.join(path.file_name().unwrap());
            if path.is_dir() {
                all(&path, &to);
            } else {
                fs::copy(&path, &to).unwrap();
            }
        }
    }
    let to = folder();
    all(from, to.path());
    to
}

fn segment(dir: &Path, id: LogId) -> std::path::PathBuf {
    dir.join("journal").join(id.to_string()).join("1.log")
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_back_to_the_last_whole_group() {
    let dir = folder();
    let (mut journal, _) = open(dir.path(), None);
    let id = journal.begin(&first(1)).unwrap();
    let placed = journal.append(&groups(&[1, 3, 1]), &mut salts()).unwrap();
    let ends: Vec<u64> = placed
        .iter()
        .map(|p| p.pointer.offset + u64::from(p.pointer.len))
        .collect();
    // Less of the preallocated room than there is, or copying it takes the time of the test.
    let mut whole = fs::read(segment(dir.path(), id)).unwrap();
    whole.truncate(ends[4] as usize + 64);
    fs::write(segment(dir.path(), id), &whole).unwrap();
    drop(journal);
    // Behind which frames a group ends.
    let stops = [(0, 0), (1, ends[0]), (4, ends[3]), (5, ends[4])];
    for cut in 0..=ends[4] {
        let (seq, stop) = *stops.iter().rfind(|(_, end)| *end <= cut).unwrap();
        let torn = cut as usize;
        let mut zeros = whole.clone();
        zeros[torn..].fill(0);
        let mut noise = zeros.clone();
        noise[torn..].fill(0xa5);
        let ways = [
            ("short", &whole[..torn]),
            ("zeros", &zeros),
            ("noise", &noise),
        ];
        // Every byte in one way, each way at every third.
        for (how, bytes) in ways.into_iter().skip(torn % 3).take(1) {
            let store = copy(dir.path());
            fs::write(segment(store.path(), id), bytes).unwrap();
            let (mut journal, notices) = open(store.path(), Some(id));
            let held = journal.log(&id).unwrap().runs;
            let held = held.last().map_or(0, |run| run.end.seq);
            assert_eq!(held, seq, "{how} at {cut}");
            let rest = &bytes[stop as usize..];
            let used = rest.iter().rposition(|&b| b != 0).map_or(0, |at| at + 1);
            match notices.as_slice() {
                [] => assert_eq!(used, 0, "{how} at {cut}"),
                [Notice::TornTail { bytes, aside, .. }] => {
                    assert_eq!(*bytes, used as u64);
                    assert_eq!(fs::read(aside).unwrap(), &rest[..used]);
                }
                other => panic!("{how} at {cut}: {other:?}"),
            }
            assert_eq!(journal.own(), Some(id));
            let next = journal.append(&groups(&[1]), &mut salts()).unwrap();
            assert_eq!(next[0].dot.seq, seq + 1);
            drop(journal);
            let (journal, notices) = open(store.path(), Some(id));
            assert_eq!((notices, end(&journal, id)), (vec![], next[0].dot));
        }
    }
}

#[test]
fn lost_frames_that_were_applied_or_sealed_end_the_log_and_a_new_one_begins() {
    let dir = folder();
    let (mut journal, _) = open(dir.path(), None);
    let id = journal.begin(&first(1)).unwrap();
    let placed = journal.append(&groups(&[1, 1]), &mut salts()).unwrap();
    drop(journal);
    let sealed = copy(dir.path());
    let (mut journal, _) = open(sealed.path(), Some(id));
    journal.seal_own(&id, TIME, &mut sign).unwrap();
    drop(journal);
    let last = placed[1].dot;
    for (store, applied) in [(copy(dir.path()), Some((2, last.mark))), (sealed, None)] {
        let path = segment(store.path(), id);
        let mut bytes = fs::read(&path).unwrap();
        bytes[placed[1].pointer.offset as usize + 20] ^= 1;
        fs::write(&path, &bytes).unwrap();
        // The index vouches for nothing that is gone.
        let _ = fs::remove_file(path.with_extension("index"));
        let (journal, notices) = open_with(Arc::new(Disk), store.path(), Some(id), applied);
        let [
            Notice::Damage {
                seq: 1,
                aside: Some(aside),
                ..
            },
            Notice::OwnEnded { why, .. },
        ] = notices.as_slice()
        else {
            panic!("{notices:?}")
        };
        assert_eq!(*why, Ended::Damaged);
        assert!(aside.exists());
        assert_eq!(journal.own(), None);
        drop(journal);
        let (mut journal, notices) = open(store.path(), Some(id));
        assert_eq!((notices, journal.own()), (vec![], None));
        assert_eq!(end(&journal, id), placed[0].dot);
        let new = journal.begin(&first(2)).unwrap();
        journal.append(&groups(&[1]), &mut salts()).unwrap();
        drop(journal);
        let (journal, _) = open(store.path(), Some(new));
        assert_eq!((journal.own(), end(&journal, new).seq), (Some(new), 1));
    }
}

#[test]
fn a_flipped_byte_of_a_sealed_log_is_reported_with_log_and_seq_and_healed_by_the_same_piece() {
    let (here, there) = (folder(), folder());
    let (source, id) = written(there.path(), 1, &[300, 2, 1, 300]);
    let whole = cut(&source, end(&source, id), 1);
    let (mut journal, _) = open(here.path(), None);
    let taken = whole.give(&mut journal, false).unwrap();
    journal.sync().unwrap();
    drop(journal);
    let bytes = fs::read(segment(here.path(), id)).unwrap();
    assert_eq!(bytes, whole.raw);
    for at in (0..bytes.len()).step_by(997) {
        let store = copy(here.path());
        let mut changed = bytes.clone();
        changed[at] ^= 0x40;
        fs::write(segment(store.path(), id), &changed).unwrap();
        let seq = {
            let (journal, notices) = open(store.path(), None);
            assert_eq!(notices, []);
            let found = journal.check(&mut |_, _| {}).unwrap();
            assert_eq!((found.len(), found[0].log), (1, id), "{at}: {found:?}");
            let damage = &found[0];
            let length =
                u32::from_le_bytes(bytes[damage.offset as usize..][..4].try_into().unwrap());
            assert!((damage.offset..damage.offset + 4 + u64::from(length)).contains(&(at as u64)));
            let mut walk = journal.walk(&taken.end, 1).unwrap();
            let mut walked = 0;
            let error = loop {
                match walk.next_frame() {
                    Ok(Some(_)) => walked += 1,
                    Ok(None) => panic!("{at}: not noticed"),
                    Err(error) => break error,
                }
            };
            assert_eq!(walked + 1, damage.seq);
            assert!(
                matches!(error, JournalError::Damage { log, seq, .. } if (log, seq) == (id, damage.seq))
            );
            assert!(walk.next_frame().unwrap().is_none());
            damage.seq
        };
        fs::remove_file(segment(store.path(), id).with_extension("index")).unwrap();
        let (mut journal, notices) = open(store.path(), None);
        let Notice::Damage {
            log,
            seq: stands,
            aside: Some(aside),
            ..
        } = &notices[0]
        else {
            panic!("{notices:?}")
        };
        assert!(*log == id && *stands < seq && aside.exists());
        whole.give(&mut journal, false).unwrap();
        journal.sync().unwrap();
        assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
        drop(journal);
        let (journal, notices) = open(store.path(), None);
        assert_eq!((notices, end(&journal, id)), (vec![], taken.end));
    }
}

#[test]
fn a_merge_broken_off_anywhere_leaves_what_was_there_and_can_be_repeated() {
    let (here, there) = (folder(), folder());
    let (mut source, id) = written(there.path(), 1, &[2, 1]);
    let part = cut(&source, end(&source, id), 1);
    source.append(&groups(&[3]), &mut salts()).unwrap();
    let rest = cut(&source, end(&source, id), 4);
    let (journal, own) = written(here.path(), 2, &[1]);
    drop(journal);
    for failure in ALL {
        let mut nth = 0;
        loop {
            let store = copy(here.path());
            let disk = Failing::new();
            let (mut journal, _) = open_with(Arc::new(disk.clone()), store.path(), Some(own), None);
            let mut durable = 0;
            disk.fail_at(nth, failure);
            let done = (|| {
                part.give(&mut journal, false)?;
                journal.sync()?;
                durable = 3;
                rest.give(&mut journal, false)?;
                journal.sync()
            })();
            let end_of = |journal: &Journal| {
                journal
                    .log(&id)
                    .and_then(|log| Some(log.runs.last()?.end.seq))
            };
            let (mut journal, _) = open(store.path(), Some(own));
            let held = end_of(&journal).unwrap_or(0);
            assert!(
                held >= durable && [0, 3, 6].contains(&held),
                "{failure:?} {nth}: {held}"
            );
            assert_eq!((journal.own(), end(&journal, own).seq), (Some(own), 1));
            for piece in [&part, &rest] {
                piece.give(&mut journal, false).unwrap();
                journal.sync().unwrap();
            }
            assert_eq!(
                journal.check(&mut |_, _| {}).unwrap(),
                [],
                "{failure:?} {nth}"
            );
            let (journal, notices) = open(store.path(), Some(own));
            assert_eq!(
                (notices, end_of(&journal)),
                (vec![], Some(6)),
                "{failure:?} {nth}"
            );
            if done.is_ok() {
                break;
            }
            nth += 1;
        }
        assert!(nth > 10 || failure == Failure::Once, "{failure:?}: {nth}");
    }
}
