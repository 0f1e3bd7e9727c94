//! People as they come from outside: a pasted list of names, a WeChat 接龙, a roster in csv or xlsx.
//!
//! Nothing enters unseen and nothing is dropped silently: what is read comes with how sure it is, and what is passed over
//! comes with why. This room reads bytes and text that it is given; it opens no file and saves nothing.

mod cells;
mod chain;
mod han;
pub mod people;
mod pieces;
mod plain;
mod roster;
mod row;
mod surnames;
mod table;
mod wordings;
mod words;
mod zip;

pub use cells::object;
pub use chain::{Line, Passed, Reading, State, Why, read};
pub use han::Places;
pub use roster::{Column, Map, Roster, roster};
pub use table::{Table, Unread, tables};
