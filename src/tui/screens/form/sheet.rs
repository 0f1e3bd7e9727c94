//! The sheet of paper: the entry being typed with its rows; which fields are open, in which order the hand walks through
//! them, and what is wrong. Pure, and kept whole by undo.

use std::collections::{BTreeMap, BTreeSet};

use crate::forms::{Ask, Content, Context, Entry, Field, Kind, Label, Origin, Register};
use crate::record::{RecordId, Tag, Value};

/// A field of the entry or of one of its rows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// Of a field in a row: the rows field, and which row.
    pub row: Option<(Tag, usize)>,
    /// The field.
    pub tag: Tag,
}

impl Place {
    /// A field of the entry itself.
    pub fn own(tag: Tag) -> Self {
        Self { row: None, tag }
    }
}

/// All of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Sheet {
    /// What is typed.
    pub entry: Entry,
    /// What was typed and is no value yet.
    pub raw: BTreeMap<Place, String>,
    /// Optional fields that stand in the open because they were asked for, or hold something to look at.
    pub opened: BTreeSet<Place>,
    /// Filled from an earlier record: the hand stops only where things change.
    pub again: bool,
}

/// Something wrong in a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// Where.
    pub place: Place,
    /// It can be saved over.
    pub warning: bool,
    /// Nothing stands there: shown only once saving was tried.
    pub empty: bool,
    /// What is wrong, and what would be right.
    pub message: Label,
}

impl Sheet {
    /// A sheet with nothing typed yet. Of a record that is there, all that it holds stands in the open.
    pub fn new(entry: Entry) -> Self {
        let opened = if entry.is_new() {
            BTreeSet::new()
        } else {
            entry.contents().keys().copied().map(Place::own).collect()
        };
        Self {
            entry,
            raw: BTreeMap::new(),
            opened,
            again: false,
        }
    }

    /// The entry that a place is in.
    pub fn entry(&self, row: Option<(Tag, usize)>) -> &Entry {
        match row {
            Some((rows, at)) => self.entry.rows(rows).get(at).unwrap_or(&self.entry),
            None => &self.entry,
        }
    }

    /// The register of a place.
    pub fn register<'a>(&self, place: Place, context: &Context<'a>) -> &'a Register {
        let number = self.entry(place.row).register();
        context
            .registers
            .by_number(number)
            .expect("invariant: a form opens only for a register that is loaded")
    }

    /// The field of a place.
    pub fn field<'a>(&self, place: Place, context: &Context<'a>) -> &'a Field {
        let field = self.register(place, context).by_tag(place.tag);
        field.expect("invariant: places are made of the register's own fields")
    }

    /// What a place holds.
    pub fn get(&self, place: Place) -> &Content {
        self.entry(place.row).get(place.tag)
    }

    /// Why it holds that.
    pub fn origin(&self, place: Place) -> Origin {
        self.entry(place.row).origin(place.tag)
    }

    /// Changes the entry of a place.
    fn change(&mut self, place: Place, context: &Context, act: impl FnOnce(&mut Entry, &Context)) {
        match place.row {
            Some((rows, at)) => {
                self.entry.in_row(rows, at, context, act);
            }
            None => act(&mut self.entry, context),
        }
        self.add_rows(context);
    }

    /// Puts a value into a place; what depends on it follows.
    pub fn set(&mut self, place: Place, content: Content, context: &Context) {
        self.raw.remove(&place);
        self.change(place, context, |entry, context| {
            entry.set(place.tag, content, context)
        });
    }

    /// A person picked a side of a field in conflict.
    pub fn pick(&mut self, place: Place, content: Content, context: &Context) {
        self.raw.remove(&place);
        self.change(place, context, |entry, context| {
            entry.pick(place.tag, content, context)
        });
    }

    /// A rows field that is asked for begins with one row.
    fn add_rows(&mut self, context: &Context) {
        let Some(register) = context.registers.by_number(self.entry.register()) else {
            return;
        };
        for field in &register.fields {
            if matches!(field.kind, Kind::Rows { .. })
                && field.ask != Ask::OnDemand
                && self.entry.is_new()
                && self.entry.relevant(field.tag)
                && self.entry.rows(field.tag).is_empty()
            {
                self.entry.add_row(field.tag, context);
            }
        }
    }

    /// Whether a field is there at all under what the others hold.
    pub fn relevant(&self, place: Place) -> bool {
        let there = match place.row {
            Some((rows, at)) => self.entry.relevant(rows) && at < self.entry.rows(rows).len(),
            None => true,
        };
        there && self.entry(place.row).relevant(place.tag)
    }

    /// Whether a field must hold something.
    pub fn required(&self, place: Place, context: &Context) -> bool {
        let of = |context: &Context| self.entry(place.row).required(place.tag, context);
        if place.row.is_some() {
            self.entry.beside(context, of)
        } else {
            of(context)
        }
    }

    /// Whether the hand can stand in a field.
    fn stands(field: &Field) -> bool {
        !matches!(field.kind, Kind::Calculate | Kind::Note | Kind::Rows { .. })
    }

    /// All relevant fields in order, rows where their field stands; without the references that bind the rows.
    fn all<'a>(&self, context: &Context<'a>) -> Vec<(&'a Field, Place)> {
        let mut all = Vec::new();
        let Some(register) = context.registers.by_number(self.entry.register()) else {
            return all;
        };
        for field in &register.fields {
            let place = Place::own(field.tag);
            if !self.relevant(place) {
                continue;
            }
            let Kind::Rows { of, by } = field.kind else {
                all.push((field, place));
                continue;
            };
            let Some(of) = context.registers.by_number(of) else {
                continue;
            };
            for at in 0..self.entry.rows(field.tag).len() {
                let row = Some((field.tag, at));
                all.extend(
                    of.fields
                        .iter()
                        .map(|field| {
                            (
                                field,
                                Place {
                                    row,
                                    tag: field.tag,
                                },
                            )
                        })
                        .filter(|(field, place)| {
                            field.tag != by
                                && !matches!(field.kind, Kind::Rows { .. })
                                && self.relevant(*place)
                        }),
                );
            }
        }
        all
    }

    fn is_open(&self, field: &Field, place: Place, context: &Context) -> bool {
        field.open
            || self.opened.contains(&place)
            || self.raw.contains_key(&place)
            || (Self::stands(field) && self.get(place).is_empty() && self.required(place, context))
    }

    /// The fields that stand in the open; notes and sums are among them.
    pub fn open(&self, context: &Context) -> Vec<Place> {
        let mut all = self.all(context);
        all.retain(|(field, place)| self.is_open(field, *place, context));
        all.into_iter().map(|(_, place)| place).collect()
    }

    /// The optional fields: those of the entry, then those of its rows.
    pub fn more(&self, context: &Context) -> Vec<Place> {
        let mut all = self.all(context);
        all.retain(|(field, place)| Self::stands(field) && !self.is_open(field, *place, context));
        let mut places: Vec<Place> = all.into_iter().map(|(_, place)| place).collect();
        places.sort_by_key(|place| place.row);
        places
    }

    /// The places the hand can stand in: the open ones, and the optional ones if they are opened.
    pub fn places(&self, more: bool, context: &Context) -> Vec<Place> {
        let mut places = self.open(context);
        places.retain(|place| Self::stands(self.field(*place, context)));
        if more {
            places.extend(self.more(context));
        }
        places
    }

    /// Whether the hand stops at a place by itself (rule 3 of the keys).
    pub fn stops(&self, place: Place, context: &Context) -> bool {
        let field = self.field(place, context);
        if field.key && !self.entry(place.row).is_new() {
            return false;
        }
        let empty = self.get(place).is_empty();
        if empty && self.required(place, context) {
            return true;
        }
        if !self.entry.is_new() && place.row.is_none() {
            return false;
        }
        match field.ask {
            Ask::Always => !self.again || field.changes || self.origin(place) != Origin::Last,
            Ask::IfEmpty => empty && self.origin(place) != Origin::Typed,
            Ask::Required | Ask::OnDemand => self.again && field.changes && field.open,
        }
    }

    /// The next place behind `after` where the hand stops; from the first one if `after` is none.
    pub fn next_stop(&self, after: Option<Place>, context: &Context) -> Option<Place> {
        let places = self.places(true, context);
        let from = after.and_then(|after| places.iter().position(|place| *place == after));
        let mut behind = places[from.map_or(0, |at| at + 1)..].iter().copied();
        behind.find(|place| self.stops(*place, context))
    }

    /// All that is wrong, in the order of the sheet.
    pub fn wrongs(&self, context: &Context) -> Vec<Wrong> {
        let mut wrongs: Vec<Wrong> = self
            .entry
            .problems(context)
            .into_iter()
            .map(|problem| {
                let place = Place {
                    row: problem.row,
                    tag: problem.tag,
                };
                Wrong {
                    place,
                    warning: problem.warning,
                    empty: self.get(place).is_empty(),
                    message: problem.message,
                }
            })
            .filter(|wrong| !self.raw.contains_key(&wrong.place))
            .collect();
        for (place, typed) in self.raw.iter().filter(|(place, _)| self.relevant(**place)) {
            let message = unread(self.field(*place, context), typed, context);
            wrongs.push(Wrong {
                place: *place,
                warning: false,
                empty: false,
                message,
            });
        }
        let order = self.places(true, context);
        wrongs.sort_by_key(|wrong| order.iter().position(|place| *place == wrong.place));
        wrongs
    }
}

/// What is wrong with typed text that is no value.
fn unread(field: &Field, typed: &str, context: &Context) -> Label {
    match field.kind {
        Kind::Ref { .. } | Kind::RefMultiple { .. } | Kind::Division => Label {
            zh: format!("打的是“{typed}”，还没取定。"),
            en: format!("{typed} is typed, nothing was taken yet."),
        },
        _ => field.kind.parse(typed, context).err().unwrap_or_default(),
    }
}

/// The one record that a reference refers to.
pub fn reference(content: &Content) -> Option<RecordId> {
    content.value().and_then(Value::as_ref_id)
}
