//! `[roll]` and `[calendar]`: read from their file, then resolved once all registers are known.

use std::collections::BTreeMap;

use super::compile::{Known, Out, one};
use super::reader::{At, Reader, Table};
use crate::forms::expression::Expression;
use crate::forms::grid::{Calendar, Idle, Roll};
use crate::record::Tag;

/// A table as it stands: words and lists of words by key.
pub(super) struct RawGrid {
    pub(super) line: usize,
    words: BTreeMap<&'static str, At<String>>,
    lists: BTreeMap<&'static str, At<Vec<String>>>,
    idle: Vec<(Idle, usize)>,
}

const ROLL: &[&str] = &[
    "people",
    "people_by",
    "who",
    "number",
    "name",
    "meetings",
    "meetings_by",
    "weight",
    "marks",
    "marks_meeting",
    "marks_person",
    "mark",
    "usual",
    "frozen",
    "state",
    "replaced",
    "instead",
    "reason",
    "result",
    "passed",
    "certificate",
];
const ROLL_LISTS: &[&str] = &[
    "before", "behind", "heads", "about", "attended", "absent", "names", "gone", "titled",
    "signed", "printed",
];
const CALENDAR: &[&str] = &[
    "of",
    "by",
    "day",
    "held",
    "planned",
    "sum",
    "people",
    "since",
    "yearly",
    "yearly_by",
    "yearly_year",
];
const CALENDAR_LISTS: &[&str] = &["text", "card", "rated"];

/// Reads `[roll]`.
pub(super) fn roll(table: &mut Table, reader: &mut Reader) -> Option<RawGrid> {
    grid(table, "roll", ROLL, ROLL_LISTS, reader)
}

/// Reads `[calendar]`.
pub(super) fn calendar(table: &mut Table, reader: &mut Reader) -> Option<RawGrid> {
    grid(table, "calendar", CALENDAR, CALENDAR_LISTS, reader)
}

fn grid(
    table: &mut Table,
    name: &'static str,
    words: &[&'static str],
    lists: &[&'static str],
    reader: &mut Reader,
) -> Option<RawGrid> {
    let mut grid = table.table(name, reader)?;
    let mut raw = RawGrid {
        line: grid.line,
        words: BTreeMap::new(),
        lists: BTreeMap::new(),
        idle: Vec::new(),
    };
    let missing = |key: &str, line: usize, reader: &mut Reader| {
        reader.wrong(
            line,
            format!("[{name}] 缺 {key}。"),
            format!("[{name}] has no {key}."),
        );
    };
    for &key in words {
        match grid.text(key, reader) {
            Some(at) => drop(raw.words.insert(key, at)),
            None => missing(key, raw.line, reader),
        }
    }
    for &key in lists {
        match grid.texts(key, reader) {
            Some(at) => drop(raw.lists.insert(key, at)),
            None => missing(key, raw.line, reader),
        }
    }
    if name == "calendar" {
        for mut idle in grid.tables("idle", reader) {
            let mut word = |key| idle.text(key, reader).map(|at| at.it).unwrap_or_default();
            let (to, setting) = (word("to"), word("setting"));
            let from = idle.texts("from", reader).map(|at| at.it);
            let days = idle.number("days", reader).map_or(0, |at| at.it);
            if to.is_empty() || days < 1 {
                missing("to, days", idle.line, reader);
            }
            let read = Idle {
                from: from.unwrap_or_default(),
                to,
                days,
                setting,
            };
            raw.idle.push((read, idle.line));
            idle.finish(reader);
        }
    }
    grid.finish(reader);
    Some(raw)
}

/// Resolves the names of one table; a mistake is told, and the whole is then nothing.
struct Resolve<'a, 'b> {
    raw: &'a RawGrid,
    file: usize,
    known: &'a Known,
    out: &'a mut Out<'b>,
    wrong: bool,
}

impl<'a, 'b> Resolve<'a, 'b> {
    fn new(raw: &'a RawGrid, file: usize, known: &'a Known, out: &'a mut Out<'b>) -> Self {
        Self {
            raw,
            file,
            known,
            out,
            wrong: false,
        }
    }

    fn at(&self, key: &str) -> At<String> {
        let at = self.raw.words.get(key);
        at.map_or(
            At {
                it: String::new(),
                line: self.raw.line,
            },
            |at| At {
                it: at.it.clone(),
                line: at.line,
            },
        )
    }

    fn register(&mut self, key: &str) -> u32 {
        let at = self.at(key);
        let number = self.known.number(&at.it);
        if number.is_none() && !at.it.is_empty() {
            let name = &at.it;
            self.out.wrong(
                self.file,
                at.line,
                format!("没有台账 {name}。"),
                format!("There is no register {name}."),
            );
        }
        self.wrong |= number.is_none();
        number.unwrap_or_default()
    }

    fn named(&mut self, register: u32, name: &str, line: usize) -> Tag {
        let tag = self.known.tag(register, name);
        if tag.is_none() && !name.is_empty() {
            self.out.no_field(self.file, line, name);
        }
        self.wrong |= tag.is_none();
        tag.unwrap_or_default()
    }

    fn tag(&mut self, register: u32, key: &str) -> Tag {
        let at = self.at(key);
        self.named(register, &at.it, at.line)
    }

    fn tags(&mut self, register: u32, key: &str) -> Vec<Tag> {
        let Some(at) = self.raw.lists.get(key) else {
            self.wrong = true;
            return Vec::new();
        };
        let names = at.it.iter();
        names
            .map(|name| self.named(register, name, at.line))
            .collect()
    }

    /// Codes of the list of a field.
    fn codes(&mut self, codes: Vec<String>, line: usize, register: u32, tag: Tag) -> Vec<String> {
        for code in &codes {
            if self.known.has_code(register, tag, code) == Some(false) {
                self.wrong = true;
                self.out.wrong(
                    self.file,
                    line,
                    format!("没有代码 {code}。"),
                    format!("There is no code {code}."),
                );
            }
        }
        codes
    }

    fn code(&mut self, key: &str, register: u32, tag: Tag) -> String {
        let at = self.at(key);
        let mut codes = self.codes(vec![at.it], at.line, register, tag);
        codes.pop().unwrap_or_default()
    }

    fn list(&mut self, key: &str, register: u32, tag: Tag) -> Vec<String> {
        let Some(at) = self.raw.lists.get(key) else {
            self.wrong = true;
            return Vec::new();
        };
        self.codes(at.it.clone(), at.line, register, tag)
    }

    fn expression(&mut self, key: &str, register: u32) -> Option<Expression> {
        let at = self.at(key);
        let expression = one(&at, self.file, register, self.known, self.out);
        self.wrong |= expression.is_none();
        expression
    }
}

/// The roll of register `own`.
pub(super) fn resolve_roll(
    raw: &RawGrid,
    file: usize,
    own: u32,
    known: &Known,
    out: &mut Out,
) -> Option<Roll> {
    let mut of = Resolve::new(raw, file, known, out);
    let people = of.register("people");
    let meetings = of.register("meetings");
    let marks = of.register("marks");
    let heads = of.tags(meetings, "heads");
    if heads.len() != 2 {
        of.wrong = true;
        of.out.wrong(
            file,
            raw.line,
            "heads 要两项：日期和时段。".into(),
            "heads wants two fields: a day and a part of it.".into(),
        );
    }
    let mark = of.tag(marks, "mark");
    let state = of.tag(people, "state");
    let result = of.tag(people, "result");
    let roll = Roll {
        people,
        people_by: of.tag(people, "people_by"),
        person: of.tag(people, "who"),
        number: of.tag(people, "number"),
        name: of.tag(people, "name"),
        before: of.tags(people, "before"),
        behind: of.tags(people, "behind"),
        meetings,
        meetings_by: of.tag(meetings, "meetings_by"),
        heads: (
            heads.first().copied().unwrap_or_default(),
            heads.get(1).copied().unwrap_or_default(),
        ),
        about: of.tags(meetings, "about"),
        weight: of.tag(meetings, "weight"),
        marks,
        marks_meeting: of.tag(marks, "marks_meeting"),
        marks_person: of.tag(marks, "marks_person"),
        mark,
        usual: of.code("usual", marks, mark),
        attended: of.list("attended", marks, mark),
        absent: of.list("absent", marks, mark),
        names: of.list("names", marks, mark),
        state,
        gone: of.list("gone", people, state),
        replaced: of.code("replaced", people, state),
        replaced_by: of.tag(people, "instead"),
        reason: of.tag(people, "reason"),
        result,
        passed: of.code("passed", people, result),
        certificate: of.tag(people, "certificate"),
        titled: of.tags(own, "titled"),
        signed: of.tags(people, "signed"),
        printed: of.tags(people, "printed"),
        frozen: of.expression("frozen", own)?,
    };
    (!of.wrong).then_some(roll)
}

/// The calendar of register `own`.
pub(super) fn resolve_calendar(
    raw: &RawGrid,
    file: usize,
    own: u32,
    lifecycle: Option<Tag>,
    known: &Known,
    out: &mut Out,
) -> Option<Calendar> {
    let mut of = Resolve::new(raw, file, known, out);
    let days = of.register("of");
    let yearly = of.register("yearly");
    let mut idle = Vec::new();
    for (at, line) in &raw.idle {
        if let Some(tag) = lifecycle {
            let codes = at.from.iter().chain([&at.to]).cloned().collect();
            of.codes(codes, *line, own, tag);
        }
        idle.push(at.clone());
    }
    let calendar = Calendar {
        of: days,
        by: of.tag(days, "by"),
        day: of.tag(days, "day"),
        sum: of.tag(days, "sum"),
        text: of.tags(days, "text"),
        people: of.tag(own, "people"),
        card: of.tags(own, "card"),
        rated: of.tags(own, "rated"),
        yearly,
        yearly_by: of.tag(yearly, "yearly_by"),
        yearly_year: of.tag(yearly, "yearly_year"),
        since: of.tag(own, "since"),
        idle,
        held: of.expression("held", days)?,
        planned: of.expression("planned", days)?,
    };
    (!of.wrong).then_some(calendar)
}
