//! What is known about the marked or taken record, for the panel at the right: its newest records, its people. Dates, ways
//! and names only: nothing about health or needs.

use crate::forms::{Context, Field, Kind, Register};
use crate::record::RecordId;
use crate::text::form::FormWord;
use crate::tui::page::span;
use crate::tui::screen::Cx;
use crate::tui::theme::Role;

use super::find::{self, What};
use super::panel::Line;
use super::sheet::{Place, reference};
use super::typing::Way;
use super::{Form, forms};

/// How many records and people are shown.
const MOST: usize = 5;

impl Form {
    /// Looks again at what stands in the panel at the right.
    pub(super) fn look(&mut self, cx: &Cx) {
        let context = forms(cx);
        self.about = if self.wide_more(cx, &context) {
            self.about_lines(cx, &context)
        } else {
            Vec::new()
        };
    }

    /// The record that is marked, else the one taken in the first reference that the search looks at.
    fn subject<'a>(&self, context: &Context<'a>) -> Option<(&'a Register, &'a Field, RecordId)> {
        let own = context.registers.by_number(self.sheet.entry.register())?;
        if self.typing.way == Way::Find && self.at.row.is_none() {
            let field = own.by_tag(self.at.tag)?;
            let marked = self
                .marked()
                .and_then(|marked| self.typing.found.get(marked));
            match marked.map(|found| &found.what) {
                Some(What::Record(_, id)) if field.search => return Some((own, field, *id)),
                Some(What::Also { first, .. }) => return Some((own, field, *first)),
                _ => {}
            }
        }
        own.fields
            .iter()
            .filter(|field| field.search && matches!(field.kind, Kind::Ref { .. }))
            .find_map(|field| {
                Some((
                    own,
                    field,
                    reference(self.sheet.get(Place::own(field.tag)))?,
                ))
            })
    }

    fn about_lines(&self, cx: &Cx, context: &Context) -> Vec<Line> {
        let Some((own, field, id)) = self.subject(context) else {
            return Vec::new();
        };
        let Kind::Ref { to } = field.kind else {
            return Vec::new();
        };
        let lookup = cx.reader.lookup();
        let (Some(target), Some(contents)) =
            (context.registers.by_number(to), lookup.contents(to, id))
        else {
            return Vec::new();
        };
        let parts = find::parts(&target.line(&contents, context));
        let mut lines = Vec::new();
        let name = FormWord::Family.with(context.lang, &[parts.first().map_or("", String::as_str)]);
        let mut head = Line::of(name.clone(), Role::Strong);
        if let Some(where_) = parts.get(1) {
            head.pieces.push((
                crate::tui::cells::width(&name) as u16 + 2,
                span(where_, Role::Quiet),
            ));
        }
        lines.push(head);
        let before = cx.reader.referring((to, id), own.number);
        for record in before
            .into_iter()
            .filter(|record| Some(*record) != self.sheet.entry.id())
            .take(MOST)
        {
            lines.extend(history(own, record, cx, context));
        }
        let second = field.also.and_then(|tag| own.by_tag(tag));
        if let Some(Kind::Ref { to: people }) = second.map(|field| &field.kind)
            && let Some(register) = context.registers.by_number(*people)
        {
            let ids = cx.reader.referring((to, id), *people);
            if !ids.is_empty() {
                lines.push(Line::default());
                lines.push(Line::of(FormWord::Within.get(context.lang), Role::Strong));
            }
            for id in ids.into_iter().take(MOST) {
                let Some(contents) = lookup.contents(*people, id) else {
                    continue;
                };
                let parts = find::parts(&register.title(&contents, context));
                let mut line = Line::of(parts.first().cloned().unwrap_or_default(), Role::Text);
                if let Some(second) = parts.get(1) {
                    line.pieces.push((8, span(second, Role::Quiet)));
                }
                lines.push(line);
            }
        }
        lines
    }
}

/// One earlier record: when, which way, who.
fn history(own: &Register, id: RecordId, cx: &Cx, context: &Context) -> Option<Line> {
    let contents = cx.reader.lookup().contents(own.number, id)?;
    let when = find::dated(own, &contents, context)?;
    let way = own
        .fields
        .iter()
        .find(|field| {
            field.open && field.sensitive == 0 && matches!(field.kind, Kind::SelectOne(_))
        })
        .and_then(|field| Some(field.kind.show(contents.get(&field.tag)?, context)))
        .unwrap_or_default();
    let changes = cx.reader.changes(own.number, id);
    let first = changes.iter().min_by_key(|change| change.display_order())?;
    let who = cx.reader.author(&first.dot.log).unwrap_or_default();
    let mut line = Line::of(when, Role::Quiet);
    line.pieces.push((12, span(way, Role::Quiet)));
    line.pieces.push((22, span(who, Role::Quiet)));
    Some(line)
}
