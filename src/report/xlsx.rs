//! A table as a sheet that an office prints: title, the line under it, bordered cells, as wide as what stands in them, one
//! page wide on A4, the head again on each page, its number at the foot.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr as _;

use super::table::{Cell, Column, Table};

/// A4, of the paper sizes of the format.
const A4: u8 = 9;
/// How many cells A4 takes upright at the usual size; what is wider lies on its side.
const UPRIGHT: usize = 92;
/// The widest column; what is longer is wrapped.
const WIDEST: usize = 40;
/// How high a line of text is, in points.
const LINE: f64 = 16.0;

/// Why a sheet could not be made: a text is too long, or there are more rows than a sheet has.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SheetError(#[from] XlsxError);

/// The bytes of an xlsx with one sheet of this table. `page` is the page at the foot, `{}` its number and how many there
/// are; `now` are seconds since 1970, the time that the file says it was made at.
///
/// # Errors
/// [`SheetError`].
pub fn xlsx(table: &Table, name: &str, page: &str, now: i64) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(now)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    fill(sheet, table, page)?;
    Ok(book.save_to_buffer()?)
}

fn fill(sheet: &mut Worksheet, table: &Table, page: &str) -> Result<(), XlsxError> {
    let widths = widths(table);
    let total: usize = widths.iter().sum();
    // A sheet of this program has a few dozen columns; one that does not fit is refused below.
    let last = u16::try_from(widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
    for (at, width) in (0..).zip(&widths) {
        sheet.set_column_width(at, *width as f64)?;
    }

    let centred = Format::new()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let title = centred.clone().set_bold().set_font_size(16);
    let about = Format::new()
        .set_align(FormatAlign::Left)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    // A large letter of the title takes one and a half cells.
    let lines = |text: &str, size: usize| (text.width() * size / 10).div_ceil(total.max(1)).max(1);
    merged(sheet, 0, last, &table.title, &title)?;
    sheet.set_row_height(0, lines(&table.title, 15) as f64 * 1.6 * LINE + 6.0)?;
    let told: Vec<String> = table
        .about
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .skip(1)
        .map(|(name, text)| format!("{name}: {text}"))
        .collect();
    let told = told.join("    ");
    merged(sheet, 1, last, &told, &about)?;
    sheet.set_row_height(1, lines(&told, 10) as f64 * LINE + 4.0)?;

    let head = centred.clone().set_bold().set_border(FormatBorder::Thin);
    let text = about.set_border(FormatBorder::Thin);
    let number = centred.set_border(FormatBorder::Thin);
    let tenths = number.clone().set_num_format("0.0");
    for (at, column) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(2, at, &column.head, &head)?;
    }
    let height = |cells: &mut dyn Iterator<Item = (String, usize)>| {
        let tallest = cells.map(|(text, width)| wrapped(&text, width)).max();
        tallest.unwrap_or(1) as f64 * LINE + 4.0
    };
    let heads = table.columns.iter().map(|column| column.head.clone());
    sheet.set_row_height(2, height(&mut heads.zip(widths.iter().copied())))?;
    let mut row = 2;
    for cells in &table.rows {
        row += 1;
        for (at, cell) in (0..).zip(cells) {
            match cell {
                // A string whatever it begins with: nothing that anybody typed becomes a formula.
                Cell::Text(it) => sheet.write_string_with_format(row, at, it, &text)?,
                Cell::Number(it) => sheet.write_number_with_format(row, at, *it as f64, &number)?,
                Cell::Tenths(it) => {
                    sheet.write_number_with_format(row, at, f64::from(*it) / 10.0, &tenths)?
                }
                Cell::Rate(_) => sheet.write_string_with_format(row, at, cell.show(), &number)?,
            };
        }
        let needed = height(&mut cells.iter().map(Cell::show).zip(widths.iter().copied()));
        sheet.set_row_height(row, needed.max(table.height))?;
    }

    sheet
        .set_freeze_panes(3, 0)?
        .set_repeat_rows(2, 2)?
        .set_print_area(0, 0, row, last)?
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_print_center_horizontally(true)
        .set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.3)
        .set_footer(format!(
            "&C{}",
            page.replacen("{}", "&P", 1).replacen("{}", "&N", 1)
        ));
    match total > UPRIGHT {
        true => sheet.set_landscape(),
        false => sheet.set_portrait(),
    };
    Ok(())
}

/// One text over all columns; a range of one cell cannot be merged.
fn merged(
    sheet: &mut Worksheet,
    row: u32,
    last: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match last {
        0 => sheet.write_string_with_format(row, 0, text, format)?,
        _ => sheet.merge_range(row, 0, row, last, text, format)?,
    };
    Ok(())
}

/// How many cells each column needs, with one at either side.
fn widths(table: &Table) -> Vec<usize> {
    let of = |(at, column): (usize, &Column)| {
        let cells = table.rows.iter().filter_map(|row| row.get(at));
        let of_cells = cells.map(|cell| longest(&cell.show())).max().unwrap_or(0);
        let needed = of_cells.max(longest(&column.head)) + 2;
        needed.min(WIDEST).max(column.width.into())
    };
    table.columns.iter().enumerate().map(of).collect()
}

/// The longest line of a text, in cells.
fn longest(text: &str) -> usize {
    text.lines().map(|line| line.width()).max().unwrap_or(0)
}

/// How many lines a text takes in a column. A word that does not fit goes to the next line whole, so one cell in five is
/// reckoned lost where a line is broken at all.
fn wrapped(text: &str, width: usize) -> usize {
    let room = width.saturating_sub(2).max(1);
    let of = |line: &str| match line.width() {
        fits if fits <= room => 1,
        long => (long * 5).div_ceil(room * 4),
    };
    text.lines().map(of).sum::<usize>().max(1)
}
