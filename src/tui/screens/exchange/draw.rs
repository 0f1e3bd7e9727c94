//! Where things stand on the screen of batches.

use super::{Exchange, Ready, Row};
use crate::text::Word;
use crate::tui::cells::{cut, width};
use crate::tui::effect::Counts;
use crate::tui::page::{Page, Span, span};
use crate::tui::reader::Handed;
use crate::tui::screen::Cx;
use crate::tui::show;
use crate::tui::theme::Role;

/// Where labels and values stand.
const LABEL: u16 = 5;
const VALUE: u16 = 17;
/// The first row of the body, and the rows of the seam and the hints.
const HEAD: u16 = 3;
const FOOT: u16 = 2;

/// One line of the body.
enum Line {
    Blank,
    Heading(Word),
    Row(usize, Row),
    Handed(usize),
    Empty,
}

fn lines(exchange: &Exchange) -> Vec<Line> {
    let mut lines = vec![Line::Heading(Word::HandOver)];
    let rows = exchange.rows();
    for (place, row) in rows.iter().enumerate() {
        match row {
            Row::Batch(0) => lines.extend([Line::Blank, Line::Heading(Word::Inbox)]),
            Row::Conflicts => lines.extend([Line::Blank, Line::Heading(Word::Conflicts)]),
            _ => {}
        }
        lines.push(Line::Row(place, *row));
        if *row == Row::Hand {
            lines.extend((0..exchange.handed.len()).map(Line::Handed));
            if exchange.state.batches.is_empty() {
                lines.extend([Line::Blank, Line::Heading(Word::Inbox), Line::Empty]);
            }
        }
    }
    lines
}

pub fn draw(exchange: &Exchange, page: &mut Page, cx: &Cx) {
    let (w, h) = (page.width(), page.height());
    let below = below(exchange, cx);
    let foot = if below.is_empty() {
        0
    } else {
        1 + below.len() as u16
    };
    let room = usize::from((h - FOOT - HEAD).saturating_sub(foot).max(4));
    let lines = lines(exchange);
    let here = lines
        .iter()
        .position(|line| matches!(line, Line::Row(place, _) if *place == exchange.at));
    // The marked row is seen, with a row below it where there is one.
    let top = (here.unwrap_or(0) + 2)
        .min(lines.len())
        .saturating_sub(room);
    let mut y = HEAD;
    for line in lines.iter().skip(top).take(room) {
        match line {
            Line::Blank => {}
            Line::Heading(word) => {
                page.text(1, y, w - 2, cx.say(*word), Role::Strong);
            }
            Line::Row(place, row) => {
                let marked = *place == exchange.at;
                if marked {
                    page.marker(1, y);
                    if exchange.working.is_none() {
                        page.put_caret(1, y);
                    }
                }
                draw_row(exchange, *row, marked, y, page, cx);
            }
            Line::Handed(i) => draw_handed(&exchange.handed[*i], y, page, cx),
            Line::Empty => {
                let inbox = exchange.state.inbox.display().to_string();
                let none = Word::InboxEmpty.with(cx.lang, &[&inbox]);
                page.text(LABEL, y, w - LABEL - 1, &none, Role::Quiet);
            }
        }
        y += 1;
    }
    if !below.is_empty() {
        let mut y = y.min(h - FOOT - foot);
        page.rule(0, w, y);
        for spans in &below {
            y += 1;
            page.spans(LABEL, y, w - LABEL - 1, spans);
        }
    }
}

/// A batch that was handed over: number, day, for whom, how much, and what became of it.
fn draw_handed(handed: &Handed, y: u16, page: &mut Page, cx: &Cx) {
    let w = page.width();
    let number = Word::BatchNumber.with(cx.lang, &[&handed.number.to_string()]);
    page.text(LABEL, y, 10, &number, Role::Quiet);
    page.text(VALUE, y, 10, &show::day(handed.at, cx.now), Role::Quiet);
    page.text(
        29,
        y,
        8,
        handed.to.as_deref().unwrap_or_default(),
        Role::Quiet,
    );
    let count = Word::Changes.with(cx.lang, &[&show::number(handed.changes)]);
    page.right(54, y, &count, Role::Quiet);
    let (state, role) = show::batch_state(cx, handed);
    page.text(56, y, w - 57, &state, role);
}

/// What a merge did, or would do, to the records of a register, or of all.
fn counts(label: &str, counts: &Counts, cx: &Cx) -> Vec<Span> {
    let mut spans = Vec::new();
    let room = usize::from(VALUE - LABEL);
    let label = cut(label, room - 2);
    let pad = " ".repeat(room.saturating_sub(width(&label)));
    spans.push(span(format!("{label}{pad}"), Role::Quiet));
    let torn = if counts.conflicted > 0 {
        Role::Bad
    } else {
        Role::Text
    };
    for (word, n, role) in [
        (Word::CreatedRecords, counts.created, Role::Text),
        (Word::ChangedRecords, counts.changed, Role::Text),
        (Word::InConflict, counts.conflicted, torn),
    ] {
        spans.push(span(format!("{} ", cx.say(word)), Role::Quiet));
        let number = show::number(n);
        let pad = " ".repeat(9usize.saturating_sub(number.len()));
        spans.push(span(number, role));
        spans.push(span(pad, Role::Quiet));
    }
    spans
}

/// What stands under the rows: the question before Enter, or what became of it.
fn below(exchange: &Exchange, cx: &Cx) -> Vec<Vec<Span>> {
    let pair = |label: Word, value: String, role: Role| {
        let label = cx.say(label);
        let pad =
            " ".repeat(usize::from(VALUE - LABEL).saturating_sub(crate::tui::cells::width(label)));
        vec![
            span(format!("{label}{pad}"), Role::Quiet),
            span(value, role),
        ]
    };
    if let Some((done, of)) = exchange.working {
        let progress = if of > 0 {
            format!("{} / {}", show::number(done), show::number(of))
        } else {
            String::new()
        };
        return vec![vec![
            span(cx.say(Word::Working), Role::Strong),
            span(format!("  {progress}"), Role::Quiet),
        ]];
    }
    if exchange.ready == Ready::Export {
        return vec![
            pair(Word::HandTo, receiver(exchange, cx), Role::Text),
            pair(Word::Amount, amount(exchange, cx), Role::Text),
            pair(
                Word::SignedBy,
                exchange.state.fingerprint.clone(),
                Role::Quiet,
            ),
            vec![span(cx.say(Word::EnterHands), Role::Strong)],
        ];
    }
    if let Some(batch) = &exchange.exported {
        return vec![
            vec![span(cx.say(Word::HandedOver), Role::Strong)],
            pair(Word::File, batch.path.display().to_string(), Role::Text),
            pair(
                Word::Amount,
                Word::Changes.with(cx.lang, &[&show::number(batch.changes)]),
                Role::Text,
            ),
            pair(Word::Size, size(batch.size), Role::Text),
            pair(Word::SignedBy, batch.fingerprint.clone(), Role::Quiet),
        ];
    }
    let Some(merged) = &exchange.merged else {
        return Vec::new();
    };
    let n = show::number;
    let heading = if merged.rehearsal {
        Word::WouldMerge
    } else {
        Word::DidMerge
    };
    let balanced = merged.adds_up();
    let mut out = vec![
        vec![
            span(cx.say(heading), Role::Strong),
            span(
                format!("  {}", Word::Batches.with(cx.lang, &[&n(merged.files)])),
                Role::Quiet,
            ),
        ],
        vec![
            span(merged.sum(cx.lang), Role::Strong),
            span(
                format!(
                    "  {}",
                    cx.say(if balanced {
                        Word::Balanced
                    } else {
                        Word::NotBalanced
                    })
                ),
                if balanced { Role::Quiet } else { Role::Bad },
            ),
        ],
    ];
    let total = Counts {
        register: 0,
        created: merged.created,
        changed: merged.changed,
        conflicted: merged.conflicted,
    };
    for of in &merged.registers {
        let name = show::register_name(cx, of.register);
        out.push(counts(&name, of, cx));
    }
    if merged.registers.len() != 1 {
        out.push(counts(cx.say(Word::AllRegisters), &total, cx));
    }
    out.extend(
        merged
            .notes
            .iter()
            .map(|note| vec![span(note.clone(), Role::Strong)]),
    );
    if merged.rehearsal {
        out.push(vec![span(cx.say(Word::EnterMerges), Role::Strong)]);
    }
    out
}

/// Whom the batch is for: her name and unit in words.
fn receiver(exchange: &Exchange, cx: &Cx) -> String {
    let Some(who) = &exchange.state.hand_to else {
        return cx.say(Word::NoReceiver).into();
    };
    match who.split_once('@') {
        Some((name, unit)) => {
            let divisions = cx.reader.registers().divisions();
            format!("{name}  {}", divisions.place(unit))
        }
        None => who.clone(),
    }
}

/// How much would be handed over: to nobody in particular, everything.
fn amount(exchange: &Exchange, cx: &Cx) -> String {
    match exchange.state.hand_to {
        Some(_) => Word::Changes.with(cx.lang, &[&show::number(exchange.state.owed)]),
        None => cx.say(Word::EveryChange).into(),
    }
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{} B", show::number(bytes)),
        10_000..10_000_000 => format!("{} KB", show::number(bytes / 1000)),
        _ => format!("{} MB", show::number(bytes / 1_000_000)),
    }
}

fn draw_row(exchange: &Exchange, row: Row, marked: bool, y: u16, page: &mut Page, cx: &Cx) {
    let w = page.width();
    let role = if marked { Role::Mark } else { Role::Text };
    match row {
        Row::Hand => {
            let count = amount(exchange, cx);
            let x = page.text(LABEL, y, w - LABEL - 1, &count, role) + 2;
            let whom = receiver(exchange, cx);
            let whom = match exchange.state.hand_to {
                Some(_) => Word::ToWhom.with(cx.lang, &[&whom]),
                None => whom,
            };
            page.text(x, y, w.saturating_sub(x + 1), &whom, Role::Quiet);
        }
        Row::Batch(i) => {
            let batch = &exchange.state.batches[i];
            let sign = if exchange.marked[i] {
                "*"
            } else if batch.waits.is_some() {
                " "
            } else {
                "+"
            };
            page.text(3, y, 1, sign, Role::Accent);
            page.text(LABEL, y, 18, &batch.from, role);
            let count = Word::Changes.with(cx.lang, &[&show::number(batch.changes)]);
            page.right(36, y, &count, Role::Text);
            let name = batch
                .path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            match &batch.waits {
                Some(why) => page.text(38, y, w - 39, why, Role::Strong),
                None => page.text(
                    38,
                    y,
                    w - 39,
                    &format!("{}  {name}", size(batch.size)),
                    Role::Quiet,
                ),
            };
        }
        Row::Conflicts => {
            page.text(3, y, 1, "?", Role::Bad);
            page.text(
                LABEL,
                y,
                w - LABEL - 1,
                &Word::Places.with(cx.lang, &[&exchange.conflicts.to_string()]),
                role,
            );
        }
    }
}
