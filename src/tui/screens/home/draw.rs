//! Where things stand on Home.

use super::{Door, Home, Item, MORE, digits};
use crate::text::Word;
use crate::tui::page::Page;
use crate::tui::screen::Cx;
use crate::tui::show;
use crate::tui::theme::Role;

/// Row of the first heading.
const BODY: u16 = 5;
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
        None => draw_doors(home, page, cx),
    }
    if home.making {
        return draw_making(page, cx);
    }
    let gap = if w >= 100 { 4 } else { 2 };
    let mut x = 1;
    for (digit, _, label) in digits(cx) {
        let wide = 2 + crate::tui::cells::width(&label) as u16;
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

fn draw_doors(home: &Home, page: &mut Page, cx: &Cx) {
    let (w, h) = (page.width(), page.height());
    page.text(1, BODY, w, cx.say(Word::Waiting), Role::Strong);
    let mut y = BODY + 1;
    if home.doors.is_empty() {
        page.text(5, y, w - 6, cx.say(Word::Nothing), Role::Quiet);
        y += 1;
    }
    for (i, door) in home.doors.iter().enumerate() {
        if y >= h - FOOT {
            return;
        }
        let marked = mark(home, i, page, y);
        let (sign, role, label, count, unit, words) = match door {
            Door::Conflicts { count, first } => (
                '?',
                Role::Bad,
                Word::DoorConflicts,
                *count as u64,
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
                (
                    '~',
                    Role::Accent,
                    Word::DoorDraft,
                    1,
                    Word::CountForms,
                    words,
                )
            }
            Door::Received { count, who, at } => {
                let words = format!("{who} {}", when(*at, cx.now));
                (
                    '+',
                    Role::Accent,
                    Word::DoorReceived,
                    *count,
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
        let x = if cx.lang == crate::forms::Lang::Zh {
            16
        } else {
            19
        };
        page.right(x, y, &show::number(count), Role::Text);
        let behind = page.text(x + 1, y, 8, cx.say(unit), Role::Text);
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
        draw_item(
            home,
            home.doors.len() + i,
            item,
            labels(&home.recent),
            page,
            y,
        );
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
        draw_item(home, i, item, labels(found), page, y);
    }
}

/// The width of the column of registers' names.
fn labels(items: &[Item]) -> u16 {
    let widest = items
        .iter()
        .map(|item| crate::tui::cells::width(&item.label))
        .max();
    widest.unwrap_or(4).min(14) as u16
}

/// Day, register, name, what else tells it from others; each at its own x.
fn draw_item(home: &Home, at: usize, item: &Item, labels: u16, page: &mut Page, y: u16) {
    let w = page.width();
    let marked = mark(home, at, page, y);
    let mut x = 5;
    if !item.day.is_empty() {
        page.text(x, y, 5, &item.day, Role::Quiet);
        x += 7;
    }
    page.text(
        x,
        y,
        labels,
        &item.label,
        if item.day.is_empty() {
            Role::Quiet
        } else {
            Role::Text
        },
    );
    let name = crate::tui::cells::width(&item.name).max(8) as u16;
    page.text(
        x + labels + 2,
        y,
        name.min(w - x - labels - 3),
        &item.name,
        if marked { Role::Mark } else { Role::Text },
    );
    let rest = x + labels + 2 + name.min(30) + 2;
    if rest < w {
        page.text(rest, y, w - rest - 1, &item.rest, Role::Quiet);
    }
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
        show::month_day(at)
    }
}
