//! How a command ends: an exit code, and what is said on standard error.

use std::io::Write as _;

use super::out::printable;
use crate::forms::Lang;
use crate::text::cli::{Say, words};

/// How a command ended that did what it was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// 0: done.
    Done,
    /// 1: done, but something needs a person.
    NeedsPerson,
}

/// Why a command could not do what it was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    /// 2 wrong usage, 3 bad input, 4 store unusable or in use; 0 for a reader who has gone.
    pub code: u8,
    /// What is said, the last cause last; nothing for a reader who has gone.
    pub chain: Vec<String>,
}

impl Fault {
    /// Wrong usage.
    pub(crate) fn usage(lang: Lang, say: &Say<'_>) -> Self {
        Self::new(2, words(lang, say))
    }

    /// Bad input.
    pub(crate) fn input(lang: Lang, say: &Say<'_>) -> Self {
        Self::new(3, words(lang, say))
    }

    /// A store that cannot be used.
    pub(crate) fn store(lang: Lang, say: &Say<'_>) -> Self {
        Self::new(4, words(lang, say))
    }

    /// Words already found.
    pub(crate) fn new(code: u8, message: String) -> Self {
        Self {
            code,
            chain: vec![message],
        }
    }

    /// Words, and the causes behind an error that has no words of its own for them.
    pub(crate) fn because(code: u8, message: String, error: &dyn std::error::Error) -> Self {
        let mut fault = Self::new(code, message);
        let mut cause = error.source();
        while let Some(error) = cause {
            fault.chain.push(error.to_string());
            cause = error.source();
        }
        fault
    }

    /// What writing to standard output gave. Whoever read it and has gone is told nothing.
    pub(crate) fn of_output(lang: Lang, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self {
                code: 0,
                chain: Vec::new(),
            };
        }
        Self::new(4, words(lang, &Say::Writing(&error.to_string())))
    }

    /// Says it on standard error.
    pub(crate) fn say(&self) {
        for line in &self.chain {
            tell(line);
        }
    }
}

/// A line on standard error. Nobody there to read it is no error.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", printable(line));
}
