//! Records as JSON (`format.md`, "JSON of the command line").

use serde_json::{Map, Value as Json};

use super::content::{Content, Contents};
use super::context::Context;
use super::kinds::Kind;
use super::lang::Label;
use super::register::{Field, Register};
use crate::record::{RecordId, Tag, Value};

/// What a JSON object says of a record and of its rows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Given {
    /// The fields named, those set to `null` too (as [`Content::Empty`]).
    pub fields: Vec<(Tag, Content)>,
    /// The rows of each rows field named.
    pub rows: Vec<(Tag, Vec<Given>)>,
}

/// What is wrong with one field of an object; rows are named `field[0].field`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The field's name, as it stands in the object.
    pub field: String,
    /// What would be right.
    pub message: Label,
}

/// Finds the one record that words name; the error says that none or several were found.
pub type Resolve<'a> = &'a dyn Fn(&Field, &str) -> Result<RecordId, Label>;

/// The fields that hold something, in the order of the register. The caller adds `id`, `_seen` and the rest.
pub fn object(register: &Register, contents: &Contents) -> Map<String, Json> {
    let mut object = Map::new();
    for field in register.fields.iter().filter(|field| field.stored()) {
        if let Some(content) = contents
            .get(&field.tag)
            .filter(|content| !content.is_empty())
        {
            object.insert(field.name.clone(), field.kind.json(content));
        }
    }
    object
}

/// Reads an object: fields by name, rows as arrays of objects. `id` and names that begin with `_` are the caller's and
/// passed over. All refusals at once.
pub fn read(
    register: &Register,
    object: &Map<String, Json>,
    resolve: Resolve,
    context: &Context,
) -> Result<Given, Vec<Refusal>> {
    let (mut given, mut refused) = (Given::default(), Vec::new());
    for (name, json) in object
        .iter()
        .filter(|(name, _)| *name != "id" && !name.starts_with('_'))
    {
        let refuse = |message: Label| Refusal {
            field: name.clone(),
            message,
        };
        match register.field(name) {
            None => refused.push(refuse(unknown(name))),
            Some(Field {
                kind: Kind::Rows { of, .. },
                tag,
                ..
            }) => match (json.as_array(), context.registers.by_number(*of)) {
                (Some(rows), Some(of)) => match read_rows(of, name, rows, resolve, context) {
                    Ok(rows) => given.rows.push((*tag, rows)),
                    Err(more) => refused.extend(more),
                },
                _ => refused.push(refuse(rows_wanted())),
            },
            Some(field) if !field.stored() => refused.push(refuse(unknown(name))),
            Some(field) => match read_field(field, json, resolve, context) {
                Ok(content) => given.fields.push((field.tag, content)),
                Err(message) => refused.push(refuse(message)),
            },
        }
    }
    if refused.is_empty() {
        Ok(given)
    } else {
        Err(refused)
    }
}

fn read_rows(
    of: &Register,
    name: &str,
    rows: &[Json],
    resolve: Resolve,
    context: &Context,
) -> Result<Vec<Given>, Vec<Refusal>> {
    let (mut all, mut refused) = (Vec::new(), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        let Some(row) = row.as_object() else {
            refused.push(Refusal {
                field: format!("{name}[{at}]"),
                message: rows_wanted(),
            });
            continue;
        };
        match read(of, row, resolve, context) {
            Ok(given) => all.push(given),
            Err(more) => refused.extend(more.into_iter().map(|refusal| Refusal {
                field: format!("{name}[{at}].{}", refusal.field),
                message: refusal.message,
            })),
        }
    }
    if refused.is_empty() {
        Ok(all)
    } else {
        Err(refused)
    }
}

/// One field: as its type reads it, a reference by id or by words.
pub fn read_field(
    field: &Field,
    json: &Json,
    resolve: Resolve,
    context: &Context,
) -> Result<Content, Label> {
    let find = |text: &str| match RecordId::parse(text) {
        Some(id) => Ok(id),
        None => resolve(field, text),
    };
    match (&field.kind, json) {
        (Kind::Ref { .. }, Json::String(text)) if !text.trim().is_empty() => {
            Ok(Content::One(Value::reference(find(text.trim())?)))
        }
        (Kind::RefMultiple { .. }, Json::Array(items)) => {
            let mut ids = Vec::new();
            for item in items {
                match item.as_str() {
                    Some(text) => ids.push(find(text.trim())?.0.into()),
                    None => return field.kind.of_json(json, context),
                }
            }
            Ok(Content::many(ids))
        }
        _ => field.kind.of_json(json, context),
    }
}

fn unknown(name: &str) -> Label {
    Label {
        zh: format!("没有字段 {name}。"),
        en: format!("There is no field {name}."),
    }
}

fn rows_wanted() -> Label {
    Label {
        zh: "要若干条记录的列表，如 [{…}]。".into(),
        en: "Wants a list of objects, like [{…}].".into(),
    }
}
