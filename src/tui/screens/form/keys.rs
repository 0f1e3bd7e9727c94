//! Text and digits into the field under the hand.

use std::collections::BTreeSet;

use crate::forms::kinds::typed::normal;
use crate::forms::{Choices, Content, Context, Kind};
use crate::record::{Element, Value};
use crate::text::form::FormWord;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::key::digit;
use crate::tui::screen::Cx;
use crate::tui::theme::Role;

use super::digits::{self, Typed, folded};
use super::find::{self, What};
use super::sheet::Place;
use super::typing::{self, Way};
use super::{Form, forms, undo};

impl Form {
    /// Typed text.
    pub(super) fn text(&mut self, text: &str, cx: &Cx) -> Vec<Effect> {
        if self.jump.is_some() {
            return self.text_in_jump(text, cx);
        }
        let context = forms(cx);
        match self.typing.way {
            Way::Text => {
                self.mark_undo(undo::Kind::Type(self.at));
                self.typing.editor.insert(text);
                self.write_text(cx);
            }
            Way::Read => {
                self.mark_undo(undo::Kind::Type(self.at));
                if !self.typing.touched {
                    self.typing.editor.clear();
                }
                self.typing.touched = true;
                self.typing.editor.insert(&folded(text));
                self.told.remove(&self.at);
                self.changed(cx);
                let kind = &self.sheet.field(self.at, &context).kind;
                if self.typing.editor.at_end() && kind.is_full(self.typing.editor.text(), &context)
                {
                    self.settle(cx);
                    self.typing.touched = false;
                    self.goes_on(cx);
                }
            }
            Way::Find => {
                self.mark_undo(undo::Kind::Type(self.at));
                if !self.typing.touched {
                    self.typing.editor.clear();
                }
                self.typing.touched = true;
                self.typing.editor.insert(&folded(text));
                self.typing.moved = false;
                self.changed(cx);
                self.search(cx);
            }
            Way::Choose | Way::Fixed => {}
        }
        Vec::new()
    }

    /// A paste: text into a text field, never a choice, never a save.
    pub(super) fn paste(&mut self, text: &str, cx: &Cx) -> Vec<Effect> {
        self.undo.part();
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Vec::new();
        }
        let here = self.at;
        let effects = self.text(text, cx);
        self.undo.part();
        if here == self.at {
            return vec![Effect::Say(
                FormWord::Pasted.get(cx.lang).into(),
                Role::Quiet,
            )];
        }
        effects
    }

    /// A digit that acts: a phrase of an empty text, or a choice.
    pub(super) fn digit(&mut self, digit: u8, cx: &Cx) -> Vec<Effect> {
        let context = forms(cx);
        if self.typing.way == Way::Text {
            let phrases = self.phrases(&context);
            let text = match usize::from(digit)
                .checked_sub(1)
                .and_then(|n| phrases.get(n))
            {
                Some(phrase) => phrase.clone(),
                None => digit.to_string(),
            };
            return self.text(&text, cx);
        }
        if self.in_conflict(self.at)
            && let Some(content) = self.side(digit)
        {
            self.mark_undo(undo::Kind::Take);
            self.sheet.pick(self.at, content, &context);
            self.changed(cx);
            return Vec::new();
        }
        self.typing.digits.push(char::from(b'0' + digit));
        let choices = typing::choices(&self.sheet, self.at, &context);
        let drawn: Vec<String> = choices.iter().map(|choice| choice.digits.clone()).collect();
        match digits::read(&drawn, &self.typing.digits) {
            Typed::Half => {
                self.keeping.dirty(cx.at);
                Vec::new()
            }
            Typed::Choice(at) => {
                self.typing.digits.clear();
                self.typing.marked = at;
                if self.choose(&choices[at].code, cx) {
                    self.goes_on(cx);
                }
                Vec::new()
            }
            Typed::Nothing => {
                let typed = std::mem::take(&mut self.typing.digits);
                vec![Effect::Say(
                    FormWord::NoSuchDigit.with(cx.lang, &[&typed]),
                    Role::Strong,
                )]
            }
        }
    }

    /// The side of a conflict with this number.
    fn side(&self, digit: u8) -> Option<Content> {
        let state = self.base.as_ref()?.state(self.at.tag)?;
        let side = state.siblings().get(usize::from(digit).checked_sub(1)?)?;
        Some(Content::one(side.value.clone()))
    }

    /// Takes a choice, or of several takes it in or leaves it out; whether the field is full by it.
    fn choose(&mut self, code: &str, cx: &Cx) -> bool {
        let context = forms(cx);
        self.mark_undo(undo::Kind::Take);
        self.undo.part();
        let field = self.sheet.field(self.at, &context);
        let (content, full) = match &field.kind {
            Kind::YesNo => (Content::One(Value::bool(code == "1")), true),
            Kind::SelectMultiple(list) => (toggled(self.sheet.get(self.at), code, list), false),
            _ => (Content::One(Value::text(code)), true),
        };
        self.put(self.at, content, cx);
        full
    }

    /// Space: the marked choice in or out.
    pub(super) fn toggle(&mut self, cx: &Cx) -> Vec<Effect> {
        let context = forms(cx);
        let choices = typing::choices(&self.sheet, self.at, &context);
        if let Some(choice) = choices.get(self.typing.marked)
            && self.typing.moved
        {
            match &choice.why_not {
                Some(why) => return vec![Effect::Say(why.clone(), Role::Strong)],
                None => self.choose(&choice.code.clone(), cx),
            };
            return Vec::new();
        }
        self.typing.moved = true;
        Vec::new()
    }

    /// Left and right: the caret, a day, the marked choice.
    pub(super) fn left_or_right(&mut self, right: bool, cx: &Cx) -> Vec<Effect> {
        let context = forms(cx);
        match self.typing.way {
            Way::Choose => {
                let count = typing::choices(&self.sheet, self.at, &context).len();
                let at = self.typing.marked;
                self.typing.marked = match (self.typing.moved, right) {
                    (false, _) => at.min(count.saturating_sub(1)),
                    (true, true) => (at + 1).min(count.saturating_sub(1)),
                    (true, false) => at.saturating_sub(1),
                };
                self.typing.moved = true;
            }
            Way::Read if !self.typing.touched => {
                let field = self.sheet.field(self.at, &context);
                let date = self.sheet.get(self.at).value().and_then(Value::as_int);
                if let (Kind::Date { .. }, Some(date)) = (&field.kind, date) {
                    self.mark_undo(undo::Kind::Type(self.at));
                    let date = if right { date + 1 } else { date - 1 };
                    self.put(self.at, Content::One(Value::int(date)), cx);
                } else {
                    return self.edit(if right { Action::Right } else { Action::Left }, cx);
                }
            }
            _ => return self.edit(if right { Action::Right } else { Action::Left }, cx),
        }
        Vec::new()
    }

    /// A page of choices or candidates.
    pub(super) fn page(&mut self, down: bool, context: &Context) -> Vec<Effect> {
        let count = match self.typing.way {
            Way::Choose => typing::choices(&self.sheet, self.at, context).len(),
            Way::Find => self.typing.found.len() + 1,
            _ => return Vec::new(),
        };
        let by = if self.typing.way == Way::Choose {
            15
        } else {
            3
        };
        let at = self.typing.marked;
        self.typing.marked =
            if down { at + by } else { at.saturating_sub(by) }.min(count.saturating_sub(1));
        self.typing.moved = true;
        Vec::new()
    }

    /// The caret and what stands round it. A value that is not typed over yet is loaded first; a masked one is emptied.
    pub(super) fn edit(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        let context = forms(cx);
        let erases = matches!(action, Action::Erase | Action::Remove);
        if self.typing.way == Way::Choose {
            if erases && self.typing.digits.pop().is_none() {
                self.mark_undo(undo::Kind::Take);
                self.put(self.at, Content::Empty, cx);
            }
            return Vec::new();
        }
        if self.typing.way == Way::Fixed {
            return Vec::new();
        }
        if erases {
            self.mark_undo(undo::Kind::Type(self.at));
        }
        if self.typing.way == Way::Find && !self.typing.touched {
            if erases {
                let content = fewer(self.sheet.get(self.at));
                self.put(self.at, content, cx);
                self.search(cx);
            }
            return Vec::new();
        }
        if self.typing.way == Way::Read && !self.typing.touched {
            let field = self.sheet.field(self.at, &context);
            let text = if field.mask.is_some() && self.revealed.is_none() {
                String::new()
            } else {
                field.kind.editable(self.sheet.get(self.at), &context)
            };
            self.typing.editor.clear();
            self.typing.editor.insert(&text);
            self.typing.touched = true;
        }
        let editor = &mut self.typing.editor;
        let changed = match action {
            Action::Left => {
                editor.left();
                false
            }
            Action::Right => {
                editor.right();
                false
            }
            Action::First => {
                editor.home();
                false
            }
            Action::Last => {
                editor.end();
                false
            }
            Action::Erase => editor.backspace(),
            Action::Remove => editor.delete(),
            _ => false,
        };
        if changed {
            match self.typing.way {
                Way::Text => self.write_text(cx),
                _ => {
                    self.typing.moved = false;
                    self.changed(cx);
                    self.search(cx);
                }
            }
        } else {
            self.keeping.moved(cx.at);
        }
        Vec::new()
    }

    /// Free text is in the record as it is typed.
    fn write_text(&mut self, cx: &Cx) {
        let context = forms(cx);
        let content = Content::one(Value::text(&normal(self.typing.editor.text())));
        self.sheet.set(self.at, content, &context);
        self.changed(cx);
    }

    /// Takes what is shown: what was typed, the marked candidate or choice. `Some`: it could not be taken, the hand stays.
    pub(super) fn take(&mut self, cx: &Cx) -> Option<Vec<Effect>> {
        let context = forms(cx);
        match self.typing.way {
            Way::Read if self.typing.touched => {
                self.undo.part();
                self.settle(cx);
                if self.sheet.raw.contains_key(&self.at) {
                    self.told.insert(self.at);
                    return Some(Vec::new());
                }
                self.typing.touched = false;
            }
            Way::Find => {
                let searched = self.typing.touched && !self.typing.editor.text().trim().is_empty();
                let Some(marked) = self.marked() else {
                    if searched {
                        return Some(vec![Effect::Say(
                            FormWord::FoundNone.get(cx.lang).into(),
                            Role::Strong,
                        )]);
                    }
                    return None;
                };
                let Some(found) = self.typing.found.get(marked).cloned() else {
                    let effect = self.new_in_place(&context);
                    return Some(effect.into_iter().collect());
                };
                self.mark_undo(undo::Kind::Take);
                return self.take_found(found.what, cx);
            }
            Way::Choose if !self.typing.digits.is_empty() => {
                return Some(vec![Effect::Say(
                    FormWord::Choose.get(cx.lang).into(),
                    Role::Strong,
                )]);
            }
            Way::Choose if self.typing.moved => {
                let multiple = matches!(
                    self.sheet.field(self.at, &context).kind,
                    Kind::SelectMultiple(_)
                );
                let choices = typing::choices(&self.sheet, self.at, &context);
                if let (false, Some(choice)) = (multiple, choices.get(self.typing.marked)) {
                    if let Some(why) = &choice.why_not {
                        return Some(vec![Effect::Say(why.clone(), Role::Strong)]);
                    }
                    self.choose(&choice.code.clone(), cx);
                }
            }
            _ => {}
        }
        None
    }

    fn take_found(&mut self, what: What, cx: &Cx) -> Option<Vec<Effect>> {
        let context = forms(cx);
        let at = self.at;
        match what {
            What::Division(code) => self.put(at, Content::One(Value::text(&code)), cx),
            What::Also { tag, id, first } => {
                self.put(at, Content::One(Value::reference(first)), cx);
                self.put(Place { tag, ..at }, Content::One(Value::reference(id)), cx);
            }
            What::Record(_, id) => {
                if matches!(
                    self.sheet.field(at, &context).kind,
                    Kind::RefMultiple { .. }
                ) {
                    let mut chosen = many(self.sheet.get(at));
                    chosen.insert(id.0.to_vec());
                    self.put(at, Content::many(chosen), cx);
                    // The line is empty again: the next one, or Enter to go on.
                    self.arrive(at, cx);
                    return Some(Vec::new());
                }
                self.put(at, Content::One(Value::reference(id)), cx);
            }
        }
        self.arrive(at, cx);
        None
    }

    /// Puts a value into a place.
    pub(super) fn put(&mut self, place: Place, content: Content, cx: &Cx) {
        let context = forms(cx);
        self.sheet.set(place, content, &context);
        self.changed(cx);
    }

    /// Something was typed: the draft is behind, the warnings are to be looked at again.
    pub(super) fn changed(&mut self, cx: &Cx) {
        self.keeping.dirty(cx.at);
        self.warned = false;
    }

    /// Looks for candidates.
    pub(super) fn search(&mut self, cx: &Cx) {
        if self.typing.way != Way::Find {
            return;
        }
        let context = forms(cx);
        let words = if self.typing.touched {
            self.typing.editor.text().to_owned()
        } else {
            String::new()
        };
        let (found, beyond) = find::find(&self.sheet, self.at, &words, cx.reader, &context);
        self.typing.found = found;
        self.typing.beyond = beyond;
        self.typing.marked = 0;
    }
}

/// The elements of a content.
fn many(content: &Content) -> BTreeSet<Element> {
    match content {
        Content::Many(chosen) => chosen.clone(),
        _ => BTreeSet::new(),
    }
}

/// Without the last one of several, without the one.
fn fewer(content: &Content) -> Content {
    let mut chosen = many(content);
    chosen.pop_last();
    Content::many(chosen)
}

/// A choice taken in, or left out if it was in. One that stands alone leaves no other beside it.
fn toggled(content: &Content, code: &str, list: &Choices) -> Content {
    let mut chosen = many(content);
    let alone = |code: &[u8]| {
        std::str::from_utf8(code)
            .ok()
            .and_then(|code| list.get(code))
            .is_some_and(|choice| choice.alone)
    };
    if !chosen.remove(code.as_bytes()) {
        if alone(code.as_bytes()) {
            chosen.clear();
        } else {
            chosen.retain(|held| !alone(held));
        }
        chosen.insert(code.as_bytes().to_vec());
    }
    Content::many(chosen)
}

/// The digits of a text, folded; `None` if there is anything else in it.
pub(super) fn all_digits(text: &str) -> Option<String> {
    text.chars()
        .map(|c| digit(c).map(|digit| char::from(b'0' + digit)))
        .collect()
}
