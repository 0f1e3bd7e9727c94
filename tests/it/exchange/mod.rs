//! Stores that meet: what one types arrives at the others, in any order, and nothing is lost or altered on the way.

mod copies;
mod meeting;
mod rolls;
mod saving;
mod trouble;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use jinguo::exchange::commit::Edit;
use jinguo::exchange::export::Handing;
use jinguo::exchange::keys::AuthorKey;
use jinguo::exchange::ledger::Ledger;
use jinguo::exchange::merge::{Balance, Merged};
use jinguo::exchange::trust::Person;
use jinguo::files::{Disk, Files};
use jinguo::forms::Registers;
use jinguo::record::{ALIVE, RecordId, Set, Tag, Value};

/// People, a register that is there.
const PEOPLE: u32 = 6;
const NAME: Tag = 1;
const GROUPS: Tag = 9;
const UNIT: &str = "500101000000";

fn registers() -> Arc<Registers> {
    static BUILTIN: LazyLock<Arc<Registers>> = LazyLock::new(|| Arc::new(Registers::builtin()));
    Arc::clone(&BUILTIN)
}

/// A new store of an author whose key comes from `seed`.
fn store(dir: &Path, name: &str, seed: u8) -> Ledger {
    store_on(dir, name, seed, Arc::new(Disk))
}

fn store_on(dir: &Path, name: &str, seed: u8, files: Arc<dyn Files>) -> Ledger {
    let key = AuthorKey::from_seed(&[seed; 32], &format!("{name}@{UNIT}")).unwrap();
    Ledger::init_with(&dir.join(name), key, registers(), files).unwrap()
}

/// The store at a place, as it is opened the next day.
fn reopen(ledger: Ledger) -> Ledger {
    let dir = ledger.dir().to_owned();
    drop(ledger);
    Ledger::open(&dir, registers(), Arc::new(Disk)).unwrap()
}

fn person_of(ledger: &Ledger) -> Person {
    Person::introduced(
        &ledger.me.name,
        &ledger.me.unit,
        ledger.key.public(),
        "x@500101000000",
    )
}

/// `who` trusts the others.
fn trust(who: &mut Ledger, others: &[&Ledger]) -> Merged {
    let people = others.iter().map(|other| person_of(other)).collect();
    who.trust(people, &mut |_, _| {}).unwrap()
}

fn text(tag: Tag, value: &str) -> Set {
    Set {
        tag,
        element: vec![],
        value: Value::text(value),
    }
}

fn group(code: &str, yes: bool) -> Set {
    Set {
        tag: GROUPS,
        element: code.into(),
        value: Value::bool(yes),
    }
}

fn deleted() -> Set {
    Set {
        tag: ALIVE,
        element: vec![],
        value: Value::cleared(),
    }
}

/// Saves a new person.
fn add(ledger: &mut Ledger, name: &str) -> RecordId {
    let edit = Edit {
        register: PEOPLE,
        sets: vec![text(NAME, name)],
        ..Edit::default()
    };
    ledger.commit(vec![edit]).unwrap()[0]
}

/// Edits a person as a form does that was opened now.
fn edit(ledger: &mut Ledger, id: RecordId, sets: Vec<Set>) {
    let seen = ledger.store.seen(PEOPLE, id).unwrap();
    let edit = Edit {
        register: PEOPLE,
        record: Some(id),
        seen,
        sets,
        row_of: None,
    };
    ledger.commit(vec![edit]).unwrap();
}

/// A batch of everything, in `dir`.
fn batch(ledger: &mut Ledger, dir: &Path) -> PathBuf {
    let handing = Handing {
        all: true,
        target: Some(dir.into()),
        receiver: None,
    };
    ledger.export(&handing, &mut |_, _| {}).unwrap().path
}

/// A batch of what `receiver` lacks, and how many changes are in it.
fn batch_for(ledger: &mut Ledger, receiver: &str, dir: &Path) -> (PathBuf, u64) {
    let handing = Handing {
        all: false,
        target: Some(dir.into()),
        receiver: Some(receiver.into()),
    };
    let exported = ledger.export(&handing, &mut |_, _| {}).unwrap();
    (exported.path, exported.changes)
}

fn merge(ledger: &mut Ledger, batches: &[&PathBuf]) -> Merged {
    let paths: Vec<PathBuf> = batches.iter().map(|path| (*path).clone()).collect();
    let dry = ledger.merge(&paths, true, &mut |_, _| {}).unwrap();
    let merged = ledger.merge(&paths, false, &mut |_, _| {}).unwrap();
    assert_eq!(dry.balance, merged.balance, "a dry run says what happens");
    assert_eq!(dry.waiting, merged.waiting);
    assert_eq!(dry.forks, merged.forks);
    // A fork and own changes that come back build the view again: what that changed is not counted.
    if merged.forks.is_empty() && !merged.restored {
        assert_eq!(dry.applied, merged.applied);
    }
    let Balance {
        total,
        new,
        known,
        waiting,
        refused,
    } = merged.balance;
    assert_eq!(total, new + known + waiting + refused);
    merged
}

/// All that a store holds, as text: the records by id, with every value that stands in them and what was seen.
fn all(ledger: &Ledger) -> String {
    let mut text = String::new();
    for record in ledger.store.records(PEOPLE) {
        let record = record.unwrap();
        let seen = ledger.store.seen(PEOPLE, record.id).unwrap();
        text += &format!(
            "{} {:?} {:?} {seen:?}\n",
            record.id, record.alive, record.fields
        );
    }
    text
}
