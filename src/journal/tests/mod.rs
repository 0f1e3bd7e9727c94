//! Tests of the journal as a whole, on a real folder.

mod failing;
mod forks;
mod golden;
mod plain;

use std::path::Path;
use std::sync::Arc;

use super::{Applied, Journal, Notice, Piece, Seal, Taken};
use crate::codec::{First, Unplaced};
use crate::files::{Disk, Files};
use crate::record::{Chain, Dot, LogId, RecordId, Set, Stamp, Value};

/// A folder for a store; in memory where there is such a place, since these tests sync thousands of times.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// The time of every seal here.
const TIME: &str = "2026-11-24T08:00:00Z";

fn first(nonce: u8) -> First {
    First {
        format: 1,
        key: [3; 32],
        name: "李静".into(),
        unit: "500101028008".into(),
        reach: 0,
        class: 0,
        nonce: [nonce; 16],
    }
}

fn change(n: u64) -> Unplaced {
    Unplaced {
        at: Stamp(n << 16),
        record: RecordId([n as u8; 16]),
        register: 9,
        seen: vec![],
        sets: vec![Set {
            tag: 2,
            element: vec![],
            value: Value::int(n as i64),
        }],
    }
}

/// Groups of the given sizes.
fn groups(sizes: &[u64]) -> Vec<Vec<Unplaced>> {
    let group = |&size: &u64| (1..=size).map(change).collect();
    sizes.iter().map(group).collect()
}

/// Salts that are the same in every run.
fn salts() -> impl FnMut() -> [u8; 16] {
    let mut n = 0u8;
    move || {
        n = n.wrapping_add(1);
        [n; 16]
    }
}

fn sign(_: &str) -> Result<String, String> {
    Ok("-----BEGIN SSH SIGNATURE-----\n".into())
}

fn open_with(
    files: Arc<dyn Files>,
    dir: &Path,
    own: Option<LogId>,
    applied: Applied,
) -> (Journal, Vec<Notice>) {
    Journal::open(files, &dir.join("journal"), own, &|_| applied).unwrap()
}

fn open(dir: &Path, own: Option<LogId>) -> (Journal, Vec<Notice>) {
    open_with(Arc::new(Disk), dir, own, None)
}

/// A store whose own log holds groups of these sizes, sealed.
fn written(dir: &Path, nonce: u8, sizes: &[u64]) -> (Journal, LogId) {
    let (mut journal, _) = open(dir, None);
    let id = journal.begin(&first(nonce)).unwrap();
    journal.append(&groups(sizes), &mut salts()).unwrap();
    journal.seal_own(&id, TIME, &mut sign).unwrap();
    (journal, id)
}

fn end(journal: &Journal, id: LogId) -> Dot {
    journal.log(&id).unwrap().runs.last().unwrap().end
}

/// The frames of a branch from one seq to its end, the chain value before, and a seal at the end.
struct Cut {
    first: Vec<u8>,
    from: u64,
    before: Chain,
    raw: Vec<u8>,
    seal: Vec<u8>,
}

fn cut(journal: &Journal, end: Dot, from: u64) -> Cut {
    let mut walk = journal.walk(&end, from.saturating_sub(1).max(1)).unwrap();
    let mut before = journal.chain_at(&end.log, 0).unwrap()[0];
    let (mut raw, mut chain) = (Vec::new(), before);
    while let Some(walked) = walk.next_frame().unwrap() {
        chain = walked.chain;
        if walked.placed.dot.seq < from {
            before = walked.chain;
        } else {
            raw.extend(walked.frame.bytes);
        }
    }
    let seal = Seal {
        log: end.log,
        seq: end.seq,
        chain,
        time: TIME.into(),
    };
    Cut {
        first: journal.first_frame(&end.log).unwrap().to_vec(),
        from,
        before,
        raw,
        seal: format!("{}{}", seal.text(), sign("").unwrap()).into_bytes(),
    }
}

impl Cut {
    fn give(&self, to: &mut Journal, accept: bool) -> Result<Taken, super::JournalError> {
        let piece = Piece {
            from: self.from,
            before: self.before,
            seal: &self.seal,
        };
        to.take(&self.first, &piece, &mut self.raw.as_slice(), accept)
    }
}
