//! What a cell says, as the JSON that `add` reads.

use serde_json::{Map, Value as Json};

use super::table::serial;
use crate::forms::{Context, Field, Kind, Label, Register};
use crate::record::Tag;

/// A row as an object: choices by code, digit or name, dates as people write them, references as words.
///
/// # Errors
/// What is wrong with each cell, with the name of its field.
pub fn object(
    register: &Register,
    row: &[(Tag, String)],
    context: &Context<'_>,
) -> Result<Map<String, Json>, Vec<(String, Label)>> {
    let (mut object, mut wrong) = (Map::new(), Vec::new());
    for (tag, text) in row {
        let Some(field) = register.by_tag(*tag) else {
            continue;
        };
        match value(field, text, context) {
            Ok(value) => {
                object.insert(field.name.clone(), value);
            }
            Err(label) => wrong.push((field.name.clone(), label)),
        }
    }
    if wrong.is_empty() {
        Ok(object)
    } else {
        Err(wrong)
    }
}

fn value(field: &Field, text: &str, context: &Context<'_>) -> Result<Json, Label> {
    // An apostrophe makes a spreadsheet keep digits as text.
    let text = text.strip_prefix('\'').unwrap_or(text).trim();
    if failed(text) {
        return Err(Label {
            zh: format!("表格里的公式出错：{text}。"),
            en: format!("A formula of the sheet failed: {text}."),
        });
    }
    let day = || serial(text).unwrap_or_else(|| text.to_owned());
    let typed = match &field.kind {
        Kind::Ref { .. } => return Ok(text.into()),
        Kind::RefMultiple { .. } => {
            let words = text.split(['、', ',', '，', ';', '；']).map(str::trim);
            return Ok(words.filter(|word| !word.is_empty()).collect());
        }
        Kind::Date { .. } => day(),
        Kind::YearMonth => {
            let day = day();
            let dated = day.len() == 10 && day.is_ascii() && day.as_bytes()[4] == b'-';
            if dated { day[..7].to_owned() } else { day }
        }
        Kind::Phone { .. } | Kind::ResidentId => text.trim_end_matches(".0").to_owned(),
        _ => text.to_owned(),
    };
    let content = field.kind.parse(&typed, context)?;
    Ok(field.kind.json(&content))
}

/// What a spreadsheet shows where a formula fails.
fn failed(text: &str) -> bool {
    matches!(
        text,
        "#N/A"
            | "#NAME?"
            | "#REF!"
            | "#DIV/0!"
            | "#VALUE!"
            | "#NUM!"
            | "#NULL!"
            | "#GETTING_DATA"
            | "#DATA!"
    )
}
