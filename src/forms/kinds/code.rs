//! Unified social credit codes: GB 32100-2015.

use super::{say, typed};
use crate::forms::content::Content;
use crate::forms::lang::Label;
use crate::record::Value;

/// The alphabet: digits and capitals without I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];

pub(super) fn parse(input: &str) -> Result<Content, Label> {
    let code = typed::fold(input).replace(' ', "").to_ascii_uppercase();
    let ranks: Option<Vec<usize>> = code
        .bytes()
        .map(|c| ALPHABET.iter().position(|a| *a == c))
        .collect();
    match ranks {
        Some(ranks) if ranks.len() == 18 => {
            let sum: usize = ranks
                .iter()
                .zip(WEIGHTS)
                .map(|(rank, weight)| rank * weight)
                .sum();
            if ranks[17] == (31 - sum % 31) % 31 {
                Ok(Content::One(Value::text(&code)))
            } else {
                Err(say(
                    "校验位不对，请对着执照再看一遍。",
                    "The check character does not fit; please compare with the licence.",
                ))
            }
        }
        _ => Err(say(
            "统一社会信用代码是 18 位数字和大写字母，没有 I O S V Z。",
            "A credit code has 18 digits and capitals, without I, O, S, V and Z.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_the_domain_study() {
        for code in ["91500101MA0000000U", "52500101MJ0000000D"] {
            assert_eq!(
                parse(&code.to_lowercase()),
                Ok(Content::One(Value::text(code)))
            );
        }
        for wrong in [
            "91500101MA0000000T",
            "91500101MI0000000U",
            "91500101MA000000",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
