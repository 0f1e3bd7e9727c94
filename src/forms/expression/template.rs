//! Templates: a line of words with expressions in it.

use super::{Expression, Names};
use crate::forms::content::Contents;
use crate::forms::context::Context;
use crate::forms::kinds::Kind;
use crate::forms::register::Register;
use crate::record::Tag;

/// One line with `{{ expression }}` in it: a record's title.
#[derive(Debug, Default)]
pub(in crate::forms) struct Template(Vec<Part>);

#[derive(Debug)]
enum Part {
    Words(String),
    /// A field by itself, or one step through a reference: shown as people read it, masked.
    Shown(Tag, Option<Tag>),
    Expression(Expression),
}

impl Template {
    /// Compiles a template; all its mistakes.
    pub(in crate::forms) fn compile(
        source: &str,
        register: u32,
        names: &dyn Names,
    ) -> Result<Self, Vec<String>> {
        let (mut parts, mut mistakes) = (Vec::new(), Vec::new());
        let mut rest = source;
        while let Some((words, behind)) = rest.split_once("{{") {
            let Some((inside, behind)) = behind.split_once("}}") else {
                mistakes.push("{{ without }}".to_owned());
                break;
            };
            parts.push(Part::Words(words.to_owned()));
            rest = behind;
            let inside = inside.trim();
            match plain(inside, register, names) {
                // A title that shows a title could go round in a circle.
                Some((_, _, Kind::Ref { .. } | Kind::RefMultiple { .. })) => {
                    mistakes.push(format!("{inside} is a reference: name one of its fields"));
                }
                Some((tag, through, _)) => parts.push(Part::Shown(tag, through)),
                None => match Expression::compile(inside, register, names) {
                    Ok(expression) => parts.push(Part::Expression(expression)),
                    Err(mistake) => mistakes.push(mistake),
                },
            }
        }
        parts.push(Part::Words(rest.to_owned()));
        if mistakes.is_empty() {
            Ok(Self(parts))
        } else {
            Err(mistakes)
        }
    }

    /// The fields of the record itself that it names.
    pub(in crate::forms) fn tags(&self) -> Vec<Tag> {
        let mut tags = Vec::new();
        for part in &self.0 {
            match part {
                Part::Words(_) => {}
                Part::Shown(tag, _) => tags.push(*tag),
                Part::Expression(expression) => tags.extend_from_slice(expression.tags()),
            }
        }
        tags
    }

    /// The line: blanks left by empty parts are taken together, at most two in a row.
    pub(in crate::forms) fn render(
        &self,
        register: &Register,
        contents: &Contents,
        context: &Context,
    ) -> String {
        let mut line = String::new();
        for part in &self.0 {
            match part {
                Part::Words(words) => line.push_str(words),
                Part::Shown(tag, through) => {
                    line.push_str(&shown(*tag, *through, register, contents, context))
                }
                Part::Expression(expression) => {
                    let value = expression.value(register, contents, context);
                    if !value.is_undefined() && !value.is_none() {
                        line.push_str(&value.to_string());
                    }
                }
            }
        }
        while let Some(at) = line.find("   ") {
            line.remove(at);
        }
        line.trim().to_owned()
    }
}

/// A field by itself, or `reference.field`.
fn plain<'a>(
    inside: &str,
    register: u32,
    names: &'a dyn Names,
) -> Option<(Tag, Option<Tag>, &'a Kind)> {
    match inside.split_once('.') {
        None => names
            .field(register, inside)
            .map(|(tag, kind)| (tag, None, kind)),
        Some((root, rest)) => {
            let (tag, kind) = names.field(register, root)?;
            let Kind::Ref { to } = kind else {
                return None;
            };
            names
                .field(*to, rest)
                .map(|(field, kind)| (tag, Some(field), kind))
        }
    }
}

fn shown(
    tag: Tag,
    through: Option<Tag>,
    register: &Register,
    contents: &Contents,
    context: &Context,
) -> String {
    let (Some(field), Some(content)) = (register.by_tag(tag), contents.get(&tag)) else {
        return String::new();
    };
    let Some(through) = through else {
        return field.show_short(content, context);
    };
    let Kind::Ref { to } = field.kind else {
        return String::new();
    };
    let target = context.registers.by_number(to);
    let id = content.value().and_then(|value| value.as_ref_id());
    let held = id.and_then(|id| context.lookup.contents(to, id));
    match (target.and_then(|target| target.by_tag(through)), held) {
        (Some(field), Some(held)) => held
            .get(&through)
            .map(|content| field.show_short(content, context))
            .unwrap_or_default(),
        _ => String::new(),
    }
}
