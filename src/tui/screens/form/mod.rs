//! The form: one record being typed, with its rows, its panel, its draft.

pub mod digits;
