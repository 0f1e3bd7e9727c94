//! Key strings in, screen text out: the desk where conflicts are settled.

use std::sync::Arc;

use crate::forms::{Lang, Registers};
use crate::record::{ALIVE, Set, Value};
use crate::tui::fake::{Fake, OTHER, OWN};
use crate::tui::reader::{Batch, Reader};
use crate::tui::screens::exchange::Exchange;
use crate::tui::screens::home::Home;
use crate::tui::screens::tests::{builtin, id, ledger, number};
use crate::tui::testing::{NOW, Rig};

/// Two authors change one record without having seen each other.
fn dispute(fake: &mut Fake, register: &str, record: u8, mine: Vec<Set>, hers: Vec<Set>) {
    let number = number(&fake.registers.clone(), register);
    let seen = fake.seen(number, id(record));
    for (log, at, sets) in [(OWN, NOW - 2000, mine), (OTHER, NOW - 1000, hers)] {
        fake.write(log, number, id(record), Some(seen.clone()), at, sets);
    }
}

/// Three visits are in conflict about how they were made, and the third household about where it lives.
pub fn disputes(registers: &Arc<Registers>) -> Fake {
    let mut fake = ledger(registers);
    for visit in [11, 13] {
        let mine = fake.typed("visit", &[("visit_mode", "2")]);
        let hers = fake.typed("visit", &[("visit_mode", "3")]);
        dispute(&mut fake, "visit", visit, mine, hers);
    }
    let mine = fake.typed("household", &[("address_detail", "3组14号")]);
    let hers = fake.typed("household", &[("address_detail", "4组2号")]);
    dispute(&mut fake, "household", 3, mine, hers);
    fake
}

/// The desk, opened by its door on Home.
fn desk(fake: Fake) -> Rig<Fake> {
    let mut rig = Rig::new(Box::new(Home::new()), fake, Lang::Zh, (80, 24));
    rig.press("<Down><Enter>");
    rig
}

/// What is in conflict still.
fn torn(rig: &Rig<Fake>) -> usize {
    rig.desk.conflicts().len()
}

#[test]
fn a_side_is_taken_by_its_digit_and_nothing_is_saved_before_f2() {
    let registers = builtin();
    let mut rig = desk(ledger(&registers));
    let text = rig.text();
    assert!(
        text.contains("之前") && text.contains("两人各自改了"),
        "{text}"
    );
    assert!(text.contains("批次 #31") && text.contains("本机"), "{text}");
    rig.press("2");
    assert!(rig.desk.asked.is_empty());
    assert!(rig.row(0).contains("已定 1"), "{}", rig.text());
    assert!(rig.row(22).contains("都定了  回车就存"), "{}", rig.text());
    assert!(rig.row(22).contains("1 处还没存"), "{}", rig.text());
    rig.press("<F2>");
    assert_eq!(rig.desk.asked, ["save"]);
    assert_eq!(torn(&rig), 0);
    assert!(rig.text().contains("没有要定的了"), "{}", rig.text());
}

#[test]
fn ctrl_z_takes_a_decision_back_before_it_is_saved() {
    let registers = builtin();
    let mut rig = desk(disputes(&registers));
    let before = rig.text();
    rig.press("1");
    assert!(
        rig.row(0).contains("第 2 处  共 4 处  已定 1"),
        "{}",
        rig.text()
    );
    rig.press("<Ctrl-Z>");
    assert_eq!(rig.text(), before);
    rig.press("<Ctrl-Z>");
    assert!(rig.row(22).contains("还没有定下一处"), "{}", rig.text());
    assert!(rig.desk.asked.is_empty());
}

#[test]
fn leaving_saves_what_is_decided() {
    let registers = builtin();
    let mut rig = desk(disputes(&registers));
    rig.press("1<Esc>");
    assert_eq!(rig.desk.asked, ["save"]);
    assert_eq!(torn(&rig), 3);
    assert!(rig.text().contains("等您处理"), "{}", rig.text());
    rig.press("<Enter>1<Ctrl-Q>");
    assert_eq!(torn(&rig), 2);
}

#[test]
fn f4_decides_the_same_field_between_the_same_two_alike() {
    let registers = builtin();
    let mut rig = desk(disputes(&registers));
    assert!(rig.row(4).contains("走访方式"), "{}", rig.text());
    rig.press("<F4>");
    assert!(rig.row(22).contains("同类 3 处都照办了"), "{}", rig.text());
    assert!(rig.row(0).contains("已定 3"), "{}", rig.text());
    rig.press("<Ctrl-Z>");
    assert!(rig.row(0).contains("已定 0"), "{}", rig.text());
    rig.press("<Down><F4><F2>");
    assert_eq!(torn(&rig), 1);
    let visit = number(&registers, "visit");
    let record = rig.desk.record(visit, id(11)).expect("a visit");
    let field = registers
        .by_number(visit)
        .and_then(|register| register.field("visit_mode"));
    let mode = record
        .value(field.expect("a field").tag)
        .and_then(Value::as_text);
    assert_eq!(mode, Some("02"), "the side marked was of the own author");
}

#[test]
fn zero_takes_both_where_the_field_can_hold_both() {
    let registers = builtin();
    let mut rig = desk(disputes(&registers));
    // A choice of one holds one.
    assert!(!rig.text().contains("两边都要"), "{}", rig.text());
    rig.press("0");
    assert!(rig.row(22).contains("没有这个数字"), "{}", rig.text());
    rig.press("<Shift-Tab>");
    assert!(rig.text().contains("0 两边都要"), "{}", rig.text());
    assert!(rig.row(23).contains("1 2 0 取"), "{}", rig.text());
    rig.press("0");
    rig.press("<F2>");
    let household = number(&registers, "household");
    let record = rig.desk.record(household, id(3)).expect("a household");
    let register = registers.by_number(household).expect("a register");
    let tag = register.field("address_detail").expect("a field").tag;
    assert_eq!(
        record.value(tag).and_then(Value::as_text),
        Some("4组2号；3组14号")
    );
}

#[test]
fn both_of_several_choices_is_every_choice_that_was_made() {
    let registers = builtin();
    let mut fake = Fake::empty(&registers);
    let person = number(&registers, "person");
    let chosen = |fake: &Fake, yes: bool| {
        let mut sets = fake.typed("person", &[("key_groups", "11 12")]);
        for set in &mut sets {
            set.value = Value::bool(yes);
        }
        sets
    };
    let first = chosen(&fake, true);
    fake.write(OWN, person, id(7), None, NOW - 9000, first);
    let (mine, hers) = (chosen(&fake, false), chosen(&fake, true));
    dispute(&mut fake, "person", 7, mine, hers);
    let mut rig = desk(fake);
    assert!(rig.row(0).contains("共 2 处"), "{}", rig.text());
    rig.press("0<F2>");
    assert_eq!(torn(&rig), 0);
    let record = rig.desk.record(person, id(7)).expect("a person");
    let field = registers
        .by_number(person)
        .and_then(|register| register.field("key_groups"));
    assert_eq!(record.chosen(field.expect("a field").tag).count(), 2);
}

#[test]
fn what_is_masked_stands_open_for_half_a_minute() {
    let registers = builtin();
    let mut fake = ledger(&registers);
    let mine = fake.typed("household", &[("phone", "13800016021")]);
    let hers = fake.typed("household", &[("phone", "13800026021")]);
    dispute(&mut fake, "household", 1, mine, hers);
    let mut rig = desk(fake);
    rig.press("<Shift-Tab>");
    assert!(rig.text().contains("138****6021"), "{}", rig.text());
    assert!(rig.row(23).contains("F9 显号"), "{}", rig.text());
    rig.press("<F9>");
    for phone in ["13800016021", "13800026021"] {
        assert!(rig.text().contains(phone), "{}", rig.text());
    }
    rig.pass(31_000);
    assert!(!rig.text().contains("13800016021"), "{}", rig.text());
}

/// A delete beside an edit of the first household.
fn deleted(registers: &Arc<Registers>) -> Fake {
    let mut fake = Fake::empty(registers);
    let household = number(registers, "household");
    let sets = fake.typed("household", &[("head_name", "张小红")]);
    fake.write(OWN, household, id(1), None, NOW - 9000, sets);
    let gone = Set {
        tag: ALIVE,
        element: Vec::new(),
        value: Value::cleared(),
    };
    let mine = fake.typed("household", &[("head_name", "张晓红")]);
    dispute(&mut fake, "household", 1, mine, vec![gone]);
    fake
}

#[test]
fn a_delete_beside_an_edit_is_kept_or_deleted_by_a_digit() {
    let registers = builtin();
    let household = number(&registers, "household");
    for (side, alive) in [("保留", true), ("删除", false)] {
        let mut rig = desk(deleted(&registers));
        assert!(rig.row(4).contains("整条记录"), "{}", rig.text());
        let row = (6..10)
            .find(|y| rig.row(*y).contains(side))
            .expect("a side");
        let digit = rig.row(row).trim_start_matches([' ', '▸']).chars().next();
        rig.press(&digit.expect("a digit").to_string())
            .press("<F2>");
        assert_eq!(torn(&rig), 0, "{side}");
        let record = rig.desk.record(household, id(1)).expect("a household");
        assert_eq!(record.is_alive(), alive, "{side}");
    }
}

#[test]
fn a_field_waits_until_it_is_decided_whether_its_record_stays() {
    let registers = builtin();
    let mut fake = deleted(&registers);
    let hers = fake.typed("household", &[("head_name", "张筱红")]);
    let household = number(&registers, "household");
    let first = fake.changes[0].dot;
    let seen = crate::record::Seen {
        log: first.log,
        low: 1,
        seq: first.seq,
        mark: first.mark,
    };
    fake.write(OTHER, household, id(1), Some(vec![seen]), NOW - 500, hers);
    let mut rig = desk(fake);
    assert!(rig.row(0).contains("共 2 处"), "{}", rig.text());
    rig.press("<Tab>1");
    assert!(rig.row(22).contains("先定整条记录留不留"), "{}", rig.text());
    rig.press("<Tab>");
    let row = (6..10)
        .find(|y| rig.row(*y).contains("删除"))
        .expect("a side");
    let digit = if rig.row(row).contains("1 ") {
        "1"
    } else {
        "2"
    };
    rig.press(digit);
    assert!(rig.row(22).contains("2 处还没存"), "{}", rig.text());
    rig.press("<F8>");
    assert!(rig.text().contains("整条删除"), "{}", rig.text());
}

#[test]
fn another_value_is_parsed_as_the_field_parses_it() {
    let registers = builtin();
    let mut rig = desk(ledger(&registers));
    rig.press("<F3>");
    assert!(rig.text().contains("2 电话"), "its choices: {}", rig.text());
    rig.press("xx<Enter><F2>");
    assert!(rig.desk.asked.is_empty());
    rig.press("<Ctrl-U>1<Enter><F2>");
    assert_eq!(rig.desk.asked, ["save"]);
    assert_eq!(torn(&rig), 0);
}

#[test]
fn a_wide_window_shows_the_balance_the_queue_and_the_fields_history() {
    let registers = builtin();
    for lang in [Lang::Zh, Lang::En] {
        let mut fake = disputes(&registers);
        fake.batches.push(Batch {
            path: "in/a".into(),
            from: "王芳".into(),
            changes: 10,
            size: 4000,
            waits: None,
        });
        let mut rig = Rig::new(Box::new(Exchange::new()), fake, lang, (120, 36));
        rig.press("<Down><Enter><Enter><Down><Enter>");
        let text = rig.text();
        let words: &[&str] = match lang {
            Lang::Zh => &["本次合并  1 批", "账已平", "还要看", "来龙去脉", "改为"],
            Lang::En => &[
                "This merge  batches: 1",
                "adds up",
                "Still to see",
                "became",
            ],
        };
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
        println!("{text}");
    }
}
