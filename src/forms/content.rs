//! What a field of a form holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::{Element, Tag, Value};

/// What a field of a form holds: nothing, one value, or the chosen elements of a select_multiple or ref_multiple.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Content {
    /// Nothing.
    #[default]
    Empty,
    /// One value, never a cleared one.
    One(Value),
    /// Chosen codes or ids, never none.
    Many(BTreeSet<Element>),
}

impl Content {
    /// One value; a cleared one is empty.
    pub fn one(value: Value) -> Self {
        if value.is_cleared() {
            Self::Empty
        } else {
            Self::One(value)
        }
    }

    /// Chosen elements; none is empty.
    pub fn many(chosen: impl IntoIterator<Item = Element>) -> Self {
        let chosen: BTreeSet<Element> = chosen.into_iter().collect();
        if chosen.is_empty() {
            Self::Empty
        } else {
            Self::Many(chosen)
        }
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The one value, if it holds one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::One(value) => Some(value),
            _ => None,
        }
    }
}

/// The fields of a record or form that hold something.
pub type Contents = BTreeMap<Tag, Content>;
