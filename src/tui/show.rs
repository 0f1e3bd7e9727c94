//! How records are worded on screens: values with the digits of their choices, masks, dates, signs, history. All from
//! register data.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{cut, width};
use super::reader::Handed;
use super::screen::Cx;
use super::screens::form;
use super::theme::Role;
use crate::forms::day::{CHINA_SECONDS, civil, iso, of_millis};
use crate::forms::{Content, Contents, Context, Field, Kind, Lang, Register};
use crate::record::{ALIVE, Change, Element, RecordId, Tag, Value};
use crate::text::Word;

/// What forms and titles ask, out of what a screen is told.
pub fn context<'a>(cx: &Cx<'a>) -> Context<'a> {
    Context {
        registers: cx.reader.registers(),
        now_millis: cx.now,
        me: cx.reader.me(),
        lookup: cx.reader.lookup(),
        lang: cx.lang,
    }
}

/// A register's name.
pub fn register_name(cx: &Cx, register: u32) -> String {
    let found = cx.reader.registers().by_number(register);
    found.map_or_else(
        || register.to_string(),
        |register| register.label.get(cx.lang).to_string(),
    )
}

/// The line that names a record, in its parts.
pub fn title(cx: &Cx, register: u32, id: RecordId) -> String {
    let named = cx
        .reader
        .registers()
        .by_number(register)
        .zip(cx.reader.lookup().contents(register, id));
    match named {
        Some((register, contents)) => register.title(&contents, &context(cx)),
        // A record that is deleted, or of a register that is not loaded: the end of its id serves people.
        None => id.to_string()[26..].to_string(),
    }
}

/// A value as a detail shows it: masked, a choice with its digit, a date with its weekday; as a form does.
pub fn value(cx: &Cx, field: &Field, content: &Content) -> String {
    form::show::value(field, content, false, &context(cx))
}

/// One stored value of a field, masked, as a step of its history.
pub fn stored(cx: &Cx, field: Option<&Field>, element: &Element, stored: &Value) -> String {
    let words = open(cx, field, element, stored);
    match field {
        Some(field) if !stored.is_cleared() && element.is_empty() => mask(field, words),
        _ => words,
    }
}

/// One stored value of a field, nothing masked: for who pressed the key that reveals.
pub fn open(cx: &Cx, field: Option<&Field>, element: &Element, stored: &Value) -> String {
    let Some(field) = field else {
        return stored.raw();
    };
    if stored.is_cleared() {
        return cx.say(Word::Cleared).into();
    }
    if !element.is_empty() {
        let words = field.kind.show_element(element, &context(cx));
        return match stored.as_bool() {
            Some(true) => words,
            _ => Word::Without.with(cx.lang, &[&words]),
        };
    }
    field.kind.show_value(stored, &context(cx))
}

fn mask(field: &Field, words: String) -> String {
    match field.mask {
        Some(mask) if !words.is_empty() => mask.apply(&words),
        _ => words,
    }
}

/// A cell of a list: short, and only what tells the record from others.
pub fn cell(cx: &Cx, field: &Field, contents: &Contents, room: u16) -> String {
    let content = contents.get(&field.tag).unwrap_or(&Content::Empty);
    let forms = context(cx);
    let words = match (&field.kind, content) {
        (_, Content::Empty) => String::new(),
        (Kind::Date { .. }, Content::One(value)) => value
            .as_int()
            .map_or_else(|| value.raw(), |day| short_day(day, room)),
        // The first part of a title names the record.
        (Kind::Ref { .. }, content) => {
            let title = field.kind.show(content, &forms);
            title.split("  ").next().unwrap_or_default().to_string()
        }
        (Kind::SelectOne(list), Content::One(value)) => {
            let code = value.as_text().unwrap_or_default();
            match list.get(code) {
                Some(choice) if width(choice.label.get(cx.lang)) > room.into() => {
                    choice.short.get(cx.lang).to_string()
                }
                _ => list.words(code, cx.lang).to_string(),
            }
        }
        (Kind::Division, Content::One(value)) => {
            let code = value.as_text().unwrap_or_default();
            let divisions = cx.reader.registers().divisions();
            match divisions.place(code) {
                place if width(place) > room.into() => divisions.brief(code).to_string(),
                place => place.to_string(),
            }
        }
        (kind, content) => kind.show(content, &forms),
    };
    cut(&mask(field, words).replace('\n', " "), room.into())
}

/// A column's heading: the label if it fits, else the short one, else the end of it: in Chinese a compound is named by its
/// last characters.
pub fn heading(field: &Field, lang: Lang, room: u16) -> String {
    let room = usize::from(room);
    let label = field.label.get(lang);
    if width(label) <= room {
        return label.to_string();
    }
    let short = field.short.get(lang);
    if width(short) <= room || lang == Lang::En {
        return cut(short, room);
    }
    // Behind a slash, or the last two characters: 走访日期 is a 日期, 户主/联系人 a 联系人.
    let behind = short.rsplit('/').next().unwrap_or(short);
    if width(behind) <= room {
        return behind.to_string();
    }
    let skip = behind.chars().count().saturating_sub(room.min(5) / 2);
    behind.chars().skip(skip).collect()
}

/// The label of a field where `room` cells are: the whole label or the short one.
pub fn label(field: &Field, lang: Lang, room: usize) -> String {
    let whole = field.label.get(lang);
    let words = if width(whole) <= room {
        whole
    } else {
        field.short.get(lang)
    };
    cut(words, room)
}

/// 周一, Mon.
pub fn day_name(day: i64, lang: Lang) -> &'static str {
    form::show::weekday(day, lang)
}

fn short_day(day: i64, room: u16) -> String {
    let whole = iso(day);
    if room >= 10 || whole.len() < 10 {
        whole
    } else {
        whole[whole.len() - 5..].to_string()
    }
}

/// `11-18` of a moment at +08:00.
pub fn month_day(millis: u64) -> String {
    let (_, month, day) = civil(of_millis(millis));
    format!("{month:02}-{day:02}")
}

/// `11-18` of a moment of the year of `now`, `2025-11-18` of another one, at +08:00.
pub fn day(millis: u64, now: u64) -> String {
    let day = of_millis(millis);
    if civil(day).0 == civil(of_millis(now)).0 {
        month_day(millis)
    } else {
        iso(day)
    }
}

/// `09:12` of a moment at +08:00.
pub fn hour_minute(millis: u64) -> String {
    clock(millis)[..5].to_string()
}

/// `09:12:45` of a moment at +08:00.
pub fn clock(millis: u64) -> String {
    let seconds = (millis / 1000 + CHINA_SECONDS as u64) % 86_400;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// A number with a comma between thousands.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A batch handed over waits so many days for its receipt before that cannot wait any longer.
const RECEIPT: i64 = 3;

/// What became of a batch that was handed over, in words.
pub fn batch_state(cx: &Cx, handed: &Handed) -> (String, Role) {
    if let Some(at) = handed.received {
        return (
            Word::BatchReceived.with(cx.lang, &[&day(at, cx.now)]),
            Role::Quiet,
        );
    }
    if handed.to.is_none() {
        return (
            Word::BatchGiven.with(cx.lang, &[&day(handed.at, cx.now)]),
            Role::Quiet,
        );
    }
    match of_millis(cx.now) - of_millis(handed.at) {
        ..=0 => (cx.say(Word::BatchToday).into(), Role::Text),
        days => (
            Word::BatchNoReceipt.with(cx.lang, &[&days.to_string()]),
            if days < RECEIPT {
                Role::Text
            } else {
                Role::Bad
            },
        ),
    }
}

/// The records of other registers that a record has as rows, each with its register.
pub fn rows(cx: &Cx, register: &Register, id: RecordId) -> Vec<(u32, RecordId)> {
    let rows_of = |field: &Field| match field.kind {
        Kind::Rows { of, .. } => Some(of),
        _ => None,
    };
    let of = register.fields.iter().filter_map(rows_of);
    of.flat_map(|of| {
        cx.reader
            .referring((register.number, id), of)
            .into_iter()
            .map(move |id| (of, id))
    })
    .collect()
}

/// What bears a sign in lists: read once for a page, not for each row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signs {
    /// Records with a field in conflict.
    torn: BTreeSet<(u32, RecordId)>,
    /// Records that an unsaved form changes.
    drafts: BTreeSet<RecordId>,
}

impl Signs {
    /// As things stand now.
    pub fn read(cx: &Cx) -> Self {
        let conflicts = if cx.status.conflicts > 0 {
            cx.reader.conflicts()
        } else {
            Vec::new()
        };
        let drafts = cx.reader.drafts();
        Self {
            torn: conflicts
                .iter()
                .map(|(register, id, _)| (*register, *id))
                .collect(),
            drafts: drafts.iter().filter_map(|draft| draft.record).collect(),
        }
    }

    /// The sign of a record: in conflict (its own field, or one of its rows'), a draft of it, nothing.
    pub fn of(&self, record: (u32, RecordId), rows: &[(u32, RecordId)]) -> Option<(char, Role)> {
        if self.torn.contains(&record) || rows.iter().any(|row| self.torn.contains(row)) {
            return Some(('?', Role::Bad));
        }
        self.drafts
            .contains(&record.1)
            .then_some(('~', Role::Accent))
    }
}

/// What its rows say in a list: of the first one the first choice that its register lists.
pub fn rows_cell(cx: &Cx, rows: &[(u32, RecordId)], room: u16) -> String {
    let cell = |(of, id): &(u32, RecordId)| {
        let register = cx.reader.registers().by_number(*of)?;
        let (field, _) = register
            .columns()
            .find(|(field, _)| matches!(field.kind, Kind::SelectOne(_)))?;
        Some(self::cell(
            cx,
            field,
            &cx.reader.lookup().contents(*of, *id)?,
            room,
        ))
    };
    rows.first().and_then(cell).unwrap_or_default()
}

/// One line of a record's history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// When, milliseconds since 1970.
    pub at: u64,
    /// Who.
    pub who: String,
    /// The field, or 新建, 删除.
    pub what: String,
    /// From what to what, in words; nothing for the first value of a field.
    pub how: String,
}

/// The history of a record, the newest first. The first change is 新建 without its fields.
pub fn history(cx: &Cx, register: &Register, changes: &[Change]) -> Vec<Step> {
    let mut changes: Vec<&Change> = changes.iter().collect();
    changes.sort_by_key(|change| change.display_order());
    let mut before: BTreeMap<(Tag, Element), Value> = BTreeMap::new();
    let mut steps = Vec::new();
    for (i, change) in changes.iter().enumerate() {
        let step = |what: String, how: String| Step {
            at: change.at.millis(),
            who: cx.reader.author(&change.dot.log).unwrap_or_default(),
            what,
            how,
        };
        if i == 0 {
            steps.push(step(cx.say(Word::Created).into(), String::new()));
        }
        for set in &change.sets {
            if set.tag == ALIVE {
                steps.push(step(cx.say(Word::Deleted).into(), String::new()));
                continue;
            }
            let was = before.insert((set.tag, set.element.clone()), set.value.clone());
            if i == 0 || was.as_ref() == Some(&set.value) {
                continue;
            }
            let field = register.by_tag(set.tag);
            let label = field.map_or_else(
                || set.tag.to_string(),
                |field| field.label.get(cx.lang).to_string(),
            );
            let now = stored(cx, field, &set.element, &set.value);
            let how = match was.filter(|was| !was.is_cleared() && set.element.is_empty()) {
                Some(was) => {
                    Word::Became.with(cx.lang, &[&stored(cx, field, &set.element, &was), &now])
                }
                None => now,
            };
            steps.push(step(label, how));
        }
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_at_plus_eight() {
        // 2026-11-23 23:30:00 UTC is the next morning in China.
        let millis = 1_795_476_600_000;
        assert_eq!(month_day(millis), "11-24");
        assert_eq!(day(millis, millis), "11-24");
        assert_eq!(day(millis - 360 * 86_400_000, millis), "2025-11-29");
        assert_eq!(clock(millis), "07:30:00");
        assert_eq!(number(1284), "1,284");
        assert_eq!(number(12), "12");
    }
}
