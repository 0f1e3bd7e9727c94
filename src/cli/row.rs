//! A record as the command line prints it (`format.md`, "JSON of the command line").

use serde_json::{Value as Json, json};

use super::out::Object;
use crate::forms::{self, Content, Context, Field, Register, day};
use crate::record::{ALIVE, Record, Seen, Sibling, Stamp, State};

/// The object of a record: `id`, the fields in the register's order, `_labels` if asked for, `_seen`, `_conflicts` where
/// there are any, `_deleted` last.
pub(crate) fn object(
    register: &Register,
    record: &Record,
    seen: &[Seen],
    labels: Option<&Context<'_>>,
) -> Object {
    let mut object = Object::new();
    object.insert("id".to_owned(), json!(record.id.to_string()));
    let contents = forms::contents(record);
    let held = |field: &Field| contents.get(&field.tag).unwrap_or(&Content::Empty);
    for field in register.fields.iter().filter(|field| field.stored()) {
        let json = field.kind.json(held(field));
        if !json.is_null() {
            object.insert(field.name.clone(), json);
        }
    }
    if let Some(context) = labels {
        let words: Object = register
            .fields
            .iter()
            .filter(|field| field.stored() && !held(field).is_empty() && is_coded(field))
            .map(|field| {
                (
                    field.name.clone(),
                    json!(field.kind.show(held(field), context)),
                )
            })
            .collect();
        object.insert("_labels".to_owned(), words.into());
    }
    let seen: Vec<String> = seen.iter().map(Seen::to_string).collect();
    object.insert("_seen".to_owned(), json!(seen));
    let conflicts = conflicts(register, record);
    if !conflicts.is_empty() {
        object.insert("_conflicts".to_owned(), conflicts.into());
    }
    if !record.is_alive() {
        object.insert("_deleted".to_owned(), json!(true));
    }
    object
}

/// Whether a field's JSON is a code or an id, so that words beside it help.
fn is_coded(field: &Field) -> bool {
    use crate::forms::Kind;
    matches!(
        field.kind,
        Kind::SelectOne(_)
            | Kind::SelectMultiple(_)
            | Kind::Ref { .. }
            | Kind::RefMultiple { .. }
            | Kind::Division
    )
}

/// Field to list of values, the shown one first.
fn conflicts(register: &Register, record: &Record) -> Object {
    let mut conflicts = Object::new();
    for tag in record.conflicts() {
        if tag == ALIVE {
            let values: Vec<Json> = siblings(&record.alive)
                .map(|sibling| one(None, json!(sibling.value.as_bool()), sibling))
                .collect();
            conflicts.insert("_alive".to_owned(), values.into());
            continue;
        }
        // A field that this build does not know is carried, not printed.
        let Some(field) = register.by_tag(tag) else {
            continue;
        };
        let mut values = Vec::new();
        for (element, state) in record
            .elements(tag)
            .filter(|(_, state)| state.in_conflict())
        {
            let element = (!element.is_empty()).then(|| field.kind.json_element(element));
            values.extend(siblings(state).map(|sibling| {
                let value = match element {
                    Some(_) => json!(sibling.value.as_bool()),
                    None => field.kind.json_value(&sibling.value),
                };
                one(element.clone(), value, sibling)
            }));
        }
        conflicts.insert(field.name.clone(), values.into());
    }
    conflicts
}

fn siblings(state: &State) -> impl Iterator<Item = &Sibling> {
    state.siblings().iter()
}

fn one(element: Option<Json>, value: Json, sibling: &Sibling) -> Json {
    let mut one = Object::new();
    if let Some(element) = element {
        one.insert("element".to_owned(), element);
    }
    one.insert("value".to_owned(), value);
    one.insert("by".to_owned(), json!(sibling.dot.log.to_string()));
    one.insert("at".to_owned(), json!(moment(sibling.at)));
    one.into()
}

/// A stamp as RFC 3339 at +08:00, with milliseconds.
pub(crate) fn moment(at: Stamp) -> String {
    let millis = at.millis();
    let of_day = (millis + 8 * 3_600_000) % 86_400_000;
    format!(
        "{}T{:02}:{:02}:{:02}.{:03}+08:00",
        day::iso(day::of_millis(millis)),
        of_day / 3_600_000,
        of_day / 60_000 % 60,
        of_day / 1_000 % 60,
        of_day % 1_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_in_china() {
        let at = Stamp(1_795_536_000_123 << 16 | 7);
        assert_eq!(moment(at), "2026-11-25T00:00:00.123+08:00");
    }
}
