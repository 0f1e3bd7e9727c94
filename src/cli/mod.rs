//! The command line: one file a command.

mod args;
mod ask;
mod fault;
mod lines;
mod out;
mod place;
mod progress;
