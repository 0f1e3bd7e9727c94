//! What an entry works out by itself: relevance, defaults and calculations, after each change, as far as it reaches.

use super::{Entry, Origin};
use crate::forms::content::Content;
use crate::forms::context::Context;
use crate::forms::expression;
use crate::forms::kinds::Kind;
use crate::forms::lang::Lang;
use crate::forms::register::{Field, Register, Start};
use crate::record::{Tag, Value};

impl Entry {
    /// Looks at every field once, in the order of the form, and again at what changed.
    pub(super) fn settle_all(&mut self, register: &Register, context: &Context) {
        let mut due = vec![true; register.fields.len()];
        self.settle(&mut due, register, context);
    }

    /// Looks at what depends on these fields (places in the register), and on what those change.
    pub(super) fn settle_from(&mut self, places: &[usize], register: &Register, context: &Context) {
        let mut due = vec![false; register.fields.len()];
        for &place in places {
            for &moved in &register.fields[place].moves {
                due[moved] = true;
            }
        }
        self.settle(&mut due, register, context);
    }

    fn settle(&mut self, due: &mut [bool], register: &Register, context: &Context) {
        // Defaults that go round in a circle end here: each round looks at every field at most once.
        for _ in 0..8 {
            let mut again = false;
            for place in 0..due.len() {
                if !std::mem::take(&mut due[place]) {
                    continue;
                }
                let field = &register.fields[place];
                if self.settle_field(field, register, context) {
                    for &moved in &field.moves {
                        due[moved] = true;
                        again |= moved <= place;
                    }
                }
            }
            if !again {
                return;
            }
        }
    }

    /// Whether it changed what others see of the field.
    fn settle_field(&mut self, field: &Field, register: &Register, context: &Context) -> bool {
        let relevant = match &field.relevant {
            Some(relevant) => relevant.is_true(register, &self.contents, context),
            None => true,
        };
        let mut changed = false;
        if !relevant {
            if self.hidden.insert(field.tag)
                && let Some(content) = self.contents.remove(&field.tag)
            {
                self.kept.insert(field.tag, content);
                changed = true;
            }
            return changed;
        }
        if !self.hidden.is_empty()
            && self.hidden.remove(&field.tag)
            && let Some(content) = self.kept.remove(&field.tag)
        {
            self.contents.insert(field.tag, content);
            changed = true;
        }
        if !self.origin(field.tag).untouched() {
            return changed;
        }
        // A record that is edited keeps what it holds: only a field that nobody ever filled and that is needed now
        // begins with its default.
        if !self.new && !field.kind.is_computed() && !self.begins(field, register, context) {
            return changed;
        }
        let (content, origin) = self.default(field, register, context);
        if self.get(field.tag) != &content {
            self.place(field.tag, content, origin);
            return true;
        }
        changed
    }

    /// Whether a field of an edited record takes its default: it is required now and empty, or took it before.
    fn begins(&self, field: &Field, register: &Register, context: &Context) -> bool {
        self.origin(field.tag) != Origin::Empty
            || (field.relevant.is_some() && self.must(field, register, context))
    }

    fn default(&self, field: &Field, register: &Register, context: &Context) -> (Content, Origin) {
        let content = match &field.start {
            Start::Empty => match field.within {
                Some(_) => self.within(field, context),
                None => Content::Empty,
            },
            Start::Fixed(content) => content.clone(),
            Start::Today => return (Content::One(Value::int(context.today())), Origin::Today),
            Start::Shown(template) => {
                let context = Context {
                    lang: Lang::Zh,
                    ..*context
                };
                Content::one(Value::text(
                    template.render(register, &self.contents, &context).trim(),
                ))
            }
            Start::Formula(formula) => {
                let value = formula.value(register, &self.contents, context);
                expression::content(&field.kind, &value, context)
            }
        };
        let origin = if content.is_empty() {
            Origin::Empty
        } else {
            Origin::Default
        };
        (content, origin)
    }

    /// Of `within`: whom the newest record of this register has beside the same one, else the newest that refers to it
    /// (the only one, where there is one).
    fn within(&self, field: &Field, context: &Context) -> Content {
        let Some((narrow, back)) = field.within else {
            return Content::Empty;
        };
        let Kind::Ref { to } = field.kind else {
            return Content::Empty;
        };
        let Some(held) = self.get(narrow).value().and_then(Value::as_ref_id) else {
            return Content::Empty;
        };
        let points_to = |register, id, tag: &Tag| {
            let mut target = None;
            context.lookup.look(register, id, &mut |contents| {
                let content = contents.get(tag);
                target = content.and_then(|content| content.value()?.as_ref_id());
            });
            target
        };
        let last = context.lookup.newest_referring(self.register, narrow, held);
        let taken = last.and_then(|last| points_to(self.register, last, &field.tag));
        // She may have moved to another household since.
        let still = taken.filter(|id| points_to(to, *id, &back) == Some(held));
        match still.or_else(|| context.lookup.newest_referring(to, back, held)) {
            Some(id) => Content::One(Value::reference(id)),
            None => Content::Empty,
        }
    }
}
