//! What every type does to typed text first.

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Without blanks at both ends, U+3000 among them.
pub fn trim(input: &str) -> &str {
    input.trim()
}

/// Full-width digits, letters and signs as ASCII, U+3000 as a blank, letters small, trimmed. For everything that is
/// not free text.
pub fn fold(input: &str) -> String {
    let folded: String = input
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            '、' => ',',
            '。' => '.',
            '—' | '–' | '−' => '-',
            _ => c,
        })
        .collect();
    folded.trim().to_ascii_lowercase()
}

/// NFC and trimmed.
pub fn normal(input: &str) -> String {
    let input = trim(input);
    if is_nfc(input) {
        input.to_owned()
    } else {
        let normal: String = input.nfc().collect();
        trim(&normal).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_is_folded_and_blanks_go() {
        assert_eq!(fold("　１３８－Ｘ　"), "138-x");
        assert_eq!(normal("\u{3000}e\u{301} 走访 "), "é 走访");
    }
}
