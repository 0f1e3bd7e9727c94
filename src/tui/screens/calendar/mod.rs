//! The year of a record whose register has a calendar: its card and its people at the left, months by days at the right,
//! the marked day below. What plays which part is data ([`crate::forms::Calendar`]).

mod card;
mod draw;
#[cfg(test)]
mod tests;
mod year;

use crate::forms::day::{civil, iso, length, of, plus_months};
use crate::forms::{self, Content, Contents, Entry, Register, contents};
use crate::record::{RecordId, Tag, Value};
use crate::text::Word;
use crate::text::form::FormWord;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Opening, Outcome, Returned};
use crate::tui::page::{Page, Span, span};
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking, owed};
use crate::tui::show;
use crate::tui::theme::Role;
use year::{Day, Days, Proposal, at_month, proposal};

/// How long what is masked stands open, in milliseconds.
const REVEAL: u64 = 30_000;

/// The year of a record.
pub struct Calendar {
    register: u32,
    id: RecordId,
    /// The marked day; none before it was shown.
    marked: Option<i64>,
    /// Whether keys go to the card.
    aside: bool,
    /// How many of the people are passed by.
    scroll: usize,
    shown: Shown,
    /// A month is asked for; what was typed of it.
    month: Option<Option<u8>>,
    revealed: Option<u64>,
    saved: Option<u64>,
}

/// What is shown, read once.
#[derive(Default)]
struct Shown {
    title: String,
    states: Vec<Vec<Span>>,
    card: Vec<card::Line>,
    people: Vec<(String, String)>,
    /// What the people are, as a heading.
    people_label: String,
    /// What is added up, as a heading.
    sum_label: String,
    days: Days,
    proposal: Option<Proposal>,
    /// The proposed state in words.
    proposed: String,
}

fn today(cx: &Cx) -> i64 {
    show::context(cx).today()
}

/// The two definitions that a calendar is made of.
fn parts<'a>(cx: &Cx<'a>, register: u32) -> Option<(&'a Register, &'a forms::Calendar)> {
    let definition = cx.reader.registers().by_number(register)?;
    Some((definition, definition.calendar.as_ref()?))
}

fn int(contents: &Contents, tag: Tag) -> Option<i64> {
    contents.get(&tag)?.value()?.as_int()
}

impl Shown {
    fn read(cx: &Cx, register: u32, id: RecordId, revealed: bool) -> Option<Self> {
        let (definition, calendar) = parts(cx, register)?;
        let record = cx.reader.record(register, id)?;
        let held = contents(&record);
        let days = days(cx, calendar, (register, id));
        let last = days.newest().next().map(|day| day.day);
        let since = last.or_else(|| int(&held, calendar.since));
        let lifecycle = definition.lifecycle.and_then(|tag| definition.by_tag(tag));
        let state = lifecycle.and_then(|field| held.get(&field.tag)?.value()?.as_text());
        let setting = |key: &str| cx.reader.setting(key);
        let proposal = state
            .zip(since)
            .and_then(|(state, since)| proposal(&calendar.idle, state, since, today(cx), &setting));
        let worded = lifecycle.zip(proposal.as_ref()).map(|(field, proposal)| {
            let to = Content::One(Value::text(&proposal.to));
            field.show_short(&to, &show::context(cx))
        });
        let people = definition.by_tag(calendar.people);
        let sum = cx.reader.registers().by_number(calendar.of)?;
        let sum = sum.by_tag(calendar.sum);
        Some(Self {
            title: show::title(cx, register, id),
            states: card::states(cx, definition, calendar, &held),
            card: card::card(cx, definition, calendar, (&record, &held), revealed),
            people: card::people(&held, calendar.people),
            people_label: people.map_or_else(String::new, |field| field.short.get(cx.lang).into()),
            sum_label: sum.map_or_else(String::new, |field| field.short.get(cx.lang).into()),
            days,
            proposal,
            proposed: worded.unwrap_or_default(),
        })
    }
}

/// The days of a record: what was held and what is planned.
fn days(cx: &Cx, calendar: &forms::Calendar, of: (u32, RecordId)) -> Days {
    let context = show::context(cx);
    let Some(register) = cx.reader.registers().by_number(calendar.of) else {
        return Days::default();
    };
    let found = cx.reader.referring(of, calendar.of).into_iter();
    let days = found.filter_map(|id| {
        let contents = cx.reader.lookup().contents(calendar.of, id)?;
        let held = calendar.held(register, &contents, &context);
        if !held && !calendar.planned(register, &contents, &context) {
            return None;
        }
        let said = register.lifecycle.iter().chain(&calendar.text);
        let words = said.filter_map(|tag| {
            let field = register.by_tag(*tag)?;
            let words = show::value(cx, field, contents.get(tag)?);
            // Of the state the word alone: its digit is nothing to press here.
            let state = Some(*tag) == register.lifecycle;
            let word = || field.show_short(&contents[tag], &context);
            Some(if state { word() } else { words })
        });
        Some(Day {
            id,
            day: int(&contents, calendar.day)?,
            held,
            sum: int(&contents, calendar.sum).unwrap_or_default(),
            words: words.collect(),
        })
    });
    Days::new(days.collect())
}

impl Calendar {
    /// The year of a record.
    pub fn new(register: u32, id: RecordId) -> Self {
        Self {
            register,
            id,
            marked: None,
            aside: false,
            scroll: 0,
            shown: Shown::default(),
            month: None,
            revealed: None,
            saved: None,
        }
    }

    /// Reads everything anew; without the record there is nothing to show.
    fn read(&mut self, cx: &Cx) -> Vec<Effect> {
        self.marked.get_or_insert(today(cx));
        match Shown::read(cx, self.register, self.id, self.revealed.is_some()) {
            Some(shown) => {
                self.shown = shown;
                Vec::new()
            }
            None => vec![Effect::Pop],
        }
    }

    fn day(&self) -> i64 {
        self.marked.unwrap_or_default()
    }

    fn go(&mut self, day: i64) {
        if (1..=9999).contains(&civil(day).0) {
            self.marked = Some(day);
        }
    }

    fn go_months(&mut self, months: i64) {
        if let Some(day) = plus_months(self.day(), months) {
            self.marked = Some(day);
        }
    }

    /// What Enter opens on the marked day: the n-th of it.
    fn open(&self, place: usize, cx: &Cx) -> Vec<Effect> {
        let on = self.shown.days.on(self.day());
        match (parts(cx, self.register), on.get(place)) {
            (Some((_, calendar)), Some(day)) => {
                vec![Effect::Open(Opening::Edit(calendar.of, day.id))]
            }
            (_, None) if on.is_empty() => self.begin(true, cx),
            _ => vec![Effect::Say(cx.say(Word::NoSuchDigit).into(), Role::Quiet)],
        }
    }

    /// A new one on the marked day: like the last one, or with nothing but whose it is.
    fn begin(&self, like_last: bool, cx: &Cx) -> Vec<Effect> {
        let Some((_, calendar)) = parts(cx, self.register) else {
            return Vec::new();
        };
        let last = self.shown.days.newest().next();
        vec![Effect::Open(Opening::Filled {
            register: calendar.of,
            like: last.filter(|_| like_last).map(|day| day.id),
            fill: vec![
                (calendar.by, Content::One(Value::reference(self.id))),
                (calendar.day, Content::One(Value::int(self.day()))),
            ],
        })]
    }

    /// The record of this year: what a new one would take for its year says which.
    fn yearly(&self, cx: &Cx) -> Vec<Effect> {
        let part = parts(cx, self.register);
        let Some((of, calendar)) = part.and_then(|(_, calendar)| {
            Some((cx.reader.registers().by_number(calendar.yearly)?, calendar))
        }) else {
            return Vec::new();
        };
        let new = Entry::new(of, &show::context(cx));
        let year = new.get(calendar.yearly_year);
        let mut all = cx
            .reader
            .referring((self.register, self.id), of.number)
            .into_iter();
        let found = all.find(|id| {
            let contents = cx.reader.lookup().contents(of.number, *id);
            contents.is_some_and(|contents| contents.get(&calendar.yearly_year) == Some(year))
        });
        vec![Effect::Open(match found {
            Some(id) => Opening::Edit(of.number, id),
            None => Opening::Filled {
                register: of.number,
                like: None,
                fill: vec![
                    (calendar.yearly_by, Content::One(Value::reference(self.id))),
                    (calendar.yearly_year, year.clone()),
                ],
            },
        })]
    }

    /// A digit of the month that is asked for.
    fn month_digit(&mut self, typed: Option<u8>, digit: u8, cx: &Cx) -> Vec<Effect> {
        let month = typed.unwrap_or(0) * 10 + digit;
        match (typed, month) {
            // 1 may be 10, 11 or 12; 0 stands before one.
            (None, 0 | 1) => self.month = Some(Some(month)),
            (_, 1..=12) => self.go_month(month),
            _ => {
                self.month = Some(None);
                return vec![Effect::Say(cx.say(Word::MonthDigits).into(), Role::Strong)];
            }
        }
        Vec::new()
    }

    fn go_month(&mut self, month: u8) {
        self.month = None;
        let (year, ..) = civil(self.day());
        self.go(at_month(self.day(), year, month.into()));
    }

    /// Keys while a month is asked for.
    fn month_key(&mut self, typed: Option<u8>, action: Action, cx: &Cx) -> Vec<Effect> {
        match (action, typed) {
            (Action::Help, _) => return vec![super::help(self.context(), cx)],
            (Action::Open, Some(month)) if month > 0 => self.go_month(month),
            (Action::Open, _) => {
                return vec![Effect::Say(cx.say(Word::MonthDigits).into(), Role::Strong)];
            }
            _ => self.month = None,
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        if let Some(typed) = self.month {
            return self.month_key(typed, action, cx);
        }
        let (year, month, _) = civil(self.day());
        match action {
            Action::Help => return vec![super::help(self.context(), cx)],
            Action::Aside => self.aside = !self.aside,
            Action::Back if self.aside => self.aside = false,
            Action::Back => return vec![Effect::Pop],
            Action::Open if self.aside => {
                return vec![Effect::Open(Opening::Edit(self.register, self.id))];
            }
            Action::Up if self.aside => self.scroll = self.scroll.saturating_sub(1),
            Action::Down if self.aside => {
                let last = self.shown.people.len().saturating_sub(1);
                self.scroll = (self.scroll + 1).min(last);
            }
            Action::Open => return self.open(0, cx),
            Action::Left => self.go(self.day() - 1),
            Action::Right => self.go(self.day() + 1),
            Action::Up => self.go_months(-1),
            Action::Down => self.go_months(1),
            Action::PageUp => self.go_months(-12),
            Action::PageDown => self.go_months(12),
            Action::First => self.go(of(year, month, 1).unwrap_or_default()),
            Action::Last => self.go(of(year, month, length(year, month)).unwrap_or_default()),
            Action::New => return self.begin(false, cx),
            Action::Again => return self.begin(true, cx),
            Action::Yearly => return self.yearly(cx),
            Action::GoMonth => {
                (self.month, self.aside) = (Some(None), false);
            }
            Action::NextPlanned => match self.shown.days.next_planned(self.day()) {
                Some(day) => self.go(day),
                None => return vec![Effect::Say(cx.say(Word::NoPlanned).into(), Role::Quiet)],
            },
            Action::Reveal => {
                self.revealed = Some(cx.at + REVEAL);
                return self.read(cx);
            }
            _ => {}
        }
        Vec::new()
    }

    /// Reads anew behind a form; the mark goes to the day of what was saved.
    fn came_back(&mut self, register: u32, id: RecordId, cx: &Cx) -> Vec<Effect> {
        self.saved = Some(cx.now);
        let effects = self.read(cx);
        let of = parts(cx, self.register).map(|(_, calendar)| calendar.of);
        if of == Some(register)
            && let Some(day) = self.shown.days.find(id)
        {
            self.marked = Some(day.day);
        }
        effects
    }
}

impl Screen for Calendar {
    fn context(&self) -> Context {
        Context::Calendar
    }

    fn taking(&self) -> Taking {
        let several = !self.aside && self.shown.days.on(self.day()).len() > 1;
        if self.month.is_some() || several {
            Taking::DIGITS
        } else {
            Taking::NOTHING
        }
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        match input {
            Input::Action(action) => self.act(action, cx),
            Input::Digit(digit) => match self.month {
                Some(typed) => self.month_digit(typed, digit, cx),
                None => self.open(usize::from(digit).wrapping_sub(1), cx),
            },
            Input::Due => {
                self.revealed = self.revealed.filter(|until| *until > cx.at);
                self.read(cx)
            }
            Input::Returned(Returned::Record(register, id)) => self.came_back(register, id, cx),
            Input::Done(Outcome::Saved { at, .. }) => {
                self.saved = Some(at);
                self.read(cx)
            }
            Input::Shown | Input::Returned(_) => self.read(cx),
            Input::Text(_) | Input::Paste(_) | Input::Done(_) => Vec::new(),
        }
    }

    fn due(&self) -> Option<u64> {
        self.revealed
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        let mut chrome = Chrome::of(
            &[&show::register_name(cx, self.register), &self.shown.title],
            cx,
        );
        chrome.right = self.shown.states.clone();
        chrome.right.extend(owed(cx));
        chrome.left_seam = vec![span(self.position(cx), Role::Strong)];
        chrome.right_seam = if let Some(until) = self.revealed {
            let seconds = until.saturating_sub(cx.at).div_ceil(1000).to_string();
            let words = FormWord::Shown.with(cx.lang, &[&seconds]);
            vec![span(words, Role::Strong)]
        } else if let Some(at) = self.saved {
            let words = format!("{} {}", cx.say(Word::Saved), show::clock(at));
            vec![span(words, Role::Quiet)]
        } else {
            Vec::new()
        };
        chrome
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        draw::draw(self, page, cx);
    }

    fn hints(&self, _cx: &Cx) -> Vec<Hint> {
        if self.month.is_some() {
            return vec![Hint::Digits("1-12".into(), Word::ToMonth)];
        }
        if self.aside {
            return vec![
                Hint::As(Action::Open, Word::EditCard),
                Hint::Keys(Word::UpDownKeys, Word::Scroll),
                Hint::As(Action::Aside, Word::ToYear),
                Hint::Action(Action::Reveal),
            ];
        }
        let day = match self.shown.days.on(self.day()).is_empty() {
            true => Word::EnterDay,
            false => Word::OpenDay,
        };
        vec![
            Hint::As(Action::Open, day),
            Hint::As(Action::Again, Word::LikeLast),
            Hint::As(Action::PageUp, Word::LastYear),
            Hint::As(Action::Aside, Word::ToCard),
            Hint::Action(Action::Yearly),
            Hint::Action(Action::NextPlanned),
        ]
    }
}

impl Calendar {
    /// The marked day in words, or the month that is being typed.
    fn position(&self, cx: &Cx) -> String {
        if let Some(typed) = self.month {
            let typed = typed.map(|digit| digit.to_string()).unwrap_or_default();
            return format!("{} {typed}", cx.say(Word::MonthDigits))
                .trim_end()
                .to_owned();
        }
        let (day, today) = (self.day(), today(cx));
        let name = match day == today {
            true => cx.say(Word::Today),
            false => show::day_name(day, cx.lang),
        };
        let iso = iso(day);
        let date = match civil(day).0 == civil(today).0 {
            true => &iso[5..],
            false => &iso[..],
        };
        format!("{date} {name}")
    }
}
