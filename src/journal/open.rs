//! Opening: what is held is learnt from the small files; only what no seal and no view vouches for is read. An own log's
//! torn tail is cut back to its last whole group and kept aside (`format.md`, "The store's folder").

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::Journal;
use super::error::{Ended, JournalError, Notice};
use super::log::Log;
use super::own::{SEGMENT, put};
use super::seal;
use super::segment::{Growth, Place, Segment};
use super::shelf::Shelf;
use super::stream::{Frames, StreamError};
use crate::files::{self, Files, How, Stream};
use crate::record::{LogId, Mark};

/// How far the view says that a log is applied: seq and mark.
pub type Applied = Option<(u64, Mark)>;

/// An index that spares less than this at open is not written for a segment that had none.
const WORTH_AN_INDEX: u64 = 1024 * 1024;

impl Journal {
    /// Opens the logs under `dir` (`<store>/journal`), repairs the own log's tail, and says what a person should know.
    /// `applied` is what the view has applied of a log, or `None` where there is no view: frames that it applied and
    /// that are gone are damage, not a torn tail.
    ///
    /// # Errors
    /// [`JournalError::Disk`]: the folder cannot be read, or what must be cut cannot be put aside.
    pub fn open(
        files: Arc<dyn Files>,
        dir: &Path,
        own: Option<LogId>,
        applied: &dyn Fn(&LogId) -> Applied,
    ) -> Result<(Self, Vec<Notice>), JournalError> {
        files.create_dir_all(dir).map_err(JournalError::disk(dir))?;
        let items = files.list(dir).map_err(JournalError::disk(dir))?;
        let mut journal = Self {
            shelf: Shelf::new(files, dir),
            logs: BTreeMap::new(),
            segments: BTreeMap::new(),
            next_segment: 1,
            full: SEGMENT,
            own: None,
            tip: None,
            pending: BTreeMap::new(),
        };
        let mut notices = Vec::new();
        for item in items.iter().filter(|item| item.folder) {
            if item.name.starts_with("new-") {
                // A log that was about to begin: nothing was ever saved in it.
                let _ = journal.shelf.files.remove_dir_all(&dir.join(&item.name));
                continue;
            }
            let Some(id) = LogId::parse(&item.name) else {
                continue;
            };
            let opening = Opening {
                shelf: &journal.shelf,
                applied: applied(&id),
                own: own == Some(id),
            };
            let (log, highest) = opening.log(id, &mut notices)?;
            journal.next_segment = journal.next_segment.max(highest + 1);
            if let Some(log) = log {
                for segment in &log.segments {
                    journal.segments.insert(segment.number, id);
                }
                journal.logs.insert(id, log);
            }
        }
        match own.map(|id| (id, journal.logs.get(&id))) {
            Some((id, None)) => notices.push(Notice::OwnEnded {
                log: id,
                why: Ended::Missing,
            }),
            Some((id, Some(log))) if !log.ended => journal.own = Some(id),
            _ => {}
        }
        Ok((journal, notices))
    }
}

/// One log being opened.
struct Opening<'a> {
    shelf: &'a Shelf,
    applied: Applied,
    own: bool,
}

/// A segment's bytes behind its end that are no frames.
struct Leftover {
    number: u32,
    what: String,
}

impl Opening<'_> {
    /// The log, if it is one, and the highest number among its segments.
    fn log(
        &self,
        id: LogId,
        notices: &mut Vec<Notice>,
    ) -> Result<(Option<Log>, u32), JournalError> {
        let folder = self.shelf.folder(id);
        let disk = || JournalError::disk(&folder);
        let items = self.shelf.files.list(&folder).map_err(disk())?;
        let names: BTreeSet<&str> = items.iter().map(|item| item.name.as_str()).collect();
        let mut numbers: Vec<u32> = names
            .iter()
            .filter_map(|name| name.strip_suffix(".log")?.parse().ok())
            .collect();
        numbers.sort_unstable();
        let highest = numbers.last().copied().unwrap_or(0);
        let first = match names.contains("first") {
            true => files::read(&*self.shelf.files, &folder.join("first")).map_err(disk())?,
            false => Vec::new(),
        };
        let Some(mut log) = Log::new(&first).ok().filter(|log| log.id == id) else {
            notices.push(Notice::NotALog { path: folder });
            return Ok((None, highest));
        };
        log.own = self.own || names.contains("own");
        log.ended = names.contains("ended");
        log.seals = names
            .iter()
            .filter_map(|name| seal::parse_name(name))
            .collect();
        let mut leftovers = Vec::new();
        for number in numbers {
            let start = match names.contains(format!("{number}.from").as_str()) {
                true => {
                    let path = self.shelf.path(id, number, "from");
                    let bytes = files::read(&*self.shelf.files, &path).map_err(disk())?;
                    Segment::parse_from(&bytes)
                }
                false => Some((0, log.chain)),
            };
            let Some((seq, chain)) = start else {
                leftovers.push(Leftover {
                    number,
                    what: format!("{number}.from cannot be read"),
                });
                continue;
            };
            let indexed = names.contains(format!("{number}.index").as_str());
            let (segment, what) = self.segment(&log, Segment::new(number, seq, chain), indexed)?;
            leftovers.extend(what.map(|what| Leftover { number, what }));
            log.segments.push(segment);
        }
        log.join(self.shelf);
        if log.own {
            self.repair_own(&mut log, leftovers, notices)?;
        } else {
            self.leave_unsealed(&mut log, leftovers, notices)?;
        }
        Ok((Some(log), highest))
    }

    /// Learns where a segment ends; what stands behind its last whole group, if that is not nothing.
    fn segment(
        &self,
        log: &Log,
        mut segment: Segment,
        indexed: bool,
    ) -> Result<(Segment, Option<String>), JournalError> {
        let path = self.shelf.path(log.id, segment.number, "log");
        let file = self.shelf.file(log.id, segment.number)?;
        let len = file.len().map_err(JournalError::disk(&path))?;
        let index = self.shelf.path(log.id, segment.number, "index");
        let indexed = indexed
            && files::read(&*self.shelf.files, &index).is_ok_and(|b| segment.take_index(&b));
        let claimed = segment.end.offset;
        let end = (segment.end.seq, segment.end.chain.mark());
        let vouched = log.seals.contains(&end) || self.applied == Some(end);
        if !indexed || !vouched || segment.end.offset > len {
            let sure = |place: &&Place| place.offset <= len && place.seq < end.0;
            let place = segment.places.iter().rev().find(sure);
            let place = place.copied().unwrap_or(segment.start);
            segment.cut(place);
        }
        let start = segment.end;
        if start.offset >= len {
            if start.offset < claimed {
                // It speaks of frames that are gone; others may come in their place.
                let _ = self.shelf.drop_index(log.id, segment.number);
            }
            return Ok((segment, None));
        }
        let stream = Stream::new(file, start.offset, len);
        let mut frames = Frames::new(stream, start.seq, start.chain, start.offset);
        let mut growth = Growth::of(&segment);
        let mut what = loop {
            match frames.next_frame() {
                Ok(None) => break None,
                Ok(Some(step)) => match step.content(log.id) {
                    Ok(content) => growth.add(step.frame.bytes.len(), step.chain, content.more),
                    Err(error) => break Some(error.to_string()),
                },
                Err(StreamError::Frame(error)) => break Some(error.to_string()),
                Err(StreamError::Read(error)) => return Err(JournalError::disk(&path)(error)),
            }
        };
        if what.is_none() && growth.next != growth.end {
            what = Some("a group without its end".to_owned());
        }
        if what.is_none()
            && !frames
                .only_zeros_follow()
                .map_err(JournalError::disk(&path))?
        {
            what = Some("bytes behind the end".to_owned());
        }
        segment.grow(growth);
        if segment.end.offset < claimed {
            let _ = self.shelf.drop_index(log.id, segment.number);
        }
        if segment.end.offset - start.offset > WORTH_AN_INDEX {
            let _ = put(&*self.shelf.files, &index, &segment.index_file());
        }
        Ok((segment, what))
    }

    /// An own log: every whole group counts. What stands behind is cut and kept aside.
    fn repair_own(
        &self,
        log: &mut Log,
        leftovers: Vec<Leftover>,
        notices: &mut Vec<Notice>,
    ) -> Result<(), JournalError> {
        let lost = (!log.ended).then(|| self.lost(log)).flatten();
        let seq = log.segments.iter().map(|segment| segment.end.seq).max();
        let seq = seq.unwrap_or(0);
        let mut told = false;
        for Leftover { number, what } in leftovers {
            let (bytes, aside) = self.set_aside(log, number, &what)?;
            told |= lost.is_some();
            notices.push(match lost {
                None => Notice::TornTail {
                    log: log.id,
                    seq,
                    bytes,
                    aside,
                },
                Some(lost) => Notice::Damage {
                    log: log.id,
                    seq,
                    what: format!("{what}; {lost}"),
                    aside: Some(aside),
                },
            });
        }
        let Some(lost) = lost else {
            return Ok(());
        };
        if !told {
            notices.push(Notice::Damage {
                log: log.id,
                seq,
                what: lost.to_owned(),
                aside: None,
            });
        }
        let path = self.shelf.folder(log.id).join("ended");
        let text = format!("{}\n", Ended::Damaged.word());
        files::replace(&*self.shelf.files, &path, text.as_bytes(), How::Private)
            .map_err(JournalError::disk(&path))?;
        log.ended = true;
        notices.push(Notice::OwnEnded {
            log: log.id,
            why: Ended::Damaged,
        });
        Ok(())
    }

    /// What says that frames of an own log are gone that once were acknowledged.
    fn lost(&self, log: &Log) -> Option<&'static str> {
        let is_held = |(seq, mark): (u64, Mark)| {
            seq == 0
                || log.covering(seq).any(|at| {
                    let there = self.shelf.mark(log.id, &log.segments[at], seq);
                    there.is_ok_and(|there| there == mark)
                })
        };
        if self.applied.is_some_and(|applied| !is_held(applied)) {
            return Some("changes that were applied are gone");
        }
        if log.seals.last().is_some_and(|&seal| !is_held(seal)) {
            return Some("changes under a seal are gone");
        }
        let orphan = |s: &Segment| s.start.seq > 0 && s.parent.is_none();
        let orphaned = log.segments.iter().any(orphan);
        orphaned.then_some("a segment in the middle does not hold what it held")
    }

    /// A log of someone else: frames count up to the last seal of each branch. What stands behind is a merge that was
    /// broken off. Seals are written only after the frames under them are durable: so if a seal stands above frames that
    /// are not there, that is damage, and what is whole below it counts as before.
    fn leave_unsealed(
        &self,
        log: &mut Log,
        leftovers: Vec<Leftover>,
        notices: &mut Vec<Notice>,
    ) -> Result<(), JournalError> {
        let last_seal = log.seals.last().map_or(0, |(seq, _)| *seq);
        let lost = log.segments.iter().all(|s| s.end.seq < last_seal) && last_seal > 0;
        let mut told = false;
        for Leftover { number, what } in leftovers {
            let held = log.segments.iter().find(|segment| segment.number == number);
            let end = held.map_or(0, |segment| segment.end.seq);
            if end >= last_seal {
                continue;
            }
            let (_, aside) = self.set_aside(log, number, &what)?;
            told = true;
            notices.push(Notice::Damage {
                log: log.id,
                seq: end,
                what,
                aside: Some(aside),
            });
        }
        if lost && !told {
            notices.push(Notice::Damage {
                log: log.id,
                seq: log.segments.iter().map(|s| s.end.seq).max().unwrap_or(0),
                what: "changes under a seal are gone".into(),
                aside: None,
            });
        }
        let mut keep: Vec<Place> = log.segments.iter().map(|segment| segment.start).collect();
        for leaf in log.leaves() {
            let end = log.segments[leaf].end;
            let whole = (told || lost) && end.seq < last_seal
                || log.seals.contains(&(end.seq, end.chain.mark()));
            let vouched = match whole {
                true => Some((leaf, end)),
                false => self.last_seal(log, leaf, end.seq),
            };
            let Some((at, place)) = vouched else {
                continue;
            };
            let path = log.path(at);
            for (i, &on_path) in path.iter().enumerate() {
                // An ancestor is vouched for up to where the path leaves it.
                let end = match path.get(i + 1) {
                    None => place,
                    Some(&next) => {
                        let leaves = log.segments[next].start.seq;
                        self.shelf.place(log.id, &log.segments[on_path], leaves)?
                    }
                };
                if end.seq > keep[on_path].seq {
                    keep[on_path] = end;
                }
            }
        }
        let mut unsealed = false;
        for (segment, keep) in log.segments.iter_mut().zip(&keep) {
            if segment.end.seq > keep.seq {
                unsealed = true;
                let _ = self.shelf.drop_index(log.id, segment.number);
            }
            segment.cut(*keep);
            if segment.end.seq == segment.start.seq {
                self.drop_segment(log.id, segment.number);
            }
        }
        log.segments.retain(|s| s.end.seq > s.start.seq);
        for segment in &mut log.segments {
            segment.parent = None;
        }
        log.join(self.shelf);
        if unsealed {
            notices.push(Notice::Unsealed {
                log: log.id,
                seq: log.runs().iter().map(|run| run.end.seq).max().unwrap_or(0),
            });
        }
        Ok(())
    }

    /// Moves a segment of which nothing counts to `aside/`. If that fails it is tried again at the next open.
    fn drop_segment(&self, log: LogId, number: u32) {
        let files = &*self.shelf.files;
        let path = self.shelf.path(log, number, "log");
        let kept = self.shelf.aside.join(format!("{log}-{number}.log"));
        let moved = files
            .create_dir_all(&self.shelf.aside)
            .and_then(|()| files.rename(&path, &kept));
        if moved.is_ok() {
            let why = b"frames without a seal above them: a merge that was broken off\n";
            let _ = put(files, &kept.with_extension("log.txt"), why);
            let _ = files.remove(&self.shelf.path(log, number, "from"));
            let _ = files.remove(&self.shelf.path(log, number, "index"));
        }
        self.shelf.forget(number);
    }

    /// The place on a leaf's path that its highest seal vouches for, and its segment.
    fn last_seal(&self, log: &Log, leaf: usize, end: u64) -> Option<(usize, Place)> {
        let below = log.seals.range(..(end, Mark([0xff; 8]))).rev();
        let mut found = below.filter_map(|&(seq, mark)| {
            let at = log.on_path(leaf, seq)?;
            let place = self.shelf.place(log.id, &log.segments[at], seq).ok()?;
            (place.chain.mark() == mark).then_some((at, place))
        });
        found.next()
    }

    /// Copies what stands behind a segment's end to `aside/`, then cuts it off.
    fn set_aside(
        &self,
        log: &Log,
        number: u32,
        what: &str,
    ) -> Result<(u64, std::path::PathBuf), JournalError> {
        let held = log.segments.iter().find(|segment| segment.number == number);
        let from = held.map_or(0, |segment| segment.end.offset);
        let path = self.shelf.path(log.id, number, "log");
        let cut = || {
            let bytes = files::read(&*self.shelf.files, &path)?;
            let rest = bytes.get(from as usize..).unwrap_or_default();
            let used = rest
                .iter()
                .rposition(|&b| b != 0)
                .map_or(0, |last| last + 1);
            let name = format!("{}-{number}-{from}.log", log.id);
            let aside = &self.shelf.aside;
            let kept = files::keep_aside(&*self.shelf.files, aside, &name, &rest[..used], what)?;
            if held.is_some() {
                self.shelf.drop_index(log.id, number)?;
                let file = self.shelf.files.open(&path, How::Private)?;
                file.truncate(from)?;
                file.sync()?;
            }
            Ok((used as u64, kept))
        };
        let done = cut().map_err(JournalError::disk(&path));
        self.shelf.forget(number);
        done
    }
}
