//! One line of `jinguo add`, read and checked as the form does. It does not save.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::{Value as Json, json};

use super::lines::Line;
use super::memory::Memory;
use super::out::Object;
use super::typed;
use crate::exchange::commit::Edit;
use crate::exchange::ledger::Ledger;
use crate::forms::{Context, Entry, Kind, Lang, Register};
use crate::record::RecordId;
use crate::text::cli::{Say, words};

/// A line that is ready to be saved, or why it is refused.
pub(crate) type Read = Result<Ready, Vec<String>>;

/// A line that is ready to be saved.
pub(crate) struct Ready {
    /// What it says, with all defaults.
    pub entry: Entry,
    /// What is to be saved.
    pub group: Vec<Edit>,
    /// The place in the group of each row, by the name of its field.
    pub rows: Vec<(String, usize)>,
    /// What is to be looked at again.
    pub warnings: Vec<String>,
    /// The record that its natural key names.
    pub key: Option<RecordId>,
}

impl Ready {
    /// The answer once it is saved, with the ids of its group.
    pub(crate) fn row(&self, ids: &[RecordId]) -> Object {
        let mut row = Object::new();
        row.insert("id".to_owned(), json!(ids[0].to_string()));
        for (name, place) in &self.rows {
            if let Json::Array(list) = row.entry(name.clone()).or_insert_with(|| json!([])) {
                list.push(json!(ids[*place].to_string()));
            }
        }
        if !self.warnings.is_empty() {
            row.insert("warnings".to_owned(), json!(self.warnings));
        }
        row
    }
}

/// Reads lines of one register.
pub(crate) struct Reader<'a> {
    /// The language of complaints.
    pub lang: Lang,
    /// The register.
    pub register: &'a Register,
    /// The store.
    pub ledger: &'a Ledger,
    /// What the store answered before.
    pub memory: &'a Memory,
}

impl Reader<'_> {
    /// Reads one line; `None` if it must wait until the lines before it are saved, of which some are `pending`.
    pub(crate) fn read(&self, line: &Line, pending: bool) -> Option<Read> {
        let refuse = |say: Say<'_>| Some(Err(vec![words(self.lang, &say)]));
        let object: Cow<'_, Object> = match line {
            Line::Text(text) => match serde_json::from_str::<Json>(text) {
                Ok(Json::Object(object)) => Cow::Owned(object),
                Ok(_) => return refuse(Say::NotObject),
                Err(error) => return refuse(Say::NotJson(&error.to_string())),
            },
            Line::Long => return refuse(Say::LongLine),
            Line::NotText => return refuse(Say::NotJson("UTF-8")),
            Line::Read(Ok(object)) => Cow::Borrowed(object),
            Line::Read(Err(errors)) => return Some(Err(errors.clone())),
        };
        let (ledger, store) = (self.ledger, &self.ledger.store);
        let lookup = self.memory.before(store, store.registers());
        let context = Context {
            registers: store.registers(),
            now_millis: ledger.now_millis(),
            me: &ledger.me,
            lookup: &lookup,
            lang: self.lang,
        };
        let wait = Cell::new(false);
        let search = |to: u32, typed: &str, limit: usize| {
            if pending && self.makes(to) {
                wait.set(true);
                return Vec::new();
            }
            let found = store.search(&[to], typed, limit).unwrap_or_default();
            found.into_iter().map(|record| record.id).collect()
        };
        let given = match typed::read(self.register, &object, &search, &context) {
            _ if wait.get() => return None,
            Ok(given) => given,
            Err(errors) => return Some(Err(errors)),
        };
        let again = (!self.register.key.is_empty()).then(|| given.clone());
        let mut entry = Entry::given(self.register, given, &context);
        // A natural key that is held already is an edit of what differs.
        let number = self.register.number;
        let key = entry.natural_key(&context);
        let held = key.and_then(|id| store.record(number, id).ok()?);
        if let (Some(record), Some(given)) = (&held, again) {
            entry = Entry::of(record, &context);
            entry.fill(given, &context);
        }
        let (mut errors, warnings) = typed::complaints(self.register, &entry, &context);
        errors.extend(typed::dangling(self.register, &entry, &context));
        if !errors.is_empty() {
            return Some(Err(errors));
        }
        let (mut group, rows) = typed::group(self.register, &entry, &context);
        if let Some(record) = held {
            group[0] = Edit {
                register: number,
                record: Some(record.id),
                seen: store.seen(number, record.id).unwrap_or_default(),
                sets: entry.sets(Some(&record), &context),
                row_of: None,
            };
        }
        Some(Ok(Ready {
            entry,
            group,
            rows,
            warnings,
            key,
        }))
    }

    /// Whether lines of this register make records of that one.
    fn makes(&self, register: u32) -> bool {
        let of = |kind: &Kind| matches!(kind, Kind::Rows { of, .. } if *of == register);
        self.register.number == register || self.register.fields.iter().any(|field| of(&field.kind))
    }
}
