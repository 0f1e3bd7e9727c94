//! Text.

use super::{say, typed};
use crate::forms::content::Content;
use crate::forms::lang::Label;
use crate::record::Value;

pub(super) fn parse(input: &str, lines: u16, min: u32, max: Option<u32>) -> Result<Content, Label> {
    let text = if input.contains('\r') {
        typed::normal(&input.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        typed::normal(input)
    };
    match check(&text, lines, min, max) {
        Some(complaint) => Err(complaint),
        None => Ok(Content::one(Value::text(&text))),
    }
}

pub(super) fn check(text: &str, lines: u16, min: u32, max: Option<u32>) -> Option<Label> {
    if text
        .chars()
        .any(|c| c.is_control() && !(c == '\n' && lines > 1))
    {
        return Some(if lines > 1 {
            say(
                "里面有控制字符，请删掉再填。",
                "It holds control characters; please remove them.",
            )
        } else {
            say(
                "这里只能写一行，不能有换行和控制字符。",
                "One line only: no line breaks, no control characters.",
            )
        });
    }
    // A character has at most four bytes: most texts are seen to be short enough without counting.
    let count = if max.is_some_and(|max| text.len() > max as usize) || text.len() < 4 * min as usize
    {
        text.chars().count()
    } else {
        return None;
    };
    match max {
        Some(max) if count > max as usize => Some(say(
            format!("最多 {max} 个字，现在是 {count} 个。"),
            format!("At most {max} characters, now {count}."),
        )),
        _ if count < min as usize => Some(say(
            format!("至少写 {min} 个字，现在是 {count} 个。"),
            format!("At least {min} characters, now {count}."),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_in_characters_and_controls_are_refused() {
        assert!(parse("丈夫外出务工", 1, 4, Some(6)).is_ok());
        assert!(parse("丈夫外出务工了", 1, 4, Some(6)).is_err());
        assert!(parse("走访", 1, 4, None).is_err());
        assert!(parse("第一行\n第二行", 1, 0, None).is_err());
        let two = parse("第一行\r\n第二行\n", 4, 0, None).expect("two lines");
        assert_eq!(two.value().and_then(Value::as_text), Some("第一行\n第二行"));
        assert!(parse("a\u{1b}[31m", 4, 0, None).is_err());
    }
}
