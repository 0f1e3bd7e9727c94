//! A record being typed. Pure: every question about today, the author or the store goes through the context.
//!
//! Untouched fields hold their default and follow what it depends on. A field that is not relevant is out of sight: its
//! value counts for nothing and is not written, but comes back with the field.

mod problems;
mod sets;
mod start;

use std::collections::{BTreeMap, BTreeSet};

use super::content::{Content, Contents};
use super::context::{Beside, Context};
use super::json::Given;
use super::kinds::Kind;
use super::register::{Ask, Field, Register};
use crate::record::{Record, RecordId, Tag, Value};

pub use problems::Problem;
pub use sets::Move;

/// Why a field holds what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Origin {
    /// It holds nothing and nobody touched it.
    #[default]
    Empty,
    /// Somebody typed it, now.
    Typed,
    /// As the record holds it that is being edited.
    Stored,
    /// Its default; the field's `default_label` says more where there is one.
    Default,
    /// Its default, which is today.
    Today,
    /// Carried from the record saved before (沿用).
    Carried,
    /// Copied from an earlier record ("only what changed", 上次).
    Last,
}

impl Origin {
    /// Whether the default may replace it.
    fn untouched(self) -> bool {
        matches!(self, Self::Empty | Self::Default | Self::Today)
    }
}

/// A record being typed.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    register: u32,
    id: Option<RecordId>,
    new: bool,
    /// What relevant fields hold.
    contents: Contents,
    /// What fields held when they went out of sight.
    kept: Contents,
    /// Only what is not [`Origin::Empty`].
    origins: BTreeMap<Tag, Origin>,
    hidden: BTreeSet<Tag>,
    /// What the record held when it was opened.
    stored: Contents,
    /// Fields in conflict for which a person picked.
    picked: BTreeSet<Tag>,
    /// The reference to the parent that these rows hang on.
    by: Option<(u32, Tag)>,
    rows: BTreeMap<Tag, Vec<Entry>>,
}

/// Stands for a parent that has no id yet; [`Entry::set_id`] replaces it.
const UNSAVED: RecordId = RecordId([0; 16]);

impl Entry {
    /// A new record, with its defaults.
    pub fn new(register: &Register, context: &Context) -> Self {
        let mut entry = Self::blank(register.number, None, true);
        entry.settle_all(register, context);
        entry
    }

    /// A new record that begins with what a JSON object says: as [`Entry::new`] and [`Entry::fill`] one after the other, but
    /// everything is worked out once.
    pub fn given(register: &Register, given: Given, context: &Context) -> Self {
        let mut entry = Self::blank(register.number, None, true);
        for (tag, content) in given.fields {
            if register.places.contains_key(&tag) {
                entry.place(tag, content, Origin::Typed);
            }
        }
        entry.settle_all(register, context);
        entry.fill_rows(given.rows, context);
        entry
    }

    /// A new record that begins with what an earlier one held in the fields marked `carry` (F4, save and one more).
    pub fn carrying(register: &Register, previous: &Contents, context: &Context) -> Self {
        Self::copying(
            register,
            previous,
            Origin::Carried,
            &|field| field.carry,
            context,
        )
    }

    /// A new record like an earlier one: all fields but those marked `fresh` or `changes` ("only what changed").
    pub fn like(register: &Register, last: &Contents, context: &Context) -> Self {
        Self::copying(
            register,
            last,
            Origin::Last,
            &|field| !field.fresh && !field.changes,
            context,
        )
    }

    /// A record that is edited.
    pub fn of(record: &Record, context: &Context) -> Self {
        let mut entry = Self::blank(record.register, Some(record.id), false);
        entry.stored = super::contents(record);
        entry.contents = entry.stored.clone();
        entry.origins = entry
            .contents
            .keys()
            .map(|tag| (*tag, Origin::Stored))
            .collect();
        if let Some(register) = context.registers.by_number(record.register) {
            entry.settle_all(register, context);
        }
        entry
    }

    fn blank(register: u32, id: Option<RecordId>, new: bool) -> Self {
        Self {
            register,
            id,
            new,
            contents: Contents::new(),
            kept: Contents::new(),
            origins: BTreeMap::new(),
            hidden: BTreeSet::new(),
            stored: Contents::new(),
            picked: BTreeSet::new(),
            by: None,
            rows: BTreeMap::new(),
        }
    }

    fn copying(
        register: &Register,
        from: &Contents,
        origin: Origin,
        wanted: &dyn Fn(&Field) -> bool,
        context: &Context,
    ) -> Self {
        let mut entry = Self::blank(register.number, None, true);
        for field in register
            .fields
            .iter()
            .filter(|field| field.stored() && wanted(field))
        {
            if let Some(content) = from.get(&field.tag).filter(|content| !content.is_empty()) {
                entry.contents.insert(field.tag, content.clone());
                entry.origins.insert(field.tag, origin);
            }
        }
        entry.settle_all(register, context);
        entry
    }

    /// Its register's number.
    pub fn register(&self) -> u32 {
        self.register
    }

    /// Its id: of a record that is edited, or once [`Entry::set_id`] gave it one.
    pub fn id(&self) -> Option<RecordId> {
        self.id
    }

    /// Whether it is not in the store yet.
    pub fn is_new(&self) -> bool {
        self.new
    }

    /// What the relevant fields hold.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// What a field holds; empty while it is not relevant.
    pub fn get(&self, tag: Tag) -> &Content {
        const EMPTY: &Content = &Content::Empty;
        self.contents.get(&tag).unwrap_or(EMPTY)
    }

    /// Why it holds that.
    pub fn origin(&self, tag: Tag) -> Origin {
        self.origins.get(&tag).copied().unwrap_or_default()
    }

    /// Somebody typed it. Untouched fields that depend on it follow; relevance is looked at again; rows too. An emptied
    /// field stays empty, whatever its default.
    pub fn set(&mut self, tag: Tag, content: Content, context: &Context) {
        let Some(register) = context.registers.by_number(self.register) else {
            return;
        };
        let Some(&place) = register.places.get(&tag) else {
            return;
        };
        self.place(tag, content, Origin::Typed);
        self.settle_from(&[place], register, context);
        self.settle_rows(register, context);
    }

    /// Fills in what a JSON object says, all of it before anything is recomputed. Rows given are added.
    pub fn fill(&mut self, given: Given, context: &Context) {
        let Some(register) = context.registers.by_number(self.register) else {
            return;
        };
        let mut places = Vec::with_capacity(given.fields.len());
        for (tag, content) in given.fields {
            if let Some(&place) = register.places.get(&tag) {
                self.place(tag, content, Origin::Typed);
                places.push(place);
            }
        }
        self.settle_from(&places, register, context);
        self.fill_rows(given.rows, context);
        self.settle_rows(register, context);
    }

    fn fill_rows(&mut self, given: Vec<(Tag, Vec<Given>)>, context: &Context) {
        for (tag, rows) in given {
            for row in rows {
                if let Some(at) = self.add_row(tag, context) {
                    self.in_row(tag, at, context, |entry, context| entry.fill(row, context));
                }
            }
        }
    }

    /// Takes back what was typed: the default again, or what the record held.
    pub fn untouch(&mut self, tag: Tag, context: &Context) {
        let Some(register) = context.registers.by_number(self.register) else {
            return;
        };
        let stored = self.stored.get(&tag).cloned().unwrap_or_default();
        let origin = if stored.is_empty() {
            Origin::Empty
        } else {
            Origin::Stored
        };
        self.place(tag, stored, origin);
        if let Some(&place) = register.places.get(&tag) {
            self.settle_from(&[place], register, context);
            self.settle_rows(register, context);
        }
    }

    /// A person picked this value of a field in conflict: it settles the field when it is saved.
    pub fn pick(&mut self, tag: Tag, content: Content, context: &Context) {
        self.picked.insert(tag);
        self.set(tag, content, context);
    }

    fn place(&mut self, tag: Tag, content: Content, origin: Origin) {
        let held = if self.hidden.contains(&tag) {
            &mut self.kept
        } else {
            &mut self.contents
        };
        if content.is_empty() {
            held.remove(&tag);
        } else {
            held.insert(tag, content);
        }
        if origin == Origin::Empty {
            self.origins.remove(&tag);
        } else {
            self.origins.insert(tag, origin);
        }
    }

    /// Whether a field is asked at all now.
    pub fn relevant(&self, tag: Tag) -> bool {
        !self.hidden.contains(&tag)
    }

    /// Whether it must hold something now.
    pub fn required(&self, tag: Tag, context: &Context) -> bool {
        let register = context.registers.by_number(self.register);
        let place = register.and_then(|register| Some((register, register.by_tag(tag)?)));
        place.is_some_and(|(register, field)| self.must(field, register, context))
    }

    fn must(&self, field: &Field, register: &Register, context: &Context) -> bool {
        self.relevant(field.tag)
            && field
                .required
                .as_ref()
                .is_some_and(|required| required.is_true(register, &self.contents, context))
    }

    /// The next field that needs a person (rule 3 of `interface.md`): required and empty, or asked always, or asked if
    /// empty; in the order of the form, behind `after`. A rows field is a stop while it is relevant and has no row, or a
    /// row that has a stop of its own. `None`: nothing is left to ask.
    pub fn next_stop(&self, after: Option<Tag>, context: &Context) -> Option<Tag> {
        let register = context.registers.by_number(self.register)?;
        let from = after
            .and_then(|tag| register.places.get(&tag))
            .map_or(0, |place| place + 1);
        // What stands before `after` and is still missing is asked behind the last field, once more.
        let missing = |field: &&Field| self.needs_person(field, register, context);
        let ahead = register.fields[from..]
            .iter()
            .find(|field| self.stops(field, register, context));
        ahead
            .or_else(|| register.fields[..from].iter().find(missing))
            .map(|field| field.tag)
    }

    fn stops(&self, field: &Field, register: &Register, context: &Context) -> bool {
        if !self.relevant(field.tag) || (field.key && !self.new) {
            return false;
        }
        match (&field.kind, field.ask) {
            (Kind::Rows { .. }, Ask::OnDemand) | (Kind::Note | Kind::Calculate, _) => false,
            (Kind::Rows { .. }, _) => self.needs_person(field, register, context),
            (_, Ask::Always) => true,
            (_, Ask::IfEmpty) if self.get(field.tag).is_empty() => {
                self.origin(field.tag) != Origin::Typed || self.must(field, register, context)
            }
            _ => self.needs_person(field, register, context),
        }
    }

    fn needs_person(&self, field: &Field, register: &Register, context: &Context) -> bool {
        if let Kind::Rows { .. } = field.kind {
            let rows = self.rows(field.tag);
            return field.ask != Ask::OnDemand
                && self.relevant(field.tag)
                && (rows.is_empty() || rows.iter().any(|row| row.next_missing(context)));
        }
        self.get(field.tag).is_empty() && self.must(field, register, context)
    }

    fn next_missing(&self, context: &Context) -> bool {
        let register = context.registers.by_number(self.register);
        register.is_some_and(|register| {
            register
                .fields
                .iter()
                .any(|field| self.needs_person(field, register, context))
        })
    }

    /// The rows of a rows field that are being typed with this record; rows that the store holds are not among them.
    pub fn rows(&self, tag: Tag) -> &[Entry] {
        self.rows.get(&tag).map_or(&[], Vec::as_slice)
    }

    /// All rows that are saved with this record: those of relevant rows fields.
    pub fn all_rows(&self) -> impl Iterator<Item = &Entry> {
        self.rows
            .iter()
            .filter(|(tag, _)| self.relevant(**tag))
            .flat_map(|(_, rows)| rows)
    }

    /// Adds a row, with defaults that may look at this record. Gives its place; `None` if the field has no rows.
    pub fn add_row(&mut self, tag: Tag, context: &Context) -> Option<usize> {
        let register = context.registers.by_number(self.register)?;
        let Kind::Rows { of, by } = register.by_tag(tag)?.kind else {
            return None;
        };
        let of = context.registers.by_number(of)?;
        let mut row = Self::blank(of.number, None, true);
        row.by = Some((self.register, by));
        row.place(
            by,
            Content::One(Value::reference(self.id.unwrap_or(UNSAVED))),
            Origin::Default,
        );
        // The reference holds though its default would be nothing.
        row.origins.insert(by, Origin::Stored);
        let rows = self.rows.entry(tag).or_default();
        rows.push(row);
        let at = rows.len() - 1;
        self.in_row(tag, at, context, |row, context| row.settle_all(of, context));
        Some(at)
    }

    /// Takes a row away.
    pub fn remove_row(&mut self, tag: Tag, at: usize) {
        if let Some(rows) = self.rows.get_mut(&tag).filter(|rows| at < rows.len()) {
            rows.remove(at);
        }
    }

    /// Does something with a row; the context it gets knows this record, though it is not saved.
    pub fn in_row<T>(
        &mut self,
        tag: Tag,
        at: usize,
        context: &Context,
        act: impl FnOnce(&mut Entry, &Context) -> T,
    ) -> Option<T> {
        let mut rows = self.rows.remove(&tag)?;
        let done = rows
            .get_mut(at)
            .map(|row| self.beside(context, |context| act(row, context)));
        self.rows.insert(tag, rows);
        done
    }

    /// A context whose store also knows this record: for asking a row of it.
    pub fn beside<T>(&self, context: &Context, ask: impl FnOnce(&Context) -> T) -> T {
        let beside = Beside {
            store: context.lookup,
            register: self.register,
            id: self.id.unwrap_or(UNSAVED),
            contents: &self.contents,
        };
        ask(&Context {
            lookup: &beside,
            ..*context
        })
    }

    fn settle_rows(&mut self, register: &Register, context: &Context) {
        if self.rows.is_empty() {
            return;
        }
        let tags: Vec<Tag> = self.rows.keys().copied().collect();
        for tag in tags {
            let Some(Kind::Rows { of, .. }) = register.by_tag(tag).map(|field| &field.kind) else {
                continue;
            };
            let Some(of) = context.registers.by_number(*of) else {
                continue;
            };
            for at in 0..self.rows(tag).len() {
                self.in_row(tag, at, context, |row, context| row.settle_all(of, context));
            }
        }
    }

    /// The id that its natural key gives: where the register has one and all of it is filled.
    pub fn natural_key(&self, context: &Context) -> Option<RecordId> {
        let register = context.registers.by_number(self.register)?;
        if register.key.is_empty() {
            return None;
        }
        let values: Option<Vec<&Value>> = register
            .key
            .iter()
            .map(|tag| self.get(*tag).value())
            .collect();
        Some(RecordId::of_key(self.register, values?))
    }

    /// Gives a new record its id; its rows then refer to it.
    pub fn set_id(&mut self, id: RecordId) {
        self.id = Some(id);
        for row in self.rows.values_mut().flatten() {
            if let Some((_, by)) = row.by {
                row.contents.insert(by, Content::One(Value::reference(id)));
            }
        }
    }

    /// The rows, to be given ids.
    pub fn all_rows_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        let hidden = &self.hidden;
        self.rows
            .iter_mut()
            .filter(|(tag, _)| !hidden.contains(tag))
            .flat_map(|(_, rows)| rows)
    }
}

#[cfg(test)]
mod tests;
