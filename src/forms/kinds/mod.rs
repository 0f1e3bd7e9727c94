//! What a field may hold: for each type one place that knows how to read what is typed (with its short cuts), to show it,
//! to write and read it as JSON, to check it, to sort it, and to hand it to an expression.
//!
//! A [`Content`] that comes out of `parse` or `of_json` is always well formed; `check` is for values that came another
//! way (an older draft, a default) and for rules that need the rest of the world (the division table, today).

mod amount;
mod choice;
mod code;
mod dates;
pub mod identity;
mod phone;
mod place;
mod reference;
mod text;
pub mod typed;

use std::sync::Arc;

use serde_json::Value as Json;

use super::choices::Choices;
use super::content::Content;
use super::context::Context;
use super::lang::Label;
use crate::record::{Known, Tag, Value};

/// A field's type.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// Text: NFC, trimmed, without control characters (line breaks where it has several lines).
    Text {
        /// Lines it is given on screen; 1 takes no line break.
        lines: u16,
        /// At least so many characters.
        min: u32,
        /// At most so many characters, not bytes.
        max: Option<u32>,
    },
    /// A whole number.
    Integer {
        /// The smallest allowed.
        min: Option<i64>,
        /// The greatest allowed.
        max: Option<i64>,
    },
    /// A number with at most `scale` digits behind the point, stored as text.
    Decimal {
        /// Digits behind the point.
        scale: u8,
    },
    /// Money: stored in fen, typed and shown in yuan.
    Money {
        /// The greatest allowed, in fen.
        max: Option<i64>,
    },
    /// A date, in days since 1970-01-01.
    Date {
        /// It usually lies ahead, so that a weekday means the next one.
        ahead: bool,
    },
    /// A month, in months since 1970-01.
    YearMonth,
    /// A time of day, in seconds.
    Time,
    /// A moment, in seconds since 1970, UTC.
    Datetime,
    /// One choice of a list.
    SelectOne(Arc<Choices>),
    /// Several choices of a list.
    SelectMultiple(Arc<Choices>),
    /// A record of a register.
    Ref {
        /// That register's number.
        to: u32,
    },
    /// Several records of a register.
    RefMultiple {
        /// That register's number.
        to: u32,
    },
    /// Yes or no.
    YesNo,
    /// A phone number.
    Phone {
        /// Mobile numbers only.
        mobile: bool,
    },
    /// A resident id of 18 characters (GB 11643-1999).
    ResidentId,
    /// A unified social credit code (GB 32100-2015).
    CreditCode,
    /// A division code of 12 digits.
    Division,
    /// Computed, never stored.
    Calculate,
    /// A sentence to read.
    Note,
    /// The records of another register that refer to this one; stored there.
    Rows {
        /// That register's number.
        of: u32,
        /// Its reference to this one.
        by: Tag,
    },
}

/// What is wrong and what would be right, in both languages.
pub(super) fn say(zh: impl Into<String>, en: impl Into<String>) -> Label {
    Label {
        zh: zh.into(),
        en: en.into(),
    }
}

impl Kind {
    /// Reads what a person typed. Full-width digits and signs are folded where the type is not free text. Nothing typed
    /// is [`Content::Empty`]. The error says what would be right. References are read from an id of 32 hex digits only:
    /// words are the search's matter.
    pub fn parse(&self, input: &str, context: &Context) -> Result<Content, Label> {
        if typed::trim(input).is_empty() {
            return Ok(Content::Empty);
        }
        match self {
            Self::Text { lines, min, max } => text::parse(input, *lines, *min, *max),
            Self::Integer { min, max } => amount::parse_integer(input, *min, *max),
            Self::Decimal { scale } => amount::parse_decimal(input, *scale),
            Self::Money { max } => amount::parse_money(input, *max),
            Self::Date { ahead } => dates::parse_date(input, *ahead, context.today()),
            Self::YearMonth => dates::parse_month(input, context.today()),
            Self::Time => dates::parse_time(input),
            Self::Datetime => dates::parse_moment(input, context.now_millis),
            Self::SelectOne(list) => choice::parse_one(input, list),
            Self::SelectMultiple(list) => choice::parse_many(input, list),
            Self::YesNo => choice::parse_yes_no(input),
            Self::Ref { .. } => reference::parse_one(input),
            Self::RefMultiple { .. } => reference::parse_many(input),
            Self::Phone { mobile } => phone::parse(input, *mobile),
            Self::ResidentId => identity::parse(input, context.today()),
            Self::CreditCode => code::parse(input),
            Self::Division => place::parse(input, context.registers.divisions()),
            Self::Calculate | Self::Note | Self::Rows { .. } => {
                Err(say("这一项不能填。", "This field takes no value."))
            }
        }
    }

    /// Whether what is typed fills a field of fixed length, so that the form goes on by itself (rule 4 of
    /// `interface.md`): a mobile number, a resident id, a credit code, a date of eight digits. Choices are the form's
    /// matter, since they go by the digits drawn.
    pub fn is_full(&self, input: &str, context: &Context) -> bool {
        let folded = typed::fold(input);
        let plain = match self {
            Self::Phone { .. } => folded.len() == 11 && folded.starts_with('1'),
            Self::ResidentId | Self::CreditCode => folded.len() == 18,
            Self::Date { .. } => folded.len() == 8 && folded.bytes().all(|c| c.is_ascii_digit()),
            _ => false,
        };
        plain && self.parse(input, context).is_ok()
    }

    /// As people read it, unmasked: dates as `2026-11-23`, choices by name, money in yuan, a division by its short name,
    /// a reference by its record's title. A malformed value is shown raw.
    pub fn show(&self, content: &Content, context: &Context) -> String {
        match content {
            Content::Empty => String::new(),
            Content::One(value) => self.show_value(value, context),
            Content::Many(chosen) => {
                let shown: Vec<String> = chosen
                    .iter()
                    .map(|element| self.show_element(element, context))
                    .collect();
                shown.join(match context.lang {
                    super::Lang::Zh => "、",
                    super::Lang::En => ", ",
                })
            }
        }
    }

    /// One value as people read it; see [`Kind::show`].
    pub fn show_value(&self, value: &Value, context: &Context) -> String {
        let shown = match (self, value.known()) {
            (_, Some(Known::Cleared)) => Some(String::new()),
            (Self::Integer { .. }, Some(Known::Int(n))) => Some(n.to_string()),
            (Self::Money { .. }, Some(Known::Int(n))) => Some(amount::yuan(n)),
            (
                Self::Date { .. } | Self::YearMonth | Self::Time | Self::Datetime,
                Some(Known::Int(n)),
            ) => dates::show(self, n),
            (Self::SelectOne(list), Some(Known::Text(code))) => {
                Some(list.words(code, context.lang).to_owned())
            }
            (Self::Division, Some(Known::Text(code))) => {
                Some(context.registers.divisions().place(code).to_owned())
            }
            (Self::YesNo, Some(Known::Bool(yes))) => {
                Some(choice::yes_no(yes, context.lang).to_owned())
            }
            (Self::Ref { to }, Some(Known::Ref(id))) => Some(reference::show(*to, id, context)),
            (
                Self::Text { .. }
                | Self::Decimal { .. }
                | Self::Phone { .. }
                | Self::ResidentId
                | Self::CreditCode
                | Self::Calculate,
                Some(Known::Text(text)),
            ) => Some(text.to_owned()),
            _ => None,
        };
        shown.unwrap_or_else(|| value.raw())
    }

    /// One element of a multiple as people read it.
    pub fn show_element(&self, element: &[u8], context: &Context) -> String {
        match self {
            Self::SelectMultiple(list) => match std::str::from_utf8(element) {
                Ok(code) => list.words(code, context.lang).to_owned(),
                Err(_) => crate::record::id::hex(element),
            },
            Self::RefMultiple { to } => match reference::id(element) {
                Some(id) => reference::show(*to, id, context),
                None => crate::record::id::hex(element),
            },
            _ => crate::record::id::hex(element),
        }
    }

    /// As a person would type it: what the line of a form holds when it is opened for editing.
    pub fn editable(&self, content: &Content, context: &Context) -> String {
        match (self, content) {
            (Self::SelectOne(_) | Self::Division, Content::One(value)) => {
                value.as_text().unwrap_or_default().to_owned()
            }
            (Self::SelectMultiple(_), Content::Many(chosen)) => {
                let codes: Vec<&str> = chosen
                    .iter()
                    .filter_map(|element| std::str::from_utf8(element).ok())
                    .collect();
                codes.join(" ")
            }
            _ => self.show(content, context),
        }
    }

    /// As `format.md`, "JSON of the command line" writes it; `null` for nothing.
    pub fn json(&self, content: &Content) -> Json {
        match content {
            Content::Empty => Json::Null,
            Content::One(value) => self.json_value(value),
            Content::Many(chosen) => chosen
                .iter()
                .map(|element| self.json_element(element))
                .collect(),
        }
    }

    /// One value as JSON; `{"_raw": "<wire>:<hex>"}` if it is malformed.
    pub fn json_value(&self, value: &Value) -> Json {
        let json = match (self, value.known()) {
            (_, Some(Known::Cleared)) => Some(Json::Null),
            (Self::Integer { .. }, Some(Known::Int(n))) => Some(n.into()),
            (Self::Money { .. }, Some(Known::Int(n))) => Some(amount::yuan(n).into()),
            (
                Self::Date { .. } | Self::YearMonth | Self::Time | Self::Datetime,
                Some(Known::Int(n)),
            ) => dates::json(self, n).map(Json::from),
            (Self::YesNo, Some(Known::Bool(yes))) => Some(yes.into()),
            (Self::Ref { .. }, Some(Known::Ref(id))) => Some(id.to_string().into()),
            (kind, Some(Known::Text(text))) if kind.wire() == 3 => Some(text.into()),
            _ => None,
        };
        json.unwrap_or_else(|| serde_json::json!({ "_raw": value.raw() }))
    }

    /// One element of a multiple as JSON.
    pub fn json_element(&self, element: &[u8]) -> Json {
        match std::str::from_utf8(element) {
            Ok(code) if matches!(self, Self::SelectMultiple(_)) => code.into(),
            _ => crate::record::id::hex(element).into(),
        }
    }

    /// Reads what [`Kind::json`] writes; strict where a short cut would be a guess (dates, choices by code). `null` is
    /// [`Content::Empty`].
    pub fn of_json(&self, json: &Json, context: &Context) -> Result<Content, Label> {
        match (self, json) {
            (_, Json::Null) => Ok(Content::Empty),
            (Self::YesNo, Json::Bool(yes)) => Ok(Content::One(Value::bool(*yes))),
            (Self::Integer { .. }, Json::Number(n)) => self.parse(&n.to_string(), context),
            (
                Self::Date { .. } | Self::YearMonth | Self::Time | Self::Datetime,
                Json::String(text),
            ) => dates::of_json(self, text),
            (Self::SelectOne(list), Json::String(code)) => choice::one_of_code(code, list),
            (Self::SelectMultiple(list), Json::Array(codes)) => choice::many_of_json(codes, list),
            (Self::RefMultiple { .. }, Json::Array(ids)) => reference::many_of_json(ids),
            (
                Self::YesNo
                | Self::Integer { .. }
                | Self::SelectMultiple(_)
                | Self::RefMultiple { .. },
                _,
            ) => Err(self.wanted()),
            (_, Json::String(text)) => self.parse(text, context),
            _ => Err(self.wanted()),
        }
    }

    /// What the JSON of this type looks like, as a complaint.
    fn wanted(&self) -> Label {
        let (zh, en) = match self {
            Self::YesNo => ("要 true 或 false。", "Wants true or false."),
            Self::Integer { .. } => ("要一个整数。", "Wants a whole number."),
            Self::SelectMultiple(_) => (
                "要代码的列表，如 [\"11\"]。",
                "Wants a list of codes, like [\"11\"].",
            ),
            Self::RefMultiple { .. } => ("要编号的列表。", "Wants a list of ids."),
            Self::Money { .. } | Self::Decimal { .. } => (
                "要写成文字，如 \"12.50\"。",
                "Wants a string, like \"12.50\".",
            ),
            _ => ("要一段文字。", "Wants a string."),
        };
        say(zh, en)
    }

    /// What is wrong with a content that did not come out of [`Kind::parse`]; `None` if nothing is.
    pub fn check(&self, content: &Content, context: &Context) -> Option<Label> {
        match content {
            Content::Empty => None,
            Content::Many(chosen) => match self {
                Self::SelectMultiple(list) => choice::check_many(chosen, list),
                Self::RefMultiple { .. } => chosen
                    .iter()
                    .any(|element| reference::id(element).is_none())
                    .then(malformed),
                _ => Some(malformed()),
            },
            Content::One(value) => {
                if value.wire != self.wire() {
                    return Some(malformed());
                }
                match (self, value.known()) {
                    (Self::Text { lines, min, max }, Some(Known::Text(it))) => {
                        text::check(it, *lines, *min, *max)
                    }
                    (Self::Integer { min, max }, Some(Known::Int(n))) => {
                        amount::check(n, *min, *max)
                    }
                    (Self::Money { max }, Some(Known::Int(n))) => amount::check_money(n, *max),
                    (
                        Self::Date { .. } | Self::YearMonth | Self::Time | Self::Datetime,
                        Some(Known::Int(n)),
                    ) => dates::show(self, n).is_none().then(malformed),
                    (Self::SelectOne(list), Some(Known::Text(code))) => {
                        choice::one_of_code(code, list).err()
                    }
                    (Self::Decimal { scale }, Some(Known::Text(it))) => {
                        amount::parse_decimal(it, *scale).err()
                    }
                    (Self::Phone { mobile }, Some(Known::Text(it))) => {
                        phone::parse(it, *mobile).err()
                    }
                    (Self::ResidentId, Some(Known::Text(it))) => {
                        identity::parse(it, context.today()).err()
                    }
                    (Self::CreditCode, Some(Known::Text(it))) => code::parse(it).err(),
                    (Self::Division, Some(Known::Text(it))) => {
                        place::check(it, context.registers.divisions())
                    }
                    (_, None) => Some(malformed()),
                    _ => None,
                }
            }
        }
    }

    /// The wire type of its values (`format.md`, "Values"); 1 for multiples, 0 for what stores nothing.
    pub fn wire(&self) -> u8 {
        match self {
            Self::YesNo | Self::SelectMultiple(_) | Self::RefMultiple { .. } => 1,
            Self::Integer { .. }
            | Self::Money { .. }
            | Self::Date { .. }
            | Self::YearMonth
            | Self::Time
            | Self::Datetime => 2,
            Self::Text { .. }
            | Self::Decimal { .. }
            | Self::SelectOne(_)
            | Self::Phone { .. }
            | Self::ResidentId
            | Self::CreditCode
            | Self::Division => 3,
            Self::Ref { .. } => 4,
            Self::Calculate | Self::Note | Self::Rows { .. } => 0,
        }
    }

    /// Whether it follows its expression whatever the record held.
    pub(super) fn is_computed(&self) -> bool {
        matches!(self, Self::Calculate)
    }

    /// Whether it holds several values, each an element of its own.
    pub fn is_multiple(&self) -> bool {
        matches!(self, Self::SelectMultiple(_) | Self::RefMultiple { .. })
    }

    /// Eight bytes that sort as the values do (big-endian, the sign bit turned; of a text its first bytes); zeros for
    /// nothing.
    pub fn sort_key(&self, content: &Content) -> [u8; 8] {
        let mut key = [0; 8];
        match content.value().and_then(Value::known) {
            Some(Known::Int(n)) => key = (n as u64 ^ 1 << 63).to_be_bytes(),
            Some(Known::Bool(yes)) => key[0] = 1 + u8::from(yes),
            Some(Known::Text(text)) => {
                let n = text.len().min(8);
                key[..n].copy_from_slice(&text.as_bytes()[..n]);
            }
            Some(Known::Ref(id)) => key.copy_from_slice(&id.0[..8]),
            Some(Known::Cleared) | None => {}
        }
        key
    }
}

/// A value whose bytes are not what its field's type asks.
fn malformed() -> Label {
    say(
        "这个值读不懂，请重新填。",
        "This value cannot be read; please type it again.",
    )
}
