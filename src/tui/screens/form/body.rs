//! The fields on the page: label, value, reason at the edge, what is wrong under it; the one under the hand with its well
//! and the cursor. Blank rows go first when the page is short, then it scrolls; the panel never moves.

use crate::forms::{Context, Kind, Lang};
use crate::text::form::FormWord;
use crate::tui::cells::{self, width};
use crate::tui::page::Page;
use crate::tui::theme::Role;

use super::Form;
use super::sheet::{Place, Wrong};
use super::show;
use super::typing::{self, Way};

/// Columns of the gutter: marker, sign, text.
const MARKER: u16 = 1;
const SIGN: u16 = 3;
const LABEL: u16 = 5;

/// The widest that a well gets.
const WELL: u16 = 47;

/// Rows of the panel at the foot.
pub const PANEL: u16 = 5;

/// Where things stand on a page of this size.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Places {
    /// The panel stands at the right, behind this column; else at the foot.
    pub right: Option<u16>,
    /// Where values begin.
    pub value: u16,
    /// The fields end before this column.
    pub end: u16,
    /// The fields end before this row.
    pub foot: u16,
    /// The panel's first row; at the foot its seam is the row above.
    pub panel: u16,
}

impl Places {
    /// For a window and a language.
    pub fn of((w, h): (u16, u16), lang: Lang) -> Self {
        let value = if lang == Lang::Zh { 17 } else { 21 };
        if w >= 100 {
            let right = (w * 37 / 60).max(60);
            Self {
                right: Some(right),
                value,
                end: right - 1,
                foot: h - 2,
                panel: 3,
            }
        } else {
            Self {
                right: None,
                value,
                end: w - 1,
                foot: h - 3 - PANEL,
                panel: h - 2 - PANEL,
            }
        }
    }

    /// How wide a well is: a reason always has room beside it.
    pub fn well(&self) -> u16 {
        self.end.saturating_sub(self.value + 12).clamp(10, WELL)
    }
}

/// One field as it is drawn.
struct Row {
    place: Option<Place>,
    sign: Option<(char, Role)>,
    label: (String, Role),
    lines: Vec<String>,
    role: Role,
    edge: (String, Role),
    under: Vec<(String, Role)>,
    caret: Option<(u16, u16)>,
    /// The optional field beside it, in the grid of a wide page.
    beside: Option<Box<Row>>,
}

impl Row {
    fn blank() -> Self {
        Self {
            place: None,
            sign: None,
            label: (String::new(), Role::Quiet),
            lines: vec![String::new()],
            role: Role::Text,
            edge: (String::new(), Role::Quiet),
            under: Vec::new(),
            caret: None,
            beside: None,
        }
    }

    fn height(&self) -> u16 {
        (self.lines.len().max(1) + self.under.len()) as u16
    }
}

impl Form {
    /// Draws the fields.
    pub(super) fn draw_body(&self, page: &mut Page, context: &Context, wrongs: &[Wrong]) {
        let places = Places::of((page.width(), page.height()), context.lang);
        let rows = self.rows(&places, context, wrongs);
        let room = places.foot - 2;
        let fields: u16 = rows.iter().map(Row::height).sum();
        let (above, between) = match room.saturating_sub(fields) {
            0 => (0, 0),
            1 => (0, 1),
            _ => (1, 1),
        };
        let mut y: i32 = 2 + above;
        let mut laid: Vec<(i32, &Row)> = Vec::with_capacity(rows.len());
        let mut focus = (0, 0);
        for row in &rows {
            if row.place.is_none() {
                y += between;
            }
            laid.push((y, row));
            let here = |row: &Row| row.place == Some(self.at);
            if here(row) || row.beside.as_deref().is_some_and(here) {
                focus = (y, y + i32::from(row.height()));
            }
            y += i32::from(row.height());
        }
        let foot = i32::from(places.foot);
        // The line of optional fields stays in sight where it can.
        let scroll = if y <= foot {
            0
        } else {
            (focus.1 - foot).max(0).max((focus.0 - 2 - 4).min(y - foot))
        };
        for (y, row) in laid {
            self.draw_row(page, &places, row, y - scroll, foot);
        }
    }

    fn draw_row(&self, page: &mut Page, places: &Places, row: &Row, y: i32, foot: i32) {
        let seen = |y: i32| (2..foot).contains(&y).then_some(y as u16);
        if let Some(y) = seen(y) {
            self.draw_at(page, row, y, 0, places.value, places.end, places.well());
            if let Some(beside) = &row.beside {
                let half = grid(places);
                let well = places.end.saturating_sub(half + places.value + 1).min(WELL);
                self.draw_at(page, beside, y, half, half + places.value, places.end, well);
            }
        }
        for (n, line) in row.lines.iter().enumerate().skip(1) {
            if let Some(y) = seen(y + n as i32) {
                page.text(places.value, y, places.end - places.value, line, row.role);
                if row.place == Some(self.at) && row.caret.is_some() {
                    page.well(places.value, y, places.well());
                }
            }
        }
        if let (Some((column, line)), true) = (row.caret, row.place == Some(self.at))
            && let Some(y) = seen(y + i32::from(line))
        {
            page.put_caret(places.value + column, y);
        }
        let behind = y + row.lines.len().max(1) as i32;
        for (n, (text, role)) in row.under.iter().enumerate() {
            if let Some(y) = seen(behind + n as i32) {
                page.text(places.value, y, places.end - places.value, text, *role);
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn draw_at(&self, page: &mut Page, row: &Row, y: u16, x: u16, value: u16, end: u16, well: u16) {
        let focus = row.place.is_some() && row.place == Some(self.at);
        if focus {
            page.marker(x + MARKER, y);
        }
        if let Some((sign, role)) = row.sign {
            page.text(x + SIGN, y, 1, &sign.to_string(), role);
        }
        page.text(
            x + LABEL,
            y,
            value - x - LABEL - 1,
            &row.label.0,
            row.label.1,
        );
        let mut room = if row.beside.is_some() {
            grid_room(value, end)
        } else {
            end - value
        };
        if !row.edge.0.is_empty() {
            let begins = page.right(end, y, &row.edge.0, row.edge.1);
            room = room.min(begins.saturating_sub(value + 2));
        }
        if focus && row.caret.is_some() {
            room = well;
        }
        let first = row.lines.first().map_or("", String::as_str);
        page.text(value, y, room, first, row.role);
        if focus && row.caret.is_some() {
            page.well(value, y, well);
            if let Some((column, 0)) = row.caret {
                page.put_caret(value + column, y);
            }
        }
    }

    /// The rows of the page, and where the one of the hand is known by its place.
    fn rows(&self, places: &Places, context: &Context, wrongs: &[Wrong]) -> Vec<Row> {
        let mut rows: Vec<Row> = self
            .sheet
            .open(context)
            .into_iter()
            .map(|place| self.row(place, places, context, wrongs))
            .collect();
        let more = self.sheet.more(context);
        if more.is_empty() {
            return rows;
        }
        let wide = places.right.is_some();
        let mut line = Row::blank();
        let count = FormWord::More.with(context.lang, &[&more.len().to_string()]);
        line.label = (
            count,
            if wide || self.more {
                Role::Strong
            } else {
                Role::Quiet
            },
        );
        line.edge = (
            if wide {
                format!("F6 {}", FormWord::MoreJump.get(context.lang))
            } else {
                "F6".to_owned()
            },
            Role::Quiet,
        );
        if !wide && !self.more {
            line.lines = vec![self.names(&more, places.end - places.value - 4, context)];
            line.role = Role::Quiet;
        }
        rows.push(line);
        if wide {
            // Two columns, read downwards. Nothing is wrong with a field that still stands behind the line.
            let half = more.len().div_ceil(2);
            for n in 0..half {
                let mut row = self.row(more[n], places, context, &[]);
                short(&mut row);
                if let Some(place) = more.get(half + n) {
                    let mut beside = self.row(*place, places, context, &[]);
                    short(&mut beside);
                    row.beside = Some(Box::new(beside));
                }
                rows.push(row);
            }
        } else if self.more {
            rows.extend(
                more.iter()
                    .map(|place| self.row(*place, places, context, wrongs)),
            );
        }
        rows
    }

    /// As many short names as fit, left out whole.
    fn names(&self, more: &[Place], room: u16, context: &Context) -> String {
        let mut line = String::new();
        for place in more {
            let name = self.sheet.field(*place, context).short.get(context.lang);
            if width(&line) + 2 + width(name) > room.into() {
                break;
            }
            if !line.is_empty() {
                line.push_str("  ");
            }
            line.push_str(name);
        }
        line
    }

    fn row(&self, place: Place, places: &Places, context: &Context, wrongs: &[Wrong]) -> Row {
        let field = self.sheet.field(place, context);
        let focus = place == self.at;
        let mut row = Row::blank();
        row.place = Some(place);
        let wide_label =
            width(field.label.get(context.lang)) + usize::from(LABEL) + 2 <= places.value.into();
        let label = if wide_label && context.lang == Lang::Zh {
            &field.label
        } else {
            &field.short
        };
        row.label = (
            label.get(context.lang).to_owned(),
            if focus { Role::Mark } else { Role::Quiet },
        );
        if matches!(field.kind, Kind::Note) {
            row.label.0.clear();
            row.lines = cells::wrap(
                field.label.get(context.lang),
                (places.end - places.value).into(),
            );
            row.role = Role::Quiet;
            return row;
        }
        let content = self.sheet.get(place);
        let revealed = self.revealed.is_some();
        let origin = self.sheet.origin(place);
        let reason = show::reason(origin, field, context.lang);
        let raw = self.sheet.raw.get(&place);
        row.role = if !reason.is_empty() || (field.mask.is_some() && !revealed) {
            Role::Quiet
        } else {
            Role::Text
        };
        if focus {
            self.typed_row(&mut row, place, places, context);
        } else if let Some(raw) = raw {
            row.lines = vec![raw.clone()];
            row.role = Role::Text;
        } else if typing::lines(field) > 1 {
            let text = show::value(field, content, revealed, context);
            let mut lines = cells::wrap(&text, places.well().into());
            if lines.len() > 2 {
                let rest = lines.split_off(1).concat();
                lines.push(cells::cut(&format!("{rest}~"), places.well().into()));
            }
            row.lines = lines;
        } else {
            row.lines = vec![show::value(field, content, revealed, context)];
        }
        if raw.is_none() && !self.typing_over(place) {
            row.edge = (reason, Role::Quiet);
        }
        if self.in_conflict(place) {
            row.sign = Some(('?', Role::Bad));
            row.under.extend(self.sides(place, context));
        }
        for wrong in wrongs.iter().filter(|wrong| wrong.place == place) {
            let role = if wrong.warning {
                Role::Strong
            } else {
                Role::Bad
            };
            let sign = if wrong.warning { '!' } else { 'x' };
            if row.sign.is_none_or(|(held, _)| held == '!') {
                row.sign = Some((sign, role));
            }
            let room = usize::from(places.end - places.value);
            let lines = cells::wrap(wrong.message.get(context.lang), room);
            row.under.extend(lines.into_iter().map(|line| (line, role)));
        }
        row
    }

    /// Whether the typed text stands in the place of the value.
    fn typing_over(&self, place: Place) -> bool {
        place == self.at && self.typing.touched
    }

    /// The row under the hand: what is typed, and the caret.
    fn typed_row(&self, row: &mut Row, place: Place, places: &Places, context: &Context) {
        let field = self.sheet.field(place, context);
        let content = self.sheet.get(place);
        let well = usize::from(places.well());
        let shown = || show::value(field, content, self.revealed.is_some(), context);
        match typing::way(&self.sheet, place, context) {
            Way::Text => {
                let most = usize::from(typing::lines(field));
                let view = self.typing.editor.view(well, most);
                row.lines = view.lines;
                if most > 1 && row.lines.len() < 2 {
                    row.lines.push(String::new());
                }
                row.caret = Some((view.column as u16, view.row as u16));
            }
            Way::Read | Way::Find if self.typing.touched => {
                let view = self.typing.editor.view(well, 1);
                row.lines = view.lines;
                row.caret = Some((view.column as u16, 0));
                row.role = Role::Text;
                if matches!(field.kind, Kind::RefMultiple { .. }) && !content.is_empty() {
                    row.edge = (shown(), Role::Quiet);
                }
            }
            Way::Choose if !self.typing.digits.is_empty() => {
                row.lines = vec![self.typing.digits.clone()];
                row.caret = Some((self.typing.digits.len() as u16, 0));
                row.role = Role::Text;
            }
            Way::Fixed => row.lines = vec![shown()],
            Way::Choose | Way::Read | Way::Find => {
                let text = cells::cut(&shown(), well - 1);
                // A value that was not touched is replaced by what is typed: the cursor stands behind it, or where a
                // choice's digit stands.
                let column = match typing::way(&self.sheet, place, context) {
                    Way::Choose => 0,
                    _ => width(&text),
                };
                row.lines = vec![text];
                row.caret = Some((column as u16, 0));
            }
        }
    }
}

/// Where the second column of optional fields begins.
fn grid(places: &Places) -> u16 {
    (places.end - 4) / 2
}

fn grid_room(value: u16, end: u16) -> u16 {
    ((end - 4) / 2 + MARKER).saturating_sub(value).max(6)
}

/// An optional field in the grid has one line and no reason.
fn short(row: &mut Row) {
    row.edge.0.clear();
    row.under.clear();
    row.lines.truncate(1);
}
