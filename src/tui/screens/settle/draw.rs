//! Where things stand on the desk where a conflict is settled.

use super::case::{Both, Case, Side};
use super::{Settle, aside, case};
use crate::forms::Lang;
use crate::text::Word;
use crate::tui::cells::wrap;
use crate::tui::page::{Page, span};
use crate::tui::screen::Cx;
use crate::tui::show;
use crate::tui::theme::Role;

/// Where labels stand.
const LABEL: u16 = 5;
/// From this width on the panel stands at the right.
const WIDE: u16 = 100;
/// Rows of the field's history, with its heading and the blank rows around it.
const HISTORY: u16 = 10;

/// The columns of the left part, and where values stand in it.
#[derive(Clone, Copy)]
struct Sheet {
    width: u16,
    value: u16,
}

impl Sheet {
    /// A label and what it says, in one row.
    fn pair(self, page: &mut Page, y: u16, label: &str, value: &str, role: Role) {
        page.text(LABEL, y, self.value - LABEL - 2, label, Role::Quiet);
        let room = self.width - self.value - 1;
        page.text(self.value, y, room, &value.replace('\n', " "), role);
    }
}

pub fn draw(settle: &Settle, page: &mut Page, cx: &Cx) {
    let (w, h) = (page.width(), page.height());
    let Some(case) = &settle.case else {
        let words = cx.say(Word::NoConflicts);
        page.text(LABEL, 3, w - LABEL - 1, words, Role::Quiet);
        return;
    };
    let width = if w < WIDE { w } else { w * 19 / 30 };
    let value = match cx.lang {
        Lang::Zh => 15,
        Lang::En => 21,
    };
    let sheet = Sheet { width, value };
    head(case, sheet, page, cx);
    let mut y = 6;
    if let Some(before) = &case.before {
        let when = format!("{} {}", before.when, before.who);
        let end = page.right(width - 1, y, &when, Role::Quiet);
        let left = Sheet { width: end, value };
        let label = cx.say(Word::Before);
        left.pair(page, y, label, &before.words, Role::Quiet);
        y += 1;
    }
    y = sides(settle, case, sheet, y, page, cx);
    if let Some(line) = &settle.writing {
        let label = cx.say(Word::AnotherValue);
        page.text(LABEL, y, value - LABEL - 2, label, Role::Mark);
        line.draw(page, value, y, 40.min(width - value - 1));
        y += 1;
    }
    y += 1;
    if y < h - 3 {
        // Below the agreeing fields: a blank row, what follows, what is next, the seam.
        let history = if h >= 30 { HISTORY } else { 0 };
        let end = h.saturating_sub(6 + history);
        y = others(settle, case, sheet, (y, end), page, cx);
        y = follows(settle, sheet, (y + 2).min(h - 4 - history), page, cx);
        if history > 0 {
            draw_history(case, sheet, (y + 1, h - 2), page, cx);
        }
    }
    if width < w {
        page.upright(width, 2, h - 2);
        aside::draw(settle, page, width + 2, cx);
    }
}

/// The record, the field, and what is wrong with it.
fn head(case: &Case, sheet: Sheet, page: &mut Page, cx: &Cx) {
    let Sheet { width, value } = sheet;
    page.text(LABEL, 3, value - LABEL - 2, &case.register, Role::Quiet);
    let (name, rest) = case.title.split_once("  ").unwrap_or((&case.title, ""));
    let x = page.text(value, 3, width - value - 1, name, Role::Strong) + 2;
    page.text(x, 3, (width - 1).saturating_sub(x), rest, Role::Quiet);
    page.text(3, 4, 1, "?", Role::Bad);
    page.text(LABEL, 4, value - LABEL - 1, &case.field, Role::Mark);
    let words = cx.say(Word::BothChanged);
    page.text(value, 4, width - value - 1, words, Role::Quiet);
}

/// The sides with their digits, and what holds both; or what was decided.
fn sides(settle: &Settle, case: &Case, sheet: Sheet, y: u16, page: &mut Page, cx: &Cx) -> u16 {
    let h = page.height();
    let mut y = y;
    let decided = settle.decided.at(settle.at);
    for (i, side) in case.sides.iter().enumerate() {
        if y + 6 >= h {
            return y;
        }
        let marked = i == settle.side && settle.writing.is_none() && decided.is_none();
        y = draw_side(side, i, (marked, decided.is_some()), sheet, y, page);
    }
    let Sheet { width, value } = sheet;
    if let Some(taken) = decided {
        let place = &settle.places[taken.place];
        let words = match &taken.value {
            Some(value) => case::words(
                cx,
                place,
                settle.field(cx),
                value,
                settle.revealed.is_some(),
            ),
            None => cx.say(Word::GoesWithRecord).into(),
        };
        page.text(3, y, 1, "*", Role::Accent);
        let label = cx.say(Word::TakenValue);
        page.text(LABEL, y, value - LABEL - 2, label, Role::Strong);
        let words = words.replace('\n', " ");
        page.text(value, y, width - value - 1, &words, Role::Strong);
        page.put_caret(1, y);
        return y + 1;
    }
    let words = match &case.both {
        Some(Both::Joined(value)) => value.as_text().unwrap_or_default().replace('\n', " "),
        Some(Both::Chosen) => cx.say(Word::BothChosen).into(),
        None => return y,
    };
    let marked = settle.side == case.sides.len() && settle.writing.is_none();
    if marked {
        page.marker(1, y);
        page.put_caret(1, y);
    }
    page.text(3, y, 1, "0", Role::Mark);
    let label = cx.say(Word::BothSides);
    page.text(LABEL, y, value - LABEL - 2, label, who_role(marked));
    page.text(value, y, width - value - 1, &words, value_role(marked));
    y + 1
}

fn who_role(marked: bool) -> Role {
    if marked { Role::Strong } else { Role::Text }
}

fn value_role(marked: bool) -> Role {
    if marked { Role::Mark } else { Role::Strong }
}

fn draw_side(
    side: &Side,
    place: usize,
    (marked, decided): (bool, bool),
    Sheet { width, value }: Sheet,
    y: u16,
    page: &mut Page,
) -> u16 {
    if marked {
        page.marker(1, y);
        page.put_caret(1, y);
    }
    let pick = |role: Role| if decided { Role::Quiet } else { role };
    page.text(3, y, 1, &(place + 1).to_string(), pick(Role::Mark));
    let room = value - LABEL - 2;
    page.text(LABEL, y, room, &side.who, pick(who_role(marked)));
    let end = page.right(width - 1, y, &side.when, Role::Quiet);
    let room = end.saturating_sub(value + 2);
    let lines = wrap(&side.words, room.into());
    let mut y = y;
    for line in lines.iter().take(4) {
        page.text(value, y, room, line, pick(value_role(marked)));
        y += 1;
    }
    y
}

/// The fields that agree; while another value is written, what the field may hold.
fn others(
    settle: &Settle,
    case: &Case,
    sheet: Sheet,
    (y, end): (u16, u16),
    page: &mut Page,
    cx: &Cx,
) -> u16 {
    let mut y = y;
    let choices = settle.writing.is_some() && !case.choices.is_empty();
    let (heading, edge) = if choices {
        (Word::ItsChoices, "")
    } else {
        (Word::OtherFields, cx.say(Word::AgreeBelow))
    };
    let left = [span(cx.say(heading), Role::Quiet)];
    let right = [span(edge, Role::Quiet)];
    let right = if edge.is_empty() { &[][..] } else { &right };
    page.seam(0, sheet.width, y, &left, right);
    if choices {
        let words = case.choices.join("  ");
        for line in wrap(&words, (sheet.width - LABEL - 1).into()) {
            y += 1;
            if y >= end {
                break;
            }
            page.text(LABEL, y, sheet.width - LABEL - 1, &line, Role::Text);
        }
        return y;
    }
    for (label, words) in &case.others {
        y += 1;
        if y >= end {
            break;
        }
        sheet.pair(page, y, label, words, Role::Quiet);
    }
    y
}

/// What follows from a decision, and which conflict is next.
fn follows(settle: &Settle, sheet: Sheet, y: u16, page: &mut Page, cx: &Cx) -> u16 {
    let label = cx.say(Word::AfterSettling);
    let words = cx.say(Word::AfterSettlingHow);
    sheet.pair(page, y, label, words, Role::Quiet);
    let n = settle.places.len();
    let next = (1..n)
        .map(|i| (settle.at + i) % n)
        .find(|at| settle.decided.at(*at).is_none());
    if let Some(next) = next {
        let words = settle.places[next].words(cx).join("  ");
        sheet.pair(page, y + 1, cx.say(Word::NextOne), &words, Role::Quiet);
    }
    y + 2
}

/// What the field went through: when, who, from what to what.
fn draw_history(case: &Case, sheet: Sheet, (y, end): (u16, u16), page: &mut Page, cx: &Cx) {
    let width = sheet.width;
    let heading = cx.say(Word::FieldHistory);
    page.text(LABEL, y, width - LABEL - 1, heading, Role::Strong);
    let room = usize::from(end.saturating_sub(y + 3));
    let skip = case.history.len().saturating_sub(room);
    for (y, step) in (y + 2..end).zip(case.history.iter().skip(skip)) {
        let when = format!(
            "{} {}",
            show::day(step.at, cx.now),
            show::hour_minute(step.at)
        );
        let x = page.text(LABEL, y, 16, &when, Role::Quiet) + 2;
        let x = page.text(x, y, 10, &step.who, Role::Text).max(x + 8) + 2;
        let how = if step.how.is_empty() {
            &step.what
        } else {
            &step.how
        };
        let how = how.replace('\n', " ");
        page.text(x, y, (width - 1).saturating_sub(x), &how, Role::Text);
    }
}
