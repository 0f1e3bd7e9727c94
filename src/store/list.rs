//! Windows into the list of a register, searched or not.

use sled::Tree;

use super::StoreError;
use super::entry::{self, Number};
use super::pages::{self, Cursor, ViewError};
use super::search::{Test, Words};
use super::{Reading, Store};
use crate::record::{Record, RecordId};

/// What a window shows.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The register's number.
    pub register: u32,
    /// Only records of this division: 12 digits, a town or district with all that lies in it. `None`: all records, those
    /// without a unit too.
    pub unit: Option<String>,
    /// Typed words that narrow it; empty: all.
    pub words: String,
    /// How many rows of the whole list stand before the window.
    pub offset: u64,
    /// Rows at most.
    pub limit: usize,
    /// The list from its end.
    pub backwards: bool,
}

/// Some rows of a list.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// The records, in list order.
    pub rows: Vec<Record>,
    /// How many rows the whole list has.
    pub total: u64,
}

impl Store {
    /// Rows of a register's list: by the register's sort field, what is equal there in the order of division codes.
    /// Deleted records are in no list.
    ///
    /// # Errors
    /// Only if the logs cannot be read; a damaged view is rebuilt.
    pub fn window(&self, query: &Query) -> Result<Window, StoreError> {
        self.read(|view| {
            let (numbers, total) = view.numbers(query)?;
            let rows = view.records(&numbers)?.into_iter().flatten().collect();
            Ok(Window { rows, total })
        })
    }

    /// How many rows of a list stand before a record; `None` if it is not in it. The query's offset and limit do not
    /// matter.
    ///
    /// # Errors
    /// As [`Store::window`].
    pub fn offset_of(&self, query: &Query, id: RecordId) -> Result<Option<u64>, StoreError> {
        self.read(|view| {
            let Some(number) = view.number(query.register, id)? else {
                return Ok(None);
            };
            let Some((from, below)) = view.list(query.register) else {
                return Ok(None);
            };
            let at = |at: u64, total: u64| match query.backwards {
                true => total.saturating_sub(at + 1),
                false => at,
            };
            if !query.is_whole() {
                let hits = view.hits(query, usize::MAX)?;
                let found = hits.iter().position(|hit| *hit == number);
                return Ok(found.map(|found| at(found as u64, hits.len() as u64)));
            }
            let Some(record) = view.records(&[number])?.into_iter().flatten().next() else {
                return Ok(None);
            };
            let place = view.place(number, &record);
            let Some(place) = place.filter(|_| record.is_alive()) else {
                return Ok(None);
            };
            let before = pages::count(view.tree(), &from, &place)?;
            let total = match query.backwards {
                true => pages::count(view.tree(), &from, &below)?,
                false => 0,
            };
            Ok(Some(at(before, total)))
        })
    }

    /// Records of some registers that typed words find, register by register, each in list order, at most `limit` of
    /// each. No words: none.
    ///
    /// # Errors
    /// As [`Store::window`].
    pub fn search(
        &self,
        registers: &[u32],
        words: &str,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.read(|view| {
            let mut found = Vec::new();
            if words.trim().is_empty() {
                return Ok(found);
            }
            for register in registers {
                let query = Query {
                    register: *register,
                    words: words.to_owned(),
                    ..Query::default()
                };
                let mut hits = view.hits(&query, limit)?;
                hits.truncate(limit);
                found.extend(view.records(&hits)?.into_iter().flatten());
            }
            Ok(found)
        })
    }

    /// How many records of a register are alive.
    ///
    /// # Errors
    /// As [`Store::window`].
    pub fn count(&self, register: u32) -> Result<u64, StoreError> {
        self.read(|view| {
            Ok(match view.list(register) {
                Some((from, below)) => pages::count(view.tree(), &from, &below)?,
                None => 0,
            })
        })
    }
}

impl Reading<'_> {
    /// The part of L that is a register's list; `None` for a register that is not known.
    fn list(&self, register: u32) -> Option<(Vec<u8>, Vec<u8>)> {
        let prefix = entry::list_prefix(self.layout.sheet(register)?.number());
        Some((prefix.to_vec(), pages::after(&prefix)))
    }

    /// The numbers of a window, and the length of the whole list.
    fn numbers(&self, query: &Query) -> Result<(Vec<Number>, u64), ViewError> {
        let Some((from, below)) = self.list(query.register) else {
            return Ok((Vec::new(), 0));
        };
        let (mut numbers, total);
        if query.is_whole() {
            total = pages::count(self.tree(), &from, &below)?;
            let (start, end) = bounds(query, total);
            numbers = some(self.tree(), &from, &below, start, end)?;
        } else {
            let hits = self.hits(query, usize::MAX)?;
            total = hits.len() as u64;
            let (start, end) = bounds(query, total);
            numbers = hits[start as usize..end as usize].to_vec();
        }
        if query.backwards {
            numbers.reverse();
        }
        Ok((numbers, total))
    }

    /// The numbers of all rows that the unit and the words of a query leave, in list order; it stops looking at `enough`.
    fn hits(&self, query: &Query, enough: usize) -> Result<Vec<Number>, ViewError> {
        let mut hits = Vec::new();
        let Some((from, below)) = self.list(query.register) else {
            return Ok(hits);
        };
        let units = match &query.unit {
            Some(code) => self.registers.divisions().rows(code),
            None => 0..u32::MAX,
        };
        let words = Words::read(&query.words);
        let test = Test::of(&words, self, query.register)?;
        if units.is_empty() || (test.is_none() && query.has_words()) {
            return Ok(hits);
        }
        pages::range(self.tree(), &from, &below, |entry, _| {
            if let Some(row) = entry::row(entry)
                && units.contains(&row.unit)
                && test.as_ref().is_none_or(|test| test.holds(&row))
            {
                hits.push(row.number);
            }
            hits.len() < enough
        })?;
        Ok(hits)
    }
}

impl Query {
    fn has_words(&self) -> bool {
        !self.words.trim().is_empty()
    }

    /// Nothing narrows it.
    fn is_whole(&self) -> bool {
        self.unit.is_none() && !self.has_words()
    }
}

/// From which row to which, in list order.
fn bounds(query: &Query, total: u64) -> (u64, u64) {
    let first = query.offset.min(total);
    let last = first.saturating_add(query.limit as u64).min(total);
    match query.backwards {
        true => (total - last, total - first),
        false => (first, last),
    }
}

/// The numbers of rows `start` to `end` of a part of L.
fn some(
    tree: &Tree,
    from: &[u8],
    below: &[u8],
    start: u64,
    end: u64,
) -> Result<Vec<Number>, ViewError> {
    let mut numbers = Vec::with_capacity((end - start) as usize);
    let Some(first) = pages::nth(tree, from, start)? else {
        return Ok(numbers);
    };
    let mut cursor = Cursor::new(tree);
    let mut found = cursor.seek(&first)?;
    while let Some(row) = found {
        if row >= below || numbers.len() as u64 == end - start {
            break;
        }
        numbers.extend(entry::row(row).map(|row| row.number));
        found = cursor.next()?;
    }
    Ok(numbers)
}
