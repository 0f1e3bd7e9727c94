//! What was merged and handed over, in `in/history.jsonl` and `out/history.jsonl`: one JSON object a line. For people
//! (whose batch brought this, when), never for deciding anything: a lost line costs only its words.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::ExchangeError;
use super::manifest::Piece;
use crate::files::{self, Files, How};
use crate::record::{Dot, LogId, Mark};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Merged.
    In,
    /// Handed over.
    Out,
}

/// One batch that was merged or handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// When, `YYYY-MM-DDTHH:MM:SSZ`.
    pub at: String,
    /// The file's name.
    pub file: String,
    /// `NAME@UNIT`: the sender of a batch that was merged; whom one that was handed over is for, or empty.
    pub who: String,
    /// The batch's number.
    pub number: u64,
    /// How many changes it holds.
    pub changes: u64,
    /// How many of them were new; of a batch handed over, 0.
    pub new: u64,
    /// How many of them wait; of a batch handed over, 0.
    pub waiting: u64,
    /// What it brought that was new, or all that was handed over: `<log>:<from>-<to>-<mark>`.
    pub pieces: Vec<String>,
}

impl Passed {
    /// How a piece is written in `pieces`.
    pub fn piece(piece: &Piece, from: u64) -> String {
        format!("{}:{from}-{}-{}", piece.log, piece.to, piece.mark)
    }

    /// Whether it brought the change of a log at `seq`.
    pub fn brought(&self, log: LogId, seq: u64) -> bool {
        self.ends()
            .any(|(end, from)| end.log == log && (from..=end.seq).contains(&seq))
    }

    /// The ends of its pieces, each with the first seq.
    pub fn ends(&self) -> impl Iterator<Item = (Dot, u64)> {
        self.pieces.iter().filter_map(|piece| {
            let (log, run) = piece.split_once(':')?;
            let mut parts = run.split('-');
            let from = parts.next()?.parse().ok()?;
            let end = Dot {
                log: LogId::parse(log)?,
                seq: parts.next()?.parse().ok()?,
                mark: Mark::parse(parts.next()?)?,
            };
            Some((end, from))
        })
    }
}

fn path(dir: &Path, way: Way) -> PathBuf {
    let folder = match way {
        Way::In => "in",
        Way::Out => "out",
    };
    dir.join(folder).join("history.jsonl")
}

/// Adds a line.
///
/// # Errors
/// [`ExchangeError::File`] if it cannot be written.
pub fn add(files: &dyn Files, dir: &Path, way: Way, passed: &Passed) -> Result<(), ExchangeError> {
    let path = path(dir, way);
    let failed = |why| ExchangeError::file(&path, why);
    if let Some(folder) = path.parent() {
        files.create_dir_all(folder).map_err(failed)?;
    }
    let line = serde_json::to_string(passed).map_err(|why| failed(std::io::Error::other(why)))?;
    let file = files.open(&path, How::Private).map_err(failed)?;
    let end = file.len().map_err(failed)?;
    // A line that a crash left without its end must not swallow this one.
    let text = match end {
        0 => format!("{line}\n"),
        _ => format!("\n{line}\n"),
    };
    file.write_at(text.as_bytes(), end).map_err(failed)?;
    file.sync().map_err(failed)
}

/// All lines that can be read, the oldest first.
pub fn all(files: &dyn Files, dir: &Path, way: Way) -> Vec<Passed> {
    let bytes = files::read(files, &path(dir, way)).unwrap_or_default();
    String::from_utf8_lossy(&bytes)
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Disk;

    #[test]
    fn lines_are_read_as_they_were_added_and_a_broken_one_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let passed = |number| Passed {
            at: "2026-11-24T16:15:00Z".into(),
            file: "a.jgb".into(),
            who: "李静@500101".into(),
            number,
            changes: 9,
            new: 4,
            waiting: 0,
            pieces: vec![format!("{}:3-9-{}", LogId([1; 16]), Mark([2; 8]))],
        };
        assert_eq!(all(&Disk, dir.path(), Way::In), []);
        add(&Disk, dir.path(), Way::In, &passed(1)).unwrap();
        let file = path(dir.path(), Way::In);
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{text}{{\"at\":\"20")).unwrap();
        add(&Disk, dir.path(), Way::In, &passed(2)).unwrap();
        assert_eq!(all(&Disk, dir.path(), Way::In), [passed(1), passed(2)]);
        assert_eq!(all(&Disk, dir.path(), Way::Out), []);
        assert!(passed(1).brought(LogId([1; 16]), 3));
        assert!(!passed(1).brought(LogId([1; 16]), 2));
        assert!(!passed(1).brought(LogId([2; 16]), 3));
    }
}
