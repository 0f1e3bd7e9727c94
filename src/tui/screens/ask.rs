//! One question over a screen, in its seam: two answers by digit. Esc is the harmless one.

use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Returned};
use crate::tui::page::{Page, span};
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::theme::Role;

/// A question. It hands back `Answer(0)` or `Answer(1)`.
pub struct Ask {
    question: String,
    no: Word,
    yes: Word,
}

impl Ask {
    /// A question with the words for 0 and 1.
    pub fn new(question: String, no: Word, yes: Word) -> Self {
        Self { question, no, yes }
    }
}

impl Screen for Ask {
    fn context(&self) -> Context {
        Context::Question
    }

    fn taking(&self) -> Taking {
        Taking::DIGITS
    }

    fn over(&self) -> bool {
        true
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        match input {
            Input::Digit(1) => vec![Effect::Return(Returned::Answer(1))],
            Input::Digit(0) | Input::Action(Action::Back) => {
                vec![Effect::Return(Returned::Answer(0))]
            }
            Input::Action(Action::Help) => vec![super::help(self.context(), cx)],
            Input::Digit(_) | Input::Action(_) => vec![Effect::Say(self.instead(cx), Role::Strong)],
            _ => Vec::new(),
        }
    }

    fn chrome(&self, _cx: &Cx) -> Chrome {
        Chrome {
            left_seam: vec![span(self.question.clone(), Role::Strong)],
            seam_rows: 1,
            ..Chrome::default()
        }
    }

    fn draw(&self, page: &mut Page, _cx: &Cx) {
        let y = page.height() - 2;
        page.blank(y, y + 1);
    }

    fn hints(&self, _cx: &Cx) -> Vec<Hint> {
        vec![
            Hint::Digits("1".into(), self.yes),
            Hint::Digits("0".into(), self.no),
        ]
    }
}
