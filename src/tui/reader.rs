//! The read side of the ledger, as screens see it. They ask this trait and nothing else, so that a screen is tested
//! without a store.

use crate::record::{Change, LogId, Record, RecordId, Seen, Tag};

/// What screens may ask of the ledger.
pub trait Reader {
    /// A record as it stands.
    fn record(&self, register: u32, id: RecordId) -> Option<Record>;

    /// All its changes held, in no order that means anything.
    fn changes(&self, register: u32, id: RecordId) -> Vec<Change>;

    /// What a form that opens now has seen of it.
    fn seen(&self, register: u32, id: RecordId) -> Vec<Seen>;

    /// The name of whoever writes a log.
    fn author(&self, log: &LogId) -> Option<String>;

    /// Every field in conflict.
    fn conflicts(&self) -> Vec<(u32, RecordId, Tag)>;
}

/// A ledger that is not there: before the first start, and while a thread works with the real one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Reader for Nobody {
    fn record(&self, _: u32, _: RecordId) -> Option<Record> {
        None
    }

    fn changes(&self, _: u32, _: RecordId) -> Vec<Change> {
        Vec::new()
    }

    fn seen(&self, _: u32, _: RecordId) -> Vec<Seen> {
        Vec::new()
    }

    fn author(&self, _: &LogId) -> Option<String> {
        None
    }

    fn conflicts(&self) -> Vec<(u32, RecordId, Tag)> {
        Vec::new()
    }
}
