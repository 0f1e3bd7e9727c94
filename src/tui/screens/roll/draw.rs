//! Draws the roll: heads, rows, totals of the marked meeting, the digits, or the panel of names.

use crate::forms::{Content, Contents, Kind, Roll as Parts};
use crate::record::Value;
use crate::report::roll::Grid;
use crate::text::roll::RollWord;
use crate::tui::cells::{cut, width};
use crate::tui::page::{Page, Span, span};
use crate::tui::screen::{Chrome, Cx};
use crate::tui::show;
use crate::tui::theme::Role;

use super::panels::{adding_panel, panel};
use super::{Roll, load};

/// Where meetings begin, and how wide one is.
const MEETINGS: u16 = 26;
const MEETING: u16 = 5;
/// Rows of heads and frame above the people.
const ABOVE: u16 = 4;
/// Rows at the foot: seam, totals, digits, seam, hints.
const FOOT: u16 = 5;
/// Rows more while names are typed.
const NAMES: u16 = 3;
/// A quiet dot, two cells wide in every terminal.
const DOT: &str = "・";

/// How many people fit.
pub(super) fn rows(size: (u16, u16), panel: bool) -> usize {
    let foot = if panel { FOOT + NAMES } else { FOOT };
    size.1.saturating_sub(ABOVE + foot).into()
}

/// How many meetings fit beside the hours and the result.
pub(super) fn meetings(size: (u16, u16)) -> usize {
    let edge = if size.0 >= 100 { 38 } else { 13 };
    usize::from((size.0.saturating_sub(MEETINGS + edge) / MEETING).max(1))
}

/// The number of a line; 0 where it has none.
pub(super) fn number(roll: &Parts, contents: &Contents) -> i64 {
    let number = contents.get(&roll.number).and_then(Content::value);
    number.and_then(Value::as_int).unwrap_or(0)
}

pub(super) fn text<'a>(contents: &'a Contents, tag: &crate::record::Tag) -> &'a str {
    let value = contents.get(tag).and_then(Content::value);
    value.and_then(Value::as_text).unwrap_or_default()
}

/// Tenths of hours as people read them: 16, 12.5.
fn hours(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

fn percent(rate: Option<(u32, u32)>) -> Option<String> {
    let (part, of) = rate.filter(|(_, of)| *of > 0)?;
    // Rounded to the nearest whole.
    Some(((200 * u64::from(part) + u64::from(of)) / (2 * u64::from(of))).to_string())
}

/// One head of a meeting: the short word of a choice, the month and day of a date.
fn head(cx: &Cx, roll: &Parts, grid: &Grid, meeting: usize, tag: crate::record::Tag) -> String {
    let register = cx.reader.registers().by_number(roll.meetings);
    let field = register.and_then(|register| register.by_tag(tag));
    let contents = &grid.meetings()[meeting].contents;
    field.map_or_else(String::new, |field| {
        let content = contents.get(&tag).unwrap_or(&Content::Empty);
        match (&field.kind, content.value().and_then(Value::as_int)) {
            (Kind::Date { .. }, Some(_)) => show::cell(cx, field, contents, 5),
            _ => field.show_short(content, &show::context(cx)),
        }
    })
}

/// Both heads of a meeting.
pub(super) fn when(cx: &Cx, roll: &Parts, grid: &Grid, meeting: usize) -> String {
    let (day, half) = roll.heads;
    format!(
        "{} {}",
        head(cx, roll, grid, meeting, day),
        head(cx, roll, grid, meeting, half)
    )
}

/// A field of a line, cut to its room.
pub(super) fn cell(
    cx: &Cx,
    roll: &Parts,
    contents: &Contents,
    tag: crate::record::Tag,
    room: u16,
) -> String {
    let register = cx.reader.registers().by_number(roll.people);
    let field = register.and_then(|register| register.by_tag(tag));
    field.map_or_else(String::new, |field| show::cell(cx, field, contents, room))
}

pub(super) fn chrome(roll: &Roll, cx: &Cx) -> Chrome {
    let name = show::register_name(cx, roll.of.0);
    let title = show::title(cx, roll.of.0, roll.of.1);
    let parts = load::part(cx, roll.of.0).map(|(_, roll)| roll);
    let people = parts.map_or_else(String::new, |parts| show::register_name(cx, parts.people));
    let mut chrome = Chrome::of(&[&name, &title, &people], cx);
    chrome.right.clear();
    let state = if roll.frozen {
        RollWord::Frozen
    } else {
        RollWord::OpenRoll
    };
    chrome
        .right
        .push(vec![span(state.get(cx.lang), Role::Quiet)]);
    if let Some(grid) = &roll.grid {
        let expected = grid.count_expected().to_string();
        chrome.right.push(vec![span(
            RollWord::Expected.with(cx.lang, &[&expected]),
            Role::Strong,
        )]);
        if let Some(rate) = percent(grid.total_rate()) {
            chrome.right.push(vec![span(
                RollWord::Rate.with(cx.lang, &[&rate]),
                Role::Quiet,
            )]);
        }
    }
    chrome.left_seam = match roll.saved {
        Some(at) => vec![span(
            format!("{} {}", cx.say(crate::text::Word::Saved), show::clock(at)),
            Role::Quiet,
        )],
        None => vec![span(RollWord::DraftKept.get(cx.lang), Role::Quiet)],
    };
    if let (Some(grid), Some(person), Some(parts)) = (&roll.grid, roll.person(), parts) {
        let contents = &grid.people()[person].contents;
        chrome.right_seam = vec![span(
            format!(
                "{} {}",
                number(parts, contents),
                text(contents, &parts.name)
            ),
            Role::Quiet,
        )];
    }
    chrome
}

pub(super) fn draw(roll: &Roll, page: &mut Page, cx: &Cx) {
    let Some((grid, (_, parts))) = roll.grid.as_ref().zip(load::part(cx, roll.of.0)) else {
        return;
    };
    heads(roll, grid, parts, page, cx);
    let size = rows(cx.size, roll.names.is_some() || roll.adding.is_some());
    let shown = roll.order.iter().enumerate().skip(roll.top).take(size);
    for (y, (row, &person)) in shown.enumerate() {
        line(roll, grid, parts, row, person, ABOVE + y as u16, page, cx);
    }
    if roll.order.is_empty() {
        page.text(
            5,
            ABOVE + 1,
            page.width() - 6,
            RollWord::NoPeople.get(cx.lang),
            Role::Quiet,
        );
    }
    if grid.meetings().is_empty() {
        page.text(
            5,
            ABOVE + 2,
            page.width() - 6,
            RollWord::NoMeetings.get(cx.lang),
            Role::Quiet,
        );
    }
    let foot = ABOVE + size as u16;
    let last = (roll.top + size).min(roll.order.len());
    let first = (roll.top + 1).min(last);
    let right = vec![span(
        format!("{first}-{last} / {}", roll.order.len()),
        Role::Quiet,
    )];
    match (&roll.names, &roll.adding) {
        (Some(names), _) => panel(names, grid, parts, foot, right, page, cx),
        (_, Some(adding)) => adding_panel(adding, grid, parts, foot, right, page, cx),
        _ => totals(roll, grid, parts, foot, right, page, cx),
    }
}

/// The role of a column's head and of its total.
fn lit(roll: &Roll, meeting: usize, role: Role) -> Role {
    if roll.column == meeting {
        Role::Mark
    } else {
        role
    }
}

fn heads(roll: &Roll, grid: &Grid, parts: &Parts, page: &mut Page, cx: &Cx) {
    let people = cx.reader.registers().by_number(parts.people);
    let label = |tag, room| {
        let field = people.and_then(|register| register.by_tag(tag));
        field.map_or_else(String::new, |field| show::heading(field, cx.lang, room))
    };
    page.right(6, 3, RollWord::Number.get(cx.lang), Role::Quiet);
    for (at, tag) in parts.before.iter().take(2).enumerate() {
        let (x, room) = [(7, 7), (15, 10)][at];
        page.text(x, 3, room, &label(*tag, room), Role::Quiet);
    }
    let shown = meetings(cx.size);
    let mut before = String::new();
    for (at, meeting) in (roll.left..grid.meetings().len()).take(shown).enumerate() {
        let x = MEETINGS + MEETING * at as u16;
        let day = head(cx, parts, grid, meeting, parts.heads.0);
        if day != before {
            page.text(x, 2, 5, &day, lit(roll, meeting, Role::Quiet));
        } else if roll.column == meeting {
            // The day of the marked meeting is lit, though an earlier one of it carries the word.
            page.text(x - MEETING, 2, 5, &day, Role::Mark);
        }
        before = day;
        let half = head(cx, parts, grid, meeting, parts.heads.1);
        let role = if roll.column == meeting {
            Role::Mark
        } else {
            Role::Quiet
        };
        page.text(x + 1, 3, 4, &half, role);
    }
    let (edge, result) = edges(cx.size);
    page.right(edge, 3, RollWord::Hours.get(cx.lang), Role::Quiet);
    let role = if roll.at_result() {
        Role::Mark
    } else {
        Role::Quiet
    };
    page.text(result, 3, 6, &label(parts.result, 6), role);
    for (tag, x, room) in behind(parts, cx.size) {
        page.text(x, 3, room, &label(tag, room), Role::Quiet);
    }
}

/// Where hours end and where the result begins.
fn edges(size: (u16, u16)) -> (u16, u16) {
    let end = MEETINGS + MEETING * meetings(size) as u16 + 5;
    (end, end + 2)
}

/// What more there is room for, with place and room.
fn behind(parts: &Parts, size: (u16, u16)) -> Vec<(crate::record::Tag, u16, u16)> {
    if size.0 < 100 {
        return Vec::new();
    }
    let (_, result) = edges(size);
    let tags = parts.behind.iter().filter(|tag| **tag != parts.result);
    let places = [(result + 7, 11), (result + 19, 12)];
    tags.zip(places)
        .map(|(tag, (x, room))| (*tag, x, room.min(size.0.saturating_sub(x + 1))))
        .collect()
}

#[allow(clippy::too_many_arguments)]
fn line(
    roll: &Roll,
    grid: &Grid,
    parts: &Parts,
    row: usize,
    person: usize,
    y: u16,
    page: &mut Page,
    cx: &Cx,
) {
    let contents = &grid.people()[person].contents;
    let here = row == roll.row;
    if here {
        page.marker(1, y);
    }
    let gone = !grid.expected(person);
    let name = if here {
        Role::Mark
    } else if gone {
        Role::Quiet
    } else {
        Role::Text
    };
    page.right(5, y, &number(parts, contents).to_string(), Role::Quiet);
    for (at, tag) in parts.before.iter().take(2).enumerate() {
        let (x, room) = [(7, 7), (15, 10)][at];
        let role = if at == 0 { name } else { Role::Quiet };
        page.text(x, y, room, &cell(cx, parts, contents, *tag, room), role);
    }
    let shown = meetings(cx.size);
    for (at, meeting) in (roll.left..grid.meetings().len()).take(shown).enumerate() {
        let x = MEETINGS + MEETING * at as u16 + 1;
        let (word, role) = mark(cx, parts, grid.mark(person, meeting));
        let here = here && roll.column == meeting;
        let (word, role) = match here {
            true if word.is_empty() => ("  ".to_owned(), Role::Cell),
            true => (word, Role::Cell),
            false => (word, role),
        };
        page.text(x, y, 4, &word, role);
    }
    let (edge, result) = edges(cx.size);
    if !gone && grid.rate(person).is_some() {
        page.right(edge, y, &hours(grid.hours(person)), Role::Text);
    }
    let words = cell(cx, parts, contents, parts.result, 6);
    let at_result = here && roll.at_result();
    match at_result {
        true => page.text(result, y, 6, &format!("{words:2}"), Role::Cell),
        false => page.text(result, y, 6, &words, Role::Text),
    };
    for (tag, x, room) in behind(parts, cx.size) {
        page.text(
            x,
            y,
            room,
            &cell(cx, parts, contents, tag, room),
            Role::Quiet,
        );
    }
}

/// The sign of a mark: a quiet dot for the usual one, one 汉字 for the others, nothing for none.
fn mark(cx: &Cx, parts: &Parts, code: Option<&str>) -> (String, Role) {
    match code {
        None => (String::new(), Role::Quiet),
        Some(code) if code == parts.usual => (DOT.into(), Role::Quiet),
        Some(code) => {
            let role = if parts.absent.iter().any(|absent| absent == code) {
                Role::Bad
            } else if parts.attended.iter().any(|there| there == code) {
                Role::Strong
            } else {
                Role::Text
            };
            (short(cx, parts, code), role)
        }
    }
}

pub(super) fn choice<'a>(
    cx: &Cx<'a>,
    parts: &Parts,
    code: &str,
) -> Option<&'a crate::forms::Choice> {
    let register = cx.reader.registers().by_number(parts.marks)?;
    match &register.by_tag(parts.mark)?.kind {
        Kind::SelectOne(list) => list.get(code),
        _ => None,
    }
}

fn short(cx: &Cx, parts: &Parts, code: &str) -> String {
    let found = choice(cx, parts, code);
    found.map_or_else(
        || code.to_owned(),
        |choice| cut(choice.short.get(cx.lang), 4),
    )
}

/// The marked meeting, in words.
fn about(roll: &Roll, grid: &Grid, parts: &Parts, meeting: usize, cx: &Cx) -> Vec<Span> {
    if roll.at_result() || meeting >= grid.meetings().len() {
        let people = cx.reader.registers().by_number(parts.people);
        let field = people.and_then(|register| register.by_tag(parts.result));
        let words = field.map_or("", |field| field.label.get(cx.lang));
        return vec![span(words, Role::Strong)];
    }
    let when = when(cx, parts, grid, meeting);
    let register = cx.reader.registers().by_number(parts.meetings);
    let contents = &grid.meetings()[meeting].contents;
    let rest: Vec<String> = parts
        .about
        .iter()
        .filter_map(|tag| {
            let field = register?.by_tag(*tag)?;
            let words = show::cell(cx, field, contents, 30);
            (!words.is_empty()).then_some(words)
        })
        .collect();
    vec![
        span(when, Role::Strong),
        span(format!("  {}", rest.join("  ")), Role::Quiet),
    ]
}

fn totals(
    roll: &Roll,
    grid: &Grid,
    parts: &Parts,
    y: u16,
    right: Vec<Span>,
    page: &mut Page,
    cx: &Cx,
) {
    let left = about(roll, grid, parts, roll.column, cx);
    page.seam(0, page.width(), y, &left, &right);
    let counted = |code: &str| {
        let here = !roll.at_result() && roll.column < grid.meetings().len();
        let count = here.then(|| grid.counts(roll.column).get(code).copied());
        count.flatten().filter(|count| *count > 0)
    };
    let digits = roll.digits(cx);
    // In the order of the digits below; where they are many, behind these.
    let counts: Vec<String> = (digits.iter())
        .filter_map(|(_, code, _)| Some(format!("{} {}", short(cx, parts, code), counted(code)?)))
        .collect();
    let counts = counts.join(" ");
    let beside = width(&counts) <= usize::from(MEETINGS - 8);
    if beside {
        page.text(7, y + 1, MEETINGS - 8, &counts, Role::Strong);
    }
    let shown = meetings(cx.size);
    for (at, meeting) in (roll.left..grid.meetings().len()).take(shown).enumerate() {
        if let Some((there, _)) = grid.meeting_rate(meeting) {
            let x = MEETINGS + MEETING * at as u16 + 3;
            let role = if roll.column == meeting {
                Role::Strong
            } else {
                Role::Quiet
            };
            page.right(x, y + 1, &there.to_string(), role);
        }
    }
    if let Some(rate) = percent(grid.total_rate()) {
        page.right(edges(cx.size).0, y + 1, &format!("{rate}%"), Role::Quiet);
    }
    let mut spans = Vec::new();
    for (digits, code, label) in digits {
        spans.push(span(format!("{digits} "), Role::Mark));
        spans.push(span(label, Role::Text));
        if let Some(count) = counted(&code).filter(|_| !beside) {
            spans.push(span(format!(" {count}"), Role::Strong));
        }
        spans.push(span("  ", Role::Text));
    }
    let x = page.spans(7, y + 2, page.width() - 8, &spans);
    let word = if roll.at_result() {
        RollWord::ResultHere
    } else {
        RollWord::MarkThis
    };
    let (word, room) = (word.get(cx.lang), page.width().saturating_sub(x + 2));
    // What does not fit is left out: the digits say enough.
    if width(word) <= room.into() {
        page.text(x + 1, y + 2, room, word, Role::Quiet);
    }
}
