//! The tests that look at the house from outside, in one binary. One line a file.

mod acts;
mod cli;
mod cli_exchange;
mod desk;
mod exchange;
mod golden;
mod held;
mod house;
mod intake;
mod laws;
mod outside;
mod papers;
mod pty;
mod report;
mod rosters;
mod scenarios;
mod sources;
mod terminal;
mod universe;
