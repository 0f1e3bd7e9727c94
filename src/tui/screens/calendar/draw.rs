//! Where things stand in a calendar: the card at the left, behind a hairline twelve rows of days with what they add up to at
//! the edge, the marked day below.

use super::year::Day;
use super::{Calendar, today};
use crate::forms::Lang;
use crate::forms::day::{civil, iso, length, of};
use crate::text::Word;
use crate::tui::cells::width;
use crate::tui::page::{Page, span};
use crate::tui::screen::Cx;
use crate::tui::screens::form::show::short_date;
use crate::tui::theme::Role;

/// From this width on the card stands beside the year; below it is behind Tab.
const BESIDE: u16 = 76;
/// Where the hairline between them stands.
const HAIRLINE: u16 = 33;
/// The year, from its left edge: the first day, the end of the counts, the end of the sums, the bars.
const FIRST_DAY: u16 = 4;
const COUNTS: u16 = 38;
const SUMS: u16 = 44;
const BARS: u16 = 48;
/// A bar's most cells, and the least for which there is one.
const BAR: (u16, u16) = (30, 10);
/// The seam and the hints.
const FOOT: u16 = 2;
/// How many of the last ones are listed at most.
const RECENT: usize = 8;

/// Which rows there are: what a low window has no room for is left out.
struct Rows {
    /// The first row of the body.
    top: u16,
    /// Whether the headings stand over the months.
    headed: bool,
    /// The first month.
    months: u16,
    /// The first row behind the body.
    end: u16,
}

impl Rows {
    fn of(height: u16) -> Self {
        let (headed, top) = (height >= 18, if height >= 24 { 3 } else { 2 });
        Self {
            top,
            headed,
            months: top + if headed { 2 } else { 0 },
            end: height - FOOT,
        }
    }
}

pub fn draw(calendar: &Calendar, page: &mut Page, cx: &Cx) {
    let rows = Rows::of(page.height());
    let beside = page.width() >= BESIDE;
    if beside || calendar.aside {
        let room = if beside { HAIRLINE } else { page.width() } - 2;
        card(calendar, page, cx, room, &rows);
    }
    if beside {
        page.upright(HAIRLINE, 2, rows.end);
    }
    if beside || !calendar.aside {
        let x = if beside { HAIRLINE + 2 } else { 1 };
        year(calendar, page, cx, x, &rows);
        below(calendar, page, cx, x, &rows);
    }
}

/// The card, the names under it, at its foot what is proposed.
fn card(calendar: &Calendar, page: &mut Page, cx: &Cx, room: u16, rows: &Rows) {
    let shown = &calendar.shown;
    let labels = match cx.lang {
        Lang::Zh => 8,
        Lang::En => 10,
    };
    let foot = rows.end - 1;
    let mut y = rows.top;
    let label = if calendar.aside {
        Role::Mark
    } else {
        Role::Quiet
    };
    for line in &shown.card {
        if y >= foot {
            break;
        }
        let x = page.text(1, y, room, &line.label, label);
        let x = (x + 2).max(1 + labels);
        page.spans(x, y, (room + 1).saturating_sub(x), &line.value);
        y += 1;
    }
    if !shown.people.is_empty() && y + 2 < foot {
        page.text(1, y + 1, room, &shown.people_label, Role::Strong);
        y += 2;
        let names = shown.people.iter().map(|(name, _)| width(name)).max();
        let does = (1 + names.unwrap_or_default().min(12) as u16 + 2).max(1 + labels);
        for (name, what) in shown.people.iter().skip(calendar.scroll) {
            // A blank row before what is proposed.
            if y + 1 >= foot {
                break;
            }
            page.text(1, y, does - 3, name, Role::Text);
            page.text(does, y, (room + 1).saturating_sub(does), what, Role::Quiet);
            y += 1;
        }
    }
    if let Some(proposal) = &shown.proposal {
        let (word, role) = match proposal.due {
            true => (Word::IdleDue, Role::Strong),
            false => (Word::IdleOn, Role::Quiet),
        };
        let words = word.with(cx.lang, &[&iso(proposal.on), &shown.proposed]);
        page.text(1, foot, room, &words, role);
    }
}

/// Months by days, with what they add up to.
fn year(calendar: &Calendar, page: &mut Page, cx: &Cx, x: u16, rows: &Rows) {
    let days = &calendar.shown.days;
    let (shown, marked_month, _) = civil(calendar.day());
    if rows.headed {
        let heading = Word::YearHead.with(cx.lang, &[&shown.to_string()]);
        page.text(x, rows.top, FIRST_DAY + 28, &heading, Role::Strong);
        let label = &calendar.shown.sum_label;
        let sums = page.right(x + SUMS, rows.top, label, Role::Quiet);
        let counts = (x + COUNTS).min(sums.saturating_sub(1));
        page.right(counts, rows.top, cx.say(Word::HeldHead), Role::Quiet);
        for day in [1, 5, 10, 15, 20, 25, 30] {
            let at = x + FIRST_DAY + day - 1;
            page.text(at, rows.top + 1, 2, &day.to_string(), Role::Quiet);
        }
    }
    let totals: Vec<_> = (1..=12).map(|month| days.month(shown, month)).collect();
    let most = totals.iter().map(|(_, sum)| *sum).max().unwrap_or_default();
    for (month, total) in (1..=12).zip(&totals) {
        let y = rows.months + month as u16 - 1;
        if y >= rows.end {
            return;
        }
        let role = match month == marked_month {
            true => Role::Mark,
            false => Role::Quiet,
        };
        page.right(x + 2, y, &month.to_string(), role);
        let first = of(shown, month, 1).unwrap_or_default();
        for day in first..first + length(shown, month) {
            let (sign, role) = cell(calendar, day, today(cx));
            let at = x + FIRST_DAY + (day - first) as u16;
            page.text(at, y, 1, sign, role);
        }
        if total.0 > 0 {
            sums(page, (x, y), *total, Role::Text);
            bar(page, (x, y), total.1, most);
        }
    }
    let y = rows.months + 12;
    if y >= rows.end {
        return;
    }
    let mut at = x;
    for (sign, word, role) in [
        ("o", Word::LegendHeld, Role::Accent),
        ("+", Word::LegendPlanned, Role::Text),
        (".", Word::LegendNone, Role::Quiet),
    ] {
        at = page.text(at, y, 2, sign, role);
        at = page.text(at + 1, y, 10, cx.say(word), Role::Quiet) + 2;
    }
    sums(page, (x, y), days.year(shown), Role::Strong);
}

/// The sign of a day: a day to come on which nothing is planned has none.
fn cell(calendar: &Calendar, day: i64, today: i64) -> (&'static str, Role) {
    let (sign, role) = match calendar.shown.days.held(day) {
        Some(true) => ("o", Role::Mark),
        Some(false) => ("+", Role::Strong),
        None if day <= today => (".", Role::Quiet),
        None => (" ", Role::Quiet),
    };
    match day == calendar.day() && !calendar.aside {
        true => (sign, Role::Cell),
        false => (sign, role),
    }
}

fn sums(page: &mut Page, (x, y): (u16, u16), (count, sum): (u64, i64), role: Role) {
    page.right(x + COUNTS, y, &count.to_string(), role);
    page.right(x + SUMS, y, &sum.to_string(), role);
}

fn bar(page: &mut Page, (x, y): (u16, u16), sum: i64, most: i64) {
    let x = x + BARS;
    let room = page.width().saturating_sub(x + 1).min(BAR.0);
    if room < BAR.1 || most <= 0 {
        return;
    }
    let full = ((i64::from(room) * sum.max(0) + most - 1) / most) as usize;
    let ascii = page.theme().ascii;
    let (on, off) = if ascii { ("=", ".") } else { ("━", "─") };
    let rest = usize::from(room) - full;
    let spans = [
        span(on.repeat(full), Role::Accent),
        span(off.repeat(rest), Role::Quiet),
    ];
    page.spans(x, y, room, &spans);
}

/// The marked day, and the last ones held where there is room.
fn below(calendar: &Calendar, page: &mut Page, cx: &Cx, x: u16, rows: &Rows) {
    let rule = rows.months + 13;
    if rule + 1 >= rows.end {
        return;
    }
    let (w, marked) = (page.width(), calendar.day());
    page.rule(x.saturating_sub(2), w, rule);
    let date = short_date(marked, today(cx));
    let at = page.text(x, rule + 1, 10, &date, Role::Mark) + 2;
    let room = w.saturating_sub(at + 1);
    let on = calendar.shown.days.on(marked);
    let mut y = rule + 1;
    if on.is_empty() {
        page.text(at, y, room, cx.say(Word::NothingThisDay), Role::Quiet);
        y += 1;
    }
    for (n, day) in on.iter().enumerate() {
        if y >= rows.end {
            break;
        }
        let digit = (on.len() > 1).then(|| (n + 1).to_string());
        y = of_day(page, cx, day, digit, (at, y), (room, rows.end));
    }
    let head = y + 1;
    let newest: Vec<&Day> = calendar.shown.days.newest().take(RECENT).collect();
    if head + 1 >= rows.end || newest.is_empty() {
        return;
    }
    let date = |day: &Day| short_date(day.day, today(cx));
    // Days of another year are longer; what is said stands in one column all the same.
    let longest = newest.iter().map(|day| width(&date(day))).max();
    let at = x + longest.unwrap_or_default() as u16 + 2;
    page.text(x, head, room, cx.say(Word::RecentHeld), Role::Strong);
    for (y, day) in (head + 1..rows.end).zip(newest) {
        page.text(x, y, 10, &date(day), Role::Quiet);
        let words = day.words.iter().skip(1).cloned().collect::<Vec<_>>();
        let room = (x + SUMS).saturating_sub(at + 6);
        page.text(at, y, room, &words.join("  "), Role::Text);
        page.right(x + SUMS, y, &day.sum.to_string(), Role::Text);
    }
}

/// One record of the marked day in two lines; in one where a digit picks it. Returns the row behind it.
fn of_day(
    page: &mut Page,
    cx: &Cx,
    day: &Day,
    digit: Option<String>,
    (x, y): (u16, u16),
    (room, end): (u16, u16),
) -> u16 {
    let state = day.words.first().cloned().unwrap_or_default();
    let rest = day.words.get(1..).unwrap_or_default();
    if let Some(digit) = digit {
        let spans = [
            span(format!("{digit} "), Role::Mark),
            span(format!("{state}  "), Role::Quiet),
            span(rest.join("  "), Role::Text),
        ];
        page.spans(x, y, room, &spans);
        return y + 1;
    }
    let passed = today(cx) - day.day;
    let (state, role) = match !day.held && passed > 0 {
        true => {
            let words = Word::PlannedPassed.with(cx.lang, &[&passed.to_string()]);
            (words, Role::Strong)
        }
        false => (state, Role::Quiet),
    };
    let mut spans = vec![span(format!("{state}  "), role)];
    spans.extend(rest.first().map(|kind| span(kind.clone(), Role::Text)));
    page.spans(x, y, room, &spans);
    let behind = rest.get(1..).unwrap_or_default().join("  ");
    if behind.is_empty() || y + 1 >= end {
        return y + 1;
    }
    page.text(x, y + 1, room, &behind, Role::Text);
    y + 2
}
