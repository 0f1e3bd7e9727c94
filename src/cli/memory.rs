//! What the store answered once is not asked again while many lines are added: most of them are about the same families.
//! The memory is told what is saved, so that its answers stay those of the store.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::forms::{Content, Contents, Entry, Kind, Lookup, Register, Registers};
use crate::record::{RecordId, Tag};

/// How many records are remembered, and how many newest ones, before a table is emptied.
const RECORDS: usize = 6_144;
const NEWEST: usize = 65_536;

/// The newest record that refers to another one, with what it is sorted by.
type Newest = Option<([u8; 8], RecordId)>;

/// What was answered.
#[derive(Default)]
pub(crate) struct Memory {
    contents: RefCell<HashMap<(u32, RecordId), Option<Contents>>>,
    newest: RefCell<HashMap<(u32, Tag, RecordId), Newest>>,
}

/// A store with a memory before it.
pub(crate) struct Remembering<'a> {
    store: &'a dyn Lookup,
    registers: &'a Registers,
    memory: &'a Memory,
}

impl Memory {
    /// The store, asked through this memory.
    pub(crate) fn before<'a>(
        &'a self,
        store: &'a dyn Lookup,
        registers: &'a Registers,
    ) -> Remembering<'a> {
        Remembering {
            store,
            registers,
            memory: self,
        }
    }

    /// A new record was saved.
    pub(crate) fn saved(&self, register: &Register, id: RecordId, entry: &Entry) {
        let sort = sort_key(register, entry.contents());
        let mut newest = self.newest.borrow_mut();
        let mut remembered = false;
        for field in register.fields.iter().filter(|field| field.stored()) {
            let to: Vec<RecordId> = match (&field.kind, entry.get(field.tag)) {
                (Kind::Ref { .. }, content) => content
                    .value()
                    .and_then(|value| value.as_ref_id())
                    .into_iter()
                    .collect(),
                (Kind::RefMultiple { .. }, Content::Many(chosen)) => {
                    let id =
                        |element: &Vec<u8>| Some(RecordId(element.as_slice().try_into().ok()?));
                    chosen.iter().filter_map(id).collect()
                }
                _ => Vec::new(),
            };
            for to in to {
                if let Some(known) = newest.get_mut(&(register.number, field.tag, to))
                    && known.is_none_or(|(other, _)| sort >= other)
                {
                    if let Some((_, older)) = known.replace((sort, id)) {
                        // It is asked for as the newest one only.
                        self.contents.borrow_mut().remove(&(register.number, older));
                    }
                    remembered = true;
                }
            }
        }
        if remembered {
            self.remember(register.number, id, Some(entry.contents().clone()));
        }
    }

    /// A record that was there before was changed: nothing is known any more.
    pub(crate) fn forget(&self) {
        self.contents.borrow_mut().clear();
        self.newest.borrow_mut().clear();
    }

    fn remember(&self, register: u32, id: RecordId, contents: Option<Contents>) {
        let mut known = self.contents.borrow_mut();
        if known.len() >= RECORDS {
            known.clear();
        }
        known.insert((register, id), contents);
    }
}

/// What a register's list is sorted by; zeros where it has no such field.
fn sort_key(register: &Register, contents: &Contents) -> [u8; 8] {
    let field = register.sort.and_then(|(tag, _)| register.by_tag(tag));
    field.map_or([0; 8], |field| {
        field
            .kind
            .sort_key(contents.get(&field.tag).unwrap_or(&Content::Empty))
    })
}

impl Lookup for Remembering<'_> {
    fn contents(&self, register: u32, id: RecordId) -> Option<Contents> {
        if let Some(known) = self.memory.contents.borrow().get(&(register, id)) {
            return known.clone();
        }
        let contents = self.store.contents(register, id);
        self.memory.remember(register, id, contents.clone());
        contents
    }

    fn look(&self, register: u32, id: RecordId, at: &mut dyn FnMut(&Contents)) -> bool {
        if let Some(known) = self.memory.contents.borrow().get(&(register, id)) {
            return known.as_ref().map(at).is_some();
        }
        self.contents(register, id).as_ref().map(at).is_some()
    }

    fn newest_referring(&self, register: u32, by: Tag, to: RecordId) -> Option<RecordId> {
        let key = (register, by, to);
        if let Some(known) = self.memory.newest.borrow().get(&key) {
            return known.map(|(_, id)| id);
        }
        let found = self.store.newest_referring(register, by, to);
        let sort = || {
            let known = self.registers.by_number(register)?;
            Some(sort_key(known, &self.contents(register, found?)?))
        };
        let newest = found.map(|id| (sort().unwrap_or_default(), id));
        let mut all = self.memory.newest.borrow_mut();
        if all.len() >= NEWEST {
            all.clear();
        }
        all.insert(key, newest);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::{Context, Lang, Me};
    use crate::record::Value;
    use std::cell::Cell;

    /// A store that counts how often it is asked and knows nothing.
    #[derive(Default)]
    struct Asked(Cell<u32>);

    impl Lookup for Asked {
        fn contents(&self, _: u32, _: RecordId) -> Option<Contents> {
            self.0.set(self.0.get() + 1);
            None
        }

        fn newest_referring(&self, _: u32, _: Tag, _: RecordId) -> Option<RecordId> {
            self.0.set(self.0.get() + 1);
            None
        }
    }

    #[test]
    fn what_is_saved_becomes_the_newest_without_asking_again() {
        let registers = Registers::builtin();
        let (asked, memory) = (Asked::default(), Memory::default());
        let lookup = memory.before(&asked, &registers);
        let visits = registers
            .all()
            .iter()
            .find(|register| register.second_visit.is_some())
            .unwrap();
        let by = visits.second_visit.as_ref().unwrap().same[0];
        let (day, _) = visits.sort.unwrap();
        let home = RecordId([7; 16]);
        assert_eq!(lookup.newest_referring(visits.number, by, home), None);
        let before = asked.0.get();
        let save = |id: u8, on: i64| {
            let me = Me::default();
            let context = Context {
                registers: &registers,
                now_millis: 1 << 41,
                me: &me,
                lookup: &asked,
                lang: Lang::En,
            };
            let mut entry = Entry::new(visits, &context);
            entry.set(by, Content::One(Value::reference(home)), &context);
            entry.set(day, Content::One(Value::int(on)), &context);
            memory.saved(visits, RecordId([id; 16]), &entry);
        };
        save(1, 20_000);
        save(2, 19_000);
        let asked_before = asked.0.get();
        assert_eq!(
            lookup.newest_referring(visits.number, by, home),
            Some(RecordId([1; 16]))
        );
        assert!(lookup.contents(visits.number, RecordId([1; 16])).is_some());
        assert_eq!(asked.0.get(), asked_before);
        memory.forget();
        assert_eq!(lookup.newest_referring(visits.number, by, home), None);
        assert!(asked.0.get() > before);
    }
}
