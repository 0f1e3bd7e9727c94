//! A page to draw on: text by role at a place, cut to its column, cleaned; rules, wells, the caret.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use unicode_segmentation::UnicodeSegmentation;

use super::cells::{cut, width};
use super::theme::{Role, Theme};
use crate::text::clean;

/// A piece of text and its role.
pub type Span = (String, Role);

/// One span.
pub fn span(text: impl Into<String>, role: Role) -> Span {
    (text.into(), role)
}

/// What screens draw on. Places are cells from the top left.
pub struct Page<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
    caret: Option<(u16, u16)>,
}

impl<'a> Page<'a> {
    /// A page over a buffer.
    pub fn new(buffer: &'a mut Buffer, theme: Theme) -> Self {
        Self {
            buffer,
            theme,
            caret: None,
        }
    }

    /// The theme it is drawn with.
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// Its width in cells.
    pub fn width(&self) -> u16 {
        self.buffer.area.width
    }

    /// Its height in cells.
    pub fn height(&self) -> u16 {
        self.buffer.area.height
    }

    /// Where the hardware cursor stands, if anywhere.
    pub fn caret(&self) -> Option<(u16, u16)> {
        self.caret
    }

    /// Puts the hardware cursor.
    pub fn put_caret(&mut self, x: u16, y: u16) {
        self.caret = Some((x.min(self.width().saturating_sub(1)), y));
    }

    /// Text in at most `room` cells; returns the x behind it. A text put into a cell replaces its style.
    pub fn text(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        if y >= self.height() || x >= self.width() {
            return x;
        }
        let room = room.min(self.width() - x);
        let text = clean(text);
        let text = cut(&text, room.into());
        let style = self.theme.style(role);
        let mut at = x;
        for grapheme in text.graphemes(true) {
            let wide = width(grapheme) as u16;
            if wide == 0 {
                continue;
            }
            let cell = &mut self.buffer[Position::new(at, y)];
            cell.reset();
            cell.set_symbol(grapheme).set_style(style);
            for next in 1..wide {
                if let Some(cell) = self.buffer.cell_mut(Position::new(at + next, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
            at += wide;
        }
        at
    }

    /// Text that ends before column `end`; returns where it begins.
    pub fn right(&mut self, end: u16, y: u16, text: &str, role: Role) -> u16 {
        let text = clean(text);
        let x = end.saturating_sub(width(&text) as u16);
        self.text(x, y, end - x, &text, role);
        x
    }

    /// Spans one after another in at most `room` cells; returns the x behind them.
    pub fn spans(&mut self, x: u16, y: u16, room: u16, spans: &[Span]) -> u16 {
        let end = x.saturating_add(room);
        let mut at = x;
        for (text, role) in spans {
            if at >= end {
                break;
            }
            at = self.text(at, y, end - at, text, *role);
        }
        at
    }

    /// Spans that end before column `end`; returns where they begin.
    pub fn spans_right(&mut self, end: u16, y: u16, spans: &[Span]) -> u16 {
        let wide: usize = spans.iter().map(|(text, _)| width(&clean(text))).sum();
        let x = end.saturating_sub(wide as u16);
        self.spans(x, y, end - x, spans);
        x
    }

    /// A hairline from column `from` up to before `to`.
    pub fn rule(&mut self, from: u16, to: u16, y: u16) {
        let rule = self
            .theme
            .rule()
            .to_string()
            .repeat(to.saturating_sub(from).into());
        self.text(from, y, to.saturating_sub(from), &rule, Role::Quiet);
    }

    /// A vertical hairline from row `from` up to before `to`.
    pub fn upright(&mut self, x: u16, from: u16, to: u16) {
        let upright = self.theme.upright().to_string();
        for y in from..to {
            self.text(x, y, 1, &upright, Role::Quiet);
        }
    }

    /// The marker of where I am.
    pub fn marker(&mut self, x: u16, y: u16) {
        let marker = self.theme.marker().to_string();
        self.text(x, y, 1, &marker, Role::Mark);
    }

    /// A hairline that carries text at the left and at the right.
    pub fn seam(&mut self, from: u16, to: u16, y: u16, left: &[Span], right: &[Span]) {
        self.rule(from, to, y);
        if !right.is_empty() {
            let mut spans = vec![span(" ", Role::Quiet)];
            spans.extend_from_slice(right);
            spans.push(span(" ", Role::Quiet));
            self.spans_right(to - 1, y, &spans);
        }
        if !left.is_empty() {
            let mut spans = vec![span(" ", Role::Quiet)];
            spans.extend_from_slice(left);
            spans.push(span(" ", Role::Quiet));
            self.spans(from + 1, y, to - from - 2, &spans);
        }
    }

    /// The place that is being typed into: underlined over its width.
    pub fn well(&mut self, x: u16, y: u16, room: u16) {
        let style = self
            .theme
            .style(Role::Text)
            .add_modifier(Modifier::UNDERLINED);
        for x in x..(x + room).min(self.width()) {
            if let Some(cell) = self.buffer.cell_mut(Position::new(x, y)) {
                cell.set_style(style);
            }
        }
    }

    /// Empties rows from `from` up to before `to`.
    pub fn blank(&mut self, from: u16, to: u16) {
        let area = Rect::new(0, from, self.width(), to.saturating_sub(from))
            .intersection(self.buffer.area);
        for position in area.positions() {
            self.buffer[position].reset();
        }
    }
}
