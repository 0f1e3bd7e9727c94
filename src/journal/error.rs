//! What can go wrong with a journal, and what a person should be told after it was opened.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::codec::FrameError;
use crate::record::LogId;

/// Why a journal could not do what it was asked. Words for people: `text::journal`.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The disk failed: full, gone, read-only, broken.
    #[error("{path}: {source}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// Bytes that were held are no longer what they were.
    #[error("log {log}, seq {seq} (segment {segment}, byte {offset}): {source}")]
    Damage {
        /// The log.
        log: LogId,
        /// The frame.
        seq: u64,
        /// The segment.
        segment: u32,
        /// Where the frame starts in it.
        offset: u64,
        /// What is wrong.
        source: FrameError,
    },
    /// A pointer or place that names nothing held: the view does not belong to these logs.
    #[error("nothing is held at {0}")]
    NotHeld(String),
    /// There is no own log yet, or it has ended: a new one must begin first.
    #[error("there is no own log to append to")]
    NoOwn,
    /// A change that does not fit into a frame.
    #[error("a change does not fit: {0}")]
    Change(#[source] FrameError),
    /// A piece, seal or first frame that must not be taken.
    #[error("log {log}, seq {seq}: {why}")]
    Refused {
        /// The log it claims.
        log: LogId,
        /// The frame, or 0.
        seq: u64,
        /// Why.
        why: Refusal,
    },
    /// Signing failed; nothing was sealed.
    #[error("signing failed: {0}")]
    Sign(String),
}

/// Why a piece, seal or first frame is not taken.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A frame is not what it must be.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The first frame is not that of the log.
    #[error("the first frame is of another log")]
    First,
    /// The piece ends within a group.
    #[error("the piece ends within a group")]
    Group,
    /// The chain does not end in the value that the seal names.
    #[error("the chain does not lead to its seal")]
    Chain,
    /// A seal that is not written as a seal must be.
    #[error("the seal is not well formed")]
    Seal,
    /// A piece from 1 that does not stand on the first frame.
    #[error("the piece does not stand on the log's first frame")]
    Before,
    /// The piece stands on frames that are not held, and nobody accepted that.
    #[error("what comes before is not held")]
    Waits,
}

impl JournalError {
    /// For `map_err`: the disk failed at this path.
    pub(crate) fn disk(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Disk { path, source }
    }
}

/// Something that a person should be told. Words: `text::journal`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// The own log ended in an unfinished save, which was never confirmed on screen; it was cut off and kept aside.
    TornTail {
        /// The own log.
        log: LogId,
        /// The last seq that stands.
        seq: u64,
        /// How many bytes were cut.
        bytes: u64,
        /// Where they are kept.
        aside: PathBuf,
    },
    /// Frames that were held (applied, or under a seal) are lost or changed. The log counts up to `seq`.
    Damage {
        /// The log.
        log: LogId,
        /// The last seq that stands.
        seq: u64,
        /// What was found.
        what: String,
        /// Where the bytes that no longer count are kept, if there are any.
        aside: Option<PathBuf>,
    },
    /// The own log has ended; a new log of the same person must begin before the next save.
    OwnEnded {
        /// The log that ended.
        log: LogId,
        /// Why.
        why: Ended,
    },
    /// A log of someone else has frames behind its last seal: a merge was broken off. They do not count; merging the
    /// same file again brings them.
    Unsealed {
        /// The log.
        log: LogId,
        /// The last seq that counts.
        seq: u64,
    },
    /// A folder under `journal/` that is not a log, or whose first frame is damaged. It is left as it is and not read.
    NotALog {
        /// The folder.
        path: PathBuf,
    },
    /// A draft could not be read; its file was put aside.
    BrokenDraft {
        /// Where it is kept.
        aside: PathBuf,
    },
}

/// Why an own log takes no more changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// Frames of it are lost or damaged.
    Damaged,
    /// This store is a copy of another, or was moved or restored (`here` differs).
    Copied,
    /// Changes of it came back that this store lacked: it was restored from an older copy.
    Restored,
    /// The log is not there.
    Missing,
}

impl Ended {
    /// The word in the `ended` file.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Copied => "copied",
            Self::Restored => "restored",
            Self::Missing => "missing",
        }
    }
}

/// One place where a log is not what it must be, as [`super::Journal::check`] finds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damage {
    /// The log.
    pub log: LogId,
    /// The first frame that is wrong.
    pub seq: u64,
    /// The segment's file.
    pub segment: u32,
    /// Where it starts there.
    pub offset: u64,
    /// What is wrong.
    pub what: String,
}
