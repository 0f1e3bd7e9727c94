//! Checking everything that is held, byte by byte.

use std::collections::BTreeSet;

use super::error::{Damage, JournalError};
use super::log::Log;
use super::seal::{self, Seal};
use super::segment::{Place, Segment};
use super::stream::StreamError;
use super::{Journal, files};
use crate::record::Mark;

impl Journal {
    /// Reads every frame of every log and compares digests, seqs, chains, seals and the marks in memory. Behind a
    /// damaged frame it goes on at the next mark, so that each damaged place is named. `progress` is told bytes done and
    /// bytes in all.
    ///
    /// Signatures of the seals are the caller's to verify.
    ///
    /// # Errors
    /// [`JournalError::Disk`] if a file cannot be read at all.
    pub fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Vec<Damage>, JournalError> {
        let all = self.logs.values().flat_map(|log| &log.segments);
        let total = all.map(|segment| segment.end.offset).sum();
        let mut done = 0;
        let mut found = Vec::new();
        for log in self.logs.values() {
            let damage = |segment: u32, place: Place, what: String| Damage {
                log: log.id,
                seq: place.seq,
                segment,
                offset: place.offset,
                what,
            };
            let path = self.shelf.folder(log.id).join("first");
            let first =
                files::read(&*self.shelf.files, &path).map_err(JournalError::disk(&path))?;
            if first != log.first_frame {
                let segment = Segment::new(0, 0, log.chain);
                found.push(damage(
                    0,
                    segment.start,
                    "the first frame has changed".into(),
                ));
            }
            let mut sealed = BTreeSet::new();
            for segment in &log.segments {
                self.check_segment(log, segment, &mut sealed, &mut found)?;
                done += segment.end.offset;
                progress(done, total);
            }
            for &(seq, mark) in &log.seals {
                let what = if !sealed.contains(&(seq, mark)) {
                    "a seal stands above frames that are not held"
                } else if !self.seal_is_sound(log, seq, mark) {
                    "a seal has changed"
                } else {
                    continue;
                };
                let place = Place {
                    seq,
                    chain: log.chain,
                    offset: 0,
                };
                found.push(damage(0, place, what.into()));
            }
        }
        Ok(found)
    }

    fn check_segment(
        &self,
        log: &Log,
        segment: &Segment,
        sealed: &mut BTreeSet<(u64, Mark)>,
        found: &mut Vec<Damage>,
    ) -> Result<(), JournalError> {
        let mut place = segment.start;
        let mut marks = segment.places.iter().chain([&segment.end]).peekable();
        'resumed: while place.seq < segment.end.seq {
            let mut frames = self.shelf.frames(log.id, segment, place)?;
            loop {
                let wrong = match frames.next_frame() {
                    Ok(None) if place == segment.end => return Ok(()),
                    Ok(None) => "frames are missing".to_owned(),
                    Ok(Some(step)) => match step.content(log.id) {
                        Ok(_) => {
                            let next = step.place();
                            while marks.next_if(|mark| mark.seq < next.seq).is_some() {}
                            let other = marks.next_if(|mark| mark.seq == next.seq);
                            if other.is_some_and(|mark| *mark != next) {
                                "the chain has changed".to_owned()
                            } else {
                                place = next;
                                let key = (next.seq, next.chain.mark());
                                if log.seals.contains(&key) {
                                    sealed.insert(key);
                                }
                                continue;
                            }
                        }
                        Err(error) => error.to_string(),
                    },
                    Err(StreamError::Frame(error)) => error.to_string(),
                    Err(error) => {
                        return Err(self.shelf.failed(log.id, segment.number, place, error));
                    }
                };
                found.push(Damage {
                    log: log.id,
                    seq: place.seq + 1,
                    segment: segment.number,
                    offset: place.offset,
                    what: wrong,
                });
                let Some(mark) = marks.find(|mark| mark.seq > place.seq) else {
                    return Ok(());
                };
                place = *mark;
                let key = (place.seq, place.chain.mark());
                if log.seals.contains(&key) {
                    sealed.insert(key);
                }
                continue 'resumed;
            }
        }
        Ok(())
    }

    fn seal_is_sound(&self, log: &Log, seq: u64, mark: Mark) -> bool {
        let Ok(Some(file)) = self.seal(&log.id, seq, mark) else {
            return false;
        };
        Seal::parse(&file).is_some_and(|(seal, _)| {
            seal.log == log.id
                && seal::file_name(seal.seq, seal.chain.mark()) == seal::file_name(seq, mark)
        })
    }
}
