//! What a roll reads, and what it writes: a mark is a record of its own, named by meeting and person, so that two clerks
//! who mark different people never meet.

use crate::forms::{Content, Entry, Register, Roll, contents};
use crate::record::{RecordId, Tag, Value};
use crate::report::roll::{Grid, Meeting, Person};
use crate::tui::effect::Saving;
use crate::tui::screen::Cx;
use crate::tui::show;

/// The register of a grid and what it says of it.
pub(super) fn part<'a>(cx: &Cx<'a>, register: u32) -> Option<(&'a Register, &'a Roll)> {
    let register = cx.reader.registers().by_number(register)?;
    Some((register, register.roll.as_ref()?))
}

/// Reads the whole grid of a record: once, when it is opened.
pub(super) fn grid(cx: &Cx, of: (u32, RecordId)) -> Option<Grid> {
    let (_, roll) = part(cx, of.0)?;
    let refers = |contents: &crate::forms::Contents, by: Tag, to: RecordId| {
        reference(contents.get(&by)) == Some(to)
    };
    let read = |register: u32, to: (u32, RecordId), by: Tag| -> Vec<_> {
        let ids = cx.reader.referring(to, register).into_iter();
        ids.filter_map(|id| Some((id, cx.reader.lookup().contents(register, id)?)))
            .filter(|(_, contents)| refers(contents, by, to.1))
            .collect()
    };
    let people: Vec<Person> = read(roll.people, of, roll.people_by)
        .into_iter()
        .map(|(id, contents)| Person { id, contents })
        .collect();
    let meetings: Vec<Meeting> = read(roll.meetings, of, roll.meetings_by)
        .into_iter()
        .map(|(id, contents)| Meeting { id, contents })
        .collect();
    let mut marks = Vec::new();
    for meeting in &meetings {
        for (_, contents) in read(roll.marks, (roll.meetings, meeting.id), roll.marks_meeting) {
            let person = reference(contents.get(&roll.marks_person));
            let mark = contents.get(&roll.mark).and_then(Content::value);
            if let (Some(person), Some(mark)) = (person, mark.and_then(Value::as_text)) {
                marks.push(((meeting.id, person), mark.to_owned()));
            }
        }
    }
    Some(Grid::new(
        roll,
        cx.reader.registers(),
        people,
        meetings,
        marks,
    ))
}

pub(super) fn reference(content: Option<&Content>) -> Option<RecordId> {
    content?.value()?.as_ref_id()
}

/// What saves one mark: a new record, or a change of the one that is there. `None` if nothing differs.
pub(super) fn mark(
    cx: &Cx,
    roll: &Roll,
    meeting: RecordId,
    person: RecordId,
    code: Option<&str>,
) -> Option<Saving> {
    let register = cx.reader.registers().by_number(roll.marks)?;
    let (to_meeting, to_person) = (Value::reference(meeting), Value::reference(person));
    // The natural key of marks: the two references, in the order of the register.
    let key: Vec<&Value> = register
        .key
        .iter()
        .filter_map(|tag| match *tag {
            tag if tag == roll.marks_meeting => Some(&to_meeting),
            tag if tag == roll.marks_person => Some(&to_person),
            _ => None,
        })
        .collect();
    let id = RecordId::of_key(register.number, key);
    let context = show::context(cx);
    let content = code.map_or(Content::Empty, |code| Content::one(Value::text(code)));
    let held = cx.reader.record(register.number, id);
    let (seen, sets) = match &held {
        Some(record) => {
            let mut entry = Entry::of(record, &context);
            entry.set(roll.mark, content, &context);
            let mut sets = entry.sets(Some(record), &context);
            // Other defaults of a mark that is there are nobody's business here.
            sets.retain(|set| set.tag == roll.mark);
            (cx.reader.seen(register.number, id), sets)
        }
        None => {
            code?;
            let mut entry = Entry::new(register, &context);
            entry.set(roll.marks_meeting, Content::One(to_meeting), &context);
            entry.set(roll.marks_person, Content::One(to_person), &context);
            entry.set(roll.mark, content, &context);
            (Vec::new(), entry.sets(None, &context))
        }
    };
    (!sets.is_empty()).then_some(Saving {
        register: register.number,
        record: id,
        seen,
        sets,
    })
}

/// What saves one field of a line.
pub(super) fn field(
    cx: &Cx,
    roll: &Roll,
    person: RecordId,
    values: &[(Tag, Content)],
) -> Option<Saving> {
    let record = cx.reader.record(roll.people, person)?;
    let context = show::context(cx);
    let mut entry = Entry::of(&record, &context);
    for (tag, content) in values {
        entry.set(*tag, content.clone(), &context);
    }
    let mut sets = entry.sets(Some(&record), &context);
    sets.retain(|set| values.iter().any(|(tag, _)| *tag == set.tag));
    (!sets.is_empty()).then(|| Saving {
        register: roll.people,
        record: person,
        seen: cx.reader.seen(roll.people, person),
        sets,
    })
}

/// A new line of the roll: about somebody of the register of people, or a name alone. With what it will hold.
pub(super) fn line(
    cx: &Cx,
    roll: &Roll,
    of: RecordId,
    who: Who<'_>,
    number: i64,
    id: RecordId,
) -> Option<(Saving, Person)> {
    let register = cx.reader.registers().by_number(roll.people)?;
    let context = show::context(cx);
    let mut entry = Entry::new(register, &context);
    entry.set(roll.people_by, Content::One(Value::reference(of)), &context);
    match who {
        Who::Known(person) => {
            entry.set(
                roll.person,
                Content::One(Value::reference(person)),
                &context,
            );
        }
        Who::Name(name) => entry.set(roll.name, Content::one(Value::text(name)), &context),
    }
    entry.set(roll.number, Content::One(Value::int(number)), &context);
    // Two clerks who add the same person make one line.
    let id = entry.natural_key(&context).unwrap_or(id);
    let held = cx.reader.record(roll.people, id);
    let sets = match &held {
        Some(record) if record.is_alive() => return None,
        _ => entry.sets(None, &context),
    };
    let saving = Saving {
        register: roll.people,
        record: id,
        seen: cx.reader.seen(roll.people, id),
        sets,
    };
    let contents = entry.contents().clone();
    Some((saving, Person { id, contents }))
}

/// Whom a new line is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who<'a> {
    /// Somebody whom the register of people knows.
    Known(RecordId),
    /// Somebody known by her name alone.
    Name(&'a str),
}

/// The register whose records a line is about.
pub(super) fn people(cx: &Cx, roll: &Roll) -> Option<u32> {
    let register = cx.reader.registers().by_number(roll.people)?;
    match register.by_tag(roll.person)?.kind {
        crate::forms::Kind::Ref { to } => Some(to),
        _ => None,
    }
}

/// What a record of the grid holds.
pub(super) fn own(cx: &Cx, of: (u32, RecordId)) -> Option<crate::forms::Contents> {
    cx.reader.record(of.0, of.1).as_ref().map(contents)
}
