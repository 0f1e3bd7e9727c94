//! Key strings in, screen text out: a micro-home and its year.

use super::Calendar;
use crate::forms::Lang;
use crate::tui::fake::{Fake, OWN};
use crate::tui::reader::Reader;
use crate::tui::screens::home::Home;
use crate::tui::screens::list::List;
use crate::tui::screens::tests::{bare_keys_do_nothing, builtin, id, number};
use crate::tui::testing::{NOW, Rig};

const DAY: u64 = 86_400_000;
const HOME: u8 = 1;

/// A home that runs, with its cluster, a year of activities, two that are planned and one that was cancelled. Today is 2026-11-24.
fn ledger() -> Fake {
    let registers = builtin();
    let mut fake = Fake::empty(&registers);
    fake.forms = true;
    let village = registers.divisions().find("诗仙社区", 1)[0].code.clone();
    let write = |fake: &mut Fake, register: &str, n: u8, fields: &[(&str, &str)]| {
        let sets = fake.typed(register, fields);
        let number = number(&registers, register);
        fake.write(OWN, number, id(n), None, NOW - 40 * DAY, sets);
    };
    let cluster = [("cluster_name", "天城亲邻"), ("unit", village.as_str())];
    write(&mut fake, "micro_home_cluster", 2, &cluster);
    let home = [
        ("home_name", "春晖妇女微家"),
        ("home_type", "1"),
        ("site_kind", "1"),
        ("build_mode", "1"),
        ("address", "3 组 12 号"),
        ("head_name", "向小兰"),
        ("head_mobile", "13800000001"),
        ("home_code", "WJ500101028008-02"),
        ("head_is_exec", "1"),
        ("core_members", "7"),
        (
            "core_names",
            "向小兰 微家长\n谭玉梅、亲子阅读\n曾小蓉：调解\n杜丽",
        ),
        ("members", "45"),
        ("cluster_id", &id(2).to_string()),
        ("accredited_on", "2024-03-08"),
        ("five_shows", "sign structure duty identity activities"),
        ("four_haves", "place people activity"),
        ("status", "40"),
        ("star_rating", "3"),
        ("rated_year", "2025"),
        ("unit", &village),
    ];
    write(&mut fake, "micro_home", HOME, &home);
    for (n, date, people, topic) in [
        (11, "2026-01-10", "20", "议事"),
        (12, "2026-01-24", "21", "写春联"),
        (13, "2026-03-05", "122", "三八"),
        (14, "2026-11-07", "15", "讲反家暴法"),
        (15, "2026-11-21", "23", "秋天的书"),
        (16, "2025-12-31", "9", "跨年"),
    ] {
        activity(&mut fake, n, date, people, topic, "20");
    }
    activity(&mut fake, 17, "2026-11-28", "", "给妈妈的一封信", "10");
    activity(&mut fake, 18, "2026-11-02", "", "义诊", "10");
    activity(&mut fake, 19, "2026-11-05", "", "没办成", "90");
    fake
}

fn activity(fake: &mut Fake, n: u8, date: &str, people: &str, topic: &str, status: &str) {
    let home = id(HOME).to_string();
    let mut fields = vec![
        ("home_id", home.as_str()),
        ("activity_date", date),
        ("activity_type", "04"),
        ("topic", topic),
        ("status", status),
    ];
    if !people.is_empty() {
        fields.push(("participants", people));
        fields.push(("summary", "大家都来了"));
    }
    let sets = fake.typed("micro_home_activity", &fields);
    let register = number(&fake.registers, "micro_home_activity");
    fake.write(OWN, register, id(n), None, NOW - 30 * DAY, sets);
}

fn screen() -> Box<Calendar> {
    Box::new(Calendar::new(number(&builtin(), "micro_home"), id(HOME)))
}

fn shown(lang: Lang, size: (u16, u16)) -> Rig<Fake> {
    Rig::new(screen(), ledger(), lang, size)
}

/// The activity or another record that was saved last, as field names and shown JSON.
fn saved(fake: &Fake, register: &str) -> serde_json::Map<String, serde_json::Value> {
    let register = fake.registers.by_name(register).expect(register);
    let mut newest = fake.changes.iter().rev();
    let last = newest.find(|change| change.register == register.number);
    let last = last.expect("a change").record;
    let record = fake.record(register.number, last).expect("a record");
    crate::forms::json::object(register, &crate::forms::contents(&record))
}

fn rows(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
fn the_year_is_drawn_as_in_the_look() {
    let rig = shown(Lang::Zh, (80, 24));
    let text = rig.text();
    let row = rows(&text);
    for (y, line) in [
        (
            0,
            " 微家  春晖妇女微家                                    运行  三星 2025  待交 14",
        ),
        (
            3,
            " 编码    WJ500101028008-02       │ 2026 年                             场  人次",
        ),
        (
            4,
            " 类型    1 亲邻互助              │     1   5    10   15   20   25   30",
        ),
        (
            5,
            " 场所    1 商圈                  │  1  .........o.............o.......  2    41",
        ),
        (
            8,
            " 微家长  向小兰  是执委          │  4  ..............................",
        ),
        (
            12,
            " 五亮四有  8 / 9  缺 1           │  8  ...............................",
        ),
        (
            15,
            " 向小兰  微家长                  │ 11  .+....o.............o...   +     2    38",
        ),
        (
            17,
            " 曾小蓉  调解                    │ o 已办  + 计划  . 无                 5   201",
        ),
        (21, " 2027-02-19 前无活动转休眠       │"),
    ] {
        assert_eq!(row[y], line, "{text}");
    }
    assert!(row[9].starts_with(" 电话    138****0001 "), "{text}");
    assert!(row[22].starts_with("─ 11-24 今天 ─"), "{text}");
    assert!(row[23].starts_with(" Enter 登记这天  F4 照上次  PgUp 去年  Tab 到名片"));
    // The marked day is a cell, its month and what was held are in bold accent.
    let styles = rig.styles();
    let styles: Vec<&str> = styles.lines().collect();
    assert_eq!(&styles[15][35..37], "mm");
    assert_eq!(&styles[15][62..63], "c");
    assert_eq!(&styles[15][59..60], "m");
}

#[test]
fn a_wide_page_adds_bars_and_the_last_ones() {
    let text = shown(Lang::Zh, (120, 36)).text();
    let row = rows(&text);
    let bars = |row: &str| [row.matches('━').count(), row.matches('─').count()];
    assert_eq!(bars(row[5]), [11, 19], "{text}");
    assert_eq!(bars(row[7]), [30, 0], "{text}");
    assert_eq!(bars(row[6]), [0, 0], "{text}");
    assert!(row[21].ends_with("│ 最近"), "{text}");
    assert!(
        row[22].ends_with("│ 11-21       04 家庭教育/亲子  秋天的书    23"),
        "{text}"
    );
    assert!(
        row[27].ends_with("│ 2025-12-31  04 家庭教育/亲子  跨年         9"),
        "{text}"
    );
    assert!(!text.contains("没办成"), "cancelled ones are not there");
}

#[test]
fn english_is_complete() {
    for size in [(80, 24), (120, 36)] {
        let text = shown(Lang::En, size).text();
        for words in [
            "Active  3 stars 2025",
            "Kind      1 Neighbours' help",
            "5 shows 4 haves  8 / 9  1 short",
            "held People",
            "Idle until 2027-02-19: Dormant",
            "o held  + planned  . none",
            "11-24 today",
            "Enter start it",
        ] {
            assert!(text.contains(words), "{words} in\n{text}");
        }
        let mut rig = shown(Lang::En, size);
        for keys in ["<F6>", "<Esc><Tab>", "<Tab><F8>"] {
            let han = |c: char| ('一'..='龥').contains(&c);
            let seam = rig.press(keys).row(usize::from(size.1) - 2);
            assert!(!seam.contains(han), "{seam}");
            let hints = rig.row(usize::from(size.1) - 1);
            assert!(!hints.contains(han), "{hints}");
        }
    }
}

#[test]
fn a_narrow_window_has_the_card_behind_tab_and_a_low_one_all_twelve_months() {
    let mut rig = shown(Lang::Zh, (60, 16));
    let text = rig.text();
    assert!(rig.row(2).starts_with("  1  .........o...."), "{text}");
    assert!(rig.row(13).starts_with(" 12"), "{text}");
    assert!(!text.contains("编码"), "{text}");
    rig.press("<Tab>");
    assert!(rig.row(2).starts_with(" 编码    WJ5"), "{}", rig.text());
    rig.press("<Esc>");
    assert!(rig.row(2).starts_with("  1  ....."), "{}", rig.text());
    assert_eq!(rig.app.stack().len(), 1);
}

#[test]
fn arrows_move_by_day_and_month_pages_by_year() {
    let mut rig = shown(Lang::Zh, (80, 24));
    for (keys, seam) in [
        ("<Left>", "─ 11-23 周一 "),
        ("<Up>", "─ 10-23 周五 "),
        ("<Last>", "─ 10-31 周六 "),
        ("<Down>", "─ 11-30 周一 "),
        ("<Right>", "─ 12-01 周二 "),
        ("<First>", "─ 12-01 周二 "),
        ("<PgUp>", "─ 2025-12-01 周一 "),
        ("<PgDn><PgDn>", "─ 2027-12-01 周三 "),
    ] {
        let keys = keys.replace("<First>", "<Home>").replace("<Last>", "<End>");
        rig.press(&keys);
        assert!(rig.row(22).starts_with(seam), "{keys}\n{}", rig.text());
    }
    rig.press("<PgUp><PgUp>");
    assert!(rig.row(3).contains("│ 2025 年"), "{}", rig.text());
    assert!(
        rig.row(17).trim_end().ends_with("1     9"),
        "{}",
        rig.text()
    );
}

#[test]
fn f6_goes_to_a_month_by_its_digits() {
    let mut rig = shown(Lang::Zh, (80, 24));
    for (keys, seam) in [
        ("<F6>3", "─ 03-24 "),
        ("<F6>11", "─ 11-24 "),
        ("<F6>1", "─ 到几月，按 1 到 12 1 ─"),
        ("<Enter>", "─ 01-24 "),
        ("<F6>02", "─ 02-24 "),
        ("<F6>１2", "─ 12-24 "),
        ("<F6>19", "─ 到几月，按 1 到 12 ─"),
        ("<Esc>", "─ 12-24 "),
    ] {
        rig.press(keys);
        assert!(rig.row(22).starts_with(seam), "{keys}\n{}", rig.text());
    }
}

#[test]
fn f8_goes_to_what_is_planned_and_not_held() {
    let mut rig = shown(Lang::Zh, (80, 24));
    rig.press("<F8>");
    assert!(rig.row(19).contains("11-28  计划  04 家庭教育/亲子"));
    assert!(rig.row(20).contains("给妈妈的一封信"), "{}", rig.text());
    rig.press("<F8>");
    assert!(rig.row(19).contains("11-02  ! 计划过了 22 天，还没登记"));
    rig.press("<Enter>");
    let opened = rig.desk.opened.take();
    assert!(opened[0].starts_with("Edit(25, 12121212"), "{opened:?}");
}

#[test]
fn several_on_a_day_are_opened_by_digit() {
    let mut fake = ledger();
    activity(&mut fake, 20, "2026-11-21", "8", "下午场", "20");
    let mut rig = Rig::new(screen(), fake, Lang::Zh, (80, 24));
    rig.press("<Left><Left><Left>");
    let text = rig.text();
    assert!(
        rig.row(19)
            .contains("11-21  1 已举办  04 家庭教育/亲子  秋天的书")
    );
    assert!(
        rig.row(20).contains("2 已举办  04 家庭教育/亲子  下午场"),
        "{text}"
    );
    rig.press("3");
    assert!(rig.row(22).contains("没有这个数字"), "{}", rig.text());
    rig.press("2");
    let opened = rig.desk.opened.take();
    assert!(opened[0].starts_with("Edit(25, 14141414"), "{opened:?}");
}

/// An activity of a known home and how many keys it costs beside its free text: at most 11.
#[test]
fn an_activity_of_a_known_home_costs_ten_keys() {
    let mut rig = Rig::new(Box::new(Home::new()), ledger(), Lang::Zh, (80, 24));
    let mut keys = 0;
    for (press, cost) in [
        ("4", 1),
        ("春晖<wait>", 2),
        ("<Enter>", 1),
        ("<Enter>", 1),
        ("包饺子", 0),
        ("<Enter>", 1),
        ("26", 2),
        ("<Enter>", 1),
        ("大家一起包", 0),
        ("<Enter>", 1),
    ] {
        rig.press(press);
        keys += cost;
    }
    assert!(keys <= 11, "{keys}");
    // The calendar is back, with what was saved.
    let text = rig.text();
    assert!(
        rig.row(19).contains("11-24  已举办  04 家庭教育/亲子"),
        "{text}"
    );
    assert!(rig.row(15).ends_with("3    64"), "{text}");
    assert!(rig.row(21).contains("2027-02-22 前无活动转休眠"), "{text}");
    assert!(rig.row(22).contains("已存 10:42:07"), "{text}");
    let activity = saved(&rig.desk, "micro_home_activity");
    assert_eq!(activity["home_id"], id(HOME).to_string());
    assert_eq!(activity["activity_date"], "2026-11-24");
    assert_eq!(activity["activity_type"], "04");
    assert_eq!(activity["participants"], 26);
    assert_eq!(activity["host"], "向小兰");
    assert_eq!(activity["status"], "20");
}

#[test]
fn a_day_to_come_is_planned() {
    let mut rig = shown(Lang::Zh, (80, 24));
    rig.press("<Down><Enter>包饺子<Enter>");
    assert_eq!(rig.app.stack().len(), 1, "{}", rig.text());
    let activity = saved(&rig.desk, "micro_home_activity");
    assert_eq!(activity["activity_date"], "2026-12-24");
    assert_eq!(activity["status"], "10");
    assert!(
        rig.row(16).contains("│ 12                         +"),
        "{}",
        rig.text()
    );
}

#[test]
fn f3_takes_what_the_hand_used_last_f4_what_the_home_did_last() {
    let mut rig = shown(Lang::Zh, (80, 24));
    rig.press("<F3>");
    assert!(
        rig.row(5).contains("04 家庭教育/亲子") && rig.row(5).ends_with("沿用"),
        "{}",
        rig.text()
    );
    rig.press("<Esc><Left><F4>");
    assert!(
        rig.row(4).contains("活动日期    2026-11-23"),
        "{}",
        rig.text()
    );
    assert!(rig.row(5).contains("04 家庭教育/亲子"), "{}", rig.text());
    assert!(rig.row(6).contains("▸   活动主题"), "{}", rig.text());
}

#[test]
fn women_children_and_families_are_counted_apart() {
    let mut rig = shown(Lang::Zh, (80, 24));
    rig.press("<Enter>包饺子<Enter>20<Enter>大家一起包");
    // The optional fields: children, then families.
    rig.press("<F6>08");
    rig.press("21<Tab>");
    assert!(
        rig.text().contains("儿童不能多过参加人数"),
        "{}",
        rig.text()
    );
    rig.press("<F2>");
    assert!(
        !rig.desk.asked.contains(&"save".to_owned()),
        "{}",
        rig.text()
    );
    rig.press("<F6>08<Ctrl-U>5<Tab>9<Tab><F2>");
    let activity = saved(&rig.desk, "micro_home_activity");
    assert_eq!(activity["children"], 5);
    assert_eq!(activity["women"], 15, "women are the rest");
    assert_eq!(activity["families"], 9);
}

#[test]
fn tab_goes_to_the_card_and_enter_edits_it() {
    let mut rig = shown(Lang::Zh, (80, 24));
    rig.press("<Tab><Enter>");
    let opened = rig.desk.opened.take();
    assert!(opened[0].starts_with("Edit(23, 01010101"), "{opened:?}");
    rig.press("<Esc><Tab><Esc>");
    assert!(rig.app.stack().is_empty());
}

#[test]
fn f9_shows_the_number_for_thirty_seconds() {
    let mut rig = shown(Lang::Zh, (80, 24));
    rig.press("<F9>");
    assert!(rig.row(9).contains("13800000001"), "{}", rig.text());
    rig.pass(31_000);
    assert!(rig.row(9).contains("138****0001"), "{}", rig.text());
}

#[test]
fn f5_opens_the_rating_of_this_year() {
    let mut fake = ledger();
    let register = number(&fake.registers, "micro_home_rating");
    let home = id(HOME).to_string();
    let old = [
        ("home_id", home.as_str()),
        ("year", "2025"),
        ("decision", "1"),
    ];
    let sets = fake.typed("micro_home_rating", &old);
    fake.write(OWN, register, id(30), None, NOW - 300 * DAY, sets);
    let mut rig = Rig::new(screen(), fake, Lang::Zh, (80, 24));
    rig.press("<F5>");
    assert!(
        rig.row(3).contains("微家        春晖妇女微家"),
        "{}",
        rig.text()
    );
    assert!(rig.row(4).contains("年度        2026"), "{}", rig.text());
    rig.press("<Enter><Enter>90<Enter><Enter><Enter>1<Enter>4");
    rig.press("<F2>");
    let rating = saved(&rig.desk, "micro_home_rating");
    assert_eq!(rating["year"], 2026);
    assert_eq!(rating["self_score"], "90");
    rig.desk.opened.take();
    rig.press("<F5>");
    let opened = rig.desk.opened.take();
    assert!(opened[0].starts_with("Edit(26"), "{opened:?}");
}

#[test]
fn the_settings_say_other_days() {
    let mut fake = ledger();
    fake.settings.insert("dormant_days".into(), 2);
    let text = Rig::new(screen(), fake, Lang::Zh, (80, 24)).text();
    assert!(text.contains("! 2026-11-23 起该转休眠"), "{text}");
}

#[test]
fn enter_in_the_list_opens_the_year_and_esc_comes_back() {
    let list = List::new(number(&builtin(), "micro_home"));
    let mut rig = Rig::new(Box::new(list), ledger(), Lang::Zh, (80, 24));
    rig.press("<Enter>");
    assert!(rig.row(3).contains("2026 年"), "{}", rig.text());
    rig.press("<Esc>");
    assert!(rig.row(2).starts_with(" 找"), "{}", rig.text());
}

#[test]
fn a_cluster_shows_its_homes() {
    let list = List::new(number(&builtin(), "micro_home_cluster"));
    let rig = Rig::new(Box::new(list), ledger(), Lang::Zh, (80, 24));
    let text = rig.text();
    assert!(text.contains("│ 微家  1"), "{text}");
    assert!(text.contains("│           春晖妇女微家"), "{text}");
}

#[test]
fn no_letter_character_or_mark_is_ever_a_command() {
    let ways = [
        "",
        "<Tab>",
        "<F6>",
        "<F6>1",
        "<F8>",
        "<PgUp>",
        "<F1>",
        "<Left><Left><Left>",
    ];
    for way in ways {
        let mut fake = ledger();
        activity(&mut fake, 20, "2026-11-21", "8", "下午场", "20");
        let mut rig = Rig::new(screen(), fake, Lang::Zh, (80, 24));
        rig.press(way);
        let page = rig.text();
        bare_keys_do_nothing(&mut rig, &format!("calendar {way}"));
        let now = rig.text();
        assert_eq!(rows(&now)[..22], rows(&page)[..22], "{way}");
    }
}
