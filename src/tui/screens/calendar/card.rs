//! The card of a record: the fields that its register puts on it, each in one line, and the names under it. Read once, when
//! the screen is shown.

use crate::forms::grid::Calendar;
use crate::forms::{Content, Contents, Field, Kind, Lang, Register};
use crate::record::{Record, Tag};
use crate::text::Word;
use crate::tui::page::{Span, span};
use crate::tui::screen::Cx;
use crate::tui::screens::form;
use crate::tui::show;
use crate::tui::theme::Role;

/// A line of the card.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: Vec<Span>,
}

/// What the last line was made of: like stands beside like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    Number,
    Chosen { have: usize, of: usize },
    Other,
}

/// Cells for a label.
const LABEL: u16 = 8;

/// The lines of the card.
pub fn card(
    cx: &Cx,
    register: &Register,
    calendar: &Calendar,
    (record, contents): (&Record, &Contents),
    revealed: bool,
) -> Vec<Line> {
    let torn = record.conflicts();
    let mut lines: Vec<(Line, Made)> = Vec::new();
    for field in calendar.card.iter().filter_map(|tag| register.by_tag(*tag)) {
        let content = contents.get(&field.tag).unwrap_or(&Content::Empty);
        add(cx, &mut lines, field, content, revealed);
        if torn.contains(&field.tag)
            && let Some((line, _)) = lines.last_mut()
        {
            line.value.push(span("  ?", Role::Bad));
        }
    }
    lines.into_iter().map(|(line, _)| line).collect()
}

fn add(cx: &Cx, lines: &mut Vec<(Line, Made)>, field: &Field, content: &Content, revealed: bool) {
    let label = match cx.lang {
        // Of a compound its last characters name it.
        Lang::Zh => show::heading(field, cx.lang, LABEL - 2),
        Lang::En => show::heading(field, cx.lang, LABEL),
    };
    let new = |label, value, role| Line {
        label,
        value: vec![span(value, role)],
    };
    match (&field.kind, content) {
        (Kind::SelectMultiple(list), content) => {
            let have = match content {
                Content::Many(chosen) => chosen.len(),
                _ => 0,
            };
            let of = list.offered().count();
            match lines.last_mut() {
                Some((line, Made::Chosen { have: h, of: o })) => {
                    (*h, *o) = (*h + have, *o + of);
                    if cx.lang == Lang::En {
                        line.label.push(' ');
                    }
                    line.label.push_str(&label);
                    line.value = all_there(cx, *h, *o);
                }
                _ => {
                    let value = all_there(cx, have, of);
                    lines.push((Line { label, value }, Made::Chosen { have, of }));
                }
            }
        }
        (_, Content::Empty) => {}
        (Kind::YesNo, Content::One(value)) => {
            if let (Some(true), Some((line, _))) = (value.as_bool(), lines.last_mut()) {
                let words = format!("  {}", field.short.get(cx.lang));
                line.value.push(span(words, Role::Quiet));
            }
        }
        (Kind::Integer { .. }, content) => {
            let value = form::show::value(field, content, revealed, &show::context(cx));
            match lines.last_mut() {
                Some((line, Made::Number)) => {
                    line.value.push(span(format!("  {label} "), Role::Quiet));
                    line.value.push(span(value, Role::Text));
                }
                _ => lines.push((new(label, value, Role::Text), Made::Number)),
            }
        }
        (Kind::Date { .. } | Kind::Ref { .. } | Kind::Division, content) => {
            let contents = Contents::from([(field.tag, content.clone())]);
            let value = show::cell(cx, field, &contents, 40);
            lines.push((new(label, value, Role::Text), Made::Other));
        }
        (_, content) => {
            let value = form::show::value(field, content, revealed, &show::context(cx));
            let role = match field.mask {
                Some(_) if !revealed => Role::Quiet,
                _ => Role::Text,
            };
            lines.push((new(label, value, role), Made::Other));
        }
    }
}

/// `9 / 9  齐`.
fn all_there(cx: &Cx, have: usize, of: usize) -> Vec<Span> {
    let (words, role) = if have >= of {
        (cx.say(Word::AllThere).to_owned(), Role::Text)
    } else {
        let missing = (of - have).to_string();
        (Word::SomeMissing.with(cx.lang, &[&missing]), Role::Strong)
    };
    vec![
        span(format!("{have} / {of}  "), Role::Text),
        span(words, role),
    ]
}

/// The names under the card, each with what is said of it.
pub fn people(contents: &Contents, tag: Tag) -> Vec<(String, String)> {
    let text = contents.get(&tag).and_then(Content::value);
    let text = text.and_then(|value| value.as_text()).unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let between = |c: char| c.is_whitespace() || "、，,：:；;".contains(c);
    lines
        .map(|line| match line.split_once(between) {
            Some((name, does)) => (name.to_owned(), does.trim_matches(between).to_owned()),
            None => (line.to_owned(), String::new()),
        })
        .collect()
}

/// What stands at the right of the path: the state, and what was found of it where all of that is known.
pub fn states(
    cx: &Cx,
    register: &Register,
    calendar: &Calendar,
    contents: &Contents,
) -> Vec<Vec<Span>> {
    let word = |tag: &Tag| {
        let field = register.by_tag(*tag)?;
        let content = contents.get(tag)?;
        Some(field.show_short(content, &show::context(cx)))
    };
    let state = register.lifecycle.as_ref().and_then(word);
    let rated: Option<Vec<String>> = calendar.rated.iter().map(word).collect();
    let rated = rated.filter(|words| !words.is_empty());
    let state = state.map(|word| vec![span(word, Role::Strong)]);
    let rated = rated.map(|words| vec![span(words.join(" "), Role::Accent)]);
    state.into_iter().chain(rated).collect()
}
