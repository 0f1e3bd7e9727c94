//! The program without its terminal: events in, effects run, a page out. The loop drives it from a terminal, tests from
//! strings.

use std::collections::VecDeque;

use ratatui::buffer::Buffer;

use super::effect::{Effect, Outcome};
use super::key::Key;
use super::keymap::Keymap;
use super::reader::Reader;
use super::screen::{Cx, Input, Screen, Status};
use super::stack::Stack;
use super::theme::{Role, Theme};
use crate::forms::Lang;

/// Where screens' effects are run: the ledger, or a fake one.
pub trait Desk {
    /// The read side.
    fn reader(&self) -> &dyn Reader;

    /// Runs an effect that reads or writes more than screens can. The outcome, if it is known at once.
    fn perform(&mut self, effect: Effect) -> Option<Outcome>;

    /// The form of an opening.
    fn form(&self, opening: super::effect::Opening, cx: &Cx) -> Option<Box<dyn Screen>>;

    /// What is owed and what waits.
    fn status(&self) -> Status;

    /// Takes back what long work had, if it is done.
    fn back(&mut self) {}
}

/// What happens outside.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// A key.
    Key(Key),
    /// A paste.
    Paste(String),
    /// The window has this many columns and rows now.
    Resize(u16, u16),
    /// Long work tells how far it is, or that it is done.
    Work(Outcome),
    /// The terminal is gone, or the process is asked to end: keep drafts and leave.
    End,
    /// Nothing: a time that a screen named has come.
    Due,
}

/// How the loop goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// Draw, wait for the next event.
    On,
    /// Draw every cell anew.
    Anew,
    /// Leave.
    Leave,
}

/// The screens and what they are told.
pub struct App {
    stack: Stack,
    keymap: Keymap,
    lang: Lang,
    theme: Theme,
    size: (u16, u16),
    status: Status,
    now: u64,
    at: u64,
}

impl App {
    /// An app without a screen yet.
    pub fn new(keymap: Keymap, lang: Lang, theme: Theme, size: (u16, u16)) -> Self {
        Self {
            stack: Stack::new(),
            keymap,
            lang,
            theme,
            size,
            status: Status::default(),
            now: 0,
            at: 0,
        }
    }

    /// The screens.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// Puts a line in the seam, until the next key.
    pub fn say(&mut self, text: String) {
        self.stack.say(text, Role::Strong);
    }

    /// The first screen. Times as for [`App::event`].
    pub fn start(
        &mut self,
        screen: Box<dyn Screen>,
        desk: &mut dyn Desk,
        now: u64,
        at: u64,
    ) -> Flow {
        (self.now, self.at) = (now, at);
        self.status = desk.status();
        self.run(vec![Effect::Push(screen)], desk)
    }

    /// Opens a form over what is shown.
    pub fn open(&mut self, opening: super::effect::Opening, desk: &mut dyn Desk) -> Flow {
        self.run(vec![Effect::Open(opening)], desk)
    }

    /// When a screen wants to be called, in milliseconds since the program began.
    pub fn due(&self) -> Option<u64> {
        self.stack.due()
    }

    /// Takes an event. `now` is the wall clock in milliseconds since 1970, `at` the arrival in milliseconds since the
    /// program began.
    pub fn event(&mut self, event: Event, desk: &mut dyn Desk, now: u64, at: u64) -> Flow {
        (self.now, self.at) = (now, at);
        if matches!(event, Event::Work(_)) {
            desk.back();
            self.status = desk.status();
        }
        if let Event::Work(Outcome::Failed(sentence)) = &event {
            self.stack.say(sentence.clone(), Role::Bad);
        }
        let resized = matches!(event, Event::Resize(..));
        if let Event::Resize(w, h) = event {
            self.size = (w, h);
        }
        let cx = cx(
            desk,
            &self.keymap,
            self.lang,
            (now, at),
            self.size,
            self.status,
        );
        let effects = match event {
            Event::Key(key) => self.stack.key(key, &cx),
            Event::Paste(text) => self.stack.paste(text, &cx),
            Event::Resize(..) => self.stack.input(Input::Shown, &cx),
            Event::Work(outcome) => self.stack.input(Input::Done(outcome), &cx),
            Event::Due => self.stack.call_due(&cx),
            Event::End => vec![Effect::Quit],
        };
        match self.run(effects, desk) {
            Flow::On if resized => Flow::Anew,
            flow => flow,
        }
    }

    fn run(&mut self, effects: Vec<Effect>, desk: &mut dyn Desk) -> Flow {
        let mut flow = Flow::On;
        let mut queue: VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            let cx = cx(
                desk,
                &self.keymap,
                self.lang,
                (self.now, self.at),
                self.size,
                self.status,
            );
            let more = match effect {
                Effect::Push(screen) => self.stack.push(screen, &cx),
                Effect::Replace(screen) => self.stack.replace(screen, &cx),
                Effect::Pop => self.stack.pop(super::effect::Returned::Nothing, &cx),
                Effect::Return(returned) => self.stack.pop(returned, &cx),
                Effect::Open(opening) => match desk.form(opening, &cx) {
                    Some(form) => self.stack.push(form, &cx),
                    None => Vec::new(),
                },
                Effect::Say(text, role) => {
                    self.stack.say(text, role);
                    Vec::new()
                }
                Effect::Redraw => {
                    flow = Flow::Anew;
                    Vec::new()
                }
                Effect::Quit => {
                    for effect in self.stack.leave(&cx) {
                        desk.perform(effect);
                    }
                    return Flow::Leave;
                }
                effect => self.perform(effect, desk),
            };
            // What follows from an effect comes before what was asked for after it.
            for effect in more.into_iter().rev() {
                queue.push_front(effect);
            }
            if self.stack.is_empty() {
                return Flow::Leave;
            }
        }
        flow
    }

    fn perform(&mut self, effect: Effect, desk: &mut dyn Desk) -> Vec<Effect> {
        let Some(outcome) = desk.perform(effect) else {
            return Vec::new();
        };
        if !matches!(outcome, Outcome::DraftSaved { .. }) {
            self.status = desk.status();
        }
        if let Outcome::Failed(sentence) = &outcome {
            self.stack.say(sentence.clone(), Role::Bad);
        }
        let cx = cx(
            desk,
            &self.keymap,
            self.lang,
            (self.now, self.at),
            self.size,
            self.status,
        );
        self.stack.input(Input::Done(outcome), &cx)
    }

    /// Draws the page into a buffer of the window's size; returns where the cursor stands.
    pub fn draw(&self, desk: &dyn Desk, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let cx = cx(
            desk,
            &self.keymap,
            self.lang,
            (self.now, self.at),
            self.size,
            self.status,
        );
        self.stack.draw(buffer, self.theme, &cx)
    }
}

fn cx<'a>(
    desk: &'a dyn Desk,
    keymap: &'a Keymap,
    lang: Lang,
    (now, at): (u64, u64),
    size: (u16, u16),
    status: Status,
) -> Cx<'a> {
    Cx {
        reader: desk.reader(),
        keymap,
        lang,
        now,
        at,
        size,
        status,
    }
}
