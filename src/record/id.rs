//! Names of things: records, logs, chain values and their marks. All are plain bytes, shown as lower-case hex.

use std::fmt;

use sha2::{Digest, Sha256};

use super::value::Value;

/// Writes `bytes` as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Reads exactly `N` bytes of lower-case hex; anything else is `None`.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.as_bytes();
    if text.len() != N * 2 {
        return None;
    }
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let mut out = [0; N];
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = digit(text[2 * i])? << 4 | digit(text[2 * i + 1])?;
    }
    Some(out)
}

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $n:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $n]);

        impl $name {
            /// Reads the hex form; `None` unless it is exactly that.
            pub fn parse(text: &str) -> Option<Self> {
                unhex(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }
    };
}

bytes_id!(
    /// A record's id: a UUID v7, or the hash of a natural key. A record is (register, id).
    RecordId, 16
);
bytes_id!(
    /// A log's id: the first 16 bytes of its chain value at seq 0.
    LogId, 16
);
bytes_id!(
    /// The first 8 bytes of a chain value: names one branch of a log at one seq.
    Mark, 8
);
bytes_id!(
    /// A chain value: the hash over all digests of a log up to one frame.
    Chain, 32
);

impl Chain {
    /// The first 8 bytes.
    pub fn mark(&self) -> Mark {
        let mut mark = [0; 8];
        mark.copy_from_slice(&self.0[..8]);
        Mark(mark)
    }

    /// The log id that this value names if it is the chain value at seq 0.
    pub fn log_id(&self) -> LogId {
        let mut id = [0; 16];
        id.copy_from_slice(&self.0[..16]);
        LogId(id)
    }
}

impl RecordId {
    /// A UUID of version 7 (RFC 9562, 5.7) from milliseconds since 1970 and 10 random bytes.
    pub fn v7(millis: u64, random: [u8; 10]) -> Self {
        let mut id = [0; 16];
        id[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        id[6..].copy_from_slice(&random);
        id[6] = 0x70 | id[6] & 0x0f;
        id[8] = 0x80 | id[8] & 0x3f;
        Self(id)
    }

    /// The id of a record with a natural key (`format.md`, "Records"): the key's values in the order of the register's
    /// `key`, none of them empty.
    pub fn of_key<'a>(register: u32, key: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"jinguo-key-1");
        hash.update(register.to_le_bytes());
        for value in key {
            hash.update([value.wire]);
            // A value lies in a frame, which is bounded at 1 MiB.
            hash.update((value.bytes.len() as u32).to_le_bytes());
            hash.update(&value.bytes);
        }
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finalize()[..16]);
        Self(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_only_as_it_is_written() {
        let id = RecordId([0xab; 16]);
        assert_eq!(RecordId::parse(&id.to_string()), Some(id));
        assert_eq!(RecordId::parse(&id.to_string().to_uppercase()), None);
        assert_eq!(RecordId::parse("ab"), None);
    }

    #[test]
    fn a_v7_id_carries_its_time_version_and_variant() {
        let id = RecordId::v7(0x0123_4567_89ab, [0xff; 10]);
        assert_eq!(id.to_string(), "0123456789ab7fffbfffffffffffffff");
    }

    #[test]
    fn a_natural_key_depends_on_every_part() {
        let (a, b) = (Value::text("a"), Value::text("b"));
        assert_eq!(RecordId::of_key(1, [&a, &b]), RecordId::of_key(1, [&a, &b]));
        assert_ne!(RecordId::of_key(1, [&a, &b]), RecordId::of_key(1, [&b, &a]));
        assert_ne!(RecordId::of_key(1, [&a]), RecordId::of_key(2, [&a]));
    }
}
