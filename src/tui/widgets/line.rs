//! One line of text that is being typed into.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::clean;
use crate::tui::action::Action;
use crate::tui::cells::width;
use crate::tui::page::Page;
use crate::tui::theme::Role;

/// The text and the caret in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    text: String,
    /// Byte offset of the caret, on a grapheme's edge.
    caret: usize,
}

impl Line {
    /// A line that holds `text`, the caret behind it.
    pub fn of(text: &str) -> Self {
        Self {
            text: text.into(),
            caret: text.len(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Puts text at the caret, cleaned; line ends become blanks.
    pub fn insert(&mut self, text: &str) {
        let text = clean(text);
        self.text.insert_str(self.caret, &text);
        self.caret += text.len();
        // What was put in may have joined what stood before it.
        if !self.text.is_char_boundary(self.caret) {
            self.caret = self.text.len();
        }
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.text.clear();
        self.caret = 0;
    }

    /// What an action does to it; whether it did anything.
    pub fn act(&mut self, action: Action) -> bool {
        let before = self.clone();
        match action {
            Action::Left => self.caret = self.before(),
            Action::Right => self.caret = self.behind(),
            Action::First => self.caret = 0,
            Action::Last => self.caret = self.text.len(),
            Action::Erase => {
                let from = self.before();
                self.text.replace_range(from..self.caret, "");
                self.caret = from;
            }
            Action::Remove => {
                let to = self.behind();
                self.text.replace_range(self.caret..to, "");
            }
            Action::Empty => self.clear(),
            _ => {}
        }
        *self != before
    }

    fn before(&self) -> usize {
        let mut at = self.text[..self.caret].grapheme_indices(true);
        at.next_back().map_or(0, |(i, _)| i)
    }

    fn behind(&self) -> usize {
        let mut graphemes = self.text[self.caret..].graphemes(true);
        self.caret + graphemes.next().map_or(0, str::len)
    }

    /// Draws it in a well of `room` cells, with the hardware cursor at the caret. What lies left of the well is scrolled
    /// out, so that the caret is always seen.
    pub fn draw(&self, page: &mut Page, x: u16, y: u16, room: u16) {
        let head = width(&self.text[..self.caret]);
        let mut skip = 0;
        let mut shown = self.text.as_str();
        // One cell is left for the caret behind the last character.
        while head - skip >= usize::from(room.max(1)) {
            let Some(first) = shown.graphemes(true).next() else {
                break;
            };
            skip += width(first);
            shown = &shown[first.len()..];
        }
        let mut fits = 0;
        let end = shown
            .grapheme_indices(true)
            .find(|(_, grapheme)| {
                fits += width(grapheme);
                fits > room.into()
            })
            .map_or(shown.len(), |(i, _)| i);
        page.text(x, y, room, &shown[..end], Role::Text);
        page.well(x, y, room);
        page.put_caret(x + (head - skip) as u16, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_edited_by_grapheme() {
        let mut line = Line::default();
        line.insert("张小");
        line.insert("红\u{1b}");
        assert_eq!(line.text(), "张小红\u{fffd}");
        assert!(line.act(Action::Erase));
        assert!(line.act(Action::Left));
        assert!(line.act(Action::Erase));
        assert_eq!(line.text(), "张红");
        line.insert("小");
        assert!(line.act(Action::Remove));
        assert_eq!(line.text(), "张小");
        assert!(!line.act(Action::Remove));
        assert!(!line.act(Action::Up));
    }
}
