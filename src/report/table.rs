//! A table as people read it: a title, a line under it, columns and rows. How it is written to a file is the matter of the
//! format.

/// A table.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Table {
    /// What it is.
    pub title: String,
    /// What is said under the title: each with its name.
    pub about: Vec<(String, String)>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// How high a row is at least, in points: a row to sign in needs room for a hand.
    pub height: f64,
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Column {
    /// Its head; may have two lines.
    pub head: String,
    /// Its least width in cells (a 汉字 has two).
    pub width: u16,
}

/// A cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// Text, whoever wrote it: never a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Tenths, as of hours.
    Tenths(u32),
    /// So many of so many; a dash where there is nothing to divide by.
    Rate(Option<(u32, u32)>),
}

impl Column {
    /// A column as wide as what stands in it.
    pub fn new(head: impl Into<String>) -> Self {
        Self {
            head: head.into(),
            width: 0,
        }
    }
}

impl Cell {
    /// As it is read. A rate shows numerator and denominator.
    pub fn show(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
            Self::Rate(None | Some((_, 0))) => "-".to_owned(),
            Self::Rate(Some((part, whole))) => {
                let (part, whole) = (u64::from(*part), u64::from(*whole));
                // Rounded to the nearest; a half goes up.
                let percent = (part * 200 + whole) / (2 * whole);
                format!("{percent}% ({part}/{whole})")
            }
        }
    }
}

/// What keeps a spreadsheet from running text as a formula when it reads it from a csv: a quote before it.
pub fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The table as a csv for spreadsheets: with a byte order mark, what stands under the title joined to each row, and no
/// cell that is a formula.
pub fn csv(table: &Table) -> String {
    let mut out = String::from("\u{feff}");
    let about = table.about.iter();
    let heads = (about.clone().map(|(name, _)| guarded(name)))
        .chain(table.columns.iter().map(|column| guarded(&column.head)));
    line(&mut out, heads);
    for row in &table.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => guarded(text),
            ours => ours.show(),
        });
        line(
            &mut out,
            about.clone().map(|(_, text)| guarded(text)).chain(cells),
        );
    }
    out
}

/// One line of a csv (RFC 4180), with its end.
pub fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\r', '\n']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_shows_numerator_and_denominator_and_never_divides_by_nothing() {
        let shown = |rate| Cell::Rate(rate).show();
        assert_eq!(shown(Some((2, 3))), "67% (2/3)");
        assert_eq!(shown(Some((1, 200))), "1% (1/200)");
        assert_eq!(shown(Some((0, 0))), "-");
        assert_eq!(shown(None), "-");
        assert_eq!(Cell::Tenths(85).show(), "8.5");
    }

    #[test]
    fn a_csv_has_what_is_above_in_each_row_and_no_formula() {
        let table = Table {
            title: "花名册".into(),
            about: vec![("培训班".into(), "=班,一".into())],
            columns: vec![
                Column::new("序号"),
                Column::new("姓名"),
                Column::new("出勤率"),
            ],
            rows: vec![
                vec![
                    Cell::Number(1),
                    Cell::Text("@向\"秀英".into()),
                    Cell::Rate(None),
                ],
                vec![
                    Cell::Number(2),
                    Cell::Text("冉文".into()),
                    Cell::Rate(Some((1, 1))),
                ],
            ],
            height: 0.0,
        };
        assert_eq!(
            csv(&table),
            "\u{feff}培训班,序号,姓名,出勤率\r\n\"'=班,一\",1,\"'@向\"\"秀英\",-\r\n\"'=班,一\",2,冉文,100% (1/1)\r\n"
        );
        for dangerous in ["=x", "+x", "-x", "@x", "\tx", "\rx"] {
            assert_eq!(guarded(dangerous), format!("'{dangerous}"));
        }
        assert_eq!(guarded("张=1"), "张=1");
    }
}
