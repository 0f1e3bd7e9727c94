//! A question at the terminal.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use super::fault::Fault;
use super::out::printable;
use crate::forms::Lang;
use crate::text::cli::Say;

/// Asks for a yes, unless `yes` was said on the command line.
///
/// # Errors
/// Wrong usage if nobody can answer.
pub(crate) fn yes(lang: Lang, yes: bool, question: &str) -> Result<bool, Fault> {
    if yes {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Fault::usage(lang, &Say::NobodyToAsk));
    }
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "{}", printable(question));
    let _ = stderr.flush();
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    Ok(is_yes(&answer))
}

/// Whether an answer is a yes; an input method may have been left on.
fn is_yes(answer: &str) -> bool {
    matches!(
        answer.trim(),
        "y" | "Y" | "yes" | "ｙ" | "Ｙ" | "是" | "1" | "１"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        for answer in ["y\n", "是", "ｙ\n"] {
            assert!(is_yes(answer));
        }
        for answer in ["", "\n", "n", "yy", "否"] {
            assert!(!is_yes(answer));
        }
    }
}
