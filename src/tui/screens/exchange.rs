//! Exchange: hand a batch over, take batches in, settle what disagrees. Each line is a door; Enter shows what it would
//! do, the next Enter does it.

use super::settle::Settle;
use crate::text::Word;
use crate::tui::action::{Action, Context};
use crate::tui::effect::{Effect, Exported, Merged, Outcome};
use crate::tui::page::{Page, Span, span};
use crate::tui::reader;
use crate::tui::screen::{Chrome, Cx, Hint, Input, Screen, Taking};
use crate::tui::show;
use crate::tui::theme::Role;

/// Where labels and values stand.
const LABEL: u16 = 5;
const VALUE: u16 = 17;

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

    /// What stands under the rows: the question before Enter, or what became of it.
    fn below(&self, cx: &Cx) -> Vec<Vec<Span>> {
        let pair = |label: Word, value: String, role: Role| {
            let label = cx.say(label);
            let pad = " "
                .repeat(usize::from(VALUE - LABEL).saturating_sub(crate::tui::cells::width(label)));
            vec![
                span(format!("{label}{pad}"), Role::Quiet),
                span(value, role),
            ]
        };
        if let Some((done, of)) = self.working {
            let progress = if of > 0 {
                format!("{} / {}", show::number(done), show::number(of))
            } else {
                String::new()
            };
            return vec![vec![
                span(cx.say(Word::Working), Role::Strong),
                span(format!("  {progress}"), Role::Quiet),
            ]];
        }
        if self.ready == Ready::Export {
            return vec![
                pair(Word::HandTo, self.receiver(cx), Role::Text),
                pair(
                    Word::Amount,
                    Word::Changes.with(cx.lang, &[&show::number(self.state.owed)]),
                    Role::Text,
                ),
                pair(Word::SignedBy, self.state.fingerprint.clone(), Role::Quiet),
                vec![span(cx.say(Word::EnterHands), Role::Strong)],
            ];
        }
        if let Some(batch) = &self.exported {
            return vec![
                vec![span(cx.say(Word::HandedOver), Role::Strong)],
                pair(Word::File, batch.path.display().to_string(), Role::Text),
                pair(
                    Word::Amount,
                    Word::Changes.with(cx.lang, &[&show::number(batch.changes)]),
                    Role::Text,
                ),
                pair(Word::Size, size(batch.size), Role::Text),
                pair(Word::SignedBy, batch.fingerprint.clone(), Role::Quiet),
            ];
        }
        let Some(merged) = &self.merged else {
            return Vec::new();
        };
        let n = show::number;
        let heading = if merged.rehearsal {
            Word::WouldMerge
        } else {
            Word::DidMerge
        };
        let balanced = merged.adds_up();
        let mut out = vec![
            vec![
                span(cx.say(heading), Role::Strong),
                span(
                    format!("  {}", Word::Batches.with(cx.lang, &[&n(merged.files)])),
                    Role::Quiet,
                ),
            ],
            vec![
                span(merged.sum(cx.lang), Role::Strong),
                span(
                    format!(
                        "  {}",
                        cx.say(if balanced {
                            Word::Balanced
                        } else {
                            Word::NotBalanced
                        })
                    ),
                    if balanced { Role::Quiet } else { Role::Bad },
                ),
            ],
        ];
        if !merged.rehearsal {
            out.extend([
                pair(Word::CreatedRecords, n(merged.created), Role::Text),
                pair(Word::ChangedRecords, n(merged.changed), Role::Text),
                pair(
                    Word::InConflict,
                    n(merged.conflicted),
                    if merged.conflicted > 0 {
                        Role::Bad
                    } else {
                        Role::Text
                    },
                ),
            ]);
        }
        out.extend(
            merged
                .notes
                .iter()
                .map(|note| vec![span(note.clone(), Role::Strong)]),
        );
        if merged.rehearsal {
            out.push(vec![span(cx.say(Word::EnterMerges), Role::Strong)]);
        }
        out
    }

    fn receiver(&self, cx: &Cx) -> String {
        self.state
            .hand_to
            .clone()
            .unwrap_or_else(|| cx.say(Word::NoReceiver).into())
    }
}

impl Default for Exchange {
    fn default() -> Self {
        Self::new()
    }
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{} B", show::number(bytes)),
        10_000..10_000_000 => format!("{} KB", show::number(bytes / 1000)),
        _ => format!("{} MB", show::number(bytes / 1_000_000)),
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
        let (w, h) = (page.width(), page.height());
        let mut y = 3;
        let mut caret = None;
        page.text(1, y, w, cx.say(Word::HandOver), Role::Strong);
        y += 1;
        for (place, row) in self.rows().into_iter().enumerate() {
            if row == Row::Batch(0) {
                page.text(1, y + 1, w, cx.say(Word::Inbox), Role::Strong);
                y += 2;
            }
            if row == Row::Conflicts {
                page.text(1, y + 1, w, cx.say(Word::Conflicts), Role::Strong);
                y += 2;
            }
            let marked = place == self.at;
            if marked {
                page.marker(1, y);
                caret = Some((1, y));
            }
            self.draw_row(row, marked, y, page, cx);
            y += 1;
        }
        if self.state.batches.is_empty() {
            page.text(1, y + 1, w, cx.say(Word::Inbox), Role::Strong);
            let none = Word::InboxEmpty.with(cx.lang, &[&self.state.inbox.display().to_string()]);
            page.text(LABEL, y + 2, w - LABEL - 1, &none, Role::Quiet);
            y += 3;
        }
        let below = self.below(cx);
        if !below.is_empty() {
            y = (y + 1).min(h.saturating_sub(3 + below.len() as u16));
            page.rule(0, w, y);
            for spans in &below {
                y += 1;
                page.spans(LABEL, y, w - LABEL - 1, spans);
            }
        }
        if let (Some((x, y)), None) = (caret, self.working) {
            page.put_caret(x, y);
        }
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

impl Exchange {
    fn draw_row(&self, row: Row, marked: bool, y: u16, page: &mut Page, cx: &Cx) {
        let w = page.width();
        let role = if marked { Role::Mark } else { Role::Text };
        match row {
            Row::Hand => {
                let count = Word::Changes.with(cx.lang, &[&show::number(self.state.owed)]);
                let x = page.text(LABEL, y, w - LABEL - 1, &count, role) + 2;
                let whom = Word::ToWhom.with(cx.lang, &[&self.receiver(cx)]);
                page.text(x, y, w.saturating_sub(x + 1), &whom, Role::Quiet);
            }
            Row::Batch(i) => {
                let batch = &self.state.batches[i];
                let sign = if self.marked[i] {
                    "*"
                } else if batch.waits.is_some() {
                    " "
                } else {
                    "+"
                };
                page.text(3, y, 1, sign, Role::Accent);
                page.text(LABEL, y, 18, &batch.from, role);
                let count = Word::Changes.with(cx.lang, &[&show::number(batch.changes)]);
                page.right(36, y, &count, Role::Text);
                let name = batch
                    .path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                match &batch.waits {
                    Some(why) => page.text(38, y, w - 39, why, Role::Strong),
                    None => page.text(
                        38,
                        y,
                        w - 39,
                        &format!("{}  {name}", size(batch.size)),
                        Role::Quiet,
                    ),
                };
            }
            Row::Conflicts => {
                page.text(3, y, 1, "?", Role::Bad);
                page.text(
                    LABEL,
                    y,
                    w - LABEL - 1,
                    &Word::Places.with(cx.lang, &[&self.conflicts.to_string()]),
                    role,
                );
            }
        }
    }
}
