//! Undo and redo: the whole sheet as it was before each step, with where the hand was. Typing on in one field is one step.

use super::Form;
use super::sheet::{Place, Sheet};
use crate::tui::screen::Cx;
use crate::tui::widgets::editor::Editor;

/// How many steps can be undone.
const MOST: usize = 200;

/// What kind of step it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Typing in a field.
    Type(Place),
    /// A value was taken, filled in or emptied.
    Take,
}

/// The sheet at one moment.
#[derive(Clone, PartialEq, Debug)]
pub struct Moment {
    sheet: Sheet,
    at: Place,
    editor: Editor,
    touched: bool,
    digits: String,
}

/// What was, and what was undone.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    past: Vec<Moment>,
    future: Vec<Moment>,
    last: Option<Kind>,
}

impl Undo {
    /// What comes next is a step of its own, though it is more of the same.
    pub fn part(&mut self) {
        self.last = None;
    }
}

impl Form {
    /// Remembers the moment before a change.
    pub(super) fn mark_undo(&mut self, kind: Kind) {
        let more = matches!(kind, Kind::Type(_)) && self.undo.last == Some(kind);
        self.undo.last = Some(kind);
        self.undo.future.clear();
        if more {
            return;
        }
        let moment = self.moment();
        self.undo.past.push(moment);
        if self.undo.past.len() > MOST {
            self.undo.past.remove(0);
        }
    }

    /// The sheet and the hand as they are now.
    pub(super) fn moment(&self) -> Moment {
        Moment {
            sheet: self.sheet.clone(),
            at: self.at,
            editor: self.typing.editor.clone(),
            touched: self.typing.touched,
            digits: self.typing.digits.clone(),
        }
    }

    /// One step back; whether there was one.
    pub(super) fn undo(&mut self, cx: &Cx) -> bool {
        let Some(moment) = self.undo.past.pop() else {
            return false;
        };
        let now = self.moment();
        self.undo.future.push(now);
        self.restore(moment, cx);
        true
    }

    /// One step on again; whether there was one.
    pub(super) fn redo(&mut self, cx: &Cx) -> bool {
        let Some(moment) = self.undo.future.pop() else {
            return false;
        };
        let now = self.moment();
        self.undo.past.push(now);
        self.restore(moment, cx);
        true
    }

    fn restore(&mut self, moment: Moment, cx: &Cx) {
        self.undo.last = None;
        self.sheet = moment.sheet;
        self.arrive(moment.at, cx);
        self.typing.editor = moment.editor;
        self.typing.touched = moment.touched;
        self.typing.digits = moment.digits;
        self.search(cx);
        self.changed(cx);
    }
}
