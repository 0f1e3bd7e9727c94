//! Seals: an author's signature over how far her log goes (`format.md`, "Seal and piece").
//!
//! No frame is accepted from anyone without a seal above it, so that a town can pass on what a village typed but never
//! alter it.

use super::error::ExchangeError;
use super::keys::{self, AuthorKey, PublicKey};
use crate::journal::Seal;

/// Seconds since 1970 as `YYYY-MM-DDTHH:MM:SSZ`, the only form of a time in seals and manifests.
pub fn utc(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

/// The whole seal: its five lines and the author's signature over them.
///
/// # Errors
/// As [`AuthorKey::sign`].
pub fn sign(seal: &Seal, key: &AuthorKey) -> Result<String, ExchangeError> {
    let text = seal.text();
    Ok(format!("{text}{}", key.sign(keys::SEAL, text.as_bytes())?))
}

/// Reads a seal and checks it against the key of its log's first frame. `None` unless every byte is as we would write it
/// and the signature holds.
pub fn read(bytes: &[u8], key: &PublicKey) -> Option<Seal> {
    let (seal, armour) = Seal::parse(bytes)?;
    let signer = keys::verify(keys::SEAL, seal.text().as_bytes(), armour.as_bytes())?;
    (signer == *key).then_some(seal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Chain, LogId};

    #[test]
    fn a_seal_is_read_as_it_was_written_and_nothing_else_is() {
        let key = AuthorKey::from_seed(&[7; 32], "a@1").unwrap();
        let seal = Seal {
            log: LogId([1; 16]),
            seq: 12,
            chain: Chain([2; 32]),
            time: utc(1_795_536_000),
        };
        let written = sign(&seal, &key).unwrap();
        assert_eq!(read(written.as_bytes(), &key.public()), Some(seal.clone()));
        assert_eq!(read(written.as_bytes(), &[9; 32]), None, "another key");
        for at in 0..written.len() {
            let mut changed = written.clone().into_bytes();
            changed[at] ^= 1;
            assert_eq!(read(&changed, &key.public()), None, "at {at}");
        }
        for cut in 0..written.len() {
            assert_eq!(
                read(&written.as_bytes()[..cut], &key.public()),
                None,
                "cut at {cut}"
            );
        }
        // A seq with idle zeros is signed rightly, but is not what we would write.
        let odd = seal.text().replace("seq 12", "seq 012");
        let odd = format!("{odd}{}", key.sign(keys::SEAL, odd.as_bytes()).unwrap());
        assert_eq!(read(odd.as_bytes(), &key.public()), None);
    }
}
