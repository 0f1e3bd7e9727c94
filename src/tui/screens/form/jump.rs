//! F6: to a field by its digits or its name. Its line stands in the panel's head row; the fields that fit stand below.

use pinyin::ToPinyinMulti;

use crate::forms::Context;
use crate::text::form::FormWord;
use crate::tui::action::Action;
use crate::tui::cells::width;
use crate::tui::effect::Effect;
use crate::tui::page::{Page, span};
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widgets::editor::Editor;

use super::panel::{Line, Panel, Room};
use super::sheet::Place;
use super::{Form, forms, keys};

/// The line in which a field is named.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Jump {
    line: Editor,
    marked: usize,
    /// Digits, name, place of every field; two digits where there are more than nine.
    fields: Vec<(String, String, Place)>,
}

impl Jump {
    /// The fields that fit what is typed.
    fn fits(&self) -> Vec<&(String, String, Place)> {
        let typed = self.line.text().trim().to_lowercase();
        let digits = keys::all_digits(&typed);
        self.fields
            .iter()
            .filter(|(number, name, _)| match &digits {
                _ if typed.is_empty() => true,
                Some(digits) => number.starts_with(digits.as_str()),
                None => name.to_lowercase().contains(&typed) || initials_fit(name, &typed),
            })
            .collect()
    }

    /// The panel while a field is named.
    pub fn panel(&self, _: &Form, room: Room, context: &Context) -> Panel {
        let lang = context.lang;
        let fits = self.fits();
        let mut panel = Panel {
            head: vec![span(FormWord::JumpTo.get(lang), Role::Strong)],
            right: FormWord::JumpHow.get(lang).into(),
            lines: Vec::new(),
        };
        let mut line = Line::of(FormWord::JumpTo.get(lang), Role::Mark);
        line.pieces.push((12, span("", Role::Text)));
        line.well = true;
        panel.lines.push(line);
        let digits = self.fields.first().map_or(1, |(digits, ..)| digits.len()) as u16;
        let column = fits
            .iter()
            .map(|(_, name, _)| width(name))
            .max()
            .unwrap_or(0) as u16
            + digits
            + 3;
        let columns = (room.width / column.max(1)).max(1);
        let rows = usize::from(room.rows - 1).max(1);
        let page = rows * usize::from(columns);
        let first = self.marked / page * page;
        let seen = &fits[first.min(fits.len())..fits.len().min(first + page)];
        let mut lines = vec![Line::default(); rows.min(seen.len())];
        for (n, (digits, name, _)) in seen.iter().enumerate() {
            let at = (n / rows) as u16 * column;
            let here = first + n == self.marked;
            let line = &mut lines[n % rows];
            line.pieces.push((at, span(digits.clone(), Role::Mark)));
            line.pieces.push((
                at + digits.len() as u16 + 1,
                span(name.clone(), if here { Role::Mark } else { Role::Text }),
            ));
        }
        panel.lines.extend(lines);
        panel
    }
}

/// Whether letters are the first initials of a name, in any reading of its 汉字.
fn initials_fit(name: &str, letters: &str) -> bool {
    let mut letters = letters.chars();
    for c in name.chars() {
        let Some(letter) = letters.next() else {
            return true;
        };
        let reads = c.to_pinyin_multi().is_some_and(|readings| {
            readings
                .into_iter()
                .any(|reading| reading.plain().starts_with(letter))
        });
        if !reads && c.to_ascii_lowercase() != letter {
            return false;
        }
    }
    letters.next().is_none()
}

impl Form {
    /// F6.
    pub(super) fn begin_jump(&mut self, cx: &Cx) -> Vec<Effect> {
        self.settle(cx);
        let context = forms(cx);
        let places = self.sheet.places(true, &context);
        let wide = if places.len() > 9 { 2 } else { 1 };
        let fields = places
            .into_iter()
            .enumerate()
            .map(|(n, place)| {
                let name = self
                    .sheet
                    .field(place, &context)
                    .short
                    .get(cx.lang)
                    .to_owned();
                (format!("{:0wide$}", n + 1), name, place)
            })
            .collect();
        self.jump = Some(Jump {
            line: Editor::line(""),
            marked: 0,
            fields,
        });
        Vec::new()
    }

    /// What is typed into the line; a number that is complete goes there at once.
    pub(super) fn text_in_jump(&mut self, text: &str, cx: &Cx) -> Vec<Effect> {
        let Some(jump) = &mut self.jump else {
            return Vec::new();
        };
        jump.line.insert(text);
        jump.marked = 0;
        let typed = keys::all_digits(jump.line.text());
        let place = jump
            .fields
            .iter()
            .find(|(number, ..)| Some(number) == typed.as_ref())
            .map(|(.., place)| *place);
        if let Some(place) = place {
            self.jump = None;
            self.arrive(place, cx);
        }
        Vec::new()
    }

    /// Keys while a field is named.
    pub(super) fn act_in_jump(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        let Some(jump) = &mut self.jump else {
            return Vec::new();
        };
        let most = jump.fits().len().saturating_sub(1);
        match action {
            Action::Back | Action::Jump => {
                self.jump = None;
            }
            Action::Next => match jump.fits().get(jump.marked).map(|(.., place)| *place) {
                Some(place) => {
                    self.jump = None;
                    self.arrive(place, cx);
                }
                None => {
                    return vec![Effect::Say(
                        FormWord::FoundNone.get(cx.lang).into(),
                        Role::Strong,
                    )];
                }
            },
            Action::Down | Action::Forward | Action::Right => {
                jump.marked = (jump.marked + 1).min(most)
            }
            Action::Up | Action::Backward | Action::Left => {
                jump.marked = jump.marked.saturating_sub(1)
            }
            Action::Erase => {
                jump.line.backspace();
                jump.marked = 0;
            }
            Action::Empty => {
                jump.line.clear();
                jump.marked = 0;
            }
            _ => {}
        }
        Vec::new()
    }

    /// The line, with the cursor.
    pub(super) fn draw_jump_line(&self, page: &mut Page, x: u16, y: u16, room: u16) {
        let Some(jump) = &self.jump else { return };
        let view = jump.line.view(room.into(), 1);
        page.text(x, y, room, &view.lines[0], Role::Text);
        page.well(x, y, room);
        page.put_caret(x + view.column as u16, y);
    }
}
