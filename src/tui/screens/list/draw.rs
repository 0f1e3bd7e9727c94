//! Where things stand in a list: columns at their own x, the marker, the sign, the detail behind a hairline.

use super::List;
use crate::forms::{Field, Kind, Register};
use crate::text::Word;
use crate::tui::page::Page;
use crate::tui::screen::Cx;
use crate::tui::show;
use crate::tui::theme::Role;

/// Rows of the frame and of the head above the first record.
const HEAD: u16 = 5;
/// The seam and the hints.
const FOOT: u16 = 2;
/// Where text begins: behind marker and sign.
const GUTTER: u16 = 5;
/// From this width on the detail stands beside the list.
const BESIDE: u16 = 76;

/// From this width on places are written out.
const WIDE: u16 = 100;

/// A column of the list.
pub struct Column<'a> {
    /// Its field.
    pub field: &'a Field,
    /// Its x.
    pub x: u16,
    /// Its width.
    pub room: u16,
}

/// How many records a page shows.
pub fn page_rows(size: (u16, u16)) -> usize {
    size.1.saturating_sub(HEAD + FOOT).into()
}

/// The width of the list; the hairline stands there if the detail is beside it.
pub fn list_width(width: u16) -> u16 {
    match width {
        0..BESIDE => width,
        BESIDE..100 => 39,
        _ => width * 3 / 5,
    }
}

/// The columns that fit: those the register names, then its longest text if there is room left.
pub fn columns<'a>(cx: &Cx, register: &'a Register) -> Vec<Column<'a>> {
    let end = list_width(cx.size.0).saturating_sub(1);
    let mut x = GUTTER;
    let mut out: Vec<Column> = Vec::new();
    for (field, room) in register.columns() {
        // Where there is room, a place is written out.
        let place = matches!(field.kind, Kind::Division) && cx.size.0 >= WIDE;
        let room = if place { room.max(12) } else { room };
        if x + room <= end {
            out.push(Column { field, x, room });
            x += room + 2;
        }
    }
    // What its rows say, where 8 cells are left.
    let rows = register
        .fields
        .iter()
        .find(|field| matches!(field.kind, Kind::Rows { .. }));
    if let Some(field) = rows.filter(|_| x + 8 <= end) {
        out.push(Column { field, x, room: 8 });
        x += 10;
    }
    let text = register
        .fields
        .iter()
        .find(|field| field.open && matches!(field.kind, Kind::Text { lines: 2.., .. }));
    if let Some(field) = text.filter(|field| field.column.is_none() && x + 12 <= end) {
        out.push(Column {
            field,
            x,
            room: end - x,
        });
    }
    out
}

pub fn draw(list: &List, page: &mut Page, cx: &Cx) {
    let Some(register) = cx.reader.registers().by_number(list.register) else {
        return;
    };
    let (w, h) = (page.width(), page.height());
    find_line(list, page, cx);
    let columns = columns(cx, register);
    let beside = w >= BESIDE;
    if list.aside && !beside {
        if let Some(detail) = &list.detail {
            detail.draw(page, cx, (1, 4), (w - 2, h - FOOT), true);
        }
        return;
    }
    for column in &columns {
        let heading = show::heading(column.field, cx.lang, column.room);
        page.text(column.x, 4, column.room, &heading, Role::Quiet);
    }
    // The first column that is no date names the record.
    let name = columns
        .iter()
        .position(|column| !matches!(column.field.kind, Kind::Date { .. }));
    for (i, row) in list.rows.iter().enumerate() {
        let y = HEAD + i as u16;
        if y >= h - FOOT {
            break;
        }
        let marked = list.top + i == list.at;
        if marked && !list.aside {
            page.marker(1, y);
        }
        if let Some((sign, role)) = row.sign {
            page.text(3, y, 1, &sign.to_string(), role);
        }
        for (c, (column, cell)) in columns.iter().zip(&row.cells).enumerate() {
            let role = match column.field.kind {
                _ if Some(c) == name => {
                    if marked {
                        Role::Mark
                    } else {
                        Role::Text
                    }
                }
                Kind::SelectOne(_) | Kind::SelectMultiple(_) | Kind::YesNo | Kind::Rows { .. } => {
                    Role::Text
                }
                _ => Role::Quiet,
            };
            page.text(column.x, y, column.room, cell, role);
        }
    }
    if list.rows.is_empty() {
        let word = if list.words.is_empty() {
            Word::NoRecords
        } else {
            Word::NothingFound
        };
        page.text(
            GUTTER,
            HEAD,
            list_width(w).saturating_sub(GUTTER + 1),
            cx.say(word),
            Role::Quiet,
        );
    }
    if beside {
        let x = list_width(w);
        page.upright(x, 4, h - FOOT);
        if let Some(detail) = &list.detail {
            detail.draw(
                page,
                cx,
                (x + 2, 4),
                (w - 1 - (x + 2), h - FOOT),
                list.aside,
            );
        }
    }
}

/// The line that filters, at the right what narrows and orders the list, and the hairline under it.
fn find_line(list: &List, page: &mut Page, cx: &Cx) {
    let w = page.width();
    page.text(1, 2, 4, cx.say(Word::Find), Role::Accent);
    let x = page.right(w - 1, 2, &order(list, cx), Role::Quiet);
    if list.aside {
        page.text(GUTTER + 1, 2, 40, list.line.text(), Role::Text);
    } else {
        list.line
            .draw(page, GUTTER + 1, 2, 40.min(x.saturating_sub(GUTTER + 3)));
    }
    page.rule(0, w, 3);
}

/// What the list is ordered by.
fn order(list: &List, cx: &Cx) -> String {
    let register = cx.reader.registers().by_number(list.register);
    let sort = register.and_then(|register| {
        let (tag, descending) = register.sort?;
        Some((register.by_tag(tag)?, descending))
    });
    let Some((field, descending)) = sort else {
        return cx.say(Word::ByPlace).to_owned();
    };
    let word = match descending {
        true => Word::NewestFirst,
        false => Word::InOrder,
    };
    word.with(cx.lang, &[field.short.get(cx.lang)])
}
