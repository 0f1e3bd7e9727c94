//! The text of a seal (`format.md`, "Seal and piece"). Signing and verifying lie in `exchange`; here it is only written
//! and read, strictly.

use crate::record::id::unhex;
use crate::record::{Chain, Dot, LogId, Mark};

/// The largest file of a seal.
pub const MAX_SEAL: usize = 4096;

/// What the author of a log signs: "my log stands thus at seq".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seal {
    /// The log.
    pub log: LogId,
    /// The last frame under the seal.
    pub seq: u64,
    /// The chain value there.
    pub chain: Chain,
    /// When it was sealed: `YYYY-MM-DDTHH:MM:SSZ`.
    pub time: String,
}

impl Seal {
    /// The frame that it stands behind.
    pub fn dot(&self) -> Dot {
        Dot {
            log: self.log,
            seq: self.seq,
            mark: self.chain.mark(),
        }
    }

    /// The five lines that are signed.
    pub fn text(&self) -> String {
        format!(
            "jinguo-seal 1\nlog {}\nseq {}\nchain {}\ntime {}\n",
            self.log, self.seq, self.chain, self.time
        )
    }

    /// Reads a seal's file: the seal and the armoured signature behind it, whose form is the business of `exchange`.
    /// `None` unless the five lines are exactly what [`Seal::text`] writes.
    pub fn parse(file: &[u8]) -> Option<(Self, &str)> {
        if file.len() > MAX_SEAL {
            return None;
        }
        let file = std::str::from_utf8(file).ok()?;
        let end = file.match_indices('\n').nth(4)?.0 + 1;
        let (text, signature) = file.split_at(end);
        let mut lines = text.lines();
        let mut value = |name: &str| lines.next()?.strip_prefix(name);
        value("jinguo-seal 1")?;
        let seal = Self {
            log: LogId::parse(value("log ")?)?,
            seq: value("seq ")?.parse().ok()?,
            chain: Chain(unhex(value("chain ")?)?),
            time: value("time ")?.to_owned(),
        };
        let good = seal.seq > 0 && is_time(&seal.time) && seal.text() == text;
        good.then_some((seal, signature))
    }
}

/// Whether it is a time of a day that there is, `YYYY-MM-DDTHH:MM:SSZ`.
pub fn is_time(text: &str) -> bool {
    let form = b"0000-00-00T00:00:00Z";
    let fits = text.len() == form.len()
        && text.bytes().zip(form).all(|(found, form)| match form {
            b'0' => found.is_ascii_digit(),
            form => found == *form,
        });
    fits && text.parse::<jiff::Timestamp>().is_ok() && &text[17..19] != "60"
}

/// `<to>-<mark>.seal`.
pub(super) fn file_name(seq: u64, mark: Mark) -> String {
    format!("{seq}-{mark}.seal")
}

/// Reads a seal's file name.
pub(super) fn parse_name(name: &str) -> Option<(u64, Mark)> {
    let (seq, mark) = name.strip_suffix(".seal")?.split_once('-')?;
    let (seq, mark) = (seq.parse().ok()?, Mark::parse(mark)?);
    (file_name(seq, mark) == name).then_some((seq, mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_read_exactly_as_it_is_written() {
        let seal = Seal {
            log: LogId([1; 16]),
            seq: 12,
            chain: Chain([0xab; 32]),
            time: "2026-11-24T08:00:00Z".into(),
        };
        let text = seal.text();
        assert_eq!(
            text,
            format!(
                "jinguo-seal 1\nlog {}\nseq 12\nchain {}\ntime 2026-11-24T08:00:00Z\n",
                "01".repeat(16),
                "ab".repeat(32)
            )
        );
        let file = format!("{text}-----BEGIN");
        assert_eq!(
            Seal::parse(file.as_bytes()),
            Some((seal.clone(), "-----BEGIN"))
        );
        for wrong in [
            text.replace("seq 12", "seq 012"),
            text.replace("seq 12", "seq +12"),
            text.replace("seq 12", "seq 0"),
            text.replace("ab", "AB"),
            text.replace('\n', "\r\n"),
            text.replace("11-24", "11-31"),
            text.replace("00Z", "60Z"),
            text.replace("seal 1", "seal 12"),
            text[..text.len() - 1].to_owned(),
            format!("{text}{}", "x".repeat(MAX_SEAL)),
        ] {
            assert_eq!(Seal::parse(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_seals_name_carries_seq_and_mark() {
        let name = file_name(7, Mark([0xcd; 8]));
        assert_eq!(name, "7-cdcdcdcdcdcdcdcd.seal");
        assert_eq!(parse_name(&name), Some((7, Mark([0xcd; 8]))));
        for wrong in ["07-cdcdcdcdcdcdcdcd.seal", "7-cd.seal", "x.seal", "7"] {
            assert_eq!(parse_name(wrong), None);
        }
    }
}
