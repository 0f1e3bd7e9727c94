//! What a screen is: it takes inputs and answers with effects, says what stands in the frame around it, and draws its body.
//! It never writes, reads no clock and sees no key event.

use super::action::{Action, Context};
use super::effect::{Effect, Outcome, Returned};
use super::keymap::{Keymap, show};
use super::page::{Page, Span};
use super::reader::Reader;
use super::show::number;
use super::theme::Role;
use crate::forms::Lang;
use crate::text::Word;
use crate::text::form::FormWord;

/// What comes to a screen.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// It was just put on top, or the window changed its size: look at what is shown anew.
    Shown,
    /// A key that the keymap knows here.
    Action(Action),
    /// Typed text, where the screen takes text.
    Text(String),
    /// A digit, where digits are drawn beside choices. Full-width ones are folded.
    Digit(u8),
    /// A paste, in one piece, as it came (not cleaned). It saves nothing.
    Paste(String),
    /// The time that [`Screen::due`] named has come, and no key waits.
    Due,
    /// The screen above is gone; what it hands back.
    Returned(Returned),
    /// What became of an effect.
    Done(Outcome),
}

/// What a screen does with a character at this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Taking {
    /// Characters are text.
    pub text: bool,
    /// Digits act: they are drawn beside choices. Before `text`.
    pub digits: bool,
    /// A blank is the key that the keymap names, not text.
    pub space: bool,
}

impl Taking {
    /// Everything is text.
    pub const TEXT: Self = Self {
        text: true,
        digits: false,
        space: false,
    };
    /// Digits act, nothing else is taken.
    pub const DIGITS: Self = Self {
        text: false,
        digits: true,
        space: true,
    };
    /// Digits act while the line is empty, all else is text.
    pub const BOTH: Self = Self {
        text: true,
        digits: true,
        space: false,
    };
    /// No character does anything.
    pub const NOTHING: Self = Self {
        text: false,
        digits: false,
        space: true,
    };
}

/// What a screen is told with every input and at every drawing.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The read side of the ledger.
    pub reader: &'a dyn Reader,
    /// The keymap in force.
    pub keymap: &'a Keymap,
    /// The language of the interface.
    pub lang: Lang,
    /// Wall clock, milliseconds since 1970.
    pub now: u64,
    /// When the input arrived, milliseconds since the program began; the 300 ms of the rule count by it.
    pub at: u64,
    /// Columns and rows of the window.
    pub size: (u16, u16),
    /// What is owed and what waits, as of the last write.
    pub status: Status,
}

impl Cx<'_> {
    /// A word in the language of the interface.
    pub fn say(&self, word: Word) -> &'static str {
        word.get(self.lang)
    }
}

/// What the path row of most screens shows at the right.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Status {
    /// Changes of the own log that the receiver lacks, as far as is known.
    pub owed: u64,
    /// Fields in conflict.
    pub conflicts: u64,
}

/// What stands around a screen's body.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Chrome {
    /// The way here; the last part is the open screen's name. Roles are given by the frame: quiet, the last one strong.
    pub path: Vec<String>,
    /// Groups at the right of the path row, two blanks apart.
    pub right: Vec<Vec<Span>>,
    /// Position, at the left of the seam.
    pub left_seam: Vec<Span>,
    /// State, at the right of the seam. A message takes its place.
    pub right_seam: Vec<Span>,
    /// How far above the hint row the seam lies: 1 but on Home.
    pub seam_rows: u16,
    /// Roles of the path's parts where they are not the usual ones.
    pub path_roles: Vec<Role>,
}

impl Chrome {
    /// A frame with a path and the usual right side: what is owed and what is in conflict, where there is any.
    pub fn of(path: &[&str], cx: &Cx) -> Self {
        Self {
            path: path.iter().map(|part| part.to_string()).collect(),
            right: owed(cx),
            seam_rows: 1,
            ..Self::default()
        }
    }
}

/// 待交 14 and 冲突 2, quiet, the second one bad; nothing for none.
pub fn owed(cx: &Cx) -> Vec<Vec<Span>> {
    let mut groups = Vec::new();
    if cx.status.owed > 0 {
        groups.push(vec![(
            format!("{} {}", cx.say(Word::Owed), number(cx.status.owed)),
            Role::Quiet,
        )]);
    }
    if cx.status.conflicts > 0 {
        groups.push(vec![(
            format!("{} {}", cx.say(Word::Conflicts), cx.status.conflicts),
            Role::Bad,
        )]);
    }
    groups
}

/// One hint of the last row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Hint {
    /// The first key of an action here, and its word.
    Action(Action),
    /// The first key of an action here, and another word that says more.
    As(Action, Word),
    /// Keys in words (上下, 打字, 空格+尾号), and a word.
    Keys(Word, Word),
    /// A digit or digits, and a word.
    Digits(String, Word),
    /// The first key of an action here, and a word of the form.
    Form(Action, FormWord),
    /// Keys in words and what they do, both words of the form.
    FormKeys(FormWord, FormWord),
}

impl Hint {
    /// Key and word as they are drawn; `None` for an action that has no key here.
    pub fn words(&self, context: Context, cx: &Cx) -> Option<(String, &'static str)> {
        let key = |action: Action| {
            let keys = cx.keymap.keys(context, action);
            keys.first().map(|key| show(*key, cx.lang))
        };
        Some(match self {
            Self::Action(action) => (key(*action)?, action.hint(cx.lang)),
            Self::As(action, word) => (key(*action)?, cx.say(*word)),
            Self::Keys(keys, word) => (cx.say(*keys).to_string(), cx.say(*word)),
            Self::Digits(digits, word) => (digits.clone(), cx.say(*word)),
            Self::Form(action, word) => (key(*action)?, word.get(cx.lang)),
            Self::FormKeys(keys, word) => (keys.get(cx.lang).to_string(), word.get(cx.lang)),
        })
    }
}

/// A screen, or a popup over one.
pub trait Screen: Send {
    /// Which table of keys holds, and which help.
    fn context(&self) -> Context;

    /// What a character does now.
    fn taking(&self) -> Taking;

    /// Takes an input; what follows from it.
    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect>;

    /// When it wants [`Input::Due`], in milliseconds since the program began. Asked after every input.
    fn due(&self) -> Option<u64> {
        None
    }

    /// What stands around the body.
    fn chrome(&self, cx: &Cx) -> Chrome;

    /// Draws the body, and puts the caret where there is one. Rows 0 and 1, the seam and the hint row are the frame's.
    fn draw(&self, page: &mut Page, cx: &Cx);

    /// The hints, the most used first; help and back are added by the frame.
    fn hints(&self, cx: &Cx) -> Vec<Hint>;

    /// The line for a character that does nothing here.
    fn instead(&self, cx: &Cx) -> String {
        cx.say(if self.taking().digits {
            Word::DigitsHere
        } else {
            Word::KeysHere
        })
        .to_string()
    }

    /// Whether the screen below is drawn first: a popup draws over a part of it.
    fn over(&self) -> bool {
        false
    }

    /// Whether F1 alone stands at the right of the hint row: no screen lies below.
    fn bottom(&self) -> bool {
        false
    }

    /// What must be kept when the program has to leave now (a hang-up, Ctrl-Q): a draft not yet on disk.
    fn leave(&mut self, _cx: &Cx) -> Vec<Effect> {
        Vec::new()
    }
}
