//! Jinguo (巾帼): a keyboard ledger for the field cadres of a district women's federation. Cadres type what they did today,
//! offline, in a terminal; the district merges what hundreds of them typed and sees every disagreement.
//!
//! # One idea
//!
//! Each store appends its author's changes to her own log; a record is the set of changes that name it; merging is the
//! union of logs. All else can be thrown away and computed again.
//!
//! ```text
//! keys -> form -> change ---> journal/<log>    (append, fdatasync)   <- the truth
//!                               |        ^
//!                               v        |  union, piece by piece, each under its author's seal
//!                             sled view  batch file
//!                               |
//!                               v
//!                     lists, search, screens, the command line
//! ```
//!
//! # The map of the house
//!
//! | room | what it is | what it must not know |
//! |---|---|---|
//! | [`record`] | ids, stamps, values, changes, what was seen, the fold, conflicts | disk, clock, terminal, randomness, what a field means |
//! | [`forms`] | registers as data: the TOML files, types, expressions, an entry being typed | where records are kept, how a screen looks |
//! | [`intake`] | people and rows from outside: 接龙, lists of names, csv, xlsx | files, where records are kept |
//! | [`codec`] | the bytes of a change and a frame; alone names bincode | files |
//! | [`files`] | the one trait through which bytes reach a disk, and one that fails on purpose for tests | what the bytes mean |
//! | [`journal`] | logs: chain, write, read, verify, seal, repair | the view, trust, fields |
//! | [`drafts`] | forms that are not saved yet | logs |
//! | [`store`] | the sled view: lists, search, references; alone names sled | screens, batches |
//! | [`exchange`] | keys, trust, batch files, merging; the ledger that a program opens | screens |
//! | [`report`] | what is computed for readers: a grid with its sums, sheets, tables | where records are kept, screens |
//! | [`text`] | the words of the interface, Chinese and English | how they are laid out |
//! | [`demo`] | the demonstration | |
//! | [`tui`] | loop, keymap, theme, screens, widgets; alone names ratatui | how anything is stored: it reads through a small trait and returns effects |
//! | [`cli`] | one file a command | screens |
//!
//! Dependencies run one way: `record <- forms <- intake, codec <- files <- journal, drafts <- store <- exchange, report <-
//! text, demo <- tui, cli <- main`. A test (`tests/it/house.rs`) reads the sources and holds this, and what follows.
//!
//! # Invariants
//!
//! - **What covers what never asks a clock.** `at` orders what people see; only `seen` decides. ([`record::fold()`])
//! - **Nothing that nobody saw is overwritten**, and what was settled stays settled: laws in `tests/it/laws.rs`.
//! - **"Saved" is said only when it is on disk.** ([`journal`])
//! - **Bytes received are kept, never re-encoded**; what this build does not know is carried as it came. ([`codec`])
//! - **No frame of anyone else is taken without a seal above it**, and nothing is parsed before it was verified. ([`exchange`])
//! - **The view may be thrown away at any moment**: every failure of it is answered by rebuilding. ([`store`])
//! - **No code names a register or a field**: those are data. The demonstration, which is data in code, may.
//! - **Screens never write.** They return effects; one place runs them. ([`tui`])
//!
//! # What is absent on purpose
//!
//! No server, no async runtime, no network. No globals, no thread-locals, no `unsafe`. No timestamps that win. No second
//! mechanism beside changes: trust to come, revocation and erasure are changes too.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
// A room's own words name its inner parts, which are private.
#![allow(rustdoc::private_intra_doc_links)]

pub mod cli;
pub mod codec;
pub mod demo;
pub mod drafts;
pub mod exchange;
pub mod files;
pub mod forms;
pub mod intake;
pub mod journal;
pub mod record;
pub mod report;
pub mod store;
pub mod text;
pub mod tui;
