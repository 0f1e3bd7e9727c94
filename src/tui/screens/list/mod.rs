//! The list of any register: a line that filters as you type, the records in list order, the detail of the marked one
//! beside it.

mod detail;
mod draw;

use super::ask::Ask as Question;
use crate::forms::{Kind, contents};
use crate::record::RecordId;
use crate::record::{ALIVE, Set, Value};
use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Opening, Outcome, Returned, Saving};
use crate::tui::page::{Page, span};
use crate::tui::reader::Ask;
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::show;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;
use detail::Detail;

/// How long typing must rest before the list is asked anew, in milliseconds.
const FILTER_RESTS: u64 = 80;
/// How long the hand must rest before the detail is drawn, in milliseconds.
const DETAIL_RESTS: u64 = 150;

/// The list of a register.
pub struct List {
    register: u32,
    line: Line,
    /// The words that the rows below answer.
    words: String,
    rows: Vec<Row>,
    /// Place of the first row shown, from 0.
    top: usize,
    /// Place of the marked row, from 0.
    at: usize,
    total: usize,
    /// How many records the register has, whatever narrows it.
    all: u64,
    detail: Option<Detail>,
    /// Whether keys go to the detail.
    aside: bool,
    filter_due: Option<u64>,
    detail_due: Option<u64>,
    /// The record to mark when the list is read anew: the one just made or changed.
    wanted: Option<RecordId>,
    saved: Option<u64>,
    signs: show::Signs,
}

/// A row as it is shown.
struct Row {
    id: RecordId,
    sign: Option<(char, Role)>,
    cells: Vec<String>,
}

impl List {
    /// The list of a register.
    pub fn new(register: u32) -> Self {
        Self {
            register,
            line: Line::default(),
            words: String::new(),
            rows: Vec::new(),
            top: 0,
            at: 0,
            total: 0,
            all: 0,
            detail: None,
            aside: false,
            filter_due: None,
            detail_due: None,
            wanted: None,
            saved: None,
            signs: show::Signs::default(),
        }
    }

    fn marked(&self) -> Option<RecordId> {
        self.rows
            .get(self.at.checked_sub(self.top)?)
            .map(|row| row.id)
    }

    /// Reads the page of rows that `top` names.
    fn read(&mut self, cx: &Cx) {
        let page = draw::page_rows(cx.size);
        let ask = |skip: usize, limit: usize| Ask {
            register: self.register,
            words: self.words.clone(),
            skip,
            limit,
        };
        let mut found = cx.reader.window(&ask(self.top, page));
        self.total = found.total as usize;
        self.at = self.at.min(self.total.saturating_sub(1));
        if self.top > self.at {
            self.top = self.at - self.at % page.max(1);
            found = cx.reader.window(&ask(self.top, page));
        }
        if self.words.is_empty() {
            self.all = found.total;
        }
        let Some(register) = cx.reader.registers().by_number(self.register) else {
            return;
        };
        let columns = draw::columns(cx, register);
        let signs = &self.signs;
        self.rows = found
            .records
            .into_iter()
            .map(|record| {
                let contents = contents(&record);
                let rows = show::rows(cx, register, record.id);
                let cell = |column: &draw::Column| match column.field.kind {
                    Kind::Rows { .. } => show::rows_cell(cx, &rows, column.room),
                    _ => show::cell(cx, column.field, &contents, column.room),
                };
                Row {
                    id: record.id,
                    sign: signs.of((self.register, record.id), &rows),
                    cells: columns.iter().map(cell).collect(),
                }
            })
            .collect();
    }

    /// Begins anew at the first row with the words that are typed.
    fn filter(&mut self, cx: &Cx) {
        self.filter_due = None;
        self.words = self
            .line
            .text()
            .chars()
            .map(crate::tui::key::fold_width)
            .collect::<String>()
            .trim()
            .to_string();
        (self.top, self.at) = (0, 0);
        self.read(cx);
        self.look(cx);
    }

    /// Reads the detail of the marked record.
    fn look(&mut self, cx: &Cx) {
        self.detail_due = None;
        self.detail = self
            .marked()
            .and_then(|id| Detail::of(cx, self.register, id));
    }

    fn go(&mut self, to: usize, cx: &Cx) {
        let to = to.min(self.total.saturating_sub(1));
        if to == self.at {
            return;
        }
        self.at = to;
        let page = draw::page_rows(cx.size).max(1);
        // A list flips pages instead of scrolling row by row.
        if !(self.top..self.top + page).contains(&to) {
            self.top = to - to % page;
            self.read(cx);
        }
        self.detail_due = Some(cx.at + DETAIL_RESTS);
    }

    fn again(&mut self, cx: &Cx) {
        self.signs = show::Signs::read(cx);
        self.read(cx);
        if let Some(wanted) = self.wanted.take() {
            self.find(wanted, cx);
        }
        self.look(cx);
    }

    /// Marks a record if it stands in the first thousand rows.
    fn find(&mut self, id: RecordId, cx: &Cx) {
        let ask = Ask {
            register: self.register,
            words: self.words.clone(),
            skip: 0,
            limit: 1000,
        };
        let found = cx.reader.window(&ask).records;
        if let Some(place) = found.iter().position(|found| found.id == id) {
            self.at = place;
            let page = draw::page_rows(cx.size).max(1);
            self.top = place - place % page;
            self.read(cx);
        }
    }

    fn act(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        if self.aside
            && matches!(
                action,
                Action::Up | Action::Down | Action::PageUp | Action::PageDown
            )
        {
            if let Some(detail) = &mut self.detail {
                detail.scroll(action, cx);
            }
            return Vec::new();
        }
        let page = draw::page_rows(cx.size).max(1);
        match action {
            Action::Up => self.go(self.at.saturating_sub(1), cx),
            Action::Down => self.go(self.at + 1, cx),
            Action::PageUp => self.go(self.at.saturating_sub(page), cx),
            Action::PageDown => self.go(self.at + page, cx),
            Action::First if self.line.is_empty() => self.go(0, cx),
            Action::Last if self.line.is_empty() => self.go(self.total.saturating_sub(1), cx),
            Action::NextSign => self.next_sign(cx),
            Action::Aside => {
                self.look(cx);
                self.aside = !self.aside && self.detail.is_some();
            }
            Action::Back if self.aside => self.aside = false,
            Action::Back if !self.line.is_empty() => {
                self.line.clear();
                self.filter(cx);
            }
            Action::Back => return vec![Effect::Pop],
            Action::Help => return vec![super::help(self.context(), cx)],
            Action::Open => {
                return self.with_marked(cx, |register, id| super::opened(register, id, cx));
            }
            Action::Again => {
                return self.with_marked(cx, |register, id| {
                    Effect::Open(Opening::Again(register, id))
                });
            }
            Action::New => return vec![Effect::Open(Opening::New(self.register))],
            Action::Remove => return self.ask_remove(cx),
            action => {
                if self.line.act(action) {
                    self.filter_due = Some(cx.at + FILTER_RESTS);
                }
            }
        }
        Vec::new()
    }

    fn with_marked(&self, cx: &Cx, effect: impl Fn(u32, RecordId) -> Effect) -> Vec<Effect> {
        match self.marked() {
            Some(id) => vec![effect(self.register, id)],
            None => vec![Effect::Say(cx.say(Word::NothingMarked).into(), Role::Quiet)],
        }
    }

    fn ask_remove(&self, cx: &Cx) -> Vec<Effect> {
        self.with_marked(cx, |register, id| {
            let title = show::title(cx, register, id);
            let question = Word::RemoveRecord.with(cx.lang, &[&title]);
            Effect::Push(Box::new(Question::new(
                question,
                Word::Keep,
                Word::RemoveIt,
            )))
        })
    }

    fn remove(&mut self, cx: &Cx) -> Vec<Effect> {
        self.with_marked(cx, |register, record| {
            let gone = Set {
                tag: ALIVE,
                element: Vec::new(),
                value: Value::cleared(),
            };
            let seen = cx.reader.seen(register, record);
            Effect::Save(vec![Saving {
                register,
                record,
                seen,
                sets: vec![gone],
            }])
        })
    }

    /// The next shown row that carries `!` or `?`; behind the page, the next page is read.
    fn next_sign(&mut self, cx: &Cx) {
        let page = draw::page_rows(cx.size).max(1);
        let start = self.at;
        let mut place = self.at + 1;
        while place < self.total && place < start + 50 * page {
            self.go(place, cx);
            let behind = place - self.top;
            let next = self.rows[behind..]
                .iter()
                .position(|row| matches!(row.sign, Some(('!' | '?', _))));
            match next {
                Some(next) => return self.go(place + next, cx),
                None => place = self.top + page,
            }
        }
        self.go(start, cx);
    }
}

impl Screen for List {
    fn context(&self) -> Context {
        if self.aside {
            Context::Detail
        } else {
            Context::List
        }
    }

    fn taking(&self) -> Taking {
        if self.aside {
            Taking::NOTHING
        } else {
            Taking::TEXT
        }
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        match input {
            Input::Action(action) => return self.act(action, cx),
            Input::Text(text) => {
                self.saved = None;
                self.line.insert(&text);
                self.filter_due = Some(cx.at + FILTER_RESTS);
            }
            Input::Paste(text) => {
                self.line.insert(text.lines().next().unwrap_or_default());
                self.filter_due = Some(cx.at + FILTER_RESTS);
            }
            Input::Due => {
                if self.filter_due.is_some_and(|due| due <= cx.at) {
                    self.filter(cx);
                }
                if self.detail_due.is_some_and(|due| due <= cx.at) {
                    self.look(cx);
                }
            }
            Input::Returned(Returned::Answer(1)) => return self.remove(cx),
            Input::Returned(Returned::Record(register, id)) => {
                if register == self.register {
                    self.wanted = Some(id);
                    self.saved = Some(cx.now);
                }
                self.again(cx);
            }
            Input::Done(Outcome::Saved { at, .. }) => {
                self.saved = Some(at);
                self.again(cx);
            }
            Input::Shown | Input::Returned(_) => self.again(cx),
            Input::Digit(_) | Input::Done(_) => {}
        }
        Vec::new()
    }

    fn due(&self) -> Option<u64> {
        [self.filter_due, self.detail_due]
            .into_iter()
            .flatten()
            .min()
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        let unit = cx
            .reader
            .registers()
            .divisions()
            .place(&cx.reader.me().unit)
            .to_string();
        let mut chrome = Chrome::of(&[&unit, &show::register_name(cx, self.register)], cx);
        let count = Word::Records.with(cx.lang, &[&show::number(self.all)]);
        chrome.right.push(vec![span(count, Role::Quiet)]);
        let at = if self.total == 0 { 0 } else { self.at + 1 };
        chrome.left_seam = vec![
            span(show::number(at as u64), Role::Strong),
            span(
                format!(" / {}", show::number(self.total as u64)),
                Role::Quiet,
            ),
        ];
        if let Some(at) = self.saved {
            chrome.right_seam = vec![span(
                format!("{} {}", cx.say(Word::Saved), show::clock(at)),
                Role::Quiet,
            )];
        }
        chrome
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        draw::draw(self, page, cx);
    }

    fn hints(&self, _cx: &Cx) -> Vec<Hint> {
        if self.aside {
            return vec![
                Hint::Keys(Word::UpDownKeys, Word::Scroll),
                Hint::Action(Action::Open),
                Hint::As(Action::Aside, Word::ToList),
                Hint::Action(Action::Again),
            ];
        }
        vec![
            Hint::Action(Action::Open),
            Hint::Action(Action::New),
            Hint::Action(Action::Again),
            Hint::Action(Action::Aside),
            Hint::Action(Action::Remove),
        ]
    }
}
