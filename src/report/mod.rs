//! What is computed from records for people who read it: a grid with its sums, its sheets, tables, packages of tables.
//!
//! This room is pure: what it reads is handed to it, what it makes are values and bytes. It knows no store, no screen, and
//! no field by name: which one plays which part stands in the registers. It alone names the crate that makes xlsx.

pub mod roll;
pub mod sheet;
pub mod table;
pub mod xlsx;
