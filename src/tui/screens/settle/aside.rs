//! The panel at the right of a wide desk: the balance of the merge that led here, and the conflicts still to see.

use super::Settle;
use crate::text::Word;
use crate::tui::cells::wrap;
use crate::tui::effect::Merged;
use crate::tui::page::Page;
use crate::tui::screen::Cx;
use crate::tui::show;
use crate::tui::theme::Role;

/// Numbers end so many cells behind the panel's edge.
const NUMBERS: u16 = 18;

/// Draws the panel from column `x` on.
pub fn draw(settle: &Settle, page: &mut Page, x: u16, cx: &Cx) {
    let mut y = 3;
    if let Some(merged) = &settle.merged {
        y = balance(merged, page, (x, y), cx) + 1;
    }
    queue(settle, page, (x, y), cx);
}

fn balance(merged: &Merged, page: &mut Page, (x, y): (u16, u16), cx: &Cx) -> u16 {
    let room = page.width() - x - 1;
    let batches = Word::Batches.with(cx.lang, &[&show::number(merged.files)]);
    let behind = page.text(x, y, room, cx.say(Word::ThisMerge), Role::Strong) + 2;
    page.text(behind, y, page.width() - behind, &batches, Role::Quiet);
    let mut y = y + 2;
    let mut row = |page: &mut Page, word: Word, n: u64, role: Role| {
        page.text(x, y, room, cx.say(word), Role::Quiet);
        page.right(x + NUMBERS, y, &show::number(n), role);
        y += 1;
    };
    row(page, Word::CameIn, merged.came, Role::Text);
    row(page, Word::NewChanges, merged.new, Role::Text);
    row(page, Word::KnownChanges, merged.known, Role::Text);
    row(page, Word::WaitingChanges, merged.waiting, Role::Text);
    row(page, Word::RefusedChanges, merged.refused, Role::Text);
    y += 1;
    for line in wrap(&merged.sum(cx.lang), room.into()) {
        page.text(x, y, room, &line, Role::Strong);
        y += 1;
    }
    let (words, role) = match merged.adds_up() {
        true => (Word::Balanced, Role::Quiet),
        false => (Word::NotBalanced, Role::Bad),
    };
    page.text(x, y, room, cx.say(words), role);
    y += 2;
    let conflicts = if merged.conflicted > 0 {
        Role::Bad
    } else {
        Role::Text
    };
    let mut row = |page: &mut Page, word: Word, n: u64, role: Role| {
        page.text(x, y, room, cx.say(word), Role::Quiet);
        page.right(x + NUMBERS, y, &show::number(n), role);
        y += 1;
    };
    row(page, Word::CreatedRecords, merged.created, Role::Text);
    row(page, Word::ChangedRecords, merged.changed, Role::Text);
    row(page, Word::InConflict, merged.conflicted, conflicts);
    y
}

/// The conflicts around the one that is shown; a decided one bears its sign.
fn queue(settle: &Settle, page: &mut Page, (x, y): (u16, u16), cx: &Cx) {
    let (w, h) = (page.width(), page.height());
    page.text(x, y, w - x - 1, cx.say(Word::StillToSee), Role::Strong);
    let rows = usize::from((h - 2).saturating_sub(y + 2));
    let top = settle.at.saturating_sub(rows / 2);
    let top = top.min(settle.places.len().saturating_sub(rows));
    let shown = settle.places.iter().enumerate().skip(top).take(rows);
    for (y, (i, place)) in (y + 2..).zip(shown) {
        if i == settle.at {
            page.marker(x, y);
        }
        let decided = settle.decided.at(i).is_some();
        if decided {
            page.text(x + 1, y, 1, "*", Role::Accent);
        }
        let [register, title, field] = place.words(cx);
        let role = match (i == settle.at, decided) {
            (true, _) => Role::Mark,
            (_, true) => Role::Quiet,
            _ => Role::Text,
        };
        let end = page.right(w - 1, y, &field, Role::Quiet);
        let name = format!("{register} {}", title.replace("  ", " "));
        page.text(x + 3, y, end.saturating_sub(x + 5), &name, role);
    }
}
