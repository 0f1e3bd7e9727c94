//! What an entry writes: only what differs from the record, element by element, groups together.

use super::Entry;
use crate::forms::content::{Content, Contents};
use crate::forms::context::Context;
use crate::forms::lang::Label;
use crate::forms::register::{Field, Register, Step};
use crate::record::{Element, Record, Set, Tag, Value};

/// A step of the lifecycle from where the record stands.
#[derive(Clone, Debug)]
pub struct Move<'a> {
    /// The step.
    pub step: &'a Step,
    /// Why it is not allowed now; `None` if it is.
    pub refused: Option<Label>,
}

impl Entry {
    /// What is to be written, sorted by tag and element. `base` is the record as it was when the form opened (what its
    /// `seen` names); `None` for a new record. A field is set only if it differs from its value there; a field in
    /// conflict only if a person picked; fields of a `together` group all of them if one is. Fields that are not
    /// relevant are not written.
    pub fn sets(&self, base: Option<&Record>, context: &Context) -> Vec<Set> {
        let Some(register) = context.registers.by_number(self.register) else {
            return Vec::new();
        };
        let held = base.map(crate::forms::contents).unwrap_or_default();
        let differs: Vec<bool> = register
            .fields
            .iter()
            .map(|field| {
                field.stored()
                    && self.relevant(field.tag)
                    && (self.picks(field, base)
                        || (!in_conflict(field.tag, base)
                            && self.get(field.tag) != content_of(&held, field.tag)))
            })
            .collect();
        let mut sets = Vec::new();
        for (place, field) in register.fields.iter().enumerate() {
            let with_group = !field.together.is_empty()
                && field.stored()
                && self.relevant(field.tag)
                && base.is_some()
                && !in_conflict(field.tag, base)
                && field.together.iter().any(|tag| {
                    register
                        .places
                        .get(tag)
                        .is_some_and(|&place| differs[place])
                });
            if field.key && base.is_some() && !content_of(&held, field.tag).is_empty() {
                continue;
            }
            if differs[place] || with_group {
                self.write(field, base, &held, &mut sets);
            }
        }
        sets.sort_unstable();
        sets
    }

    /// Whether a person picked a value for a field that is in conflict there.
    fn picks(&self, field: &Field, base: Option<&Record>) -> bool {
        self.picked.contains(&field.tag) && in_conflict(field.tag, base)
    }

    fn write(&self, field: &Field, base: Option<&Record>, held: &Contents, sets: &mut Vec<Set>) {
        let tag = field.tag;
        let now = self.get(tag);
        if !field.kind.is_multiple() {
            let value = now.value().cloned().unwrap_or_default();
            sets.push(Set {
                tag,
                element: Element::new(),
                value,
            });
            return;
        }
        let chosen = |content: &Content, element: &Element| match content {
            Content::Many(chosen) => chosen.contains(element),
            _ => false,
        };
        let picked = self.picks(field, base);
        let elements = |content: &Content| match content {
            Content::Many(chosen) => chosen.iter().cloned().collect(),
            _ => Vec::new(),
        };
        let mut all: Vec<Element> = elements(now);
        all.extend(elements(content_of(held, tag)));
        if picked {
            // Every element in conflict is settled, those that are shown as not chosen too.
            let disputed = base.into_iter().flat_map(|record| record.elements(tag));
            all.extend(
                disputed
                    .filter(|(_, state)| state.in_conflict())
                    .map(|(element, _)| element.clone()),
            );
        }
        all.sort_unstable();
        all.dedup();
        for element in all {
            let yes = chosen(now, &element);
            let state = base.and_then(|record| record.fields.get(&(tag, element.clone())));
            let disputed = state.is_some_and(|state| state.in_conflict());
            if yes != chosen(content_of(held, tag), &element) || (picked && disputed) {
                sets.push(Set {
                    tag,
                    element,
                    value: Value::bool(yes),
                });
            }
        }
    }

    /// The steps from where the record stands, with the reason where one is not allowed now.
    pub fn steps<'a>(&self, context: &Context<'a>) -> Vec<Move<'a>> {
        let Some(register) = context.registers.by_number(self.register) else {
            return Vec::new();
        };
        let stands = register
            .lifecycle
            .and_then(|tag| self.stored.get(&tag))
            .and_then(Content::value);
        let Some(stands) = stands.and_then(Value::as_text) else {
            return Vec::new();
        };
        let from_here = register
            .steps
            .iter()
            .filter(|step| step.from.iter().any(|code| code == stands));
        from_here
            .map(|step| Move {
                step,
                refused: self.refused(step, register, context),
            })
            .collect()
    }

    fn refused(&self, step: &Step, register: &Register, context: &Context) -> Option<Label> {
        let allowed = |relevant: &super::super::expression::Expression| {
            relevant.is_true(register, &self.contents, context)
        };
        if !step.relevant.as_ref().is_none_or(allowed) {
            return Some(Label {
                zh: "这时不行。".into(),
                en: "Not now.".into(),
            });
        }
        let missing = |tag: &&Tag| self.get(**tag).is_empty();
        let field = step
            .needs
            .iter()
            .find(missing)
            .and_then(|tag| register.by_tag(*tag))?;
        Some(Label {
            zh: format!("先填{}。", field.label.zh),
            en: format!("First fill in {}.", field.label.en),
        })
    }
}

fn content_of(contents: &Contents, tag: Tag) -> &Content {
    const EMPTY: &Content = &Content::Empty;
    contents.get(&tag).unwrap_or(EMPTY)
}

/// Whether any value or element of a field is in conflict in a record.
fn in_conflict(tag: Tag, base: Option<&Record>) -> bool {
    base.is_some_and(|record| record.elements(tag).any(|(_, state)| state.in_conflict()))
}

#[cfg(test)]
mod tests;
