//! Strict reading: a batch made here is taken, and refused with any byte changed or cut anywhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::batch::{self, Packed};
use super::disk::Spool;
use super::error::{ExchangeError, Refusal};
use super::keys::AuthorKey;
use super::manifest::{Manifest, Piece, Sender};
use super::piece::Packer;
use super::receive::{Received, receive};
use super::seal::{self, utc};
use crate::codec::{self, First, Unplaced};
use crate::files::Disk;
use crate::journal::Seal;
use crate::record::{Chain, LogId, RecordId, Set, Stamp, Value};

/// An author whose log is made by hand.
struct Author {
    key: AuthorKey,
    first: Vec<u8>,
    log: LogId,
    chain: Chain,
    seq: u64,
}

impl Author {
    fn new(seed: u8) -> Self {
        let key = AuthorKey::from_seed(&[seed; 32], "李静@500101").unwrap();
        let first = First {
            format: 1,
            key: key.public(),
            name: "李静".into(),
            unit: "500101".into(),
            reach: 0,
            class: 0,
            nonce: [seed; 16],
        };
        let first = first.frame().unwrap();
        let chain = codec::chain_start(&codec::read_frame(&first).unwrap().unwrap());
        Self {
            key,
            first,
            log: chain.log_id(),
            chain,
            seq: 0,
        }
    }

    /// The next piece of `n` changes, packed at `dir`; `damage` may alter the frames before they are sealed.
    fn piece(&mut self, dir: &Path, n: u64, damage: &dyn Fn(&mut Vec<u8>)) -> Packed {
        let (from, before) = (self.seq + 1, self.chain);
        let file = dir.join(format!("{}-{from}", self.log));
        let mut packer = Packer::new(std::fs::File::create(&file).unwrap()).unwrap();
        for _ in 0..n {
            self.seq += 1;
            let change = Unplaced {
                at: Stamp(self.seq << 16),
                record: RecordId([self.seq as u8; 16]),
                register: 9,
                seen: vec![],
                sets: vec![Set {
                    tag: 3,
                    element: vec![],
                    value: Value::text("丈夫外出务工"),
                }],
            };
            let frame = change.frame(self.seq, false, [5; 16]).unwrap();
            let read = codec::read_frame(&frame).unwrap().unwrap();
            self.chain = codec::chain_next(&self.chain, &read);
            let mut frame = frame;
            damage(&mut frame);
            packer.push(&frame).unwrap();
        }
        let bytes = packer.raw;
        let (_, len, sum) = packer.finish().unwrap();
        let seal = Seal {
            log: self.log,
            seq: self.seq,
            chain: self.chain,
            time: utc(0),
        };
        Packed {
            piece: Piece {
                log: self.log,
                from,
                to: self.seq,
                mark: self.chain.mark(),
                before,
                bytes,
            },
            file,
            offset: 0,
            len,
            sum,
            seal: seal::sign(&seal, &self.key).unwrap().into_bytes(),
        }
    }

    fn manifest(&self) -> Manifest {
        Manifest {
            made: utc(1_795_536_000),
            number: 1,
            receiver: String::new(),
            sender: Sender {
                name: "李静".into(),
                unit: "500101".into(),
                key: self.key.public(),
                log: self.log,
            },
            pieces: vec![],
            ends: vec![],
        }
    }

    fn batch(&self, dir: &Path, pieces: Vec<Packed>, others: &[&Author]) -> PathBuf {
        let target = dir.join("a.jgb");
        let spool = Spool::new(Arc::new(Disk), dir).unwrap();
        let first = |log| {
            let mut authors = others.iter().chain([&self]);
            Ok(authors
                .find(|author| author.log == log)
                .unwrap()
                .first
                .clone())
        };
        batch::write(
            &spool,
            &self.key,
            &mut self.manifest(),
            pieces,
            &first,
            &target,
        )
        .unwrap();
        target
    }
}

fn read(dir: &Path, path: &Path) -> Result<Received, Refusal> {
    let spool = Spool::new(Arc::new(Disk), dir).unwrap();
    receive(spool, path, &|_| Ok(()), &mut |_, _| {}).map_err(|error| match error {
        ExchangeError::Refused { why, .. } => why,
        other => panic!("{other}"),
    })
}

fn three_pieces(dir: &Path) -> PathBuf {
    let (mut a, mut b) = (Author::new(1), Author::new(2));
    let pieces = vec![
        a.piece(dir, 3, &|_| {}),
        b.piece(dir, 4, &|_| {}),
        a.piece(dir, 2, &|_| {}),
    ];
    a.batch(dir, pieces, &[&b])
}

#[test]
fn a_batch_is_read_as_it_was_written_and_the_spool_is_emptied() {
    let dir = tempfile::tempdir().unwrap();
    let path = three_pieces(dir.path());
    let received = read(dir.path(), &path).unwrap();
    assert_eq!((received.changes(), received.pieces.len()), (9, 3));
    assert_eq!(batch::file_name(&received.manifest), {
        let log = received.manifest.sender.log.to_string();
        format!("李静-500101-{}-1.jgb", &log[..8])
    });
    for spooled in &received.pieces {
        let chain = spooled.chain_at(&Disk, spooled.piece.to).unwrap();
        assert_eq!(chain, spooled.chain);
        let packed = spooled.open(&Disk).unwrap();
        let mut seen = 0;
        super::piece::walk(&spooled.piece, packed, &mut |_| {
            seen += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, spooled.piece.changes());
    }
    drop(received);
    let spools = std::fs::read_dir(dir.path().join("spool")).unwrap();
    assert_eq!(spools.count(), 0);
}

#[test]
fn two_thousand_changed_bytes_and_as_many_cuts_are_each_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = three_pieces(dir.path());
    let whole = std::fs::read(&path).unwrap();
    let odd = dir.path().join("odd.jgb");
    let step = whole.len() / 2_000 + 1;
    // Every byte of the first blocks, where names, sizes and signatures stand, and then spread evenly.
    let places = (0..600).chain((600..whole.len()).step_by(step));
    let mut tried = 0;
    for at in places.clone() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        std::fs::write(&odd, changed).unwrap();
        assert!(read(dir.path(), &odd).is_err(), "changed at {at}");
        tried += 1;
    }
    assert!(tried >= 2_000, "{tried} of {}", whole.len());
    for cut in places.step_by(7) {
        std::fs::write(&odd, &whole[..cut]).unwrap();
        assert!(read(dir.path(), &odd).is_err(), "cut at {cut}");
    }
    let mut longer = whole.clone();
    longer.push(0);
    std::fs::write(&odd, longer).unwrap();
    assert_eq!(
        read(dir.path(), &odd).unwrap_err(),
        Refusal::Changed("end".into())
    );
}

#[test]
fn who_passes_a_log_on_cannot_alter_it() {
    let dir = tempfile::tempdir().unwrap();
    let b = Author::new(2);
    for at in [4, 5, 6, 12, 40, 70] {
        let mut a = Author::new(1);
        let altered = a.piece(dir.path(), 2, &|frame| frame[at] ^= 1);
        let path = b.batch(dir.path(), vec![altered], &[&a]);
        assert!(read(dir.path(), &path).is_err(), "byte {at}");
    }
    // She may also make the altered frames whole again and seal them herself.
    let mut a = Author::new(1);
    let mut piece = a.piece(dir.path(), 2, &|_| {});
    let seal = Seal {
        log: a.log,
        seq: 2,
        chain: a.chain,
        time: utc(0),
    };
    piece.seal = seal::sign(&seal, &b.key).unwrap().into_bytes();
    let path = b.batch(dir.path(), vec![piece], &[&a]);
    assert!(matches!(
        read(dir.path(), &path),
        Err(Refusal::Piece {
            why: super::Fault::Seal,
            ..
        })
    ));
}

#[test]
fn a_batch_signed_by_another_key_than_its_sender_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (mut a, b) = (Author::new(1), Author::new(2));
    let pieces = vec![a.piece(dir.path(), 1, &|_| {})];
    let forged = Author { key: b.key, ..a };
    let path = dir.path().join("forged.jgb");
    let mut manifest = Author::new(1).manifest();
    let spool = Spool::new(Arc::new(Disk), dir.path()).unwrap();
    let first = |_| Ok(forged.first.clone());
    batch::write(&spool, &forged.key, &mut manifest, pieces, &first, &path).unwrap();
    assert_eq!(read(dir.path(), &path).unwrap_err(), Refusal::Signature);
}

#[test]
fn other_files_are_no_batches() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.jgb");
    for bytes in [&b""[..], b"PK\x03\x04", &[0; 4096]] {
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(read(dir.path(), &path).unwrap_err(), Refusal::NotABatch);
    }
    assert_eq!(
        read(dir.path(), dir.path()).unwrap_err(),
        Refusal::NotABatch
    );
    assert!(matches!(
        read(dir.path(), &dir.path().join("missing")),
        Err(Refusal::Io { .. })
    ));
}
