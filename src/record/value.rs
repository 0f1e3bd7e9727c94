//! A value as it stands in a log: a wire type and bytes. Wire types this build does not know are carried as they came.

use super::id::RecordId;

/// One value of one field (or of one element of it). Equal means same wire type and bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Value {
    /// The wire type of `format.md`, "Values".
    pub wire: u8,
    /// Its bytes, little-endian where they are a number.
    pub bytes: Vec<u8>,
}

/// What a well-formed value says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Known<'a> {
    /// Wire 0: the field was cleared.
    Cleared,
    /// Wire 1.
    Bool(bool),
    /// Wire 2: a number whose unit the field's type knows.
    Int(i64),
    /// Wire 3: never empty.
    Text(&'a str),
    /// Wire 4.
    Ref(RecordId),
}

impl Value {
    /// A cleared field.
    pub fn cleared() -> Self {
        Self::default()
    }

    /// Yes or no; also one element of a select_multiple.
    pub fn bool(yes: bool) -> Self {
        Self {
            wire: 1,
            bytes: vec![yes.into()],
        }
    }

    /// A number in the unit of its field type.
    pub fn int(number: i64) -> Self {
        Self {
            wire: 2,
            bytes: number.to_le_bytes().into(),
        }
    }

    /// Text that is already NFC and trimmed; empty text is a cleared field.
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            return Self::cleared();
        }
        Self {
            wire: 3,
            bytes: text.as_bytes().into(),
        }
    }

    /// A reference to a record.
    pub fn reference(id: RecordId) -> Self {
        Self {
            wire: 4,
            bytes: id.0.into(),
        }
    }

    /// What the value says; `None` if its bytes are not what its wire type asks (shown raw then).
    pub fn known(&self) -> Option<Known<'_>> {
        Some(match (self.wire, self.bytes.as_slice()) {
            (0, []) => Known::Cleared,
            (1, [0]) => Known::Bool(false),
            (1, [1]) => Known::Bool(true),
            (2, bytes) => Known::Int(i64::from_le_bytes(bytes.try_into().ok()?)),
            (3, bytes) if !bytes.is_empty() => Known::Text(std::str::from_utf8(bytes).ok()?),
            (4, bytes) => Known::Ref(RecordId(bytes.try_into().ok()?)),
            _ => return None,
        })
    }

    /// True for wire 0 without bytes.
    pub fn is_cleared(&self) -> bool {
        self.wire == 0 && self.bytes.is_empty()
    }

    /// The number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self.known() {
            Some(Known::Int(number)) => Some(number),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self.known() {
            Some(Known::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Yes or no, if it is that.
    pub fn as_bool(&self) -> Option<bool> {
        match self.known() {
            Some(Known::Bool(yes)) => Some(yes),
            _ => None,
        }
    }

    /// The record referred to, if it is a reference.
    pub fn as_ref_id(&self) -> Option<RecordId> {
        match self.known() {
            Some(Known::Ref(id)) => Some(id),
            _ => None,
        }
    }

    /// `<wire>:<hex>`, how a malformed value is shown.
    pub fn raw(&self) -> String {
        format!("{}:{}", self.wire, super::id::hex(&self.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_says_what_was_put_in() {
        assert_eq!(Value::int(-3).as_int(), Some(-3));
        assert_eq!(Value::text("走访").as_text(), Some("走访"));
        assert!(Value::text("").is_cleared());
        assert_eq!(Value::bool(true).as_bool(), Some(true));
        assert_eq!(
            Value::reference(RecordId([7; 16])).as_ref_id(),
            Some(RecordId([7; 16]))
        );
    }

    #[test]
    fn malformed_bytes_say_nothing_and_are_shown_raw() {
        for value in [
            Value {
                wire: 0,
                bytes: vec![1],
            },
            Value {
                wire: 1,
                bytes: vec![2],
            },
            Value {
                wire: 2,
                bytes: vec![0; 7],
            },
            Value {
                wire: 3,
                bytes: vec![],
            },
            Value {
                wire: 3,
                bytes: vec![0xff],
            },
            Value {
                wire: 4,
                bytes: vec![0; 15],
            },
            Value {
                wire: 9,
                bytes: vec![],
            },
        ] {
            assert_eq!(value.known(), None, "{value:?}");
        }
        assert_eq!(
            Value {
                wire: 9,
                bytes: vec![0xab]
            }
            .raw(),
            "9:ab"
        );
    }
}
