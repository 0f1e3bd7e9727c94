//! Saving: from what a form or a JSON line sets to changes in the own log. Ids, stamps and `seen` are given here.

use std::collections::{BTreeMap, BTreeSet};

use super::disk;
use super::error::ExchangeError;
use super::ledger::Ledger;
use crate::codec::{MAX_SEEN, Unplaced};
use crate::forms::Register;
use crate::record::{
    ALIVE, Change, Dot, LogId, Mark, Record, RecordId, Seen, Set, Stamp, Tag, Value, covers,
};

/// What one save does to one record.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Edit {
    /// The register's number.
    pub register: u32,
    /// The record; `None` for a new one. A new one whose natural key is held already edits that record.
    pub record: Option<RecordId>,
    /// What the store held of the record when the form was opened; empty for a new one.
    pub seen: Vec<Seen>,
    /// What it sets: only what differs from what was seen. A set of tag 0 deletes.
    pub sets: Vec<Set>,
    /// For a row: the place of its parent in the group, and the field that refers to it.
    pub row_of: Option<(usize, Tag)>,
}

/// The most changes of one chunk, which is one write and one fdatasync.
const CHUNK: usize = 4096;

impl Ledger {
    /// Saves one group: all of it or nothing. When it returns, it is on disk. Gives the records' ids, one for each edit.
    ///
    /// # Errors
    /// Those of the disk; then nothing is saved.
    pub fn commit(&mut self, group: Vec<Edit>) -> Result<Vec<RecordId>, ExchangeError> {
        let mut ids = self.commit_many(vec![group])?;
        Ok(ids.pop().unwrap_or_default())
    }

    /// Saves many groups, in chunks of one fdatasync each. Gives the ids of each group.
    ///
    /// # Errors
    /// Those of the disk; the chunks before it are saved then.
    pub fn commit_many(
        &mut self,
        groups: Vec<Vec<Edit>>,
    ) -> Result<Vec<Vec<RecordId>>, ExchangeError> {
        let mut ids = Vec::with_capacity(groups.len());
        let mut chunk = Chunk::default();
        for group in groups {
            let (group, group_ids) = self.prepare(&mut chunk, group)?;
            ids.push(group_ids);
            if !group.is_empty() {
                chunk.changes += group.len();
                chunk.groups.push(group);
            }
            if chunk.changes >= CHUNK {
                self.save(&mut chunk)?;
            }
        }
        self.save(&mut chunk)?;
        Ok(ids)
    }

    fn save(&mut self, chunk: &mut Chunk) -> Result<(), ExchangeError> {
        let groups = std::mem::take(chunk).groups;
        if groups.is_empty() {
            return Ok(());
        }
        self.ready_to_write()?;
        let placed = self.store.save_many(groups)?;
        self.wrote(
            placed
                .iter()
                .map(|placed| u64::from(placed.pointer.len))
                .sum(),
        )
    }

    fn prepare(
        &mut self,
        chunk: &mut Chunk,
        group: Vec<Edit>,
    ) -> Result<(Vec<Unplaced>, Vec<RecordId>), ExchangeError> {
        let mut changes: Vec<Unplaced> = Vec::with_capacity(group.len());
        let mut ids: Vec<RecordId> = Vec::with_capacity(group.len());
        for mut edit in group {
            if let Some((parent, tag)) = edit.row_of
                && let Some(&id) = ids.get(parent)
            {
                edit.sets.push(Set {
                    tag,
                    element: Vec::new(),
                    value: Value::reference(id),
                });
            }
            let (id, by_key) = self.identify(&edit)?;
            ids.push(id);
            // A record stands once in a group: a second edit of it joins the first.
            if let Some(first) = changes
                .iter_mut()
                .find(|change| (change.register, change.record) == (edit.register, id))
            {
                join(&mut first.sets, edit.sets);
                continue;
            }
            if chunk.touched.contains(&(edit.register, id)) {
                // What this chunk did to the record must be seen by this change.
                self.save(chunk)?;
            }
            if let Some(change) = self.change(edit, id, by_key)? {
                changes.push(change);
            }
        }
        let touched = changes
            .iter()
            .map(|change| (change.register, change.record));
        chunk.touched.extend(touched);
        Ok((changes, ids))
    }

    /// The record that an edit is about, and whether a natural key named it: then it may be held already.
    fn identify(&self, edit: &Edit) -> Result<(RecordId, bool), ExchangeError> {
        if let Some(id) = edit.record {
            return Ok((id, false));
        }
        let key = self
            .registers()
            .by_number(edit.register)
            .and_then(|register| key_of(register, &edit.sets));
        Ok(match key {
            Some(key) => (RecordId::of_key(edit.register, key), true),
            None => (RecordId::v7(self.now_millis(), disk::random()?), false),
        })
    }

    /// The change of an edit; `None` if nothing of it differs from a record that is held.
    fn change(
        &self,
        mut edit: Edit,
        id: RecordId,
        by_key: bool,
    ) -> Result<Option<Unplaced>, ExchangeError> {
        let mut newest = None;
        if by_key {
            if let Some(record) = self.store.record(edit.register, id)? {
                // An `add` of a key that is held is an edit of what differs.
                edit.sets.retain(|set| differs(&record, set));
                if edit.sets.is_empty() && record.is_alive() {
                    return Ok(None);
                }
                edit.seen = self.store.seen(edit.register, id)?;
                newest = Some(record.newest);
            }
        } else {
            newest = self.newest_seen(edit.register, id, &edit.seen)?;
        }
        edit.seen.truncate(MAX_SEEN);
        Ok(Some(Unplaced {
            at: Stamp::next(self.now_millis(), newest),
            record: id,
            register: edit.register,
            seen: edit.seen,
            sets: edit.sets,
        }))
    }

    /// The newest stamp among the changes that `seen` covers.
    fn newest_seen(
        &self,
        register: u32,
        id: RecordId,
        seen: &[Seen],
    ) -> Result<Option<Stamp>, ExchangeError> {
        if seen.is_empty() {
            return Ok(None);
        }
        let writer = Change {
            dot: Dot {
                log: LogId::default(),
                seq: 0,
                mark: Mark::default(),
            },
            at: Stamp::default(),
            record: id,
            register,
            seen: seen.to_vec(),
            sets: Vec::new(),
        };
        let changes = self.store.changes(register, id)?;
        Ok(changes
            .iter()
            .filter(|change| covers(&writer, change, self.store.journal()))
            .map(|change| change.at)
            .max())
    }
}

#[derive(Default)]
struct Chunk {
    groups: Vec<Vec<Unplaced>>,
    changes: usize,
    touched: BTreeSet<(u32, RecordId)>,
}

/// The values of a register's natural key, if it has one and none of them is empty.
fn key_of<'a>(register: &Register, sets: &'a [Set]) -> Option<Vec<&'a Value>> {
    let values: Option<Vec<&Value>> = register
        .key
        .iter()
        .map(|tag| {
            let set = sets.iter().rev().find(|set| set.tag == *tag)?;
            (!set.value.is_cleared()).then_some(&set.value)
        })
        .collect();
    values.filter(|values| !values.is_empty())
}

/// Whether a set would change what is shown; a field in conflict is left to a person who picks.
fn differs(record: &Record, set: &Set) -> bool {
    if set.tag == ALIVE {
        return record.is_alive();
    }
    match record.fields.get(&(set.tag, set.element.clone())) {
        Some(state) => !state.in_conflict() && state.shown().value != set.value,
        None => !set.value.is_cleared(),
    }
}

/// Adds later sets to earlier ones; of one field twice the later counts.
fn join(sets: &mut Vec<Set>, later: Vec<Set>) {
    let mut joined: BTreeMap<(Tag, Vec<u8>), Value> = BTreeMap::new();
    for set in std::mem::take(sets).into_iter().chain(later) {
        joined.insert((set.tag, set.element), set.value);
    }
    sets.extend(joined.into_iter().map(|((tag, element), value)| Set {
        tag,
        element,
        value,
    }));
}
