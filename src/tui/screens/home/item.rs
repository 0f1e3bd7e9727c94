//! A record among those of several registers.

use crate::forms::Kind;
use crate::record::RecordId;
use crate::tui::screen::Cx;
use crate::tui::show;

/// A record in a list of several registers.
pub struct Item {
    /// The register's number.
    pub register: u32,
    /// The record.
    pub id: RecordId,
    /// When it was changed here, where that is shown.
    pub day: String,
    /// The register's name.
    pub label: String,
    /// What names it.
    pub name: String,
    /// What else tells it from others.
    pub rest: String,
}

/// What names a record among several registers: the first column that is no date, then the other columns.
pub fn item(cx: &Cx, register: u32, id: RecordId, day: String) -> Option<Item> {
    let definition = cx.reader.registers().by_number(register)?;
    let contents = cx.reader.lookup().contents(register, id)?;
    let mut cells = definition
        .columns()
        .filter(|(field, _)| !matches!(field.kind, Kind::Date { .. }))
        .map(|(field, room)| show::cell(cx, field, &contents, room.max(12)))
        .filter(|cell| !cell.is_empty());
    let name = cells
        .next()
        .unwrap_or_else(|| show::title(cx, register, id));
    let rest = cells.take(3).collect::<Vec<_>>().join("  ");
    Some(Item {
        register,
        id,
        day,
        label: definition.label.get(cx.lang).into(),
        name,
        rest,
    })
}
