//! Logs of others: when they count, what a merge does to the view, and what is asked of the disk.

use std::io::Cursor;

use super::*;
use crate::codec;
use crate::files::{Counts, Failing, Failure};
use crate::journal::Piece;
use crate::record::Chain;

/// What a batch would bring of a desk's log, from one seq on.
struct Bundle {
    first: Vec<u8>,
    seal: Vec<u8>,
    raw: Vec<u8>,
    from: u64,
    before: Chain,
}

impl Desk {
    fn export(&mut self, from: u64) -> Bundle {
        let own = self.own;
        let journal = self.store().journal_mut();
        let armour = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n";
        journal
            .seal_own(&own, "2026-11-24T09:00:00Z", &mut |_| Ok(armour.into()))
            .unwrap();
        let (seq, mark) = *journal.seals(&own).last().unwrap();
        let mut raw = Vec::new();
        let end = journal.log(&own).unwrap().runs[0].end;
        let mut walk = journal.walk(&end, from).unwrap();
        while let Some(walked) = walk.next_frame().unwrap() {
            raw.extend(walked.frame.bytes);
        }
        Bundle {
            first: journal.first_frame(&own).unwrap().to_vec(),
            seal: journal.seal(&own, seq, mark).unwrap().unwrap(),
            raw,
            from,
            before: journal.chain_at(&own, from - 1).unwrap()[0],
        }
    }

    fn take(&mut self, bundle: &Bundle) {
        let piece = Piece {
            from: bundle.from,
            before: bundle.before,
            seal: &bundle.seal,
        };
        let mut raw = Cursor::new(&bundle.raw);
        let journal = self.store().journal_mut();
        journal.take(&bundle.first, &piece, &mut raw, true).unwrap();
    }

    fn trust(&mut self, author: u8) {
        self.store().set_trusted(BTreeSet::from([[author; 32]]));
    }

    fn apply(&mut self) -> Applied {
        self.store().apply_logs(&mut |_, _| {}).unwrap()
    }
}

#[test]
fn a_log_counts_from_when_its_key_is_trusted_and_what_is_merged_stays() {
    let mut a = village();
    let mut b = Desk::of(2);
    b.take(&a.export(1));
    assert_eq!(b.apply(), Applied::default());
    assert!(b.found(HOUSEHOLD, "").is_empty());
    b.trust(1);
    let applied = b.apply();
    assert_eq!((applied.changes, applied.created), (6, 6));
    assert_eq!(a.everything(), b.everything());
    b.store().check().unwrap();
    // Taking the same again changes nothing.
    b.take(&a.export(1));
    assert_eq!(b.apply(), Applied::default());
    b.trust(3);
    b.store().rebuild().unwrap();
    assert_eq!(a.everything(), b.everything());
    b.store().take_notices();
    assert_eq!(b.reopen(), []);
    assert_eq!(a.everything(), b.everything());
}

#[test]
fn two_stores_that_exchanged_all_show_the_same_conflicts_included() {
    let mut a = village();
    let mut b = Desk::of(2);
    b.take(&a.export(1));
    b.trust(1);
    b.apply();
    let taken = 7;
    a.save(HOUSEHOLD, 1, vec![set(NAME, Value::text("李静文"))]);
    b.save(HOUSEHOLD, 1, vec![set(NAME, Value::text("李婧雯"))]);
    b.save(HOUSEHOLD, 2, vec![set(PHONE, Value::text("13812340000"))]);
    b.visit(21, 2, 20_010, "已办理低保");
    let (of_a, of_b) = (a.export(taken), b.export(1));
    a.take(&of_b);
    a.trust(2);
    b.take(&of_a);
    let (at_a, at_b) = (a.apply(), b.apply());
    assert_eq!((at_a.created, at_a.changed, at_a.conflicted), (1, 2, 1));
    assert_eq!((at_b.created, at_b.changed, at_b.conflicted), (0, 1, 1));
    assert_eq!(a.everything(), b.everything());
    for desk in [&mut a, &mut b] {
        assert_eq!(desk.found(VISIT, "低保"), [id(21)]);
        assert_eq!(desk.store().conflicts().unwrap()[0].id, id(1));
        let entries = desk.store().check().unwrap().entries;
        desk.store().rebuild().unwrap();
        assert_eq!(desk.store().check().unwrap().entries, entries);
        desk.store().take_notices();
    }
    // One settles; the other sees it settled.
    a.save(HOUSEHOLD, 1, vec![set(NAME, Value::text("李静雯"))]);
    b.take(&a.export(taken + 1));
    assert_eq!(b.apply().changed, 1);
    assert_eq!(b.store().count_conflicts().unwrap(), 0);
    assert_eq!(a.everything(), b.everything());
}

#[test]
fn a_piece_behind_a_gap_and_the_gap_healed_build_the_view_again() {
    let mut a = village();
    let mut b = Desk::of(2);
    let whole = a.export(1);
    b.trust(1);
    b.take(&a.export(4));
    assert_eq!(b.apply().changes, 3);
    assert_eq!(b.store().count(HOUSEHOLD).unwrap(), 0);
    b.take(&whole);
    b.apply();
    let notices = b.store().take_notices();
    assert_eq!(notices, [Notice::Rebuilt(Why::Forked)]);
    assert_eq!(a.everything(), b.everything());
    b.store().check().unwrap();
}

fn on(disk: &Arc<Failing>, dir: &Path) -> Store {
    let files = Arc::clone(disk) as Arc<dyn Files>;
    let registers = Arc::new(Registers::builtin());
    Store::open(dir, registers, files, Options::default())
        .unwrap()
        .0
}

fn counted(disk: &Failing, what: impl FnOnce()) -> Counts {
    let before = disk.counts();
    what();
    let after = disk.counts();
    Counts {
        operations: after.operations - before.operations,
        writes: after.writes - before.writes,
        syncs: after.syncs - before.syncs,
        folder_syncs: after.folder_syncs - before.folder_syncs,
    }
}

#[test]
fn a_chunk_of_a_thousand_is_one_write_and_one_sync() {
    let mut desk = Desk::new();
    let groups = |desk: &mut Desk, from: u64| -> Vec<Vec<Unplaced>> {
        let visits = (from..from + 1_000).map(|n| {
            let sets = vec![set(SUMMARY, Value::text("走访一次"))];
            vec![desk.change(VISIT, n, sets, false)]
        });
        visits.collect()
    };
    let (warm, chunk) = (groups(&mut desk, 0), groups(&mut desk, 1_000));
    let disk = Arc::new(Failing::new());
    let dir = tempfile::tempdir().unwrap();
    let mut store = on(&disk, dir.path());
    let first = First {
        format: 1,
        key: [1; 32],
        name: "李静".into(),
        unit: VILLAGE.into(),
        reach: 0,
        class: 0,
        nonce: [1; 16],
    };
    store.journal_mut().begin(&first).unwrap();
    store.save_many(warm).unwrap();
    let counts = counted(&disk, || drop(store.save_many(chunk).unwrap()));
    assert_eq!((counts.writes, counts.syncs), (1, 1), "{counts:?}");
    assert_eq!(store.count(VISIT).unwrap(), 2_000);
}

#[test]
fn what_could_not_be_written_is_not_saved_and_may_be_tried_again() {
    let mut desk = Desk::new();
    let visit = |desk: &mut Desk, n: u64| {
        let sets = vec![set(SUMMARY, Value::text("走访一次"))];
        vec![desk.change(VISIT, n, sets, false)]
    };
    let (one, two) = (visit(&mut desk, 1), visit(&mut desk, 2));
    let disk = Arc::new(Failing::new());
    let dir = tempfile::tempdir().unwrap();
    let mut store = on(&disk, dir.path());
    let first = codec::First {
        format: 1,
        key: [1; 32],
        name: "李静".into(),
        unit: VILLAGE.into(),
        reach: 0,
        class: 0,
        nonce: [1; 16],
    };
    store.journal_mut().begin(&first).unwrap();
    store.save(one).unwrap();
    disk.fail_at(0, Failure::Full);
    let error = store.save(two.clone()).unwrap_err();
    assert!(matches!(error, StoreError::Journal(_)), "{error:?}");
    assert_eq!(store.count(VISIT).unwrap(), 1);
    disk.heal();
    store.save(two).unwrap();
    assert_eq!(store.count(VISIT).unwrap(), 2);
    store.check().unwrap();
}
