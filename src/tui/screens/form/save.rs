//! Saving: what is wrong stops it, warnings are listed once, then all changes go out as one group. The draft is thrown away
//! when they are on disk.

use crate::record::RecordId;
use crate::text::form::FormWord;
use crate::tui::effect::{Effect, Outcome, Returned, Saving};
use crate::tui::screen::Cx;
use crate::tui::theme::Role;

use super::open::Start;
use super::sheet::Sheet;
use super::{Form, forms, show};

/// What follows when the changes are on disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum After {
    /// Back to the screen below, with the record.
    Leave,
    /// A new form that carries what the register carries.
    More,
}

impl Form {
    /// Saves, or says what is in the way.
    pub(super) fn save(&mut self, after: After, cx: &Cx) -> Vec<Effect> {
        if self.saving.is_some() {
            return Vec::new();
        }
        if let Some(stay) = self.take(cx) {
            return stay;
        }
        let context = forms(cx);
        let wrongs = self.sheet.wrongs(&context);
        let errors = wrongs.iter().filter(|wrong| !wrong.warning).count();
        if let Some(first) = wrongs.iter().find(|wrong| !wrong.warning) {
            self.tried = true;
            let place = first.place;
            self.arrive(place, cx);
            self.told.insert(place);
            return vec![Effect::Say(
                FormWord::CannotSave.with(cx.lang, &[&errors.to_string()]),
                Role::Bad,
            )];
        }
        if !wrongs.is_empty() && !self.warned {
            self.warned = true;
            let keys = cx.keymap.keys(
                crate::tui::action::Context::Form,
                crate::tui::action::Action::Save,
            );
            let key = keys.first().map(ToString::to_string).unwrap_or_default();
            return vec![Effect::Say(
                FormWord::SaveOver.with(cx.lang, &[&key]),
                Role::Strong,
            )];
        }
        let changes = self.changes(cx);
        if changes.is_empty() {
            return vec![
                Effect::DropDraft(self.keeping.name().into()),
                Effect::Return(Returned::Nothing),
                Effect::Say(FormWord::Unchanged.get(cx.lang).into(), Role::Quiet),
            ];
        }
        self.saving = Some(after);
        vec![Effect::Save(changes)]
    }

    /// What is to be written: the record, then its rows.
    fn changes(&mut self, cx: &Cx) -> Vec<Saving> {
        let context = forms(cx);
        let id = self
            .sheet
            .entry
            .natural_key(&context)
            .or(self.sheet.entry.id());
        let id = id.unwrap_or_else(|| self.ids.next(cx.now));
        if self.sheet.entry.is_new() {
            self.sheet.entry.set_id(id);
        }
        for row in self.sheet.entry.all_rows_mut() {
            if row.id().is_none() {
                let id = self.ids.next(cx.now);
                row.set_id(id);
            }
        }
        let entry = &self.sheet.entry;
        let saving = |register: u32, record: RecordId, seen, sets| Saving {
            register,
            record,
            seen,
            sets,
        };
        let mut changes = vec![saving(
            entry.register(),
            id,
            self.seen.clone(),
            entry.sets(self.base.as_ref(), &context),
        )];
        for row in entry.all_rows() {
            let sets = entry.beside(&context, |context| row.sets(None, context));
            changes.extend(
                row.id()
                    .map(|id| saving(row.register(), id, Vec::new(), sets)),
            );
        }
        changes.retain(|change| !change.sets.is_empty());
        changes
    }

    /// What became of an effect.
    pub(super) fn done(&mut self, outcome: Outcome, cx: &Cx) -> Vec<Effect> {
        match outcome {
            Outcome::DraftSaved { name, at } => {
                self.keeping.kept(&name, at);
                Vec::new()
            }
            Outcome::Saved { at, records } => {
                let Some(after) = self.saving.take() else {
                    return Vec::new();
                };
                let drop = Effect::DropDraft(self.keeping.name().into());
                let at = show::clock(at);
                let say = |word: FormWord| Effect::Say(word.with(cx.lang, &[&at]), Role::Quiet);
                match after {
                    After::Leave => {
                        let own = (self.sheet.entry.register(), self.sheet.entry.id());
                        let record = records
                            .iter()
                            .find(|(register, id)| (*register, Some(*id)) == own)
                            .or(records.first())
                            .map_or(Returned::Nothing, |(register, id)| {
                                Returned::Record(*register, *id)
                            });
                        vec![drop, Effect::Return(record), say(FormWord::Saved)]
                    }
                    After::More => {
                        self.begin_more(cx);
                        vec![drop, say(FormWord::SavedMore)]
                    }
                }
            }
            Outcome::Failed(_) => {
                self.saving = None;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The next record of the same register.
    fn begin_more(&mut self, cx: &Cx) {
        let context = forms(cx);
        let Some(register) = context.registers.by_number(self.sheet.entry.register()) else {
            return;
        };
        let start = Start::Carrying(self.sheet.entry.contents().clone());
        let mut entry = start.entry(register, &context);
        let mut ids = self.ids.clone();
        entry.set_id(ids.next(cx.now));
        *self = Form::new(Sheet::new(entry), start, ids, cx);
    }
}
