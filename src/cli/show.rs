//! `jinguo show`: one record, and what was done to it.

use serde_json::{Value as Json, json};

use super::args;
use super::env::Env;
use super::fault::{Fault, Outcome};
use super::held::Held;
use super::list::shown;
use super::out::{Format, Object};
use super::row::{self, moment};
use crate::exchange::ledger::Ledger;
use crate::forms::{self, Content, Context, Register};
use crate::record::{ALIVE, Change, Record};

/// Prints the record of an id.
pub(crate) fn run(env: &mut Env, args: &args::Show) -> Result<Outcome, Fault> {
    let ledger = env.open()?;
    let held = Held::find(env, &ledger, &args.id)?;
    let registers = ledger.store.registers().clone();
    let context = Context {
        registers: &registers,
        now_millis: ledger.now_millis(),
        me: &ledger.me,
        lookup: &ledger.store,
        lang: env.lang,
    };
    let register = env.register_of(&registers, held.record.register)?;
    let mut object = row::object(register, &held.record, &held.seen(&ledger), None);
    if args.history {
        let history: Vec<Json> = held
            .changes
            .iter()
            .map(|change| story(register, &ledger, &held, change))
            .collect();
        object.insert("_history".to_owned(), history.into());
    }
    let mut out = env.out(Format::Json);
    let mut print = || {
        let names: Vec<&String> = object.keys().collect();
        out.columns(names.into_iter().map(String::as_str))?;
        out.row(&object, || {
            text(register, &held, &ledger, &context, args.history)
        })?;
        out.flush()
    };
    print().map_err(|error| Fault::of_output(env.lang, &error))?;
    Ok(Outcome::Done)
}

/// One change: when, by whom, what it set and what its writer had before.
fn story(register: &Register, ledger: &Ledger, held: &Held, change: &Change) -> Json {
    let who = ledger.who(&change.dot.log);
    let before = held.before(ledger, change);
    let mut story = Object::new();
    story.insert("at".to_owned(), json!(moment(change.at)));
    story.insert("who".to_owned(), json!(who.name));
    story.insert("unit".to_owned(), json!(who.unit));
    story.insert("by".to_owned(), json!(change.dot.log.to_string()));
    story.insert("seq".to_owned(), json!(change.dot.seq));
    if change.deletes() {
        story.insert("deleted".to_owned(), json!(true));
    }
    let (mut set, mut old) = (Object::new(), Object::new());
    for field in register.fields.iter().filter(|field| field.stored()) {
        let mut of_field = change
            .sets
            .iter()
            .filter(|set| set.tag == field.tag && set.tag != ALIVE)
            .peekable();
        if of_field.peek().is_none() {
            continue;
        }
        let values: Vec<Json> = of_field
            .map(|set| match set.element.is_empty() {
                true => field.kind.json_value(&set.value),
                false => json!({"element": field.kind.json_element(&set.element), "value": set.value.as_bool()}),
            })
            .collect();
        let one = if field.kind.is_multiple() {
            json!(values)
        } else {
            values.last().cloned().unwrap_or_default()
        };
        set.insert(field.name.clone(), one);
        if let Some(before) = before
            .as_ref()
            .map(|before| content(before, field.tag))
            .filter(|content| !content.is_empty())
        {
            old.insert(field.name.clone(), field.kind.json(&before));
        }
    }
    story.insert("set".to_owned(), set.into());
    story.insert("before".to_owned(), old.into());
    story.into()
}

fn content(record: &Record, tag: crate::record::Tag) -> Content {
    forms::contents(record).remove(&tag).unwrap_or_default()
}

/// The record for people: a field a line, masked; then its changes.
fn text(
    register: &Register,
    held: &Held,
    ledger: &Ledger,
    context: &Context<'_>,
    history: bool,
) -> String {
    let contents = forms::contents(&held.record);
    let mut lines = vec![format!(
        "{} {}",
        register.label.get(context.lang),
        held.record.id
    )];
    for field in register.fields.iter().filter(|field| field.stored()) {
        if let Some(content) = contents.get(&field.tag) {
            lines.push(format!(
                "{}: {}",
                field.label.get(context.lang),
                shown(field, content, context)
            ));
        }
    }
    for change in held.changes.iter().filter(|_| history) {
        let who = ledger.who(&change.dot.log);
        lines.push(format!(
            "-- {} {}({})",
            moment(change.at),
            who.name,
            who.unit
        ));
        let before = held.before(ledger, change);
        for field in register.fields.iter().filter(|field| field.stored()) {
            if !change.sets.iter().any(|set| set.tag == field.tag) {
                continue;
            }
            let old = before
                .as_ref()
                .map(|before| content(before, field.tag))
                .unwrap_or_default();
            let now: Vec<String> = change
                .sets
                .iter()
                .filter(|set| set.tag == field.tag)
                .map(|set| match (set.element.is_empty(), set.value.as_bool()) {
                    (true, _) => shown(field, &Content::one(set.value.clone()), context),
                    (false, Some(true)) => {
                        format!("+{}", field.kind.show_element(&set.element, context))
                    }
                    (false, _) => format!("-{}", field.kind.show_element(&set.element, context)),
                })
                .collect();
            let old = if old.is_empty() {
                String::new()
            } else {
                format!("{} -> ", shown(field, &old, context))
            };
            lines.push(format!(
                "   {}: {old}{}",
                field.label.get(context.lang),
                now.join(" ")
            ));
        }
    }
    lines.join("\n")
}
