//! What is printed: one object a line, or a table for a spreadsheet, or words. Data goes to standard output alone.

use std::io::{self, BufWriter, Write};

use clap::ValueEnum;
use serde_json::{Map, Value};

use crate::report::table::guarded;
use crate::text::clean;

/// How data is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    // For people.
    Text,
    // One object a line.
    Json,
    // For spreadsheets: with a byte order mark, and no cell that a spreadsheet takes for a formula.
    Csv,
}

/// An object whose keys keep their order.
pub(crate) type Object = Map<String, Value>;

/// Writes rows in one format. Everything it returns is an error of the stream below; a closed one is
/// [`io::ErrorKind::BrokenPipe`].
pub(crate) struct Out<W: Write> {
    format: Format,
    stream: BufWriter<W>,
    columns: Vec<String>,
    header: bool,
}

impl<W: Write> Out<W> {
    /// Writes to a stream.
    pub(crate) fn new(format: Format, stream: W) -> Self {
        Self {
            format,
            stream: BufWriter::with_capacity(64 * 1024, stream),
            columns: Vec::new(),
            header: false,
        }
    }

    /// The format.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Which keys become columns of a csv; the header is written even if no row follows.
    pub(crate) fn columns<'a>(
        &mut self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> io::Result<()> {
        self.columns = names.into_iter().map(str::to_owned).collect();
        if self.format == Format::Csv && !self.header {
            self.header = true;
            self.stream.write_all("\u{feff}".as_bytes())?;
            let names = self.columns.clone();
            self.cells(names.into_iter())?;
        }
        Ok(())
    }

    /// One row: an object, or what `text` says of it.
    pub(crate) fn row(&mut self, object: &Object, text: impl FnOnce() -> String) -> io::Result<()> {
        match self.format {
            Format::Json => {
                serde_json::to_writer(&mut self.stream, object)?;
                self.stream.write_all(b"\n")
            }
            Format::Text => writeln!(self.stream, "{}", printable(&text())),
            Format::Csv => {
                let cells: Vec<String> = self
                    .columns
                    .iter()
                    .map(|name| object.get(name).map_or_else(String::new, cell))
                    .collect();
                self.cells(cells.into_iter())
            }
        }
    }

    fn cells(&mut self, cells: impl Iterator<Item = String>) -> io::Result<()> {
        let mut line = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        line.write_record(cells)?;
        let line = line
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))?;
        self.stream.write_all(&line)
    }

    /// Hands over what is buffered.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Text as a terminal may show it, line by line: a stranger's name must not be able to move the cursor.
pub(crate) fn printable(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

/// One cell: what stands in an object under a key.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => guarded(text),
        Value::Array(list) if list.iter().all(Value::is_string) => guarded(
            &list
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(";"),
        ),
        nested => nested.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn printed(format: Format) -> String {
        let mut bytes = Vec::new();
        let mut out = Out::new(format, &mut bytes);
        out.columns(["id", "list", "text", "n"]).unwrap();
        let row = json!({"id": "ab", "list": ["01", "02"], "text": "=1+1, \"x\"", "n": -3});
        out.row(row.as_object().unwrap(), || "one\u{1b}[2J".to_owned())
            .unwrap();
        out.flush().unwrap();
        drop(out);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn json_is_one_object_a_line() {
        assert_eq!(
            printed(Format::Json),
            "{\"id\":\"ab\",\"list\":[\"01\",\"02\"],\"text\":\"=1+1, \\\"x\\\"\",\"n\":-3}\n"
        );
    }

    #[test]
    fn csv_has_a_mark_and_no_formula() {
        assert_eq!(
            printed(Format::Csv),
            "\u{feff}id,list,text,n\r\nab,01;02,\"'=1+1, \"\"x\"\"\",-3\r\n"
        );
    }

    #[test]
    fn text_cannot_command_a_terminal() {
        assert_eq!(printed(Format::Text), "one\u{fffd}[2J\n");
        assert_eq!(printable("谭\u{202e}秀\n一"), "谭\u{fffd}秀\n一");
    }
}
