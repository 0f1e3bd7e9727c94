//! References to records.

use serde_json::Value as Json;

use super::{say, typed};
use crate::forms::content::Content;
use crate::forms::context::Context;
use crate::forms::lang::Label;
use crate::record::{RecordId, Value};

fn wanted() -> Label {
    say(
        "要一条记录：打姓名、首字母或尾号来找，或给 32 位编号。",
        "Wants a record: search by name, initials or last digits, or give its id of 32 hex digits.",
    )
}

pub(super) fn parse_one(input: &str) -> Result<Content, Label> {
    RecordId::parse(typed::trim(input))
        .map(|id| Content::One(Value::reference(id)))
        .ok_or_else(wanted)
}

pub(super) fn parse_many(input: &str) -> Result<Content, Label> {
    let ids: Option<Vec<RecordId>> = input
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .map(RecordId::parse)
        .collect();
    Ok(Content::many(
        ids.ok_or_else(wanted)?.iter().map(|id| id.0.into()),
    ))
}

pub(super) fn many_of_json(ids: &[Json]) -> Result<Content, Label> {
    let ids: Option<Vec<RecordId>> = ids.iter().map(|id| RecordId::parse(id.as_str()?)).collect();
    Ok(Content::many(
        ids.ok_or_else(wanted)?.iter().map(|id| id.0.into()),
    ))
}

/// The id that an element of a multiple is.
pub(super) fn id(element: &[u8]) -> Option<RecordId> {
    Some(RecordId(element.try_into().ok()?))
}

/// The title of the record, or the end of its id if it is not held.
pub(super) fn show(to: u32, id: RecordId, context: &Context) -> String {
    let target = context.registers.by_number(to);
    match (target, context.lookup.contents(to, id)) {
        (Some(register), Some(contents)) => register.title(&contents, context),
        _ => {
            let hex = id.to_string();
            format!("#{}", &hex[hex.len() - 6..])
        }
    }
}
