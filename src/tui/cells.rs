//! Text measured in cells of the terminal, by grapheme.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The width of a text in cells. The text is clean: a control would count as nothing.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text cut on a whole grapheme so that it fits `room` cells; one that was cut ends with `~`.
pub fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_string();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = width(grapheme);
        if used + wide + 1 > room {
            break;
        }
        used += wide;
        out.push_str(grapheme);
    }
    if room > 0 {
        out.push('~');
    }
    out
}

/// The text in lines of at most `room` cells. Breaks at blanks where there are any, between 汉字 anywhere, but never
/// before a closing mark.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for piece in pieces(paragraph) {
            let wide = width(piece);
            if used + wide > room && !line.is_empty() {
                lines.push(line.trim_end().to_string());
                line = String::new();
                used = 0;
            }
            if used == 0 && piece.trim().is_empty() && !lines.is_empty() {
                continue;
            }
            if wide > room {
                for grapheme in piece.graphemes(true) {
                    let wide = width(grapheme);
                    if used + wide > room && used > 0 {
                        lines.push(std::mem::take(&mut line));
                        used = 0;
                    }
                    line.push_str(grapheme);
                    used += wide;
                }
            } else {
                line.push_str(piece);
                used += wide;
            }
        }
        lines.push(line.trim_end().to_string());
    }
    lines
}

/// The pieces between which a line may break: a word with no blank, a blank, a wide character with the closing marks
/// that follow it.
fn pieces(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut before: Option<&str> = None;
    for (i, grapheme) in text.grapheme_indices(true) {
        let closes = "，。；：！？、）》」』”’,.;:!?)".contains(grapheme);
        let opens = before.is_some_and(|before| "（《「『“‘(".contains(before));
        let breaks = before.is_some_and(|before| {
            width(before) > 1 || width(grapheme) > 1 || before == " " || grapheme == " "
        });
        if breaks && !closes && !opens {
            out.push(&text[start..i]);
            start = i;
        }
        before = Some(grapheme);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_is_on_a_whole_character_and_says_so() {
        assert_eq!(cut("诗仙社区", 8), "诗仙社区");
        assert_eq!(cut("诗仙社区", 7), "诗仙社~");
        assert_eq!(cut("诗仙社区", 6), "诗仙~");
        assert_eq!(cut("abc", 2), "a~");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn a_line_breaks_where_it_may() {
        assert_eq!(wrap("腰伤复查，等救助", 8), ["腰伤复", "查，等救", "助"]);
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4), [""]);
    }
}
