//! The store as a whole: what is saved is listed, found and read; whatever is done to the view, it comes back.

mod lists;
mod others;

use std::fs;

use super::*;
use crate::codec::First;
use crate::files::Disk;
use crate::forms::{Lookup, UNIT};
use crate::record::{ALIVE, Element, Record, RecordId, Set, Stamp, Tag, Value};

pub(super) const HOUSEHOLD: u32 = 5;
pub(super) const PERSON: u32 = 6;
pub(super) const VISIT: u32 = 9;
pub(super) const NAME: Tag = 1;
pub(super) const PHONE: Tag = 4;
pub(super) const DATE: Tag = 2;
pub(super) const OF_HOUSEHOLD: Tag = 6;
pub(super) const SUMMARY: Tag = 14;
pub(super) const VILLAGE: &str = "500101001001";

pub(super) struct Desk {
    pub dir: tempfile::TempDir,
    pub store: Option<Store>,
    pub own: LogId,
    clock: u64,
}

pub(super) fn id(n: u64) -> RecordId {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    RecordId::v7(1_000 + n, random)
}

pub(super) fn set(tag: Tag, value: Value) -> Set {
    Set {
        tag,
        element: Element::new(),
        value,
    }
}

impl Desk {
    pub fn new() -> Self {
        Self::of(1)
    }

    pub fn of(author: u8) -> Self {
        Self::with(author, Registers::builtin())
    }

    pub fn with(author: u8, registers: Registers) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (files, options) = (Arc::new(Disk), Options::default());
        let (mut store, notices) =
            Store::open(dir.path(), Arc::new(registers), files, options).unwrap();
        assert!(notices.is_empty(), "{notices:?}");
        let first = First {
            format: 1,
            key: [author; 32],
            name: "李静".into(),
            unit: VILLAGE.into(),
            reach: 0,
            class: 0,
            nonce: [author; 16],
        };
        let own = store.journal_mut().begin(&first).unwrap();
        Self {
            dir,
            store: Some(store),
            own,
            clock: 0,
        }
    }

    pub fn store(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    /// A change of a record by someone who has seen all that this store holds of it, or nothing.
    pub fn change(&mut self, register: u32, n: u64, sets: Vec<Set>, seeing: bool) -> Unplaced {
        self.clock += 1;
        let seen = match seeing {
            true => self.store().seen(register, id(n)).unwrap(),
            false => Vec::new(),
        };
        Unplaced {
            at: Stamp::next(self.clock, None),
            record: id(n),
            register,
            seen,
            sets,
        }
    }

    pub fn save(&mut self, register: u32, n: u64, sets: Vec<Set>) {
        let change = self.change(register, n, sets, true);
        self.store().save(vec![change]).unwrap();
    }

    pub fn household(&mut self, n: u64, name: &str, phone: &str) {
        let sets = vec![
            set(NAME, Value::text(name)),
            set(PHONE, Value::text(phone)),
            set(UNIT, Value::text(VILLAGE)),
        ];
        self.save(HOUSEHOLD, n, sets);
    }

    pub fn visit(&mut self, n: u64, household: u64, day: i64, summary: &str) {
        self.visit_in(VILLAGE, n, household, day, summary);
    }

    pub fn visit_in(&mut self, unit: &str, n: u64, household: u64, day: i64, summary: &str) {
        let sets = vec![
            set(DATE, Value::int(day)),
            set(OF_HOUSEHOLD, Value::reference(id(household))),
            set(SUMMARY, Value::text(summary)),
            set(UNIT, Value::text(unit)),
        ];
        self.save(VISIT, n, sets);
    }

    pub fn reopen(&mut self) -> Vec<Notice> {
        self.store = None;
        let (store, notices) = open(self.dir.path(), Some(self.own)).unwrap();
        self.store = Some(store);
        notices
    }

    pub fn found(&mut self, register: u32, words: &str) -> Vec<RecordId> {
        let query = Query {
            register,
            words: words.into(),
            limit: 100,
            ..Query::default()
        };
        let window = self.store().window(&query).unwrap();
        assert_eq!(window.total, window.rows.len() as u64);
        let searched = self.store().search(&[register], words, 100).unwrap();
        if !words.is_empty() {
            assert_eq!(searched, window.rows);
        }
        window.rows.iter().map(|row| row.id).collect()
    }

    /// All that the view says of the registers used here.
    pub fn everything(&mut self) -> (Vec<Record>, Vec<Vec<RecordId>>) {
        let store = self.store.as_ref().unwrap();
        let registers = [HOUSEHOLD, PERSON, VISIT];
        let records = registers
            .iter()
            .flat_map(|register| store.records(*register).map(Result::unwrap))
            .collect();
        let lists = registers.map(|register| self.found(register, ""));
        (records, lists.to_vec())
    }
}

pub(super) fn open(dir: &Path, own: Option<LogId>) -> Result<(Store, Vec<Notice>), StoreError> {
    let options = Options {
        own,
        trusted: BTreeSet::new(),
    };
    Store::open(dir, Arc::new(Registers::builtin()), Arc::new(Disk), options)
}

pub(super) fn village() -> Desk {
    let mut desk = Desk::new();
    desk.household(1, "李静雯", "13800130022");
    desk.household(2, "单解", "02358231234");
    desk.household(3, "重庆", "13900001111");
    desk.visit(11, 1, 20_000, "丈夫外出务工，领取补贴300元");
    desk.visit(12, 1, 20_002, "反映孩子上学远");
    desk.visit(13, 2, 20_001, "老人独居");
    desk
}

#[test]
fn what_is_saved_is_read_listed_and_counted() {
    let mut desk = village();
    let record = desk.store().record(VISIT, id(11)).unwrap().unwrap();
    assert_eq!(record.value(DATE), Some(&Value::int(20_000)));
    // The newest visit first, households by name.
    assert_eq!(desk.found(VISIT, ""), [id(12), id(13), id(11)]);
    assert_eq!(desk.store().count(HOUSEHOLD).unwrap(), 3);
    assert_eq!(desk.store().find_by_id(id(2)).unwrap().len(), 1);
    let referring = desk.store().referring((HOUSEHOLD, id(1)), VISIT).unwrap();
    assert_eq!(referring.len(), 2);
    let newest = desk.store().newest_referring(VISIT, OF_HOUSEHOLD, id(1));
    assert_eq!(newest, Some(id(12)));
    assert!(desk.store().contents(VISIT, id(99)).is_none());
    assert_eq!(desk.store().check().unwrap().changes, 6);
}

#[test]
fn an_edit_moves_what_a_record_is_found_by_and_a_delete_takes_it_away() {
    let mut desk = village();
    desk.save(HOUSEHOLD, 1, vec![set(NAME, Value::text("王芳"))]);
    assert!(desk.found(HOUSEHOLD, "ljw").is_empty());
    assert_eq!(desk.found(VISIT, "wf").len(), 2);
    desk.save(VISIT, 11, vec![set(OF_HOUSEHOLD, Value::reference(id(3)))]);
    assert_eq!(desk.found(VISIT, "cq"), [id(11)]);
    assert_eq!(desk.found(VISIT, "wf"), [id(12)]);
    desk.save(VISIT, 11, vec![set(ALIVE, Value::cleared())]);
    assert!(desk.found(VISIT, "cq").is_empty());
    assert_eq!(desk.store().count(VISIT).unwrap(), 2);
    assert!(
        !desk
            .store()
            .record(VISIT, id(11))
            .unwrap()
            .unwrap()
            .is_alive()
    );
    assert_eq!(desk.store().records(VISIT).count(), 3);
    desk.store().check().unwrap();
}

#[test]
fn a_conflict_is_listed_until_someone_settles_it() {
    let mut desk = village();
    let unseen = desk.change(HOUSEHOLD, 1, vec![set(NAME, Value::text("李静文"))], false);
    desk.store().save(vec![unseen]).unwrap();
    let conflicts = desk.store().conflicts().unwrap();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].conflicts(), [NAME]);
    assert_eq!(desk.store().count_conflicts().unwrap(), 1);
    desk.save(HOUSEHOLD, 1, vec![set(NAME, Value::text("李静文"))]);
    assert!(desk.store().conflicts().unwrap().is_empty());
    assert_eq!(desk.store().count_conflicts().unwrap(), 0);
}

#[test]
fn a_bulk_run_and_single_saves_make_the_same_view() {
    let mut one = Desk::new();
    let mut many = Desk::new();
    let mut groups = Vec::new();
    for n in 0..300u64 {
        let name = ["李静雯", "王芳", "单解", "欧阳小妹"][n as usize % 4];
        let sets = vec![
            set(NAME, Value::text(name)),
            set(PHONE, Value::text(&format!("138{n:08}"))),
            set(UNIT, Value::text(VILLAGE)),
        ];
        let target = n % 100;
        let change = one.change(HOUSEHOLD, target, sets.clone(), n >= 250);
        one.store().save(vec![change]).unwrap();
        let change = many.change(HOUSEHOLD, target, sets, false);
        groups.push((n, change));
    }
    let groups: Vec<Vec<Unplaced>> = groups
        .into_iter()
        .map(|(_, change)| vec![change])
        .take(250)
        .collect();
    many.store().save_many(groups).unwrap();
    for n in 250..300u64 {
        let name = ["李静雯", "王芳", "单解", "欧阳小妹"][n as usize % 4];
        let sets = vec![
            set(NAME, Value::text(name)),
            set(PHONE, Value::text(&format!("138{n:08}"))),
            set(UNIT, Value::text(VILLAGE)),
        ];
        many.save(HOUSEHOLD, n % 100, sets);
    }
    for words in ["", "ljw", "王", "0007", "oy"] {
        assert_eq!(one.found(HOUSEHOLD, words), many.found(HOUSEHOLD, words));
    }
    let entries = one.store().check().unwrap().entries;
    assert_eq!(entries, many.store().check().unwrap().entries);
    many.store().rebuild().unwrap();
    assert_eq!(entries, many.store().check().unwrap().entries);
    assert_eq!(many.reopen(), []);
}

#[test]
fn a_second_process_is_told_who_has_the_store() {
    let desk = village();
    match open(desk.dir.path(), Some(desk.own)) {
        Err(StoreError::InUse(holder)) => assert_eq!(holder.pid, std::process::id()),
        other => panic!("{:?}", other.map(|(_, notices)| notices)),
    }
}

#[test]
fn a_view_that_lags_is_brought_up_at_open() {
    let mut desk = village();
    let pages = desk.dir.path().join("view/pages");
    desk.reopen();
    desk.store = None;
    let old = desk.dir.path().join("old");
    copy(&pages, &old);
    desk.reopen();
    desk.visit(14, 3, 20_005, "新的一次");
    desk.store = None;
    fs::remove_dir_all(&pages).unwrap();
    fs::rename(&old, &pages).unwrap();
    assert_eq!(desk.reopen(), []);
    assert_eq!(desk.found(VISIT, "新的"), [id(14)]);
    desk.store().check().unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

#[test]
fn a_view_that_is_gone_spoilt_unfinished_or_foreign_is_built_again_with_a_notice() {
    let mut desk = village();
    let before = desk.everything();
    let pages = desk.dir.path().join("view/pages");
    let rebuilt = |notices: Vec<Notice>| match notices.as_slice() {
        [Notice::Rebuilt(why)] => why.clone(),
        other => panic!("{other:?}"),
    };
    desk.store = None;
    fs::remove_dir_all(&pages).unwrap();
    assert_eq!(rebuilt(desk.reopen()), Why::Missing);
    assert_eq!(desk.everything(), before);

    desk.store = None;
    fs::remove_dir_all(&pages).unwrap();
    fs::write(&pages, b"not a folder").unwrap();
    assert!(matches!(rebuilt(desk.reopen()), Why::Damaged(_)));
    assert_eq!(desk.everything(), before);

    let store = desk.store.as_ref().unwrap();
    store.view().begin_run().unwrap();
    assert_eq!(rebuilt(desk.reopen()), Why::Unfinished);
    assert_eq!(desk.everything(), before);

    // A page that was lost shows after an unclean end only.
    let store = desk.store.as_mut().unwrap();
    store.view().tree().remove(b"L").unwrap();
    store.view.get_mut().unwrap().sound = false;
    assert_eq!(rebuilt(desk.reopen()), Why::Disagrees);
    assert_eq!(desk.everything(), before);

    desk.store = None;
    let mut other = Desk::new();
    other.store = None;
    fs::remove_dir_all(&pages).unwrap();
    copy(&other.dir.path().join("view/pages"), &pages);
    assert_eq!(desk.reopen(), [], "an empty view only lags");
    assert_eq!(desk.everything(), before);
}

#[test]
fn a_page_spoilt_under_an_open_store_is_mended_while_it_is_read() {
    let mut desk = village();
    let before = desk.everything();
    let store = desk.store.as_ref().unwrap();
    let mut page = store.view().tree().get(b"P").unwrap().unwrap().to_vec();
    page[9] ^= 1;
    store.view().tree().insert(b"P", page).unwrap();
    assert!(store.record(VISIT, id(11)).unwrap().is_some());
    let notices = store.take_notices();
    assert!(
        matches!(&notices[..], [Notice::Rebuilt(Why::Damaged(_))]),
        "{notices:?}"
    );
    assert_eq!(desk.everything(), before);
    assert!(desk.dir.path().join("view/pages.aside").is_dir());
}

#[test]
fn a_panic_in_the_view_is_an_error() {
    match guard::<()>(|| panic!("sync failed")) {
        Err(StoreError::View(ViewError::Panic(said))) => assert_eq!(said, "sync failed"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_loose_view_is_copied_and_says_the_same() {
    let mut desk = village();
    let before = desk.everything();
    let entries = desk.store().check().unwrap().entries;
    let layout = desk.store().layout.version();
    let pages = desk.dir.path().join("view/pages");
    let view = desk.store().view.get_mut().unwrap();
    view.compact(&pages, layout).unwrap();
    assert_eq!(desk.store().check().unwrap().entries, entries);
    assert_eq!(desk.everything(), before);
    desk.visit(15, 1, 20_009, "之后还能保存");
    assert_eq!(desk.reopen(), []);
    assert_eq!(desk.found(VISIT, "之后"), [id(15)]);
}
