//! The demonstration: Wanzhou's federations, several cadres with a year of work behind them, their batches merged.
//!
//! Everybody and everything in it is made up, from one seed; dates count back from today. The only room beside `text`
//! that may name registers and fields.

mod acts;
mod calendar;
mod cast;
mod dice;
mod families;
mod handling;
mod names;
mod notes;
mod orgs;
mod plan;
mod typing;
mod wants;
