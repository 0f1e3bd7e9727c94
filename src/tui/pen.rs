//! Draws what changed between two pages as few bytes: a move only when the cursor is not there already, `35` for magenta,
//! the rest of a row cleared with one sequence, one write a frame. On a slow line bytes are what people feel; ratatui's
//! crossterm backend moves after every 汉字 and needs twice as many.

use std::fmt::Write as _;
use std::io::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// What the terminal shows, as far as we know.
pub struct Pen {
    shown: Buffer,
    /// Where the cursor is; `None` when that is not sure.
    at: Option<(u16, u16)>,
    look: Look,
    visible: bool,
    /// Whether characters of ambiguous width were measured to be one cell wide.
    narrow: bool,
}

/// Attributes in force.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Look {
    fg: Option<u8>,
    modifier: Modifier,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let fg = match cell.fg {
            Color::Magenta => Some(35),
            Color::Red => Some(31),
            _ => None,
        };
        let kept = Modifier::BOLD | Modifier::DIM | Modifier::UNDERLINED | Modifier::REVERSED;
        Self {
            fg,
            modifier: cell.modifier & kept,
        }
    }

    /// The sequence that leads from `self` to `to`.
    fn change(self, to: Self, out: &mut String) {
        if self == to {
            return;
        }
        let mut codes: Vec<u8> = Vec::new();
        let gone =
            !(self.modifier - to.modifier).is_empty() || (self.fg.is_some() && to.fg.is_none());
        let mut from = self;
        if gone {
            codes.push(0);
            from = Self::default();
        }
        let names = [
            (Modifier::BOLD, 1),
            (Modifier::DIM, 2),
            (Modifier::UNDERLINED, 4),
            (Modifier::REVERSED, 7),
        ];
        for (modifier, code) in names {
            if to.modifier.contains(modifier) && !from.modifier.contains(modifier) {
                codes.push(code);
            }
        }
        codes.extend(to.fg.filter(|_| to.fg != from.fg));
        if codes == [0] {
            out.push_str("\x1b[m");
            return;
        }
        out.push_str("\x1b[");
        for (i, code) in codes.iter().enumerate() {
            let _ = write!(out, "{}{code}", if i > 0 { ";" } else { "" });
        }
        out.push('m');
    }
}

impl Pen {
    /// A pen for a terminal that was just cleared.
    pub fn new(size: (u16, u16), narrow: bool) -> Self {
        Self {
            shown: blank(size),
            at: None,
            look: Look::default(),
            visible: true,
            narrow,
        }
    }

    /// A page of the size of the terminal to draw on.
    pub fn page(&self) -> Buffer {
        Buffer::empty(self.shown.area)
    }

    /// Forgets what is shown: the next drawing clears the terminal first.
    pub fn forget(&mut self, size: (u16, u16), out: &mut impl Write) -> std::io::Result<()> {
        *self = Self::new(size, self.narrow);
        out.write_all(b"\x1b[m\x1b[2J\x1b[?25h")
    }

    /// Draws a page and puts the cursor, with one write. Nothing is written when nothing changed.
    pub fn draw(
        &mut self,
        next: Buffer,
        caret: Option<(u16, u16)>,
        out: &mut impl Write,
    ) -> std::io::Result<()> {
        let mut bytes = String::new();
        let changed = changed(&self.shown, &next);
        let width = next.area.width;
        let mut i = 0;
        while i < changed.len() {
            let (x, y, cell) = changed[i];
            let rest = blanks(&changed[i..], &next);
            if rest > 3 {
                self.go(x, y, &mut bytes);
                self.look.change(Look::default(), &mut bytes);
                self.look = Look::default();
                bytes.push_str("\x1b[K");
                i += rest;
                continue;
            }
            self.go(x, y, &mut bytes);
            let look = Look::of(cell);
            self.look.change(look, &mut bytes);
            self.look = look;
            bytes.push_str(cell.symbol());
            let wide = cell.symbol().width() as u16;
            let sure = self.narrow && !cell.symbol().contains(unsure)
                || cell.symbol().width_cjk() == usize::from(wide);
            self.at = (sure && x + wide < width).then_some((x + wide, y));
            i += 1;
        }
        match caret {
            Some((x, y)) => {
                self.go(x, y, &mut bytes);
                if !self.visible {
                    bytes.push_str("\x1b[?25h");
                }
            }
            None if self.visible => bytes.push_str("\x1b[?25l"),
            None => {}
        }
        self.visible = caret.is_some();
        self.shown = next;
        if !bytes.is_empty() {
            out.write_all(bytes.as_bytes())?;
            out.flush()?;
        }
        Ok(())
    }

    fn go(&mut self, x: u16, y: u16, bytes: &mut String) {
        match self.at {
            Some(at) if at == (x, y) => return,
            Some((from, row)) if row == y && x > from && x - from < 100 => {
                let _ = match x - from {
                    1 => write!(bytes, "\x1b[C"),
                    n => write!(bytes, "\x1b[{n}C"),
                };
            }
            Some((_, row)) if x == 0 && y == row + 1 => bytes.push_str("\r\n"),
            _ if x == 0 => {
                let _ = write!(bytes, "\x1b[{}H", y + 1);
            }
            _ => {
                let _ = write!(bytes, "\x1b[{};{}H", y + 1, x + 1);
            }
        }
        self.at = Some((x, y));
    }
}

/// Of the ambiguous characters the frame's own are measured at the start; others may be drawn by another font.
fn unsure(c: char) -> bool {
    !matches!(c, '─' | '│' | '━' | '╸' | '▁'..='█') && {
        let mut text = [0; 4];
        let text = c.encode_utf8(&mut text);
        text.width() != text.width_cjk()
    }
}

/// The cells to write. A wide character that is overwritten in part is gone as a whole: what stood under its other half
/// is written again, whatever the terminal makes of half a character.
fn changed<'a>(shown: &Buffer, next: &'a Buffer) -> Vec<(u16, u16, &'a Cell)> {
    let wide = |cell: &Cell| (cell.symbol().width() as u16).max(1);
    let mut out = Vec::new();
    for y in 0..next.area.height {
        let mut x = 0;
        let mut broken = 0;
        while x < next.area.width {
            let cell = &next[Position::new(x, y)];
            let was = &shown[Position::new(x, y)];
            let end = (x + wide(cell)).min(next.area.width);
            let same = was.symbol() == cell.symbol() && Look::of(was) == Look::of(cell);
            if !same || x < broken {
                out.push((x, y, cell));
                for under in x..end {
                    broken = broken.max(under + wide(&shown[Position::new(under, y)]));
                }
            }
            x = end;
        }
    }
    out
}

/// How many of the changed cells, from the first on, go with the rest of their row, because nothing stands there any more.
fn blanks(changed: &[(u16, u16, &Cell)], next: &Buffer) -> usize {
    let Some(&(from, row, _)) = changed.first() else {
        return 0;
    };
    let plain = |x| {
        let cell: &Cell = &next[Position::new(x, row)];
        cell.symbol() == " " && Look::of(cell) == Look::default()
    };
    if !(from..next.area.width).all(plain) {
        return 0;
    }
    changed.iter().take_while(|(_, y, _)| *y == row).count()
}

fn blank((width, height): (u16, u16)) -> Buffer {
    Buffer::empty(Rect::new(0, 0, width, height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::page::Page;
    use crate::tui::theme::{Role, Theme};

    fn drawn(pen: &mut Pen, draw: impl Fn(&mut Page)) -> String {
        let mut buffer = pen.page();
        let mut page = Page::new(&mut buffer, Theme::default());
        draw(&mut page);
        let caret = page.caret();
        let mut out = Vec::new();
        pen.draw(buffer, caret, &mut out).expect("a Vec takes all");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn no_move_after_a_wide_character_and_none_when_nothing_changed() {
        let mut pen = Pen::new((20, 3), true);
        let page = |page: &mut Page| {
            page.text(2, 1, 10, "走访a", Role::Mark);
            page.put_caret(7, 1);
        };
        assert_eq!(drawn(&mut pen, page), "\x1b[2;3H\x1b[1;35m走访a");
        assert_eq!(drawn(&mut pen, page), "");
    }

    #[test]
    fn both_halves_of_a_wide_character_are_written_over() {
        let mut pen = Pen::new((20, 3), true);
        drawn(&mut pen, |page| {
            _ = page.text(0, 0, 20, "走访a", Role::Text)
        });
        let out = drawn(&mut pen, |page| {
            _ = page.text(0, 0, 20, "  访a", Role::Text)
        });
        assert_eq!(out, "\x1b[1H  ");
        let out = drawn(&mut pen, |page| {
            _ = page.text(0, 0, 20, " 走 a", Role::Text)
        });
        assert_eq!(out, "\x1b[1;2H走 ");
    }

    #[test]
    fn the_rest_of_a_row_goes_with_one_sequence_and_the_cursor_is_hidden_once() {
        let mut pen = Pen::new((20, 3), true);
        drawn(&mut pen, |page| {
            page.text(0, 0, 20, "abcdefghij", Role::Text);
            page.put_caret(10, 0);
        });
        assert_eq!(
            drawn(&mut pen, |page| _ = page.text(0, 0, 20, "ab", Role::Text)),
            "\x1b[1;3H\x1b[K\x1b[?25l"
        );
        assert_eq!(
            drawn(&mut pen, |page| _ = page.text(0, 0, 20, "ab", Role::Text)),
            ""
        );
    }

    #[test]
    fn after_an_ambiguous_character_the_cursor_is_moved_unless_it_was_measured() {
        let mut pen = Pen::new((20, 3), false);
        assert!(
            drawn(&mut pen, |page| _ = page.text(0, 0, 20, "──", Role::Text))
                .contains("─\x1b[1;2H─")
        );
        let mut pen = Pen::new((20, 3), true);
        assert!(drawn(&mut pen, |page| _ = page.text(0, 0, 20, "──", Role::Text)).contains("──"));
        let mut pen = Pen::new((20, 3), true);
        assert!(
            drawn(&mut pen, |page| _ = page.text(0, 0, 20, "“a", Role::Text))
                .contains("“\x1b[1;2Ha")
        );
    }
}
