//! For tests: keys as a string in, the screen as text out, and which effects were asked for.
//!
//! In a key string `<F3>`, `<Enter>`, `<Ctrl-S>`, `<Space>` are keys, `<wait>` lets the hand rest for a second, and every
//! other character is typed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::app::{App, Desk, Event, Flow};
use super::key::{Code, Key};
use super::keymap::Keymap;
use super::picture;
use super::screen::Screen;
use super::theme::Theme;
use crate::forms::Lang;

/// 2026-11-24 10:42:07 at +08:00.
pub const NOW: u64 = 1_795_488_127_000;

/// An app under test.
pub struct Rig<D: Desk> {
    /// The app.
    pub app: App,
    /// Where its effects go.
    pub desk: D,
    /// What the last event led to.
    pub flow: Flow,
    size: (u16, u16),
    at: u64,
}

impl<D: Desk> Rig<D> {
    /// Shows a screen in a window of that size.
    pub fn new(screen: Box<dyn Screen>, mut desk: D, lang: Lang, size: (u16, u16)) -> Self {
        let mut app = App::new(Keymap::standard(), lang, Theme::default(), size);
        let flow = app.start(screen, &mut desk, NOW, 0);
        Self {
            app,
            desk,
            flow,
            size,
            at: 0,
        }
    }

    /// Presses keys, each 400 ms after the last one, so that what waits for a rest is done between.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in parse(keys) {
            match key {
                Some(key) => {
                    self.pass(400);
                    self.event(Event::Key(key));
                }
                None => self.pass(1000),
            }
        }
        self
    }

    /// Presses keys 10 ms apart.
    pub fn hammer(&mut self, keys: &str) -> &mut Self {
        for key in parse(keys).into_iter().flatten() {
            self.pass(10);
            self.event(Event::Key(key));
        }
        self
    }

    /// Lets time pass, in milliseconds; screens that wanted to be called are.
    pub fn pass(&mut self, millis: u64) {
        let end = self.at + millis;
        while let Some(due) = self.app.due().filter(|due| *due <= end) {
            self.at = self.at.max(due);
            self.event(Event::Due);
        }
        self.at = end;
    }

    /// Opens a form over what is shown.
    pub fn open(&mut self, opening: super::effect::Opening) {
        self.flow = self.app.open(opening, &mut self.desk);
    }

    /// Takes an event.
    pub fn event(&mut self, event: Event) {
        if let Event::Resize(w, h) = event {
            self.size = (w, h);
        }
        self.flow = self
            .app
            .event(event, &mut self.desk, NOW + self.at, self.at);
    }

    /// The page and the caret.
    pub fn page(&self) -> (Buffer, Option<(u16, u16)>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
        let caret = self.app.draw(&self.desk, &mut buffer);
        (buffer, caret)
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        picture::text(&self.page().0)
    }

    /// One row of the screen as text, counted from 0.
    pub fn row(&self, y: usize) -> String {
        self.text().lines().nth(y).unwrap_or_default().to_string()
    }

    /// The map of styles.
    pub fn styles(&self) -> String {
        picture::styles(&self.page().0)
    }
}

/// The keys of a string; `None` is a rest.
fn parse(keys: &str) -> Vec<Option<Key>> {
    let mut out = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        if let Some((name, behind)) = rest
            .strip_prefix('<')
            .and_then(|named| named.split_once('>'))
        {
            out.push((name != "wait").then(|| {
                name.parse()
                    .unwrap_or_else(|wrong| panic!("no key: {wrong}"))
            }));
            rest = behind;
        } else {
            out.push(Some(Key::plain(Code::Char(c))));
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}
