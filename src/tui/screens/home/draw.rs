//! Where things stand on Home.

use super::{Door, Home, Item, MORE, digits};
use crate::text::Word;
use crate::tui::cells;
use crate::tui::page::Page;
use crate::tui::screen::Cx;
use crate::tui::show;
use crate::tui::theme::Role;

/// Row of the first heading.
const BODY: u16 = 5;
/// From this width on the state of the batches stands at the right.
const WIDE: u16 = 100;
/// The seam, the digits and the hints.
const FOOT: u16 = 3;

/// How many rows 最近经手 has.
pub fn recent_rows(size: (u16, u16), doors: usize) -> usize {
    let above = BODY + 1 + doors.max(1) as u16 + 1 + 1;
    size.1.saturating_sub(above + FOOT).into()
}

pub fn draw(home: &Home, page: &mut Page, cx: &Cx) {
    let (w, h) = (page.width(), page.height());
    page.text(1, 3, 4, cx.say(Word::Find), Role::Accent);
    let hint = page.right(w - 1, 3, cx.say(Word::FindHint), Role::Quiet);
    let x = if cx.lang == crate::forms::Lang::Zh {
        5
    } else {
        6
    };
    home.line
        .draw(page, x, 3, 40.min(hint.saturating_sub(x + 2)));
    match &home.found {
        Some(found) => draw_found(home, found, page, cx),
        None => {
            let batches = w >= WIDE && !home.handed.is_empty();
            let width = if batches { w * 7 / 10 } else { w };
            draw_doors(home, width, page, cx);
            if batches {
                draw_batches(home, width, page, cx);
            }
        }
    }
    if home.making {
        return draw_making(page, cx);
    }
    let gap = if w >= 100 { 4 } else { 2 };
    let mut x = 1;
    for (digit, _, label) in digits(cx) {
        let wide = 2 + cells::width(&label) as u16;
        if x + wide > w {
            break;
        }
        page.text(x, h - 2, 1, &digit.to_string(), Role::Mark);
        x = page.text(x + 2, h - 2, w - x, &label, Role::Text) + gap;
    }
}

fn mark(home: &Home, at: usize, page: &mut Page, y: u16) -> bool {
    let marked = home.at == Some(at) || at == 0 && home.at.is_none() && home.found.is_some();
    if marked {
        page.marker(1, y);
    }
    if home.at == Some(at) && home.found.is_none() {
        page.put_caret(1, y);
    }
    marked
}

/// What became of the batches handed over, in the columns from `x` on.
fn draw_batches(home: &Home, x: u16, page: &mut Page, cx: &Cx) {
    let end = page.width() - 1;
    page.text(x, BODY, end - x, cx.say(Word::Exchange), Role::Strong);
    if cx.status.owed > 0 {
        let owed = format!("{} {}", cx.say(Word::Owed), show::number(cx.status.owed));
        page.text(x, BODY + 1, end - x, &owed, Role::Text);
    }
    if let Some(last) = home.handed.first() {
        let last = Word::LastHanded.with(cx.lang, &[&show::day(last.at, cx.now)]);
        page.right(end, BODY + 1, &last, Role::Quiet);
    }
    for (y, handed) in (BODY + 2..).zip(&home.handed) {
        let number = Word::BatchNumber.with(cx.lang, &[&handed.number.to_string()]);
        page.text(x, y, 12, &number, Role::Text);
        let (state, role) = show::batch_state(cx, handed);
        page.right(end, y, &state, role);
    }
}

fn draw_doors(home: &Home, w: u16, page: &mut Page, cx: &Cx) {
    let h = page.height();
    page.text(1, BODY, w, cx.say(Word::Waiting), Role::Strong);
    let mut y = BODY + 1;
    if home.doors.is_empty() {
        page.text(5, y, w - 6, cx.say(Word::Nothing), Role::Quiet);
        y += 1;
    }
    let widest = home
        .doors
        .iter()
        .map(|door| show::number(door.count()).len());
    let widest = widest.max().unwrap_or(0).max(2) as u16;
    // Behind the widest label and a blank.
    let numbers = widest
        + match cx.lang {
            crate::forms::Lang::Zh => 14,
            crate::forms::Lang::En => 16,
        };
    for (i, door) in home.doors.iter().enumerate() {
        if y >= h - FOOT {
            return;
        }
        let marked = mark(home, i, page, y);
        let count = door.count();
        let (sign, role, label, unit, words) = match door {
            Door::Conflicts { first, .. } => (
                '?',
                Role::Bad,
                Word::DoorConflicts,
                Word::CountPlaces,
                first.clone(),
            ),
            Door::Draft {
                register,
                title,
                at,
                ..
            } => {
                let words = format!(
                    "{} {} {}",
                    show::register_name(cx, *register),
                    title,
                    when(*at, cx.now)
                );
                ('~', Role::Accent, Word::DoorDraft, Word::CountForms, words)
            }
            Door::Handed { oldest, .. } => {
                let number = Word::BatchNumber.with(cx.lang, &[&oldest.number.to_string()]);
                let (_, role) = show::batch_state(cx, oldest);
                let to = oldest.to.as_deref().unwrap_or_default();
                (
                    if role == Role::Bad { '!' } else { ' ' },
                    Role::Bad,
                    Word::DoorNoReceipt,
                    Word::CountBatches,
                    format!("{number} {to} {}", when(oldest.at, cx.now)),
                )
            }
            Door::Received { who, at, .. } => {
                let words = format!("{who} {}", when(*at, cx.now));
                (
                    '+',
                    Role::Accent,
                    Word::DoorReceived,
                    Word::CountChanges,
                    words,
                )
            }
        };
        page.text(3, y, 1, &sign.to_string(), role);
        page.text(
            5,
            y,
            10,
            cx.say(label),
            if marked { Role::Mark } else { Role::Text },
        );
        page.right(numbers, y, &show::number(count), Role::Text);
        let behind = page.text(numbers + 1, y, 8, cx.say(unit), Role::Text);
        page.text(
            behind + 2,
            y,
            w.saturating_sub(behind + 3),
            &words,
            Role::Quiet,
        );
        y += 1;
    }
    y += 1;
    if y + 1 >= h - FOOT {
        return;
    }
    page.text(1, y, w, cx.say(Word::Recent), Role::Strong);
    if home.recent.is_empty() {
        page.text(5, y + 1, w - 6, cx.say(Word::Nothing), Role::Quiet);
    }
    for (i, item) in home.recent.iter().enumerate() {
        let y = y + 1 + i as u16;
        if y >= h - FOOT {
            return;
        }
        let at = home.doors.len() + i;
        draw_item(home, at, item, Columns::of(&home.recent, w), page, y);
    }
}

fn draw_found(home: &Home, found: &[Item], page: &mut Page, cx: &Cx) {
    let (w, h) = (page.width(), page.height());
    page.text(1, BODY, w, cx.say(Word::Found), Role::Strong);
    if found.is_empty() {
        page.text(5, BODY + 1, w - 6, cx.say(Word::NothingFound), Role::Quiet);
    }
    for (i, item) in found.iter().enumerate() {
        let y = BODY + 1 + i as u16;
        if y >= h - FOOT {
            return;
        }
        draw_item(home, i, item, Columns::of(found, w), page, y);
    }
}

/// The widths of the columns of records of several registers, and where the last one ends.
#[derive(Clone, Copy)]
struct Columns {
    day: u16,
    label: u16,
    name: u16,
    end: u16,
}

impl Columns {
    fn of(items: &[Item], width: u16) -> Self {
        let widest = |part: fn(&Item) -> &str| {
            let widths = items.iter().map(|item| cells::width(part(item)));
            widths.max().unwrap_or(0) as u16
        };
        Self {
            day: widest(|item| &item.day),
            label: widest(|item| &item.label).clamp(4, 14),
            name: widest(|item| &item.name).clamp(8, width / 3),
            end: width - 1,
        }
    }
}

/// Day, register, name, what else tells it from others; each at its own x.
fn draw_item(home: &Home, at: usize, item: &Item, columns: Columns, page: &mut Page, y: u16) {
    let marked = mark(home, at, page, y);
    let dated = columns.day > 0;
    let mut x = 5;
    if dated {
        page.text(x, y, columns.day, &item.day, Role::Quiet);
        x += columns.day + 2;
    }
    let label = if dated { Role::Text } else { Role::Quiet };
    page.text(x, y, columns.label, &item.label, label);
    x += columns.label + 2;
    let name = if marked { Role::Mark } else { Role::Text };
    page.text(x, y, columns.name, &item.name, name);
    x += columns.name + 2;
    let room = columns.end.saturating_sub(x);
    page.text(x, y, room, &item.rest, Role::Quiet);
}

/// What F3 asks: a digit, in a panel at the foot.
fn draw_making(page: &mut Page, cx: &Cx) {
    let (w, h) = (page.width(), page.height());
    let shown: Vec<_> = digits(cx)
        .into_iter()
        .filter(|(digit, register, _)| register.is_some() || *digit == MORE)
        .collect();
    let rows = shown.len().div_ceil(2) as u16;
    let top = h - 3 - rows;
    page.blank(top, h - 1);
    let left = [
        (format!("F3 {}", cx.say(Word::NewOne)), Role::Strong),
        (format!("  {}", cx.say(Word::PressDigit)), Role::Quiet),
    ];
    page.seam(
        0,
        w,
        top,
        &left,
        &[(cx.say(Word::NotNow).into(), Role::Quiet)],
    );
    for (i, (digit, _, label)) in shown.iter().enumerate() {
        let (column, row) = (i as u16 / rows, i as u16 % rows);
        let x = 3 + column * (w / 2);
        page.text(x, top + 1 + row, 1, &digit.to_string(), Role::Mark);
        page.text(x + 3, top + 1 + row, w / 2 - 5, label, Role::Text);
    }
    page.put_caret(3, top + 1);
}

/// The clock of today, else the day.
fn when(at: u64, now: u64) -> String {
    let day = crate::forms::day::of_millis;
    if day(at) == day(now) {
        show::hour_minute(at)
    } else {
        show::day(at, now)
    }
}
