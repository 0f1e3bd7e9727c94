//! The panel: candidates, choices, phrases, what was written last, how to type this. It stands in a fixed place, five rows
//! at the foot or at the right from 100 columns, never under the cursor: there the input method draws.

use crate::forms::{Context, Field, Kind, Lang};
use crate::text::form::FormWord;
use crate::tui::cells::{cut, width, wrap};
use crate::tui::page::{Page, Span, span};
use crate::tui::theme::Role;

use super::Form;
use super::body::{PANEL, Places};
use super::sheet::Wrong;
use super::typing::{self, Way};

/// One row of the panel. Columns count from where its text begins.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The marker stands before it.
    pub marked: bool,
    /// A sign stands before it.
    pub sign: Option<(char, Role)>,
    /// Pieces of text at their columns.
    pub pieces: Vec<(u16, Span)>,
    /// At the right edge, quiet.
    pub edge: String,
    /// Its last piece is the line that is being typed into.
    pub well: bool,
}

impl Line {
    /// A line of one piece.
    pub fn of(text: impl Into<String>, role: Role) -> Self {
        Self {
            pieces: vec![(0, span(text, role))],
            ..Self::default()
        }
    }

    /// A key or example, and what it means.
    fn how(key: &str, means: &str) -> Self {
        Self {
            pieces: vec![(0, span(key, Role::Strong)), (17, span(means, Role::Quiet))],
            ..Self::default()
        }
    }
}

/// The panel's head and rows.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// The heading and what belongs to it.
    pub head: Vec<Span>,
    /// At the right of the head.
    pub right: String,
    /// Its rows.
    pub lines: Vec<Line>,
}

/// How much room the rows have.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Cells from where text begins to the edge.
    pub width: u16,
    /// Rows.
    pub rows: u16,
    /// At the right of the page: candidates take two rows each.
    pub tall: bool,
}

impl Form {
    /// Draws the panel.
    pub(super) fn draw_panel(&self, page: &mut Page, context: &Context, wrongs: &[Wrong]) {
        let places = Places::of((page.width(), page.height()), context.lang);
        let (w, h) = (page.width(), page.height());
        let (gutter, text, first) = match places.right {
            Some(right) => (right + 2, right + 4, 5),
            None => (1, 5, places.panel),
        };
        let room = Room {
            width: (w - 1).saturating_sub(text),
            rows: if places.right.is_some() {
                h.saturating_sub(2 + first)
            } else {
                PANEL
            },
            tall: places.right.is_some(),
        };
        let panel = self.panel(room, context, wrongs);
        match places.right {
            Some(right) => {
                page.upright(right, 2, h - 2);
                let end = page.right(w - 1, places.panel, &panel.right, Role::Quiet);
                page.spans(
                    gutter,
                    places.panel,
                    end.saturating_sub(gutter + 1),
                    &panel.head,
                );
            }
            None => {
                let right: Vec<Span> = if panel.right.is_empty() {
                    vec![]
                } else {
                    vec![span(panel.right.clone(), Role::Quiet)]
                };
                page.seam(0, w, places.panel - 1, &panel.head, &right);
            }
        }
        let sign = if room.tall { gutter } else { 3 };
        for (n, line) in panel.lines.iter().take(room.rows.into()).enumerate() {
            let y = first + n as u16;
            if line.marked {
                page.marker(gutter, y);
            }
            if let Some((c, role)) = line.sign {
                page.text(sign, y, 1, &c.to_string(), role);
            }
            let end = if line.edge.is_empty() {
                w - 1
            } else {
                page.right(w - 1, y, &line.edge, Role::Quiet) - 2
            };
            for (n, (column, (piece, role))) in line.pieces.iter().enumerate() {
                let x = text + column;
                let next = line
                    .pieces
                    .get(n + 1)
                    .map_or(end, |(column, _)| (text + column - 1).min(end));
                page.text(x, y, next.saturating_sub(x), piece, *role);
            }
            if line.well {
                let x = text + line.pieces.last().map_or(0, |(column, _)| *column);
                self.draw_jump_line(page, x, y, (w - 1).saturating_sub(x).min(24));
            }
        }
    }

    /// What stands in the panel.
    fn panel(&self, room: Room, context: &Context, wrongs: &[Wrong]) -> Panel {
        if let Some(jump) = &self.jump {
            return jump.panel(self, room, context);
        }
        let field = self.sheet.field(self.at, context);
        let mut panel = Panel {
            head: vec![span(field.label.get(context.lang), Role::Strong)],
            ..Panel::default()
        };
        if self.warned {
            panel.head = vec![span(FormWord::WarningsHead.get(context.lang), Role::Strong)];
            panel.lines = wrongs
                .iter()
                .map(|wrong| {
                    let label = self
                        .sheet
                        .field(wrong.place, context)
                        .short
                        .get(context.lang);
                    let mut line = Line::of(label, Role::Strong);
                    line.sign = Some(('!', Role::Strong));
                    line.pieces
                        .push((12, span(wrong.message.get(context.lang), Role::Text)));
                    line
                })
                .collect();
            return panel;
        }
        let way = typing::way(&self.sheet, self.at, context);
        match way {
            Way::Find => self.candidates(&mut panel, room, field, context),
            Way::Choose => self.choices(&mut panel, room, context),
            Way::Text => self.texts(&mut panel, room, field, context),
            Way::Read | Way::Fixed => {
                panel.lines = wrapped(how(&field.kind, context), room.width);
            }
        }
        if way == Way::Fixed {
            panel.lines = vec![Line::of(FormWord::ReadOnly.get(context.lang), Role::Quiet)];
        }
        let hint = field.hint.get(context.lang);
        if !hint.is_empty() && panel.lines.len() < room.rows.into() {
            panel.lines.push(Line::of(hint, Role::Quiet));
        }
        let count = |warning| {
            wrongs
                .iter()
                .filter(|wrong| wrong.warning == warning)
                .count()
        };
        for (count, word, role) in [
            (count(false), FormWord::Errors, Role::Bad),
            (count(true), FormWord::Warnings, Role::Strong),
        ] {
            if count > 0 {
                panel.head.push(span("  ", Role::Quiet));
                panel
                    .head
                    .push(span(word.with(context.lang, &[&count.to_string()]), role));
            }
        }
        if room.tall && !self.about.is_empty() {
            panel.lines.push(Line::default());
            panel.lines.extend(self.about.iter().cloned());
        }
        panel
    }

    fn candidates(&self, panel: &mut Panel, room: Room, field: &Field, context: &Context) {
        let lang = context.lang;
        let found = &self.typing.found;
        let searched = self.typing.touched && !self.typing.editor.is_empty();
        let counter = match field.kind {
            Kind::Ref { to } | Kind::RefMultiple { to } if lang == Lang::Zh => {
                let register = context.registers.by_number(to);
                register.map_or("", |register| register.counter.as_str())
            }
            _ => "",
        };
        let more = if self.typing.beyond { "+" } else { "" };
        let count = format!("{}{more} {counter}", found.len());
        let count = count.trim_end();
        let info = match (searched, found.is_empty()) {
            (true, true) => FormWord::FoundNone.get(lang).to_owned(),
            (true, false) => FormWord::FoundSome.with(lang, &[count]),
            (false, true) => String::new(),
            (false, false) => FormWord::Latest.get(lang).to_owned(),
        };
        if room.tall {
            panel.right = info;
        } else {
            panel.head.push(span(format!("  {info}"), Role::Quiet));
            if !found.is_empty() {
                panel.right = FormWord::NearFirst.get(lang).into();
            }
        }
        let place = matches!(field.kind, Kind::Division);
        let fixed = usize::from(!place) + usize::from(!found.is_empty() || place);
        let each = if room.tall { 3 } else { 1 };
        let below = if room.tall { 2 + self.about.len() } else { 0 };
        let shown = ((usize::from(room.rows)).saturating_sub(fixed + below) / each).clamp(1, 8);
        let marked = self.marked();
        let first = marked
            .map_or(0, |marked| (marked + 1).saturating_sub(shown))
            .min(found.len().saturating_sub(shown));
        let seen = &found[first..found.len().min(first + shown)];
        let wide = |n: usize| {
            seen.iter()
                .filter_map(|found| found.parts.get(n))
                .map(|part| width(part))
                .max()
                .unwrap_or(0) as u16
        };
        let second = wide(0).clamp(6, 20) + 2;
        let third = (second + wide(1) + 2).min(room.width.saturating_sub(24).max(second + 12));
        for (n, found) in seen.iter().enumerate() {
            let here = marked == Some(first + n);
            let mut line = Line {
                marked: here,
                edge: found.edge.clone(),
                ..Line::default()
            };
            let mut below = Line::default();
            for (n, part) in found.parts.iter().enumerate() {
                let role = match n {
                    0 if here => Role::Mark,
                    0 | 1 => Role::Text,
                    _ => Role::Quiet,
                };
                match n {
                    0 => line.pieces.push((0, span(part, role))),
                    1 => line.pieces.push((second, span(part, role))),
                    _ if room.tall => below
                        .pieces
                        .push((second + 8 * (n as u16 - 2), span(part, role))),
                    2 => line
                        .pieces
                        .push((third, span(found.parts[2..].join("  "), role))),
                    _ => {}
                }
            }
            panel.lines.push(line);
            if room.tall {
                panel.lines.push(below);
                panel.lines.push(Line::default());
            }
        }
        if let Kind::Ref { to } | Kind::RefMultiple { to } = field.kind
            && let Some(register) = context.registers.by_number(to)
        {
            let new = FormWord::NewOf.with(lang, &[register.label.get(lang)]);
            let here = marked == Some(found.len());
            let mut line = Line {
                marked: here,
                sign: Some(('+', Role::Strong)),
                ..Line::default()
            };
            let column = width(&new) as u16 + 2;
            line.pieces
                .push((0, span(new, if here { Role::Mark } else { Role::Text })));
            line.pieces
                .push((column, span(self.asked.join("  "), Role::Quiet)));
            line.edge = "F3".into();
            panel.lines.push(line);
        }
        if panel.lines.len() < room.rows.into() {
            let word = if place {
                FormWord::CanTypePlace
            } else {
                FormWord::CanType
            };
            if room.tall {
                panel.lines.push(Line::default());
            }
            panel.lines.push(Line::of(word.get(lang), Role::Quiet));
        }
    }

    fn choices(&self, panel: &mut Panel, room: Room, context: &Context) {
        let choices = typing::choices(&self.sheet, self.at, context);
        let chosen = self.chosen_codes();
        // What cannot be chosen now stands behind the others, quiet, with its reason.
        let words: Vec<String> = choices
            .iter()
            .map(|choice| match &choice.why_not {
                Some(why) => format!("{}  {why}", choice.words),
                None => choice.words.clone(),
            })
            .collect();
        let digits = choices
            .first()
            .map_or(1, |choice| choice.digits.len().max(1)) as u16;
        let widest = words.iter().map(|words| width(words)).max().unwrap_or(0) as u16 + digits + 1;
        // A column also holds the mark of what is chosen.
        let column = widest + 4;
        let rows = if room.tall {
            room.rows
                .saturating_sub(self.about.len() as u16 + 2)
                .max(PANEL)
        } else {
            room.rows
        };
        let columns = (room.width / column).clamp(1, 6);
        let page = usize::from(rows * columns);
        let marked = if self.typing.moved {
            Some(self.typing.marked)
        } else {
            None
        };
        let first = marked.map_or(self.typing.marked / page * page, |marked| {
            marked / page * page
        });
        let seen = &choices[first.min(choices.len())..choices.len().min(first + page)];
        let rows = if room.tall && seen.len() <= usize::from(rows) {
            seen.len()
        } else {
            rows.into()
        };
        if choices.len() > page {
            panel.right = format!(
                "{}-{} / {}  PgDn",
                first + 1,
                first + seen.len(),
                choices.len()
            );
        }
        let mut lines = vec![Line::default(); rows.min(seen.len())];
        for (n, choice) in seen.iter().enumerate() {
            let (row, at) = (n % rows, (n / rows) as u16 * column);
            let here = marked == Some(first + n);
            let taken = chosen.contains(&choice.code);
            let role = match (here, taken) {
                (true, _) => Role::Mark,
                (_, true) => Role::Strong,
                _ if choice.why_not.is_some() => Role::Quiet,
                _ => Role::Text,
            };
            let star = if taken { "*" } else { "" };
            lines[row]
                .pieces
                .push((at, span(choice.digits.clone(), Role::Mark)));
            let text = cut(
                &format!("{}{star}", words[first + n]),
                (column - digits - 2).into(),
            );
            lines[row].pieces.push((at + digits + 1, span(text, role)));
            if here && at == 0 {
                lines[row].marked = true;
            }
        }
        panel.lines = lines;
    }

    fn texts(&self, panel: &mut Panel, room: Room, field: &Field, context: &Context) {
        if let Some((when, text)) = &self.last {
            let info = FormWord::LastTime.with(context.lang, &[when]);
            panel.head.push(span(format!("  {info}"), Role::Quiet));
            if !text.is_empty() {
                panel
                    .lines
                    .push(Line::of(cut(text, room.width.into()), Role::Quiet));
            }
        }
        let phrases = self.phrases(context);
        if !phrases.is_empty() && self.typing.editor.is_empty() {
            let columns = if room.tall { 1 } else { 2 };
            let rows = phrases.len().div_ceil(columns);
            let column = room.width / columns as u16;
            for row in 0..rows {
                let mut line = Line::default();
                for (n, phrase) in phrases.iter().enumerate().filter(|(n, _)| n % rows == row) {
                    let at = (n / rows) as u16 * column.min(34);
                    line.pieces
                        .push((at, span((n + 1).to_string(), Role::Mark)));
                    line.pieces.push((at + 2, span(phrase.clone(), Role::Text)));
                }
                panel.lines.push(line);
            }
            return;
        }
        let Kind::Text { lines, max, .. } = field.kind else {
            return;
        };
        let mut words = vec![FormWord::Sentence.get(context.lang).to_owned()];
        if lines > 1 {
            words.push(FormWord::Lines.with(context.lang, &[&lines.to_string()]));
        }
        if let Some(max) = max {
            words.push(FormWord::AtMost.with(context.lang, &[&max.to_string()]));
        }
        panel.lines.push(Line::of(words.join("  "), Role::Quiet));
    }
}

/// Lines whose last piece goes on in further lines where it does not fit.
fn wrapped(lines: Vec<Line>, room: u16) -> Vec<Line> {
    let mut out = Vec::new();
    for mut line in lines {
        let Some((column, (text, role))) = line.pieces.pop() else {
            out.push(line);
            continue;
        };
        for piece in wrap(&text, room.saturating_sub(column).into()) {
            line.pieces.push((column, span(piece, role)));
            out.push(std::mem::take(&mut line));
        }
    }
    out
}

/// How a type is typed.
fn how(kind: &Kind, context: &Context) -> Vec<Line> {
    let lang = context.lang;
    let pair = |key: FormWord, means: FormWord| Line::how(key.get(lang), means.get(lang));
    let one = |word: FormWord| vec![Line::of(word.get(lang), Role::Quiet)];
    match kind {
        Kind::Date { .. } => vec![
            pair(FormWord::DateStep, FormWord::DateStepHow),
            pair(FormWord::DateDigits, FormWord::DateDigitsHow),
            pair(FormWord::DateWords, FormWord::DateWordsHow),
        ],
        Kind::YearMonth => vec![pair(FormWord::MonthDigits, FormWord::MonthDigitsHow)],
        Kind::Time => vec![pair(FormWord::TimeDigits, FormWord::TimeDigitsHow)],
        Kind::Datetime => vec![pair(FormWord::MomentDigits, FormWord::MomentDigitsHow)],
        Kind::Integer { .. } => one(FormWord::NumberHow),
        Kind::Money { .. } => vec![pair(FormWord::MoneyDigits, FormWord::MoneyDigitsHow)],
        Kind::Decimal { scale } => {
            vec![Line::of(
                FormWord::DecimalHow.with(lang, &[&scale.to_string()]),
                Role::Quiet,
            )]
        }
        Kind::Phone { mobile: true } => one(FormWord::MobileHow),
        Kind::Phone { mobile: false } => one(FormWord::PhoneHow),
        Kind::ResidentId => one(FormWord::IdHow),
        Kind::CreditCode => one(FormWord::CreditHow),
        _ => Vec::new(),
    }
}
