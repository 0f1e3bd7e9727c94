//! The plan over a tiny universe: one log with two branches, pieces in any order.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use super::manifest::Piece;
use super::plan::{Candidate, Fate, Plan, Standing, Why, ends_with_waiting};
use super::receive::{Opening, Spooled};
use crate::codec::First;
use crate::files::Disk;
use crate::record::{Chain, Dot, LogId};

/// What is held: chain values by seq.
#[derive(Default)]
struct Held(BTreeMap<u64, Vec<Chain>>);

impl Standing for Held {
    fn holds(&self, _: LogId) -> bool {
        !self.0.is_empty()
    }

    fn chains_at(&self, _: LogId, seq: u64) -> io::Result<Vec<Chain>> {
        Ok(self.0.get(&seq).cloned().unwrap_or_default())
    }
}

fn first() -> Opening {
    let first = First {
        format: 1,
        key: [7; 32],
        name: "李静".into(),
        unit: "500101".into(),
        reach: 0,
        class: 0,
        nonce: [1; 16],
    };
    Opening {
        bytes: first.frame().unwrap(),
        first,
    }
}

/// The chain value at a seq of a branch; the branches part behind seq 5.
fn chain(branch: u8, seq: u64) -> Chain {
    match seq {
        0 => super::piece::chain_start(&first().bytes).unwrap(),
        1..=5 => Chain([seq as u8; 32]),
        _ => Chain([branch + seq as u8; 32]),
    }
}

fn held(branches: &[u8], to: u64) -> Held {
    let mut held = Held::default();
    for seq in 0..=to {
        let mut chains: Vec<Chain> = branches.iter().map(|&b| chain(b, seq)).collect();
        chains.dedup();
        held.0.insert(seq, chains);
    }
    held
}

fn piece(dir: &Path, branch: u8, from: u64, to: u64) -> Candidate {
    let chains = dir.join(format!("{branch}-{from}-{to}"));
    let bytes: Vec<u8> = (from..=to).flat_map(|seq| chain(branch, seq).0).collect();
    std::fs::write(&chains, bytes).unwrap();
    let end = chain(branch, to);
    Candidate {
        spooled: Spooled {
            piece: Piece {
                log: chain(0, 0).log_id(),
                from,
                to,
                mark: end.mark(),
                before: chain(branch, from - 1),
                bytes: 1,
            },
            chain: end,
            seal: vec![],
            file: "unused".into(),
            offset: 0,
            packed: 0,
            chains,
            chains_at: 0,
        },
        opening: first(),
        file: Some(0),
        batch: "a.jgb".into(),
    }
}

fn plan(held: &Held, candidates: &[Candidate]) -> Plan {
    Plan::of(&Disk, held, candidates, &BTreeSet::from([[7; 32]])).unwrap()
}

fn new(branch: u8, from: u64, forks: bool) -> Fate {
    Fate::New {
        from,
        before: chain(branch, from - 1),
        forks,
    }
}

fn waits(why: Why) -> Fate {
    Fate::Waits { why, known: 0 }
}

#[test]
fn pieces_are_known_new_or_wait() {
    let dir = tempfile::tempdir().unwrap();
    let piece = |branch, from, to| piece(dir.path(), branch, from, to);
    let fate = |held: &Held, candidate| plan(held, &[candidate]).fates[0];
    let nothing = Held::default();
    assert_eq!(fate(&nothing, piece(0, 1, 4)), new(0, 1, false));
    assert_eq!(fate(&nothing, piece(0, 3, 4)), waits(Why::Gap));
    let held = held(&[0], 8);
    assert_eq!(fate(&held, piece(0, 2, 8)), Fate::Known);
    assert_eq!(fate(&held, piece(0, 9, 12)), new(0, 9, false));
    assert_eq!(fate(&held, piece(0, 1, 12)), new(0, 9, false));
    assert_eq!(fate(&held, piece(0, 10, 12)), waits(Why::Gap));
    assert_eq!(fate(&held, piece(50, 1, 9)), new(50, 6, true));
    assert_eq!(fate(&held, piece(50, 6, 7)), new(50, 6, true));
    assert_eq!(fate(&held, piece(50, 8, 9)), waits(Why::Fork));
}

#[test]
fn pieces_that_depend_on_each_other_are_taken_in_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let piece = |branch, from, to| piece(dir.path(), branch, from, to);
    let done = plan(
        &Held::default(),
        &[
            piece(0, 8, 9),
            piece(50, 7, 9),
            piece(0, 6, 7),
            piece(50, 1, 6),
            piece(0, 1, 5),
            piece(0, 1, 7),
            piece(0, 11, 12),
        ],
    );
    assert_eq!(done.order, [3, 5, 0, 1], "{done:?}");
}

#[test]
fn an_author_nobody_trusts_waits_unless_all_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let candidates = [piece(dir.path(), 0, 1, 4), piece(dir.path(), 0, 5, 9)];
    let plan = |held: &Held| Plan::of(&Disk, held, &candidates, &BTreeSet::new()).unwrap();
    assert_eq!(
        plan(&Held::default()).fates,
        [waits(Why::Untrusted), waits(Why::Untrusted)]
    );
    let held = held(&[0], 4);
    assert_eq!(plan(&held).fates, [Fate::Known, waits(Why::Untrusted)]);
    // The ends count what only waits for trust.
    let log = chain(0, 0).log_id();
    let end = |seq| Dot {
        log,
        seq,
        mark: chain(0, seq).mark(),
    };
    let trusting = super::plan_tests::plan(&held, &candidates);
    assert_eq!(
        ends_with_waiting(vec![end(4)], &candidates, &trusting),
        [end(9)]
    );
}
