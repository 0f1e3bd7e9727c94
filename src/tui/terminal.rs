//! The terminal itself: taken over at the start, given back whatever happens, and asked once what it can show.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;

use rustix::termios::{OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};

/// Alternate screen; keypad sends digits; pastes come in brackets.
const TAKE: &str = "\x1b[?1049h\x1b>\x1b[?2004h\x1b[m\x1b[2J\x1b[H";
/// All of it undone: pastes as they were, cursor visible, attributes off, the old screen back.
const GIVE: &str = "\x1b[m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// What a terminal answered to the probe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Probe {
    /// Columns that 张 took; `None` without an answer.
    pub han: Option<u16>,
    /// Columns that a character of ambiguous width took; `None` without an answer.
    pub ambiguous: Option<u16>,
}

/// The terminal while it is ours. Dropping it gives it back.
pub struct Terminal {
    _private: (),
}

impl Terminal {
    /// Takes the terminal over. From here on a panic gives it back before its message is printed.
    pub fn take() -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::other("not a terminal"));
        }
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            give_back();
            before(info);
        }));
        crossterm::terminal::enable_raw_mode()?;
        let terminal = Self { _private: () };
        let mut out = io::stdout();
        out.write_all(TAKE.as_bytes())?;
        out.flush()?;
        Ok(terminal)
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        crossterm::terminal::size().unwrap_or((80, 24))
    }

    /// Writes 张 and a rule, and asks after each where the cursor stands. Waits at most a fifth of a second for each
    /// part of the answer: a terminal that says nothing is believed to be as usual.
    pub fn probe(&self) -> Probe {
        let answer = ask("\r张\x1b[6n\r─\x1b[6n").unwrap_or_default();
        let mut columns = columns(&answer).into_iter();
        let mut out = io::stdout();
        let _ = out.write_all(b"\r\x1b[K").and_then(|()| out.flush());
        let mut took = || columns.next().map(|column| column.saturating_sub(1));
        Probe {
            han: took(),
            ambiguous: took(),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back. May be called twice, and when the terminal is gone.
pub fn give_back() {
    let mut out = io::stdout();
    let _ = out.write_all(GIVE.as_bytes()).and_then(|()| out.flush());
    let _ = crossterm::terminal::disable_raw_mode();
}

fn ask(question: &str) -> io::Result<Vec<u8>> {
    let input = io::stdin();
    let raw = tcgetattr(input.as_fd())?;
    let mut timed = raw.clone();
    timed.special_codes[SpecialCodeIndex::VMIN] = 0;
    timed.special_codes[SpecialCodeIndex::VTIME] = 2;
    tcsetattr(input.as_fd(), OptionalActions::Now, &timed)?;
    let answer = (|| {
        let mut out = io::stdout();
        out.write_all(question.as_bytes())?;
        out.flush()?;
        let mut file = File::from(input.as_fd().try_clone_to_owned()?);
        let mut answer = Vec::new();
        let mut some = [0; 64];
        while columns(&answer).len() < 2 && answer.len() < 1024 {
            match file.read(&mut some)? {
                0 => break,
                n => answer.extend_from_slice(&some[..n]),
            }
        }
        Ok(answer)
    })();
    tcsetattr(input.as_fd(), OptionalActions::Now, &raw)?;
    answer
}

/// The columns of all cursor reports (`ESC [ row ; column R`) in what was read.
fn columns(answer: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(answer);
    text.split("\x1b[")
        .skip(1)
        .filter_map(|report| {
            let (place, _) = report.split_once('R')?;
            let (row, column) = place.split_once(';')?;
            row.parse::<u16>().ok()?;
            column.parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursor_reports_are_found_among_other_bytes() {
        assert_eq!(columns(b"x\x1b[1;3R\x1b[1;2R"), [3, 2]);
        assert!(columns(b"\x1b[A\x1b[1;").is_empty());
    }
}
