//! Exchange: hand a batch over, take batches in, settle what disagrees. Each line is a door; Enter shows what it would
//! do, the next Enter does it.

mod draw;

use super::settle::Settle;
use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Exported, Merged, Outcome};
use crate::tui::page::{Page, span};
use crate::tui::reader::{self, Handed};
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::theme::Role;

/// What the next Enter does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ready {
    /// It shows.
    No,
    /// It writes the batch.
    Export,
    /// It merges what is marked.
    Merge,
}

/// The screen of batches.
pub struct Exchange {
    state: reader::Exchange,
    /// The batches handed over last.
    handed: Vec<Handed>,
    /// Which batches are marked to be taken in.
    marked: Vec<bool>,
    conflicts: usize,
    at: usize,
    ready: Ready,
    working: Option<(u64, u64)>,
    exported: Option<Exported>,
    merged: Option<Merged>,
}

/// What a row is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Hand,
    Batch(usize),
    Conflicts,
}

impl Exchange {
    /// The screen; what it shows is read when it comes on top.
    pub fn new() -> Self {
        Self {
            state: reader::Exchange::default(),
            handed: Vec::new(),
            marked: Vec::new(),
            conflicts: 0,
            at: 0,
            ready: Ready::No,
            working: None,
            exported: None,
            merged: None,
        }
    }

    fn read(&mut self, cx: &Cx) {
        self.state = cx.reader.exchange();
        self.handed = cx.reader.handed();
        self.conflicts = cx.reader.conflicts().len();
        // What is trusted is marked beforehand.
        self.marked = self
            .state
            .batches
            .iter()
            .map(|batch| batch.waits.is_none())
            .collect();
        self.at = self.at.min(self.rows().len() - 1);
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows = vec![Row::Hand];
        rows.extend((0..self.state.batches.len()).map(Row::Batch));
        if self.conflicts > 0 {
            rows.push(Row::Conflicts);
        }
        rows
    }

    fn here(&self) -> Row {
        self.rows().get(self.at).copied().unwrap_or(Row::Hand)
    }

    fn files(&self) -> Vec<std::path::PathBuf> {
        let marked = self
            .state
            .batches
            .iter()
            .zip(&self.marked)
            .filter(|(_, marked)| **marked);
        marked.map(|(batch, _)| batch.path.clone()).collect()
    }

    fn open(&mut self, cx: &Cx) -> Vec<Effect> {
        match (self.here(), self.ready) {
            (Row::Hand, Ready::Export) => {
                self.ready = Ready::No;
                self.working = Some((0, 0));
                vec![Effect::Export {
                    all: self.state.hand_to.is_none(),
                }]
            }
            (Row::Hand, _) => {
                self.ready = Ready::Export;
                (self.exported, self.merged) = (None, None);
                Vec::new()
            }
            (Row::Batch(_), ready) => {
                let files = self.files();
                if files.is_empty() {
                    return vec![Effect::Say(cx.say(Word::NoneMarked).into(), Role::Quiet)];
                }
                let rehearse = ready != Ready::Merge;
                self.ready = if rehearse { Ready::Merge } else { Ready::No };
                (self.exported, self.merged) = (None, None);
                self.working = Some((0, 0));
                vec![Effect::Merge { files, rehearse }]
            }
            (Row::Conflicts, _) => vec![Effect::Push(Box::new(Settle::after(
                self.merged.clone(),
                cx,
            )))],
        }
    }

    fn act(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        let last = self.rows().len() - 1;
        match action {
            Action::Open => return self.open(cx),
            Action::Up => self.at = self.at.saturating_sub(1),
            Action::Down => self.at = (self.at + 1).min(last),
            Action::First | Action::PageUp => self.at = 0,
            Action::Last | Action::PageDown => self.at = last,
            Action::Mark => {
                if let Row::Batch(i) = self.here() {
                    if let Some(why) = &self.state.batches[i].waits {
                        return vec![Effect::Say(why.clone(), Role::Strong)];
                    }
                    self.marked[i] = !self.marked[i];
                    self.merged = None;
                }
            }
            Action::Back if self.ready != Ready::No => {}
            Action::Back => return vec![Effect::Pop],
            Action::Help => return vec![super::help(self.context(), cx)],
            _ => return vec![Effect::Say(cx.say(Word::NoSuchKey).into(), Role::Quiet)],
        }
        self.ready = Ready::No;
        Vec::new()
    }
}

impl Default for Exchange {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for Exchange {
    fn context(&self) -> Context {
        if self.working.is_some() {
            Context::Working
        } else {
            Context::Exchange
        }
    }

    fn taking(&self) -> Taking {
        Taking::NOTHING
    }

    fn update(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        match input {
            Input::Action(_) if self.working.is_some() => {
                return vec![Effect::Say(cx.say(Word::WaitForIt).into(), Role::Strong)];
            }
            Input::Action(action) => return self.act(action, cx),
            Input::Done(Outcome::Progress { done, of }) => self.working = Some((done, of)),
            Input::Done(Outcome::Exported(exported)) => {
                self.working = None;
                self.exported = Some(exported);
                self.read(cx);
            }
            Input::Done(Outcome::Merged(merged)) => {
                self.working = None;
                let done = !merged.rehearsal;
                self.merged = Some(merged);
                if done {
                    self.read(cx);
                }
            }
            Input::Done(Outcome::Failed(_)) => {
                self.working = None;
                self.ready = Ready::No;
            }
            Input::Shown | Input::Returned(_) if self.working.is_none() => self.read(cx),
            _ => {}
        }
        Vec::new()
    }

    fn chrome(&self, cx: &Cx) -> Chrome {
        let mut chrome = Chrome::of(&[cx.say(Word::Name), cx.say(Word::Exchange)], cx);
        let rows = self.rows().len();
        chrome.left_seam = vec![
            span((self.at + 1).to_string(), Role::Strong),
            span(format!(" / {rows}"), Role::Quiet),
        ];
        chrome
    }

    fn draw(&self, page: &mut Page, cx: &Cx) {
        draw::draw(self, page, cx);
    }

    fn hints(&self, _cx: &Cx) -> Vec<Hint> {
        if self.working.is_some() {
            return Vec::new();
        }
        let enter = match (self.here(), self.ready) {
            (Row::Hand, Ready::Export) => Word::WriteBatch,
            (Row::Hand, _) => Word::ShowHand,
            (Row::Batch(_), Ready::Merge) => Word::MergeNow,
            (Row::Batch(_), _) => Word::ShowMerge,
            (Row::Conflicts, _) => Word::SettleThem,
        };
        let mut hints = vec![
            Hint::As(Action::Open, enter),
            Hint::Keys(Word::UpDownKeys, Word::Other),
        ];
        if matches!(self.here(), Row::Batch(_)) {
            hints.push(Hint::Action(Action::Mark));
        }
        hints
    }
}
