//! Lines of standard input, bounded, and cut into the chunks that are saved at once.

use std::io::{self, BufRead};

use super::out::Object;

/// The longest line that is taken, and the bytes of a chunk.
pub(crate) const MEGABYTE: usize = 1_000_000;
/// The most lines of a chunk.
const CHUNK: usize = 1_000;

/// One line, without its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Line {
    /// As it came.
    Text(String),
    /// Longer than a megabyte; it was passed over.
    Long,
    /// Not UTF-8.
    NotText,
    /// A row of a table, read already, or why it does not read.
    Read(Result<Object, Vec<String>>),
}

/// Reads numbered lines; blank ones are counted and passed over.
pub(crate) struct Lines<R> {
    from: R,
    number: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Reads from a stream.
    pub(crate) fn new(from: R) -> Self {
        Self {
            from,
            number: 0,
            buffer: Vec::new(),
        }
    }

    /// The next chunk: at most 1,000 lines or a megabyte, empty at the end.
    pub(crate) fn chunk(&mut self) -> io::Result<Vec<(u64, Line)>> {
        let mut chunk = Vec::new();
        let mut bytes = 0;
        while chunk.len() < CHUNK && bytes < MEGABYTE {
            let Some((size, line)) = self.next()? else {
                break;
            };
            bytes += size;
            chunk.push((self.number, line));
        }
        Ok(chunk)
    }

    fn next(&mut self) -> io::Result<Option<(usize, Line)>> {
        loop {
            self.buffer.clear();
            let (read, long) = self.read_line()?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if long {
                return Ok(Some((0, Line::Long)));
            }
            let mut line = self.buffer.as_slice();
            if self.number == 1 {
                line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
            }
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let text = std::str::from_utf8(line).map(str::to_owned);
            return Ok(Some((line.len(), text.map_or(Line::NotText, Line::Text))));
        }
    }

    /// Reads up to the line's end into the buffer; of a longer one only its start is kept. Bytes read, whether it is longer.
    fn read_line(&mut self) -> io::Result<(usize, bool)> {
        let mut read = 0;
        let mut long = false;
        loop {
            let available = match self.from.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = available.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(available.len(), |at| at + 1);
            if self.buffer.len() + used <= MEGABYTE {
                self.buffer.extend_from_slice(&available[..used]);
            } else {
                long = true;
            }
            self.from.consume(used);
            read += used;
            if end.is_some() || used == 0 {
                return Ok((read, long));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &[u8]) -> Vec<(u64, Line)> {
        let mut lines = Lines::new(io::BufReader::with_capacity(7, input));
        let mut all = Vec::new();
        loop {
            let chunk = lines.chunk().unwrap();
            if chunk.is_empty() {
                return all;
            }
            all.extend(chunk);
        }
    }

    #[test]
    fn lines_are_numbered_as_an_editor_numbers_them() {
        let text = |text: &str| Line::Text(text.to_owned());
        assert_eq!(
            all("\u{feff}{\"a\":1}\r\n\n  \n二\n\n".as_bytes()),
            [(1, text("{\"a\":1}")), (4, text("二"))]
        );
        assert_eq!(all(b"a\nb"), [(1, text("a")), (2, text("b"))]);
        assert_eq!(all(b"\xff\n"), [(1, Line::NotText)]);
        assert_eq!(all(b""), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_without_being_kept() {
        let mut input = vec![b'x'; MEGABYTE + 5];
        input.extend(b"\nok\n");
        assert_eq!(all(&input), [(1, Line::Long), (2, Line::Text("ok".into()))]);
    }

    #[test]
    fn a_chunk_ends_after_a_thousand_lines_or_a_megabyte() {
        let short = "x\n".repeat(2_500);
        let mut lines = Lines::new(short.as_bytes());
        let sizes: Vec<usize> = (0..4).map(|_| lines.chunk().unwrap().len()).collect();
        assert_eq!(sizes, [1_000, 1_000, 500, 0]);
        let wide = format!("{}\n", "y".repeat(300_000)).repeat(9);
        let mut lines = Lines::new(wide.as_bytes());
        let sizes: Vec<usize> = (0..4).map(|_| lines.chunk().unwrap().len()).collect();
        assert_eq!(sizes, [4, 4, 1, 0]);
    }
}
