//! What of a register's `[roll]` orders a grid and decides what its marks count.

use super::{Meeting, Person};
use crate::forms::{Content, Contents, Kind, Registers, Roll};
use crate::record::{Known, RecordId, Tag};

/// What of `[roll]` the sums need.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    number: Order,
    heads: [Order; 2],
    pub(super) weight: Tag,
    pub(super) usual: String,
    pub(super) attended: Vec<String>,
    absent: Vec<String>,
    state: Tag,
    gone: Vec<String>,
    pub(super) passed: String,
}

/// A field to sort by; choices stand in the order of their list (上午 before 晚上), not of their codes.
#[derive(Clone, Debug)]
struct Order {
    tag: Tag,
    choices: Vec<String>,
}

/// What sorts; nothing comes last.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Key {
    Number(i64),
    Text(Vec<u8>),
    Nothing,
}

impl Rules {
    pub(super) fn of(roll: &Roll, registers: &Registers) -> Self {
        let order = |register: u32, tag: Tag| {
            let field = registers
                .by_number(register)
                .and_then(|register| register.by_tag(tag));
            let choices = match field.map(|field| &field.kind) {
                Some(Kind::SelectOne(list)) => {
                    list.all.iter().map(|choice| choice.code.clone()).collect()
                }
                _ => Vec::new(),
            };
            Order { tag, choices }
        };
        Self {
            number: order(roll.people, roll.number),
            heads: [
                order(roll.meetings, roll.heads.0),
                order(roll.meetings, roll.heads.1),
            ],
            weight: roll.weight,
            usual: roll.usual.clone(),
            attended: roll.attended.clone(),
            absent: roll.absent.clone(),
            state: roll.state,
            gone: roll.gone.clone(),
            passed: roll.passed.clone(),
        }
    }

    pub(super) fn person(&self, person: &Person) -> (Key, RecordId) {
        (self.number.key(&person.contents), person.id)
    }

    pub(super) fn meeting(&self, meeting: &Meeting) -> (Key, Key, RecordId) {
        let [first, second] = &self.heads;
        let contents = &meeting.contents;
        (first.key(contents), second.key(contents), meeting.id)
    }

    pub(super) fn was_there(&self, code: &str) -> bool {
        self.attended.iter().any(|attended| attended == code)
    }

    pub(super) fn was_absent(&self, code: &str) -> bool {
        self.absent.iter().any(|absent| absent == code)
    }

    pub(super) fn expected(&self, contents: &Contents) -> bool {
        let state = contents.get(&self.state).and_then(Content::value);
        let state = state.and_then(|value| value.as_text());
        !state.is_some_and(|state| self.gone.iter().any(|gone| gone == state))
    }
}

impl Order {
    fn key(&self, contents: &Contents) -> Key {
        let value = contents.get(&self.tag).and_then(Content::value);
        match value.and_then(|value| value.known()) {
            Some(Known::Int(number)) => Key::Number(number),
            Some(Known::Text(text)) => match self.choices.iter().position(|code| code == text) {
                // A list has fewer choices than i64 has numbers.
                Some(place) => Key::Number(place as i64),
                None => Key::Text(text.into()),
            },
            Some(Known::Ref(id)) => Key::Text(id.0.into()),
            Some(Known::Bool(yes)) => Key::Number(yes.into()),
            Some(Known::Cleared) | None => Key::Nothing,
        }
    }
}

/// The tenths of a decimal; what cannot be read counts nothing.
pub(super) fn tenths(contents: &Contents, tag: Tag) -> u32 {
    let value = contents.get(&tag).and_then(Content::value);
    let read = |text: &str| {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let tenth = part.chars().next()?.to_digit(10)?;
        // No meeting lasts so long that a sum of thousands would not fit.
        let whole = whole.parse::<u32>().ok().filter(|whole| *whole < 10_000)?;
        Some(whole * 10 + tenth)
    };
    value
        .and_then(|value| value.as_text())
        .and_then(read)
        .unwrap_or(0)
}
