//! Choice lists: codes and what they are called.

use super::lang::{Label, Lang};

/// A choice list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choices {
    /// Its name; lists written for one field alone are named `register.field`.
    pub name: String,
    /// What it is called.
    pub label: Label,
    /// The standard it follows, in words, or nothing.
    pub element: Option<String>,
    /// The choices, in the order they are offered.
    pub all: Vec<Choice>,
}

/// One choice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What is stored.
    pub code: String,
    /// What is shown.
    pub label: Label,
    /// At most 8 columns; the label where it is short enough.
    pub short: Label,
    /// No longer offered, still readable.
    pub retired: bool,
    /// Not offered yet, with the sentence why.
    pub held: Option<Label>,
    /// Excludes all others in a select_multiple.
    pub alone: bool,
    /// Its place among siblings of a conflict (`strictest`, `forward`): the greater stands first.
    pub rank: i64,
    /// The choice of another field under which it is offered (a cascade), or nothing.
    pub filter: Option<String>,
}

impl Choice {
    /// Whether it may be chosen now.
    pub fn offered(&self) -> bool {
        !self.retired && self.held.is_none()
    }
}

impl Choices {
    /// The choice with this code, retired and held ones too.
    pub fn get(&self, code: &str) -> Option<&Choice> {
        self.all.iter().find(|choice| choice.code == code)
    }

    /// What a code is called; the code itself if the list does not know it.
    pub fn words<'a>(&'a self, code: &'a str, lang: Lang) -> &'a str {
        self.get(code).map_or(code, |choice| choice.label.get(lang))
    }

    /// The choices that may be chosen now.
    pub fn offered(&self) -> impl Iterator<Item = &Choice> {
        self.all.iter().filter(|choice| choice.offered())
    }

    /// What to press for each offered choice, in order (rule 2 of `interface.md`): the code without its leading zero if
    /// that gives one digit for every choice; else the position (1 to 9, 0) of a list of at most ten; else two digits,
    /// the codes if all have two, or 01, 02 and so on.
    pub fn digits(&self) -> Vec<(String, &Choice)> {
        let offered: Vec<&Choice> = self.offered().collect();
        let digits =
            |code: &str, n: usize| code.len() == n && code.bytes().all(|c| c.is_ascii_digit());
        let bare = |code: &str| match code.strip_prefix('0') {
            Some(rest) if digits(rest, 1) => Some(rest.to_owned()),
            _ => digits(code, 1).then(|| code.to_owned()),
        };
        let press: Vec<String> = if offered.iter().all(|choice| bare(&choice.code).is_some()) {
            offered
                .iter()
                .filter_map(|choice| bare(&choice.code))
                .collect()
        } else if offered.len() <= 10 && !offered.iter().all(|choice| digits(&choice.code, 2)) {
            (1..=offered.len()).map(|n| (n % 10).to_string()).collect()
        } else if offered.iter().all(|choice| digits(&choice.code, 2)) {
            offered.iter().map(|choice| choice.code.clone()).collect()
        } else {
            (1..=offered.len()).map(|n| format!("{n:02}")).collect()
        };
        press.into_iter().zip(offered).collect()
    }
}
