//! Candidates for a reference or a place: found by what is typed, nearest and latest first, with the newest record that
//! refers to each at the right edge.

use crate::forms::{Contents, Context, Field, Kind, Register, day};
use crate::record::{RecordId, Tag};
use crate::text::form::FormWord;
use crate::tui::reader::{Ask, Reader};

use super::sheet::{Place, Sheet, reference};
use super::show;

/// How many candidates are looked for.
const MOST: usize = 20;

/// What a candidate is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A record of the register that the field refers to.
    Record(u32, RecordId),
    /// A record that the second field of the same search takes; the first one takes what it refers to.
    Also {
        /// The second field.
        tag: Tag,
        /// Its record.
        id: RecordId,
        /// What the first field takes.
        first: RecordId,
    },
    /// A division, by code.
    Division(String),
}

/// A candidate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// What is taken.
    pub what: What,
    /// What tells it from others: the parts of its register's line; masked.
    pub parts: Vec<String>,
    /// The date of the newest record that refers to it, or that there is none.
    pub edge: String,
}

/// What the words find, and whether there is more.
pub fn find(
    sheet: &Sheet,
    place: Place,
    words: &str,
    reader: &dyn Reader,
    context: &Context,
) -> (Vec<Found>, bool) {
    let field = sheet.field(place, context);
    match field.kind {
        Kind::Division => divisions(words, context),
        Kind::Ref { to } | Kind::RefMultiple { to } => {
            let mut found = records(sheet, place, field, to, words, reader, context);
            let beyond = found.len() > MOST;
            found.truncate(MOST);
            (found, beyond)
        }
        _ => (Vec::new(), false),
    }
}

fn divisions(words: &str, context: &Context) -> (Vec<Found>, bool) {
    let divisions = context.registers.divisions();
    let mut codes: Vec<String> = if words.trim().is_empty() {
        vec![context.me.unit.clone()]
    } else {
        divisions
            .find(words.trim(), MOST + 1)
            .into_iter()
            .map(|division| division.code.clone())
            .collect()
    };
    codes.retain(|code| divisions.by_code(code).is_some());
    let beyond = codes.len() > MOST;
    codes.truncate(MOST);
    let found = codes
        .into_iter()
        .map(|code| Found {
            parts: vec![divisions.place(&code).to_owned(), divisions.full(&code)],
            edge: code.clone(),
            what: What::Division(code),
        })
        .collect();
    (found, beyond)
}

fn records(
    sheet: &Sheet,
    place: Place,
    field: &Field,
    to: u32,
    words: &str,
    reader: &dyn Reader,
    context: &Context,
) -> Vec<Found> {
    let own = sheet.register(place, context);
    let Some(target) = context.registers.by_number(to) else {
        return Vec::new();
    };
    let words = words.trim();
    if let Some(ids) = within(sheet, place, field, to, reader, context) {
        // Only hers: a handful, narrowed by what their line holds or the search finds.
        let fit = if words.is_empty() {
            ids.clone()
        } else {
            hits(reader, to, words, 200)
        };
        return ids
            .into_iter()
            .filter(|id| fit.contains(id))
            .filter_map(|id| candidate(own, field, target, id, reader, context))
            .collect();
    }
    let mut found: Vec<Found> = hits(reader, to, words, MOST + 1)
        .into_iter()
        .filter_map(|id| candidate(own, field, target, id, reader, context))
        .collect();
    if let Some(more) = also(own, field, words, reader, context) {
        let held: Vec<RecordId> = found
            .iter()
            .filter_map(|found| match found.what {
                What::Record(_, id) => Some(id),
                _ => None,
            })
            .collect();
        found.extend(more.into_iter().filter(|found| match found.what {
            What::Also { first, .. } => !held.contains(&first),
            _ => true,
        }));
    }
    found
}

/// The records that refer to what another field of the same record holds; `None` if the field is not bound so, or that
/// other field is empty.
fn within(
    sheet: &Sheet,
    place: Place,
    field: &Field,
    to: u32,
    reader: &dyn Reader,
    context: &Context,
) -> Option<Vec<RecordId>> {
    let (other, _) = field.within?;
    let other = Place {
        tag: other,
        ..place
    };
    let Kind::Ref { to: of } = sheet.field(other, context).kind else {
        return None;
    };
    let id = reference(sheet.get(other))?;
    Some(reader.referring((of, id), to))
}

/// What the second field of the search finds: its records, each with what the first field takes from it.
fn also(
    own: &Register,
    field: &Field,
    words: &str,
    reader: &dyn Reader,
    context: &Context,
) -> Option<Vec<Found>> {
    let second = own.by_tag(field.also?)?;
    let (Kind::Ref { to }, Some((_, back))) = (&second.kind, second.within) else {
        return None;
    };
    if words.is_empty() {
        return None;
    }
    let target = context.registers.by_number(*to)?;
    let found = hits(reader, *to, words, MOST + 1)
        .into_iter()
        .filter_map(|id| {
            let contents = reader.lookup().contents(*to, id)?;
            let first = contents.get(&back).and_then(reference)?;
            let mut found = candidate(own, second, target, id, reader, context)?;
            found.what = What::Also {
                tag: second.tag,
                id,
                first,
            };
            Some(found)
        })
        .collect();
    Some(found)
}

fn candidate(
    own: &Register,
    field: &Field,
    target: &Register,
    id: RecordId,
    reader: &dyn Reader,
    context: &Context,
) -> Option<Found> {
    let contents = reader.lookup().contents(target.number, id)?;
    Some(Found {
        what: What::Record(target.number, id),
        parts: parts(&target.line(&contents, context)),
        edge: if field.search {
            newest(own, field, id, reader, context)
        } else {
            String::new()
        },
    })
}

/// The parts of a line, which two blanks part.
pub fn parts(line: &str) -> Vec<String> {
    line.split("  ")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The date of the newest record of the form's register that refers to a candidate, or that there is none.
fn newest(
    own: &Register,
    field: &Field,
    id: RecordId,
    reader: &dyn Reader,
    context: &Context,
) -> String {
    reader
        .lookup()
        .newest_referring(own.number, field.tag, id)
        .and_then(|newest| reader.lookup().contents(own.number, newest))
        .and_then(|contents| dated(own, &contents, context))
        .unwrap_or_else(|| FormWord::Never.with(context.lang, &[own.label.get(context.lang)]))
}

/// The date that a record is sorted by, short.
pub fn dated(register: &Register, contents: &Contents, context: &Context) -> Option<String> {
    let (tag, _) = register.sort?;
    let date = contents.get(&tag)?.value()?.as_int()?;
    matches!(register.by_tag(tag)?.kind, Kind::Date { .. })
        .then(|| day::in_range(date).then(|| show::short_date(date, context.today())))?
}

/// The records of one register that words find; without words the first of its list.
fn hits(reader: &dyn Reader, register: u32, words: &str, limit: usize) -> Vec<RecordId> {
    if words.is_empty() {
        let ask = Ask {
            register,
            limit,
            ..Ask::default()
        };
        let records = reader.window(&ask).records;
        return records.iter().map(|record| record.id).collect();
    }
    reader
        .search(&[register], words, limit)
        .into_iter()
        .map(|(_, id)| id)
        .collect()
}
