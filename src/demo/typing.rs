//! Types an act into the form, as its author would have that day: with defaults, checks and the stamp of that day.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::acts::Act;
use crate::codec::Unplaced;
use crate::forms::{Contents, Context, Entry, Label, Lang, Lookup, Me, Register, Registers, json};
use crate::record::{Record, RecordId, Seen, Stamp, Tag};

/// Everything that one author wrote or looked up, so that her forms find it before it is in the view.
pub struct Desk<'a> {
    store: &'a dyn Lookup,
    written: &'a Written,
}

/// What was written or looked up.
pub type Written = RefCell<BTreeMap<(u32, RecordId), Contents>>;

impl<'a> Desk<'a> {
    /// A desk before a store.
    pub fn new(store: &'a dyn Lookup, written: &'a Written) -> Self {
        Self { store, written }
    }
}

impl Lookup for Desk<'_> {
    fn contents(&self, register: u32, id: RecordId) -> Option<Contents> {
        let written = self.written.borrow().get(&(register, id)).cloned();
        written.or_else(|| {
            let contents = self.store.contents(register, id)?;
            let known = contents.clone();
            self.written.borrow_mut().insert((register, id), known);
            Some(contents)
        })
    }

    fn newest_referring(&self, _: u32, _: Tag, _: RecordId) -> Option<RecordId> {
        // Asked for warnings and for who is meant by default; acts say whom they mean.
        None
    }
}

/// One act as a change to `base`; what its record holds then is written on the desk. No stamp lies behind `now`.
///
/// # Errors
/// What the form refuses, as a sentence for whoever changes the demonstration.
pub fn change(
    act: &Act,
    base: Option<&Record>,
    seen: Vec<Seen>,
    registers: &Registers,
    me: &Me,
    desk: &Desk<'_>,
    now: u64,
) -> Result<Unplaced, String> {
    let refused = |why: String| format!("{} {}: {why} {:?}", act.register, act.id, act.fields);
    let register = registers
        .by_name(act.register)
        .ok_or_else(|| refused("no such register".to_owned()))?;
    let at = act.at.min(now);
    let context = Context {
        registers,
        now_millis: at,
        me,
        lookup: desk,
        lang: Lang::En,
    };
    let by_words: json::Resolve<'_> = &|_, _| Err(Label::default());
    let given = json::read(register, &act.fields, by_words, &context)
        .map_err(|why| refused(format!("{why:?}")))?;
    let mut entry = match base {
        Some(record) => Entry::of(record, &context),
        None => Entry::new(register, &context),
    };
    entry.fill(given, &context);
    let problems = entry.problems(&context);
    if let Some(problem) = problems
        .iter()
        .find(|problem| !problem.warning && stored(register, problem.tag))
    {
        let field = register
            .by_tag(problem.tag)
            .map(|field| field.name.as_str());
        return Err(refused(format!("{field:?}: {}", problem.message.en)));
    }
    let sets = entry.sets(base, &context);
    desk.written
        .borrow_mut()
        .insert((register.number, act.id), entry.contents().clone());
    Ok(Unplaced {
        at: Stamp::next(at, base.map(|record| record.newest)),
        record: act.id,
        register: register.number,
        seen,
        sets,
    })
}

/// Whether a field is more than a list of rows: those stand beside the record in the same group.
fn stored(register: &Register, tag: Tag) -> bool {
    register.by_tag(tag).is_some_and(|field| field.stored())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::cast::{AUTHORS, DISTRICT};
    use crate::demo::dice::Dice;
    use crate::demo::orgs::{self, places};
    use crate::demo::plan::Year;
    use crate::forms::Nothing;
    use crate::record::fold::{Latest, Run};
    use crate::record::{Change, Dot, Held, LogId, Mark, fold};

    /// One log, all of it held.
    struct All;

    impl Held for All {
        fn reaches(&self, _: &Dot, _: &Dot) -> bool {
            true
        }

        fn runs(&self, _: &LogId) -> Vec<Run> {
            Vec::new()
        }
    }

    #[test]
    fn the_form_takes_every_act_of_every_author() {
        let registers = Registers::builtin();
        let (today, now) = (20_780, super::super::calendar::moment(20_780, 2 * 60));
        let dice = Dice::new(133);
        let (tree, ids) = orgs::tree(&places(registers.divisions()), today - 330, &dice);
        let written = Written::default();
        let desk = Desk::new(&Nothing, &written);
        let me = |name: &str, unit: &str| Me {
            name: name.to_owned(),
            unit: unit.to_owned(),
            cadre: None,
        };
        let clerk = me(DISTRICT.name, DISTRICT.unit);
        for act in &tree {
            change(act, None, Vec::new(), &registers, &clerk, &desk, now).unwrap();
        }
        for author in &AUTHORS {
            let me = me(author.name, author.unit);
            let mut changes: BTreeMap<RecordId, Vec<Change>> = BTreeMap::new();
            for act in Year::new(author, true, &ids, &dice)
                .groups(now, 0.4)
                .iter()
                .flatten()
            {
                let so_far = changes.entry(act.id).or_default();
                let base = fold(so_far, &All, &Latest);
                assert_eq!(base.is_none(), act.new);
                let seen: Vec<Seen> = so_far
                    .last()
                    .map(|last| Seen {
                        log: last.dot.log,
                        low: 1,
                        seq: last.dot.seq,
                        mark: last.dot.mark,
                    })
                    .into_iter()
                    .collect();
                let made = change(act, base.as_ref(), seen, &registers, &me, &desk, now).unwrap();
                assert!(!made.sets.is_empty(), "{act:?} changes nothing");
                let dot = Dot {
                    log: LogId([1; 16]),
                    seq: so_far.len() as u64 + 1,
                    mark: Mark([1; 8]),
                };
                let Unplaced {
                    at,
                    record,
                    register,
                    seen,
                    sets,
                } = made;
                so_far.push(Change {
                    dot,
                    at,
                    record,
                    register,
                    seen,
                    sets,
                });
            }
        }
    }
}
