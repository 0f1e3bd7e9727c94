//! Help of the screen it was opened from: its keys and those of everywhere out of the action table, how to type, and what
//! an input method that was left on does.

use crate::forms::Lang;
use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::Effect;
use crate::tui::keymap::show;
use crate::tui::page::{Page, Span, span};
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::theme::Role;

/// The columns of keys: this screen's, everywhere's, the signs'.
const COLUMNS: [(u16, u16); 3] = [(1, 16), (44, 12), (84, 8)];

/// The help of one place.
pub struct Help {
    of: Context,
    rows: Vec<Vec<(u16, Span)>>,
    top: usize,
}

impl Help {
    /// The help of a place, as the keymap in force has it.
    pub fn of(context: Context, cx: &Cx) -> Self {
        Self {
            of: context,
            rows: rows(context, cx),
            top: 0,
        }
    }

    fn room(cx: &Cx) -> usize {
        cx.size.1.saturating_sub(4).into()
    }
}

/// The keys of an action in words: the first one and its twin.
fn keys(context: Context, action: Action, cx: &Cx) -> String {
    let keys = cx.keymap.keys(context, action);
    keys.iter()
        .take(2)
        .map(|key| show(*key, cx.lang))
        .collect::<Vec<_>>()
        .join(" ")
}

fn rows(context: Context, cx: &Cx) -> Vec<Vec<(u16, Span)>> {
    let mut columns: Vec<Vec<(u16, Span)>> = Vec::new();
    let mut out: Vec<Vec<(u16, Span)>> = Vec::new();
    let pair = |place: usize, key: String, words: &str| {
        let (x, wide) = COLUMNS[place];
        vec![
            (x, span(key, Role::Accent)),
            (x + wide, span(words, Role::Text)),
        ]
    };
    let bound = |of: Context| {
        cx.keymap
            .bindings()
            .into_iter()
            .filter(move |binding| binding.context == of)
    };
    let heading =
        |place: usize, word: Word| vec![(COLUMNS[place].0, span(cx.say(word), Role::Strong))];
    let mut here = vec![heading(0, Word::ThisScreen)];
    here.extend(bound(context).map(|binding| {
        pair(
            0,
            keys(context, binding.action, cx),
            binding.action.help(cx.lang),
        )
    }));
    let mut everywhere = vec![heading(1, Word::EverywhereSame)];
    everywhere.extend(
        bound(Context::Everywhere)
            .filter(|binding| {
                !matches!(
                    binding.action,
                    Action::Left | Action::Right | Action::First | Action::Last
                )
            })
            .map(|binding| {
                pair(
                    1,
                    keys(Context::Everywhere, binding.action, cx),
                    binding.action.help(cx.lang),
                )
            }),
    );
    let signs = [
        ("!", Word::SignUrgent),
        ("?", Word::SignConflict),
        ("~", Word::SignDraft),
        ("+", Word::SignNew),
        ("*", Word::SignMarked),
        ("x", Word::SignWrong),
        ("****", Word::SignMasked),
    ];
    let mut third = Vec::new();
    if cx.size.0 >= 100 {
        third.push(heading(2, Word::Signs));
        third.extend(
            signs
                .iter()
                .map(|(sign, word)| pair(2, sign.to_string(), cx.say(*word))),
        );
    }
    for column in [here, everywhere, third] {
        for (i, row) in column.into_iter().enumerate() {
            if columns.len() <= i {
                columns.push(Vec::new());
            }
            columns[i].extend(row);
        }
    }
    out.append(&mut columns);
    out.push(Vec::new());
    out.push(heading(0, Word::HowToType));
    for (what, how) in [
        (Word::TypeChoice, Word::TypeChoiceHow),
        (Word::TypeDate, Word::TypeDateHow),
        (Word::TypePerson, Word::TypePersonHow),
        (Word::TypeYesNo, Word::TypeYesNoHow),
    ] {
        out.push(vec![
            (1, span(cx.say(what), Role::Accent)),
            (9, span(cx.say(how), Role::Text)),
        ]);
    }
    out.push(Vec::new());
    let words = match cx.lang {
        Lang::Zh => 9,
        Lang::En => 15,
    };
    let method = vec![
        (1, span(cx.say(Word::InputMethod), Role::Strong)),
        (words, span(cx.say(Word::InputMethodOn), Role::Text)),
    ];
    let letters = vec![(words, span(cx.say(Word::LettersAreText), Role::Quiet))];
    out.push(method);
    out.push(letters);
    out
}

impl Screen for Help {
    fn context(&self) -> Context {
        Context::HelpPage
    }

    fn taking(&self) -> Taking {
        Taking::NOTHING
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        let page = Self::room(cx).max(1);
        let last = self.rows.len().saturating_sub(page);
        match input {
            Input::Action(Action::Back | Action::Help | Action::Open) => return vec![Effect::Pop],
            Input::Action(Action::Up) => self.top = self.top.saturating_sub(1),
            Input::Action(Action::Down) => self.top = (self.top + 1).min(last),
            Input::Action(Action::PageUp) => self.top = self.top.saturating_sub(page),
            Input::Action(Action::PageDown) => self.top = (self.top + page).min(last),
            Input::Shown => {
                self.rows = rows(self.of, cx);
                self.top = 0;
            }
            _ => {}
        }
        Vec::new()
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        let pages = self.rows.len().div_ceil(Self::room(cx).max(1)).max(1);
        let page = (self.top.div_ceil(Self::room(cx).max(1)) + 1).min(pages);
        Chrome {
            path: vec![cx.say(Word::Help).into(), self.of.label(cx.lang).into()],
            right: vec![vec![span(cx.say(Word::StandardKeys), Role::Quiet)]],
            right_seam: vec![span(format!("{page} / {pages}"), Role::Quiet)],
            seam_rows: 1,
            ..Chrome::default()
        }
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        let room = Self::room(cx);
        // The blank row under the hairline goes first when there is no room.
        let first = if self.rows.len() < room { 3 } else { 2 };
        let (w, h) = (page.width(), page.height());
        for (i, row) in self.rows.iter().skip(self.top).take(room).enumerate() {
            let y = first + i as u16;
            if y >= h - 2 {
                break;
            }
            for (n, (x, (text, role))) in row.iter().enumerate() {
                let end = row
                    .get(n + 1)
                    .map_or(w - 1, |(next, _)| next.saturating_sub(1));
                page.text(*x, y, end.saturating_sub(*x), text, *role);
            }
        }
    }

    fn hints(&self, _cx: &Cx) -> Vec<Hint> {
        vec![
            Hint::Keys(Word::UpDownKeys, Word::Scroll),
            Hint::Action(Action::Back),
        ]
    }

    fn bottom(&self) -> bool {
        true
    }
}
