//! A table as rows of a register: which row names the columns, which column is which field.

use std::collections::BTreeMap;

use super::table::{Table, Unread};
use super::wordings::{bare, fit};
use crate::forms::{Field, Register};
use crate::record::Tag;

/// Within so many rows stands the one that names the columns.
const ABOVE: usize = 30;

/// A table as rows of a register.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Roster {
    /// The sheet; empty for a csv.
    pub sheet: String,
    /// The number of the row that names the columns.
    pub header: u64,
    /// Every column that has a name, and the field that it is.
    pub columns: Vec<Column>,
    /// The rows: number in the file, and what they hold of known fields.
    pub rows: Vec<(u64, Vec<(Tag, String)>)>,
    /// Rows passed over: titles, headers once more, sums and signatures; the number in the file, and what stands there.
    pub passed: Vec<(u64, String)>,
}

/// A column that has a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its place, from 0.
    pub at: usize,
    /// What it is called.
    pub heading: String,
    /// The field that it is; none: it is not taken.
    pub field: Option<Tag>,
}

/// Which heading means which field by decision of a person; an empty field: the column is not taken.
pub type Map = BTreeMap<String, String>;

/// Reads the first sheet that names columns of a register.
///
/// # Errors
/// [`Unread::NoHeader`] if none does.
pub fn roster(tables: &[Table], register: &Register, map: &Map) -> Result<Roster, Unread> {
    let read = tables
        .iter()
        .find_map(|table| of_table(table, register, map));
    read.ok_or(Unread::NoHeader)
}

fn of_table(table: &Table, register: &Register, map: &Map) -> Option<Roster> {
    let scores: Vec<usize> = table
        .rows
        .iter()
        .take(ABOVE)
        .map(|(_, cells)| taken(&columns(cells, register, map)))
        .collect();
    let best = *scores.iter().max()?;
    let wide = table
        .rows
        .iter()
        .any(|(_, cells)| cells.iter().filter(|cell| !cell.is_empty()).count() > 1);
    if best < 1 + usize::from(wide) {
        return None;
    }
    let first = scores.iter().position(|score| *score == best)?;
    // A header of two rows: the lower one is finer.
    let at = first + usize::from(scores.get(first + 1) == Some(&best));
    let (header, names) = &table.rows[at];
    let columns = columns(names, register, map);
    let mut roster = Roster {
        sheet: table.sheet.clone(),
        header: *header,
        ..Roster::default()
    };
    for (place, (number, cells)) in table.rows.iter().enumerate() {
        if place < at || place > at && no_person(cells, names) {
            let held: Vec<&str> = cells
                .iter()
                .map(String::as_str)
                .filter(|cell| !cell.is_empty())
                .collect();
            roster.passed.push((*number, held.join(" ")));
        } else if place > at {
            let row = columns.iter().filter_map(|column| {
                let text = cells.get(column.at).filter(|text| !text.is_empty())?;
                Some((column.field?, text.clone()))
            });
            roster.rows.push((*number, row.collect()));
        }
    }
    roster.columns = columns;
    Some(roster)
}

fn taken(columns: &[Column]) -> usize {
    columns
        .iter()
        .filter(|column| column.field.is_some())
        .count()
}

/// Which cells of a row name which fields; each field once, where its own words stand rather than common ones.
fn columns(cells: &[String], register: &Register, map: &Map) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let named = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty());
    columns.extend(named.map(|(at, heading)| Column {
        at,
        heading: heading.clone(),
        field: None,
    }));
    let stored: Vec<&Field> = register
        .fields
        .iter()
        .filter(|field| field.stored())
        .collect();
    let decided = |heading: &str| {
        map.iter()
            .find(|(word, _)| bare(word) == bare(heading))
            .map(|(_, name)| name.as_str())
    };
    let mut free = stored.clone();
    for column in &mut columns {
        let field = decided(&column.heading).and_then(|name| register.field(name));
        column.field = field.map(|field| field.tag);
        free.retain(|other| Some(other.tag) != column.field);
    }
    for wanted in [2, 1] {
        for column in columns
            .iter_mut()
            .filter(|column| column.field.is_none() && decided(&column.heading).is_none())
        {
            let heading = bare(&column.heading);
            let place = free.iter().position(|field| fit(&heading, field) == wanted);
            column.field = place.map(|place| free.remove(place).tag);
        }
    }
    columns
}

/// A header once more, a sum, a signature.
fn no_person(cells: &[String], names: &[String]) -> bool {
    let held: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let again = held.len() > 1
        && cells
            .iter()
            .zip(names)
            .filter(|(cell, _)| !cell.is_empty())
            .all(|(cell, name)| cell == name);
    let ends = [
        "合计",
        "总计",
        "共计",
        "小计",
        "制表",
        "填表",
        "审核",
        "注:",
        "注：",
        "说明:",
        "说明：",
        "备注:",
        "备注：",
        "单位负责人",
        "联系人:",
        "联系人：",
    ];
    let first = held
        .first()
        .map(|cell| cell.replace([' ', '\u{3000}'], ""))
        .unwrap_or_default();
    let example = held
        .iter()
        .take(2)
        .any(|cell| matches!(bare(cell).as_str(), "例" | "示例" | "例如" | "样例"));
    again || example || ends.iter().any(|end| first.starts_with(end))
}
