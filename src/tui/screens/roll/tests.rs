//! The roll: keys in, screen text out; and what a meeting costs at the keyboard.

use std::sync::Arc;

use super::Roll;
use crate::forms::{Lang, Registers, Roll as Parts};
use crate::record::{RecordId, Value};
use crate::tui::app::Flow;
use crate::tui::fake::{Fake, OWN};
use crate::tui::reader::Reader;
use crate::tui::testing::{NOW, Rig};

const NAMES: &str = include_str!("../../../../fixtures/roll-names.txt");

fn id(kind: u8, n: usize) -> RecordId {
    let mut id = [kind; 16];
    id[15] = n as u8;
    RecordId(id)
}

/// A class with two meetings and as many people as there are names; `frozen` when it has begun.
fn ledger(frozen: bool, people: usize) -> Fake {
    let mut fake = Fake::empty(&Arc::new(Registers::builtin()));
    let write = |fake: &mut Fake, name: &str, id: RecordId, values: &[(&str, &str)]| {
        let number = fake.registers.by_name(name).map_or(0, |found| found.number);
        let sets = fake.typed(name, values);
        fake.write(OWN, number, id, None, NOW, sets);
    };
    let class = id(1, 0);
    write(
        &mut fake,
        "training_class",
        class,
        &[
            ("class_name", "第三期基层妇联领头雁培训班"),
            ("start_on", "2026-11-04"),
            ("end_on", "2026-11-07"),
            ("status", if frozen { "40" } else { "20" }),
        ],
    );
    for (n, (day, half)) in [
        ("2026-11-04", "1"),
        ("2026-11-04", "2"),
        ("2026-11-05", "1"),
    ]
    .into_iter()
    .enumerate()
    {
        write(
            &mut fake,
            "training_session",
            id(2, n),
            &[
                ("class_id", &class.to_string()),
                ("session_date", day),
                ("half_day", half),
                ("topic", "农村妇女创业政策"),
                ("teacher", "周老师"),
                ("hours", "4"),
            ],
        );
    }
    for (n, name) in NAMES.lines().take(people).enumerate() {
        write(
            &mut fake,
            "trainee_roll",
            id(3, n),
            &[
                ("class_id", &class.to_string()),
                ("name", name),
                ("seq", &(n + 1).to_string()),
                ("enrol_state", "1"),
                ("unit", "500101028008"),
            ],
        );
    }
    fake
}

fn rig(frozen: bool, people: usize, lang: Lang, size: (u16, u16)) -> Rig<Fake> {
    let fake = ledger(frozen, people);
    let class = fake
        .registers
        .by_name("training_class")
        .map_or(0, |found| found.number);
    Rig::new(Box::new(Roll::new(class, id(1, 0))), fake, lang, size)
}

fn small(frozen: bool) -> Rig<Fake> {
    rig(frozen, 8, Lang::Zh, (80, 24))
}

/// The marks held of a meeting: how many of each.
fn held(fake: &Fake, meeting: usize) -> Vec<(String, usize)> {
    let registers = &fake.registers;
    let class = registers.by_name("training_class").expect("the class");
    let parts: &Parts = class.roll.as_ref().expect("it has a roll");
    let mut counts = std::collections::BTreeMap::new();
    for mark in fake.referring((parts.meetings, id(2, meeting)), parts.marks) {
        let record = fake.record(parts.marks, mark).expect("it is there");
        if let Some(code) = record.value(parts.mark).and_then(Value::as_text) {
            *counts.entry(code.to_owned()).or_insert(0) += 1;
        }
    }
    counts.into_iter().collect()
}

fn of(counts: &[(&str, usize)]) -> Vec<(String, usize)> {
    counts
        .iter()
        .map(|(code, count)| ((*code).to_owned(), *count))
        .collect()
}

#[test]
fn a_grid_shows_people_by_meetings_with_totals_at_the_edge() {
    let mut rig = small(true);
    rig.press("<Space><Space>2<Space>5");
    let text = rig.text();
    for part in [
        "培训  第三期基层妇联领头雁培训班  花名册",
        "名册已定  应到 8",
        "11-04",
        "号 姓名",
        "1  李静    诗仙社区",
        "3  张桂梅",
        "11-04 上  农村妇女创业政策  周老师",
        "1 出勤  2 迟到  3 早退  4 请假  5 缺勤",
        "1-8 / 8",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let row = rig.row(6);
    assert!(row.contains("张桂梅") && row.contains('迟'), "{row}");
    assert!(rig.row(8).contains('缺'), "{text}");
    assert!(rig.row(4).contains('・'), "{text}");
}

#[test]
fn digits_mark_and_go_down_and_the_marks_are_saved_when_the_hand_rests() {
    let mut rig = small(true);
    rig.hammer("1251");
    assert!(rig.desk.asked.is_empty());
    rig.pass(400);
    assert_eq!(rig.desk.asked, ["save"]);
    assert_eq!(held(&rig.desk, 0), of(&[("A", 1), ("L", 1), ("P", 2)]));
    assert!(rig.row(22).contains("") && rig.text().contains("已存 10:42:07"));
    // 0 takes the mark away, Ctrl-Z brings it back.
    rig.press("<Up>0<wait>");
    assert_eq!(held(&rig.desk, 0), of(&[("A", 1), ("L", 1), ("P", 1)]));
    rig.press("<Ctrl-Z><wait>");
    assert_eq!(held(&rig.desk, 0), of(&[("A", 1), ("L", 1), ("P", 2)]));
}

#[test]
fn leaving_saves_what_is_marked() {
    let mut rig = small(true);
    rig.hammer("2<Esc>");
    assert_eq!(held(&rig.desk, 0), of(&[("L", 1)]));
    assert_eq!(rig.flow, Flow::Leave);
}

#[test]
fn a_meeting_of_80_costs_25_keys_by_number() {
    let mut rig = rig(true, 80, Lang::Zh, (80, 24));
    let keys = [
        "<Enter>",
        "3<Space>17<Space>24<Space>36<Space>58<Enter>",
        "6<Space>41<Space>77",
        "<F2>",
    ];
    let cost = |keys: &str| {
        keys.matches('<').count()
            + keys
                .replace("<Space>", "")
                .replace("<Enter>", "")
                .replace("<F2>", "")
                .len()
    };
    let all = keys.concat();
    assert!(cost(&all) <= 25, "{} keys", cost(&all));
    rig.press(&all);
    assert_eq!(held(&rig.desk, 0), of(&[("A", 3), ("L", 5), ("P", 72)]));
    assert_eq!(rig.desk.asked, ["save"]);
    let text = rig.text();
    assert!(
        text.contains("到 72") && text.contains("迟 5") && text.contains("缺 3"),
        "{text}"
    );
}

#[test]
fn the_names_of_a_meeting_are_taken_by_initials_and_stand_in_the_panel() {
    let mut rig = small(true);
    rig.press("<Enter>csf");
    let text = rig.text();
    assert!(text.contains("11-04 上  点名单  其余 8 人都到"), "{text}");
    assert!(text.contains("8 陈素芬"), "{text}");
    rig.press("<Space>冉<Enter>");
    assert!(rig.text().contains("陈素芬 冉小琴"), "{}", rig.text());
    rig.press("<Esc>");
    assert!(held(&rig.desk, 0).is_empty());
}

/// A generator whose numbers are the same everywhere (SplitMix64).
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn a_meeting_of_80_by_initials_costs_28_keys_in_the_median_and_33_at_most() {
    use super::names::{Named, Names};
    let all: Vec<Named> = NAMES
        .lines()
        .enumerate()
        .map(|(n, name)| Named::new(n, n as i64 + 1, name))
        .collect();
    let letters = |name: &str| -> Vec<String> {
        // One reading of each character, as somebody types it.
        let word: String = name
            .chars()
            .filter_map(|c| crate::store::readings(c).first()?.chars().next())
            .collect();
        (1..=word.len()).map(|end| word[..end].to_owned()).collect()
    };
    let mut costs = Vec::new();
    for seed in 1..=100u64 {
        let mut state = seed;
        let mut names = Names::new(0, &["L".into(), "A".into()], all.clone(), |_| None);
        let mut left: Vec<usize> = (0..all.len()).collect();
        // Enter opens, one key behind each name: a blank, Enter at the line's end, F2 at the end.
        let mut keys = 1;
        for n in 0..8 {
            if n == 5 {
                names.at = 1;
            }
            let person = left.swap_remove((next(&mut state) % left.len() as u64) as usize);
            let typed = letters(&all[person].name).into_iter().find_map(|typed| {
                names.typed.clear();
                names.typed.insert(&typed);
                let found = names.candidates();
                let place = found.iter().position(|one| one.person == person)?;
                // A candidate further down costs an arrow each.
                (place == 0).then_some((typed.len(), 0))
            });
            let (cost, down) = typed.unwrap_or_else(|| {
                let whole = letters(&all[person].name).pop().unwrap_or_default();
                names.typed.clear();
                names.typed.insert(&whole);
                let place = names
                    .candidates()
                    .iter()
                    .position(|one| one.person == person);
                (whole.len(), place.expect("she is found by her initials"))
            });
            names.candidate = down;
            assert!(names.take());
            keys += cost + down + 1;
        }
        costs.push(keys);
    }
    costs.sort_unstable();
    let (median, most) = (costs[49], costs[99]);
    assert!(
        median <= 28 && most <= 33,
        "median {median}, at most {most}"
    );
}

#[test]
fn people_are_added_while_the_roll_is_open_and_replaced_with_a_reason_once_it_is_frozen() {
    let mut rig = small(false);
    // Nobody of that name is known: F3 adds the name alone.
    rig.press("龙晓燕<F3><wait>");
    assert!(rig.text().contains("9  龙晓燕"), "{}", rig.text());
    assert!(rig.text().contains("名册未定  应到 9"), "{}", rig.text());

    let mut rig = small(true);
    rig.press("<F3>");
    assert!(rig.text().contains("替换 李静：谁来"), "{}", rig.text());
    rig.press("龙晓燕<F3><Enter>");
    assert!(rig.text().contains("要写为什么替换"), "{}", rig.text());
    rig.press("家里有事<Enter>");
    let text = rig.text();
    assert!(
        text.contains("9  龙晓燕") && text.contains("应到 8"),
        "{text}"
    );
}

#[test]
fn a_pasted_list_asks_once_for_each_unknown_name_and_nothing_enters_unseen() {
    let mut rig = small(false);
    rig.press("<F3>");
    rig.event(crate::tui::app::Event::Paste("龙晓燕\n贺敏、雷艳".into()));
    assert!(
        rig.text().contains("龙晓燕  还有 3 位要定"),
        "{}",
        rig.text()
    );
    assert!(rig.desk.asked.is_empty());
    // The first and the third as a name alone, the second not.
    rig.press("<Enter>0<Enter>");
    let text = rig.text();
    assert!(
        text.contains("9  龙晓燕") && text.contains("10  雷艳"),
        "{text}"
    );
    assert!(!text.contains("贺敏"), "{text}");
    assert_eq!(rig.desk.asked, ["save"]);
}

#[test]
fn forty_names_of_a_chain_become_forty_lines_in_six_keys() {
    let mut rig = small(false);
    let cadre = rig
        .desk
        .registers
        .by_name("cadre")
        .map_or(0, |found| found.number);
    let names: Vec<&str> = NAMES.lines().skip(20).take(40).collect();
    // 37 are known by a name of their own, two by a name that two have, one is not known.
    for (n, name) in names.iter().enumerate().take(39) {
        let again = if n < 2 { 2 } else { 1 };
        for twin in 0..again {
            let sets = rig.desk.typed(
                "cadre",
                &[
                    ("name", name),
                    ("mobile", &format!("138000{n:02}{twin:03}")),
                    ("role", "01"),
                    ("unit", "500101028008"),
                ],
            );
            rig.desk
                .write(OWN, cadre, id(4 + twin as u8, n), None, NOW, sets);
        }
    }
    let mut chain = String::from("#接龙\n领头雁培训班报名\n例：李四 天城\n\n");
    for (n, name) in names.iter().enumerate() {
        let line = match n % 5 {
            0 => format!("{}. {name}", n + 1),
            1 => format!("{}、{name}（住宿）", n + 1),
            2 => format!("{}）诗仙社区 {name}", n + 1),
            3 => format!("{}.\u{200b}{name} 主席", n + 1),
            _ => format!("{} {name}", n + 1),
        };
        chain.push_str(&line);
        chain.push('\n');
    }
    chain.push_str("共40人");
    // F3, two digits, Enter for the name alone: four keys besides the paste.
    rig.press("<F3>");
    rig.event(crate::tui::app::Event::Paste(chain));
    assert!(rig.text().contains("还有 3 位要定"), "{}", rig.text());
    rig.press("11<Enter>");
    assert!(rig.text().contains("应到 48"), "{}", rig.text());
    assert_eq!(rig.desk.asked, ["save"]);
}

#[test]
fn marks_are_saved_though_a_name_is_typed_at_once_behind_them() {
    let mut rig = small(false);
    rig.hammer("25龙");
    rig.pass(1000);
    assert_eq!(held(&rig.desk, 0), of(&[("A", 1), ("L", 1)]));
    // Nothing is due any more: the program rests.
    assert_eq!(rig.app.due(), None);
    let mut rig = small(false);
    rig.hammer("25龙<Esc><Esc>");
    assert_eq!(held(&rig.desk, 0), of(&[("A", 1), ("L", 1)]));
}

#[test]
fn a_paste_into_the_grid_marks_nothing() {
    let mut rig = small(true);
    rig.event(crate::tui::app::Event::Paste("12345\n12345".into()));
    rig.pass(1000);
    assert!(rig.desk.asked.is_empty());
    assert!(rig.text().contains("格子里不能粘贴"), "{}", rig.text());
}

#[test]
fn no_letter_and_no_sign_is_a_command() {
    for frozen in [true, false] {
        let mut rig = rig(frozen, 8, Lang::Zh, (80, 24));
        rig.hammer("qwertyuiopasdfghjklzxcvbnmQWERTYUIOPASDFGHJKLZXCVBNM,.;:!?/\\|[]{}()+-*=_~`'\"张红，。、");
        rig.pass(1000);
        assert!(rig.desk.asked.is_empty());
        assert_eq!(rig.flow, Flow::On);
        let mut rig = small(frozen);
        rig.hammer("<Enter>qwertyuiopasdfghjklzxcvbnm,.;:!?/张红，。");
        assert!(rig.desk.asked.is_empty());
    }
}

#[test]
fn results_stand_behind_the_last_meeting() {
    let mut rig = small(true);
    rig.press("<Tab><Tab><Tab>1<wait>");
    let text = rig.text();
    assert!(text.contains("优秀"), "{text}");
    assert_eq!(rig.desk.asked, ["save"]);
}

#[test]
fn both_languages_and_sizes_fit() {
    for lang in [Lang::Zh, Lang::En] {
        for size in [(80, 24), (120, 36)] {
            let mut rig = rig(true, 80, lang, size);
            rig.press("<Space>2345");
            assert!(!rig.text().contains('~'), "{}", rig.text());
            rig.press("<PgDn><Enter>");
            for line in rig.text().lines() {
                assert!(
                    crate::tui::cells::width(line) <= usize::from(size.0),
                    "{line}"
                );
            }
            assert!(!rig.text().contains('~'), "{}", rig.text());
        }
    }
}
