//! How stores meet: keys, trust, batch files, merging; and the ledger that a program opens.
//!
//! A batch is verified in the spool to its last byte before anything of it is taken, and taken or refused whole. What is
//! taken is only frames under their author's seal; so who passes a log on can withhold it, never alter it. A merge is the
//! union of logs: nothing is settled or dropped here, and any order and repetition gives the same records.
//!
//! ```text
//! file -> spool (receive: signature, checksums, each piece's chain and seal)
//!      -> plan  (known, new, waiting: the same for a dry run)
//!      -> journal.take -> store.apply_logs -> balance, forks, what waits
//! ```
//! This room knows no screen and no field: what a record holds it carries as it came. Formats: `format.md`, "Seal and
//! piece", "Batch", "The store's folder".

pub mod batch;
pub mod commit;
pub mod conflict;
pub mod disk;
pub mod error;
pub mod export;
pub mod handed;
pub mod here;
pub mod history;
pub mod introduce;
pub mod keys;
pub mod ledger;
pub mod manifest;
pub mod merge;
pub mod name;
pub mod peers;
pub mod piece;
pub mod plan;
#[cfg(test)]
mod plan_tests;
pub mod receive;
#[cfg(test)]
mod receive_tests;
mod rehearse;
pub mod seal;
pub mod settings;
pub mod trust;
pub mod ustar;
pub mod waiting;

pub use error::{ExchangeError, Fault, Refusal};
