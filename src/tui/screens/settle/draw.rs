//! Where things stand on the desk where a conflict is settled.

use super::{Settle, Side};
use crate::text::Word;
use crate::tui::cells::wrap;
use crate::tui::page::{Page, span};
use crate::tui::screen::Cx;
use crate::tui::theme::Role;

/// Where labels stand.
const LABEL: u16 = 5;

pub fn draw(settle: &Settle, page: &mut Page, cx: &Cx) {
    let (w, h) = (page.width(), page.height());
    let Some(case) = &settle.case else {
        page.text(
            LABEL,
            3,
            w - LABEL - 1,
            cx.say(Word::NoConflicts),
            Role::Quiet,
        );
        return;
    };
    let value = if cx.lang == crate::forms::Lang::Zh {
        15
    } else {
        21
    };
    page.text(LABEL, 3, value - LABEL - 2, &case.register, Role::Quiet);
    page.text(value, 3, w - value - 1, &case.title, Role::Strong);
    page.text(3, 4, 1, "?", Role::Bad);
    page.text(LABEL, 4, value - LABEL - 1, &case.field, Role::Mark);
    page.text(
        value,
        4,
        w - value - 1,
        cx.say(Word::BothChanged),
        Role::Quiet,
    );
    let mut y = 6;
    if let Some(before) = &case.before {
        page.text(
            LABEL,
            y,
            value - LABEL - 2,
            cx.say(Word::Before),
            Role::Quiet,
        );
        let when = format!("{} {}", before.when, before.who);
        let end = page.right(w - 1, y, &when, Role::Quiet);
        page.text(
            value,
            y,
            end.saturating_sub(value + 2),
            &before.words,
            Role::Quiet,
        );
        y += 1;
    }
    for (i, side) in case.sides.iter().enumerate() {
        if y + 6 >= h {
            break;
        }
        y = draw_side(side, i, settle, page, y, value);
    }
    if let Some(line) = &settle.writing {
        page.text(
            LABEL,
            y,
            value - LABEL - 1,
            cx.say(Word::AnotherValue),
            Role::Mark,
        );
        line.draw(page, value, y, 40.min(w - value - 1));
        y += 1;
    }
    y += 1;
    if y >= h - 3 {
        return;
    }
    page.seam(
        0,
        w,
        y,
        &[span(cx.say(Word::OtherFields), Role::Quiet)],
        &[span(cx.say(Word::AgreeBelow), Role::Quiet)],
    );
    // Below the agreeing fields: a blank row, what follows, what is next, a blank row, the seam.
    let end = h.saturating_sub(6);
    for (label, words) in &case.others {
        y += 1;
        if y >= end {
            break;
        }
        page.text(LABEL, y, value - LABEL - 2, label, Role::Quiet);
        page.text(
            value,
            y,
            w - value - 1,
            &words.replace('\n', " "),
            Role::Quiet,
        );
    }
    y = (y + 2).min(h - 4);
    page.text(
        LABEL,
        y,
        value - LABEL - 2,
        cx.say(Word::AfterSettling),
        Role::Quiet,
    );
    page.text(
        value,
        y,
        w - value - 1,
        cx.say(Word::AfterSettlingHow),
        Role::Quiet,
    );
    if settle.places.len() > 1 {
        let next = &settle.places[(settle.at + 1) % settle.places.len()];
        let register = cx.reader.registers().by_number(next.register);
        let field = register.and_then(|register| register.by_tag(next.tag));
        let field = field.map_or_else(
            || cx.say(Word::RecordItself).to_string(),
            |field| field.label.get(cx.lang).into(),
        );
        let name = crate::tui::show::register_name(cx, next.register);
        let title = crate::tui::show::title(cx, next.register, next.id);
        page.text(
            LABEL,
            y + 1,
            value - LABEL - 2,
            cx.say(Word::NextOne),
            Role::Quiet,
        );
        page.text(
            value,
            y + 1,
            w - value - 1,
            &format!("{name}  {title}  {field}"),
            Role::Quiet,
        );
    }
}

fn draw_side(
    side: &Side,
    place: usize,
    settle: &Settle,
    page: &mut Page,
    y: u16,
    value: u16,
) -> u16 {
    let w = page.width();
    let marked = place == settle.side && settle.writing.is_none();
    if marked {
        page.marker(1, y);
        page.put_caret(1, y);
    }
    page.text(3, y, 1, &(place + 1).to_string(), Role::Mark);
    page.text(
        5,
        y,
        value - 7,
        &side.who,
        if marked { Role::Strong } else { Role::Text },
    );
    let end = page.right(w - 1, y, &side.when, Role::Quiet);
    let role = if marked { Role::Mark } else { Role::Strong };
    let mut y = y;
    for line in wrap(&side.words, end.saturating_sub(value + 2).into())
        .iter()
        .take(4)
    {
        page.text(value, y, end.saturating_sub(value + 2), line, role);
        y += 1;
    }
    y
}
