//! Text under the hand: moved and deleted by grapheme, measured in cells, with a caret that the terminal's own cursor can
//! stand on. One editor serves one line (which scrolls) and many (which wrap).
//!
//! It knows no key and no screen: it gets calls, and gives lines and a caret.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many cells a text takes.
pub fn cells(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// What of a text is drawn, and where its caret stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct View {
    /// The lines, from the first that is seen; at least one.
    pub lines: Vec<String>,
    /// The caret's cell within its line; at most the width less one.
    pub column: usize,
    /// The caret's line among `lines`.
    pub row: usize,
    /// Lines above the first that is seen.
    pub above: usize,
    /// Lines below the last that is seen.
    pub below: usize,
}

/// A text and a caret in it, always between two graphemes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Editor {
    text: String,
    caret: usize,
    many: bool,
}

impl Editor {
    /// One line of text, the caret behind it.
    pub fn line(text: &str) -> Self {
        Self::new(text, false)
    }

    /// Many lines of text, the caret behind them.
    pub fn lines(text: &str) -> Self {
        Self::new(text, true)
    }

    fn new(text: &str, many: bool) -> Self {
        let mut editor = Self {
            text: String::new(),
            caret: 0,
            many,
        };
        editor.insert(text);
        editor
    }

    /// What stands there.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it takes line ends.
    pub fn is_many(&self) -> bool {
        self.many
    }

    /// The caret, in graphemes from the beginning: what a draft keeps.
    pub fn caret(&self) -> usize {
        self.text[..self.caret].graphemes(true).count()
    }

    /// Puts the caret behind so many graphemes, or at the end.
    pub fn set_caret(&mut self, graphemes: usize) {
        self.caret = self
            .text
            .grapheme_indices(true)
            .nth(graphemes)
            .map_or(self.text.len(), |(at, _)| at);
    }

    /// Whether the caret stands behind the last character.
    pub fn at_end(&self) -> bool {
        self.caret == self.text.len()
    }

    /// Puts text in at the caret. Control characters are left out; a line end is kept where lines are, else a blank.
    pub fn insert(&mut self, text: &str) {
        let text = cleaned(text, self.many);
        self.text.insert_str(self.caret, &text);
        self.caret += text.len();
        self.settle();
    }

    /// A character put before a mark that combines with it makes one grapheme: the caret goes behind it.
    fn settle(&mut self) {
        self.caret = self
            .text
            .grapheme_indices(true)
            .map(|(at, _)| at)
            .find(|at| *at >= self.caret)
            .unwrap_or(self.text.len());
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.text.clear();
        self.caret = 0;
    }

    fn before(&self) -> Option<usize> {
        self.text[..self.caret]
            .grapheme_indices(true)
            .next_back()
            .map(|(at, _)| at)
    }

    fn after(&self) -> Option<usize> {
        self.text[self.caret..]
            .graphemes(true)
            .next()
            .map(|grapheme| self.caret + grapheme.len())
    }

    /// One grapheme to the left; whether it could.
    pub fn left(&mut self) -> bool {
        let before = self.before();
        self.caret = before.unwrap_or(0);
        before.is_some()
    }

    /// One grapheme to the right; whether it could.
    pub fn right(&mut self) -> bool {
        let after = self.after();
        self.caret = after.unwrap_or(self.caret);
        after.is_some()
    }

    /// To the beginning of the line.
    pub fn home(&mut self) {
        self.caret = self.text[..self.caret].rfind('\n').map_or(0, |at| at + 1);
    }

    /// To the end of the line.
    pub fn end(&mut self) {
        self.caret = self.text[self.caret..]
            .find('\n')
            .map_or(self.text.len(), |at| self.caret + at);
    }

    /// One line up as it wraps at `width` cells; whether there was one.
    pub fn up(&mut self, width: usize) -> bool {
        let wrapped = wrap(&self.text, width);
        let row = self.row(&wrapped);
        row > 0 && self.stand_in_row(&wrapped, row, row - 1)
    }

    /// One line down as it wraps at `width` cells; whether there was one.
    pub fn down(&mut self, width: usize) -> bool {
        let wrapped = wrap(&self.text, width);
        let row = self.row(&wrapped);
        row + 1 < wrapped.len() && self.stand_in_row(&wrapped, row, row + 1)
    }

    fn row(&self, wrapped: &[(usize, usize)]) -> usize {
        wrapped
            .iter()
            .rposition(|(start, _)| *start <= self.caret)
            .unwrap_or(0)
    }

    fn stand_in_row(&mut self, wrapped: &[(usize, usize)], from: usize, to: usize) -> bool {
        let column = cells(&self.text[wrapped[from].0..self.caret]);
        let (start, end) = wrapped[to];
        let mut at = 0;
        self.caret = self.text[start..end]
            .grapheme_indices(true)
            .find(|(_, grapheme)| {
                at += grapheme.width();
                at > column
            })
            .map_or(end, |(at, _)| start + at);
        // Where a line was broken without a blank its end is the next line's beginning.
        if to + 1 < wrapped.len() && self.caret == wrapped[to + 1].0 {
            self.left();
        }
        true
    }

    /// Takes the grapheme before the caret away; whether there was one.
    pub fn backspace(&mut self) -> bool {
        let Some(before) = self.before() else {
            return false;
        };
        self.text.replace_range(before..self.caret, "");
        self.caret = before;
        self.settle();
        true
    }

    /// Takes the grapheme behind the caret away; whether there was one.
    pub fn delete(&mut self) -> bool {
        let Some(after) = self.after() else {
            return false;
        };
        self.text.replace_range(self.caret..after, "");
        self.settle();
        true
    }

    /// What is drawn in `width` cells and at most `rows` lines. A line scrolls so that the caret is seen; lines wrap.
    pub fn view(&self, width: usize, rows: usize) -> View {
        let width = width.max(2);
        if !self.many {
            return self.scrolled(width);
        }
        let mut wrapped = wrap(&self.text, width);
        // A caret behind a full line stands at the beginning of the next one.
        if let Some((start, end)) = wrapped.last().copied()
            && self.at_end()
            && cells(&self.text[start..end]) >= width
        {
            wrapped.push((end, end));
        }
        let row = self.row(&wrapped);
        let first = (row + 1).saturating_sub(rows.max(1));
        let seen = wrapped.len().min(first + rows.max(1));
        let column = cells(&self.text[wrapped[row].0..self.caret.min(wrapped[row].1)]);
        View {
            lines: wrapped[first..seen]
                .iter()
                .map(|(start, end)| self.text[*start..*end].to_owned())
                .collect(),
            column: column.min(width - 1),
            row: row - first,
            above: first,
            below: wrapped.len() - seen,
        }
    }

    fn scrolled(&self, width: usize) -> View {
        let mut start = 0;
        let mut column = cells(&self.text[..self.caret]);
        while column > width - 1 {
            let grapheme = self.text[start..].graphemes(true).next().unwrap_or("");
            start += grapheme.len();
            column -= grapheme.width();
        }
        View {
            lines: vec![cut(&self.text[start..], width).to_owned()],
            column,
            ..View::default()
        }
    }
}

/// As much of a text as `width` cells hold, whole graphemes only.
pub fn cut(text: &str, width: usize) -> &str {
    let mut taken = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        taken += grapheme.width();
        if taken > width {
            return &text[..at];
        }
    }
    text
}

/// The pieces of a text wrapped at `width` cells, as byte ranges without their line ends: at least one. A line breaks
/// behind a blank where one stands in it and a word of letters would be torn, else between any two graphemes.
pub fn wrap(text: &str, width: usize) -> Vec<(usize, usize)> {
    let width = width.max(2);
    let mut lines = Vec::new();
    let mut base = 0;
    for line in text.split('\n') {
        let end = base + line.len();
        let (mut start, mut taken, mut blank) = (base, 0, None);
        for (at, grapheme) in line.grapheme_indices(true) {
            let at = base + at;
            if taken + grapheme.width() > width {
                let torn = grapheme.width() == 1 && grapheme != " ";
                let to = match blank {
                    Some(blank) if torn && blank > start => blank,
                    _ => at,
                };
                lines.push((start, to));
                (start, blank) = (to, None);
                taken = cells(&text[to..at]);
            }
            taken += grapheme.width();
            // Between two 汉字 a line may break as well.
            if grapheme == " " || grapheme.width() == 2 {
                blank = Some(at + grapheme.len());
            }
        }
        lines.push((start, end));
        base = end + 1;
    }
    lines
}

/// Text as a field can hold it: no control characters; line ends as they were, or as blanks.
pub fn cleaned(text: &str, many: bool) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => Some(if many { '\n' } else { ' ' }),
            '\t' => Some(' '),
            c if c.is_control() || is_hidden(c) => None,
            c => Some(c),
        })
        .collect()
}

/// Bidi controls and characters without width that carry no text (the joiner of emoji among them).
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{061c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(editor: &Editor, width: usize) -> (String, usize, usize) {
        let view = editor.view(width, 4);
        (view.lines.join("|"), view.column, view.row)
    }

    #[test]
    fn the_caret_is_counted_in_cells() {
        for (text, column) in [
            ("zxh", 3),
            ("张小红", 6),
            ("e\u{301}", 1),
            ("𠮷野", 4),
            ("a张b", 4),
            ("ﬀ", 1),
        ] {
            assert_eq!(Editor::line(text).view(20, 1).column, column, "{text}");
        }
    }

    #[test]
    fn a_line_scrolls_and_keeps_its_caret_in_sight() {
        let mut editor = Editor::line("一二三四五六");
        assert_eq!(at(&editor, 8), ("四五六".into(), 6, 0));
        editor.home();
        assert_eq!(at(&editor, 8), ("一二三四".into(), 0, 0));
        let editor = Editor::line("abcdefgh");
        assert_eq!(at(&editor, 8), ("bcdefgh".into(), 7, 0));
    }

    #[test]
    fn moving_and_deleting_go_by_grapheme() {
        let mut editor = Editor::line("a𠮷e\u{301}中");
        assert!(editor.left() && editor.left());
        assert_eq!(editor.caret(), 2);
        assert!(editor.backspace());
        assert_eq!(editor.text(), "ae\u{301}中");
        assert!(editor.delete());
        assert_eq!(editor.text(), "a中");
        editor.set_caret(9);
        assert!(editor.at_end() && !editor.right() && !editor.delete());
        editor.home();
        assert!(!editor.left() && !editor.backspace());
    }

    #[test]
    fn lines_wrap_and_the_caret_walks_through_them() {
        let mut editor = Editor::lines("一二三四五\nab cdefg");
        assert_eq!(at(&editor, 6), ("一二三|四五|ab |cdefg".into(), 5, 3));
        assert!(editor.up(6) && editor.up(6));
        assert_eq!(at(&editor, 6).1, 2);
        assert!(editor.up(6) && !editor.up(6));
        assert!(editor.down(6));
        assert_eq!(at(&editor, 6).2, 1);
        let full = Editor::lines("一二三");
        assert_eq!(at(&full, 6), ("一二三|".into(), 0, 1));
    }

    #[test]
    fn what_is_pasted_is_cleaned() {
        assert_eq!(Editor::line("a\r\nb\u{1b}[31m\u{202e}").text(), "a b[31m");
        assert_eq!(Editor::lines("a\r\nb\tc\u{200b}").text(), "a\nb c");
    }

    #[test]
    fn a_long_text_shows_the_lines_round_its_caret() {
        let mut editor = Editor::lines("1\n2\n3\n4\n5\n6");
        let view = editor.view(10, 4);
        assert_eq!(
            (view.lines.join(""), view.above, view.below),
            ("3456".into(), 2, 0)
        );
        editor.set_caret(0);
        let view = editor.view(10, 4);
        assert_eq!(
            (view.lines.join(""), view.above, view.below),
            ("1234".into(), 0, 2)
        );
    }
}
