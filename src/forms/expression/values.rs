//! Between what a field holds and what an expression computes with.

use minijinja::value::Value as Jinja;

use super::date;
use crate::forms::content::Content;
use crate::forms::context::Context;
use crate::forms::kinds::Kind;
use crate::record::{Known, RecordId, Value};

/// What an expression gets of a field: codes, dates as `2026-11-23`, money in yuan, ids as hex, multiples as sorted
/// lists; nothing (falsy) where it is empty, of multiples the empty list.
pub(in crate::forms) fn jinja(kind: &Kind, content: &Content) -> Jinja {
    match content {
        Content::Empty if kind.is_multiple() => Jinja::from(Vec::<Jinja>::new()),
        Content::Empty => Jinja::UNDEFINED,
        Content::Many(chosen) => chosen
            .iter()
            .map(|element| match (kind, std::str::from_utf8(element)) {
                (Kind::SelectMultiple(_), Ok(code)) => code.into(),
                _ => Jinja::from(crate::record::id::hex(element)),
            })
            .collect(),
        Content::One(value) => match (kind, value.known()) {
            (Kind::Integer { .. }, Some(Known::Int(n))) => n.into(),
            (Kind::Money { .. }, Some(Known::Int(n))) if n % 100 == 0 => (n / 100).into(),
            (Kind::Money { .. }, Some(Known::Int(n))) => (n as f64 / 100.0).into(),
            (Kind::Date { .. }, Some(Known::Int(n))) => date(n),
            (Kind::YearMonth | Kind::Time | Kind::Datetime, Some(Known::Int(_))) => kind
                .json_value(value)
                .as_str()
                .map_or(Jinja::UNDEFINED, Jinja::from),
            (Kind::Decimal { .. }, Some(Known::Text(text))) => {
                text.parse::<f64>().map_or(Jinja::UNDEFINED, Jinja::from)
            }
            (_, Some(Known::Bool(yes))) => yes.into(),
            (_, Some(Known::Text(text))) => text.into(),
            (_, Some(Known::Ref(id))) => id.to_string().into(),
            _ => Jinja::UNDEFINED,
        },
    }
}

/// What a field gets of an expression: the inverse of [`jinja`]; what does not fit its kind is nothing.
pub(in crate::forms) fn content(kind: &Kind, value: &Jinja, context: &Context) -> Content {
    if value.is_undefined() || value.is_none() {
        return Content::Empty;
    }
    match kind {
        Kind::SelectMultiple(_) | Kind::RefMultiple { .. } => {
            let Ok(items) = value.try_iter() else {
                return Content::Empty;
            };
            Content::many(items.filter_map(|item| {
                match kind {
                    Kind::SelectMultiple(list) => list
                        .get(item.as_str()?)
                        .map(|choice| choice.code.clone().into_bytes()),
                    _ => RecordId::parse(item.as_str()?).map(|id| id.0.into()),
                }
            }))
        }
        Kind::YesNo => Content::One(Value::bool(value.is_true())),
        Kind::Integer { .. } => {
            i64::try_from(value.clone()).map_or(Content::Empty, |n| Content::One(Value::int(n)))
        }
        Kind::Calculate => Content::one(Value::text(value.to_string().trim())),
        Kind::Money { .. } | Kind::Decimal { .. } => {
            kind.parse(&value.to_string(), context).unwrap_or_default()
        }
        _ => match value.as_str() {
            Some(text) => kind.of_json(&text.into(), context).unwrap_or_default(),
            None => Content::Empty,
        },
    }
}

/// What a value of a fixed expression is, before there is a context: text, choices, numbers and yes or no.
pub(in crate::forms) fn fixed(kind: &Kind, value: &Jinja) -> Option<Content> {
    Some(match kind {
        Kind::YesNo => Content::One(Value::bool(value.is_true())),
        Kind::Integer { .. } => Content::One(Value::int(i64::try_from(value.clone()).ok()?)),
        Kind::Money { .. } => Content::One(Value::int(
            i64::try_from(value.clone()).ok()?.checked_mul(100)?,
        )),
        Kind::Text { .. } => Content::one(Value::text(value.as_str()?)),
        Kind::Decimal { .. } => {
            let number = value.to_string();
            number.parse::<f64>().ok()?;
            Content::one(Value::text(&number))
        }
        Kind::SelectOne(list) => Content::One(Value::text(&list.get(value.as_str()?)?.code)),
        Kind::SelectMultiple(list) => {
            let mut codes = Vec::new();
            for item in value.try_iter().ok()? {
                codes.push(list.get(item.as_str()?)?.code.clone().into_bytes());
            }
            Content::many(codes)
        }
        _ => return None,
    })
}
