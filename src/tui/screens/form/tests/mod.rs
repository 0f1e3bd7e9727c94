//! Key strings in, screen text out.

mod drafts;
mod kinds;
mod visit;

use std::sync::Arc;

use crate::forms::{Lang, Registers, Source};
use crate::record::{RecordId, Set, Value};
use crate::tui::effect::Opening;
use crate::tui::fake::{Fake, OWN};
use crate::tui::screens::home::Home;
use crate::tui::testing::{NOW, Rig};

const DAY: u64 = 86_400_000;

fn id(n: u8) -> RecordId {
    RecordId([n; 16])
}

/// Three households, two with people; the first was visited.
fn ledger() -> Fake {
    ledger_of(Registers::builtin())
}

fn ledger_of(registers: Registers) -> Fake {
    let registers = Arc::new(registers);
    let mut fake = Fake::empty(&registers);
    fake.forms = true;
    let number = |name: &str| registers.by_name(name).expect(name).number;
    let village = registers.divisions().find("诗仙社区", 1)[0].code.clone();
    for (n, name, phone) in [
        (1, "张小红", "13800006021"),
        (2, "郑晓慧", "13900001188"),
        (3, "周秀华", ""),
    ] {
        let fields = [
            ("head_name", name),
            ("phone", phone),
            ("address_detail", "3 组 12 号"),
            ("unit", &village),
        ];
        let sets = fake.typed("household", &fields);
        fake.write(OWN, number("household"), id(n), None, NOW - 40 * DAY, sets);
    }
    for (n, of, name, born) in [
        (11, 1, "张小红", "19790512"),
        (12, 1, "陈雨", "20120301"),
        (13, 2, "郑晓慧", "19850101"),
    ] {
        let fields = [
            ("name", name),
            ("birth_date", born),
            ("gender", "2"),
            ("key_groups", if n == 11 { "11" } else { "00" }),
            ("household_id", &id(of).to_string()),
            ("mobile", "13800006021"),
            ("unit", &village),
        ];
        let sets = fake.typed("person", &fields);
        fake.write(OWN, number("person"), id(n), None, NOW - 40 * DAY, sets);
    }
    let sets = fake.typed(
        "visit",
        &[
            ("visit_date", "2026-11-10"),
            ("visit_mode", "1"),
            ("household_id", &id(1).to_string()),
            ("person_id", &id(11).to_string()),
            ("key_groups", "11"),
            ("summary", "丈夫外出务工，女儿今年初三，想办助学。"),
            ("has_need", "0"),
            ("visit_campaign", "02"),
            ("target_kind", "household"),
            ("visit_result", "01"),
            ("risk_level", "0"),
            ("has_dispute", "0"),
            ("safety_flag", "0"),
            ("consent_basis", "1"),
            ("confidentiality", "0"),
            ("unit", &village),
        ],
    );
    fake.write(OWN, number("visit"), id(21), None, NOW - 14 * DAY, sets);
    fake
}

/// Home over a ledger.
fn home(fake: Fake, lang: Lang, size: (u16, u16)) -> Rig<Fake> {
    let cx = |_: &Fake| ();
    cx(&fake);
    Rig::new(Box::new(Home::new()), fake, lang, size)
}

/// A form, opened over Home.
fn opened(fake: Fake, opening: Opening, lang: Lang, size: (u16, u16)) -> Rig<Fake> {
    let mut rig = home(fake, lang, size);
    rig.open(opening);
    rig
}

fn new_visit(lang: Lang, size: (u16, u16)) -> Rig<Fake> {
    let fake = ledger();
    let number = fake.registers.by_name("visit").expect("visits").number;
    opened(fake, Opening::New(number), lang, size)
}

/// The last saved record of a register, as field names and shown JSON.
fn saved(fake: &Fake, register: &str) -> serde_json::Map<String, serde_json::Value> {
    use crate::tui::reader::Reader;
    let register = fake.registers.by_name(register).expect(register);
    let last = fake
        .changes
        .iter()
        .rev()
        .find(|change| change.register == register.number)
        .expect("a change");
    let record = fake.record(register.number, last.record).expect("a record");
    crate::forms::json::object(register, &crate::forms::contents(&record))
}

/// One register with a field of every type.
const EVERY: &str = r#"
number = 10001
name = "every"
label = { zh = "样样", en = "Everything" }
title = "{{ a_text }}"

[[field]]
tag = 1
name = "a_text"
label = { zh = "一行字", en = "Line" }
type = "text"
ask = "always"

[[field]]
tag = 2
name = "many_lines"
label = { zh = "几行字", en = "Lines" }
type = "text"
lines = 4
ask = "always"

[[field]]
tag = 3
name = "an_integer"
label = { zh = "整数", en = "Integer" }
type = "integer"
ask = "always"

[[field]]
tag = 4
name = "a_decimal"
label = { zh = "小数", en = "Decimal" }
type = "decimal"
scale = 2
ask = "always"

[[field]]
tag = 5
name = "some_money"
label = { zh = "钱", en = "Money" }
type = "money"
ask = "always"

[[field]]
tag = 6
name = "a_date"
label = { zh = "日子", en = "Date" }
type = "date"
ask = "always"

[[field]]
tag = 7
name = "a_month"
label = { zh = "月份", en = "Month" }
type = "year_month"
ask = "always"

[[field]]
tag = 8
name = "a_time"
label = { zh = "时间", en = "Time" }
type = "time"
ask = "always"

[[field]]
tag = 9
name = "a_moment"
label = { zh = "时刻", en = "Moment" }
type = "datetime"
ask = "always"

[[field]]
tag = 10
name = "one_of"
label = { zh = "选一", en = "One" }
type = "select_one"
list = "visit_mode"
ask = "always"

[[field]]
tag = 11
name = "some_of"
label = { zh = "选几", en = "Some" }
type = "select_multiple"
list = "key_group"
ask = "always"

[[field]]
tag = 12
name = "a_record"
label = { zh = "家庭", en = "Household" }
short = { zh = "家庭", en = "Family" }
type = "ref"
to = "household"
ask = "always"

[[field]]
tag = 13
name = "records"
label = { zh = "人们", en = "People" }
type = "ref_multiple"
to = "person"
ask = "always"

[[field]]
tag = 14
name = "yes_or_no"
label = { zh = "是否", en = "Yes or no" }
short = { zh = "是否", en = "Yes/no" }
type = "yes_no"
ask = "always"

[[field]]
tag = 15
name = "a_phone"
label = { zh = "电话", en = "Phone" }
type = "phone"
mobile = true
ask = "always"

[[field]]
tag = 16
name = "an_id"
label = { zh = "证号", en = "Id" }
type = "resident_id"
ask = "always"

[[field]]
tag = 17
name = "a_code"
label = { zh = "信用代码", en = "Code" }
type = "credit_code"
ask = "always"

[[field]]
tag = 18
name = "a_place"
label = { zh = "村社", en = "Village" }
type = "division"
ask = "always"

[[field]]
name = "a_note"
label = { zh = "最后看一眼再存", en = "Look once more before you save" }
short = { zh = "看一眼", en = "Look" }
type = "note"

[[field]]
tag = 19
name = "the_end"
label = { zh = "完了", en = "The end" }
type = "text"
ask = "always"
"#;

fn everything() -> Registers {
    let source = Source {
        name: "every.toml".into(),
        text: EVERY.into(),
    };
    Registers::load(&[source], None).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// A field of a set, by the register's names.
fn set_of<'a>(fake: &Fake, sets: &'a [Set], register: &str, field: &str) -> Option<&'a Value> {
    let tag = fake.registers.by_name(register)?.field(field)?.tag;
    sets.iter().find(|set| set.tag == tag).map(|set| &set.value)
}
