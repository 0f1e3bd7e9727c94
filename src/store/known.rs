//! Which of many records the view knows.

use super::entry::{self, Number};
use super::pages::Cursor;
use super::{Store, StoreError};
use crate::record::RecordId;

impl Store {
    /// For each record, by id and register, whether a change names it. Asked in ascending order it is one walk.
    ///
    /// # Errors
    /// As [`Store::changes`].
    pub fn known(&self, records: &[(RecordId, u32)]) -> Result<Vec<bool>, StoreError> {
        self.read(|view| {
            let mut ids = Cursor::new(view.tree());
            let mut numbers: Vec<(Number, usize)> = Vec::new();
            for (i, (id, register)) in records.iter().enumerate() {
                let prefix = entry::id_prefix(*id, Some(*register));
                let found = ids.seek(&prefix)?;
                let found = found.filter(|entry| entry.starts_with(&prefix));
                numbers.extend(found.map(|entry| (entry::last_number(entry), i)));
            }
            // One that is only referred to has a number, but no place of a change.
            numbers.sort_unstable();
            let mut places = Cursor::new(view.tree());
            let mut known = vec![false; records.len()];
            for (number, i) in numbers {
                let prefix = entry::of_number(b'P', number);
                let found = places.seek(&prefix)?;
                known[i] = found.is_some_and(|entry| entry.starts_with(&prefix));
            }
            Ok(known)
        })
    }
}
