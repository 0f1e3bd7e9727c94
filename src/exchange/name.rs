//! Names of people: what may stand in the trust list, in a file name and on a screen (`format.md`, NAME).

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The longest name, in characters.
const MAX_NAME: usize = 64;

/// Characters of Unicode's category Cf (format), which are invisible and can turn text around. Unicode 16.
const FORMAT: [(u32, u32); 21] = [
    (0xad, 0xad),
    (0x600, 0x605),
    (0x61c, 0x61c),
    (0x6dd, 0x6dd),
    (0x70f, 0x70f),
    (0x890, 0x891),
    (0x8e2, 0x8e2),
    (0x180e, 0x180e),
    (0x200b, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x2064),
    (0x2066, 0x206f),
    (0xfeff, 0xfeff),
    (0xfff9, 0xfffb),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1343f),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0001, 0xe0001),
    (0xe0020, 0xe007f),
];

fn may_stand(c: char) -> bool {
    let code = c as u32;
    !c.is_whitespace()
        && !c.is_control()
        && !FORMAT
            .iter()
            .any(|&(low, high)| (low..=high).contains(&code))
        && !"@,*?!\"'/\\:#<>|-".contains(c)
}

/// Whether `name` is one that a person can be called by: 1 to 64 characters, NFC, none that is invisible or has a
/// meaning in `allowed_signers`, in a pattern or in a file name.
pub fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.chars().count()) && is_nfc(name) && name.chars().all(may_stand)
}

/// A stranger's claim as it is stored and shown: `_` for what a name cannot have, cut at 64 characters; never empty.
pub fn tame(claim: &str) -> String {
    let name: String = claim
        .nfc()
        .take(MAX_NAME)
        .map(|c| if may_stand(c) { c } else { '_' })
        .collect();
    // Taking apart a cut sequence could leave a form that composes; a second pass settles it.
    let name: String = name.nfc().collect();
    if name.is_empty() { "_".into() } else { name }
}

/// Whether `unit` is a division code as a principal carries it: 2 to 12 digits (GB/T 2260 and GB/T 10114).
pub fn is_unit(unit: &str) -> bool {
    (2..=12).contains(&unit.len()) && unit.bytes().all(|c| c.is_ascii_digit())
}

/// A stranger's unit as it is stored and shown: zeros for what is no code.
pub fn tame_unit(claim: &str) -> String {
    match is_unit(claim) {
        true => claim.into(),
        false => "0".repeat(12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_the_format_says() {
        for good in ["李静", "Li·Jing", "欧阳 娜".replace(' ', "").as_str(), "a"] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "李 静",
            "李\u{3000}静",
            "a@b",
            "a-b",
            "a/b",
            "*",
            "e\u{301}",
            "a\u{202e}b",
            "a\u{200b}",
            "\u{1b}[2J",
            &"长".repeat(65),
        ] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_claim_is_tamed_into_a_name() {
        assert_eq!(tame("李 静@x"), "李_静_x");
        assert_eq!(tame("\u{1b}[2J\u{202e}"), "_[2J_");
        assert_eq!(tame(""), "_");
        for claim in ["e\u{301}", &"长".repeat(99), "a\u{200d}\u{301}", "\u{301}"] {
            assert!(is_name(&tame(claim)), "{claim:?}");
        }
        assert_eq!(tame_unit("500101028008"), "500101028008");
        assert_eq!(tame_unit("../../etc"), "000000000000");
    }
}
