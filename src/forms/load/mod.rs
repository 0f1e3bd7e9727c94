//! Loads register files: the embedded ones, and those of the district. Every mistake is reported at once, with file and
//! line, in both languages.

mod compile;
mod fields;
mod grids;
mod lists;
mod reader;
mod registers;
mod warn;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use reader::{Mistake, Source};

use super::choices::Choices;
use super::content::Content;
use super::divisions::Divisions;
use super::kinds::Kind;
use super::lang::Label;
use super::register::{Field, FieldOrder, Register};
use crate::record::{Order, Tag, Value};

/// All registers, choice lists and divisions, with every expression compiled.
#[derive(Debug)]
pub struct Registers {
    all: Vec<Register>,
    lists: BTreeMap<String, Arc<Choices>>,
    divisions: Divisions,
    warnings: Vec<Mistake>,
    pub(super) environment: &'static minijinja::Environment<'static>,
}

/// The embedded files: choice lists first, then the fields of every register, then the registers in the order of Home.
const BUILTIN: &[(&str, &str)] = &[
    ("choices.toml", include_str!("../choices.toml")),
    ("envelope.toml", include_str!("../envelope.toml")),
    ("visit.toml", include_str!("../visit.toml")),
    ("need.toml", include_str!("../need.toml")),
    ("need_action.toml", include_str!("../need_action.toml")),
    (
        "training_class.toml",
        include_str!("../training_class.toml"),
    ),
    (
        "training_session.toml",
        include_str!("../training_session.toml"),
    ),
    ("trainee_roll.toml", include_str!("../trainee_roll.toml")),
    ("attendance.toml", include_str!("../attendance.toml")),
    (
        "training_expense.toml",
        include_str!("../training_expense.toml"),
    ),
    ("training_plan.toml", include_str!("../training_plan.toml")),
    ("micro_home.toml", include_str!("../micro_home.toml")),
    (
        "micro_home_activity.toml",
        include_str!("../micro_home_activity.toml"),
    ),
    (
        "micro_home_cluster.toml",
        include_str!("../micro_home_cluster.toml"),
    ),
    (
        "micro_home_rating.toml",
        include_str!("../micro_home_rating.toml"),
    ),
    ("household.toml", include_str!("../household.toml")),
    ("person.toml", include_str!("../person.toml")),
    ("org_unit.toml", include_str!("../org_unit.toml")),
    ("cadre.toml", include_str!("../cadre.toml")),
];

const DIVISIONS: &str = include_str!("../wanzhou-divisions.csv");

impl Registers {
    /// The embedded registers and the divisions of Wanzhou.
    pub fn builtin() -> Self {
        match Self::load(&[], None) {
            Ok(registers) => registers,
            Err(mistakes) => {
                panic!("invariant: the embedded registers load, a test holds it: {mistakes:?}")
            }
        }
    }

    /// The embedded registers, then those of `extra`, which may add registers (from number 10000), choice lists, and
    /// fields to a register (`extend`, tags from 10000). `divisions` replaces the embedded table. All mistakes of all
    /// files; mistakes that are only warnings do not refuse and are in [`Registers::warnings`].
    pub fn load(extra: &[Source], divisions: Option<&str>) -> Result<Self, Vec<Mistake>> {
        let builtin = BUILTIN.iter().map(|(name, text)| Source {
            name: (*name).into(),
            text: (*text).into(),
        });
        let sources: Vec<Source> = builtin.chain(extra.iter().cloned()).collect();
        Self::of_sources(&sources, BUILTIN.len(), divisions)
    }

    /// `ours`: how many of the sources are the project's own (numbers and tags below 10000).
    fn of_sources(
        sources: &[Source],
        ours: usize,
        divisions: Option<&str>,
    ) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let divisions =
            Divisions::read(divisions.unwrap_or(DIVISIONS)).unwrap_or_else(|(line, why)| {
                mistakes.push(Mistake {
                    file: "divisions".into(),
                    line,
                    message: Label {
                        zh: format!("区划表读不了：{why}。"),
                        en: format!("The division table cannot be read: {why}."),
                    },
                    warning: false,
                });
                Divisions::default()
            });
        let files = registers::read(sources, ours, &mut mistakes);
        let environment = super::expression::environment();
        let (all, lists) = compile::compile(files, environment, sources, &mut mistakes);
        let mut registers = Self {
            all,
            lists,
            divisions,
            warnings: Vec::new(),
            environment,
        };
        mistakes.extend(warn::warn(&registers, sources));
        mistakes.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        if mistakes.iter().any(|mistake| !mistake.warning) {
            return Err(mistakes);
        }
        registers.warnings = mistakes;
        Ok(registers)
    }

    /// All registers, in the order of the files.
    pub fn all(&self) -> &[Register] {
        &self.all
    }

    /// The register with this number.
    pub fn by_number(&self, number: u32) -> Option<&Register> {
        self.all.iter().find(|register| register.number == number)
    }

    /// The register of this name.
    pub fn by_name(&self, name: &str) -> Option<&Register> {
        self.all.iter().find(|register| register.name == name)
    }

    /// A choice list; a list that one field alone has is named `register.field`.
    pub fn choices(&self, list: &str) -> Option<&Choices> {
        self.lists.get(list).map(|list| &**list)
    }

    /// The phrases of a field, in order, each in both languages.
    pub fn phrases(&self, field: &Field) -> Vec<&Label> {
        let list = field.phrases.as_deref().and_then(|name| self.choices(name));
        list.map(|list| list.offered().map(|choice| &choice.label).collect())
            .unwrap_or_default()
    }

    /// The divisions.
    pub fn divisions(&self) -> &Divisions {
        &self.divisions
    }

    /// What the files should say better, though they load.
    pub fn warnings(&self) -> &[Mistake] {
        &self.warnings
    }

    /// A file by its name for people who write their own: the embedded registers as examples.
    pub fn example(name: &str) -> Option<&'static str> {
        BUILTIN
            .iter()
            .find(|(file, _)| *file == name)
            .map(|(_, text)| *text)
    }
}

impl Order for Registers {
    fn compare(&self, register: u32, tag: Tag, a: &Value, b: &Value) -> Ordering {
        let Some(field) = self
            .by_number(register)
            .and_then(|register| register.by_tag(tag))
        else {
            return Ordering::Equal;
        };
        if field.order == FieldOrder::Latest {
            return Ordering::Equal;
        }
        let place = |value: &Value| -> (bool, i64, [u8; 8]) {
            let rank = match &field.kind {
                Kind::SelectOne(list) if field.order != FieldOrder::Highest => value
                    .as_text()
                    .and_then(|code| list.get(code))
                    .map_or(i64::MIN, |choice| choice.rank),
                // An element of a multiple is yes or no.
                _ => value.as_bool().map_or(0, i64::from),
            };
            (
                !value.is_cleared(),
                rank,
                field.kind.sort_key(&Content::one(value.clone())),
            )
        };
        let ((held_a, rank_a, key_a), (held_b, rank_b, key_b)) = (place(a), place(b));
        let by_key = if field.order == FieldOrder::Highest {
            key_a.cmp(&key_b)
        } else {
            Ordering::Equal
        };
        held_a.cmp(&held_b).then(rank_a.cmp(&rank_b)).then(by_key)
    }
}

#[cfg(test)]
mod tests;
