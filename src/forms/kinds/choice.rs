//! Choices and yes or no.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{say, typed};
use crate::forms::choices::{Choice, Choices};
use crate::forms::content::Content;
use crate::forms::lang::{Label, Lang};
use crate::record::{Element, Value};

/// The choice that was typed: by code, by the digit drawn beside it, or by its name.
fn find<'a>(folded: &str, input: &str, list: &'a Choices) -> Option<&'a Choice> {
    let exact = list
        .all
        .iter()
        .find(|choice| choice.code.eq_ignore_ascii_case(folded));
    let drawn = || {
        let digits = list.digits();
        digits
            .into_iter()
            .find(|(press, _)| press == folded)
            .map(|(_, choice)| choice)
    };
    let named = || {
        let input = typed::trim(input);
        list.all.iter().find(|choice| {
            [&choice.label, &choice.short]
                .iter()
                .any(|label| label.zh == input || label.en.eq_ignore_ascii_case(input))
        })
    };
    exact.or_else(drawn).or_else(named)
}

/// The code of a choice that may be taken, or why not.
fn take<'a>(choice: Option<&'a Choice>, input: &str, list: &Choices) -> Result<&'a Choice, Label> {
    let Some(choice) = choice else {
        return Err(unknown(input, list));
    };
    match &choice.held {
        Some(why) => Err(why.clone()),
        None => Ok(choice),
    }
}

fn unknown(input: &str, list: &Choices) -> Label {
    let some = |lang| {
        let mut words: Vec<String> = list
            .offered()
            .take(6)
            .map(|choice| format!("{} {}", choice.code, choice.short.get(lang)))
            .collect();
        if list.offered().count() > 6 {
            words.push("...".into());
        }
        words.join("  ")
    };
    let input = typed::trim(input);
    say(
        format!("{}里没有“{input}”。可选：{}", list.label.zh, some(Lang::Zh)),
        format!(
            "{} has no {input}. Choose from: {}",
            list.label.en,
            some(Lang::En)
        ),
    )
}

pub(super) fn parse_one(input: &str, list: &Choices) -> Result<Content, Label> {
    let choice = take(find(&typed::fold(input), input, list), input, list)?;
    Ok(Content::One(Value::text(&choice.code)))
}

/// Codes, digits or names, run together where all have two digits, or apart by blanks or commas.
pub(super) fn parse_many(input: &str, list: &Choices) -> Result<Content, Label> {
    let folded = typed::fold(input);
    let mut chosen: BTreeSet<Element> = BTreeSet::new();
    let mut add = |choice: &Choice| chosen.insert(choice.code.clone().into_bytes());
    let two = |text: &str| {
        text.len() > 2 && text.len().is_multiple_of(2) && text.bytes().all(|c| c.is_ascii_digit())
    };
    for part in folded
        .split([' ', ',', ';', '+'])
        .filter(|part| !part.is_empty())
    {
        if two(part) && list.get(part).is_none() {
            for at in (0..part.len()).step_by(2) {
                let code = &part[at..at + 2];
                add(take(find(code, code, list), code, list)?);
            }
        } else {
            add(take(find(part, part, list), part, list)?);
        }
    }
    match check_many(&chosen, list) {
        Some(complaint) => Err(complaint),
        None => Ok(Content::many(chosen)),
    }
}

/// A code, exactly; retired ones are read, held ones are not.
pub(super) fn one_of_code(code: &str, list: &Choices) -> Result<Content, Label> {
    let choice = take(list.get(code), code, list)?;
    Ok(Content::One(Value::text(&choice.code)))
}

pub(super) fn many_of_json(codes: &[Json], list: &Choices) -> Result<Content, Label> {
    let mut chosen: BTreeSet<Element> = BTreeSet::new();
    for code in codes {
        let code = code
            .as_str()
            .ok_or_else(|| unknown(&code.to_string(), list))?;
        chosen.insert(take(list.get(code), code, list)?.code.clone().into_bytes());
    }
    match check_many(&chosen, list) {
        Some(complaint) => Err(complaint),
        None => Ok(Content::many(chosen)),
    }
}

pub(super) fn check_many(chosen: &BTreeSet<Element>, list: &Choices) -> Option<Label> {
    for element in chosen {
        let code = std::str::from_utf8(element).unwrap_or("?");
        match take(list.get(code), code, list) {
            Err(complaint) => return Some(complaint),
            Ok(choice) if choice.alone && chosen.len() > 1 => {
                return Some(say(
                    format!("“{}”不能和别的一起选。", choice.label.zh),
                    format!("{} excludes the others.", choice.label.en),
                ));
            }
            Ok(_) => {}
        }
    }
    None
}

pub(super) fn parse_yes_no(input: &str) -> Result<Content, Label> {
    match typed::fold(input).as_str() {
        "1" | "y" | "yes" | "true" | "是" | "有" | "对" | "√" => {
            Ok(Content::One(Value::bool(true)))
        }
        "0" | "n" | "no" | "false" | "否" | "无" | "没有" | "不" | "×" => {
            Ok(Content::One(Value::bool(false)))
        }
        _ => Err(say("按 1 是有，0 是无。", "Press 1 for yes, 0 for no.")),
    }
}

pub(super) fn yes_no(yes: bool, lang: Lang) -> &'static str {
    match (lang, yes) {
        (Lang::Zh, true) => "是",
        (Lang::Zh, false) => "否",
        (Lang::En, true) => "yes",
        (Lang::En, false) => "no",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(codes: &[&str]) -> Choices {
        Choices {
            name: "groups".into(),
            label: say("人群", "Groups"),
            element: None,
            all: codes
                .iter()
                .map(|code| Choice {
                    code: (*code).into(),
                    label: say(format!("第{code}"), format!("no {code}")),
                    short: say(format!("第{code}"), format!("no {code}")),
                    retired: false,
                    held: (*code == "32").then(|| say("还不能选", "not yet")),
                    alone: *code == "00",
                    rank: 0,
                    filter: None,
                })
                .collect(),
        }
    }

    fn chosen(input: &str) -> Option<String> {
        let list = list(&["00", "11", "14", "23", "32"]);
        match parse_many(input, &list).ok()? {
            Content::Many(chosen) => {
                let codes: Vec<String> = chosen
                    .into_iter()
                    .map(|c| String::from_utf8(c).expect("a code"))
                    .collect();
                Some(codes.join(" "))
            }
            _ => None,
        }
    }

    #[test]
    fn several_codes_run_together_or_apart() {
        assert_eq!(chosen("1423").as_deref(), Some("14 23"));
        assert_eq!(chosen("２３、１４").as_deref(), Some("14 23"));
        assert_eq!(chosen("第11 23").as_deref(), Some("11 23"));
        assert_eq!(chosen("0011"), None, "00 excludes the rest");
        assert_eq!(chosen("32"), None, "held");
        assert_eq!(chosen("77"), None, "unknown");
    }

    #[test]
    fn a_digit_is_what_is_drawn() {
        let digits = |codes: &[&str]| -> Vec<String> {
            list(codes)
                .digits()
                .into_iter()
                .map(|(press, _)| press)
                .collect()
        };
        assert_eq!(digits(&["01", "02", "09"]), ["1", "2", "9"]);
        assert_eq!(digits(&["10", "20", "30"]), ["10", "20", "30"]);
        assert_eq!(digits(&["red", "none"]), ["1", "2"]);
        let many: Vec<String> = (0..12).map(|n| format!("x{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(digits(&many)[11], "12");
        assert_eq!(
            parse_one("１", &list(&["01", "02"])),
            Ok(Content::One(Value::text("01")))
        );
    }

    #[test]
    fn yes_and_no() {
        assert_eq!(parse_yes_no("１"), Ok(Content::One(Value::bool(true))));
        assert_eq!(parse_yes_no("无"), Ok(Content::One(Value::bool(false))));
        assert!(parse_yes_no("2").is_err());
    }
}
