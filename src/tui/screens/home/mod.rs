//! Home: one line that finds anything, what waits for her, what she had in hand lately, and the registers by digit.

mod door;
mod draw;
mod find;
mod item;

use door::Door;
use item::{Item, item};

use super::ask::Ask as Question;
use super::exchange::Exchange;
use super::list::List;
use super::more::{More, others};
use super::settle::Settle;
use crate::forms::Kind;
use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Opening, Returned};
use crate::tui::page::{Page, span};
use crate::tui::reader::Handed;
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::show;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;

/// How long typing must rest before the store is asked, in milliseconds.
const FIND_RESTS: u64 = 80;
/// Digit of the exchange.
const EXCHANGE: u8 = 9;
/// Digit of the registers that have none.
const MORE: u8 = 0;

/// The lowest screen.
pub struct Home {
    line: Line,
    /// What the words below answer; nothing while the line is empty.
    found: Option<Vec<Item>>,
    doors: Vec<Door>,
    recent: Vec<Item>,
    /// The batches handed over last.
    handed: Vec<Handed>,
    /// The marked row; `None` while the caret is in the line.
    at: Option<usize>,
    /// F3 was pressed: the next digit makes a new record.
    making: bool,
    due: Option<u64>,
    saved: Option<u64>,
}

/// How the loaded registers are reached: digit, number of the register (none for the exchange and for more), name.
fn digits(cx: &Cx) -> Vec<(u8, Option<u32>, String)> {
    let mut out: Vec<(u8, Option<u32>, String)> = cx
        .reader
        .registers()
        .all()
        .iter()
        .filter_map(|register| {
            Some((
                register.home?,
                Some(register.number),
                register.label.get(cx.lang).to_string(),
            ))
        })
        .filter(|(digit, ..)| !matches!(*digit, EXCHANGE | MORE))
        .collect();
    out.sort();
    out.push((EXCHANGE, None, cx.say(Word::Exchange).into()));
    if !others(cx).is_empty() {
        out.push((MORE, None, cx.say(Word::More).into()));
    }
    out
}

impl Home {
    /// Home, with an empty line.
    pub fn new() -> Self {
        Self {
            line: Line::default(),
            found: None,
            doors: Vec::new(),
            recent: Vec::new(),
            handed: Vec::new(),
            at: None,
            making: false,
            due: None,
            saved: None,
        }
    }

    fn read(&mut self, cx: &Cx) {
        self.handed = cx.reader.handed();
        self.doors = Door::all(cx, &self.handed);
        let room = draw::recent_rows(cx.size, self.doors.len());
        self.recent = cx
            .reader
            .recent(room)
            .into_iter()
            .filter_map(|touched| {
                item(
                    cx,
                    touched.register,
                    touched.record,
                    show::day(touched.at, cx.now),
                )
            })
            .collect();
        if self.found.is_some() {
            self.find(cx);
        }
        self.at = self.at.filter(|at| *at < self.stops());
    }

    fn find(&mut self, cx: &Cx) {
        self.due = None;
        let words: String = self
            .line
            .text()
            .chars()
            .map(crate::tui::key::fold_width)
            .collect();
        let words = words.trim();
        self.at = None;
        if words.is_empty() {
            self.found = None;
            return;
        }
        let room = usize::from(cx.size.1.saturating_sub(9));
        let items = find::find(cx, words, room)
            .into_iter()
            .filter_map(|(register, id)| item(cx, register, id, String::new()));
        self.found = Some(items.collect());
    }

    /// How many rows can be marked.
    fn stops(&self) -> usize {
        self.found
            .as_ref()
            .map_or(self.doors.len() + self.recent.len(), Vec::len)
    }

    /// The record of a row, if it is one.
    fn item_at(&self, at: usize) -> Option<&Item> {
        match &self.found {
            Some(found) => found.get(at),
            None => self.recent.get(at.checked_sub(self.doors.len())?),
        }
    }

    fn door_at(&self, at: usize) -> Option<&Door> {
        if self.found.is_some() {
            None
        } else {
            self.doors.get(at)
        }
    }

    fn open(&mut self, cx: &Cx) -> Vec<Effect> {
        if self.due.is_some() {
            self.find(cx);
        }
        // The first one found is what Enter takes while the caret is in the line.
        let at = self.at.or(self.found.as_ref().map(|_| 0));
        let Some(at) = at else {
            return vec![Effect::Say(cx.say(Word::TypeOrDown).into(), Role::Quiet)];
        };
        match self.door_at(at) {
            Some(Door::Conflicts { .. }) => return vec![Effect::Push(Box::new(Settle::all(cx)))],
            Some(Door::Draft { name, .. }) => {
                return vec![Effect::Open(Opening::Draft(name.clone()))];
            }
            Some(Door::Received { .. } | Door::Handed { .. }) => {
                return vec![Effect::Push(Box::new(Exchange::new()))];
            }
            None => {}
        }
        match self.item_at(at) {
            Some(item) => vec![super::opened(item.register, item.id, cx)],
            None => vec![Effect::Say(cx.say(Word::NothingFound).into(), Role::Quiet)],
        }
    }

    /// Her next visit: a new record of the first register by digit that refers to what is marked.
    fn again(&self, cx: &Cx) -> Vec<Effect> {
        let at = self.at.or(self.found.as_ref().map(|_| 0));
        let Some(item) = at.and_then(|at| self.item_at(at)) else {
            return vec![Effect::Say(cx.say(Word::NothingMarked).into(), Role::Quiet)];
        };
        let refers = |number: u32| {
            let register = cx.reader.registers().by_number(number)?;
            let field = register
                .fields
                .iter()
                .find(|field| field.kind == Kind::Ref { to: item.register } && field.search);
            field.map(|field| (number, field.tag))
        };
        let own = cx
            .reader
            .registers()
            .by_number(item.register)
            .is_some_and(|register| register.sort.is_some_and(|(_, down)| down));
        let next = digits(cx)
            .into_iter()
            .filter_map(|(_, number, _)| number)
            .find_map(refers);
        match next {
            Some((register, tag)) if !own => vec![Effect::Open(Opening::For {
                register,
                tag,
                to: item.id,
            })],
            _ => vec![Effect::Open(Opening::Again(item.register, item.id))],
        }
    }

    fn digit(&mut self, digit: u8, cx: &Cx) -> Vec<Effect> {
        let new = std::mem::take(&mut self.making);
        let Some((_, register, _)) = digits(cx).into_iter().find(|(drawn, ..)| *drawn == digit)
        else {
            return vec![Effect::Say(cx.say(Word::NoSuchDigit).into(), Role::Quiet)];
        };
        match (register, digit) {
            (Some(register), _) if new => vec![Effect::Open(Opening::New(register))],
            (Some(register), _) => vec![Effect::Push(Box::new(List::new(register)))],
            (None, EXCHANGE) if !new => vec![Effect::Push(Box::new(Exchange::new()))],
            (None, MORE) => vec![Effect::Push(Box::new(More::new(cx, new)))],
            _ => vec![Effect::Say(cx.say(Word::NoSuchDigit).into(), Role::Quiet)],
        }
    }

    fn act(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        if self.making {
            self.making = false;
            return match action {
                Action::Help => vec![super::help(self.context(), cx)],
                _ => Vec::new(),
            };
        }
        let last = self.stops().checked_sub(1);
        match action {
            Action::Down => {
                self.at = match self.at {
                    // The first one found is marked while the caret is in the line.
                    None if self.found.is_some() => last.map(|last| last.min(1)),
                    None => last.map(|_| 0),
                    Some(at) => Some((at + 1).min(last.unwrap_or(0))),
                }
            }
            Action::Up => self.at = self.at.and_then(|at| at.checked_sub(1)),
            Action::PageDown => self.at = last,
            Action::PageUp => self.at = None,
            Action::Open => return self.open(cx),
            Action::New => self.making = true,
            Action::Again => return self.again(cx),
            Action::Remove if self.at.is_some() => {
                let Some(Door::Draft { title, .. }) = self.at.and_then(|at| self.door_at(at))
                else {
                    return vec![Effect::Say(cx.say(Word::OnlyDrafts).into(), Role::Quiet)];
                };
                let question = Word::DropDraft.with(cx.lang, &[title]);
                return vec![Effect::Push(Box::new(Question::new(
                    question,
                    Word::Keep,
                    Word::DropIt,
                )))];
            }
            Action::Help => return vec![super::help(self.context(), cx)],
            Action::Back if self.at.is_some() => self.at = None,
            Action::Back if !self.line.is_empty() => {
                self.line.clear();
                self.find(cx);
            }
            Action::Back => return vec![Effect::Say(cx.say(Word::QuitKey).into(), Role::Quiet)],
            action => {
                if self.line.act(action) {
                    self.due = Some(cx.at + FIND_RESTS);
                }
            }
        }
        Vec::new()
    }
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for Home {
    fn context(&self) -> Context {
        Context::Home
    }

    fn taking(&self) -> Taking {
        match (self.making, self.line.is_empty()) {
            (true, _) => Taking::DIGITS,
            (_, true) => Taking::BOTH,
            _ => Taking::TEXT,
        }
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        match input {
            Input::Action(action) => return self.act(action, cx),
            Input::Digit(digit) => return self.digit(digit, cx),
            Input::Text(text) | Input::Paste(text) => {
                self.at = None;
                self.saved = None;
                self.line.insert(text.lines().next().unwrap_or_default());
                self.due = Some(cx.at + FIND_RESTS);
            }
            Input::Due => self.find(cx),
            Input::Returned(Returned::Answer(1)) => {
                if let Some(Door::Draft { name, .. }) = self.at.and_then(|at| self.door_at(at)) {
                    return vec![Effect::DropDraft(name.clone())];
                }
            }
            Input::Returned(Returned::Record(..)) => {
                self.saved = Some(cx.now);
                self.read(cx);
            }
            Input::Shown | Input::Returned(_) | Input::Done(_) => self.read(cx),
        }
        Vec::new()
    }

    fn due(&self) -> Option<u64> {
        self.due
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        let me = cx.reader.me();
        let unit = cx
            .reader
            .registers()
            .divisions()
            .place(&me.unit)
            .to_string();
        let mut right = Vec::new();
        if cx.status.owed > 0 {
            right.push(vec![
                span(format!("{} ", cx.say(Word::Owed)), Role::Quiet),
                span(show::number(cx.status.owed), Role::Strong),
            ]);
        }
        if cx.status.conflicts > 0 {
            right.push(vec![
                span(format!("{} ", cx.say(Word::Conflicts)), Role::Quiet),
                span(show::number(cx.status.conflicts), Role::Bad),
            ]);
        }
        let day = crate::forms::day::of_millis(cx.now);
        right.push(vec![span(
            format!(
                "{} {}",
                show::month_day(cx.now),
                show::day_name(day, cx.lang)
            ),
            Role::Quiet,
        )]);
        let saved = |at| {
            span(
                format!("{} {}", cx.say(Word::Saved), show::clock(at)),
                Role::Quiet,
            )
        };
        Chrome {
            path: vec![cx.say(Word::Name).into(), unit, me.name.clone()],
            path_roles: vec![Role::Accent, Role::Strong, Role::Quiet],
            right,
            right_seam: self.saved.map(saved).into_iter().collect(),
            seam_rows: if self.making { 1 } else { 2 },
            ..Chrome::default()
        }
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        draw::draw(self, page, cx);
    }

    fn hints(&self, cx: &Cx) -> Vec<Hint> {
        if self.making {
            let shown = digits(cx)
                .into_iter()
                .filter(|(digit, register, _)| register.is_some() || *digit == MORE);
            let shown: String = shown
                .map(|(digit, ..)| digit.to_string())
                .collect::<Vec<_>>()
                .join(" ");
            return vec![
                Hint::Digits(shown, Word::Pick),
                Hint::As(Action::Back, Word::LeaveIt),
            ];
        }
        match self.at {
            Some(at) => {
                let mut hints = vec![
                    Hint::Action(Action::Open),
                    Hint::Keys(Word::UpDownKeys, Word::Other),
                ];
                match self.door_at(at) {
                    Some(Door::Draft { .. }) => hints.push(Hint::As(Action::Remove, Word::DropIt)),
                    Some(_) => {}
                    None => hints.push(Hint::Action(Action::Again)),
                }
                hints.push(Hint::Action(Action::New));
                hints.push(Hint::Action(Action::Back));
                hints
            }
            None if self.found.is_some() => vec![
                Hint::As(Action::Open, Word::OpenFirst),
                Hint::Keys(Word::DownKeys, Word::PickFound),
                Hint::As(Action::Again, Word::NextForHer),
                Hint::As(Action::Back, Word::EmptyLine),
            ],
            None => vec![
                Hint::Keys(Word::TypeKeys, Word::FindAnything),
                Hint::Keys(Word::TailKeys, Word::FindNumber),
                Hint::Keys(Word::DownKeys, Word::Waiting),
                Hint::Action(Action::New),
                Hint::Action(Action::Quit),
            ],
        }
    }

    fn bottom(&self) -> bool {
        true
    }
}
