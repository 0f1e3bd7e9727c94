//! The command line: one file a command.

mod args;
mod out;
mod place;
mod progress;
