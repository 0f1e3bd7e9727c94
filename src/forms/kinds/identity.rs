//! Resident ids: GB 11643-1999. The region is checked by its province only: people move, and old codes persist.

use super::{say, typed};
use crate::forms::content::Content;
use crate::forms::day;
use crate::forms::lang::Label;
use crate::record::Value;

/// Provinces of GB/T 2260, and 83 for residence permits of Taiwan.
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

pub(super) fn parse(input: &str, today: i64) -> Result<Content, Label> {
    let text: String = typed::fold(input)
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| if c == 'x' || c == '*' { 'X' } else { c })
        .collect();
    match complaint(&text, today) {
        Some(complaint) => Err(complaint),
        None => Ok(Content::One(Value::text(&text))),
    }
}

/// What is wrong with an id, in capitals.
fn complaint(id: &str, today: i64) -> Option<Label> {
    let bytes = id.as_bytes();
    let form = bytes.len() == 18
        && bytes[..17].iter().all(u8::is_ascii_digit)
        && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
    if !form {
        return Some(say(
            format!(
                "身份证号是 18 位，末位可以是 X，现在是 {} 位。",
                id.chars().count()
            ),
            format!(
                "A resident id has 18 digits, the last may be X; this has {}.",
                id.chars().count()
            ),
        ));
    }
    if !PROVINCES.contains(&((bytes[0] - b'0') * 10 + bytes[1] - b'0')) {
        return Some(say(
            format!("前两位 {} 不是省级代码，重庆是 50。", &id[..2]),
            format!("{} is no province; Chongqing is 50.", &id[..2]),
        ));
    }
    match birth(id) {
        Some(day) if day >= day::of(1900, 1, 1)? && day <= today => {}
        _ => {
            return Some(say(
                format!("第 7 到 14 位 {} 不是能有的出生日期。", &id[6..14]),
                format!(
                    "Digits 7 to 14, {}, are no possible date of birth.",
                    &id[6..14]
                ),
            ));
        }
    }
    (check_digit(id) != Some(bytes[17])).then(|| {
        say(
            "校验位不对，请对着证件再看一遍。",
            "The check digit does not fit; please compare with the card.",
        )
    })
}

/// The last character that the first 17 digits ask for.
fn check_digit(id: &str) -> Option<u8> {
    let sum: u32 = id
        .bytes()
        .zip(WEIGHTS)
        .map(|(c, weight)| u32::from(c - b'0') * weight)
        .sum();
    b"10X98765432".get(sum as usize % 11).copied()
}

/// The day of birth in an id of 18 characters; `None` if it is no date.
pub fn birth(id: &str) -> Option<i64> {
    let digits = id
        .get(6..14)
        .filter(|digits| digits.bytes().all(|c| c.is_ascii_digit()))?;
    day::of(
        digits[..4].parse().ok()?,
        digits[4..6].parse().ok()?,
        digits[6..].parse().ok()?,
    )
}

/// The sex in an id, as GB/T 2261.1 codes it: 1 male, 2 female.
pub fn sex(id: &str) -> Option<&'static str> {
    let digit = id
        .as_bytes()
        .get(16)
        .filter(|c| id.len() == 18 && c.is_ascii_digit())?;
    Some(if digit % 2 == 1 { "1" } else { "2" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test values of the domain study, 3.2.
    #[test]
    fn published_and_made_up_samples() {
        let today = day::of_iso("2026-11-24").expect("a date");
        for id in [
            "11010519491231002X",
            "34052419800101001X",
            "513101198201130014",
            "500101190001010009",
            "500101190308150022",
            "500101190512319980",
        ] {
            assert_eq!(parse(id, today), Ok(Content::One(Value::text(id))), "{id}");
        }
        // 29 Feb 1900 never was, though the sum fits.
        assert!(parse("500101190002290022", today).is_err());
        assert!(parse("500101190001010008", today).is_err());
        assert!(parse("990101190001010009", today).is_err());
        assert!(parse("50010119000101000", today).is_err());
        assert!(
            parse(
                "11010519491231002X",
                day::of_iso("1949-12-30").expect("a date")
            )
            .is_err()
        );
    }

    #[test]
    fn a_star_is_an_x_and_the_id_tells_birth_and_sex() {
        let today = day::of_iso("2026-11-24").expect("a date");
        let read = parse("１１０１０５１９４９１２３１００２*", today).expect("folded");
        assert_eq!(read, Content::One(Value::text("11010519491231002X")));
        assert_eq!(
            birth("11010519491231002X").map(day::iso).as_deref(),
            Some("1949-12-31")
        );
        assert_eq!(sex("11010519491231002X"), Some("2"));
        assert_eq!(sex("513101198201130014"), Some("1"));
    }
}
