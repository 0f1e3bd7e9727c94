//! Phone numbers. Normal form: a mobile's 11 digits; a landline as 0, area code and number in digits, an extension behind
//! `-`. A number of eight digits is Chongqing's (023).

use super::{say, typed};
use crate::forms::content::Content;
use crate::forms::lang::Label;
use crate::record::Value;

pub(super) fn parse(input: &str, mobile: bool) -> Result<Content, Label> {
    normal(&typed::fold(input), mobile)
        .map(|number| Content::One(Value::text(&number)))
        .ok_or_else(|| {
            if mobile {
                say(
                    "手机号是 11 位，以 13 到 19 开头。",
                    "A mobile number has 11 digits and begins with 13 to 19.",
                )
            } else {
                say(
                    "要手机号 11 位，或座机 023-58000000，分机写在 - 后面。",
                    "Wants a mobile number of 11 digits, or a landline like 023-58000000, an extension behind -.",
                )
            }
        })
}

fn normal(text: &str, mobile: bool) -> Option<String> {
    let text = text.strip_prefix("+86").unwrap_or(text).trim();
    let parts: Vec<String> = text
        .replace("转", "-")
        .split('-')
        .map(|part| {
            part.chars()
                .filter(|c| !matches!(c, ' ' | '(' | ')'))
                .collect()
        })
        .collect();
    if parts
        .iter()
        .any(|part: &String| part.is_empty() || !part.bytes().all(|c| c.is_ascii_digit()))
    {
        return None;
    }
    let joined = parts.concat();
    if is_mobile(&joined) {
        return Some(joined);
    }
    if mobile {
        return None;
    }
    // Where the extension begins: behind the first part that completes a landline.
    let mut line = String::new();
    for (n, part) in parts.iter().enumerate() {
        line.push_str(part);
        if let Some(line) = landline(&line) {
            return match &parts[n + 1..] {
                [] => Some(line),
                [extension] if extension.len() <= 6 => Some(format!("{line}-{extension}")),
                _ => None,
            };
        }
    }
    None
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && (b'3'..=b'9').contains(&digits.as_bytes()[1])
}

/// With 0 and area code; of three digits for 010 and 02x, else of four.
fn landline(digits: &str) -> Option<String> {
    let local = |digits: &str| digits.starts_with(|c: char| ('2'..='9').contains(&c));
    if digits.len() == 8 && local(digits) {
        return Some(format!("023{digits}"));
    }
    let area = match digits.as_bytes() {
        [b'0', b'1' | b'2', ..] => 3,
        [b'0', b'3'..=b'9', ..] => 4,
        _ => return None,
    };
    let number = digits.get(area..)?;
    let long_enough = if digits.starts_with("023") {
        number.len() == 8
    } else {
        matches!(number.len(), 7 | 8)
    };
    (long_enough && local(number)).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_normal_form() {
        for (input, wanted) in [
            ("13800000001", Some("13800000001")),
            ("138 0000 0001", Some("13800000001")),
            ("１３８－００００－０００１", Some("13800000001")),
            ("+86 13800000001", Some("13800000001")),
            ("58000000", Some("02358000000")),
            ("023-58000000", Some("02358000000")),
            ("(023)58000000转801", Some("02358000000-801")),
            ("010-62000000", Some("01062000000")),
            ("0818-5200000", Some("08185200000")),
            ("12800000001", None),
            ("1380000000", None),
            ("023-18000000", None),
            ("023-5800000", None),
            ("12338", None),
        ] {
            assert_eq!(
                normal(&typed::fold(input), false).as_deref(),
                wanted,
                "{input}"
            );
        }
        assert_eq!(normal("02358000000", true), None);
    }
}
