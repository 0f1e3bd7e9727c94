//! `jinguo edit` and `jinguo delete`: one record, one JSON object on standard input.

use std::io::{Read as _, stdin};

use serde_json::{Value as Json, json};

use super::args;
use super::env::Env;
use super::fault::{Fault, Outcome};
use super::held::Held;
use super::lines::MEGABYTE;
use super::out::{Format, Object};
use super::typed;
use crate::exchange::commit::Edit;
use crate::forms::{Context, Entry};
use crate::record::{ALIVE, Element, Seen, Set, Value};
use crate::text::cli::Say;

/// The key under which `list` prints what was seen.
const SEEN: &str = "_seen";

/// Changes the fields named.
pub(crate) fn edit(env: &mut Env, args: &args::One) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    let held = Held::find(env, &ledger, &args.id)?;
    let object = object(env, false)?;
    let registers = ledger.store.registers().clone();
    let register = registers
        .by_number(held.record.register)
        .ok_or_else(|| Fault::usage(env.lang, &Say::NoRecord(&args.id)))?;
    let (seen, base) = match given_seen(env, &object)? {
        None => (held.seen(&ledger), held.record.clone()),
        Some(seen) => {
            let base = held
                .as_seen(&ledger, &seen)
                .ok_or_else(|| Fault::input(env.lang, &Say::BadSeen))?;
            (seen, base)
        }
    };
    let now_millis = ledger.now_millis();
    let read = || {
        let context = Context {
            registers: &registers,
            now_millis,
            me: &ledger.me,
            lookup: &ledger.store,
            lang: env.lang,
        };
        let search = |to: u32, typed: &str, limit: usize| {
            let found = ledger.store.search(&[to], typed, limit).unwrap_or_default();
            found.into_iter().map(|record| record.id).collect()
        };
        let given = typed::read(register, &object, &search, &context)?;
        let mut entry = Entry::of(&base, &context);
        // A field in conflict is settled by being named.
        let disputed = base.conflicts();
        let picked: Vec<_> = given
            .fields
            .iter()
            .filter(|(tag, _)| disputed.contains(tag))
            .cloned()
            .collect();
        entry.fill(given, &context);
        for (tag, content) in picked {
            entry.pick(tag, content, &context);
        }
        let (mut errors, warnings) = typed::complaints(register, &entry, &context);
        errors.extend(typed::dangling(register, &entry, &context));
        if !errors.is_empty() {
            return Err(errors);
        }
        let (mut group, rows) = typed::group(register, &entry, &context);
        group[0].sets = entry.sets(Some(&base), &context);
        Ok((group, rows, warnings))
    };
    let mut row = Object::new();
    row.insert("id".to_owned(), json!(args.id));
    let outcome = match read() {
        Err(errors) => {
            row.insert("errors".to_owned(), json!(errors));
            Outcome::NeedsPerson
        }
        Ok((mut group, rows, warnings)) => {
            group[0].record = Some(base.id);
            group[0].seen = seen;
            if !group[0].sets.is_empty() || group.len() > 1 {
                let ids = ledger.commit(group).map_err(|error| env.exchange(&error))?;
                for (name, place) in rows {
                    if let Json::Array(list) = row.entry(name).or_insert_with(|| json!([])) {
                        list.push(json!(ids[place].to_string()));
                    }
                }
            }
            if !warnings.is_empty() {
                row.insert("warnings".to_owned(), json!(warnings));
            }
            Outcome::Done
        }
    };
    print(env, &row)?;
    Ok(outcome)
}

/// Deletes the record.
pub(crate) fn delete(env: &mut Env, args: &args::One) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    let held = Held::find(env, &ledger, &args.id)?;
    let object = object(env, true)?;
    let seen = match given_seen(env, &object)? {
        None => held.seen(&ledger),
        Some(seen) => seen,
    };
    if held.record.is_alive() {
        let edit = Edit {
            register: held.record.register,
            record: Some(held.record.id),
            seen,
            sets: vec![Set {
                tag: ALIVE,
                element: Element::new(),
                value: Value::cleared(),
            }],
            row_of: None,
        };
        ledger
            .commit(vec![edit])
            .map_err(|error| env.exchange(&error))?;
    }
    let mut row = Object::new();
    row.insert("id".to_owned(), json!(args.id));
    print(env, &row)?;
    Ok(Outcome::Done)
}

fn print(env: &Env, row: &Object) -> Result<(), Fault> {
    let mut out = env.out(Format::Json);
    let mut print = || {
        out.columns(["id", "warnings", "errors"])?;
        out.row(row, || {
            let list = |name: &str| {
                let items = row.get(name).and_then(Json::as_array).into_iter().flatten();
                items
                    .filter_map(Json::as_str)
                    .collect::<Vec<_>>()
                    .join("\n")
            };
            [args_id(row), list("warnings"), list("errors")]
                .join("\n")
                .trim_end()
                .to_owned()
        })?;
        out.flush()
    };
    print().map_err(|error| Fault::of_output(env.lang, &error))
}

fn args_id(row: &Object) -> String {
    row["id"].as_str().unwrap_or_default().to_owned()
}

/// The object on standard input; nothing there is an empty one where that is allowed.
fn object(env: &Env, may_be_empty: bool) -> Result<Object, Fault> {
    let mut text = String::new();
    stdin()
        .lock()
        .take(MEGABYTE as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|error| Fault::input(env.lang, &Say::Reading(&error.to_string())))?;
    if text.len() > MEGABYTE {
        return Err(Fault::input(env.lang, &Say::LongLine));
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() && may_be_empty {
        return Ok(Object::new());
    }
    match serde_json::from_str(text) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(_) => Err(Fault::input(env.lang, &Say::NotObject)),
        Err(error) => Err(Fault::input(env.lang, &Say::NotJson(&error.to_string()))),
    }
}

/// What the object says was seen; `None` if it does not say.
fn given_seen(env: &Env, object: &Object) -> Result<Option<Vec<Seen>>, Fault> {
    let Some(json) = object.get(SEEN) else {
        return Ok(None);
    };
    let seen: Option<Vec<Seen>> = json.as_array().and_then(|list| {
        list.iter()
            .map(|entry| entry.as_str()?.parse().ok())
            .collect()
    });
    let mut seen = seen.ok_or_else(|| Fault::input(env.lang, &Say::BadSeen))?;
    seen.sort_unstable();
    seen.dedup();
    Ok(Some(seen))
}
