//! The names of a meeting (点名单): everyone is present but those who are named in a few lines, by number, initials or name.

use crate::store::readings;
use crate::tui::key::fold_width;
use crate::tui::widgets::Line;

/// Somebody who can be named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// Her place in the grid.
    pub(super) person: usize,
    /// Her number.
    pub(super) number: i64,
    /// Her name.
    pub(super) name: String,
    /// First letters in every reading, each as one word.
    initials: Vec<String>,
}

impl Named {
    /// A person of the grid.
    pub(super) fn new(person: usize, number: i64, name: &str) -> Self {
        let mut initials = vec![String::new()];
        for c in name.chars().filter(|c| !c.is_whitespace()) {
            let mut letters: Vec<char> = readings(c)
                .iter()
                .filter_map(|reading| reading.chars().next())
                .collect();
            letters.sort_unstable();
            letters.dedup();
            if letters.is_empty() {
                letters.push(c.to_ascii_lowercase());
            }
            let before = std::mem::take(&mut initials);
            // A name has few readings; more than these nobody types.
            for (start, letter) in before
                .iter()
                .flat_map(|start| letters.iter().map(move |letter| (start, letter)))
                .take(32)
            {
                initials.push(format!("{start}{letter}"));
            }
        }
        Self {
            person,
            number,
            name: name.to_owned(),
            initials,
        }
    }

    /// How near typed words are: 0 the nearest, `None` not at all.
    pub(super) fn fits(&self, typed: &str) -> Option<u8> {
        let typed: String = typed.chars().map(fold_width).collect::<String>();
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() {
            return None;
        }
        if let Ok(number) = typed.parse::<i64>() {
            return (number == self.number).then_some(0);
        }
        if self.name == typed || self.initials.contains(&typed) {
            return Some(0);
        }
        if self.name.starts_with(&typed)
            || self.initials.iter().any(|word| word.starts_with(&typed))
        {
            return Some(1);
        }
        // A given name without its surname.
        let behind = |word: &str| {
            let mut rest = word.chars();
            rest.next();
            rest.as_str().starts_with(&typed)
        };
        (behind(&self.name) || self.initials.iter().any(|word| behind(word))).then_some(2)
    }
}

/// One line of names: a mark and who has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Marked {
    /// The mark's code.
    pub(super) code: String,
    /// Places in the grid, in the order in which they were named.
    pub(super) who: Vec<usize>,
}

/// The lines while they are filled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Names {
    pub(super) meeting: usize,
    pub(super) lines: Vec<Marked>,
    pub(super) at: usize,
    pub(super) typed: Line,
    /// Which candidate is marked.
    pub(super) candidate: usize,
    all: Vec<Named>,
    undo: Vec<Vec<Marked>>,
}

impl Names {
    /// The lines of a meeting: `codes` in order, filled with who is marked so.
    pub(super) fn new(
        meeting: usize,
        codes: &[String],
        all: Vec<Named>,
        marked: impl Fn(usize) -> Option<String>,
    ) -> Self {
        let lines = codes
            .iter()
            .map(|code| Marked {
                code: code.clone(),
                who: all
                    .iter()
                    .map(|named| named.person)
                    .filter(|person| marked(*person).as_ref() == Some(code))
                    .collect(),
            })
            .collect();
        Self {
            meeting,
            lines,
            at: 0,
            typed: Line::default(),
            candidate: 0,
            all,
            undo: Vec::new(),
        }
    }

    /// Who fits what is typed, the nearest first, those not named yet before those who are.
    pub(super) fn candidates(&self) -> Vec<&Named> {
        let named = |person: usize| self.lines.iter().any(|line| line.who.contains(&person));
        let mut found: Vec<(bool, u8, &Named)> = self
            .all
            .iter()
            .filter_map(|one| Some((named(one.person), one.fits(self.typed.text())?, one)))
            .collect();
        found.sort_by_key(|(named, near, one)| (*named, *near, one.number));
        found.into_iter().map(|(.., one)| one).collect()
    }

    /// Takes the marked candidate into the line; whether there was one.
    pub(super) fn take(&mut self) -> bool {
        let found = self.candidates();
        let place = self.candidate.min(found.len().saturating_sub(1));
        let Some(person) = found.get(place).map(|one| one.person) else {
            return false;
        };
        self.undo.push(self.lines.clone());
        let there = self.lines[self.at].who.contains(&person);
        for line in &mut self.lines {
            line.who.retain(|who| *who != person);
        }
        // Naming somebody once more takes her out.
        if !there {
            self.lines[self.at].who.push(person);
        }
        self.typed.clear();
        self.candidate = 0;
        true
    }

    /// Takes the last naming back; whether there was one.
    pub(super) fn take_back(&mut self) -> bool {
        match self.undo.pop() {
            Some(lines) => {
                self.lines = lines;
                true
            }
            None => false,
        }
    }

    /// The mark of somebody: her line's, else the usual one.
    pub(super) fn mark(&self, person: usize) -> Option<&str> {
        let line = self.lines.iter().find(|line| line.who.contains(&person));
        line.map(|line| line.code.as_str())
    }

    /// How many are not named.
    pub(super) fn others(&self) -> usize {
        let named: usize = self.lines.iter().map(|line| line.who.len()).sum();
        self.all.len().saturating_sub(named)
    }

    /// Everybody who can be named, by place in the grid.
    pub(super) fn everybody(&self) -> impl Iterator<Item = usize> {
        self.all.iter().map(|one| one.person)
    }

    /// The name at a place in the grid.
    pub(super) fn name(&self, person: usize) -> &str {
        let found = self.all.iter().find(|one| one.person == person);
        found.map_or("", |one| one.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let all = [(1, "李静"), (2, "王芳"), (17, "熊世碧"), (43, "谢素英")];
        let all = all.iter().enumerate();
        let all = all.map(|(place, (number, name))| Named::new(place, *number, name));
        Names::new(0, &["L".into(), "A".into()], all.collect(), |_| None)
    }

    fn of(names: &Names, typed: &str) -> Vec<String> {
        let mut names = names.clone();
        names.typed.insert(typed);
        let found = names.candidates();
        found.iter().map(|one| one.name.clone()).collect()
    }

    #[test]
    fn somebody_is_named_by_number_initials_or_name() {
        let names = names();
        assert_eq!(of(&names, "17"), ["熊世碧"]);
        assert_eq!(of(&names, "１７"), ["熊世碧"]);
        assert_eq!(of(&names, "xs"), ["熊世碧", "谢素英"]);
        assert_eq!(of(&names, "xsy"), ["谢素英"]);
        assert_eq!(of(&names, "素"), ["谢素英"]);
        assert_eq!(of(&names, "王"), ["王芳"]);
        assert_eq!(of(&names, "7"), Vec::<String>::new());
    }

    #[test]
    fn who_is_named_stands_in_one_line_and_naming_twice_takes_out() {
        let mut names = names();
        let name = |names: &mut Names, typed: &str| {
            names.typed.insert(typed);
            assert!(names.take());
        };
        name(&mut names, "1");
        assert_eq!((names.mark(0), names.others()), (Some("L"), 3));
        names.at = 1;
        name(&mut names, "lj");
        assert_eq!(names.mark(0), Some("A"));
        name(&mut names, "李静");
        assert_eq!((names.mark(0), names.others()), (None, 4));
        assert!(names.take_back());
        assert_eq!(names.mark(0), Some("A"));
        assert!(!Names::take(&mut names.clone()));
    }
}
