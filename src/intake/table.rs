//! A csv or xlsx as a table of strings. Formulas are never run: what was last computed is what counts.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx};

use super::zip;
use crate::forms::day;

/// The most rows of a table.
const ROWS: u32 = 50_000;
/// The most columns of a table.
const COLUMNS: u32 = 256;
/// The most cells of a table.
const CELLS: usize = 1_000_000;

/// One sheet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// The name of its sheet; empty for a csv.
    pub sheet: String,
    /// Its rows that hold something, each with its number in the file, from 1.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Why a file is no table.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unread {
    /// A spreadsheet of before 2007.
    #[error("an xls file of before 2007")]
    Old,
    /// More than a roster holds.
    #[error("too large")]
    TooLarge,
    /// Not what its first bytes say.
    #[error("{0}")]
    Broken(String),
    /// Nothing in it.
    #[error("nothing in it")]
    Empty,
    /// No row that names columns.
    #[error("no row names columns that the register has")]
    NoHeader,
}

/// Reads a file: xlsx or csv by its first bytes, a csv in UTF-8, UTF-16 or an older Chinese encoding. The sheets that
/// hold something, in their order.
pub fn tables(bytes: &[u8]) -> Result<Vec<Table>, Unread> {
    let tables = if bytes.starts_with(b"PK") {
        zip::bound(bytes)?;
        sheets(bytes)?
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Unread::Old);
    } else {
        vec![csv_table(&decoded(bytes)?)?]
    };
    let tables: Vec<Table> = tables
        .into_iter()
        .filter(|table| !table.rows.is_empty())
        .collect();
    if tables.is_empty() {
        Err(Unread::Empty)
    } else {
        Ok(tables)
    }
}

/// The text of a csv: by its mark, else UTF-8, else GB 18030, which is GBK and GB 2312 too.
fn decoded(bytes: &[u8]) -> Result<String, Unread> {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        None => encoding_rs::GB18030,
    };
    let (text, _, _) = encoding.decode(bytes);
    let strange = text
        .chars()
        .filter(|c| matches!(c, '\0' | '\u{fffd}'))
        .count();
    if strange > text.len() / 100 {
        return Err(Unread::Broken("csv".to_owned()));
    }
    Ok(text.into_owned())
}

fn csv_table(text: &str) -> Result<Table, Unread> {
    // What most of the first lines are cut by.
    let begin: Vec<&str> = text.lines().take(20).collect();
    let many = |sign: char| begin.iter().filter(|line| line.contains(sign)).count();
    let signs = [',', '\t', ';', '，', '|'];
    let sign = signs
        .into_iter()
        .rev()
        .max_by_key(|sign| many(*sign))
        .unwrap_or(',');
    // One form of line end, so that lines can be counted.
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    if !sign.is_ascii() {
        text = text.replace(sign, ",");
    }
    let sign = u8::try_from(sign).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(sign)
        .from_reader(text.as_bytes());
    let mut cells = Cells::default();
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| Unread::Broken(error.to_string()))?
    {
        // Where a record ends is known; where it begins is not, behind blank lines.
        let within = record
            .iter()
            .map(|cell| cell.matches('\n').count() as u64)
            .sum::<u64>();
        let line = reader.position().line().saturating_sub(2 + within);
        let row = u32::try_from(line).map_err(|_| Unread::TooLarge)?;
        for (column, cell) in (0..).zip(&record) {
            cells.put(row, column, cell.to_owned())?;
        }
    }
    Ok(cells.table(String::new()))
}

fn sheets(bytes: &[u8]) -> Result<Vec<Table>, Unread> {
    let broken = |error: calamine::XlsxError| Unread::Broken(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let shown = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let mut tables = Vec::new();
    for name in names {
        let mut cells = Cells::default();
        {
            // Charts have names too, and no cells.
            let Ok(mut reader) = book.worksheet_cells_reader(&name) else {
                continue;
            };
            while let Some(cell) = reader.next_cell().map_err(broken)? {
                let (row, column) = cell.get_position();
                let text = shown_cell(cell.get_value());
                if !text.is_empty() {
                    cells.put(row, column, text)?;
                }
            }
        }
        for area in book.merge_cells_by_sheet_name(&name).unwrap_or_default() {
            cells.fill(area.start, area.end.0)?;
        }
        tables.push(cells.table(name));
    }
    Ok(tables)
}

/// A cell as a person would type it.
fn shown_cell(cell: &DataRef<'_>) -> String {
    match Data::from(cell.clone()) {
        Data::Int(n) => n.to_string(),
        // A number of more digits has lost some already: let its field refuse it.
        Data::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        Data::Float(n) => n.to_string(),
        Data::String(text) => text.trim().to_owned(),
        Data::Bool(yes) => u8::from(yes).to_string(),
        Data::DateTime(moment) => shown_moment(&moment),
        Data::DateTimeIso(text) => text.trim_end_matches("T00:00:00").to_owned(),
        Data::DurationIso(text) => text,
        Data::Error(error) => error.to_string(),
        _ => String::new(),
    }
}

fn shown_moment(moment: &ExcelDateTime) -> String {
    let (year, month, date, hour, minute, _, _) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}");
    if moment.is_duration() || moment.as_f64() < 1.0 {
        return time;
    }
    let date = format!("{year:04}-{month:02}-{date:02}");
    if moment.as_f64().fract() == 0.0 {
        date
    } else {
        format!("{date} {time}")
    }
}

/// A day that a spreadsheet stores as a number (days since 1899-12-30), as a date.
pub(super) fn serial(text: &str) -> Option<String> {
    let days: i64 = text
        .parse()
        .ok()
        .filter(|days| (10_000..80_000).contains(days))?;
    Some(day::iso(days - 25_569))
}

/// Cells as they come, bounded.
#[derive(Default)]
struct Cells {
    rows: std::collections::BTreeMap<u32, Vec<String>>,
    many: usize,
}

impl Cells {
    fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), Unread> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let cells = self.rows.entry(row).or_default();
        let at = column as usize;
        self.many += (at + 1).saturating_sub(cells.len());
        if row >= ROWS || column >= COLUMNS || self.many > CELLS {
            return Err(Unread::TooLarge);
        }
        if cells.len() <= at {
            cells.resize(at + 1, String::new());
        }
        cells[at] = text.to_owned();
        Ok(())
    }

    /// A merged cell stands in every row it covers that holds something; not in every column: a title is no column's.
    fn fill(&mut self, (top, column): (u32, u32), bottom: u32) -> Result<(), Unread> {
        let text = self
            .rows
            .get(&top)
            .and_then(|row| row.get(column as usize))
            .cloned();
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(());
        };
        let covered: Vec<u32> = self
            .rows
            .range(top..=bottom.max(top))
            .map(|(row, _)| *row)
            .skip(1)
            .collect();
        for row in covered {
            self.put(row, column, text.clone())?;
        }
        Ok(())
    }

    fn table(self, sheet: String) -> Table {
        let rows = self
            .rows
            .into_iter()
            .map(|(row, cells)| (u64::from(row) + 1, cells));
        Table {
            sheet,
            rows: rows.collect(),
        }
    }
}
