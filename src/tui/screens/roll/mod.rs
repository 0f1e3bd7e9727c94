//! The roll: people down, meetings across, a mark in each cell, totals at the edge. What is marked is saved when the hand
//! rests; nothing here knows what a class is.

mod draw;
mod known;
mod load;
mod marks;
mod names;
mod panels;
mod people;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::forms::Content;
use crate::record::{RecordId, Value};
use crate::report::roll::Grid;
use crate::text::Word;
use crate::text::roll::RollWord;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Opening, Outcome};
use crate::tui::page::Page;
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::show;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;
use names::{Named, Names};
use people::Adding;

/// How long the hand must rest before marks are saved, in milliseconds.
const RESTS: u64 = 250;

/// Which line has which mark, before something was done.
type Before = Vec<(usize, usize, Option<String>)>;

/// The roll of a record.
pub struct Roll {
    of: (u32, RecordId),
    grid: Option<Grid>,
    /// People are only replaced by now.
    frozen: bool,
    /// Places of people in the order shown.
    order: Vec<usize>,
    sorted: usize,
    /// The marked row, in the order shown, and the marked meeting; behind the last one is the result.
    row: usize,
    column: usize,
    top: usize,
    left: usize,
    line: Line,
    names: Option<Names>,
    adding: Option<Adding>,
    /// Cells marked and not saved yet, by person and meeting.
    pending: BTreeSet<(usize, usize)>,
    /// Results marked and not saved yet.
    results: BTreeMap<usize, Content>,
    undo: Vec<Before>,
    save_due: Option<u64>,
    saved: Option<u64>,
    made: u64,
}

impl Roll {
    /// The roll of a record, not read yet.
    pub fn new(register: u32, id: RecordId) -> Self {
        Self {
            of: (register, id),
            grid: None,
            frozen: false,
            order: Vec::new(),
            sorted: 0,
            row: 0,
            column: 0,
            top: 0,
            left: 0,
            line: Line::default(),
            names: None,
            adding: None,
            pending: BTreeSet::new(),
            results: BTreeMap::new(),
            undo: Vec::new(),
            save_due: None,
            saved: None,
            made: 0,
        }
    }

    fn read(&mut self, cx: &Cx) {
        let read = load::grid(cx, self.of);
        // What was done is taken back by place: not once places have moved.
        if self.grid.as_ref().map(places) != read.as_ref().map(places) {
            self.undo.clear();
        }
        self.grid = read;
        self.frozen = load::part(cx, self.of.0)
            .zip(load::own(cx, self.of))
            .is_some_and(|((register, roll), contents)| {
                roll.frozen(register, &contents, &show::context(cx))
            });
        self.sort(cx);
        self.column = self.column.min(self.columns().saturating_sub(1));
        self.row = self.row.min(self.order.len().saturating_sub(1));
    }

    /// Meetings, and the result behind them.
    fn columns(&self) -> usize {
        self.grid.as_ref().map_or(1, |grid| grid.meetings().len()) + 1
    }

    fn at_result(&self) -> bool {
        self.column + 1 == self.columns()
    }

    fn person(&self) -> Option<usize> {
        self.order.get(self.row).copied()
    }

    fn sort(&mut self, cx: &Cx) {
        let Some(grid) = &self.grid else { return };
        let Some((_, roll)) = load::part(cx, self.of.0) else {
            return;
        };
        let people = grid.people();
        let mut order: Vec<usize> = (0..people.len()).collect();
        let fields = &roll.before;
        if let Some(tag) = self.sorted.checked_sub(1).and_then(|at| fields.get(at)) {
            order.sort_by_cached_key(|&at| {
                let field = cx
                    .reader
                    .registers()
                    .by_number(roll.people)
                    .and_then(|register| register.by_tag(*tag));
                field.map(|field| {
                    let content = people[at].contents.get(tag).unwrap_or(&Content::Empty);
                    field.show(content, &show::context(cx))
                })
            });
        }
        self.order = order;
    }

    fn size(&self, cx: &Cx) -> usize {
        draw::rows(cx.size, self.names.is_some() || self.adding.is_some())
    }

    fn go(&mut self, row: usize, column: usize, cx: &Cx) {
        self.row = row.min(self.order.len().saturating_sub(1));
        self.column = column.min(self.columns() - 1);
        let page = self.size(cx).max(1);
        if !(self.top..self.top + page).contains(&self.row) {
            self.top = self.row - self.row % page;
        }
        let shown = draw::meetings(cx.size);
        let meeting = self.column.min(self.columns().saturating_sub(2));
        if meeting < self.left {
            self.left = meeting;
        }
        if meeting >= self.left + shown {
            self.left = meeting + 1 - shown;
        }
    }

    fn open_names(&mut self, cx: &Cx) {
        let Some((grid, (_, roll))) = self.grid.as_ref().zip(load::part(cx, self.of.0)) else {
            return;
        };
        if self.at_result() || grid.meetings().is_empty() {
            return;
        }
        let all = (0..grid.people().len())
            .filter(|person| grid.expected(*person))
            .map(|person| {
                let contents = &grid.people()[person].contents;
                let name = contents.get(&roll.name).and_then(Content::value);
                let name = name.and_then(Value::as_text).unwrap_or_default();
                Named::new(person, draw::number(roll, contents), name)
            });
        let column = self.column;
        let marked = |person: usize| grid.mark(person, column).map(str::to_owned);
        self.names = Some(Names::new(column, &roll.names, all.collect(), marked));
        self.go(self.row, self.column, cx);
    }

    /// Everybody who is not named is present; saved at once.
    fn close_names(&mut self, cx: &Cx) -> Vec<Effect> {
        let Some((mut names, usual)) = self.names.take().zip(self.usual(cx)) else {
            return Vec::new();
        };
        // What is typed and not taken yet counts, as it does for Enter.
        if !names.typed.is_empty() && !names.take() {
            self.names = Some(names);
            return vec![say(RollWord::NobodyFits.get(cx.lang))];
        }
        let cells = names
            .everybody()
            .map(|person| {
                let code = names.mark(person).unwrap_or(&usual);
                (person, names.meeting, Some(code.to_owned()))
            })
            .collect();
        self.mark(cells, cx);
        self.save(cx)
    }

    fn act(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        let page = self.size(cx).max(1);
        let (row, column) = (self.row, self.column);
        match action {
            Action::Up => self.go(row.saturating_sub(1), column, cx),
            Action::Down => self.go(row + 1, column, cx),
            Action::Left if self.line.is_empty() => self.go(row, column.saturating_sub(1), cx),
            Action::Right if self.line.is_empty() => self.go(row, column + 1, cx),
            Action::NextMeeting => self.go(row, column + 1, cx),
            Action::LastMeeting => self.go(row, column.saturating_sub(1), cx),
            Action::PageUp => self.go(row.saturating_sub(page), column, cx),
            Action::PageDown => self.go(row + page, column, cx),
            Action::First if self.line.is_empty() => self.go(0, column, cx),
            Action::Last if self.line.is_empty() => self.go(usize::MAX, column, cx),
            Action::Names if self.line.is_empty() => self.open_names(cx),
            // Whom she meant on a frozen roll is found.
            Action::Names => self.line.clear(),
            Action::Present => {
                if let (false, Some(usual)) = (self.at_result(), self.usual(cx)) {
                    self.mark_here(Some(usual), cx);
                }
            }
            Action::Above => self.above(cx),
            Action::Alike => self.alike(cx),
            Action::Sort => {
                let fields = load::part(cx, self.of.0).map_or(0, |(_, roll)| roll.before.len());
                self.sorted = (self.sorted + 1) % (fields + 1);
                self.sort(cx);
                self.go(0, column, cx);
            }
            Action::NextBlank => self.next_blank(cx),
            Action::Undo => return self.undo(cx),
            Action::Finish => return self.save(cx),
            Action::AddPerson => return self.begin_adding(cx),
            Action::NewMeeting => {
                return self.leave_for(cx, |roll, of| Opening::For {
                    register: roll.meetings,
                    tag: roll.meetings_by,
                    to: of,
                });
            }
            Action::Card => {
                let (register, id) = self.of;
                return self.leave_for(cx, |_, _| Opening::Edit(register, id));
            }
            Action::Back if !self.line.is_empty() => self.line.clear(),
            Action::Back => {
                let mut effects = self.save(cx);
                effects.push(Effect::Pop);
                return effects;
            }
            Action::Help => return vec![super::help(self.context(), cx)],
            action => {
                if self.line.act(action) {
                    self.find(cx);
                }
            }
        }
        Vec::new()
    }

    /// Saves what is marked, then opens a form.
    fn leave_for(
        &mut self,
        cx: &Cx,
        opening: impl Fn(&crate::forms::Roll, RecordId) -> Opening,
    ) -> Vec<Effect> {
        let mut effects = self.save(cx);
        if let Some((_, roll)) = load::part(cx, self.of.0) {
            effects.push(Effect::Open(opening(roll, self.of.1)));
        }
        effects
    }

    fn act_names(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        let Some(names) = &mut self.names else {
            return Vec::new();
        };
        let typed = !names.typed.is_empty();
        let last = names.lines.len() - 1;
        match action {
            Action::Take | Action::Next if typed && !names.take() => {
                return vec![say(RollWord::NobodyFits.get(cx.lang))];
            }
            Action::Take => {}
            Action::Next | Action::Forward => names.at = (names.at + 1).min(last),
            Action::Backward => names.at = names.at.saturating_sub(1),
            Action::Down if typed => names.candidate += 1,
            Action::Up if typed => names.candidate = names.candidate.saturating_sub(1),
            Action::Down => names.at = (names.at + 1).min(last),
            Action::Up => names.at = names.at.saturating_sub(1),
            Action::Save => return self.close_names(cx),
            Action::Undo => {
                if !names.take_back() {
                    return vec![say(RollWord::NothingToUndo.get(cx.lang))];
                }
            }
            Action::Back if typed => names.typed.clear(),
            Action::Back => self.names = None,
            Action::Help => return vec![super::help(Context::Names, cx)],
            action => {
                names.typed.act(action);
                names.candidate = 0;
            }
        }
        Vec::new()
    }

    /// Bytes for an id, new each time.
    fn fresh(&mut self, cx: &Cx) -> RecordId {
        self.made += 1;
        let mut hash = Sha256::new();
        hash.update(self.of.1.0);
        hash.update(cx.reader.me().name.as_bytes());
        hash.update(cx.reader.me().unit.as_bytes());
        hash.update(cx.at.to_le_bytes());
        hash.update(self.made.to_le_bytes());
        let bytes: [u8; 32] = hash.finalize().into();
        let mut ten = [0; 10];
        ten.copy_from_slice(&bytes[..10]);
        RecordId::v7(cx.now, ten)
    }
}

/// Who and which meeting stands where.
fn places(grid: &Grid) -> (Vec<RecordId>, Vec<RecordId>) {
    (
        grid.people().iter().map(|person| person.id).collect(),
        grid.meetings().iter().map(|meeting| meeting.id).collect(),
    )
}

fn say(words: impl Into<String>) -> Effect {
    Effect::Say(words.into(), Role::Quiet)
}

impl Screen for Roll {
    fn context(&self) -> Context {
        match self.names.is_some() {
            true => Context::Names,
            false => Context::Roll,
        }
    }

    fn taking(&self) -> Taking {
        if self.names.is_some() {
            return Taking {
                text: true,
                digits: false,
                space: true,
            };
        }
        let empty = self.line.is_empty() && self.adding.is_none();
        Taking {
            text: true,
            digits: empty,
            space: empty,
        }
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        match input {
            // What is marked is saved and read whatever panel is open.
            Input::Due => {
                if self.save_due.is_some_and(|due| due <= cx.at) {
                    return self.save(cx);
                }
            }
            Input::Done(Outcome::Saved { at, .. }) => self.saved = Some(at),
            Input::Done(Outcome::Failed(why)) => {
                // The grid shows again what is on the disk: nothing seems saved that is not.
                self.read(cx);
                let words = RollWord::NotSaved.with(cx.lang, &[&why]);
                return vec![Effect::Say(words, Role::Bad)];
            }
            Input::Shown | Input::Returned(_) => {
                if self.pending.is_empty() && self.results.is_empty() {
                    self.read(cx);
                }
                self.go(self.row, self.column, cx);
            }
            Input::Done(_) => {}
            input if self.adding.is_some() => return self.update_adding(input, cx),
            Input::Action(action) if self.names.is_some() => return self.act_names(action, cx),
            Input::Action(action) => return self.act(action, cx),
            Input::Text(text) => match &mut self.names {
                Some(names) => {
                    names.typed.insert(&text);
                    names.candidate = 0;
                }
                None => {
                    self.line.insert(&text);
                    self.find(cx);
                }
            },
            Input::Digit(digit) => return self.digit(digit, cx),
            Input::Paste(_) => return vec![say(RollWord::NoPasteHere.get(cx.lang))],
        }
        Vec::new()
    }

    fn due(&self) -> Option<u64> {
        self.save_due
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        draw::chrome(self, cx)
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        draw::draw(self, page, cx);
    }

    fn hints(&self, _cx: &Cx) -> Vec<Hint> {
        if self.names.is_some() {
            return vec![
                Hint::Action(Action::Take),
                Hint::As(Action::Next, Word::NextRow),
                Hint::Action(Action::Save),
                Hint::Action(Action::Undo),
            ];
        }
        if self.adding.is_some() || !self.line.is_empty() {
            return vec![Hint::As(Action::Names, Word::Take)];
        }
        vec![
            Hint::Action(Action::Names),
            Hint::Keys(
                Word::TypeKeys,
                if self.frozen {
                    Word::Find
                } else {
                    Word::AddSomeone
                },
            ),
            Hint::Action(Action::AddPerson),
            Hint::Action(Action::Sort),
            Hint::Action(Action::Above),
            Hint::Action(Action::NextBlank),
        ]
    }

    fn leave(&mut self, cx: &Cx) -> Vec<Effect> {
        self.save(cx)
    }
}
