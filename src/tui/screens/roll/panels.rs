//! The panels at the foot of the roll: the names of a meeting, and people who come onto it.

use crate::forms::Roll as Parts;
use crate::report::roll::Grid;
use crate::text::roll::RollWord;
use crate::tui::cells::width;
use crate::tui::page::{Page, Span, span};
use crate::tui::screen::Cx;
use crate::tui::theme::Role;

use super::draw::{cell, choice, text, when};
use super::names::Names;
use super::people::{self, Adding};

#[allow(clippy::too_many_arguments)]
pub(super) fn panel(
    names: &Names,
    grid: &Grid,
    parts: &Parts,
    y: u16,
    right: Vec<Span>,
    page: &mut Page,
    cx: &Cx,
) {
    let when = when(cx, parts, grid, names.meeting);
    let others = RollWord::NamesOf.with(cx.lang, &[&names.others().to_string()]);
    let left = [
        span(when, Role::Strong),
        span(format!("  {others}"), Role::Quiet),
    ];
    page.seam(0, page.width(), y, &left, &right);
    for (at, line) in names.lines.iter().enumerate() {
        let y = y + 1 + at as u16;
        let here = at == names.at;
        if here {
            page.marker(1, y);
        }
        let label = choice(cx, parts, &line.code).map_or("", |choice| choice.label.get(cx.lang));
        let role = if here { Role::Mark } else { Role::Text };
        page.text(5, y, 10, label, role);
        let who: Vec<&str> = line.who.iter().map(|who| names.name(*who)).collect();
        let x = 5 + 11;
        let room = page.width().saturating_sub(x + 14);
        let mut who = who.join(" ");
        // The last ones are seen: those were just named.
        while width(&who) > room.into() {
            let mut rest = who.chars();
            rest.next();
            who = rest.as_str().to_owned();
        }
        let mut x = page.text(x, y, room, &who, Role::Text);
        if here {
            x += u16::from(!who.is_empty());
            names.typed.draw(page, x, y, 12);
        }
    }
    let y = y + 1 + names.lines.len() as u16;
    let mut x = 5;
    for (at, one) in names.candidates().into_iter().take(5).enumerate() {
        if at == names.candidate {
            page.marker(1, y);
        }
        let role = if at == names.candidate {
            Role::Mark
        } else {
            Role::Text
        };
        let unit = parts.before.get(1).map_or_else(String::new, |tag| {
            cell(cx, parts, &grid.people()[one.person].contents, *tag, 8)
        });
        x = page.text(
            x,
            y,
            page.width().saturating_sub(x + 20),
            &format!("{} {}", one.number, one.name),
            role,
        );
        x = page.text(
            x + 1,
            y,
            page.width().saturating_sub(x + 20),
            &unit,
            Role::Quiet,
        ) + 3;
    }
    let words = RollWord::TypeNames.get(cx.lang);
    page.right(page.width() - 1, y, words, Role::Quiet);
}

#[allow(clippy::too_many_arguments)]
pub(super) fn adding_panel(
    adding: &Adding,
    grid: &Grid,
    parts: &Parts,
    y: u16,
    right: Vec<Span>,
    page: &mut Page,
    cx: &Cx,
) {
    let replaced = adding.instead.map_or("", |person| {
        text(&grid.people()[person].contents, &parts.name)
    });
    let left = [span(people::heading(adding, replaced, cx), Role::Strong)];
    page.seam(0, page.width(), y, &left, &right);
    let room = page.width().saturating_sub(12);
    let found = match adding.deciding() {
        Some(listed) => {
            let word = if listed.found.is_empty() {
                RollWord::AloneOrOut
            } else {
                RollWord::DigitOrOut
            };
            page.text(5, y + 1, room, word.get(cx.lang), Role::Quiet);
            &listed.found
        }
        None => {
            adding.typed.draw(page, 5, y + 1, 40.min(room));
            &adding.found
        }
    };
    for (at, one) in found.iter().take(4).enumerate() {
        let y = y + 2 + at as u16;
        let deciding = adding.deciding().is_some();
        let here = !deciding && at == adding.at;
        if here {
            page.marker(1, y);
        }
        if deciding {
            page.text(3, y, 1, &(at + 1).to_string(), Role::Mark);
        }
        let role = if here { Role::Mark } else { Role::Text };
        page.text(5, y, room, &one.line, role);
    }
    if found.is_empty() && adding.deciding().is_none() && adding.chosen.is_none() {
        let word = if adding.typed.is_empty() {
            RollWord::TypeToAdd
        } else {
            RollWord::NobodyFitsAdd
        };
        page.text(5, y + 2, room, word.get(cx.lang), Role::Quiet);
    }
}
