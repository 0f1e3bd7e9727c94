//! Expressions and templates: minijinja over a record's fields, compiled when the register is loaded.
//!
//! Only the fields that an expression names are handed to it, and one that names none is evaluated once, at load: a
//! form of thirty fields costs a handful of evaluations a key.

mod template;
mod values;

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value as Jinja};
use minijinja::{Environment, State, UndefinedBehavior};

use super::content::{Content, Contents};
use super::context::Context;
use super::day;
use super::kinds::{Kind, identity};
use super::register::Register;
use crate::record::Tag;

pub(super) use template::Template;
use values::jinja;
pub(super) use values::{content, fixed};

/// Today at +08:00, in every expression.
const TODAY: &str = "today";
/// The author's name, in every expression.
const ME: &str = "me";
/// The author's unit, in every expression.
const MY_UNIT: &str = "my_unit";
/// This second at +08:00, as RFC 3339, in every expression.
const NOW: &str = "now";

/// The functions of all expressions. Compiled expressions borrow it, and they are kept with the registers: so it is made
/// once a load and lives as long as the program.
pub(super) fn environment() -> &'static Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    for (name, function) in FUNCTIONS {
        environment.add_function(*name, *function);
    }
    Box::leak(Box::new(environment))
}

type Function = fn(&State, &[Jinja]) -> Result<Jinja, minijinja::Error>;

/// Name and meaning of each function. All give nothing where an argument is empty.
const FUNCTIONS: &[(&str, Function)] = &[
    // Full years from a date to today.
    ("age", |state, arguments| {
        let today = state.lookup(TODAY);
        Ok(
            match (
                date_at(arguments, 0),
                today.and_then(|today| date_of(&today)),
            ) {
                (Some(born), Some(today)) => day::years_between(born, today).into(),
                _ => Jinja::UNDEFINED,
            },
        )
    }),
    // The year of a date.
    ("year", |_, arguments| {
        let year = arguments.first().and_then(|date| date.as_str()?.get(..4));
        Ok(year
            .and_then(|year| year.parse::<i64>().ok())
            .map_or(Jinja::UNDEFINED, Jinja::from))
    }),
    // Days from one date to another.
    ("days", |_, arguments| {
        Ok(match (date_at(arguments, 0), date_at(arguments, 1)) {
            (Some(from), Some(to)) => (to - from).into(),
            _ => Jinja::UNDEFINED,
        })
    }),
    // The date some days later.
    ("plus_days", |_, arguments| {
        let days = arguments
            .get(1)
            .and_then(|days| i64::try_from(days.clone()).ok());
        Ok(match (date_at(arguments, 0), days) {
            (Some(from), Some(days)) => date(from.saturating_add(days)),
            _ => Jinja::UNDEFINED,
        })
    }),
    // The date some months later, at the month's end where it has fewer days.
    ("plus_months", |_, arguments| {
        let months = arguments
            .get(1)
            .and_then(|months| i64::try_from(months.clone()).ok());
        Ok(match (date_at(arguments, 0), months) {
            (Some(from), Some(months)) => {
                day::plus_months(from, months).map_or(Jinja::UNDEFINED, date)
            }
            _ => Jinja::UNDEFINED,
        })
    }),
    // Date of birth and sex of a resident id.
    ("born", |_, arguments| {
        let born = arguments
            .first()
            .and_then(|id| identity::birth(id.as_str()?));
        Ok(born.map_or(Jinja::UNDEFINED, date))
    }),
    ("sex", |_, arguments| {
        let sex = arguments.first().and_then(|id| identity::sex(id.as_str()?));
        Ok(sex.map_or(Jinja::UNDEFINED, Jinja::from))
    }),
];

fn date(days: i64) -> Jinja {
    if day::in_range(days) {
        day::iso(days).into()
    } else {
        Jinja::UNDEFINED
    }
}

fn date_of(value: &Jinja) -> Option<i64> {
    day::of_iso(value.as_str()?)
}

fn date_at(arguments: &[Jinja], at: usize) -> Option<i64> {
    date_of(arguments.get(at)?)
}

/// A compiled expression.
#[derive(Debug)]
pub(super) enum Expression {
    /// Names nothing: evaluated at load.
    Fixed(Jinja),
    /// Nothing but today.
    Today,
    /// All others.
    Formula(Box<Formula>),
}

pub(super) struct Formula {
    compiled: minijinja::Expression<'static, 'static>,
    names: Vec<Name>,
    /// Fields of the record itself that it names, each once.
    tags: Vec<Tag>,
}

impl std::fmt::Debug for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Formula")
            .field("tags", &self.tags)
            .finish_non_exhaustive()
    }
}

struct Name {
    name: Arc<str>,
    place: Place,
}

enum Place {
    Today,
    Me,
    MyUnit,
    Now,
    Field(Tag),
    /// Fields of the record that a reference points to.
    Through {
        tag: Tag,
        to: u32,
        fields: Vec<(Arc<str>, Tag)>,
    },
}

/// What the fields of a register are called, while registers are being loaded.
pub(super) trait Names {
    /// Tag and kind of a field of a register.
    fn field(&self, register: u32, name: &str) -> Option<(Tag, &Kind)>;

    /// The functions that expressions may call.
    fn environment(&self) -> &'static Environment<'static>;
}

/// The values an expression asked for.
#[derive(Debug)]
struct Scope(Vec<(Arc<str>, Jinja)>);

impl Object for Scope {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        let key = key.as_str()?;
        self.0
            .iter()
            .find(|(name, _)| &**name == key)
            .map(|(_, value)| value.clone())
    }
}

impl Expression {
    /// Compiles an expression over the fields of a register. The error is one sentence, of the parser's or
    /// `unknown name: …`.
    pub(super) fn compile(source: &str, register: u32, names: &dyn Names) -> Result<Self, String> {
        let compiled = names
            .environment()
            .compile_expression_owned(source.to_owned())
            .map_err(|error| {
                error
                    .detail()
                    .map_or_else(|| error.to_string(), str::to_owned)
            })?;
        if source.trim() == TODAY {
            return Ok(Self::Today);
        }
        let mut asked: Vec<String> = compiled.undeclared_variables(true).into_iter().collect();
        asked.sort();
        let mut formula = Formula {
            compiled,
            names: Vec::new(),
            tags: Vec::new(),
        };
        let mut calls = false;
        for path in &asked {
            let (root, rest) = path
                .split_once('.')
                .map_or((path.as_str(), None), |(root, rest)| (root, Some(rest)));
            let place = match (root, rest) {
                (TODAY, None) => Place::Today,
                (ME, None) => Place::Me,
                (MY_UNIT, None) => Place::MyUnit,
                (NOW, None) => Place::Now,
                (name, None) if FUNCTIONS.iter().any(|(function, _)| *function == name) => {
                    calls = true;
                    continue;
                }
                _ => {
                    let (tag, kind) = names
                        .field(register, root)
                        .ok_or_else(|| format!("unknown name: {root}"))?;
                    if !formula.tags.contains(&tag) {
                        formula.tags.push(tag);
                    }
                    match (rest, kind) {
                        (None, _) => Place::Field(tag),
                        (Some(rest), Kind::Ref { to }) => {
                            let (field, _) = names
                                .field(*to, rest)
                                .ok_or_else(|| format!("unknown name: {root}.{rest}"))?;
                            let through = formula.names.iter_mut().find_map(|name| match &mut name
                                .place
                            {
                                Place::Through {
                                    tag: of, fields, ..
                                } if *of == tag => Some(fields),
                                _ => None,
                            });
                            if let Some(fields) = through {
                                fields.push((rest.into(), field));
                                continue;
                            }
                            Place::Through {
                                tag,
                                to: *to,
                                fields: vec![(rest.into(), field)],
                            }
                        }
                        (Some(_), _) => return Err(format!("{root} is no reference")),
                    }
                }
            };
            formula.names.push(Name {
                name: root.into(),
                place,
            });
        }
        // A reference that is named both by itself and through its fields: the fields answer, and it is true.
        let through: Vec<Tag> = formula
            .names
            .iter()
            .filter_map(|name| match name.place {
                Place::Through { tag, .. } => Some(tag),
                _ => None,
            })
            .collect();
        formula
            .names
            .retain(|name| !matches!(name.place, Place::Field(tag) if through.contains(&tag)));
        if calls && source.contains("age") {
            let today = Name {
                name: TODAY.into(),
                place: Place::Today,
            };
            if !formula
                .names
                .iter()
                .any(|name| matches!(name.place, Place::Today))
            {
                formula.names.push(today);
            }
        }
        if formula.names.is_empty() {
            let value = formula
                .compiled
                .eval(())
                .map_err(|error| error.to_string())?;
            return Ok(Self::Fixed(value));
        }
        Ok(Self::Formula(Box::new(formula)))
    }

    /// The fields of the record itself that it names.
    pub(super) fn tags(&self) -> &[Tag] {
        match self {
            Self::Formula(formula) => &formula.tags,
            _ => &[],
        }
    }

    /// Its value; an evaluation that fails (a text compared with a number, say) is nothing.
    pub(super) fn value(
        &self,
        register: &Register,
        contents: &Contents,
        context: &Context,
    ) -> Jinja {
        match self {
            Self::Fixed(value) => value.clone(),
            Self::Today => date(context.today()),
            Self::Formula(formula) => {
                let values = formula
                    .names
                    .iter()
                    .map(|name| {
                        (
                            name.name.clone(),
                            name.place.value(register, contents, context),
                        )
                    })
                    .collect();
                formula
                    .compiled
                    .eval(Jinja::from_object(Scope(values)))
                    .unwrap_or(Jinja::UNDEFINED)
            }
        }
    }

    /// Whether it is true; an evaluation that fails is not.
    pub(super) fn is_true(
        &self,
        register: &Register,
        contents: &Contents,
        context: &Context,
    ) -> bool {
        match self {
            Self::Fixed(value) => value.is_true(),
            _ => self.value(register, contents, context).is_true(),
        }
    }
}

impl Place {
    fn value(&self, register: &Register, contents: &Contents, context: &Context) -> Jinja {
        match self {
            Self::Today => date(context.today()),
            Self::Me => context.me.name.as_str().into(),
            Self::MyUnit => context.me.unit.as_str().into(),
            Self::Now => {
                let now = crate::record::Value::int((context.now_millis / 1000) as i64);
                Kind::Datetime
                    .json_value(&now)
                    .as_str()
                    .map_or(Jinja::UNDEFINED, Jinja::from)
            }
            Self::Field(tag) => match (register.by_tag(*tag), contents.get(tag)) {
                (Some(field), Some(content)) => jinja(&field.kind, content),
                (Some(field), None) => jinja(&field.kind, &Content::Empty),
                (None, _) => Jinja::UNDEFINED,
            },
            Self::Through { tag, to, fields } => {
                let id = contents
                    .get(tag)
                    .and_then(Content::value)
                    .and_then(|value| value.as_ref_id());
                let target = context.registers.by_number(*to);
                let (Some(id), Some(target)) = (id, target) else {
                    return Jinja::UNDEFINED;
                };
                let mut values = Vec::with_capacity(fields.len());
                let found = context.lookup.look(*to, id, &mut |held| {
                    values.extend(fields.iter().filter_map(|(name, tag)| {
                        let field = target.by_tag(*tag)?;
                        let content = held.get(tag).unwrap_or(&Content::Empty);
                        Some((name.clone(), jinja(&field.kind, content)))
                    }));
                });
                if !found {
                    return Jinja::UNDEFINED;
                }
                Jinja::from_object(Scope(values))
            }
        }
    }
}
