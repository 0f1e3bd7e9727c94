//! `jinguo conflicts`: fields with several values, and how a person settles one.

use serde_json::{Value as Json, json};

use super::args;
use super::env::Env;
use super::fault::{Fault, Outcome};
use super::list::shown;
use super::out::{Format, Object};
use super::row::moment;
use crate::exchange::conflict::{Choice, Disagreement, Side};
use crate::exchange::ledger::Ledger;
use crate::forms::{Content, Context, Field, Register};
use crate::record::{ALIVE, Record, RecordId, Tag, Value};
use crate::text::cli::Say;

/// How a delete beside an edit is called where a field's name stands.
const ALIVE_NAME: &str = "_alive";

/// Lists, or settles.
pub(crate) fn run(env: &mut Env, args: &args::Conflicts) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    match args.resolve.as_deref() {
        Some([id, field, choice]) => settle(env, &mut ledger, id, field, choice),
        _ => list(env, &ledger),
    }
}

/// The disagreements of one field, with their sides in one row of numbers.
fn numbered<'a>(of_field: &[&'a Disagreement]) -> Vec<(&'a Disagreement, usize, &'a Side)> {
    of_field
        .iter()
        .flat_map(|disagreement| {
            let sides = disagreement.values.iter().enumerate();
            sides.map(|(at, side)| (*disagreement, at, side))
        })
        .collect()
}

fn list(env: &Env, ledger: &Ledger) -> Result<Outcome, Fault> {
    let all = ledger.conflicts().map_err(|error| env.exchange(&error))?;
    let registers = ledger.registers();
    let context = Context {
        registers,
        now_millis: ledger.now_millis(),
        me: &ledger.me,
        lookup: &ledger.store,
        lang: env.lang,
    };
    let mut out = env.out(Format::Json);
    let mut print = || {
        out.columns(["id", "register", "field", "values"])?;
        let mut rest = all.as_slice();
        while let Some(first) = rest.first() {
            let same = |other: &Disagreement| {
                (other.register, other.id, other.tag) == (first.register, first.id, first.tag)
            };
            let end = rest
                .iter()
                .position(|other| !same(other))
                .unwrap_or(rest.len());
            let of_field: Vec<&Disagreement> = rest[..end].iter().collect();
            rest = &rest[end..];
            // What this build does not know is carried, and settled where it is known.
            let Some(register) = registers.by_number(first.register) else {
                continue;
            };
            let field = register.by_tag(first.tag);
            if first.tag != ALIVE && field.is_none() {
                continue;
            }
            let name = field.map_or(ALIVE_NAME, |field| field.name.as_str());
            let sides = numbered(&of_field);
            let values: Vec<Json> = sides
                .iter()
                .enumerate()
                .map(|(at, (of, _, side))| value(at + 1, of, side, field))
                .collect();
            let mut row = Object::new();
            row.insert("id".to_owned(), json!(first.id.to_string()));
            row.insert("register".to_owned(), json!(register.name));
            row.insert("field".to_owned(), json!(name));
            row.insert("values".to_owned(), values.into());
            out.row(&row, || {
                text(register, field, first.id, name, &sides, &context)
            })?;
        }
        out.flush()
    };
    print().map_err(|error| Fault::of_output(env.lang, &error))?;
    Ok(if all.is_empty() {
        Outcome::Done
    } else {
        Outcome::NeedsPerson
    })
}

fn value(number: usize, of: &Disagreement, side: &Side, field: Option<&Field>) -> Json {
    let mut value = Object::new();
    value.insert("number".to_owned(), json!(number));
    let is = match field {
        Some(field) if of.element.is_empty() => field.kind.json_value(&side.value),
        Some(field) => {
            value.insert("element".to_owned(), field.kind.json_element(&of.element));
            json!(side.value.as_bool())
        }
        None => json!(side.value.as_bool()),
    };
    value.insert("value".to_owned(), is);
    value.insert("who".to_owned(), json!(side.who.name));
    value.insert("unit".to_owned(), json!(side.who.unit));
    value.insert("by".to_owned(), json!(side.by.log.to_string()));
    value.insert("at".to_owned(), json!(moment(side.at)));
    value.into()
}

fn text(
    register: &Register,
    field: Option<&Field>,
    id: RecordId,
    name: &str,
    sides: &[(&Disagreement, usize, &Side)],
    context: &Context<'_>,
) -> String {
    let contents = context
        .lookup
        .contents(register.number, id)
        .unwrap_or_default();
    let mut lines = vec![format!(
        "{id} {} {name}",
        register.title(&contents, context)
    )];
    for (at, (of, _, side)) in sides.iter().enumerate() {
        let value = match field {
            Some(field) if of.element.is_empty() => {
                shown(field, &Content::one(side.value.clone()), context)
            }
            Some(field) => {
                let sign = if side.value.as_bool() == Some(true) {
                    '+'
                } else {
                    '-'
                };
                format!("{sign}{}", field.kind.show_element(&of.element, context))
            }
            None => side.value.as_bool().unwrap_or_default().to_string(),
        };
        lines.push(format!(
            "  {}  {value}  {}({}) {}",
            at + 1,
            side.who.name,
            side.who.unit,
            moment(side.at)
        ));
    }
    lines.join("\n")
}

fn settle(
    env: &Env,
    ledger: &mut Ledger,
    id: &str,
    name: &str,
    choice: &str,
) -> Result<Outcome, Fault> {
    let parsed = RecordId::parse(id).ok_or_else(|| Fault::usage(env.lang, &Say::NoId(id)))?;
    let found = ledger
        .store
        .find_by_id(parsed)
        .map_err(|error| env.store(&error))?;
    let mut all = Vec::new();
    for Record { register, .. } in &found {
        all.extend(
            ledger
                .conflicts_of(*register, parsed)
                .map_err(|error| env.exchange(&error))?,
        );
    }
    if found.is_empty() {
        return Err(Fault::usage(env.lang, &Say::NoRecord(id)));
    }
    let registers = ledger.registers().clone();
    let tag_of = |number: u32| -> Option<Tag> {
        match name {
            ALIVE_NAME => Some(ALIVE),
            name => Some(registers.by_number(number)?.field(name)?.tag),
        }
    };
    let of_field: Vec<&Disagreement> = all
        .iter()
        .filter(|disagreement| tag_of(disagreement.register) == Some(disagreement.tag))
        .collect();
    let Some(&first) = of_field.first() else {
        return Err(Fault::usage(env.lang, &Say::NoConflict { field: name }));
    };
    let no_choice = || Fault::usage(env.lang, &Say::NoChoice(choice));
    let (disagreement, choice) = match choice.strip_prefix('=') {
        Some(typed) => {
            let field = registers
                .by_number(first.register)
                .and_then(|register| register.by_tag(first.tag));
            let context = Context {
                registers: &registers,
                now_millis: ledger.now_millis(),
                me: &ledger.me,
                lookup: &ledger.store,
                lang: env.lang,
            };
            let field = field.filter(|_| first.element.is_empty());
            (first, Choice::Value(written(env, field, typed, &context)?))
        }
        None => {
            let number: usize = choice.parse().map_err(|_| no_choice())?;
            let sides = numbered(&of_field);
            let side = number
                .checked_sub(1)
                .and_then(|at| sides.get(at))
                .ok_or_else(no_choice)?;
            (side.0, Choice::Number(side.1 + 1))
        }
    };
    ledger
        .resolve(disagreement, &choice)
        .map_err(|error| env.exchange(&error))?;
    let mut row = Object::new();
    row.insert("id".to_owned(), json!(id));
    env.print(Format::Json, &row, || id.to_owned())?;
    Ok(Outcome::Done)
}

/// A value that a person wrote herself; without a field yes or no.
fn written(
    env: &Env,
    field: Option<&Field>,
    typed: &str,
    context: &Context<'_>,
) -> Result<Value, Fault> {
    let Some(field) = field else {
        return match typed {
            "true" | "1" => Ok(Value::bool(true)),
            "false" | "0" => Ok(Value::bool(false)),
            _ => Err(Fault::usage(env.lang, &Say::NoChoice(typed))),
        };
    };
    match field.kind.parse(typed, context) {
        Ok(content) => Ok(content.value().cloned().unwrap_or_default()),
        Err(message) => Err(Fault::new(2, message.get(env.lang).to_owned())),
    }
}
