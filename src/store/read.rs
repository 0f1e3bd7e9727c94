//! From numbers to records: places, frames, changes, fold.

use sled::Tree;

use super::StoreError;
use super::entry::{self, Number};
use super::pages::{Cursor, ViewError};
use crate::codec;
use crate::forms::Registers;
use crate::journal::{Journal, JournalError, Pointer};
use crate::record::{Change, Mark, Record, RecordId, fold};

/// Where a change stands, and the mark of its frame.
pub type Place = (Pointer, Mark);

/// The places of a record's changes.
pub fn places(cursor: &mut Cursor, number: Number) -> Result<Vec<Place>, ViewError> {
    let mut places = Vec::new();
    let mut found = cursor.seek(&entry::of_number(b'P', number))?;
    while let Some((n, pointer, mark)) = found.and_then(entry::read_place)
        && n == number
    {
        places.push((pointer, mark));
        found = cursor.next()?;
    }
    Ok(places)
}

/// The number of a record.
pub fn number(tree: &Tree, register: u32, id: RecordId) -> Result<Option<Number>, ViewError> {
    let prefix = entry::id_prefix(id, Some(register));
    let mut cursor = Cursor::new(tree);
    let found = cursor.seek(&prefix)?;
    Ok(found
        .filter(|entry| entry.starts_with(&prefix))
        .map(entry::last_number))
}

/// Reads the change at a place. What the view points to was in the log when it was written, so anything but a failing
/// disk means that the view does not belong to these logs.
pub fn change(journal: &Journal, place: Place) -> Result<Change, StoreError> {
    let (pointer, mark) = place;
    let bytes = journal.frame(pointer).map_err(|error| match error {
        JournalError::Disk { .. } => StoreError::Journal(error),
        _ => ViewError::Damage("a place in the view is no frame of the logs").into(),
    })?;
    let log = journal
        .segment_log(pointer.segment)
        .ok_or(ViewError::Damage("a place in the view names no log"))?;
    let read = || {
        let frame = codec::read_frame(&bytes).ok()??;
        let seq = codec::seq(&frame).ok()?;
        codec::read_change(&frame, log, seq, mark).ok()?.change
    };
    read().ok_or_else(|| ViewError::Damage("a place in the view is no change").into())
}

/// Reads the changes of several records in log order and folds each: the records in the order of `numbers`. A number
/// without changes (only referred to) gives none.
pub fn records(
    tree: &Tree,
    journal: &Journal,
    registers: &Registers,
    numbers: &[Number],
) -> Result<Vec<Option<Record>>, StoreError> {
    let mut cursor = Cursor::new(tree);
    let mut all: Vec<(Place, usize)> = Vec::with_capacity(numbers.len());
    for (i, number) in numbers.iter().enumerate() {
        let places = places(&mut cursor, *number)?;
        all.extend(places.into_iter().map(|place| (place, i)));
    }
    all.sort_unstable();
    let pointers: Vec<Pointer> = all.iter().map(|((pointer, _), _)| *pointer).collect();
    journal.will_need(&pointers);
    let mut changes: Vec<Vec<Change>> = vec![Vec::new(); numbers.len()];
    for (place, i) in all {
        let change = change(journal, place)?;
        if let Some(first) = changes[i].first()
            && (first.record, first.register) != (change.record, change.register)
        {
            return Err(ViewError::Damage("a record's place names another record").into());
        }
        changes[i].push(change);
    }
    Ok(changes
        .iter()
        .map(|changes| fold(changes, journal, registers))
        .collect())
}

/// All changes of one record.
pub fn changes(
    tree: &Tree,
    journal: &Journal,
    register: u32,
    id: RecordId,
) -> Result<Vec<Change>, StoreError> {
    let Some(number) = number(tree, register, id)? else {
        return Ok(Vec::new());
    };
    let places = places(&mut Cursor::new(tree), number)?;
    let mut changes = Vec::with_capacity(places.len());
    for place in places {
        let change = change(journal, place)?;
        if (change.record, change.register) != (id, register) {
            return Err(ViewError::Damage("a record's place names another record").into());
        }
        changes.push(change);
    }
    Ok(changes)
}
