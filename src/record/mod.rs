//! The record core: ids, stamps, values, changes, what was seen, and the fold that turns changes into a record.
//!
//! Everything here is pure. This room knows no disk, no clock, no terminal and no randomness: they are arguments. It
//! does not know what a field means either; fields are numbers (tags), and which sibling of a conflict is shown first is
//! asked of the caller ([`fold::Order`]). `design/data.md` has the laws; `tests/it/laws.rs` holds them as properties.

pub mod change;
pub mod fold;
pub mod id;
pub mod stamp;
pub mod value;

pub use change::{Change, Dot, Element, Seen, Set, Tag};
pub use fold::{Held, Order, Record, Sibling, State, covers, fold};
pub use id::{Chain, LogId, Mark, RecordId};
pub use stamp::Stamp;
pub use value::{Known, Value};

/// The tag that stands for "alive": a change that sets it means *deleted*, every other change means *alive*.
pub const ALIVE: Tag = 0;
