//! Marking: what digits do to the cells, taking it back, and what of it is saved.

use crate::forms::{Content, Kind};
use crate::record::Value;
use crate::text::roll::RollWord;
use crate::tui::effect::Effect;
use crate::tui::screen::Cx;

use super::{Before, RESTS, Roll, load, say};

impl Roll {
    /// Marks cells, to be saved when the hand rests.
    pub(super) fn mark(&mut self, cells: Vec<(usize, usize, Option<String>)>, cx: &Cx) {
        let Some(grid) = &mut self.grid else { return };
        let mut before = Before::new();
        for (person, meeting, code) in cells {
            let old = grid.mark(person, meeting).map(str::to_owned);
            if old != code {
                before.push((person, meeting, old));
                grid.set(person, meeting, code);
                self.pending.insert((person, meeting));
            }
        }
        if !before.is_empty() {
            self.undo.push(before);
            self.save_due = Some(cx.at + RESTS);
        }
    }

    /// Marks the cell under the hand and goes down.
    pub(super) fn mark_here(&mut self, code: Option<String>, cx: &Cx) {
        if let Some(person) = self.person() {
            self.mark(vec![(person, self.column, code)], cx);
        }
        self.go(self.row + 1, self.column, cx);
    }

    pub(super) fn set_result(&mut self, content: Content, cx: &Cx) {
        let Some((_, roll)) = load::part(cx, self.of.0) else {
            return;
        };
        if let (Some(person), Some(grid)) = (self.person(), &mut self.grid) {
            let mut contents = grid.people()[person].contents.clone();
            match content.is_empty() {
                true => drop(contents.remove(&roll.result)),
                false => drop(contents.insert(roll.result, content.clone())),
            }
            grid.set_person(person, contents);
            self.results.insert(person, content);
            self.save_due = Some(cx.at + RESTS);
        }
        self.go(self.row + 1, self.column, cx);
    }

    /// What is marked and not saved yet, as one group.
    pub(super) fn save(&mut self, cx: &Cx) -> Vec<Effect> {
        self.save_due = None;
        let Some((grid, (_, roll))) = self.grid.as_ref().zip(load::part(cx, self.of.0)) else {
            return Vec::new();
        };
        let cells = std::mem::take(&mut self.pending).into_iter();
        let marks = cells.filter_map(|(person, meeting)| {
            let (person_id, meeting_id) = (grid.people()[person].id, grid.meetings()[meeting].id);
            load::mark(cx, roll, meeting_id, person_id, grid.mark(person, meeting))
        });
        let mut savings: Vec<_> = marks.collect();
        for (person, content) in std::mem::take(&mut self.results) {
            let values = [(roll.result, content)];
            savings.extend(load::field(cx, roll, grid.people()[person].id, &values));
        }
        match savings.is_empty() {
            true => Vec::new(),
            false => vec![Effect::Save(savings)],
        }
    }

    pub(super) fn undo(&mut self, cx: &Cx) -> Vec<Effect> {
        let Some(before) = self.undo.pop() else {
            return vec![say(RollWord::NothingToUndo.get(cx.lang))];
        };
        let Some(grid) = &mut self.grid else {
            return Vec::new();
        };
        for (person, meeting, code) in before.into_iter().rev() {
            grid.set(person, meeting, code);
            self.pending.insert((person, meeting));
        }
        self.save_due = Some(cx.at + RESTS);
        Vec::new()
    }

    /// The digits before the marks, or before the results behind the last meeting, and what each stands for.
    pub(super) fn digits(&self, cx: &Cx) -> Vec<(String, String, String)> {
        let Some((_, roll)) = load::part(cx, self.of.0) else {
            return Vec::new();
        };
        let (register, tag) = match self.at_result() {
            true => (roll.people, roll.result),
            false => (roll.marks, roll.mark),
        };
        let field = cx.reader.registers().by_number(register);
        match field.and_then(|register| register.by_tag(tag)) {
            Some(field) => match &field.kind {
                Kind::SelectOne(list) => list
                    .digits()
                    .into_iter()
                    .map(|(digits, choice)| {
                        (
                            digits,
                            choice.code.clone(),
                            choice.label.get(cx.lang).into(),
                        )
                    })
                    .collect(),
                _ => Vec::new(),
            },
            None => Vec::new(),
        }
    }

    pub(super) fn digit(&mut self, digit: u8, cx: &Cx) -> Vec<Effect> {
        let digits = self.digits(cx);
        let found = digits
            .iter()
            .find(|(drawn, ..)| *drawn == digit.to_string());
        let code = found.map(|(_, code, _)| code.clone());
        if code.is_none() && digit != 0 {
            return Vec::new();
        }
        match self.at_result() {
            true => {
                let content = code.map_or(Content::Empty, |code| Content::one(Value::text(&code)));
                self.set_result(content, cx);
            }
            false => self.mark_here(code, cx),
        }
        Vec::new()
    }

    pub(super) fn usual(&self, cx: &Cx) -> Option<String> {
        load::part(cx, self.of.0).map(|(_, roll)| roll.usual.clone())
    }

    pub(super) fn next_blank(&mut self, cx: &Cx) {
        let Some(grid) = &self.grid else { return };
        let meetings = grid.meetings().len();
        let all = (self.column.min(meetings.saturating_sub(1))..meetings)
            .flat_map(|meeting| (0..self.order.len()).map(move |row| (meeting, row)));
        let here = (self.column, self.row);
        let blank = |&(meeting, row): &(usize, usize)| {
            (meeting, row) > here
                && grid.expected(self.order[row])
                && grid.mark(self.order[row], meeting).is_none()
        };
        if let Some((meeting, row)) = all.into_iter().find(blank) {
            self.go(row, meeting, cx);
        }
    }

    pub(super) fn alike(&mut self, cx: &Cx) {
        let Some(grid) = &self.grid else { return };
        let next = self.column + 1;
        if next >= grid.meetings().len() {
            return;
        }
        let cells = (0..grid.people().len())
            .filter(|person| grid.expected(*person))
            .map(|person| {
                (
                    person,
                    next,
                    grid.mark(person, self.column).map(str::to_owned),
                )
            })
            .collect();
        self.mark(cells, cx);
        self.go(self.row, next, cx);
    }

    pub(super) fn above(&mut self, cx: &Cx) {
        let Some(grid) = &self.grid else { return };
        let above = self.row.checked_sub(1).and_then(|row| self.order.get(row));
        if let (Some(&above), false) = (above, self.at_result()) {
            let code = grid.mark(above, self.column).map(str::to_owned);
            self.mark_here(code, cx);
        }
    }
}
