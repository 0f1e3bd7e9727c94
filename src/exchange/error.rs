//! What can go wrong when stores meet. `text/exchange.rs` says it to people in both languages.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::keys::PublicKey;
use crate::codec::FrameError;
use crate::journal::JournalError;
use crate::record::LogId;
use crate::store::StoreError;

/// Why a batch file was not taken. Nothing of it was then.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It does not begin as a batch does.
    #[error("this is not a batch of jinguo")]
    NotABatch,
    /// The file ends too early.
    #[error("the file is cut short in {0}")]
    Short(String),
    /// A part is larger than it may be.
    #[error("{0} is larger than it may be")]
    Large(String),
    /// A byte of the container differs from the only one that may stand there, or something stands behind the end.
    #[error("the file was changed at {0}")]
    Changed(String),
    /// The sender's signature does not hold.
    #[error("the signature does not hold: the file was changed after it was signed")]
    Signature,
    /// The sender is not trusted.
    #[error(
        "the sender {name}({unit}) is not trusted yet; fingerprint {}",
        super::keys::fingerprint(key)
    )]
    Stranger {
        /// Her name, as she claims it.
        name: String,
        /// Her unit, as she claims it.
        unit: String,
        /// Her key.
        key: PublicKey,
    },
    /// The manifest lacks something or has it in another form.
    #[error("the manifest's {0} is missing or not in its form")]
    Manifest(&'static str),
    /// A member's checksum differs.
    #[error("the checksum of {0} does not match")]
    Checksum(String),
    /// A piece's frames are not what they must be.
    #[error("log {log}, seq {seq}: {why}")]
    Frame {
        /// The log.
        log: LogId,
        /// Where.
        seq: u64,
        /// What.
        why: FrameError,
    },
    /// A piece as a whole is not what it must be.
    #[error("log {log}, from {from}: {why}")]
    Piece {
        /// The log.
        log: LogId,
        /// Its first seq.
        from: u64,
        /// What.
        why: Fault,
    },
    /// The file could not be read to its end, or not be copied to our own disk.
    #[error("{what}: {why}")]
    Io {
        /// Which file.
        what: String,
        /// What the system said.
        why: String,
    },
}

/// What is wrong with a piece as a whole.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not one zstd frame within the bounds.
    #[error("the piece does not unpack")]
    Zstd,
    /// More or fewer bytes than the manifest says.
    #[error("the piece's length is not what the manifest says")]
    Length,
    /// More or fewer frames than its name says.
    #[error("the piece's frames are not those that its name says")]
    Frames,
    /// It ends inside a group.
    #[error("the piece ends inside a group")]
    Group,
    /// The chain does not lead to the mark in its name, or does not start at the log's beginning.
    #[error("the chain does not match")]
    Chain,
    /// The first frame is not the one that names the log.
    #[error("the log's first frame does not match")]
    First,
    /// The author's seal does not hold.
    #[error("the author's seal does not hold: someone changed what she wrote")]
    Seal,
}

/// What keeps an action of this room from being done.
#[derive(Debug, Error)]
pub enum ExchangeError {
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random,
    /// The folder has no author key.
    #[error("{0} is not a store: it has no key")]
    NoKey(PathBuf),
    /// The folder has a store already.
    #[error("{0} is a store already")]
    Exists(PathBuf),
    /// The key file is not an Ed25519 key without a password.
    #[error("the author key cannot be read")]
    Key,
    /// A name that cannot be one.
    #[error("{0:?} cannot be a name")]
    Name(String),
    /// A unit code that is none.
    #[error("{0:?} is not the code of a unit")]
    Unit(String),
    /// Nobody trusted goes by that name.
    #[error("{0:?} is nobody in the trust list")]
    Nobody(String),
    /// Several trusted people go by that name.
    #[error("{0:?} can be several people: {1:?}")]
    Several(String, Vec<String>),
    /// `settings.toml` is not what it must be.
    #[error("settings.toml: {0}")]
    Settings(String),
    /// A file of ours cannot be read or written.
    #[error("{path}: {why}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// A batch was refused.
    #[error("{path}: {why}")]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        why: Refusal,
    },
    /// A piece larger than any peer would take: a log without a seal over more than 256 MiB.
    #[error("log {0} has more than 256 MiB between two seals")]
    Unsealed(LogId),
    /// The logs cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The store cannot be read or written, or is in use.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The record is deleted beside an edit: that is settled first.
    #[error("whether the record is deleted must be settled first")]
    AliveFirst,
    /// The field is not in conflict.
    #[error("there is nothing to settle here")]
    NoConflict,
    /// There is no value of that number.
    #[error("there is no value number {0}")]
    NoChoice(usize),
}

impl ExchangeError {
    /// A file of ours that cannot be read or written.
    pub fn file(path: &Path, why: std::io::Error) -> Self {
        Self::File {
            path: path.into(),
            why,
        }
    }
}
