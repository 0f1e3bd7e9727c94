//! The form: one record being typed, with its rows, its panel and its draft.
//!
//! [`sheet`] holds what is typed, [`typing`] what is under the hand and not taken yet; [`keys`] turns text and digits into
//! both, [`walk`] moves the hand, [`save`] writes, [`draft`] keeps; [`body`] and [`panel`] draw. No register and no field is
//! known by name: everything comes from register data.

mod about;
mod body;
mod digits;
mod draft;
mod find;
mod jump;
mod keys;
mod open;
mod panel;
mod save;
mod sheet;
pub(in crate::tui) mod show;
#[cfg(test)]
mod tests;
mod typing;
mod undo;
mod walk;

use std::collections::BTreeSet;

pub use draft::head;
pub use open::open;

use super::super::action::{Action, Context as Where};
use super::super::effect::{Effect, Opening, Returned};
use super::super::page::{Page, span};
use super::super::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use super::super::theme::Role;
use crate::forms::{Content, Context, Kind};
use crate::record::{Record, RecordId, Seen, Value};
use crate::text::form::FormWord;

use draft::Keeping;
use jump::Jump;
use open::{Ids, Start};
use panel::Line;
use save::After;
use sheet::{Place, Sheet, Wrong};
use typing::{Typing, Way};
use undo::Undo;

/// How long an Enter or Tab is swallowed behind a field that went on by itself, in milliseconds.
const SWALLOW: u64 = 300;

/// How long what is masked stands open, in milliseconds.
const REVEAL: u64 = 30_000;

/// A form.
pub struct Form {
    sheet: Sheet,
    /// How it began: what a draft begins with again.
    start: Start,
    /// The record as it stood when the form opened; `None` for a new one.
    base: Option<Record>,
    /// What was held of it then.
    seen: Vec<Seen>,
    ids: Ids,
    /// Where the hand is.
    at: Place,
    typing: Typing,
    /// The optional fields are opened.
    more: bool,
    jump: Option<Jump>,
    /// The warnings were listed: saving once more saves over them.
    warned: bool,
    /// Saving was tried: what is missing is shown too.
    tried: bool,
    /// Places whose errors are shown though the hand is there.
    told: BTreeSet<Place>,
    undo: Undo,
    /// The last value of this field, and when.
    last: Option<(String, String)>,
    /// What is known about the marked or taken record, for the panel at the right.
    about: Vec<Line>,
    /// What a new record of the register looked for asks for.
    asked: Vec<String>,
    /// Until when what is masked stands open.
    revealed: Option<u64>,
    /// When a field went on by itself.
    went_on: Option<u64>,
    keeping: Keeping,
    /// What follows when the changes are on disk.
    saving: Option<After>,
    /// The place for which a new record is being made in a form above.
    awaited: Option<Place>,
}

/// What a form asks of registers and store.
fn forms<'a>(cx: &Cx<'a>) -> Context<'a> {
    Context {
        registers: cx.reader.registers(),
        now_millis: cx.now,
        me: cx.reader.me(),
        lookup: cx.reader.lookup(),
        lang: cx.lang,
    }
}

impl Form {
    /// A form over a sheet, the hand at its first stop.
    fn new(sheet: Sheet, start: Start, ids: Ids, cx: &Cx) -> Self {
        let context = forms(cx);
        let places = sheet.places(false, &context);
        let first = sheet
            .next_stop(None, &context)
            .or_else(|| places.first().copied())
            .unwrap_or(Place::own(0));
        let mut form = Self {
            keeping: Keeping::new(ids.name()),
            sheet,
            start,
            base: None,
            seen: Vec::new(),
            ids,
            at: first,
            typing: Typing::default(),
            more: false,
            jump: None,
            warned: false,
            tried: false,
            told: BTreeSet::new(),
            undo: Undo::default(),
            last: None,
            about: Vec::new(),
            asked: Vec::new(),
            revealed: None,
            went_on: None,
            saving: None,
            awaited: None,
        };
        form.arrive(first, cx);
        form
    }

    /// What is wrong and shown now: not what is still being typed, and what is missing only once saving was tried.
    fn shown_wrongs(&self, context: &Context) -> Vec<Wrong> {
        let mut wrongs = self.sheet.wrongs(context);
        wrongs.retain(|wrong| {
            let here = wrong.place == self.at && !self.tried && !self.told.contains(&wrong.place);
            (self.tried || !wrong.empty || wrong.warning) && (!here || wrong.warning)
        });
        wrongs
    }

    /// Which candidate or choice is marked, if any: a candidate once something was typed or the mark was moved.
    fn marked(&self) -> Option<usize> {
        let searched =
            self.typing.touched && !self.typing.editor.is_empty() && !self.typing.found.is_empty();
        (searched || self.typing.moved).then_some(self.typing.marked)
    }

    /// The codes that the field under the hand holds.
    fn chosen_codes(&self) -> Vec<String> {
        match self.sheet.get(self.at) {
            Content::Empty => Vec::new(),
            Content::One(value) => match value.as_bool() {
                Some(yes) => vec![u8::from(yes).to_string()],
                None => value.as_text().map(str::to_owned).into_iter().collect(),
            },
            Content::Many(chosen) => chosen
                .iter()
                .map(|code| String::from_utf8_lossy(code).into_owned())
                .collect(),
        }
    }

    /// The phrases of the field under the hand: six by digit.
    fn phrases(&self, context: &Context) -> Vec<String> {
        let field = self.sheet.field(self.at, context);
        let phrases = context.registers.phrases(field);
        phrases
            .into_iter()
            .take(6)
            .map(|phrase| phrase.get(context.lang).to_owned())
            .collect()
    }

    /// Whether a place is in conflict in the record that is edited, and nobody picked.
    fn in_conflict(&self, place: Place) -> bool {
        place.row.is_none()
            && self.sheet.origin(place) != crate::forms::Origin::Typed
            && self
                .base
                .as_ref()
                .and_then(|base| base.state(place.tag))
                .is_some_and(|state| state.in_conflict())
    }

    /// The sides of a field in conflict, as rows under it.
    fn sides(&self, place: Place, context: &Context) -> Vec<(String, Role)> {
        let field = self.sheet.field(place, context);
        let Some(state) = self.base.as_ref().and_then(|base| base.state(place.tag)) else {
            return Vec::new();
        };
        state
            .siblings()
            .iter()
            .enumerate()
            .map(|(n, side)| {
                let value = show::value(field, &Content::one(side.value.clone()), false, context);
                (format!("{} {value}", n + 1), Role::Strong)
            })
            .collect()
    }

    fn way(&self, context: &Context) -> Way {
        typing::way(&self.sheet, self.at, context)
    }
}

impl Screen for Form {
    fn context(&self) -> Where {
        match (&self.jump, self.typing.way) {
            (None, Way::Choose | Way::Fixed) => Where::Choice,
            (None, Way::Text) if self.typing.editor.is_many() => Where::Text,
            _ => Where::Form,
        }
    }

    fn taking(&self) -> Taking {
        match (&self.jump, self.typing.way) {
            (Some(_), _) => Taking::TEXT,
            (None, Way::Choose) => Taking::DIGITS,
            (None, Way::Fixed) => Taking::NOTHING,
            (None, Way::Text) if self.typing.phrases && self.typing.editor.is_empty() => {
                Taking::BOTH
            }
            (None, _) => Taking::TEXT,
        }
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        let swallow = self.went_on.take().is_some_and(|at| cx.at < at + SWALLOW);
        let effects = match input {
            Input::Shown => Vec::new(),
            Input::Action(Action::Next | Action::Forward) if swallow => Vec::new(),
            Input::Text(text) => self.text(&text, cx),
            Input::Digit(digit) => self.digit(digit, cx),
            Input::Paste(text) => self.paste(&text, cx),
            Input::Action(action) => self.act(action, cx),
            Input::Due => self.due_now(cx),
            Input::Returned(Returned::Record(register, id)) => self.made(register, id, cx),
            Input::Returned(_) => Vec::new(),
            Input::Done(outcome) => self.done(outcome, cx),
        };
        self.look(cx);
        if self.revealed.is_some_and(|until| until <= cx.at) {
            self.revealed = None;
        }
        effects
    }

    fn due(&self) -> Option<u64> {
        let keep = self.keeping.due();
        [keep, self.revealed].into_iter().flatten().min()
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        let context = forms(cx);
        let register = self.sheet.register(Place::own(self.at.tag), &context);
        let register = if self.at.row.is_some() {
            context
                .registers
                .by_number(self.sheet.entry.register())
                .unwrap_or(register)
        } else {
            register
        };
        let what = if !self.sheet.entry.is_new() {
            register.title(self.sheet.entry.contents(), &context)
        } else if self.sheet.again {
            FormWord::Again.get(cx.lang).to_owned()
        } else {
            FormWord::New.get(cx.lang).to_owned()
        };
        let mut chrome = Chrome::of(&[register.label.get(cx.lang), &what], cx);
        if let Some(at) = self.keeping.on_disk() {
            let words = FormWord::Draft.with(cx.lang, &[&show::clock(at)]);
            chrome.right.insert(0, vec![span(words, Role::Quiet)]);
        }
        let places = self
            .sheet
            .places(self.more || self.wide_more(cx, &context), &context);
        let position = places
            .iter()
            .position(|place| *place == self.at)
            .map_or(0, |at| at + 1);
        let count = if self.more {
            places.len()
        } else {
            self.sheet.places(false, &context).len()
        };
        let count = count.max(position);
        chrome.left_seam = vec![
            span(position.to_string(), Role::Strong),
            span(format!(" / {count}"), Role::Quiet),
        ];
        let errors = self
            .shown_wrongs(&context)
            .iter()
            .filter(|wrong| !wrong.warning)
            .count();
        chrome.right_seam = if let Some(until) = self.revealed {
            let seconds = until.saturating_sub(cx.at).div_ceil(1000);
            vec![span(
                FormWord::Shown.with(cx.lang, &[&seconds.to_string()]),
                Role::Strong,
            )]
        } else if errors > 0 {
            vec![span(
                FormWord::CannotSave.with(cx.lang, &[&errors.to_string()]),
                Role::Bad,
            )]
        } else {
            vec![span(FormWord::DraftAsTyped.get(cx.lang), Role::Quiet)]
        };
        chrome
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        let context = forms(cx);
        let wrongs = self.shown_wrongs(&context);
        self.draw_body(page, &context, &wrongs);
        self.draw_panel(page, &context, &wrongs);
    }

    fn hints(&self, cx: &Cx) -> Vec<Hint> {
        let context = forms(cx);
        if self.jump.is_some() {
            return vec![
                Hint::Form(Action::Next, FormWord::JumpTo),
                Hint::FormKeys(FormWord::Arrows, FormWord::Other),
            ];
        }
        let wrong = self
            .shown_wrongs(&context)
            .iter()
            .any(|wrong| !wrong.warning);
        let mut hints = match self.typing.way {
            Way::Find if self.marked().is_some() => {
                vec![
                    Hint::Form(Action::Next, FormWord::Take),
                    Hint::FormKeys(FormWord::Arrows, FormWord::Other),
                ]
            }
            Way::Choose => {
                vec![
                    Hint::FormKeys(FormWord::PickDigits, FormWord::Pick),
                    Hint::Action(Action::Next),
                ]
            }
            Way::Text if self.typing.editor.is_many() => {
                vec![Hint::Action(Action::Next), Hint::Action(Action::BreakLine)]
            }
            _ => vec![Hint::Action(Action::Next)],
        };
        if wrong {
            hints.extend([Action::NextWrong, Action::Jump, Action::Undo].map(Hint::Action));
        } else {
            hints.extend([Action::Same, Action::Save, Action::SaveMore].map(Hint::Action));
        }
        hints
    }

    fn leave(&mut self, cx: &Cx) -> Vec<Effect> {
        self.keep_now(cx)
    }
}

impl Form {
    /// Whether the optional fields are drawn anyway: on a wide page.
    fn wide_more(&self, cx: &Cx, context: &Context) -> bool {
        body::Places::of(cx.size, context.lang).right.is_some()
    }

    /// The record made in a form above comes back as the value.
    fn made(&mut self, register: u32, id: RecordId, cx: &Cx) -> Vec<Effect> {
        let context = forms(cx);
        let Some(place) = self.awaited.take() else {
            return Vec::new();
        };
        let content = match self.sheet.field(place, &context).kind {
            Kind::Ref { to } if to == register => Content::One(Value::reference(id)),
            Kind::RefMultiple { to } if to == register => {
                let mut chosen = match self.sheet.get(place) {
                    Content::Many(chosen) => chosen.clone(),
                    _ => BTreeSet::new(),
                };
                chosen.insert(id.0.to_vec());
                Content::many(chosen)
            }
            _ => return Vec::new(),
        };
        self.mark_undo(undo::Kind::Take);
        self.put(place, content, cx);
        self.go_on(cx)
    }

    /// Which form is opened for F3 on the field under the hand.
    fn new_in_place(&mut self, context: &Context) -> Option<Effect> {
        match self.sheet.field(self.at, context).kind {
            Kind::Ref { to } | Kind::RefMultiple { to } => {
                self.awaited = Some(self.at);
                Some(Effect::Open(Opening::New(to)))
            }
            _ => None,
        }
    }
}
