//! What a field's value looks like in a form: dates with their weekday, choices with the digit that picks them, masks.

use crate::forms::{Choices, Content, Context, Field, Kind, Lang, Origin, day};
use crate::record::Value;
use crate::text::form::FormWord;

/// Yes or no in words; a question whether there is something is answered by 有 and 无.
pub fn yes_no(field: &Field, yes: bool, context: &Context) -> String {
    if context.lang == Lang::Zh
        && ["有无", "发现"]
            .iter()
            .any(|word| field.label.zh.starts_with(word))
    {
        return if yes { "有" } else { "无" }.to_owned();
    }
    field.kind.show(&Content::One(Value::bool(yes)), context)
}

/// A field's value as its row shows it. `revealed`: what is masked stands open.
pub fn value(field: &Field, content: &Content, revealed: bool, context: &Context) -> String {
    let shown = match (&field.kind, content) {
        (_, Content::Empty) => return String::new(),
        (Kind::SelectOne(list), Content::One(value)) => {
            let code = value.as_text().unwrap_or_default();
            with_digits(list, code, context)
        }
        (Kind::SelectMultiple(list), Content::Many(chosen)) => {
            let chosen: Vec<String> = chosen
                .iter()
                .map(|code| with_digits(list, &String::from_utf8_lossy(code), context))
                .collect();
            chosen.join("  ")
        }
        (Kind::YesNo, Content::One(value)) => {
            let yes = value.as_bool() == Some(true);
            format!("{} {}", u8::from(yes), yes_no(field, yes, context))
        }
        (Kind::Date { .. }, Content::One(value)) => match value.as_int() {
            Some(date) if day::in_range(date) => {
                format!(
                    "{} {}",
                    field.kind.show(content, context),
                    weekday(date, context.lang)
                )
            }
            _ => field.kind.show(content, context),
        },
        (Kind::RefMultiple { .. }, Content::Many(chosen)) => {
            let names: Vec<String> = chosen
                .iter()
                .map(|id| first_part(&field.kind.show_element(id, context)).to_owned())
                .collect();
            names.join("  ")
        }
        _ => field.kind.show(content, context),
    };
    match field.mask {
        Some(mask) if !revealed => mask.apply(&shown),
        _ => shown,
    }
}

/// `11 留守妇女`, or the word alone where no digit stands for it.
fn with_digits(list: &Choices, code: &str, context: &Context) -> String {
    let words = list.words(code, context.lang);
    match list
        .digits()
        .into_iter()
        .find(|(_, choice)| choice.code == code)
    {
        Some((digits, _)) => format!("{digits} {words}"),
        None => words.to_owned(),
    }
}

/// The part of a line before two blanks: a name.
pub fn first_part(line: &str) -> &str {
    line.split("  ").next().unwrap_or(line)
}

/// The day of the week.
pub fn weekday(date: i64, lang: Lang) -> &'static str {
    let names = match lang {
        Lang::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    };
    names[(day::weekday(date) - 1) as usize]
}

/// `11-23` this year, `2025-11-23` another.
pub fn short_date(date: i64, today: i64) -> String {
    let iso = day::iso(date);
    if day::civil(date).0 == day::civil(today).0 {
        iso[5..].to_owned()
    } else {
        iso
    }
}

/// Why a field holds what nobody typed, for the right edge; empty for what was typed or stored.
pub fn reason(origin: Origin, field: &Field, lang: Lang) -> String {
    let word = match origin {
        Origin::Empty | Origin::Typed | Origin::Stored => return String::new(),
        Origin::Carried => FormWord::ReasonCarried,
        Origin::Last => FormWord::ReasonLast,
        Origin::Today => FormWord::ReasonToday,
        Origin::Default => match &field.default_label {
            Some(label) => return label.get(lang).to_owned(),
            None => FormWord::ReasonDefault,
        },
    };
    word.get(lang).to_owned()
}

/// `10:42:07` of a moment at +08:00.
pub fn clock(millis: u64) -> String {
    let seconds = (millis / 1000 + day::CHINA_SECONDS as u64) % 86_400;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
