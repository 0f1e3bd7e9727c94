//! Key strings in, screen text out: Home, lists, help, exchange, conflicts, the first start, in both languages and sizes.

use super::exchange::Exchange;
use super::home::Home;
use super::list::List;
use super::start::Start;
use std::sync::Arc;

use crate::forms::{Lang, Registers};
use crate::record::RecordId;
use crate::tui::app::Flow;
use crate::tui::fake::{Fake, OTHER, OWN};
use crate::tui::reader::{Batch, Draft, Handed};
use crate::tui::screen::Screen;
use crate::tui::testing::{NOW, Rig};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 36)];
const DAY: u64 = 86_400_000;

/// A record's id.
pub fn id(n: u8) -> RecordId {
    RecordId([n; 16])
}

/// Three households and a visit to each; the second visit is in conflict.
pub fn ledger(registers: &Arc<Registers>) -> Fake {
    let mut fake = Fake::empty(registers);
    let number = |fake: &Fake, name: &str| {
        fake.registers
            .by_name(name)
            .map_or(0, |register| register.number)
    };
    let (household, visit) = (number(&fake, "household"), number(&fake, "visit"));
    for (n, name, phone) in [
        (1, "张小红", "13800006021"),
        (2, "郑祥会", "13900002207"),
        (3, "周秀华", ""),
    ] {
        let sets = fake.typed(
            "household",
            &[
                ("head_name", name),
                ("phone", phone),
                ("address_detail", "3组12号"),
            ],
        );
        fake.write(OWN, household, id(n), None, NOW - 40 * DAY, sets);
        let mut sets = fake.typed(
            "visit",
            &[
                (
                    "visit_date",
                    ["2026-11-18", "2026-11-16", "2026-11-02"][usize::from(n) - 1],
                ),
                ("visit_mode", "1"),
                ("household_id", &id(n).to_string()),
                (
                    "summary",
                    "腰伤复查，等救助批复。本月药费自付四百余元，问批复何时下来。",
                ),
            ],
        );
        sets.sort();
        fake.write(OWN, visit, id(10 + n), None, NOW - DAY, sets);
    }
    let seen = crate::tui::reader::Reader::seen(&fake, visit, id(12));
    let mine = fake.typed("visit", &[("visit_mode", "2")]);
    fake.write(OWN, visit, id(12), Some(seen.clone()), NOW - 2000, mine);
    let hers = fake.typed("visit", &[("visit_mode", "3")]);
    fake.write(OTHER, visit, id(12), Some(seen), NOW - 1000, hers);
    fake
}

/// A register's number by its name.
pub fn number(registers: &Registers, name: &str) -> u32 {
    registers
        .by_name(name)
        .map_or(0, |register| register.number)
}

/// The registers that are built in.
pub fn builtin() -> Arc<Registers> {
    Arc::new(Registers::builtin())
}

fn rig(screen: Box<dyn Screen>, desk: Fake) -> Rig<Fake> {
    Rig::new(screen, desk, Lang::Zh, (80, 24))
}

#[test]
fn a_list_shows_newest_first_with_signs_and_the_detail_beside_it() {
    let registers = builtin();
    let mut rig = rig(
        Box::new(List::new(number(&registers, "visit"))),
        ledger(&registers),
    );
    rig.press("<Down><wait>");
    let text = rig.text();
    println!("{text}\n{}", rig.styles());
    assert!(rig.row(5).starts_with("     11-18  张小红"), "{text}");
    assert!(rig.row(6).starts_with(" ▸ ? 11-16  郑祥会"), "{text}");
    assert!(rig.row(22).starts_with("─ 2 / 3 ─"), "{text}");
    assert!(text.contains("改动") && text.contains("王芳"), "{text}");
    assert!(text.contains("改为"), "{text}");
    assert!(rig.row(0).contains("冲突 1  3 条"), "{text}");
}

#[test]
fn typing_filters_and_the_line_echoes_before_the_list_is_asked() {
    let registers = builtin();
    let mut rig = rig(
        Box::new(List::new(number(&registers, "household"))),
        ledger(&registers),
    );
    rig.hammer("张");
    assert!(rig.row(2).starts_with(" 找   张"), "{}", rig.text());
    assert!(rig.row(22).contains("1 / 3"), "{}", rig.text());
    rig.pass(100);
    assert!(rig.row(22).contains("1 / 1"), "{}", rig.text());
    assert!(rig.text().contains("138****6021"), "{}", rig.text());
    assert!(!rig.text().contains("13800006021"));
    rig.press("<Esc><wait>");
    assert!(rig.row(22).contains("1 / 3"));
}

#[test]
fn the_detail_waits_until_the_hand_has_rested() {
    let registers = builtin();
    let mut rig = rig(
        Box::new(List::new(number(&registers, "household"))),
        ledger(&registers),
    );
    let before = rig.text();
    rig.hammer("<Down>");
    let moved = rig.text();
    let right = |text: &str| -> Vec<String> {
        text.lines()
            .filter_map(|line| line.split_once('│'))
            .map(|(_, right)| right.to_string())
            .collect()
    };
    assert_eq!(right(&before), right(&moved));
    rig.pass(200);
    assert_ne!(right(&before), right(&rig.text()));
}

#[test]
fn removing_asks_once_and_esc_keeps() {
    let registers = builtin();
    let mut rig = rig(
        Box::new(List::new(number(&registers, "household"))),
        ledger(&registers),
    );
    rig.press("<Del>");
    assert!(rig.row(22).contains("删除"), "{}", rig.text());
    rig.press("<Esc>");
    assert!(rig.desk.asked.is_empty());
    rig.press("<Del>1");
    assert_eq!(rig.desk.asked, ["save"]);
    assert!(
        rig.row(22).contains("1 / 2") && rig.row(22).contains("已存"),
        "{}",
        rig.text()
    );
}

#[test]
fn home_finds_opens_and_makes() {
    let registers = builtin();
    let mut fake = ledger(&registers);
    fake.drafts.push(Draft {
        name: "d1".into(),
        register: number(&registers, "visit"),
        record: None,
        title: "郑晓慧".into(),
        at: NOW,
    });
    let mut rig = rig(Box::new(Home::new()), fake);
    let text = rig.text();
    println!("{text}\n{}", rig.styles());
    assert!(rig.row(0).starts_with(" 巾帼  天城"), "{text}");
    assert!(text.contains("   ? 冲突待定  1 处"), "{text}");
    assert!(
        text.contains("   ~ 未写完    1 张  走访 郑晓慧 10:42"),
        "{text}"
    );
    rig.press("<F3>");
    assert!(rig.text().contains("再按一个数字"), "{}", rig.text());
    println!("{}", rig.text());
    rig.press("1");
    assert_eq!(rig.desk.opened.take(), ["New(9)"]);
    rig.press("张小<wait>");
    assert!(
        rig.text().contains("找到") && rig.text().contains("张小红"),
        "{}",
        rig.text()
    );
    println!("{}", rig.text());
    rig.press("<F4>");
    assert!(
        rig.desk.opened.take()[0].starts_with("For"),
        "her next visit"
    );
    rig.press("<Esc><Esc>1");
    assert!(rig.row(0).contains("走访"), "{}", rig.text());
}

#[test]
fn a_drafts_line_opens_it_or_drops_it_after_one_question() {
    let registers = builtin();
    let mut fake = Fake::empty(&registers);
    fake.drafts.push(Draft {
        name: "d1".into(),
        register: number(&registers, "visit"),
        record: None,
        title: "郑晓慧".into(),
        at: NOW,
    });
    let mut rig = rig(Box::new(Home::new()), fake);
    rig.press("<Down><Enter>");
    assert_eq!(rig.desk.opened.take(), ["Draft(\"d1\")"]);
    rig.press("<Del>0");
    assert!(rig.desk.asked.is_empty());
    rig.press("<Del>1");
    assert_eq!(rig.desk.asked, ["drop d1"]);
    assert!(!rig.text().contains("未写完"), "{}", rig.text());
}

#[test]
fn a_batch_is_shown_before_it_is_written_or_merged() {
    let registers = builtin();
    let mut fake = Fake::empty(&registers);
    let batch = |name: &str, waits: Option<&str>| Batch {
        path: format!("in/{name}").into(),
        from: "王芳".into(),
        changes: 10,
        size: 4000,
        waits: waits.map(str::to_string),
    };
    fake.batches = vec![batch("a", None), batch("b", Some("钥匙不在信任名单里"))];
    let mut rig = rig(Box::new(Exchange::new()), fake);
    println!("{}", rig.text());
    rig.press("<Enter>");
    assert!(rig.desk.asked.is_empty());
    rig.press("<Enter>");
    assert_eq!(rig.desk.asked, ["export false"]);
    assert!(rig.text().contains("out/1.jinguo"), "{}", rig.text());
    rig.press("<Down><Enter>");
    assert_eq!(rig.desk.asked[1..], ["merge 1 true"]);
    assert!(
        rig.text().contains("收到 10 = 新 7 + 已有 3 + 等 0 + 拒 0"),
        "{}",
        rig.text()
    );
    for counts in ["新建 5        改动 0", "新建 0        改动 2", "合计"] {
        assert!(rig.text().contains(counts), "{}", rig.text());
    }
    rig.press("<Enter>");
    assert_eq!(rig.desk.asked[2..], ["merge 1 false"]);
    println!("{}", rig.text());
}

#[test]
fn a_batch_handed_over_says_whether_its_receipt_came() {
    let registers = builtin();
    let mut fake = Fake::empty(&registers);
    let handed = |number: u64, days: u64, received: Option<u64>| Handed {
        number,
        at: NOW - days * DAY,
        to: Some("周敏".into()),
        changes: 20,
        received,
    };
    fake.handed = vec![
        handed(4, 0, None),
        handed(3, 2, None),
        handed(2, 5, None),
        handed(1, 400, Some(NOW - 390 * DAY)),
    ];
    let rig = rig(Box::new(Exchange::new()), fake);
    let text = rig.text();
    println!("{text}");
    assert!(
        rig.row(5).contains("批次 #4") && rig.row(5).contains("今天交的"),
        "{text}"
    );
    assert!(rig.row(6).contains("未回执  已交 2 天"), "{text}");
    assert!(rig.row(8).contains("批次 #1     2025-10-20"), "{text}");
    assert!(rig.row(8).contains("已收 2025-10-30"), "{text}");
    let home = Rig::new(Box::new(Home::new()), rig.desk, Lang::Zh, (120, 36));
    let text = home.text();
    assert!(text.contains("! 未回执"), "{text}");
    assert!(home.row(6).contains("待交 14"), "{text}");
    assert!(
        text.contains("批次 #2") && text.contains("已收 2025-10-30"),
        "{text}"
    );
    let mut rig = home;
    rig.press("9");
    // The marker passes them by: they are no doors.
    rig.press("<Down>");
    assert!(rig.row(4).starts_with(" ▸"), "{}", rig.text());
}

#[test]
fn the_first_start_asks_name_and_unit() {
    let registers = builtin();
    let mut rig = rig(Box::new(Start::new("")), Fake::empty(&registers));
    rig.press("<Enter>");
    assert!(rig.text().contains("请先写姓名"), "{}", rig.text());
    rig.press("李静<Enter>tc");
    println!("{}", rig.text());
    rig.press("<Enter>");
    println!("{}", rig.text());
    rig.press("<Enter>");
    assert!(
        rig.desk.asked[0].starts_with("begin 李静 500101"),
        "{:?}",
        rig.desk.asked
    );
    assert!(rig.text().contains("等您处理"), "{}", rig.text());
}

/// Every screen of this room, by name.
fn screens(registers: &Registers) -> Vec<(&'static str, Box<dyn Screen>)> {
    vec![
        ("home", Box::new(Home::new())),
        ("list", Box::new(List::new(number(registers, "visit")))),
        ("exchange", Box::new(Exchange::new())),
        ("start", Box::new(Start::new(""))),
    ]
}

/// Presses every letter, mark and some 汉字: nothing is asked for, nothing opens, nothing is decided.
pub fn bare_keys_do_nothing(rig: &mut Rig<Fake>, name: &str) {
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    let marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~，。？！；：“”（）《》、ａＺ走访张";
    let (asked, depth) = (rig.desk.asked.clone(), rig.app.stack().len());
    let (opened, head) = (rig.desk.opened.borrow().clone(), rig.row(0));
    for c in letters.iter().copied().chain(marks.chars()) {
        let key = crate::tui::key::Key::plain(crate::tui::key::Code::Char(c));
        rig.pass(400);
        rig.event(crate::tui::app::Event::Key(key));
        assert_eq!(rig.desk.asked, asked, "{name} {c}");
        assert_eq!(*rig.desk.opened.borrow(), opened, "{name} {c}");
        assert_eq!(rig.app.stack().len(), depth, "{name} {c}");
        assert_eq!(rig.row(0), head, "{name} {c}");
        assert_eq!(rig.flow, Flow::On, "{name} {c}");
    }
}

#[test]
fn no_letter_character_or_mark_is_ever_a_command() {
    let registers = builtin();
    for way in [
        "",
        "<F1>",
        "<Tab>",
        "<Del>",
        "<F3>",
        "<Down>",
        "<Down><Enter>",
        "<F1>",
    ] {
        for (name, screen) in screens(&registers) {
            let mut rig = Rig::new(screen, ledger(&registers), Lang::Zh, (80, 24));
            rig.press(way);
            bare_keys_do_nothing(&mut rig, &format!("{name} {way}"));
        }
    }
}

#[test]
fn no_letter_character_or_mark_decides_a_conflict() {
    let registers = builtin();
    for way in [
        "",
        "<Down>",
        "<Shift-Tab>",
        "<Shift-Tab><Down><Down>",
        "<Shift-Tab>0",
        "1",
        "1<Ctrl-Z>",
        "1<F8>",
        "<Shift-Tab><F4>",
        "<Tab><F3>",
        "<F3>x<Enter>",
        "12",
        "11<F4>",
        "<F1>",
        "1<F2>",
        "<F4><F4><F2>",
    ] {
        let fake = super::settle::tests::disputes(&registers);
        let mut rig = rig(Box::new(Home::new()), fake);
        rig.press("<Down><Enter>").press(way);
        bare_keys_do_nothing(&mut rig, &format!("settle {way}"));
    }
}

#[test]
fn where_no_text_goes_a_character_says_what_to_press() {
    let registers = builtin();
    let mut rig = rig(Box::new(Home::new()), ledger(&registers));
    rig.press("<F3>走");
    assert!(
        rig.text().contains("输入法开着：这里按数字"),
        "{}",
        rig.text()
    );
    rig.press("１");
    assert_eq!(rig.desk.opened.take(), ["New(9)"]);
}

#[test]
fn digits_after_a_blank_are_text() {
    let registers = builtin();
    let mut rig = rig(Box::new(Home::new()), ledger(&registers));
    rig.press("<Space>6021<wait>");
    assert!(rig.text().contains("找到"), "{}", rig.text());
    assert_eq!(rig.app.stack().len(), 1);
}

#[test]
fn every_screen_is_complete_in_english_and_fits_both_sizes() {
    let registers = builtin();
    for size in SIZES {
        for lang in [Lang::Zh, Lang::En] {
            for way in ["", "<F1>", "<Tab>", "<Del>", "<F3>"] {
                for (name, screen) in screens(&registers) {
                    let mut rig = Rig::new(screen, Fake::empty(&registers), lang, size);
                    rig.press(way).press("<wait>");
                    let text = rig.text();
                    assert_eq!(text.lines().count(), usize::from(size.1), "{name}");
                    for line in text.lines() {
                        assert!(
                            crate::tui::cells::width(line) <= usize::from(size.0),
                            "{name} {way}: {line}"
                        );
                    }
                    if lang == Lang::En && name != "start" && name != "home" {
                        let han = text
                            .lines()
                            .skip(1)
                            .find(|line| line.chars().any(|c| ('一'..='龥').contains(&c)));
                        assert_eq!(han, None, "{name} {way}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_small_window_says_so_and_loses_nothing() {
    let registers = builtin();
    let mut rig = rig(Box::new(Home::new()), ledger(&registers));
    rig.press("张");
    rig.event(crate::tui::app::Event::Resize(50, 10));
    assert!(rig.text().contains("窗口太小"), "{}", rig.text());
    rig.press("x");
    rig.event(crate::tui::app::Event::Resize(80, 24));
    assert!(
        rig.row(3).contains("张") && !rig.row(3).contains('x'),
        "{}",
        rig.text()
    );
}

#[test]
fn conflicts_show_in_english_too() {
    let registers = builtin();
    let mut rig = Rig::new(
        Box::new(Home::new()),
        ledger(&registers),
        Lang::En,
        (120, 36),
    );
    rig.press("<Down><Enter>");
    assert!(rig.text().contains("Before"), "{}", rig.text());
}
