//! The screens that lie one over another: the top one gets the input, drawing begins at the lowest one that is seen.
//! Here a key becomes an action, text or a digit, and here stands the frame around every screen.

use ratatui::buffer::Buffer;

use super::action::{Action, Context};
use super::effect::{Effect, Returned};
use super::key::{Key, digit, fold_width};
use super::page::{Page, Span, span};
use super::screen::{Chrome, Cx, Hint, Input, Screen};
use super::theme::{Role, Theme};
use crate::text::Word;

/// The smallest window in which screens are drawn.
const SMALLEST: (u16, u16) = (60, 16);

/// The screens, the lowest first; and the one line that stands in the seam until the next key.
#[derive(Default)]
pub struct Stack {
    screens: Vec<Box<dyn Screen>>,
    message: Option<Span>,
}

impl Stack {
    /// No screen.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether no screen is left.
    pub fn is_empty(&self) -> bool {
        self.screens.is_empty()
    }

    /// How many screens lie here.
    pub fn len(&self) -> usize {
        self.screens.len()
    }

    /// The context of the top screen.
    pub fn context(&self) -> Context {
        self.screens
            .last()
            .map_or(Context::Everywhere, |screen| screen.context())
    }

    /// The message in the seam.
    pub fn message(&self) -> Option<&str> {
        self.message.as_ref().map(|(text, _)| text.as_str())
    }

    /// Puts a message in the seam.
    pub fn say(&mut self, text: String, role: Role) {
        self.message = Some((text, role));
    }

    /// Puts a screen on top and shows it.
    pub fn push(&mut self, screen: Box<dyn Screen>, cx: &Cx) -> Vec<Effect> {
        self.screens.push(screen);
        self.input(Input::Shown, cx)
    }

    /// Takes the top screen away; the one below gets what it hands back.
    pub fn pop(&mut self, returned: Returned, cx: &Cx) -> Vec<Effect> {
        self.screens.pop();
        self.input(Input::Returned(returned), cx)
    }

    /// Puts a screen in the place of the top one.
    pub fn replace(&mut self, screen: Box<dyn Screen>, cx: &Cx) -> Vec<Effect> {
        self.screens.pop();
        self.push(screen, cx)
    }

    /// An input for the top screen.
    pub fn input(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        self.screens
            .last_mut()
            .map_or_else(Vec::new, |screen| screen.update(input, cx))
    }

    /// The earliest time at which a screen wants to be called.
    pub fn due(&self) -> Option<u64> {
        self.screens.iter().filter_map(|screen| screen.due()).min()
    }

    /// Calls the screens whose time has come.
    pub fn call_due(&mut self, cx: &Cx) -> Vec<Effect> {
        let mut effects = Vec::new();
        for screen in &mut self.screens {
            if screen.due().is_some_and(|due| due <= cx.at) {
                effects.extend(screen.update(Input::Due, cx));
            }
        }
        effects
    }

    /// What all screens must keep before the program leaves.
    pub fn leave(&mut self, cx: &Cx) -> Vec<Effect> {
        self.screens
            .iter_mut()
            .flat_map(|screen| screen.leave(cx))
            .collect()
    }

    /// A key: an action, text or a digit for the top screen, or one line that says what to press.
    pub fn key(&mut self, key: Key, cx: &Cx) -> Vec<Effect> {
        self.message = None;
        let Some(screen) = self.screens.last_mut() else {
            return Vec::new();
        };
        if cx.size.0 < SMALLEST.0 || cx.size.1 < SMALLEST.1 {
            return match cx.keymap.resolve(screen.context(), key) {
                Some(Action::Quit) => vec![Effect::Quit],
                _ => Vec::new(),
            };
        }
        let taking = screen.taking();
        if let Some(c) = key.typed() {
            if let (true, Some(digit)) = (taking.digits, digit(c)) {
                return screen.update(Input::Digit(digit), cx);
            }
            let blank = fold_width(c) == ' ';
            if taking.text && !(blank && taking.space) {
                return screen.update(Input::Text(c.to_string()), cx);
            }
            if !blank {
                // A keymap of letters (vim) may still know it; in `standard` none does.
                if let Some(action) = cx.keymap.resolve(screen.context(), key) {
                    return self.act(action, cx);
                }
                self.message = Some((screen.instead(cx), Role::Strong));
                return Vec::new();
            }
        }
        match cx.keymap.resolve(screen.context(), key) {
            Some(action) => self.act(action, cx),
            None => {
                self.message = Some((cx.say(Word::NoSuchKey).into(), Role::Quiet));
                Vec::new()
            }
        }
    }

    fn act(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        match action {
            Action::Quit => vec![Effect::Quit],
            Action::Redraw => vec![Effect::Redraw],
            action => self.input(Input::Action(action), cx),
        }
    }

    /// A paste, in one piece.
    pub fn paste(&mut self, text: String, cx: &Cx) -> Vec<Effect> {
        self.message = None;
        match self.screens.last_mut() {
            Some(screen) if screen.taking().text => screen.update(Input::Paste(text), cx),
            Some(_) => {
                self.message = Some((cx.say(Word::PasteHere).into(), Role::Strong));
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Draws everything; returns where the cursor stands.
    pub fn draw(&self, buffer: &mut Buffer, theme: Theme, cx: &Cx) -> Option<(u16, u16)> {
        let mut page = Page::new(buffer, theme);
        let (w, h) = (page.width(), page.height());
        if w < SMALLEST.0 || h < SMALLEST.1 {
            page.text(0, h / 2, w, cx.say(Word::TooSmall), Role::Text);
            return None;
        }
        let top = self.screens.len().checked_sub(1)?;
        let lowest = (0..=top)
            .rev()
            .find(|i| !self.screens[*i].over())
            .unwrap_or(0);
        for (i, screen) in self.screens.iter().enumerate().skip(lowest) {
            let mut chrome = screen.chrome(cx);
            if let (true, Some(message)) = (i == top, &self.message) {
                chrome.right_seam = vec![message.clone()];
            }
            if !screen.over() {
                frame(&mut page, &chrome);
            }
            screen.draw(&mut page, cx);
            if screen.over() || i == top {
                seam(&mut page, &chrome);
                hints(&mut page, screen.as_ref(), cx);
            }
        }
        page.caret()
    }
}

/// The path row and the hairline under it.
fn frame(page: &mut Page, chrome: &Chrome) {
    let w = page.width();
    let mut right: Vec<Span> = Vec::new();
    for group in &chrome.right {
        if !right.is_empty() {
            right.push(span("  ", Role::Quiet));
        }
        right.extend_from_slice(group);
    }
    let end = page.spans_right(w - 1, 0, &right);
    let last = chrome.path.len().saturating_sub(1);
    let mut x = 1;
    for (i, part) in chrome.path.iter().enumerate() {
        let usual = if i == last { Role::Strong } else { Role::Quiet };
        let role = chrome.path_roles.get(i).copied().unwrap_or(usual);
        x = page.text(x, 0, end.saturating_sub(x + 1), part, role) + 2;
    }
    page.rule(0, w, 1);
}

fn seam(page: &mut Page, chrome: &Chrome) {
    let (w, y) = (page.width(), page.height() - 1 - chrome.seam_rows.max(1));
    page.seam(0, w, y, &chrome.left_seam, &chrome.right_seam);
}

/// The hint row: what fits of the screen's hints, then help and back in the last cells.
fn hints(page: &mut Page, screen: &dyn Screen, cx: &Cx) {
    let (w, y) = (page.width(), page.height() - 1);
    page.blank(y, y + 1);
    let context = screen.context();
    let mut always: Vec<Span> = Vec::new();
    let fixed: &[Action] = if screen.bottom() {
        &[Action::Help]
    } else {
        &[Action::Help, Action::Back]
    };
    for action in fixed {
        if let Some((key, word)) = Hint::Action(*action).words(context, cx) {
            if !always.is_empty() {
                always.push(span(" ", Role::Quiet));
            }
            always.push(span(key, Role::Strong));
            always.push(span(format!(" {word}"), Role::Quiet));
        }
    }
    let end = page.spans_right(w, y, &always);
    let mut x = 1;
    for (key, word) in screen
        .hints(cx)
        .iter()
        .filter_map(|hint| hint.words(context, cx))
        .take(6)
    {
        let wide = super::cells::width(&key) + 1 + super::cells::width(word);
        if usize::from(x) + wide + 2 > end.into() {
            break;
        }
        x = page.text(x, y, end - x, &key, Role::Strong);
        x = page.text(x + 1, y, end - x, word, Role::Quiet) + 2;
    }
}
