//! The first start: her name and her unit, then the store is made.

use crate::forms::Division;
use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Outcome};
use crate::tui::page::{Page, span};
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::theme::Role;
use crate::tui::widgets::Line;

/// Rows of candidates.
const CANDIDATES: usize = 5;

/// Where the caret is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    Name,
    Unit,
    Begin,
}

/// The two questions.
pub struct Start {
    stop: Stop,
    name: Line,
    unit: Line,
    /// Code and words of what the unit's line finds.
    found: Vec<(String, String)>,
    at: usize,
    taken: Option<(String, String)>,
}

impl Start {
    /// Nothing answered yet; `name` is the account's, if it is known.
    pub fn new(name: &str) -> Self {
        Self {
            stop: Stop::Name,
            name: Line::of(name),
            unit: Line::default(),
            found: Vec::new(),
            at: 0,
            taken: None,
        }
    }

    fn look(&mut self, cx: &Cx) {
        let divisions = cx.reader.registers().divisions();
        let words: String = self
            .unit
            .text()
            .chars()
            .map(crate::tui::key::fold_width)
            .collect();
        let row = |division: &Division| (division.code.clone(), divisions.full(&division.code));
        self.found = divisions
            .find(&words, CANDIDATES)
            .into_iter()
            .map(row)
            .collect();
        self.at = 0;
    }

    fn next(&mut self, cx: &Cx) -> Vec<Effect> {
        match self.stop {
            Stop::Name if self.name.text().trim().is_empty() => {
                return vec![Effect::Say(cx.say(Word::NameNeeded).into(), Role::Bad)];
            }
            Stop::Name => self.stop = Stop::Unit,
            Stop::Unit => match self.found.get(self.at) {
                Some(found) => {
                    self.taken = Some(found.clone());
                    self.stop = Stop::Begin;
                }
                None => return vec![Effect::Say(cx.say(Word::UnitNeeded).into(), Role::Bad)],
            },
            Stop::Begin => {
                if let Some((unit, _)) = &self.taken {
                    let name = self.name.text().trim().to_string();
                    return vec![Effect::Begin {
                        name,
                        unit: unit.clone(),
                    }];
                }
            }
        }
        Vec::new()
    }

    fn line(&mut self) -> Option<&mut Line> {
        match self.stop {
            Stop::Name => Some(&mut self.name),
            Stop::Unit => Some(&mut self.unit),
            Stop::Begin => None,
        }
    }
}

impl Screen for Start {
    fn context(&self) -> Context {
        Context::Start
    }

    fn taking(&self) -> Taking {
        if self.stop == Stop::Begin {
            Taking::NOTHING
        } else {
            Taking::TEXT
        }
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        match input {
            Input::Text(text) | Input::Paste(text) => {
                if let Some(line) = self.line() {
                    line.insert(text.lines().next().unwrap_or_default());
                }
                if self.stop == Stop::Unit {
                    self.look(cx);
                }
            }
            Input::Action(Action::Next) => return self.next(cx),
            Input::Action(Action::Forward | Action::Down) if self.stop == Stop::Name => {
                self.stop = Stop::Unit
            }
            Input::Action(Action::Down) if self.stop == Stop::Unit => {
                self.at = (self.at + 1).min(self.found.len().saturating_sub(1));
            }
            Input::Action(Action::Up) if self.stop == Stop::Unit && self.at > 0 => self.at -= 1,
            Input::Action(Action::Up | Action::Backward | Action::Back) => match self.stop {
                Stop::Begin => self.stop = Stop::Unit,
                Stop::Unit => self.stop = Stop::Name,
                Stop::Name => return vec![Effect::Say(cx.say(Word::QuitKey).into(), Role::Quiet)],
            },
            Input::Action(Action::Help) => return vec![super::help(self.context(), cx)],
            Input::Action(action) => {
                let changed = self.line().is_some_and(|line| line.act(action));
                if changed && self.stop == Stop::Unit {
                    self.look(cx);
                }
            }
            Input::Done(Outcome::Begun) => {
                return vec![Effect::Replace(Box::new(super::home::Home::new()))];
            }
            _ => {}
        }
        Vec::new()
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        Chrome {
            path: vec![cx.say(Word::Name).into(), cx.say(Word::FirstStart).into()],
            path_roles: vec![Role::Accent],
            left_seam: vec![span(
                format!("{} / 2", if self.stop == Stop::Name { 1 } else { 2 }),
                Role::Strong,
            )],
            seam_rows: 1,
            ..Chrome::default()
        }
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        let w = page.width();
        let value = if cx.lang == crate::forms::Lang::Zh {
            17
        } else {
            21
        };
        let label = |page: &mut Page, y: u16, word: Word, here: bool| {
            if here {
                page.marker(1, y);
            }
            page.text(
                5,
                y,
                value - 6,
                cx.say(word),
                if here { Role::Mark } else { Role::Quiet },
            );
        };
        page.text(5, 3, w - 6, cx.say(Word::Welcome), Role::Text);
        label(page, 5, Word::YourName, self.stop == Stop::Name);
        label(page, 6, Word::YourUnit, self.stop == Stop::Unit);
        let name = self.stop == Stop::Name;
        if name {
            self.name.draw(page, value, 5, 30);
        } else {
            page.text(value, 5, w - value - 1, self.name.text(), Role::Text);
        }
        match (self.stop, &self.taken) {
            (Stop::Unit, _) => self.unit.draw(page, value, 6, 30),
            (Stop::Begin, Some((code, words))) => {
                page.text(
                    value,
                    6,
                    w - value - 1,
                    &format!("{words}  {code}"),
                    Role::Text,
                );
                page.marker(1, 8);
                page.text(5, 8, w - 6, cx.say(Word::BeginNow), Role::Mark);
                page.put_caret(5, 8);
            }
            _ => {}
        }
        let y = page.height() - 8;
        let left = match self.stop {
            Stop::Name => cx.say(Word::YourName),
            Stop::Unit | Stop::Begin => cx.say(Word::YourUnit),
        };
        page.seam(0, w, y, &[span(left, Role::Strong)], &[]);
        if self.stop == Stop::Unit && !self.found.is_empty() {
            for (i, (code, words)) in self.found.iter().enumerate() {
                let y = y + 1 + i as u16;
                if i == self.at {
                    page.marker(1, y);
                }
                page.text(
                    5,
                    y,
                    w - 20,
                    words,
                    if i == self.at { Role::Mark } else { Role::Text },
                );
                page.right(w - 1, y, code, Role::Quiet);
            }
            return;
        }
        let hints: &[Word] = match self.stop {
            Stop::Name => &[Word::NameHint, Word::NameHint2],
            Stop::Unit => &[Word::UnitHint, Word::UnitHint2],
            Stop::Begin => &[Word::BeginHint],
        };
        for (i, word) in hints.iter().enumerate() {
            page.text(5, y + 1 + i as u16, w - 6, cx.say(*word), Role::Quiet);
        }
    }

    fn hints(&self, _cx: &Cx) -> Vec<Hint> {
        let word = match self.stop {
            Stop::Name => Word::GoOn,
            Stop::Unit => Word::Take,
            Stop::Begin => Word::BeginNow,
        };
        let mut hints = vec![Hint::As(Action::Next, word)];
        if self.stop == Stop::Unit {
            hints.push(Hint::Keys(Word::UpDownKeys, Word::Other));
        }
        hints.push(Hint::Action(Action::Quit));
        hints
    }
}
