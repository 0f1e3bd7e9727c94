//! Moving the hand: Enter to the next field that needs a person, Tab to the next one whatever it holds, to an error, back.

use crate::forms::{Content, Context};
use crate::record::Value;
use crate::text::form::FormWord;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Returned};
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widgets::editor::Editor;

use super::sheet::Place;
use super::typing::{self, Typing, Way};
use super::{Form, REVEAL, body, forms, undo};

impl Form {
    /// The hand comes to a place.
    pub(super) fn arrive(&mut self, place: Place, cx: &Cx) {
        let context = forms(cx);
        let places = self.sheet.places(true, &context);
        let place = if places.contains(&place) {
            place
        } else {
            places.first().copied().unwrap_or(place)
        };
        if !self.sheet.open(&context).contains(&place) && !self.wide_more(cx, &context) {
            self.more = true;
        }
        self.at = place;
        self.keeping.moved(cx.at);
        self.undo.part();
        let way = self.way(&context);
        let field = self.sheet.field(place, &context);
        let raw = self.sheet.raw.get(&place).cloned();
        let text = match way {
            Way::Text => raw.clone().unwrap_or_else(|| {
                self.sheet
                    .get(place)
                    .value()
                    .and_then(Value::as_text)
                    .unwrap_or_default()
                    .to_owned()
            }),
            _ => raw.clone().unwrap_or_default(),
        };
        let many = typing::lines(field) > 1;
        self.typing = Typing {
            editor: if many {
                Editor::lines(&text)
            } else {
                Editor::line(&text)
            },
            touched: raw.is_some() && way != Way::Text,
            way,
            phrases: field.phrases.is_some(),
            ..Typing::default()
        };
        self.search(cx);
        self.last = self.last_value(place, cx);
        self.asked = self.asked_of(&context);
    }

    /// What is typed is taken, if it can be; else it stays as it was typed, and is wrong.
    pub(super) fn settle(&mut self, cx: &Cx) {
        let context = forms(cx);
        let place = self.at;
        if !self.typing.touched {
            return;
        }
        let text = self.typing.editor.text().to_owned();
        match self.typing.way {
            Way::Read => match self
                .sheet
                .field(place, &context)
                .kind
                .parse(&text, &context)
            {
                Ok(content) => self.put(place, content, cx),
                Err(_) => {
                    self.sheet.raw.insert(place, text);
                }
            },
            Way::Find if !text.trim().is_empty() => {
                self.sheet.raw.insert(place, text);
            }
            Way::Find => {
                self.sheet.raw.remove(&place);
            }
            _ => {}
        }
    }

    /// Tab, Shift-Tab: to the field beside, whatever it holds.
    pub(super) fn step(&mut self, on: bool, cx: &Cx) -> Vec<Effect> {
        self.settle(cx);
        let context = forms(cx);
        let wide = self.wide_more(cx, &context);
        let mut places = self.sheet.places(self.more || wide, &context);
        let mut at = places
            .iter()
            .position(|place| *place == self.at)
            .unwrap_or(0);
        if on
            && at + 1 == places.len()
            && !self.more
            && !wide
            && !self.sheet.more(&context).is_empty()
        {
            self.more = true;
            places = self.sheet.places(true, &context);
            at = places
                .iter()
                .position(|place| *place == self.at)
                .unwrap_or(0);
        }
        let next = if on { at + 1 } else { at.wrapping_sub(1) };
        if let Some(place) = places.get(next) {
            self.arrive(*place, cx);
        }
        Vec::new()
    }

    /// Enter: takes what is shown and goes on; at the end saves. What is wrong here keeps the hand here.
    pub(super) fn next(&mut self, cx: &Cx) -> Vec<Effect> {
        let context = forms(cx);
        if let Some(stay) = self.take(cx) {
            return stay;
        }
        let here = self.at;
        let wrong = self
            .sheet
            .wrongs(&context)
            .into_iter()
            .find(|wrong| wrong.place == here && !wrong.warning);
        if let Some(wrong) = wrong {
            if !wrong.empty {
                self.told.insert(here);
                return Vec::new();
            }
            let key = cx
                .keymap
                .keys(crate::tui::action::Context::Form, Action::Forward);
            let key = key.first().map(ToString::to_string).unwrap_or_default();
            return vec![Effect::Say(
                FormWord::NeededSkip.with(cx.lang, &[&key]),
                Role::Strong,
            )];
        }
        self.go_on(cx)
    }

    /// To the next stop; without one to what is missing before; without that it is saved.
    pub(super) fn go_on(&mut self, cx: &Cx) -> Vec<Effect> {
        let context = forms(cx);
        match self.sheet.next_stop(Some(self.at), &context) {
            Some(place) => {
                self.arrive(place, cx);
                Vec::new()
            }
            None => self.save(super::save::After::Leave, cx),
        }
    }

    /// A full field goes on by itself, but never saves.
    pub(super) fn goes_on(&mut self, cx: &Cx) {
        let context = forms(cx);
        if let Some(place) = self.sheet.next_stop(Some(self.at), &context) {
            self.arrive(place, cx);
            self.went_on = Some(cx.at);
        }
    }

    /// F8: to the next error or warning, round the sheet.
    pub(super) fn next_wrong(&mut self, cx: &Cx) -> Vec<Effect> {
        self.settle(cx);
        let context = forms(cx);
        self.tried = true;
        let wrongs = self.shown_wrongs(&context);
        let order = self.sheet.places(true, &context);
        let rank = |place: Place| order.iter().position(|p| *p == place);
        let here = rank(self.at);
        let behind = wrongs.iter().find(|wrong| rank(wrong.place) > here);
        match behind.or(wrongs.first()) {
            Some(wrong) => {
                let place = wrong.place;
                self.arrive(place, cx);
                self.told.insert(place);
                Vec::new()
            }
            None => vec![Effect::Say(
                FormWord::NoneWrong.get(cx.lang).into(),
                Role::Quiet,
            )],
        }
    }

    /// Esc: back, the draft kept.
    fn back(&mut self, cx: &Cx) -> Vec<Effect> {
        self.warned = false;
        let mut effects = self.keep_now(cx);
        let word = if self.keeping.ever() {
            FormWord::DraftLeft
        } else {
            FormWord::NothingTyped
        };
        effects.push(Effect::Return(Returned::Nothing));
        effects.push(Effect::Say(word.get(cx.lang).into(), Role::Quiet));
        effects
    }

    /// What a key does here.
    pub(super) fn act(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        if self.jump.is_some() {
            return self.act_in_jump(action, cx);
        }
        let context = forms(cx);
        let say = |word: FormWord| vec![Effect::Say(word.get(cx.lang).into(), Role::Quiet)];
        match action {
            Action::Next => self.next(cx),
            Action::Forward => self.step(true, cx),
            Action::Backward => self.step(false, cx),
            Action::Save => self.save(super::save::After::Leave, cx),
            Action::SaveMore => self.save(super::save::After::More, cx),
            Action::Back => self.back(cx),
            Action::Help => vec![super::super::help(
                crate::tui::screen::Screen::context(self),
                cx,
            )],
            Action::BreakLine if self.typing.editor.is_many() => self.text("\n", cx),
            Action::Jump => self.begin_jump(cx),
            Action::NextWrong => self.next_wrong(cx),
            Action::Same => self.same(cx),
            Action::Undo if self.undo(cx) => Vec::new(),
            Action::Undo => say(FormWord::NothingToUndo),
            Action::Redo if self.redo(cx) => Vec::new(),
            Action::Redo => say(FormWord::NothingToRedo),
            Action::New => match self.new_in_place(&context) {
                Some(effect) => vec![effect],
                None => self.one_more_row(cx),
            },
            Action::Reveal => {
                self.revealed = Some(cx.at + REVEAL);
                Vec::new()
            }
            Action::Empty => {
                self.mark_undo(undo::Kind::Take);
                self.put(self.at, Content::Empty, cx);
                self.arrive(self.at, cx);
                Vec::new()
            }
            Action::Up | Action::Down => self.up_or_down(action == Action::Down, cx, &context),
            Action::PageUp | Action::PageDown => self.page(action == Action::PageDown, &context),
            Action::Left | Action::Right => self.left_or_right(action == Action::Right, cx),
            Action::Toggle => self.toggle(cx),
            Action::First | Action::Last | Action::Erase | Action::Remove => self.edit(action, cx),
            _ => Vec::new(),
        }
    }

    /// Through the lines of a text, the candidates or the fields.
    fn up_or_down(&mut self, down: bool, cx: &Cx, context: &Context) -> Vec<Effect> {
        let width = usize::from(body::Places::of(cx.size, context.lang).well());
        match self.typing.way {
            Way::Text if self.typing.editor.is_many() => {
                let moved = if down {
                    self.typing.editor.down(width)
                } else {
                    self.typing.editor.up(width)
                };
                if moved {
                    Vec::new()
                } else {
                    self.step(down, cx)
                }
            }
            Way::Find
                if self.typing.touched
                    || self.typing.moved
                    || self.sheet.get(self.at).is_empty() =>
            {
                let most = self.typing.found.len();
                let marked = self.marked();
                match (marked, down) {
                    (None, false) => return self.step(false, cx),
                    (None, true) => self.typing.marked = 0,
                    (Some(at), true) if at >= most => return self.step(true, cx),
                    (Some(at), true) => self.typing.marked = at + 1,
                    (Some(0), false) if !self.typing.touched => {
                        self.typing.moved = false;
                        return Vec::new();
                    }
                    (Some(at), false) => self.typing.marked = at.saturating_sub(1),
                }
                self.typing.moved = true;
                Vec::new()
            }
            _ => self.step(down, cx),
        }
    }
}
