//! One grid of people by meetings, with its sums: who was there, how often, for how many hours.
//!
//! Only exceptions are written down. So a cell without a mark means nothing before its meeting was held, and the usual mark
//! afterwards; a meeting is held when it has any mark. Every sum is kept so that one mark costs the same in a grid of five
//! lines and of five hundred: a person's sums are those of her own marks, and what all held meetings come to is kept once.

mod rules;

use std::collections::BTreeMap;

use rules::{Rules, tenths};

use crate::forms::{Contents, Registers, Roll};
use crate::record::RecordId;

/// How many of a thousand meetings a line has to attend to pass, unless the settings say another number.
pub const PASS: u32 = 800;

/// A line: one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Her record.
    pub id: RecordId,
    /// What it holds.
    pub contents: Contents,
}

/// A column: one meeting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meeting {
    /// Its record.
    pub id: RecordId,
    /// What it holds.
    pub contents: Contents,
}

/// A grid of people by meetings, and its sums. Places are those of [`Grid::people`] and [`Grid::meetings`].
#[derive(Clone, Debug)]
pub struct Grid {
    rules: Rules,
    people: Vec<Person>,
    meetings: Vec<Meeting>,
    lines: Vec<Line>,
    columns: Vec<Column>,
    /// All meetings that were held.
    held: Sum,
    /// How many people are expected.
    expected: u32,
}

/// Meetings and their tenths of hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Sum {
    meetings: u32,
    tenths: u32,
}

#[derive(Clone, Debug, Default)]
struct Line {
    expected: bool,
    cells: Vec<Option<String>>,
    /// Her own marks, whatever they say.
    marked: Sum,
    /// Those that say that she was there.
    attended: Sum,
    absences: u32,
}

#[derive(Clone, Debug, Default)]
struct Column {
    tenths: u32,
    /// Marks of anybody.
    marks: u32,
    /// Marks of those who are expected, by code, the usual one filled in; empty if it was not held.
    counts: BTreeMap<String, u32>,
}

impl Grid {
    /// A grid: its people by their number and then their id, its meetings by their two heads. The key of a mark is meeting
    /// and person; marks of others than these are no part of it.
    pub fn new(
        roll: &Roll,
        registers: &Registers,
        people: Vec<Person>,
        meetings: Vec<Meeting>,
        marks: impl IntoIterator<Item = ((RecordId, RecordId), String)>,
    ) -> Self {
        let rules = Rules::of(roll, registers);
        let mut grid = Self {
            rules,
            people: Vec::with_capacity(people.len()),
            meetings: Vec::with_capacity(meetings.len()),
            lines: Vec::with_capacity(people.len()),
            columns: Vec::with_capacity(meetings.len()),
            held: Sum::default(),
            expected: 0,
        };
        let mut people = people;
        people.sort_by_cached_key(|person| grid.rules.person(person));
        let mut meetings = meetings;
        meetings.sort_by_cached_key(|meeting| grid.rules.meeting(meeting));
        let rows: BTreeMap<RecordId, usize> = (people.iter().enumerate())
            .map(|(at, person)| (person.id, at))
            .collect();
        let columns: BTreeMap<RecordId, usize> = (meetings.iter().enumerate())
            .map(|(at, meeting)| (meeting.id, at))
            .collect();
        for person in people {
            grid.insert_person(grid.people.len(), person);
        }
        for meeting in meetings {
            grid.insert_meeting(grid.meetings.len(), meeting);
        }
        for ((meeting, person), code) in marks {
            if let (Some(&person), Some(&meeting)) = (rows.get(&person), columns.get(&meeting)) {
                grid.set(person, meeting, Some(code));
            }
        }
        grid
    }

    /// The lines.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The columns.
    pub fn meetings(&self) -> &[Meeting] {
        &self.meetings
    }

    /// What is marked; nothing where nobody marked anything.
    pub fn mark(&self, person: usize, meeting: usize) -> Option<&str> {
        self.lines[person].cells[meeting].as_deref()
    }

    /// What counts: the mark, the usual one of a meeting that was held, or nothing. Of someone who is not expected only
    /// her own marks count.
    pub fn counted(&self, person: usize, meeting: usize) -> Option<&str> {
        let usual =
            || (self.held(meeting) && self.expected(person)).then_some(self.rules.usual.as_str());
        self.mark(person, meeting).or_else(usual)
    }

    /// Marks a cell, or clears it. Costs the same whatever the size of the grid.
    pub fn set(&mut self, person: usize, meeting: usize, code: Option<String>) {
        let old = self.lines[person].cells[meeting].take();
        if let Some(old) = &old {
            self.count(person, meeting, old, false);
        }
        if let Some(new) = &code {
            self.count(person, meeting, new, true);
        }
        self.lines[person].cells[meeting] = code;
    }

    /// Whether a meeting has any mark.
    pub fn held(&self, meeting: usize) -> bool {
        self.columns[meeting].marks > 0
    }

    /// Whether a line is expected at the meetings: it was neither replaced nor withdrawn.
    pub fn expected(&self, person: usize) -> bool {
        self.lines[person].expected
    }

    /// How many lines are expected.
    pub fn count_expected(&self) -> u32 {
        self.expected
    }

    /// The tenths of hours that a line attended.
    pub fn hours(&self, person: usize) -> u32 {
        self.attended(person).tenths
    }

    /// How often a line was absent; leave is no absence.
    pub fn absences(&self, person: usize) -> u32 {
        let line = &self.lines[person];
        let usual = match self.rules.was_absent(&self.rules.usual) {
            true => self.unmarked(line).meetings,
            false => 0,
        };
        line.absences + usual
    }

    /// How many meetings a line attended, of how many that were held; nothing if none was, or if it is not expected.
    pub fn rate(&self, person: usize) -> Option<(u32, u32)> {
        (self.expected(person) && self.held.meetings > 0)
            .then(|| (self.attended(person).meetings, self.held.meetings))
    }

    /// The marks of a meeting by code, the usual one filled in; none if it was not held.
    pub fn counts(&self, meeting: usize) -> &BTreeMap<String, u32> {
        &self.columns[meeting].counts
    }

    /// How many attended a meeting, of how many expected; nothing if it was not held or nobody is expected.
    pub fn meeting_rate(&self, meeting: usize) -> Option<(u32, u32)> {
        let counts = self.counts(meeting);
        let of = |code: &String| counts.get(code).copied().unwrap_or(0);
        (self.held(meeting) && self.expected > 0)
            .then(|| (self.rules.attended.iter().map(of).sum(), self.expected))
    }

    /// Attended of expected, over all meetings that were held.
    pub fn total_rate(&self) -> Option<(u32, u32)> {
        (0..self.meetings.len())
            .filter_map(|meeting| self.meeting_rate(meeting))
            .reduce(|a, b| (a.0 + b.0, a.1 + b.1))
    }

    /// The tenths of hours of all meetings that were held.
    pub fn total_hours(&self) -> u32 {
        self.held.tenths
    }

    /// The result that a line earns by being there in at least so many of a thousand meetings ([`PASS`]); nothing if it
    /// does not, or if nothing was held yet.
    pub fn earned(&self, person: usize, pass: u32) -> Option<&str> {
        let (attended, held) = self.rate(person)?;
        (u64::from(attended) * 1000 >= u64::from(held) * u64::from(pass))
            .then_some(self.rules.passed.as_str())
    }

    /// Adds a line where its number puts it, and gives its place; those behind it move by one.
    pub fn add_person(&mut self, person: Person) -> usize {
        let key = self.rules.person(&person);
        let at = self
            .people
            .partition_point(|other| self.rules.person(other) <= key);
        self.insert_person(at, person);
        at
    }

    /// Adds a column where its heads put it, and gives its place; those behind it move by one.
    pub fn add_meeting(&mut self, meeting: Meeting) -> usize {
        let key = self.rules.meeting(&meeting);
        let at = self
            .meetings
            .partition_point(|other| self.rules.meeting(other) <= key);
        self.insert_meeting(at, meeting);
        at
    }

    /// Says what a line holds now: it may be expected no more, or again. Its place stays.
    pub fn set_person(&mut self, person: usize, contents: Contents) {
        let expected = self.rules.expected(&contents);
        self.people[person].contents = contents;
        if expected != self.lines[person].expected {
            self.expect(person, expected);
        }
    }

    /// Says what a column holds now: it may count other hours. Its place stays.
    pub fn set_meeting(&mut self, meeting: usize, contents: Contents) {
        let (old, new) = (
            self.columns[meeting].tenths,
            tenths(&contents, self.rules.weight),
        );
        self.meetings[meeting].contents = contents;
        self.columns[meeting].tenths = new;
        let instead = |sum: &mut Sum| sum.tenths = sum.tenths - old + new;
        if self.columns[meeting].marks > 0 {
            instead(&mut self.held);
        }
        for line in &mut self.lines {
            if let Some(code) = &line.cells[meeting] {
                instead(&mut line.marked);
                if self.rules.was_there(code) {
                    instead(&mut line.attended);
                }
            }
        }
    }

    fn insert_person(&mut self, at: usize, person: Person) {
        let expected = self.rules.expected(&person.contents);
        let line = Line {
            cells: vec![None; self.meetings.len()],
            ..Line::default()
        };
        self.people.insert(at, person);
        self.lines.insert(at, line);
        if expected {
            self.expect(at, true);
        }
    }

    fn insert_meeting(&mut self, at: usize, meeting: Meeting) {
        let column = Column {
            tenths: tenths(&meeting.contents, self.rules.weight),
            ..Column::default()
        };
        self.meetings.insert(at, meeting);
        self.columns.insert(at, column);
        for line in &mut self.lines {
            line.cells.insert(at, None);
        }
    }

    /// Counts a line in at every meeting, or out.
    fn expect(&mut self, person: usize, expected: bool) {
        self.lines[person].expected = expected;
        step(&mut self.expected, expected);
        for (column, cell) in self.columns.iter_mut().zip(&self.lines[person].cells) {
            if column.marks > 0 {
                column.count(cell.as_ref().unwrap_or(&self.rules.usual), expected);
            }
        }
    }

    /// Counts one mark in, or out.
    fn count(&mut self, person: usize, meeting: usize, code: &str, more: bool) {
        let line = &mut self.lines[person];
        let column = &mut self.columns[meeting];
        let usual = &self.rules.usual;
        if more && column.marks == 0 {
            // Held from now on: everybody who is expected was there as usual.
            self.held.add(column.tenths, true);
            if self.expected > 0 {
                column.counts.insert(usual.clone(), self.expected);
            }
        }
        if line.expected {
            column.count(usual, !more);
            column.count(code, more);
        }
        step(&mut column.marks, more);
        if column.marks == 0 {
            self.held.add(column.tenths, false);
            column.counts.clear();
        }
        line.marked.add(column.tenths, more);
        if self.rules.was_there(code) {
            line.attended.add(column.tenths, more);
        }
        if self.rules.was_absent(code) {
            step(&mut line.absences, more);
        }
    }

    fn attended(&self, person: usize) -> Sum {
        let line = &self.lines[person];
        let mut sum = line.attended;
        if self.rules.was_there(&self.rules.usual) {
            let usual = self.unmarked(line);
            sum.meetings += usual.meetings;
            sum.tenths += usual.tenths;
        }
        sum
    }

    /// The meetings held at which a line that is expected has no mark.
    fn unmarked(&self, line: &Line) -> Sum {
        match line.expected {
            // Whatever meeting has a mark of hers was held.
            true => Sum {
                meetings: self.held.meetings - line.marked.meetings,
                tenths: self.held.tenths - line.marked.tenths,
            },
            false => Sum::default(),
        }
    }
}

impl Sum {
    fn add(&mut self, tenths: u32, more: bool) {
        step(&mut self.meetings, more);
        match more {
            true => self.tenths += tenths,
            false => self.tenths -= tenths,
        }
    }
}

impl Column {
    /// Counts a mark in, or out; none is not a count.
    fn count(&mut self, code: &str, more: bool) {
        let count = self.counts.entry(code.to_owned()).or_insert(0);
        step(count, more);
        if *count == 0 {
            self.counts.remove(code);
        }
    }
}

fn step(count: &mut u32, more: bool) {
    match more {
        true => *count += 1,
        false => *count -= 1,
    }
}

#[cfg(test)]
mod tests;
