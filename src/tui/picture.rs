//! A drawn page as text: one line a row, a wide character once, blanks at the end cut off; and a second map of styles.
//! ratatui's own test backend knows neither.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// The characters of a page.
pub fn text(buffer: &Buffer) -> String {
    rows(buffer, |cell| cell.symbol().to_string())
}

/// The styles of a page, a letter for each column: `q` dim, `s` bold, `a` magenta, `m` magenta and bold, `b` red, `u`
/// underlined, `c` reversed, a dot for plain text, blank where nothing stands. A wide character has its letter twice.
pub fn styles(buffer: &Buffer) -> String {
    rows(buffer, |cell| {
        let has = |modifier| cell.modifier.contains(modifier);
        let letter = match cell.fg {
            _ if has(Modifier::REVERSED) => 'c',
            _ if has(Modifier::UNDERLINED) => 'u',
            Color::Red => 'b',
            Color::Magenta if has(Modifier::BOLD) => 'm',
            Color::Magenta => 'a',
            _ if cell.symbol() == " " => ' ',
            _ if has(Modifier::BOLD) => 's',
            _ if has(Modifier::DIM) => 'q',
            _ => '.',
        };
        letter.to_string().repeat(cell.symbol().width().max(1))
    })
}

fn rows(buffer: &Buffer, show: impl Fn(&ratatui::buffer::Cell) -> String) -> String {
    let area = buffer.area;
    let mut out = String::new();
    for y in 0..area.height {
        let mut row = String::new();
        let mut x = 0;
        while x < area.width {
            let cell = &buffer[Position::new(x, y)];
            row.push_str(&show(cell));
            x += (cell.symbol().width() as u16).max(1);
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}
