//! Single records, what refers to them, what is in conflict, all of a register one by one, and the check.

use super::entry::{self, Number};
use super::layout::Shown;
use super::pages::{Cursor, ViewError, scan};
use super::{Reading, Store, StoreError, read};
use crate::codec;
use crate::forms::{self, Content, Contents, Lookup};
use crate::record::{self, Change, Record, RecordId, Seen, Tag, fold};

/// Of the records that refer to one, so many of the latest numbers are looked at for the newest.
const NEWEST: usize = 64;
/// Records read at a time when all of a register are asked for.
const SOME: usize = 500;

impl Reading<'_> {
    pub(super) fn tree(&self) -> &sled::Tree {
        self.view.tree()
    }

    /// Above all numbers.
    pub(super) fn bound(&self) -> Number {
        self.view.books.next
    }

    pub(super) fn number(&self, register: u32, id: RecordId) -> Result<Option<Number>, ViewError> {
        read::number(self.tree(), register, id)
    }

    pub(super) fn records(&self, numbers: &[Number]) -> Result<Vec<Option<Record>>, StoreError> {
        read::records(self.tree(), self.journal, self.registers, numbers)
    }

    /// Where the `L` entry of a record begins while it is alive.
    pub(super) fn place(&self, number: Number, record: &Record) -> Option<[u8; 19]> {
        let sheet = self.layout.sheet(record.register)?;
        Some(sheet.place(
            number,
            &Shown::of_record(record),
            self.registers.divisions(),
        ))
    }

    /// The numbers of records of a register that refer to one, through any field or through one.
    fn referring(
        &self,
        to: (u32, RecordId),
        from: u32,
        by: Option<Tag>,
    ) -> Result<Vec<Number>, ViewError> {
        let mut numbers = Vec::new();
        let target = self.number(to.0, to.1)?;
        if let (Some(target), Some(sheet)) = (target, self.layout.sheet(from)) {
            let prefix = entry::backward_prefix(target, Some(sheet.number()), by);
            scan(self.tree(), &prefix, |entry| {
                numbers.push(entry::last_number(entry));
                true
            })?;
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }
}

/// What a check counted.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Checked {
    /// Entries of all kinds.
    pub entries: u64,
    /// Changes of all logs that are applied.
    pub changes: u64,
    /// Bytes of the view's files.
    pub file: u64,
    /// Bytes of its pages.
    pub pages: u64,
}

impl Store {
    /// All changes of a record that count, in no order.
    ///
    /// # Errors
    /// Only if the logs cannot be read; a damaged view is rebuilt.
    pub fn changes(&self, register: u32, id: RecordId) -> Result<Vec<Change>, StoreError> {
        self.read(|view| read::changes(view.tree(), view.journal, register, id))
    }

    /// A record, deleted or not; `None` if no change names it.
    ///
    /// # Errors
    /// As [`Store::changes`].
    pub fn record(&self, register: u32, id: RecordId) -> Result<Option<Record>, StoreError> {
        let changes = self.changes(register, id)?;
        Ok(fold(&changes, &self.journal, &*self.registers))
    }

    /// What a form that opens now has seen of a record.
    ///
    /// # Errors
    /// As [`Store::changes`].
    pub fn seen(&self, register: u32, id: RecordId) -> Result<Vec<Seen>, StoreError> {
        let changes = self.changes(register, id)?;
        Ok(record::fold::seen(&changes, &self.journal, codec::MAX_SEEN))
    }

    /// The records of any register that have this id.
    ///
    /// # Errors
    /// As [`Store::changes`].
    pub fn find_by_id(&self, id: RecordId) -> Result<Vec<Record>, StoreError> {
        self.read(|view| {
            let mut numbers = Vec::new();
            scan(view.tree(), &entry::id_prefix(id, None), |entry| {
                numbers.push(entry::last_number(entry));
                true
            })?;
            Ok(view.records(&numbers)?.into_iter().flatten().collect())
        })
    }

    /// The records of a register that refer to a record (its register and id), through any field.
    ///
    /// # Errors
    /// As [`Store::changes`].
    pub fn referring(&self, to: (u32, RecordId), from: u32) -> Result<Vec<Record>, StoreError> {
        self.read(|view| {
            let numbers = view.referring(to, from, None)?;
            Ok(view.records(&numbers)?.into_iter().flatten().collect())
        })
    }

    /// The records that have a field in conflict; [`Record::conflicts`] names the fields.
    ///
    /// # Errors
    /// As [`Store::changes`].
    pub fn conflicts(&self) -> Result<Vec<Record>, StoreError> {
        self.read(|view| {
            let mut numbers = Vec::new();
            scan(view.tree(), b"C", |entry| {
                numbers.extend(entry::be32(entry, 1));
                true
            })?;
            numbers.dedup();
            Ok(view.records(&numbers)?.into_iter().flatten().collect())
        })
    }

    /// How many fields are in conflict.
    ///
    /// # Errors
    /// As [`Store::changes`].
    pub fn count_conflicts(&self) -> Result<u64, StoreError> {
        self.read(|view| {
            let tally = view.view.books.tallies.get(&b'C');
            Ok(tally.map_or(0, |tally| tally.entries))
        })
    }

    /// All records of a register, deleted ones too, in the order of their ids, read as they are asked for.
    pub fn records(&self, register: u32) -> Records<'_> {
        Records {
            store: self,
            register,
            from: Some(RecordId::default()),
            some: Vec::new().into_iter(),
        }
    }

    /// Walks the whole view and compares it with the logs.
    ///
    /// # Errors
    /// [`StoreError::View`] says what does not agree; [`Store::rebuild`] mends it.
    pub fn check(&self) -> Result<Checked, StoreError> {
        let view = self.view();
        super::guard(|| {
            view.agrees(&self.journal)?;
            let (file, pages) = view.sizes();
            Ok(Checked {
                entries: view.books.tallies.values().map(|tally| tally.entries).sum(),
                changes: view.books.sums.values().map(|sum| sum.changes).sum(),
                file,
                pages,
            })
        })
    }
}

/// All records of a register, by id. A failed read ends it.
pub struct Records<'a> {
    store: &'a Store,
    register: u32,
    /// From which id on the next ones are read; `None` at the end.
    from: Option<RecordId>,
    some: std::vec::IntoIter<Record>,
}

impl Records<'_> {
    fn more(&self, from: RecordId) -> Result<(Vec<Record>, Option<RecordId>), StoreError> {
        self.store.read(|view| {
            let mut cursor = Cursor::new(view.tree());
            let mut numbers = Vec::with_capacity(SOME);
            let mut next = None;
            let mut found = cursor.seek(&entry::id_prefix(from, None))?;
            while let Some((register, id, number)) = found.and_then(entry::read_id) {
                if register == self.register {
                    if numbers.len() == SOME {
                        next = Some(id);
                        break;
                    }
                    numbers.push(number);
                }
                found = cursor.next()?;
            }
            let records = view.records(&numbers)?;
            Ok((records.into_iter().flatten().collect(), next))
        })
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.some.next() {
                return Some(Ok(record));
            }
            let from = self.from.take()?;
            match self.more(from) {
                Ok((some, from)) => {
                    self.some = some.into_iter();
                    self.from = from;
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// A form asks while it is typed into; if the logs cannot be read, there is nothing to be found, and saving will say so.
impl Lookup for Store {
    fn contents(&self, register: u32, id: RecordId) -> Option<Contents> {
        let record = self.record(register, id).ok()??;
        record.is_alive().then(|| forms::contents(&record))
    }

    fn newest_referring(&self, register: u32, by: Tag, to: RecordId) -> Option<RecordId> {
        let known = self.registers.by_number(register)?;
        let target = match known.by_tag(by)?.kind {
            forms::Kind::Ref { to } | forms::Kind::RefMultiple { to } => to,
            _ => return None,
        };
        let records = self.read(|view| {
            let numbers = view.referring((target, to), register, Some(by))?;
            let latest = numbers.len().saturating_sub(NEWEST);
            view.records(&numbers[latest..])
        });
        let sort = known
            .sort
            .and_then(|(tag, _)| Some((tag, &known.by_tag(tag)?.kind)));
        let age = |record: &Record| {
            let key = sort.map(|(tag, kind)| {
                let content = record.value(tag).cloned().map(Content::one);
                kind.sort_key(&content.unwrap_or_default())
            });
            (key, record.newest, record.id)
        };
        let alive = records.ok()?.into_iter().flatten().filter(Record::is_alive);
        alive.max_by_key(age).map(|record| record.id)
    }
}
