//! What is wrong with an entry, and what only deserves a second look.

use super::Entry;
use crate::forms::content::Content;
use crate::forms::context::Context;
use crate::forms::day;
use crate::forms::kinds::Kind;
use crate::forms::lang::Label;
use crate::forms::register::{Field, Register};
use crate::record::{Tag, Value};

/// Something wrong with a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The field.
    pub tag: Tag,
    /// Of a problem in a row: the rows field and which row; `tag` is then the row's field.
    pub row: Option<(Tag, usize)>,
    /// It may be saved all the same.
    pub warning: bool,
    /// What would be right.
    pub message: Label,
}

impl Entry {
    /// Everything that is wrong, in the order of the form, those of rows behind. Saving is refused while there is one
    /// that is not a warning.
    pub fn problems(&self, context: &Context) -> Vec<Problem> {
        let Some(register) = context.registers.by_number(self.register) else {
            return Vec::new();
        };
        let mut problems = Vec::new();
        for field in register
            .fields
            .iter()
            .filter(|field| self.relevant(field.tag))
        {
            if let Some((warning, message)) = self.problem(field, register, context) {
                problems.push(Problem {
                    tag: field.tag,
                    row: None,
                    warning,
                    message,
                });
            }
        }
        if let Some((tag, message)) = self.second_visit(register, context) {
            problems.push(Problem {
                tag,
                row: None,
                warning: true,
                message,
            });
        }
        self.lifecycle(register, context, &mut problems);
        if !self.rows.is_empty() {
            self.beside(context, |context| {
                for (tag, rows) in self.rows.iter().filter(|(tag, _)| self.relevant(**tag)) {
                    for (at, row) in rows.iter().enumerate() {
                        let more = row.problems(context).into_iter();
                        problems.extend(more.map(|problem| Problem {
                            row: Some((*tag, at)),
                            ..problem
                        }));
                    }
                }
            });
        }
        problems
    }

    fn problem(
        &self,
        field: &Field,
        register: &Register,
        context: &Context,
    ) -> Option<(bool, Label)> {
        let content = self.get(field.tag);
        if let Kind::Rows { .. } = field.kind {
            // A visit that says there is a need has one: typed now, or held already.
            let missing = self.new && field.relevant.is_some() && self.rows(field.tag).is_empty();
            return missing.then(|| (false, missing_row(field)));
        }
        if content.is_empty() {
            return self
                .must(field, register, context)
                .then(|| (false, required(field)));
        }
        // What the record held before is not complained of: only what was typed or computed now.
        let unchanged = !self.new && self.stored.get(&field.tag) == Some(content);
        if !unchanged && let Some(complaint) = field.kind.check(content, context) {
            return Some((false, complaint));
        }
        let mut warning = None;
        for constraint in &field.constraints {
            let names_empty = constraint
                .holds
                .tags()
                .iter()
                .any(|tag| self.get(*tag).is_empty());
            if names_empty || constraint.holds.is_true(register, &self.contents, context) {
                continue;
            }
            if !constraint.warning {
                return Some((false, constraint.message.clone()));
            }
            if !unchanged {
                warning = Some((true, constraint.message.clone()));
            }
        }
        warning
    }

    /// Another record alike within some days.
    fn second_visit(&self, register: &Register, context: &Context) -> Option<(Tag, Label)> {
        let rule = register.second_visit.as_ref().filter(|_| self.new)?;
        let (sort, _) = register.sort?;
        let first = *rule.same.first()?;
        let held = self.get(first).value()?.as_ref_id()?;
        let day = self.get(sort).value()?.as_int()?;
        let last = context
            .lookup
            .newest_referring(self.register, first, held)?;
        let (mut alike, mut before) = (false, None);
        context.lookup.look(self.register, last, &mut |last| {
            alike = rule
                .same
                .iter()
                .all(|tag| last.get(tag).unwrap_or(&Content::Empty) == self.get(*tag));
            before = last
                .get(&sort)
                .and_then(|content| content.value()?.as_int());
        });
        let before = before?;
        let days = rule.within_days;
        (alike && (day - before).abs() < days).then(|| {
            let (on, label) = (day::iso(before), &register.label);
            let message = Label {
                zh: format!("{days} 天内第二次{}，上次 {}。", label.zh, &on[5..]),
                en: format!(
                    "{}: the second within {days} days, the last on {}.",
                    label.en,
                    &on[5..]
                ),
            };
            (first, message)
        })
    }

    /// A step of the lifecycle that is not allowed, or lacks something.
    fn lifecycle(&self, register: &Register, context: &Context, problems: &mut Vec<Problem>) {
        let Some(tag) = register.lifecycle.filter(|_| !self.new) else {
            return;
        };
        let code = |content: &Content| {
            content
                .value()
                .and_then(|value| value.as_text().map(str::to_owned))
        };
        let before = self.stored.get(&tag).and_then(code);
        let (Some(before), Some(now)) = (before, code(self.get(tag))) else {
            return;
        };
        if before == now || self.picked.contains(&tag) {
            return;
        }
        let step = register.steps.iter().find(|step| {
            step.to == now
                && step.from.contains(&before)
                && step
                    .relevant
                    .as_ref()
                    .is_none_or(|relevant| relevant.is_true(register, &self.contents, context))
        });
        let field = register.by_tag(tag);
        let Some(step) = step else {
            let word = |code: &str, lang| match field.map(|field| &field.kind) {
                Some(Kind::SelectOne(list)) => list.words(code, lang).to_owned(),
                _ => code.to_owned(),
            };
            let (zh, en) = (crate::forms::Lang::Zh, crate::forms::Lang::En);
            let message = Label {
                zh: format!(
                    "不能从“{}”直接改为“{}”。",
                    word(&before, zh),
                    word(&now, zh)
                ),
                en: format!(
                    "There is no step from {} to {}.",
                    word(&before, en),
                    word(&now, en)
                ),
            };
            problems.push(Problem {
                tag,
                row: None,
                warning: false,
                message,
            });
            return;
        };
        for needed in step
            .needs
            .iter()
            .filter(|needed| self.get(**needed).is_empty())
        {
            let Some(field) = register.by_tag(*needed) else {
                continue;
            };
            if problems
                .iter()
                .any(|problem| problem.tag == *needed && !problem.warning)
            {
                continue;
            }
            let message = Label {
                zh: format!("“{}”之前要填{}。", step.label.zh, field.label.zh),
                en: format!("{} needs {}.", step.label.en, field.label.en),
            };
            problems.push(Problem {
                tag: *needed,
                row: None,
                warning: false,
                message,
            });
        }
    }

    /// Whether a key field is read-only here.
    pub fn read_only(&self, field: &Field) -> bool {
        field.key
            && !self.new
            && !self
                .stored
                .get(&field.tag)
                .and_then(Content::value)
                .is_none_or(Value::is_cleared)
    }
}

fn required(field: &Field) -> Label {
    Label {
        zh: format!("{}要填。", field.label.zh),
        en: format!("{} is required.", field.label.en),
    }
}

fn missing_row(field: &Field) -> Label {
    Label {
        zh: format!("还没有填{}。", field.label.zh),
        en: format!("{}: none is filled in yet.", field.label.en),
    }
}
