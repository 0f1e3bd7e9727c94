//! The registers that have no digit on Home, by position.

use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Opening};
use crate::tui::page::Page;
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::show;
use crate::tui::theme::Role;

/// The list of registers without a digit.
pub struct More {
    registers: Vec<u32>,
    at: usize,
    /// Whether picking one makes a new record instead of opening its list.
    new: bool,
}

/// The registers that have no digit on Home.
pub fn others(cx: &Cx) -> Vec<u32> {
    let all = cx.reader.registers().all().iter();
    all.filter(|register| register.home.is_none())
        .map(|register| register.number)
        .collect()
}

impl More {
    /// To open a list, or to make a new record.
    pub fn new(cx: &Cx, new: bool) -> Self {
        Self {
            registers: others(cx),
            at: 0,
            new,
        }
    }

    fn open(&self, place: usize) -> Vec<Effect> {
        match self.registers.get(place) {
            Some(register) if self.new => vec![Effect::Pop, Effect::Open(Opening::New(*register))],
            Some(register) => vec![Effect::Replace(Box::new(super::list::List::new(*register)))],
            None => Vec::new(),
        }
    }
}

impl Screen for More {
    fn context(&self) -> Context {
        Context::Conflicts
    }

    fn taking(&self) -> Taking {
        Taking::DIGITS
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        match input {
            Input::Digit(digit) => return self.open(usize::from(digit).wrapping_sub(1)),
            Input::Action(Action::Up) => self.at = self.at.saturating_sub(1),
            Input::Action(Action::Down) => {
                self.at = (self.at + 1).min(self.registers.len().saturating_sub(1))
            }
            Input::Action(Action::Open) => return self.open(self.at),
            Input::Action(Action::Back) => return vec![Effect::Pop],
            Input::Action(Action::Help) => return vec![super::help(self.context(), cx)],
            _ => {}
        }
        Vec::new()
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        let mut chrome = Chrome::of(&[cx.say(Word::Name), cx.say(Word::More)], cx);
        if self.new {
            chrome.path.push(cx.say(Word::NewOne).into());
        }
        chrome
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        for (i, register) in self.registers.iter().enumerate() {
            let y = 3 + i as u16;
            if y >= page.height() - 2 {
                break;
            }
            let marked = i == self.at;
            if marked {
                page.marker(1, y);
            }
            if i < 9 {
                page.text(5, y, 1, &(i + 1).to_string(), Role::Mark);
            }
            let role = if marked { Role::Mark } else { Role::Text };
            page.text(
                8,
                y,
                page.width() - 9,
                &show::register_name(cx, *register),
                role,
            );
        }
    }

    fn hints(&self, _cx: &Cx) -> Vec<Hint> {
        vec![
            Hint::Digits(format!("1..{}", self.registers.len().min(9)), Word::Pick),
            Hint::Keys(Word::UpDownKeys, Word::Other),
            Hint::Action(Action::Open),
        ]
    }
}
