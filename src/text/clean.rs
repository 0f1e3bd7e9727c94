//! Text from data is never trusted to a terminal: what could move the cursor, colour the screen or turn a line around is
//! shown as a visible mark.

use std::borrow::Cow;

/// The mark that stands for a character that must not reach a terminal.
pub const MARK: char = '\u{fffd}';

/// Whether a terminal might obey `c`, or not show it: controls (C0, DEL, C1), bidi marks, embeddings, overrides and
/// isolates (all 12 of Unicode), zero-width characters, line and paragraph separators, tags, the byte order mark.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{00ad}')
}

/// One line of text as a terminal may show it. Line ends become one blank, other unsafe characters [`MARK`].
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if is_unsafe(c) => out.push(MARK),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_becomes_a_mark() {
        assert_eq!(clean("走访"), "走访");
        assert_eq!(clean("a\x1b[31mb\x07"), "a\u{fffd}[31mb\u{fffd}");
        assert_eq!(clean("\u{9b}2J"), "\u{fffd}2J");
        assert_eq!(clean("one\r\ntwo\tthree"), "one two three");
    }

    #[test]
    fn all_twelve_bidi_controls_and_zero_width_characters_are_marked() {
        let bidi = "\u{061c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
        for c in bidi
            .chars()
            .chain("\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}".chars())
        {
            assert_eq!(clean(&format!("a{c}b")), "a\u{fffd}b", "{:x}", u32::from(c));
        }
    }
}
