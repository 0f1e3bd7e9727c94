//! What a screen asks for. Screens never write: the loop runs effects against the ledger and hands back what became of
//! them as input.

use std::path::PathBuf;

use super::screen::Screen;
use super::theme::Role;
use crate::forms::{Content, Lang};
use crate::record::{RecordId, Seen, Set, Tag};
use crate::text::Word;

/// What a screen asks for.
pub enum Effect {
    /// Puts a screen on top.
    Push(Box<dyn Screen>),
    /// Puts a screen in the place of this one.
    Replace(Box<dyn Screen>),
    /// Takes this screen away.
    Pop,
    /// Takes this screen away and hands something back to the one below.
    Return(Returned),
    /// Opens a form on top.
    Open(Opening),
    /// One line in the seam, until the next key.
    Say(String, Role),
    /// Saves changes, all or none; answered by `Done`.
    Save(Vec<Saving>),
    /// Keeps a draft: the file's name and its bytes; answered by `Done`.
    SaveDraft(String, Vec<u8>),
    /// Throws a draft away.
    DropDraft(String),
    /// Makes the store: the first start.
    Begin {
        /// Her name.
        name: String,
        /// Her unit's code.
        unit: String,
    },
    /// Writes a batch; answered by `Done`.
    Export {
        /// Everything, not only what the receiver lacks.
        all: bool,
    },
    /// Merges batches; answered by `Done`.
    Merge {
        /// The files.
        files: Vec<PathBuf>,
        /// Only says what it would do.
        rehearse: bool,
    },
    /// Forgets what is on the terminal and draws all of it.
    Redraw,
    /// Leaves the program; drafts are kept.
    Quit,
}

/// A record to be saved: new, or changed. Only what differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saving {
    /// The register's number.
    pub register: u32,
    /// The record, given also for a new one.
    pub record: RecordId,
    /// What the form held of it when it opened; empty for a new one.
    pub seen: Vec<Seen>,
    /// What it sets.
    pub sets: Vec<Set>,
}

/// Which form to open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Opening {
    /// A new record of a register.
    New(u32),
    /// A new record of the first register that refers to the second one, for that record: her next visit.
    For {
        /// The register of the new record.
        register: u32,
        /// The field that refers.
        tag: Tag,
        /// The record referred to.
        to: RecordId,
    },
    /// A new record with several fields filled: like another one, or with what the last one of the own hand carries.
    Filled {
        /// The register of the new record.
        register: u32,
        /// The record that it is like.
        like: Option<RecordId>,
        /// Fields and what they hold.
        fill: Vec<(Tag, Content)>,
    },
    /// A new record filled from another one: only what changed.
    Again(u32, RecordId),
    /// A record that is there.
    Edit(u32, RecordId),
    /// A draft, by its file's name.
    Draft(String),
}

/// What a screen hands back to the one below.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Returned {
    /// Nothing.
    Nothing,
    /// The number of an answer to a question.
    Answer(u8),
    /// A record that was made or picked.
    Record(u32, RecordId),
}

/// What became of an effect.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// The changes are on disk; the wall clock of that moment, and the records.
    Saved {
        /// Milliseconds since 1970.
        at: u64,
        /// Register and id of each, in the order given.
        records: Vec<(u32, RecordId)>,
    },
    /// The draft is thrown away.
    DraftDropped,
    /// The store is made.
    Begun,
    /// A batch is written.
    Exported(Exported),
    /// Batches are merged, or would be.
    Merged(Merged),
    /// The draft is on disk.
    DraftSaved {
        /// The file's name.
        name: String,
        /// Milliseconds since 1970.
        at: u64,
    },
    /// It could not be done; the sentence says what happened, what it means for her data, and what to do.
    Failed(String),
    /// How far long work is.
    Progress {
        /// Done.
        done: u64,
        /// Of so many; 0 while that is not known.
        of: u64,
    },
}

/// A batch that was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exported {
    /// The file.
    pub path: PathBuf,
    /// Changes in it.
    pub changes: u64,
    /// Bytes of the file.
    pub size: u64,
    /// The fingerprint of the key that signed it.
    pub fingerprint: String,
}

/// What a merge did, or would do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Merged {
    /// Whether nothing was written.
    pub rehearsal: bool,
    /// Files looked at.
    pub files: u64,
    /// Changes that came: new + known + waiting + refused.
    pub came: u64,
    /// Changes that are new here.
    pub new: u64,
    /// Changes that were here already.
    pub known: u64,
    /// Changes that wait for a trusted key or an earlier piece.
    pub waiting: u64,
    /// Changes that were refused.
    pub refused: u64,
    /// Of the new ones: records they made.
    pub created: u64,
    /// Records they changed.
    pub changed: u64,
    /// Records in conflict since.
    pub conflicted: u64,
    /// In a rehearsal the same three by register.
    pub registers: Vec<Counts>,
    /// Sentences about what waits and what was refused.
    pub notes: Vec<String>,
}

/// What a merge would do to the records of a register.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// The register's number.
    pub register: u32,
    /// Records it would make.
    pub created: u64,
    /// Records it would change.
    pub changed: u64,
    /// Records in conflict since.
    pub conflicted: u64,
}

impl Merged {
    /// Whether new, known, waiting and refused make up what came.
    pub fn adds_up(&self) -> bool {
        self.came == self.new + self.known + self.waiting + self.refused
    }

    /// The balance as one sum, in words.
    pub fn sum(&self, lang: Lang) -> String {
        let parts = [self.came, self.new, self.known, self.waiting, self.refused];
        let parts = parts.map(super::show::number);
        Word::Balance.with(lang, &parts.each_ref().map(String::as_str))
    }
}
