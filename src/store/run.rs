//! The one algorithm by which changes get into the view, for a save and for a batch of a million.
//!
//! 1. Stream the changes: collect the records they change and refer to, and look these up in I in one ascending walk.
//!    New ones get numbers in log order.
//! 2. Stream again: P for each change; for a plain one (a new record, its only change in the run: nine of ten) the other
//!    entries from the change alone.
//! 3. The rest: read their changes by pointer in log order, some thousands at a time, fold before and after; only entries
//!    that differ are removed or added.
//! 4. Sort, then one merge pass over the pages. Tokens of plain changes follow in a third stream, so that memory holds
//!    either them or all the rest.
//!
//! Bodies are never held. Taking the same thing twice changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use sled::{Batch, Tree};

use super::StoreError;
use super::entry::{self, Number};
use super::layout::{Layout, Numbers, Shown, Want};
use super::merge::{self, Target};
use super::ops::Ops;
use super::pages::{Cursor, Tallies, ViewError};
use super::read::{self, Place};
use crate::forms::Registers;
use crate::journal::{Journal, Placed};
use crate::record::{Change, LogId, RecordId, fold};

/// Changes that are folded at a time.
const FOLDED: usize = 20_000;
/// Operations that are held before a merge pass: 24 bytes each, and a little more for long ones.
const HELD: usize = 1_500_000;

/// A source of changes that can be streamed several times, each time the same.
pub trait Source {
    /// Calls `each` with every change, each log's in order.
    fn each(
        &mut self,
        each: &mut dyn FnMut(&Placed, &Change) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
}

/// Changes that are in memory.
pub struct Few<'a>(pub &'a [(Placed, Change)]);

impl Source for Few<'_> {
    fn each(
        &mut self,
        each: &mut dyn FnMut(&Placed, &Change) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.0
            .iter()
            .try_for_each(|(placed, change)| each(placed, change))
    }
}

/// What a run did.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Applied {
    /// Changes taken up.
    pub changes: u64,
    /// Records that were not there before.
    pub created: u64,
    /// Records that were there before.
    pub changed: u64,
    /// Records with a field in conflict that was not in conflict before.
    pub conflicted: u64,
}

impl std::ops::AddAssign for Applied {
    fn add_assign(&mut self, other: Self) {
        self.changes += other.changes;
        self.created += other.created;
        self.changed += other.changed;
        self.conflicted += other.conflicted;
    }
}

/// How many changes of a log the view holds, and the sum of their marks: compared with the logs after an unclean end.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Sum {
    /// Changes.
    pub changes: u64,
    /// Their marks as numbers, added up, wrapping.
    pub marks: u64,
}

impl Sum {
    /// Takes one more.
    pub fn add(&mut self, mark: crate::record::Mark) {
        self.changes += 1;
        self.marks = self.marks.wrapping_add(u64::from_be_bytes(mark.0));
    }
}

/// What a run needs to know of the rest of the house.
pub struct Run<'a> {
    /// The pages.
    pub tree: &'a Tree,
    /// The logs.
    pub journal: &'a Journal,
    /// The registers.
    pub registers: &'a Registers,
    /// What the view makes of them.
    pub layout: &'a Layout,
}

/// What a run changes beside the pages.
#[derive(Clone, Default)]
pub struct Books {
    /// The next free number.
    pub next: Number,
    /// Entries and bytes of each kind.
    pub tallies: Tallies,
    /// Sums by log.
    pub sums: BTreeMap<LogId, Sum>,
}

#[derive(Default)]
struct Touched {
    number: Option<Number>,
    changes: u32,
    fresh: bool,
}

impl Run<'_> {
    /// Takes the changes of `source` into the pages. With a batch, the pages go into it, for the caller to apply; the
    /// batch's keys are counted into it. Without one they are written as they come.
    pub fn take(
        &self,
        source: &mut dyn Source,
        books: &mut Books,
        mut batch: Option<(&mut Batch, &mut usize)>,
    ) -> Result<Applied, StoreError> {
        let divisions = self.registers.divisions();
        let mut ops = Ops::default();
        let (numbers, plain) = self.resolve(source, books, &mut ops)?;
        let lookup = |id, register| numbers.get(&(id, register)).copied();
        let mut applied = Applied::default();
        let mut rest: Vec<(Number, Place)> = Vec::new();
        let want = if batch.is_some() {
            Want::All
        } else {
            Want::NoTokens
        };
        source.each(&mut |placed, change| {
            let number = number_of(&numbers, change)?;
            let place = (placed.pointer, placed.dot.mark);
            if plain.has(number) {
                ops.add(&entry::place(number, place.0, place.1));
                books.sums.entry(placed.dot.log).or_default().add(place.1);
                applied.changes += 1;
                applied.created += 1;
                if let Some(sheet) = self.layout.sheet(change.register) {
                    let shown = Shown::of_change(change);
                    sheet.entries(number, &shown, divisions, &lookup, want, |entry| {
                        ops.add(entry);
                    });
                }
            } else {
                rest.push((number, place));
            }
            Ok(())
        })?;
        let was_small = batch.is_some();
        self.take_rest(rest, &numbers, books, &mut ops, &mut applied, &mut batch)?;
        self.merge(&mut ops, books, &mut batch)?;
        if !was_small {
            source.each(&mut |_, change| {
                let number = number_of(&numbers, change)?;
                if plain.has(number)
                    && let Some(sheet) = self.layout.sheet(change.register)
                {
                    let shown = Shown::of_change(change);
                    sheet.entries(number, &shown, divisions, &lookup, Want::Tokens, |entry| {
                        ops.add(entry);
                    });
                }
                if ops.len() >= HELD {
                    self.merge(&mut ops, books, &mut None)?;
                }
                Ok(())
            })?;
            self.merge(&mut ops, books, &mut None)?;
        }
        Ok(applied)
    }

    fn merge(
        &self,
        ops: &mut Ops,
        books: &mut Books,
        batch: &mut Option<(&mut Batch, &mut usize)>,
    ) -> Result<(), ViewError> {
        ops.sort();
        let mut target = match batch {
            Some((batch, keys)) => Target::Batch(batch, keys),
            None => Target::Tree,
        };
        merge::merge(self.tree, ops, &mut books.tallies, &mut target)?;
        ops.clear();
        Ok(())
    }

    /// Step 1: the numbers of all records of the run, and which of them are new with a single change.
    fn resolve(
        &self,
        source: &mut dyn Source,
        books: &mut Books,
        ops: &mut Ops,
    ) -> Result<(Numbers, super::bitmap::Bitmap), StoreError> {
        let mut touched: std::collections::HashMap<(RecordId, u32), Touched> = Default::default();
        let mut in_order: Vec<(RecordId, u32)> = Vec::new();
        source.each(&mut |_, change| {
            let mut note = |key: (RecordId, u32), changes: u32| {
                let touched = touched.entry(key).or_insert_with(|| {
                    in_order.push(key);
                    Touched::default()
                });
                touched.changes += changes;
            };
            note((change.record, change.register), 1);
            self.layout.references(change, |id, to| note((id, to), 0));
            Ok(())
        })?;
        let mut sorted = in_order.clone();
        sorted.sort_unstable();
        let mut ids = Cursor::new(self.tree);
        for key in &sorted {
            let prefix = entry::id_prefix(key.0, Some(key.1));
            let found = ids
                .seek(&prefix)?
                .filter(|entry| entry.starts_with(&prefix));
            if let Some(touched) = touched.get_mut(key) {
                touched.number = found.map(entry::last_number);
            }
        }
        drop(sorted);
        // A record that was only referred to until now has a number, but no change yet. Whether it has one is asked of P
        // in the order of numbers.
        let mut known: Vec<(Number, (RecordId, u32))> = touched
            .iter()
            .filter(|(_, touched)| touched.changes == 1)
            .filter_map(|(key, touched)| Some((touched.number?, *key)))
            .collect();
        known.sort_unstable();
        let mut places = Cursor::new(self.tree);
        for (number, key) in known {
            let prefix = entry::of_number(b'P', number);
            let found = places
                .seek(&prefix)?
                .is_some_and(|entry| entry.starts_with(&prefix));
            if let Some(touched) = touched.get_mut(&key) {
                touched.fresh = !found;
            }
        }
        let mut numbers = Numbers::with_capacity(in_order.len());
        let mut plain = super::bitmap::Bitmap::new(books.next + in_order.len() as u32);
        for key in in_order {
            let Some(touched) = touched.remove(&key) else {
                continue;
            };
            let number = touched.number.unwrap_or_else(|| {
                let number = books.next;
                books.next += 1;
                ops.add(&entry::id(key.1, key.0, number));
                number
            });
            if touched.changes == 1 && (touched.fresh || touched.number.is_none()) {
                plain.add(number);
            }
            numbers.insert(key, number);
        }
        Ok((numbers, plain))
    }

    /// Step 3: records that have more than one change.
    fn take_rest(
        &self,
        mut rest: Vec<(Number, Place)>,
        numbers: &Numbers,
        books: &mut Books,
        ops: &mut Ops,
        applied: &mut Applied,
        batch: &mut Option<(&mut Batch, &mut usize)>,
    ) -> Result<(), StoreError> {
        rest.sort_unstable();
        rest.dedup();
        let mut rest = rest.into_iter().peekable();
        let mut cursor = Cursor::new(self.tree);
        while rest.peek().is_some() {
            // All places of some records, the old ones and the new ones.
            let mut places: Vec<(Number, Place, bool)> = Vec::new();
            while let Some(&(number, _)) = rest.peek() {
                if places.len() >= FOLDED {
                    break;
                }
                let prefix = entry::of_number(b'P', number);
                let mut old = BTreeSet::new();
                let mut found = cursor.seek(&prefix)?;
                while let Some((n, pointer, mark)) = found.and_then(entry::read_place)
                    && n == number
                {
                    old.insert((pointer, mark));
                    places.push((number, (pointer, mark), false));
                    found = cursor.next()?;
                }
                while let Some((_, place)) = rest.next_if(|(n, _)| *n == number) {
                    if !old.contains(&place) {
                        places.push((number, place, true));
                    }
                }
            }
            self.fold_some(places, numbers, books, ops, applied)?;
            if batch.is_none() && ops.len() >= HELD {
                self.merge(ops, books, &mut None)?;
            }
        }
        Ok(())
    }

    /// Folds some records before and after, and notes what differs.
    fn fold_some(
        &self,
        mut places: Vec<(Number, Place, bool)>,
        numbers: &Numbers,
        books: &mut Books,
        ops: &mut Ops,
        applied: &mut Applied,
    ) -> Result<(), StoreError> {
        places.sort_unstable_by_key(|(_, place, _)| *place);
        let mut changes: Vec<(Number, bool, Change)> = Vec::with_capacity(places.len());
        for (number, place, new) in places {
            let change = read::change(self.journal, place)?;
            if new {
                ops.add(&entry::place(number, place.0, place.1));
                books.sums.entry(change.dot.log).or_default().add(place.1);
                applied.changes += 1;
            }
            changes.push((number, new, change));
        }
        let more = self.older_references(&changes, numbers)?;
        let lookup = |id, register| {
            let key = (id, register);
            numbers.get(&key).or_else(|| more.get(&key)).copied()
        };
        // The old ones first, so that they are a part of all.
        changes.sort_by_key(|(number, new, _)| (*number, *new));
        let divisions = self.registers.divisions();
        let mut entries = [BTreeSet::new(), BTreeSet::new()];
        while let Some((number, _, change)) = changes.last() {
            let (number, sheet) = (*number, self.layout.sheet(change.register));
            let start = changes.partition_point(|(n, ..)| *n < number);
            let of_one = changes.split_off(start);
            let old = of_one.iter().take_while(|(_, new, _)| !new).count();
            if old == of_one.len() {
                continue;
            }
            applied.created += u64::from(old == 0);
            applied.changed += u64::from(old > 0);
            let all: Vec<Change> = of_one.into_iter().map(|(_, _, change)| change).collect();
            let mut conflicts = [false; 2];
            for (i, changes) in [&all[..old], &all[..]].into_iter().enumerate() {
                entries[i].clear();
                let Some(record) = fold(changes, self.journal, self.registers) else {
                    continue;
                };
                let shown = Shown::of_record(&record);
                conflicts[i] = !shown.conflicts.is_empty();
                if let Some(sheet) = sheet {
                    sheet.entries(number, &shown, divisions, &lookup, Want::All, |entry| {
                        entries[i].insert(entry.to_vec());
                    });
                }
            }
            applied.conflicted += u64::from(conflicts[1] && !conflicts[0]);
            let [before, after] = &entries;
            before.difference(after).for_each(|entry| ops.remove(entry));
            after.difference(before).for_each(|entry| ops.add(entry));
        }
        Ok(())
    }

    /// The numbers of records that older changes refer to and the run itself does not.
    fn older_references(
        &self,
        changes: &[(Number, bool, Change)],
        numbers: &Numbers,
    ) -> Result<Numbers, ViewError> {
        let mut wanted = BTreeSet::new();
        for (_, _, change) in changes.iter().filter(|(_, new, _)| !new) {
            self.layout.references(change, |id, register| {
                if !numbers.contains_key(&(id, register)) {
                    wanted.insert((id, register));
                }
            });
        }
        let mut found = Numbers::new();
        let mut ids = Cursor::new(self.tree);
        for (id, register) in wanted {
            let prefix = entry::id_prefix(id, Some(register));
            if let Some(entry) = ids
                .seek(&prefix)?
                .filter(|entry| entry.starts_with(&prefix))
            {
                found.insert((id, register), entry::last_number(entry));
            }
        }
        Ok(found)
    }
}

fn number_of(numbers: &Numbers, change: &Change) -> Result<Number, ViewError> {
    numbers
        .get(&(change.record, change.register))
        .copied()
        .ok_or(ViewError::Damage("a log changed while it was read"))
}
