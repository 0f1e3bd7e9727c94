//! The detail of a record: who, its fields, its rows, and its history.

use crate::forms::{Content, Kind, Register, UNIT};
use crate::record::RecordId;
use crate::text::Word;
use crate::tui::action::Action;
use crate::tui::cells::{cut, width, wrap};
use crate::tui::page::{Page, Span, span};
use crate::tui::screen::Cx;
use crate::tui::show;
use crate::tui::theme::Role;

/// How many members are named at most.
const MEMBERS: usize = 6;

/// The registers whose records belong to one of `to`: they are found by it, are no rows of it, and are no log of days, where
/// the newest comes first.
fn members<'a>(cx: &Cx<'a>, to: &Register) -> Vec<&'a Register> {
    let rows = |of: u32| {
        let mut fields = to.fields.iter();
        fields.any(|field| matches!(field.kind, Kind::Rows { of: rows, .. } if rows == of))
    };
    let all = cx.reader.registers().all().iter();
    all.filter(|of| {
        let mut searched = of.searched();
        !rows(of.number)
            && of.sort.is_some_and(|(_, down)| !down)
            && searched.any(|field| field.kind == Kind::Ref { to: to.number })
    })
    .collect()
}

/// What is shown of a record, read once.
pub struct Detail {
    /// The parts of its title.
    title: Vec<String>,
    lines: Vec<Entry>,
    scroll: usize,
}

/// One entry under the title.
enum Entry {
    /// A label and its value.
    Field {
        label: String,
        value: String,
        sign: bool,
        quiet: bool,
    },
    /// A heading after a blank row.
    Heading(String),
    /// A step of the history.
    Step(show::Step),
}

impl Detail {
    /// The detail of a record, if it is there.
    pub fn of(cx: &Cx, register: u32, id: RecordId) -> Option<Self> {
        let definition = cx.reader.registers().by_number(register)?;
        let record = cx.reader.record(register, id)?;
        let contents = cx.reader.lookup().contents(register, id)?;
        let mut lines = Vec::new();
        let conflicts = record.conflicts();
        let mut changes = cx.reader.changes(register, id);
        let room = label_room(cx);
        for field in &definition.fields {
            let label = show::label(field, cx.lang, room);
            if let Kind::Rows { of, .. } = field.kind {
                for row in cx.reader.referring((register, id), of) {
                    let sign = cx
                        .reader
                        .record(of, row)
                        .is_some_and(|row| !row.conflicts().is_empty());
                    let value = row_line(cx, of, row);
                    lines.push(Entry::Field {
                        label: label.clone(),
                        value,
                        sign,
                        quiet: false,
                    });
                }
                continue;
            }
            if field.envelope && field.tag != UNIT && !matches!(field.kind, Kind::Text { .. }) {
                continue;
            }
            let content = contents.get(&field.tag).unwrap_or(&Content::Empty);
            if conflicts.contains(&field.tag) {
                for (element, state) in record
                    .elements(field.tag)
                    .filter(|(_, state)| state.in_conflict())
                {
                    for sibling in state.siblings() {
                        let value = show::stored(cx, Some(field), element, &sibling.value);
                        lines.push(Entry::Field {
                            label: label.clone(),
                            value,
                            sign: true,
                            quiet: false,
                        });
                    }
                }
            } else if !content.is_empty() {
                let value = show::value(cx, field, content);
                lines.push(Entry::Field {
                    label,
                    value,
                    sign: false,
                    quiet: field.mask.is_some(),
                });
            }
        }
        for of in members(cx, definition) {
            let members = cx.reader.referring((register, id), of.number);
            if members.is_empty() {
                continue;
            }
            let heading = format!("{}  {}", of.label.get(cx.lang), members.len());
            lines.push(Entry::Heading(heading));
            lines.extend(members.iter().take(MEMBERS).map(|member| Entry::Field {
                label: String::new(),
                value: show::title(cx, of.number, *member),
                sign: false,
                quiet: false,
            }));
        }
        lines.push(Entry::Heading(cx.say(Word::History).into()));
        changes.retain(|change| change.register == register);
        lines.extend(
            show::history(cx, definition, &changes)
                .into_iter()
                .map(Entry::Step),
        );
        let title = definition.title(&contents, &show::context(cx));
        let title = title
            .split("  ")
            .filter(|part| !part.trim().is_empty())
            .map(|part| part.trim().to_string());
        Some(Self {
            title: title.collect(),
            lines,
            scroll: 0,
        })
    }

    /// Moves what is shown.
    pub fn scroll(&mut self, action: Action, cx: &Cx) {
        let page = usize::from(cx.size.1.saturating_sub(8)).max(1);
        let last = self.lines.len().saturating_sub(1);
        self.scroll = match action {
            Action::Up => self.scroll.saturating_sub(1),
            Action::Down => (self.scroll + 1).min(last),
            Action::PageUp => self.scroll.saturating_sub(page),
            _ => (self.scroll + page).min(last),
        };
    }

    /// Draws it from a place on, `room` cells wide, down to before row `end`. `focused`: the keys go here.
    pub fn draw(
        &self,
        page: &mut Page,
        cx: &Cx,
        (x, y): (u16, u16),
        (room, end): (u16, u16),
        focused: bool,
    ) {
        let tab = if focused { Word::TabBack } else { Word::TabIn };
        let hint = cx.say(tab);
        let edge = page.right(x + room, y, hint, Role::Quiet);
        let mut spans: Vec<Span> = Vec::new();
        for (i, part) in self.title.iter().enumerate() {
            if i > 0 {
                spans.push(span("  ", Role::Quiet));
            }
            let first = if focused { Role::Mark } else { Role::Strong };
            spans.push(span(part.clone(), if i == 0 { first } else { Role::Quiet }));
        }
        page.spans(x, y, edge.saturating_sub(x + 1), &spans);
        let labels = label_room(cx) as u16 + 2;
        let mut at = y + 2;
        let mut before = "";
        for entry in self.lines.iter().skip(self.scroll) {
            if at >= end {
                return;
            }
            match entry {
                Entry::Field {
                    label,
                    value,
                    sign,
                    quiet,
                } => {
                    if label != before {
                        page.text(x, at, labels - 2, label, Role::Quiet);
                    }
                    before = label;
                    if *sign {
                        page.text(x + labels - 2, at, 1, "?", Role::Bad);
                    }
                    let role = match (sign, quiet) {
                        (true, _) => Role::Strong,
                        (_, true) => Role::Quiet,
                        _ => Role::Text,
                    };
                    for line in wrap(value, room.saturating_sub(labels).into()) {
                        if at >= end {
                            return;
                        }
                        page.text(x + labels, at, room.saturating_sub(labels), &line, role);
                        at += 1;
                    }
                }
                Entry::Heading(words) => {
                    page.text(x, at + 1, room, words, Role::Strong);
                    at += 2;
                }
                Entry::Step(step) => {
                    let head = format!("{} {}", show::day(step.at, cx.now), step.who);
                    let spans = [
                        span(format!("{head}  "), Role::Quiet),
                        span(step.what.clone(), Role::Text),
                        span(format!("  {}", step.how.replace('\n', " ")), Role::Quiet),
                    ];
                    // Cut as a whole, so that one `~` says so.
                    let used: usize = spans.iter().map(|(text, _)| width(text)).sum();
                    if used > room.into() {
                        let how = usize::from(room)
                            .saturating_sub(width(&spans[0].0) + width(&spans[1].0));
                        let cut = cut(&spans[2].0, how);
                        page.spans(
                            x,
                            at,
                            room,
                            &[spans[0].clone(), spans[1].clone(), span(cut, Role::Quiet)],
                        );
                    } else {
                        page.spans(x, at, room, &spans);
                    }
                    at += 1;
                }
            }
        }
    }
}

/// Cells for labels: at most eight, in English a few more.
fn label_room(cx: &Cx) -> usize {
    match cx.lang {
        crate::forms::Lang::Zh => 8,
        crate::forms::Lang::En => 12,
    }
}

/// A row of another register in one line: its line without what it shares with its parent is left to the register data.
fn row_line(cx: &Cx, register: u32, id: RecordId) -> String {
    let Some(definition) = cx.reader.registers().by_number(register) else {
        return String::new();
    };
    let contents = cx
        .reader
        .lookup()
        .contents(register, id)
        .unwrap_or_default();
    let choices: Vec<String> = definition
        .fields
        .iter()
        .filter(|field| field.open && matches!(field.kind, Kind::SelectOne(_)))
        .filter_map(|field| {
            contents
                .get(&field.tag)
                .map(|content| show::value(cx, field, content))
        })
        .take(3)
        .collect();
    if choices.is_empty() {
        definition.title(&contents, &show::context(cx))
    } else {
        choices.join("  ")
    }
}
