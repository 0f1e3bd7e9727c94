//! Lists: their order, windows into them, and what typed words leave of them.

use super::*;
use crate::forms::Source;

/// A village of another town, which comes later in the table of divisions.
const ELSEWHERE: &str = "500101022001";

#[test]
fn a_list_is_newest_first_over_all_places_and_a_day_is_in_the_order_of_places() {
    let mut desk = village();
    desk.visit_in(ELSEWHERE, 21, 2, 20_003, "别处最新");
    desk.visit_in(ELSEWHERE, 22, 2, 20_001, "别处同一天");
    desk.visit_in(ELSEWHERE, 23, 2, 19_000, "别处很久以前");
    desk.visit_in("", 24, 2, 20_001, "没有村社");
    let ids = [21, 12, 24, 13, 22, 11, 23].map(id);
    assert_eq!(desk.found(VISIT, ""), ids);
    for (at, record) in ids.iter().enumerate() {
        let query = Query {
            register: VISIT,
            ..Query::default()
        };
        let offset = desk.store().offset_of(&query, *record).unwrap();
        assert_eq!(offset, Some(at as u64));
    }
    assert_eq!(desk.found(VISIT, "别处"), [21, 22, 23].map(id));
    desk.save(VISIT, 23, vec![set(DATE, Value::int(20_009))]);
    assert_eq!(desk.found(VISIT, "别处"), [23, 21, 22].map(id));
    let of_unit = Query {
        register: VISIT,
        unit: Some("500101022000".into()),
        offset: 1,
        limit: 1,
        ..Query::default()
    };
    let window = desk.store().window(&of_unit).unwrap();
    assert_eq!((window.total, window.rows[0].id), (3, id(21)));
    assert_eq!(desk.store().offset_of(&of_unit, id(22)).unwrap(), Some(2));
    assert_eq!(desk.store().offset_of(&of_unit, id(12)).unwrap(), None);
}

#[test]
fn windows_are_cut_by_offset_from_either_end_and_by_unit() {
    let mut desk = village();
    let mut query = Query {
        register: VISIT,
        offset: 1,
        limit: 1,
        ..Query::default()
    };
    let ids = |window: Window| -> Vec<RecordId> { window.rows.iter().map(|row| row.id).collect() };
    assert_eq!(ids(desk.store().window(&query).unwrap()), [id(13)]);
    assert_eq!(desk.store().offset_of(&query, id(11)).unwrap(), Some(2));
    query.backwards = true;
    query.limit = 5;
    assert_eq!(ids(desk.store().window(&query).unwrap()), [id(13), id(12)]);
    assert_eq!(desk.store().offset_of(&query, id(11)).unwrap(), Some(0));
    query.words = "wenli".into();
    assert_eq!(desk.store().offset_of(&query, id(11)).unwrap(), None);
    query.words = "ljw".into();
    assert_eq!(desk.store().offset_of(&query, id(11)).unwrap(), Some(0));
    query.words.clear();
    for (unit, total) in [
        (VILLAGE, 3),
        ("500101001000", 3),
        ("500101000000", 3),
        ("500101017000", 0),
        ("1", 0),
    ] {
        query.unit = Some(unit.into());
        assert_eq!(desk.store().window(&query).unwrap().total, total, "{unit}");
    }
}

#[test]
fn records_are_found_by_every_kind_of_word() {
    let mut desk = village();
    for (words, households) in [
        ("李静", &[1u64][..]),
        ("静雯", &[1]),
        ("雯", &[1]),
        ("lijingwen", &[1]),
        ("li jing wen", &[1]),
        ("li jw", &[1]),
        ("jw li", &[1]),
        ("ljw", &[1]),
        ("jingw", &[1]),
        ("shanjie", &[2]),
        ("danxie", &[2]),
        ("sx", &[2]),
        ("chongqing", &[3]),
        ("zhongqing", &[3]),
        ("zq", &[3]),
        ("cq", &[3]),
        ("0022", &[1]),
        ("8231234", &[2]),
        ("022", &[]),
        ("李静 0022", &[1]),
        ("李静 1234", &[]),
        ("，", &[]),
    ] {
        let expected: Vec<RecordId> = households.iter().map(|n| id(*n)).collect();
        assert_eq!(desk.found(HOUSEHOLD, words), expected, "{words}");
    }
    for (words, visits) in [
        ("务工", &[11u64][..]),
        ("外出务工", &[11]),
        ("务外", &[]),
        ("300", &[11]),
        ("ljw", &[12, 11]),
        ("ljw 务工", &[11]),
        ("0022 上学", &[12]),
    ] {
        let expected: Vec<RecordId> = visits.iter().map(|n| id(*n)).collect();
        assert_eq!(desk.found(VISIT, words), expected, "{words}");
    }
    // Everything lies in one village: its initials find all.
    let registers = Registers::builtin();
    let unit = registers.divisions().by_code(VILLAGE).unwrap().clone();
    assert_eq!(desk.found(VISIT, &unit.initials[0]).len(), 3);
    assert_eq!(desk.found(VISIT, &unit.name).len(), 3);
    let narrowed = format!("{} ljw", unit.initials[0]);
    assert_eq!(desk.found(VISIT, &narrowed).len(), 2);
}

#[test]
fn a_record_is_found_through_any_number_of_others_while_they_are_there() {
    const CLASS: u32 = 10_001;
    let text = r#"
number = 10001
name = "class"
label = { zh = "班", en = "Class" }
title = "{{ class_name }}"

[[field]]
tag = 10001
name = "class_name"
label = { zh = "名称", en = "Name" }
type = "text"

[[field]]
tag = 10002
name = "homes"
label = { zh = "各家", en = "Homes" }
type = "ref_multiple"
to = "household"
search = true

[[field]]
tag = 10003
name = "host"
label = { zh = "主家", en = "Host" }
type = "ref"
to = "household"
search = true

[[field]]
tag = 10004
name = "guest"
label = { zh = "来客", en = "Guest" }
type = "ref"
to = "household"
"#;
    let source = Source {
        name: "class.toml".into(),
        text: text.into(),
    };
    let mut desk = Desk::with(1, Registers::load(&[source], None).unwrap());
    desk.household(1, "李静雯", "13800130022");
    desk.household(2, "单解", "02358231234");
    desk.household(3, "重庆", "13900001111");
    let home = |n: u64, there: bool| Set {
        tag: 10_002,
        element: id(n).0.to_vec(),
        value: Value::bool(there),
    };
    let mut homes = vec![home(1, true)];
    homes.extend((100..200).map(|n| home(n, true)));
    homes.push(set(10_003, Value::reference(id(2))));
    homes.push(set(10_004, Value::reference(id(3))));
    desk.save(CLASS, 50, homes);
    for words in ["ljw", "sx", "ljw sx"] {
        assert_eq!(desk.found(CLASS, words), [id(50)], "{words}");
    }
    // Who is not searched through is not found by.
    assert!(desk.found(CLASS, "cq").is_empty());
    // One that comes later is found through as well.
    desk.household(150, "王芳", "13700001111");
    assert_eq!(desk.found(CLASS, "wf ljw"), [id(50)]);
    desk.save(CLASS, 50, vec![home(1, false)]);
    assert!(desk.found(CLASS, "ljw").is_empty());
    desk.save(HOUSEHOLD, 2, vec![set(ALIVE, Value::cleared())]);
    assert!(desk.found(CLASS, "sx").is_empty());
    desk.store().check().unwrap();
}
