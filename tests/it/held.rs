//! The journal answers the fold's questions as the tiny universe does: what leads to what, which runs are held, what a
//! form has seen, and how a record folds; also after it was closed and opened again.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jinguo::files::Disk;
use jinguo::journal::{Journal, Piece};
use jinguo::record::fold::{Latest, fold, seen};
use jinguo::record::{Dot, Held, LogId};
use proptest::prelude::*;

use crate::acts::acts;
use crate::universe::{Shelf, World, record};

fn open(dir: &Path) -> Journal {
    Journal::open(Arc::new(Disk), dir, None, &|_| None)
        .expect("the folder is there")
        .0
}

/// Takes each frame as a piece of its own, in order of arrival; across a gap because a person said so.
fn taken(journal: &mut Journal, shelf: &Shelf) {
    for placed in shelf.placed() {
        let Dot { log, seq, .. } = placed.change.dot;
        let seal = format!(
            "jinguo-seal 1\nlog {log}\nseq {seq}\nchain {}\ntime 2026-11-24T08:00:00Z\n",
            placed.chain
        );
        let piece = Piece {
            from: seq,
            before: placed.before,
            seal: seal.as_bytes(),
        };
        journal
            .take(&placed.first, &piece, &mut placed.bytes.as_slice(), true)
            .expect("a frame of the universe is a good one");
    }
}

fn runs(held: &dyn Held, log: &LogId) -> BTreeSet<(u64, Dot)> {
    held.runs(log)
        .iter()
        .map(|run| (run.low, run.end))
        .collect()
}

fn agree(journal: &Journal, shelf: &Shelf) -> Result<(), TestCaseError> {
    let logs: BTreeSet<LogId> = shelf.dots().iter().map(|dot| dot.log).collect();
    for log in &logs {
        prop_assert_eq!(runs(journal, log), runs(shelf, log));
        let dots = shelf.dots().iter().filter(|dot| dot.log == *log);
        for from in dots.clone() {
            for to in dots.clone() {
                prop_assert_eq!(
                    journal.reaches(from, to),
                    shelf.reaches(from, to),
                    "{:?} to {:?}",
                    from,
                    to
                );
            }
        }
    }
    for id in [record(0), record(1)] {
        let changes = shelf.changes(id);
        prop_assert_eq!(seen(&changes, journal, 9), seen(&changes, shelf, 9));
        prop_assert_eq!(fold(&changes, journal, &Latest), shelf.fold(id));
    }
    Ok(())
}

fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        // Real files are slow; `PROPTEST_CASES` asks for more.
        cases: if default.cases == 256 {
            24
        } else {
            default.cases
        },
        failure_persistence: None,
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_journal_answers_as_the_universe_does(acts in acts()) {
        let world = World::after(&acts, 100);
        for store in &world.stores {
            let dir = tempfile::tempdir().expect("a folder");
            let mut journal = open(dir.path());
            taken(&mut journal, &store.shelf);
            agree(&journal, &store.shelf)?;
            journal.sync().expect("the disk is well");
            drop(journal);
            agree(&open(dir.path()), &store.shelf)?;
        }
    }
}
