//! The read side of the ledger, as screens see it. They ask this trait and nothing else, so that a screen is tested
//! without a store.

use std::path::PathBuf;

use crate::forms::{Lookup, Me, Registers};
use crate::record::{Change, Dot, LogId, Record, RecordId, Seen, Tag};

/// What screens may ask of the ledger. Only what is seen is asked for.
pub trait Reader {
    /// The registers.
    fn registers(&self) -> &Registers;

    /// Who is typing.
    fn me(&self) -> &Me;

    /// A number that her settings say, by its key.
    fn setting(&self, key: &str) -> Option<i64>;

    /// What forms may look up.
    fn lookup(&self) -> &dyn Lookup;

    /// A record as it stands.
    fn record(&self, register: u32, id: RecordId) -> Option<Record>;

    /// All its changes held, in no order that means anything.
    fn changes(&self, register: u32, id: RecordId) -> Vec<Change>;

    /// What a form that opens now has seen of it.
    fn seen(&self, register: u32, id: RecordId) -> Vec<Seen>;

    /// The name of whoever writes a log.
    fn author(&self, log: &LogId) -> Option<String>;

    /// Whether a log is the own one, of this machine.
    fn is_own(&self, log: &LogId) -> bool;

    /// The number of the batch that brought a change; `None` if none did, or that is not known any longer.
    fn brought(&self, dot: &Dot) -> Option<u64>;

    /// A part of a register's list, in list order, narrowed by words.
    fn window(&self, ask: &Ask) -> Rows;

    /// Records of several registers that words find, the nearest first.
    fn search(&self, registers: &[u32], words: &str, limit: usize) -> Vec<(u32, RecordId)>;

    /// The records of a register that refer to a record.
    fn referring(&self, to: (u32, RecordId), from: u32) -> Vec<RecordId>;

    /// Every field in conflict.
    fn conflicts(&self) -> Vec<(u32, RecordId, Tag)>;

    /// The forms not yet saved, the newest first.
    fn drafts(&self) -> Vec<Draft>;

    /// What a draft's file holds.
    fn draft(&self, name: &str) -> Option<Vec<u8>>;

    /// The records that the own log changed last, the newest first, each once.
    fn recent(&self, limit: usize) -> Vec<Touched>;

    /// What was merged last and is not looked at yet: how many changes, whose, when (milliseconds since 1970).
    fn received(&self) -> Option<(u64, String, u64)>;

    /// The batches handed over last, the newest first.
    fn handed(&self) -> Vec<Handed>;

    /// What the exchange screen shows. Reads the inbox.
    fn exchange(&self) -> Exchange;
}

/// Which part of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ask {
    /// The register's number.
    pub register: u32,
    /// What narrows it; nothing for all.
    pub words: String,
    /// How many rows to skip.
    pub skip: usize,
    /// How many rows at most.
    pub limit: usize,
}

/// A part of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rows {
    /// The records, in order.
    pub records: Vec<Record>,
    /// How many there are in the whole list, as narrowed.
    pub total: u64,
}

/// A form not yet saved, as lists show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// Its file's name.
    pub name: String,
    /// The register's number.
    pub register: u32,
    /// The record that it changes; `None` for a new one.
    pub record: Option<RecordId>,
    /// What names it: the title of what is typed so far.
    pub title: String,
    /// When it was kept last, milliseconds since 1970.
    pub at: u64,
}

/// A record that was changed here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Touched {
    /// The register's number.
    pub register: u32,
    /// The record.
    pub record: RecordId,
    /// When, milliseconds since 1970.
    pub at: u64,
}

/// What lies ready to be handed over and to be taken in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exchange {
    /// To whom batches go: a name of the trusted; `None` if none is set.
    pub hand_to: Option<String>,
    /// Changes that the receiver lacks, as far as is known.
    pub owed: u64,
    /// The own key's fingerprint.
    pub fingerprint: String,
    /// The inbox's folder.
    pub inbox: PathBuf,
    /// The batches that lie in it.
    pub batches: Vec<Batch>,
}

/// A batch that was handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handed {
    /// Its number.
    pub number: u64,
    /// When, milliseconds since 1970.
    pub at: u64,
    /// Whom it is for; `None` for anybody.
    pub to: Option<String>,
    /// How many changes it holds.
    pub changes: u64,
    /// When the receiver said that she holds it, milliseconds since 1970; `None` while she has not.
    pub received: Option<u64>,
}

/// A batch in the inbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// The file.
    pub path: PathBuf,
    /// Whose it is, as far as the file says so truly.
    pub from: String,
    /// How many changes it holds.
    pub changes: u64,
    /// Bytes of the file.
    pub size: u64,
    /// Why it waits; `None` if it can be merged.
    pub waits: Option<String>,
}

/// A ledger that is not there: before the first start, and while a thread works with the real one. It knows the
/// registers.
pub struct Nobody<'a> {
    /// The registers.
    pub registers: &'a Registers,
    /// Nobody in particular.
    pub me: Me,
}

impl Reader for Nobody<'_> {
    fn registers(&self) -> &Registers {
        self.registers
    }
    fn me(&self) -> &Me {
        &self.me
    }
    fn setting(&self, _: &str) -> Option<i64> {
        None
    }
    fn lookup(&self) -> &dyn Lookup {
        &crate::forms::Nothing
    }
    fn record(&self, _: u32, _: RecordId) -> Option<Record> {
        None
    }
    fn changes(&self, _: u32, _: RecordId) -> Vec<Change> {
        Vec::new()
    }
    fn seen(&self, _: u32, _: RecordId) -> Vec<Seen> {
        Vec::new()
    }
    fn author(&self, _: &LogId) -> Option<String> {
        None
    }
    fn is_own(&self, _: &LogId) -> bool {
        false
    }
    fn brought(&self, _: &Dot) -> Option<u64> {
        None
    }
    fn window(&self, _: &Ask) -> Rows {
        Rows::default()
    }
    fn search(&self, _: &[u32], _: &str, _: usize) -> Vec<(u32, RecordId)> {
        Vec::new()
    }
    fn referring(&self, _: (u32, RecordId), _: u32) -> Vec<RecordId> {
        Vec::new()
    }
    fn conflicts(&self) -> Vec<(u32, RecordId, Tag)> {
        Vec::new()
    }
    fn drafts(&self) -> Vec<Draft> {
        Vec::new()
    }
    fn draft(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
    fn recent(&self, _: usize) -> Vec<Touched> {
        Vec::new()
    }
    fn received(&self) -> Option<(u64, String, u64)> {
        None
    }
    fn handed(&self) -> Vec<Handed> {
        Vec::new()
    }
    fn exchange(&self) -> Exchange {
        Exchange::default()
    }
}
