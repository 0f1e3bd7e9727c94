//! A register and its fields, as loaded.

use std::collections::BTreeMap;

use super::choices::Choices;
use super::content::{Content, Contents};
use super::context::Context;
use super::expression::{Expression, Template};
use super::grid::{Calendar, Roll};
use super::kinds::Kind;
use super::lang::Label;
use super::mask::Mask;
use crate::record::Tag;

/// The division that a record belongs to: a stored field of every register.
pub const UNIT: Tag = 9001;

/// Fields without a tag (rows, notes, calculations: they store nothing) get one from here, for this run only.
pub const UNSTORED: Tag = 60_000;

/// A register (台账).
#[derive(Debug)]
pub struct Register {
    /// What the logs store; never reused.
    pub number: u32,
    /// Its name on the command line and in expressions.
    pub name: String,
    /// What it is called.
    pub label: Label,
    /// The measure word that stands behind a number of its records in Chinese (户, 件), or nothing.
    pub counter: String,
    /// Its digit on Home and after F3.
    pub home: Option<u8>,
    /// The field its list is sorted by, and whether the greatest comes first.
    pub sort: Option<(Tag, bool)>,
    /// The natural key; none: ids are UUIDs.
    pub key: Vec<Tag>,
    /// All fields, in the order of the form; those of every register last.
    pub fields: Vec<Field>,
    /// Warn of a second record alike within some days.
    pub second_visit: Option<SecondVisit>,
    /// The field that the steps move.
    pub lifecycle: Option<Tag>,
    /// The steps of its lifecycle.
    pub steps: Vec<Step>,
    /// A grid of people by meetings.
    pub roll: Option<Roll>,
    /// A year of days.
    pub calendar: Option<Calendar>,
    /// In Chinese and English.
    pub(super) title: [Template; 2],
    pub(super) line: [Template; 2],
    pub(super) places: BTreeMap<Tag, usize>,
    pub(super) names: BTreeMap<String, usize>,
}

/// `second_visit`: the same values again within some days of the sort field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecondVisit {
    /// References that are the same; the first one is looked up.
    pub same: Vec<Tag>,
    /// Within how many days.
    pub within_days: i64,
}

/// One step of a lifecycle.
#[derive(Debug)]
pub struct Step {
    /// From which codes.
    pub from: Vec<String>,
    /// To which code.
    pub to: String,
    /// What it is called.
    pub label: Label,
    /// Who does it, in words.
    pub who: Option<Label>,
    /// Fields that must hold something before.
    pub needs: Vec<Tag>,
    /// Only when this is true.
    pub(super) relevant: Option<Expression>,
}

/// When the cursor stops at a field by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Ask {
    /// Whatever it holds.
    Always,
    /// Where it is required and empty.
    #[default]
    Required,
    /// Where it is empty, required or not.
    IfEmpty,
    /// Never; it stands behind the line of optional fields, unless it is required and empty.
    OnDemand,
}

/// Which sibling of a conflict stands first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FieldOrder {
    /// The newest.
    #[default]
    Latest,
    /// The greatest number or latest date.
    Highest,
    /// Yes before no, the choice of highest rank.
    Strictest,
    /// The choice that is furthest in the lifecycle.
    Forward,
}

/// What an untouched field begins with.
#[derive(Debug, Default)]
pub(super) enum Start {
    #[default]
    Empty,
    Fixed(Content),
    Today,
    /// What people read, in Chinese: a code's word, a masked number.
    Shown(Template),
    Formula(Expression),
}

/// A field.
#[derive(Debug)]
pub struct Field {
    /// What the logs store; from [`UNSTORED`] for fields that store nothing.
    pub tag: Tag,
    /// Its name on the command line and in expressions.
    pub name: String,
    /// What it is called.
    pub label: Label,
    /// At most 8 columns.
    pub short: Label,
    /// A sentence of help, or empty.
    pub hint: Label,
    /// What it holds.
    pub kind: Kind,
    /// When the cursor stops at it.
    pub ask: Ask,
    /// Open in the form; else it stands behind the line of optional fields.
    pub open: bool,
    /// The next record begins with this one's value.
    pub carry: bool,
    /// Never copied from an earlier record ("only what changed").
    pub fresh: bool,
    /// Where "only what changed" puts the cursor.
    pub changes: bool,
    /// Fields that are saved and settled as one, this one among them; empty if it stands alone.
    pub together: Vec<Tag>,
    /// Which sibling of a conflict stands first.
    pub order: FieldOrder,
    /// Shown in the list, this wide.
    pub column: Option<u16>,
    /// Found by the search.
    pub search: bool,
    /// 0 to 4 (S0 to S4 of the domain study): governs exports.
    pub sensitive: u8,
    /// Masked on screen and in exports.
    pub mask: Option<Mask>,
    /// The reason at the edge when it holds its default (户内).
    pub default_label: Option<Label>,
    /// A second field that the same search may fill.
    pub also: Option<Tag>,
    /// Only records that refer to what this other field holds: that field, and the reference in the target register.
    pub within: Option<(Tag, Tag)>,
    /// A choice list of phrases, offered by digit in the empty field.
    pub phrases: Option<String>,
    /// Key fields are read-only after creation.
    pub key: bool,
    /// Filled in by the loader for every register (unit, remark …).
    pub envelope: bool,
    pub(super) relevant: Option<Expression>,
    pub(super) required: Option<Expression>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) start: Start,
    /// Which fields must be looked at again when this one changes: places in the register.
    pub(super) moves: Vec<usize>,
}

/// What a value must satisfy, and what is said if it does not.
#[derive(Debug)]
pub(super) struct Constraint {
    pub(super) holds: Expression,
    pub(super) message: Label,
    pub(super) warning: bool,
}

impl Register {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.names.get(name).map(|&place| &self.fields[place])
    }

    /// The field of this tag.
    pub fn by_tag(&self, tag: Tag) -> Option<&Field> {
        self.places.get(&tag).map(|&place| &self.fields[place])
    }

    /// The field that is the record's unit.
    pub fn unit(&self, contents: &Contents) -> Option<String> {
        contents
            .get(&UNIT)
            .and_then(Content::value)
            .and_then(|value| value.as_text().map(str::to_owned))
    }

    /// One line that names a record; masked, in the language of the context.
    pub fn title(&self, contents: &Contents, context: &Context) -> String {
        self.title[context.lang as usize].render(self, contents, context)
    }

    /// One line for a candidate: what tells it from others; masked. The title where the register has no `line`.
    pub fn line(&self, contents: &Contents, context: &Context) -> String {
        self.line[context.lang as usize].render(self, contents, context)
    }

    /// The fields that the search finds a record by, and whether each is a reference (its targets are found first).
    pub fn searched(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.search)
    }

    /// The fields shown in the list, in order.
    pub fn columns(&self) -> impl Iterator<Item = (&Field, u16)> {
        self.fields
            .iter()
            .filter_map(|field| Some((field, field.column?)))
    }
}

impl Field {
    /// Whether the logs store it.
    pub fn stored(&self) -> bool {
        self.kind.wire() != 0
    }

    /// As everyone may see it: masked where the field says so, else [`Kind::show`].
    pub fn show(&self, content: &Content, context: &Context) -> String {
        let shown = self.kind.show(content, context);
        match self.mask {
            Some(mask) if !shown.is_empty() => mask.apply(&shown),
            _ => shown,
        }
    }

    /// As [`Field::show`], with the short words of choices: for lists and titles.
    pub fn show_short(&self, content: &Content, context: &Context) -> String {
        let word = |list: &Choices, code: &str| {
            list.get(code)
                .map_or(code, |choice| choice.short.get(context.lang))
                .to_owned()
        };
        match (&self.kind, content) {
            (Kind::SelectOne(list), Content::One(value)) => match value.as_text() {
                Some(code) => word(list, code),
                None => value.raw(),
            },
            (Kind::SelectMultiple(list), Content::Many(chosen)) => {
                let words: Vec<String> = chosen
                    .iter()
                    .map(|element| word(list, &String::from_utf8_lossy(element)))
                    .collect();
                words.join(" ")
            }
            _ => self.show(content, context),
        }
    }
}
