//! Division codes.

use super::{say, typed};
use crate::forms::content::Content;
use crate::forms::divisions::Divisions;
use crate::forms::lang::Label;
use crate::record::Value;

/// A code of 12 digits, or words that fit exactly one division.
pub(super) fn parse(input: &str, divisions: &Divisions) -> Result<Content, Label> {
    let folded = typed::fold(input);
    if let Some(division) = divisions.by_code(&folded) {
        return Ok(Content::One(Value::text(&division.code)));
    }
    let found = divisions.find(&folded, 4);
    match found[..] {
        [one] => Ok(Content::One(Value::text(&one.code))),
        [] => Err(unknown(input)),
        _ => {
            let names: Vec<String> = found
                .iter()
                .map(|division| divisions.full(&division.code))
                .collect();
            let names = names.join("、");
            Err(say(
                format!("不止一个：{names}。多打几个字，或给 12 位代码。"),
                format!("More than one: {names}. Type more, or the code of 12 digits."),
            ))
        }
    }
}

pub(super) fn check(code: &str, divisions: &Divisions) -> Option<Label> {
    divisions.by_code(code).is_none().then(|| unknown(code))
}

fn unknown(input: &str) -> Label {
    let input = typed::trim(input);
    say(
        format!("区划表里没有“{input}”。打村社名、首字母，或 12 位代码。"),
        format!(
            "No division {input}. Type a village's name, its initials, or the code of 12 digits."
        ),
    )
}
