//! A change: one save of one record, and what it stands on.

use super::id::{LogId, Mark, RecordId};
use super::stamp::Stamp;
use super::value::Value;

/// The number of a field within its register.
pub type Tag = u16;

/// Which of many yes/no values of a field: a choice's code or 16 bytes of an id; empty for a field with one value.
pub type Element = Vec<u8>;

/// The place of one frame: its log, its seq there, and the mark that says on which branch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Dot {
    /// The log.
    pub log: LogId,
    /// Its place in the log, from 1.
    pub seq: u64,
    /// The first bytes of the chain value at `seq`.
    pub mark: Mark,
}

/// "When the form was opened I held, of this record, every change of this log from `low` to `seq`, on the branch whose
/// chain value at `seq` begins with `mark`."
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Seen {
    /// The log.
    pub log: LogId,
    /// 1, or the first seq behind a gap.
    pub low: u64,
    /// The last change of this record in the run.
    pub seq: u64,
    /// The mark of the chain value at `seq`.
    pub mark: Mark,
}

impl Seen {
    /// The frame that this entry names.
    pub fn dot(&self) -> Dot {
        Dot {
            log: self.log,
            seq: self.seq,
            mark: self.mark,
        }
    }
}

/// `<log>:<low>-<seq>:<mark>`, as `_seen` in the JSON carries it.
impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}-{}:{}", self.log, self.low, self.seq, self.mark)
    }
}

impl std::str::FromStr for Seen {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split(':');
        let (Some(log), Some(range), Some(mark), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(());
        };
        let (low, seq) = range.split_once('-').ok_or(())?;
        Ok(Self {
            log: LogId::parse(log).ok_or(())?,
            low: low.parse().map_err(drop)?,
            seq: seq.parse().map_err(drop)?,
            mark: Mark::parse(mark).ok_or(())?,
        })
    }
}

/// One field (or one element of it) that a change sets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Set {
    /// The field.
    pub tag: Tag,
    /// Which element; empty for a field with one value.
    pub element: Element,
    /// To what.
    pub value: Value,
}

/// One save of one record, as read from a log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Where it stands.
    pub dot: Dot,
    /// When it was made, for people.
    pub at: Stamp,
    /// The record.
    pub record: RecordId,
    /// Its register's number; a record is (register, id).
    pub register: u32,
    /// What its writer held of this record when the form was opened.
    pub seen: Vec<Seen>,
    /// What it sets; sorted by tag, then element, when we write it, in any order when we read it.
    pub sets: Vec<Set>,
}

impl Change {
    /// The order of people: (at, log, seq, chain). It has no part in what covers what.
    pub fn display_order(&self) -> (Stamp, Dot) {
        (self.at, self.dot)
    }

    /// Whether this change deletes its record.
    pub fn deletes(&self) -> bool {
        self.sets.iter().any(|set| set.tag == super::ALIVE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seen_entry_is_read_as_it_is_written() {
        let seen = Seen {
            log: LogId([1; 16]),
            low: 1,
            seq: 14,
            mark: Mark([0xab; 8]),
        };
        assert_eq!(
            seen.to_string(),
            format!("{}:1-14:{}", "01".repeat(16), "ab".repeat(8))
        );
        assert_eq!(seen.to_string().parse(), Ok(seen));
        for wrong in ["", "a:b:c", "1-2", &format!("{seen}:x")] {
            assert!(wrong.parse::<Seen>().is_err(), "{wrong}");
        }
    }
}
