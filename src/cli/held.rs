//! A record of the store with its changes.

use super::env::Env;
use super::fault::Fault;
use crate::codec::MAX_SEEN;
use crate::exchange::ledger::Ledger;
use crate::record::fold::seen;
use crate::record::{Change, Dot, LogId, Mark, Record, RecordId, Seen, Stamp, covers, fold};
use crate::text::cli::Say;

/// A record with the changes that it is folded from.
pub(crate) struct Held {
    /// The record.
    pub record: Record,
    /// Its changes, in the order of people.
    pub changes: Vec<Change>,
}

impl Held {
    /// The record of an id, whatever its register.
    ///
    /// # Errors
    /// Wrong usage if there is none, or in several registers.
    pub(crate) fn find(env: &Env, ledger: &Ledger, id: &str) -> Result<Self, Fault> {
        let parsed = RecordId::parse(id).ok_or_else(|| Fault::usage(env.lang, &Say::NoId(id)))?;
        let mut found = ledger
            .store
            .find_by_id(parsed)
            .map_err(|error| env.store(&error))?;
        let register = match found.len() {
            0 => return Err(Fault::usage(env.lang, &Say::NoRecord(id))),
            1 => found.remove(0).register,
            _ => return Err(Fault::usage(env.lang, &Say::ManyRecords(id))),
        };
        Self::read(env, ledger, register, parsed)?
            .ok_or_else(|| Fault::usage(env.lang, &Say::NoRecord(id)))
    }

    /// One record; `None` if nothing is held of it.
    pub(crate) fn read(
        env: &Env,
        ledger: &Ledger,
        register: u32,
        id: RecordId,
    ) -> Result<Option<Self>, Fault> {
        let mut changes = ledger
            .store
            .changes(register, id)
            .map_err(|error| env.store(&error))?;
        changes.sort_by_key(Change::display_order);
        let record = fold(
            &changes,
            ledger.store.journal(),
            &**ledger.store.registers(),
        );
        Ok(record.map(|record| Self { record, changes }))
    }

    /// What whoever looks at it now has seen.
    pub(crate) fn seen(&self, ledger: &Ledger) -> Vec<Seen> {
        seen(&self.changes, ledger.store.journal(), MAX_SEEN)
    }

    /// The record as it was for someone who had seen that; `None` if that names nothing of it.
    pub(crate) fn as_seen(&self, ledger: &Ledger, seen: &[Seen]) -> Option<Record> {
        let reader = Change {
            dot: Dot {
                log: LogId::default(),
                seq: 0,
                mark: Mark::default(),
            },
            at: Stamp::default(),
            record: self.record.id,
            register: self.record.register,
            seen: seen.to_vec(),
            sets: Vec::new(),
        };
        self.before(ledger, &reader)
    }

    /// The record as a change's writer had it before her; `None` for what begins it.
    pub(crate) fn before(&self, ledger: &Ledger, change: &Change) -> Option<Record> {
        let journal = ledger.store.journal();
        let known: Vec<Change> = self
            .changes
            .iter()
            .filter(|other| other.dot != change.dot && covers(change, other, journal))
            .cloned()
            .collect();
        fold(&known, journal, &**ledger.store.registers())
    }
}
