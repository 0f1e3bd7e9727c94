//! Conflicts, one after another: what was before, the sides with who and when, one key takes one. Nothing is saved before
//! F2 (or leaving); until then Ctrl-Z takes decisions back. A side that is not taken stays in the history.

mod aside;
mod case;
mod decided;
mod draw;
#[cfg(test)]
pub mod tests;

use case::{Both, Case, Place};
use decided::{Decided, Taken, step};

use crate::forms::{Content, Field, Kind};
use crate::record::{ALIVE, Value};
use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Merged, Outcome};
use crate::tui::page::{Page, span};
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::show;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;

/// How long what is masked stands open, in milliseconds.
const REVEAL: u64 = 30_000;

/// The conflicts of the store, one at a time.
pub struct Settle {
    places: Vec<Place>,
    /// Which one is shown.
    at: usize,
    /// Which side is marked; behind the last one stands what holds both.
    side: usize,
    decided: Decided,
    /// How many were saved since the desk was opened.
    saved: usize,
    /// It goes away when what is being saved is on disk.
    leaving: bool,
    case: Option<Case>,
    writing: Option<Line>,
    /// Until when what is masked stands open, in milliseconds since the program began.
    revealed: Option<u64>,
    /// The merge that led here.
    merged: Option<Merged>,
}

impl Settle {
    /// All conflicts of the store.
    pub fn all(cx: &Cx) -> Self {
        let mut settle = Self {
            places: Place::all(cx),
            at: 0,
            side: 0,
            decided: Decided::default(),
            saved: 0,
            leaving: false,
            case: None,
            writing: None,
            revealed: None,
            merged: None,
        };
        settle.go(0, cx);
        settle
    }

    /// All conflicts of the store, beside the balance of the merge that led to them.
    pub fn after(merged: Option<Merged>, cx: &Cx) -> Self {
        Self {
            merged,
            ..Self::all(cx)
        }
    }

    fn go(&mut self, at: usize, cx: &Cx) {
        self.at = at;
        self.side = 0;
        self.writing = None;
        self.read(cx);
    }

    fn read(&mut self, cx: &Cx) {
        let revealed = self.revealed.is_some();
        let place = self.places.get(self.at);
        self.case = place.and_then(|place| Case::of(cx, place, revealed));
    }

    /// Goes to the next place that is not decided, or to the one before; stays where there is none.
    fn go_undecided(&mut self, back: bool, cx: &Cx) {
        let n = self.places.len();
        let steps = 1..n;
        let next = steps
            .map(|i| (self.at + if back { n - i } else { i }) % n)
            .find(|at| self.decided.at(*at).is_none());
        if let Some(next) = next {
            self.go(next, cx);
        }
    }

    fn undecided(&self) -> usize {
        self.places.len().saturating_sub(self.decided.count())
    }

    fn field<'a>(&self, cx: &Cx<'a>) -> Option<&'a Field> {
        let place = self.places.get(self.at)?;
        let register = cx.reader.registers().by_number(place.register)?;
        register.by_tag(place.tag)
    }

    /// Why nothing can be taken here now, if so.
    fn refused(&self, cx: &Cx) -> Option<String> {
        let place = self.places.get(self.at)?;
        if self.decided.at(self.at).is_some() {
            return Some(cx.say(Word::AlreadyDecided).into());
        }
        // Any change of a record says that it lives: whether it does is decided first.
        let undecided = |(i, other): (usize, &Place)| {
            other.same_record(place) && other.tag == ALIVE && self.decided.at(i).is_none()
        };
        let waits = place.tag != ALIVE && self.places.iter().enumerate().any(undecided);
        waits.then(|| cx.say(Word::RecordFirst).into())
    }

    /// What taking a side decides at a place, and what goes with it.
    fn steps(&self, at: usize, side: usize, case: &Case, cx: &Cx) -> Result<Vec<Taken>, String> {
        if let Some(side) = case.sides.get(side) {
            return Ok(step(&self.places, at, side.value.clone(), case, Some(side)));
        }
        match &case.both {
            Some(Both::Joined(value)) => {
                let forms = show::context(cx);
                let content = Content::one(value.clone());
                let field = self.field(cx);
                match field.and_then(|field| field.kind.check(&content, &forms)) {
                    Some(wrong) => Err(wrong.get(cx.lang).into()),
                    None => Ok(step(&self.places, at, value.clone(), case, None)),
                }
            }
            Some(Both::Chosen) => {
                let here = &self.places[at];
                let same = |other: &&Place| other.same_record(here) && other.tag == here.tag;
                let places = self.places.iter();
                let mut all: Vec<Taken> = (0..)
                    .zip(places)
                    .filter(|(_, place)| same(place))
                    .map(|(place, _)| Taken {
                        place,
                        value: Some(Value::bool(true)),
                        seen: case.seen.clone(),
                    })
                    .collect();
                all.sort_by_key(|taken| taken.place != at);
                Ok(all)
            }
            None => Err(cx.say(Word::NoSuchDigit).into()),
        }
    }

    fn take(&mut self, side: usize, cx: &Cx) -> Vec<Effect> {
        if let Some(why) = self.refused(cx) {
            return vec![Effect::Say(why, Role::Strong)];
        }
        let Some(case) = &self.case else {
            return vec![Effect::Say(cx.say(Word::NoConflicts).into(), Role::Quiet)];
        };
        match self.steps(self.at, side, case, cx) {
            Ok(step) => {
                self.decided.add(step);
                self.go_undecided(false, cx);
                Vec::new()
            }
            Err(why) => vec![Effect::Say(why, Role::Quiet)],
        }
    }

    /// The marked side here, and the side of the same author in every conflict of the same field between the same authors.
    fn take_alike(&mut self, cx: &Cx) -> Vec<Effect> {
        if let Some(why) = self.refused(cx) {
            return vec![Effect::Say(why, Role::Strong)];
        }
        let (Some(here), Some(case)) = (self.places.get(self.at), &self.case) else {
            return Vec::new();
        };
        let log = case.sides.get(self.side).map(|side| side.by.log);
        let mut step = match self.steps(self.at, self.side, case, cx) {
            Ok(step) => step,
            Err(why) => return vec![Effect::Say(why, Role::Quiet)],
        };
        let mut alike = 1;
        for (i, place) in self.places.iter().enumerate() {
            let known = i == self.at || self.decided.at(i).is_some();
            if known || !place.same_field(here) || step.iter().any(|taken| taken.place == i) {
                continue;
            }
            let undecided = |(i, other): (usize, &Place)| {
                other.tag == ALIVE && other.same_record(place) && self.decided.at(i).is_none()
            };
            if place.tag != ALIVE && self.places.iter().enumerate().any(undecided) {
                continue;
            }
            let Some(other) =
                Case::of(cx, place, false).filter(|other| other.authors() == case.authors())
            else {
                continue;
            };
            let side = match log {
                Some(log) => other.sides.iter().position(|side| side.by.log == log),
                None => Some(other.sides.len()),
            };
            if let Some(Ok(more)) = side.map(|side| self.steps(i, side, &other, cx)) {
                step.extend(more);
                alike += 1;
            }
        }
        self.decided.add(step);
        self.go_undecided(false, cx);
        let said = Word::AlikeTaken.with(cx.lang, &[&alike.to_string()]);
        vec![Effect::Say(said, Role::Strong)]
    }

    /// Whether another value can be written: the field holds one value.
    fn can_write(&self, cx: &Cx) -> bool {
        let element = self.places.get(self.at).map(|place| &place.element);
        element.is_some_and(Vec::is_empty)
            && self
                .field(cx)
                .is_some_and(|field| !matches!(field.kind, Kind::Ref { .. }))
    }

    fn written(&mut self, cx: &Cx) -> Vec<Effect> {
        let (Some(line), Some(field), Some(case)) = (&self.writing, self.field(cx), &self.case)
        else {
            return Vec::new();
        };
        let forms = show::context(cx);
        let content = match field.kind.parse(line.text(), &forms) {
            Ok(content) => content,
            Err(wrong) => return vec![Effect::Say(wrong.get(cx.lang).into(), Role::Bad)],
        };
        if let Some(wrong) = field.kind.check(&content, &forms) {
            return vec![Effect::Say(wrong.get(cx.lang).into(), Role::Bad)];
        }
        let value = content.value().cloned().unwrap_or_default();
        let step = step(&self.places, self.at, value, case, None);
        self.decided.add(step);
        self.writing = None;
        self.go_undecided(false, cx);
        Vec::new()
    }

    fn save(&self) -> Vec<Effect> {
        vec![Effect::Save(self.decided.savings(&self.places))]
    }

    fn act(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        if let Some(line) = &mut self.writing {
            match action {
                Action::Take => return self.written(cx),
                Action::Back => self.writing = None,
                Action::Help => return vec![super::help(self.context(), cx)],
                action => {
                    line.act(action);
                }
            }
            return Vec::new();
        }
        let case = self.case.as_ref();
        let rows = case.map_or(0, |case| {
            case.sides.len() + usize::from(case.both.is_some())
        });
        match action {
            Action::Up => self.side = self.side.saturating_sub(1),
            Action::Down => self.side = (self.side + 1).min(rows.saturating_sub(1)),
            Action::Take if self.decided.count() > 0 && self.undecided() == 0 => {
                return self.save();
            }
            Action::Take => return self.take(self.side, cx),
            Action::SameForAll => return self.take_alike(cx),
            Action::Undo => match self.decided.undo() {
                Some(place) => self.go(place, cx),
                None => {
                    return vec![Effect::Say(
                        cx.say(Word::NothingDecided).into(),
                        Role::Quiet,
                    )];
                }
            },
            Action::Finish if self.decided.count() > 0 => return self.save(),
            Action::Finish => {
                return vec![Effect::Say(
                    cx.say(Word::NothingDecided).into(),
                    Role::Quiet,
                )];
            }
            Action::Later => self.go_undecided(false, cx),
            Action::Earlier => self.go_undecided(true, cx),
            Action::NextConflict if !self.places.is_empty() => {
                self.go((self.at + 1) % self.places.len(), cx);
            }
            Action::Write if self.can_write(cx) => match self.refused(cx) {
                Some(why) => return vec![Effect::Say(why, Role::Strong)],
                None => self.writing = Some(Line::default()),
            },
            Action::Reveal if case.is_some_and(|case| case.masked) => {
                self.revealed = Some(cx.at + REVEAL);
                self.read(cx);
            }
            Action::Back if self.decided.count() > 0 => {
                self.leaving = true;
                return self.save();
            }
            Action::Back => return vec![Effect::Pop],
            Action::Help => return vec![super::help(self.context(), cx)],
            _ => return vec![Effect::Say(cx.say(Word::NoSuchKey).into(), Role::Quiet)],
        }
        Vec::new()
    }
}

impl Screen for Settle {
    fn context(&self) -> Context {
        Context::Settle
    }

    fn taking(&self) -> Taking {
        if self.writing.is_some() {
            Taking::TEXT
        } else {
            Taking::DIGITS
        }
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        match input {
            Input::Action(action) => return self.act(action, cx),
            Input::Digit(0) => {
                let both = self.case.as_ref().filter(|case| case.both.is_some());
                let place = both.map_or(usize::MAX, |case| case.sides.len());
                return self.take(place, cx);
            }
            Input::Digit(digit) => {
                let sides = self.case.as_ref().map_or(0, |case| case.sides.len());
                let side = usize::from(digit) - 1;
                return self.take(if side < sides { side } else { usize::MAX }, cx);
            }
            Input::Text(text) | Input::Paste(text) => {
                if let Some(line) = &mut self.writing {
                    line.insert(&text);
                }
            }
            Input::Due => {
                self.revealed = None;
                self.read(cx);
            }
            Input::Done(Outcome::Saved { .. }) => {
                self.saved += self.decided.count();
                self.decided.clear();
                if self.leaving {
                    return vec![Effect::Pop];
                }
                self.places = Place::all(cx);
                self.go(0, cx);
            }
            Input::Done(Outcome::Failed(_)) => self.leaving = false,
            _ => {}
        }
        Vec::new()
    }

    fn due(&self) -> Option<u64> {
        self.revealed
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        let nth = if self.places.is_empty() {
            0
        } else {
            self.at + 1
        };
        let count = |word: Word, n: usize| word.with(cx.lang, &[&n.to_string()]);
        let pending = self.decided.count();
        let mut chrome = Chrome {
            path: vec![
                cx.say(Word::Exchange).into(),
                cx.say(Word::Conflicts).into(),
            ],
            right: vec![
                vec![span(count(Word::NthPlace, nth), Role::Strong)],
                vec![span(count(Word::OfPlaces, self.places.len()), Role::Quiet)],
                vec![span(
                    count(Word::SettledPlaces, self.saved + pending),
                    Role::Quiet,
                )],
            ],
            seam_rows: 1,
            ..Chrome::default()
        };
        if self.places.is_empty() {
            return chrome;
        }
        if pending > 0 {
            chrome.right_seam = vec![
                span(count(Word::NotSavedYet, pending), Role::Strong),
                span(format!("  {}", cx.say(Word::CanUndo)), Role::Quiet),
            ];
        } else {
            chrome.right_seam = vec![span(cx.say(Word::CanUndo), Role::Quiet)];
        }
        chrome.left_seam = self.position(cx);
        chrome
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        draw::draw(self, page, cx);
    }

    fn hints(&self, cx: &Cx) -> Vec<Hint> {
        if self.writing.is_some() {
            return vec![Hint::Action(Action::Take)];
        }
        let Some(case) = &self.case else {
            return Vec::new();
        };
        let pending = self.decided.count() > 0;
        let mut hints = Vec::new();
        if self.decided.at(self.at).is_none() {
            let mut digits: Vec<String> = (1..=case.sides.len().min(9))
                .map(|n| n.to_string())
                .collect();
            if case.both.is_some() {
                digits.push("0".into());
            }
            hints.push(Hint::Digits(digits.join(" "), Word::PickNumber));
            if self.can_write(cx) {
                hints.push(Hint::Action(Action::Write));
            }
        }
        if case.masked && self.revealed.is_none() {
            hints.push(Hint::Action(Action::Reveal));
        }
        if pending {
            hints.push(Hint::Action(Action::Finish));
            hints.push(Hint::Action(Action::Undo));
        }
        if self.undecided() > 0 {
            hints.push(Hint::Action(Action::Later));
            hints.push(Hint::Action(Action::SameForAll));
        }
        hints
    }

    fn leave(&mut self, _cx: &Cx) -> Vec<Effect> {
        if self.decided.count() > 0 {
            self.save()
        } else {
            Vec::new()
        }
    }
}

impl Settle {
    /// The left of the seam: what Enter does here.
    fn position(&self, cx: &Cx) -> Vec<crate::tui::page::Span> {
        let strong = |text: String| span(text, Role::Strong);
        let quiet = |word: Word| span(format!("  {}", cx.say(word)), Role::Quiet);
        if self.undecided() == 0 {
            return vec![
                strong(cx.say(Word::AllDecided).into()),
                quiet(Word::EnterSaves),
            ];
        }
        if self.decided.at(self.at).is_some() {
            return vec![strong(cx.say(Word::DecidedHere).into())];
        }
        let Some(case) = &self.case else {
            return Vec::new();
        };
        match case.sides.get(self.side) {
            Some(side) => vec![
                strong(format!("{} {}", self.side + 1, side.who)),
                quiet(Word::EnterTakes),
            ],
            None => vec![
                strong(format!("0 {}", cx.say(Word::BothSides))),
                quiet(Word::EnterTakesBoth),
            ],
        }
    }
}
