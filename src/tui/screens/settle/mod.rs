//! Conflicts, one after another: what was before, the sides with who and when, one key takes one. A side that is not taken
//! stays in the history.

mod draw;

use crate::forms::{Content, Kind};
use crate::record::{ALIVE, Change, Element, RecordId, Seen, State, Tag, Value};
use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Decision, Effect, Outcome};
use crate::tui::page::{Page, span};
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::show;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;

/// The conflicts of the store, one at a time.
pub struct Settle {
    places: Vec<Place>,
    /// Which one is shown.
    at: usize,
    /// Which side is marked.
    side: usize,
    settled: usize,
    case: Option<Case>,
    writing: Option<Line>,
}

/// Where a conflict is.
#[derive(Clone, PartialEq, Eq)]
struct Place {
    register: u32,
    id: RecordId,
    tag: Tag,
    element: Element,
}

/// What is shown of a conflict, read once.
struct Case {
    register: String,
    title: String,
    field: String,
    before: Option<Side>,
    sides: Vec<Side>,
    /// Label and value of the fields that agree.
    others: Vec<(String, String)>,
    seen: Vec<Seen>,
}

/// One value with who and when.
struct Side {
    value: Value,
    words: String,
    who: String,
    when: String,
}

impl Settle {
    /// All conflicts of the store.
    pub fn all(cx: &Cx) -> Self {
        let mut settle = Self {
            places: Vec::new(),
            at: 0,
            side: 0,
            settled: 0,
            case: None,
            writing: None,
        };
        settle.find(cx);
        settle
    }

    fn find(&mut self, cx: &Cx) {
        self.places.clear();
        for (register, id, tag) in cx.reader.conflicts() {
            let Some(record) = cx.reader.record(register, id) else {
                continue;
            };
            let elements: Vec<Element> = match tag {
                ALIVE => vec![Element::new()],
                tag => {
                    let torn = record
                        .elements(tag)
                        .filter(|(_, state)| state.in_conflict());
                    torn.map(|(element, _)| element.clone()).collect()
                }
            };
            self.places
                .extend(elements.into_iter().map(|element| Place {
                    register,
                    id,
                    tag,
                    element,
                }));
        }
        self.at = if self.at >= self.places.len() {
            0
        } else {
            self.at
        };
        self.read(cx);
    }

    fn read(&mut self, cx: &Cx) {
        self.side = 0;
        self.writing = None;
        self.case = self
            .places
            .get(self.at)
            .and_then(|place| Case::of(cx, place));
    }

    fn take(&mut self, side: usize, cx: &Cx) -> Vec<Effect> {
        match self.case.as_ref().and_then(|case| case.sides.get(side)) {
            Some(taken) => self.resolve(taken.value.clone()),
            None => vec![Effect::Say(cx.say(Word::NoSuchDigit).into(), Role::Quiet)],
        }
    }

    fn resolve(&self, value: Value) -> Vec<Effect> {
        let (Some(place), Some(case)) = (self.places.get(self.at), &self.case) else {
            return Vec::new();
        };
        let Place {
            register,
            id,
            tag,
            element,
        } = place.clone();
        vec![Effect::Resolve(Decision {
            register,
            record: id,
            tag,
            element,
            value,
            seen: case.seen.clone(),
        })]
    }

    /// Whether another value can be written: the field holds one value.
    fn can_write(&self, cx: &Cx) -> bool {
        self.places.get(self.at).is_some_and(|place| {
            let register = cx.reader.registers().by_number(place.register);
            let field = register.and_then(|register| register.by_tag(place.tag));
            place.element.is_empty()
                && field.is_some_and(|field| !matches!(field.kind, Kind::Ref { .. }))
        })
    }

    fn written(&self, cx: &Cx) -> Vec<Effect> {
        let (Some(line), Some(place)) = (&self.writing, self.places.get(self.at)) else {
            return Vec::new();
        };
        let register = cx.reader.registers().by_number(place.register);
        let Some(field) = register.and_then(|register| register.by_tag(place.tag)) else {
            return Vec::new();
        };
        let forms = show::context(cx);
        match field.kind.parse(line.text(), &forms) {
            Ok(content) => {
                if let Some(wrong) = field.kind.check(&content, &forms) {
                    return vec![Effect::Say(wrong.get(cx.lang).into(), Role::Bad)];
                }
                match content {
                    Content::One(value) => self.resolve(value),
                    _ => self.resolve(Value::cleared()),
                }
            }
            Err(wrong) => vec![Effect::Say(wrong.get(cx.lang).into(), Role::Bad)],
        }
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
        let sides = self.case.as_ref().map_or(0, |case| case.sides.len());
        match action {
            Action::Up => self.side = self.side.saturating_sub(1),
            Action::Down => self.side = (self.side + 1).min(sides.saturating_sub(1)),
            Action::Take => return self.take(self.side, cx),
            Action::Later if !self.places.is_empty() => {
                self.at = (self.at + 1) % self.places.len();
                self.read(cx);
            }
            Action::Write if self.can_write(cx) => self.writing = Some(Line::default()),
            Action::Back => return vec![Effect::Pop],
            Action::Help => return vec![super::help(self.context(), cx)],
            _ => return vec![Effect::Say(cx.say(Word::NoSuchKey).into(), Role::Quiet)],
        }
        Vec::new()
    }
}

impl Case {
    fn of(cx: &Cx, place: &Place) -> Option<Self> {
        let definition = cx.reader.registers().by_number(place.register)?;
        let record = cx.reader.record(place.register, place.id)?;
        let changes = cx.reader.changes(place.register, place.id);
        let field = definition.by_tag(place.tag);
        let key = (place.tag, place.element.clone());
        let state: &State = if place.tag == ALIVE {
            &record.alive
        } else {
            record.fields.get(&key)?
        };
        let words = |value: &Value| match (place.tag, value.as_bool()) {
            (ALIVE, Some(true)) => cx.say(Word::StaysAlive).to_string(),
            (ALIVE, _) => cx.say(Word::IsDeleted).to_string(),
            _ => show::stored(cx, field, &place.element, value),
        };
        let side = |value: &Value, change: &Change| Side {
            value: value.clone(),
            words: words(value),
            who: cx.reader.author(&change.dot.log).unwrap_or_default(),
            when: {
                let at = change.at.millis();
                let own = cx.reader.is_own(&change.dot.log);
                let here = if own {
                    format!(" {}", cx.say(Word::OwnMachine))
                } else {
                    String::new()
                };
                format!("{} {}{here}", show::month_day(at), show::hour_minute(at))
            },
        };
        let sides: Vec<Side> = state
            .siblings()
            .iter()
            .filter_map(|sibling| {
                let change = changes.iter().find(|change| change.dot == sibling.dot)?;
                Some(side(&sibling.value, change))
            })
            .collect();
        // Before: the newest value of the field that every side was made after, and that is no side itself.
        let first = state.siblings().iter().map(|sibling| sibling.at).min()?;
        let mut earlier: Vec<&Change> = changes.iter().filter(|change| change.at < first).collect();
        earlier.sort_by_key(|change| change.display_order());
        let before = earlier.iter().rev().find_map(|change| {
            let set = change
                .sets
                .iter()
                .find(|set| set.tag == place.tag && set.element == place.element)?;
            Some(side(&set.value, change))
        });
        let contents = cx
            .reader
            .lookup()
            .contents(place.register, place.id)
            .unwrap_or_default();
        let conflicts = record.conflicts();
        let others = definition
            .fields
            .iter()
            .filter(|field| !conflicts.contains(&field.tag) && !field.envelope)
            .filter_map(|field| {
                let content = contents
                    .get(&field.tag)
                    .filter(|content| !content.is_empty())?;
                Some((
                    show::label(field, cx.lang, 12),
                    show::value(cx, field, content),
                ))
            })
            .collect();
        Some(Self {
            register: definition.label.get(cx.lang).into(),
            title: definition.title(&contents, &show::context(cx)),
            field: field.map_or_else(
                || cx.say(Word::RecordItself).into(),
                |field| show::label(field, cx.lang, 12),
            ),
            before,
            sides,
            others,
            seen: cx.reader.seen(place.register, place.id),
        })
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
            Input::Digit(digit) => return self.take(usize::from(digit).wrapping_sub(1), cx),
            Input::Text(text) | Input::Paste(text) => {
                if let Some(line) = &mut self.writing {
                    line.insert(&text);
                }
            }
            Input::Done(Outcome::Saved { .. }) => {
                self.settled += 1;
                self.find(cx);
            }
            Input::Returned(_) => self.find(cx),
            _ => {}
        }
        Vec::new()
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        let nth = if self.places.is_empty() {
            0
        } else {
            self.at + 1
        };
        let mut chrome = Chrome {
            path: vec![
                cx.say(Word::Exchange).into(),
                cx.say(Word::Conflicts).into(),
            ],
            right: vec![
                vec![span(
                    Word::NthPlace.with(cx.lang, &[&nth.to_string()]),
                    Role::Strong,
                )],
                vec![span(
                    Word::OfPlaces.with(cx.lang, &[&self.places.len().to_string()]),
                    Role::Quiet,
                )],
                vec![span(
                    Word::SettledPlaces.with(cx.lang, &[&self.settled.to_string()]),
                    Role::Quiet,
                )],
            ],
            seam_rows: 1,
            ..Chrome::default()
        };
        if let Some(side) = self
            .case
            .as_ref()
            .and_then(|case| case.sides.get(self.side))
        {
            let who = format!("{} {}", self.side + 1, side.who);
            chrome.left_seam = vec![
                span(who, Role::Strong),
                span(format!("  {}", cx.say(Word::EnterTakes)), Role::Quiet),
            ];
        }
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
        let digits: Vec<String> = (1..=case.sides.len().min(9))
            .map(|n| n.to_string())
            .collect();
        let mut hints = vec![Hint::Digits(digits.join(" "), Word::PickNumber)];
        if self.can_write(cx) {
            hints.push(Hint::Action(Action::Write));
        }
        hints.push(Hint::Action(Action::Later));
        hints
    }
}
