//! One conflict as it is shown: the record, what was before, the sides with who and when, what agrees, the field's history.

use crate::forms::{Field, Kind, Lang};
use crate::record::{ALIVE, Change, Dot, Element, RecordId, Seen, Set, State, Tag, Value};
use crate::text::Word;
use crate::tui::screen::Cx;
use crate::tui::show;

/// Where a conflict is.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// The register's number.
    pub register: u32,
    /// The record.
    pub id: RecordId,
    /// The field, or [`ALIVE`].
    pub tag: Tag,
    /// Which element of it; empty for a field with one value.
    pub element: Element,
}

impl Place {
    /// Every conflict of the store; a delete beside an edit stands before the record's fields.
    pub fn all(cx: &Cx) -> Vec<Self> {
        let mut places = Vec::new();
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
            places.extend(elements.into_iter().map(|element| Self {
                register,
                id,
                tag,
                element,
            }));
        }
        places
    }

    /// Whether it is of the same record.
    pub fn same_record(&self, other: &Self) -> bool {
        (self.register, self.id) == (other.register, other.id)
    }

    /// Whether it is the same field, of whichever record.
    pub fn same_field(&self, other: &Self) -> bool {
        (self.register, self.tag) == (other.register, other.tag)
    }

    /// The register's name, the record's, the field's.
    pub fn words(&self, cx: &Cx) -> [String; 3] {
        let register = cx.reader.registers().by_number(self.register);
        let field = register.and_then(|register| register.by_tag(self.tag));
        [
            show::register_name(cx, self.register),
            show::title(cx, self.register, self.id),
            field_name(cx, field),
        ]
    }
}

fn field_name(cx: &Cx, field: Option<&Field>) -> String {
    field.map_or_else(
        || cx.say(Word::RecordItself).into(),
        |field| show::label(field, cx.lang, 12),
    )
}

/// What is shown of a conflict, read once.
pub struct Case {
    /// The register's name.
    pub register: String,
    /// What names the record.
    pub title: String,
    /// The field's name.
    pub field: String,
    /// The value that every side was made after.
    pub before: Option<Side>,
    /// The values that stand side by side.
    pub sides: Vec<Side>,
    /// What holds both, where the field can.
    pub both: Option<Both>,
    /// Whether the field is masked.
    pub masked: bool,
    /// Label and value of the fields that agree.
    pub others: Vec<(String, String)>,
    /// What the field went through, the oldest first.
    pub history: Vec<show::Step>,
    /// The choices of its list, with their codes, for who writes another value.
    pub choices: Vec<String>,
    /// What the store holds of the record now.
    pub seen: Vec<Seen>,
}

/// One value with who and when.
pub struct Side {
    /// The value.
    pub value: Value,
    /// It in words.
    pub words: String,
    /// Who.
    pub who: String,
    /// When, and where it came from.
    pub when: String,
    /// The change that set it.
    pub by: Dot,
    /// What the same change set in the fields that are settled together with this one.
    pub with: Vec<Set>,
}

/// What holds both sides.
pub enum Both {
    /// Texts, one behind the other.
    Joined(Value),
    /// Every choice that one of them made.
    Chosen,
}

impl Case {
    /// The conflict at a place; `None` if it is none. `revealed`: what is masked stands
    /// open.
    pub fn of(cx: &Cx, place: &Place, revealed: bool) -> Option<Self> {
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
        let side = |value: &Value, change: &Change| Side {
            value: value.clone(),
            words: words(cx, place, field, value, revealed),
            who: cx.reader.author(&change.dot.log).unwrap_or_default(),
            when: when(cx, change),
            by: change.dot,
            with: with(change, place, field),
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
            let mut side = side(&set.value, change);
            side.when = moment(cx, change);
            Some(side)
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
        let mut of_field = changes.clone();
        for change in &mut of_field {
            change.sets.retain(|set| set.tag == place.tag);
        }
        let mut history = show::history(cx, definition, &of_field);
        history.reverse();
        let choices = match field.map(|field| &field.kind) {
            Some(Kind::SelectOne(list)) => {
                let choices = list.offered();
                choices
                    .map(|choice| format!("{} {}", choice.code, choice.label.get(cx.lang)))
                    .collect()
            }
            _ => Vec::new(),
        };
        Some(Self {
            register: definition.label.get(cx.lang).into(),
            title: definition.title(&contents, &show::context(cx)),
            field: field_name(cx, field),
            before,
            both: both(cx, field, &sides),
            masked: field.is_some_and(|field| field.mask.is_some()),
            sides,
            others,
            history,
            choices,
            seen: cx.reader.seen(place.register, place.id),
        })
    }

    /// The logs of the sides, sorted: conflicts between the same authors are alike.
    pub fn authors(&self) -> Vec<crate::record::LogId> {
        let mut logs: Vec<_> = self.sides.iter().map(|side| side.by.log).collect();
        logs.sort_unstable();
        logs
    }
}

/// A value as a side shows it.
pub fn words(
    cx: &Cx,
    place: &Place,
    field: Option<&Field>,
    value: &Value,
    revealed: bool,
) -> String {
    match (place.tag, value.as_bool()) {
        (ALIVE, Some(true)) => cx.say(Word::StaysAlive).to_string(),
        (ALIVE, _) => cx.say(Word::IsDeleted).to_string(),
        _ if revealed => show::open(cx, field, &place.element, value),
        _ => show::stored(cx, field, &place.element, value),
    }
}

/// Day, clock, and whether it was made here or which batch brought it.
fn when(cx: &Cx, change: &Change) -> String {
    let came = if cx.reader.is_own(&change.dot.log) {
        format!(" {}", cx.say(Word::OwnMachine))
    } else {
        let number = cx.reader.brought(&change.dot);
        number.map_or_else(String::new, |number| {
            format!(
                " {}",
                Word::BatchNumber.with(cx.lang, &[&number.to_string()])
            )
        })
    };
    format!("{}{came}", moment(cx, change))
}

fn moment(cx: &Cx, change: &Change) -> String {
    let at = change.at.millis();
    format!("{} {}", show::day(at, cx.now), show::hour_minute(at))
}

/// What a change set in the fields that are settled together with the place's.
fn with(change: &Change, place: &Place, field: Option<&Field>) -> Vec<Set> {
    let together = field.map_or(&[][..], |field| &field.together);
    let sets = change.sets.iter();
    sets.filter(|set| set.tag != place.tag && together.contains(&set.tag))
        .cloned()
        .collect()
}

fn both(cx: &Cx, field: Option<&Field>, sides: &[Side]) -> Option<Both> {
    let field = field?;
    match field.kind {
        Kind::SelectMultiple(_) | Kind::RefMultiple { .. } => Some(Both::Chosen),
        Kind::Text { lines, .. } => {
            let between = match (lines, cx.lang) {
                (2.., _) => "\n",
                (_, Lang::Zh) => "；",
                (_, Lang::En) => "; ",
            };
            let texts: Vec<&str> = sides
                .iter()
                .filter_map(|side| side.value.as_text())
                .filter(|text| !text.is_empty())
                .collect();
            (texts.len() > 1).then(|| Both::Joined(Value::text(&texts.join(between))))
        }
        _ => None,
    }
}
