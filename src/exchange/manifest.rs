//! What a batch says of itself: `manifest.toml` and `SHA256SUMS` (`format.md`, "Batch").

use serde::Deserialize;

use super::error::Refusal;
use super::keys::{self, PublicKey};
use crate::journal::is_time;
use crate::record::{Chain, Dot, LogId, Mark, id::unhex};

/// The largest manifest and the largest `SHA256SUMS`.
pub const MAX_TEXT: u64 = 16 << 20;

/// Who made a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Her name, as she claims it.
    pub name: String,
    /// Her unit, as she claims it.
    pub unit: String,
    /// Her key: the batch is signed with it.
    pub key: PublicKey,
    /// Her log, whose batches are numbered.
    pub log: LogId,
}

/// A run of frames of one log, from behind a seal (or from 1) up to a seal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// The log.
    pub log: LogId,
    /// Its first seq.
    pub from: u64,
    /// Its last seq.
    pub to: u64,
    /// The mark at `to`, from the piece's name.
    pub mark: Mark,
    /// The chain value at `from` - 1.
    pub before: Chain,
    /// Bytes of its frames, unpacked.
    pub bytes: u64,
}

impl Piece {
    /// How many changes it holds.
    pub fn changes(&self) -> u64 {
        self.to - self.from + 1
    }

    /// Its last frame.
    pub fn end(&self) -> Dot {
        Dot {
            log: self.log,
            seq: self.to,
            mark: self.mark,
        }
    }

    /// `<from>-<to>-<mark>`: what its file is called before `.zst`.
    pub fn stem(&self) -> String {
        format!("{}-{}-{}", self.from, self.to, self.mark)
    }

    /// The member of its frames.
    pub fn member(&self) -> String {
        format!("logs/{}/{}.zst", self.log, self.stem())
    }

    /// The member of its seal.
    pub fn seal(&self) -> String {
        format!("logs/{}/{}-{}.seal", self.log, self.to, self.mark)
    }
}

/// The member of a log's first frame.
pub fn first_member(log: &LogId) -> String {
    format!("logs/{log}/first")
}

/// What `manifest.toml` says, with the marks that `SHA256SUMS` adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// When it was made, `YYYY-MM-DDTHH:MM:SSZ`.
    pub made: String,
    /// Counts the batches of the sender's log, from 1.
    pub number: u64,
    /// The fingerprint of whom it is for, or empty.
    pub receiver: String,
    /// Who made it.
    pub sender: Sender,
    /// Its pieces in the order of the container.
    pub pieces: Vec<Piece>,
    /// How far the sender holds each log, one entry for each branch.
    pub ends: Vec<Dot>,
}

#[derive(Deserialize)]
struct File {
    format: u64,
    made: String,
    number: u64,
    r#for: String,
    sender: FileSender,
    #[serde(default)]
    piece: Vec<FilePiece>,
    #[serde(default)]
    end: Vec<FileEnd>,
}

#[derive(Deserialize)]
struct FileSender {
    name: String,
    unit: String,
    key: String,
    log: String,
}

#[derive(Deserialize)]
struct FilePiece {
    log: String,
    from: u64,
    to: u64,
    before: String,
    bytes: u64,
}

#[derive(Deserialize)]
struct FileEnd {
    log: String,
    seq: u64,
    mark: String,
}

impl Manifest {
    /// The text of `manifest.toml`.
    pub fn text(&self) -> String {
        use std::fmt::Write;
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let sender = &self.sender;
        let mut text = format!(
            "format = 1\nmade = {}\nnumber = {}\nfor = {}\n\n[sender]\nname = {}\nunit = {}\nkey = {}\nlog = \"{}\"\n",
            quoted(&self.made),
            self.number,
            quoted(&self.receiver),
            quoted(&sender.name),
            quoted(&sender.unit),
            quoted(&keys::public_line(&sender.key, "")),
            sender.log
        );
        for piece in &self.pieces {
            // Writing into a String cannot fail.
            let _ = write!(
                text,
                "\n[[piece]]\nlog = \"{}\"\nfrom = {}\nto = {}\nbefore = \"{}\"\nbytes = {}\n",
                piece.log, piece.from, piece.to, piece.before, piece.bytes
            );
        }
        for end in &self.ends {
            let _ = write!(
                text,
                "\n[[end]]\nlog = \"{}\"\nseq = {}\nmark = \"{}\"\n",
                end.log, end.seq, end.mark
            );
        }
        text
    }

    /// Reads `manifest.toml`. The marks of the pieces are not in it: they are zeros until [`Sums::apply`] sets them.
    ///
    /// # Errors
    /// [`Refusal::Manifest`] if a key is missing or of another form; unknown keys are passed over.
    pub fn read(text: &[u8]) -> Result<Self, Refusal> {
        let bad = Refusal::Manifest;
        let text = std::str::from_utf8(text).map_err(|_| bad("text"))?;
        let file: File = toml::from_str(text).map_err(|_| bad("text"))?;
        if file.format != 1 {
            return Err(bad("format"));
        }
        if !is_time(&file.made) {
            return Err(bad("time"));
        }
        if file.number == 0 {
            return Err(bad("number"));
        }
        let is_fingerprint = |text: &str| {
            text.strip_prefix("SHA256:").is_some_and(|hash| {
                hash.len() == 43
                    && hash
                        .bytes()
                        .all(|c| c.is_ascii_alphanumeric() || b"+/".contains(&c))
            })
        };
        if !file.r#for.is_empty() && !is_fingerprint(&file.r#for) {
            return Err(bad("receiver"));
        }
        let key = keys::parse_public(&file.sender.key)
            .filter(|(key, comment)| {
                comment.is_empty() && keys::public_line(key, "") == file.sender.key
            })
            .ok_or(bad("sender's key"))?
            .0;
        let pieces = file.piece.iter().map(|piece| {
            let order = piece.from >= 1 && piece.from <= piece.to;
            Ok(Piece {
                log: LogId::parse(&piece.log).ok_or(bad("piece"))?,
                from: Some(piece.from).filter(|_| order).ok_or(bad("piece"))?,
                to: piece.to,
                mark: Mark::default(),
                before: Chain::parse(&piece.before).ok_or(bad("piece"))?,
                bytes: piece.bytes,
            })
        });
        let ends = file.end.iter().map(|end| {
            Ok(Dot {
                log: LogId::parse(&end.log).ok_or(bad("ends"))?,
                seq: end.seq,
                mark: Mark::parse(&end.mark).ok_or(bad("ends"))?,
            })
        });
        Ok(Self {
            made: file.made,
            number: file.number,
            receiver: file.r#for,
            sender: Sender {
                name: file.sender.name,
                unit: file.sender.unit,
                key,
                log: LogId::parse(&file.sender.log).ok_or(bad("sender's log"))?,
            },
            pieces: pieces.collect::<Result<_, _>>()?,
            ends: ends.collect::<Result<_, _>>()?,
        })
    }

    /// The members behind the manifest, in the order of the container.
    pub fn members(&self) -> Vec<String> {
        let mut members = Vec::with_capacity(self.pieces.len() * 3);
        let mut log = None;
        for piece in &self.pieces {
            if log != Some(piece.log) {
                members.push(first_member(&piece.log));
                log = Some(piece.log);
            }
            members.extend([piece.member(), piece.seal()]);
        }
        members
    }
}

/// `SHA256SUMS`: the checksum of every member behind the signature, as `sha256sum` writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(pub Vec<(String, [u8; 32])>);

impl Sums {
    /// The text: `<hex64>  <name>` and LF.
    pub fn text(&self) -> String {
        self.0
            .iter()
            .map(|(name, sum)| format!("{}  {name}\n", Chain(*sum)))
            .collect()
    }

    /// Reads the text; its first line must be the manifest's.
    ///
    /// # Errors
    /// [`Refusal::Changed`] for anything that [`Sums::text`] would not write.
    pub fn read(text: &[u8]) -> Result<Self, Refusal> {
        let changed = || Refusal::Changed("SHA256SUMS".into());
        let text = std::str::from_utf8(text).map_err(|_| changed())?;
        let lines = text.strip_suffix('\n').ok_or_else(changed)?.split('\n');
        let sums = lines.map(|line| {
            let (sum, name) = line.split_once("  ").ok_or_else(changed)?;
            Ok((name.to_owned(), unhex(sum).ok_or_else(changed)?))
        });
        let sums: Vec<_> = sums.collect::<Result<_, Refusal>>()?;
        match sums.first() {
            Some((name, _)) if name == "manifest.toml" => Ok(Self(sums)),
            _ => Err(changed()),
        }
    }

    /// Gives the manifest's pieces the marks that their names carry, and checks that the names and their order are
    /// exactly those that the manifest implies, none of them twice.
    ///
    /// # Errors
    /// [`Refusal::Manifest`] if they are not.
    pub fn apply(&self, manifest: &mut Manifest) -> Result<(), Refusal> {
        let bad = Refusal::Manifest("list of pieces");
        let mut names = self.0[1..].iter().map(|(name, _)| name.as_str());
        let mut log = None;
        for piece in &mut manifest.pieces {
            if log != Some(piece.log) {
                names.next();
                log = Some(piece.log);
            }
            let name = names.next().ok_or(bad.clone())?;
            names.next();
            piece.mark = name
                .strip_suffix(".zst")
                .and_then(|stem| Mark::parse(stem.rsplit_once('-')?.1))
                .ok_or(bad.clone())?;
        }
        let key = |piece: &Piece| (piece.log, piece.from, piece.to, piece.mark);
        let sorted = manifest
            .pieces
            .windows(2)
            .all(|two| key(&two[0]) < key(&two[1]));
        let mut ends: Vec<Dot> = manifest.pieces.iter().map(Piece::end).collect();
        ends.sort_unstable();
        let once = ends.windows(2).all(|two| two[0] != two[1]);
        let members = manifest.members();
        let equal = self.0[1..].iter().map(|(name, _)| name).eq(&members);
        (sorted && once && equal).then_some(()).ok_or(bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::keys::AuthorKey;

    fn manifest() -> Manifest {
        let key = AuthorKey::from_seed(&[7; 32], "a@1").unwrap();
        let piece = |log, from, to| Piece {
            log: LogId([log; 16]),
            from,
            to,
            mark: Mark([log; 8]),
            before: Chain([log; 32]),
            bytes: 400,
        };
        Manifest {
            made: "2026-11-24T16:15:00Z".into(),
            number: 3,
            receiver: key.fingerprint(),
            sender: Sender {
                name: "李\"静\u{1b}".into(),
                unit: "500101028008".into(),
                key: key.public(),
                log: LogId([1; 16]),
            },
            pieces: vec![piece(1, 1, 4), piece(1, 5, 9), piece(2, 1, 2)],
            ends: vec![Dot {
                log: LogId([1; 16]),
                seq: 9,
                mark: Mark([1; 8]),
            }],
        }
    }

    fn sums(manifest: &Manifest) -> Sums {
        let names = std::iter::once("manifest.toml".to_owned()).chain(manifest.members());
        Sums(names.map(|name| (name, [9; 32])).collect())
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let sums = sums(&manifest());
        let mut read = Manifest::read(manifest().text().as_bytes()).unwrap();
        Sums::read(sums.text().as_bytes())
            .unwrap()
            .apply(&mut read)
            .unwrap();
        assert_eq!(read, manifest());
        let more = manifest()
            .text()
            .replace("[sender]", "later = [1, 2]\n[sender]\nnew = true");
        assert!(Manifest::read(more.as_bytes()).is_ok(), "unknown keys pass");
    }

    #[test]
    fn a_key_that_is_missing_or_of_another_form_refuses() {
        let text = manifest().text();
        for line in text.lines().filter(|line| line.contains(" = ")) {
            let without = text.replacen(&format!("{line}\n"), "", 1);
            assert!(Manifest::read(without.as_bytes()).is_err(), "{line}");
        }
        for (old, new) in [
            ("format = 1", "format = 2"),
            ("number = 3", "number = 0"),
            ("number = 3", "number = \"3\""),
            ("16:15:00Z", "16:15:00.0Z"),
            ("from = 1", "from = 0"),
            ("to = 4", "to = 0"),
            ("SHA256:", "SHA1:"),
            ("ssh-ed25519", "ssh-rsa"),
            ("log = \"01", "log = \"G1"),
        ] {
            let odd = text.replacen(old, new, 1);
            assert_ne!(odd, text);
            assert!(Manifest::read(odd.as_bytes()).is_err(), "{old} as {new}");
        }
    }

    #[test]
    fn names_out_of_order_missing_or_twice_refuse() {
        let good = sums(&manifest());
        for i in 1..good.0.len() {
            let mut odd = good.clone();
            odd.0.swap(i, if i == 1 { 2 } else { i - 1 });
            assert!(odd.apply(&mut manifest()).is_err(), "swapped {i}");
            let mut odd = good.clone();
            odd.0.remove(i);
            assert!(odd.apply(&mut manifest()).is_err(), "without {i}");
        }
        let mut twice = manifest();
        twice.pieces[1] = Piece {
            from: 2,
            ..twice.pieces[0].clone()
        };
        assert!(sums(&twice).apply(&mut twice).is_err());
    }
}
