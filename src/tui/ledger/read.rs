//! What screens read, out of the store; while a thread has the ledger, nothing.

use std::path::PathBuf;

use super::{Books, INBOX, NEWS};
use crate::exchange::history::{self, Way};
use crate::forms::{Lookup, Me, Registers, day};
use crate::record::{Change, Dot, LogId, Record, RecordId, Seen, Tag};
use crate::store::Query;
use crate::tui::reader::{Ask, Draft, Exchange, Handed, Nobody, Reader, Rows, Touched};
use crate::tui::run::wall;
use crate::tui::screens::form;

impl Reader for Books {
    fn registers(&self) -> &Registers {
        &self.nobody
    }
    fn me(&self) -> &Me {
        &self.me
    }
    fn setting(&self, key: &str) -> Option<i64> {
        let settings = &self.here()?.ledger.settings;
        settings.others.get(key)?.as_integer()
    }
    fn lookup(&self) -> &dyn Lookup {
        match self.here() {
            Some(open) => &open.ledger.store,
            None => &crate::forms::Nothing,
        }
    }
    fn record(&self, register: u32, id: RecordId) -> Option<Record> {
        self.here()?.ledger.store.record(register, id).ok()?
    }
    fn changes(&self, register: u32, id: RecordId) -> Vec<Change> {
        let changes = self
            .here()
            .map(|open| open.ledger.store.changes(register, id));
        changes.and_then(Result::ok).unwrap_or_default()
    }
    fn seen(&self, register: u32, id: RecordId) -> Vec<Seen> {
        let seen = self.here().map(|open| open.ledger.store.seen(register, id));
        seen.and_then(Result::ok).unwrap_or_default()
    }
    fn author(&self, log: &LogId) -> Option<String> {
        Some(self.here()?.ledger.who(log).name)
    }
    fn is_own(&self, log: &LogId) -> bool {
        self.here()
            .is_some_and(|open| open.ledger.store.journal().own() == Some(*log))
    }
    fn brought(&self, dot: &Dot) -> Option<u64> {
        let all = history::all(&*self.files, &self.dir, Way::In);
        let by = all.iter().find(|passed| passed.brought(dot.log, dot.seq))?;
        Some(by.number)
    }
    fn window(&self, ask: &Ask) -> Rows {
        let query = Query {
            register: ask.register,
            words: ask.words.clone(),
            offset: ask.skip as u64,
            limit: ask.limit,
            ..Query::default()
        };
        let window = self
            .here()
            .and_then(|open| open.ledger.store.window(&query).ok());
        window.map_or_else(Rows::default, |window| Rows {
            records: window.rows,
            total: window.total,
        })
    }
    fn search(&self, registers: &[u32], words: &str, limit: usize) -> Vec<(u32, RecordId)> {
        let found = self
            .here()
            .and_then(|open| open.ledger.store.search(registers, words, limit).ok());
        let records = found.unwrap_or_default().into_iter();
        records.map(|record| (record.register, record.id)).collect()
    }
    fn referring(&self, to: (u32, RecordId), from: u32) -> Vec<RecordId> {
        let found = self
            .here()
            .and_then(|open| open.ledger.store.referring(to, from).ok());
        found
            .unwrap_or_default()
            .iter()
            .map(|record| record.id)
            .collect()
    }
    fn conflicts(&self) -> Vec<(u32, RecordId, Tag)> {
        let records = self
            .here()
            .and_then(|open| open.ledger.store.conflicts().ok())
            .unwrap_or_default();
        let torn = |record: &Record| {
            let place = (record.register, record.id);
            record
                .conflicts()
                .into_iter()
                .map(move |tag| (place.0, place.1, tag))
                .collect::<Vec<_>>()
        };
        records.iter().flat_map(torn).collect()
    }
    fn drafts(&self) -> Vec<Draft> {
        let Some(open) = self.here() else {
            return Vec::new();
        };
        let found = open
            .drafts
            .all(&|bytes| form::head(bytes).is_some())
            .unwrap_or_default();
        let draft = |(name, bytes): (String, Vec<u8>)| {
            let (register, record, title, at) = form::head(&bytes)?;
            Some(Draft {
                name,
                register,
                record,
                title,
                at,
            })
        };
        let mut drafts: Vec<Draft> = found.drafts.into_iter().filter_map(draft).collect();
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.at));
        drafts
    }
    fn draft(&self, name: &str) -> Option<Vec<u8>> {
        self.here()?.drafts.load(name).ok()?
    }
    fn recent(&self, limit: usize) -> Vec<Touched> {
        let recent = self
            .here()
            .map(|open| open.recent.as_slice())
            .unwrap_or_default();
        recent.iter().take(limit).cloned().collect()
    }
    fn received(&self) -> Option<(u64, String, u64)> {
        let all = history::all(&*self.files, &self.dir, Way::In);
        let last = all.iter().rev().find(|passed| passed.new > 0)?;
        let at = millis(&last.at)?;
        let who = last.who.split('@').next().unwrap_or_default().to_string();
        (at + NEWS > wall()).then_some((last.new, who, at))
    }
    fn handed(&self) -> Vec<Handed> {
        let open = self.here();
        open.map_or_else(Vec::new, |open| open.handed.clone())
    }
    fn exchange(&self) -> Exchange {
        let Some(open) = self.here() else {
            return Nobody {
                registers: &self.nobody,
                me: self.me.clone(),
            }
            .exchange();
        };
        let inbox = self.dir.join("in");
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&inbox)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|kind| kind == "jgb"))
            .collect();
        paths.sort();
        paths.truncate(INBOX);
        let before = history::all(&*self.files, &self.dir, Way::In);
        Exchange {
            hand_to: open.ledger.settings.hand_to.clone(),
            owed: open.status.owed,
            fingerprint: open.ledger.key.fingerprint(),
            inbox,
            batches: paths
                .iter()
                .map(|path| open.batch(path, &before, self.lang))
                .collect(),
        }
    }
}

/// Milliseconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`.
pub fn millis(time: &str) -> Option<u64> {
    let (date, clock) = time.strip_suffix('Z')?.split_once('T')?;
    let mut parts = clock.split(':').map(|part| part.parse::<u64>().ok());
    let seconds = parts.next()?? * 3600 + parts.next()?? * 60 + parts.next()??;
    Some((day::of_iso(date)? as u64 * 86_400 + seconds) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_history_are_read() {
        assert_eq!(millis("1970-01-02T00:00:01Z"), Some(86_401_000));
        assert_eq!(millis("yesterday"), None);
    }
}
