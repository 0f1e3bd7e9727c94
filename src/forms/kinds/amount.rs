//! Whole numbers, decimals and money. Money is in fen and never a float.

use super::{say, typed};
use crate::forms::content::Content;
use crate::forms::lang::Label;
use crate::record::Value;

pub(super) fn parse_integer(
    input: &str,
    min: Option<i64>,
    max: Option<i64>,
) -> Result<Content, Label> {
    let text = typed::fold(input).replace(',', "");
    let number: i64 = text
        .parse()
        .map_err(|_| say("要一个整数，如 12。", "Wants a whole number, like 12."))?;
    match check(number, min, max) {
        Some(complaint) => Err(complaint),
        None => Ok(Content::One(Value::int(number))),
    }
}

pub(super) fn check(number: i64, min: Option<i64>, max: Option<i64>) -> Option<Label> {
    let below = min.is_some_and(|min| number < min);
    let above = max.is_some_and(|max| number > max);
    if !below && !above {
        return None;
    }
    Some(match (min, max) {
        (Some(min), Some(max)) => say(
            format!("应在 {min} 到 {max} 之间。"),
            format!("Between {min} and {max}."),
        ),
        (Some(min), None) => say(format!("不小于 {min}。"), format!("Not below {min}.")),
        (_, max) => {
            let max = max.unwrap_or_default();
            say(format!("不大于 {max}。"), format!("Not above {max}."))
        }
    })
}

/// Sign, digits before and behind the point; `None` unless it is a plain number.
fn split(text: &str) -> Option<(bool, &str, &str)> {
    let (minus, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    (!(whole.is_empty() && part.is_empty()) && digits(whole) && digits(part))
        .then_some((minus, whole, part))
}

pub(super) fn parse_decimal(input: &str, scale: u8) -> Result<Content, Label> {
    let text = typed::fold(input).replace(',', "");
    let complaint = || {
        say(
            format!("要一个数，小数点后最多 {scale} 位。"),
            format!("Wants a number with at most {scale} digits behind the point."),
        )
    };
    let (minus, whole, part) = split(&text).ok_or_else(complaint)?;
    let part = part.trim_end_matches('0');
    if part.len() > usize::from(scale) || whole.len() > 30 {
        return Err(complaint());
    }
    let whole = whole.trim_start_matches('0');
    let mut plain = String::new();
    if minus && !(whole.is_empty() && part.is_empty()) {
        plain.push('-');
    }
    plain.push_str(if whole.is_empty() { "0" } else { whole });
    if !part.is_empty() {
        plain.push('.');
        plain.push_str(part);
    }
    Ok(Content::One(Value::text(&plain)))
}

pub(super) fn parse_money(input: &str, max: Option<i64>) -> Result<Content, Label> {
    let folded = typed::fold(input).replace(',', "");
    let text = folded
        .trim_start_matches(['¥', '￥'])
        .trim_end_matches('元')
        .trim();
    let wrong = || {
        say(
            "要一个金额，单位元，如 200 或 12.50。",
            "Wants an amount in yuan, like 200 or 12.50.",
        )
    };
    let (minus, whole, part) = split(text).ok_or_else(wrong)?;
    if minus || part.len() > 2 || whole.len() > 15 {
        return Err(wrong());
    }
    let number = |text: &str| -> i64 { text.bytes().fold(0, |n, c| n * 10 + i64::from(c - b'0')) };
    let fen = number(whole) * 100 + number(part) * if part.len() == 1 { 10 } else { 1 };
    match check_money(fen, max) {
        Some(complaint) => Err(complaint),
        None => Ok(Content::One(Value::int(fen))),
    }
}

/// 0 to 9,999,999.99 yuan (domain study, 3.2) unless the field says less.
pub(super) fn check_money(fen: i64, max: Option<i64>) -> Option<Label> {
    let max = max.unwrap_or(999_999_999);
    (!(0..=max).contains(&fen)).then(|| {
        say(
            format!("应在 0 到 {} 元之间。", yuan(max)),
            format!("Between 0 and {} yuan.", yuan(max)),
        )
    })
}

/// Fen as yuan, always with two decimals.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(input: &str) -> Option<i64> {
        parse_money(input, None).ok()?.value()?.as_int()
    }

    #[test]
    fn money_is_fen() {
        for (input, wanted) in [
            ("200", Some(20_000)),
            ("１２．５", Some(1_250)),
            ("1,234.56元", Some(123_456)),
            (".5", Some(50)),
            ("9999999.99", Some(999_999_999)),
            ("10000000", None),
            ("-1", None),
            ("1.234", None),
            ("1e3", None),
            (".", None),
        ] {
            assert_eq!(fen(input), wanted, "{input}");
        }
        assert_eq!(yuan(5), "0.05");
        assert_eq!(yuan(-1_250), "-12.50");
    }

    #[test]
    fn decimals_have_no_idle_zeros() {
        for (input, wanted) in [
            ("007.50", "7.5"),
            ("-0.0", "0"),
            (".25", "0.25"),
            ("3.", "3"),
        ] {
            let content = parse_decimal(input, 2).expect(input);
            assert_eq!(content.value().and_then(Value::as_text), Some(wanted));
        }
        assert!(parse_decimal("1.234", 2).is_err());
    }

    #[test]
    fn bounds_are_said() {
        let complaint = parse_integer("0", Some(2), Some(300)).expect_err("too few");
        assert_eq!(complaint.zh, "应在 2 到 300 之间。");
        assert_eq!(
            parse_integer("１２", None, None),
            Ok(Content::One(Value::int(12)))
        );
    }
}
