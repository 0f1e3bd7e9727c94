//! From a JSON object to what is saved: read as the form reads, complaints in words.

use super::out::Object;
use crate::exchange::commit::Edit;
use crate::forms::json::{self, Refusal, Resolve};
use crate::forms::{Context, Entry, Field, Kind, Label, Lang, Problem, Register};
use crate::record::{RecordId, Tag};
use crate::text::cli::{Say, words};

/// How many candidates a refusal names.
const CANDIDATES: usize = 5;

/// Finds records by words: register and id, the best first.
pub(crate) type Search<'a> = &'a dyn Fn(u32, &str, usize) -> Vec<RecordId>;

/// Reads an object of a register; a reference by words is resolved by `search`. Complaints are whole sentences.
pub(crate) fn read(
    register: &Register,
    object: &Object,
    search: Search<'_>,
    context: &Context<'_>,
) -> Result<json::Given, Vec<String>> {
    let resolve: Resolve<'_> = &|field: &Field, typed: &str| one(field, typed, search, context);
    json::read(register, object, resolve, context).map_err(|refused| {
        refused
            .iter()
            .map(|refusal| refusal_text(refusal, context.lang))
            .collect()
    })
}

/// The one record that words name.
fn one(
    field: &Field,
    typed: &str,
    search: Search<'_>,
    context: &Context<'_>,
) -> Result<RecordId, Label> {
    let to = match field.kind {
        Kind::Ref { to } | Kind::RefMultiple { to } => to,
        _ => 0,
    };
    let found = search(to, typed, CANDIDATES + 1);
    if let [one] = found[..] {
        return Ok(one);
    }
    let lines = |lang: Lang| -> String {
        let context = Context { lang, ..*context };
        let lines = found.iter().take(CANDIDATES).map(|id| {
            let contents = context.lookup.contents(to, *id).unwrap_or_default();
            let line = context
                .registers
                .by_number(to)
                .map(|register| register.line(&contents, &context));
            format!("{id} {}", line.unwrap_or_default())
        });
        lines.collect::<Vec<_>>().join("; ")
    };
    let label = |lang| {
        let candidates = lines(lang);
        let say = match found.is_empty() {
            true => Say::NoMatch(typed),
            false => Say::ManyMatches {
                words: typed,
                candidates: &candidates,
            },
        };
        words(lang, &say)
    };
    Err(Label {
        zh: label(Lang::Zh),
        en: label(Lang::En),
    })
}

fn refusal_text(refusal: &Refusal, lang: Lang) -> String {
    format!("{}: {}", refusal.field, refusal.message.get(lang))
}

/// What is wrong with an entry, and what is only to be looked at again.
pub(crate) fn complaints(
    register: &Register,
    entry: &Entry,
    context: &Context<'_>,
) -> (Vec<String>, Vec<String>) {
    let (warnings, errors): (Vec<Problem>, Vec<Problem>) = entry
        .problems(context)
        .into_iter()
        .partition(|problem| problem.warning);
    let text = |problem: &Problem| {
        let name = |register: &Register, tag: Tag| {
            register
                .by_tag(tag)
                .map(|field| field.name.clone())
                .unwrap_or_default()
        };
        let place = match problem.row {
            None => name(register, problem.tag),
            Some((rows, at)) => {
                let of = register.by_tag(rows).and_then(|field| match field.kind {
                    Kind::Rows { of, .. } => context.registers.by_number(of),
                    _ => None,
                });
                let field = of.map(|of| name(of, problem.tag)).unwrap_or_default();
                format!("{}[{at}].{field}", name(register, rows))
            }
        };
        format!("{place}: {}", problem.message.get(context.lang))
    };
    (
        errors.iter().map(text).collect(),
        warnings.iter().map(text).collect(),
    )
}

/// References of an entry and its rows that name no record, as complaints.
pub(crate) fn dangling(register: &Register, entry: &Entry, context: &Context<'_>) -> Vec<String> {
    let mut missing = Vec::new();
    for field in register.fields.iter().filter(|field| field.stored()) {
        let content = entry.get(field.tag);
        let ids: Vec<(u32, RecordId)> = match field.kind {
            Kind::Ref { to } => content
                .value()
                .and_then(|value| value.as_ref_id())
                .map(|id| (to, id))
                .into_iter()
                .collect(),
            Kind::RefMultiple { to } => match content {
                crate::forms::Content::Many(chosen) => chosen
                    .iter()
                    .filter_map(|element| Some((to, RecordId(element.as_slice().try_into().ok()?))))
                    .collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        missing.extend(
            ids.into_iter()
                .filter(|(to, id)| !context.lookup.look(*to, *id, &mut |_| {}))
                .map(|(_, id)| {
                    format!(
                        "{}: {}",
                        field.name,
                        words(context.lang, &Say::NoMatch(&id.to_string()))
                    )
                }),
        );
    }
    missing
}

/// A new entry and its rows as one group; the first edit is the record's own. With the place in the group of each row,
/// by the name of its field.
pub(crate) fn group(
    register: &Register,
    entry: &Entry,
    context: &Context<'_>,
) -> (Vec<Edit>, Vec<(String, usize)>) {
    let mut group = vec![Edit {
        register: register.number,
        sets: entry.sets(None, context),
        ..Edit::default()
    }];
    let mut places = Vec::new();
    entry.beside(context, |context| {
        rows(register, entry, 0, context, &mut group, &mut places)
    });
    (group, places)
}

/// Adds the rows of the entry at `parent`; only those of the first level are given back by name.
fn rows(
    register: &Register,
    entry: &Entry,
    parent: usize,
    context: &Context<'_>,
    group: &mut Vec<Edit>,
    places: &mut Vec<(String, usize)>,
) {
    for field in register
        .fields
        .iter()
        .filter(|field| entry.relevant(field.tag))
    {
        let Kind::Rows { of, by } = field.kind else {
            continue;
        };
        let Some(of) = context.registers.by_number(of) else {
            continue;
        };
        for row in entry.rows(field.tag) {
            let mut sets = row.sets(None, context);
            // The reference to the parent is put in when the parent has its id.
            sets.retain(|set| set.tag != by);
            let at = group.len();
            group.push(Edit {
                register: of.number,
                sets,
                row_of: Some((parent, by)),
                ..Edit::default()
            });
            if parent == 0 {
                places.push((field.name.clone(), at));
            }
            row.beside(context, |context| {
                rows(of, row, at, context, group, &mut Vec::new())
            });
        }
    }
}
