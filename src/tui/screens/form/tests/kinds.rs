//! Every field type, typed.

use super::*;
use crate::tui::app::Event;

fn every(lang: Lang, size: (u16, u16)) -> Rig<Fake> {
    opened(ledger_of(everything()), Opening::New(10_001), lang, size)
}

/// What is pressed in each field, in order, up to going on.
const KEYS: &[(&str, &str)] = &[
    ("a_text", "一行　字<Enter>"),
    ("many_lines", "头一句，<F5>第二句<Ctrl-K>第三句<Enter>"),
    ("an_integer", "１２<Enter>"),
    ("a_decimal", "3.25<Enter>"),
    ("some_money", "２００．５<Enter>"),
    ("a_date", "昨天<Enter>"),
    ("a_month", "202610<Enter>"),
    ("a_time", "1430<Enter>"),
    ("a_moment", "1123 0915<Enter>"),
    ("one_of", "２"),
    ("some_of", "1114<Enter>"),
    ("a_record", "郑晓<Enter>"),
    ("records", "陈雨<Enter>郑晓<Enter><Enter>"),
    ("yes_or_no", "1"),
    ("a_phone", "13800000001"),
    ("an_id", "11010519491231002*"),
    ("a_code", "91500101ma0000000u"),
    ("a_place", "诗仙社区<Enter>"),
    ("the_end", "好"),
];

#[test]
fn every_type_is_typed_and_saved() {
    for (lang, size) in [(Lang::Zh, (80, 24)), (Lang::En, (120, 36))] {
        let mut rig = every(lang, size);
        for (_, keys) in KEYS {
            rig.press(keys);
        }
        rig.press("<Enter>");
        assert_eq!(
            rig.desk
                .asked
                .iter()
                .filter(|asked| *asked == "save")
                .count(),
            1,
            "{}",
            rig.text()
        );
        let saved = saved(&rig.desk, "every");
        let village = rig.desk.registers.divisions().find("诗仙社区", 1)[0]
            .code
            .clone();
        for (field, json) in [
            ("a_text", serde_json::json!("一行　字")),
            ("many_lines", "头一句，\n第二句\n第三句".into()),
            ("an_integer", 12.into()),
            ("a_decimal", "3.25".into()),
            ("some_money", "200.50".into()),
            ("a_date", "2026-11-23".into()),
            ("a_month", "2026-10".into()),
            ("one_of", "02".into()),
            ("some_of", serde_json::json!(["11", "14"])),
            ("a_record", id(2).to_string().into()),
            (
                "records",
                serde_json::json!([id(12).to_string(), id(13).to_string()]),
            ),
            ("yes_or_no", true.into()),
            ("a_phone", "13800000001".into()),
            ("an_id", "11010519491231002X".into()),
            ("a_code", "91500101MA0000000U".into()),
            ("a_place", village.into()),
        ] {
            assert_eq!(saved[field], json, "{field}");
        }
        assert!(
            saved["a_time"]
                .as_str()
                .is_some_and(|time| time.starts_with("14:30"))
        );
        assert!(
            saved["a_moment"]
                .as_str()
                .is_some_and(|moment| moment.starts_with("2026-11-23T09:15"))
        );
    }
}

#[test]
fn what_cannot_be_read_stays_as_it_was_typed_and_is_wrong() {
    let mut rig = every(Lang::Zh, (80, 24));
    rig.press("好<Enter>好<Enter>12x<Enter>");
    assert!(rig.text().contains("▸ x 整数        12x"), "{}", rig.text());
    rig.press("<Tab>");
    assert!(rig.text().contains("  x 整数        12x"), "{}", rig.text());
    rig.press("<Shift-Tab><Backspace><Enter>");
    assert!(!rig.text().contains("x 整数"), "{}", rig.text());
}

#[test]
fn arrows_move_a_date_by_a_day() {
    let mut rig = every(Lang::Zh, (80, 24));
    rig.press("<F6>061123<Enter><F6>06<Right><Right><Left>");
    assert!(
        rig.text().contains("▸   日子        2026-11-24 周二"),
        "{}",
        rig.text()
    );
}

#[test]
fn several_choices_toggle_and_one_that_stands_alone_leaves_no_other() {
    let mut rig = every(Lang::Zh, (80, 24));
    rig.press("<F6>1111<wait>14<wait>11");
    assert!(rig.text().contains("▸   选几        14 "), "{}", rig.text());
    rig.press("00");
    assert!(rig.text().contains("▸   选几        00 "), "{}", rig.text());
    rig.press("23");
    assert!(rig.text().contains("▸   选几        23 "), "{}", rig.text());
    rig.press("<Right><Space>");
    assert!(
        rig.text().contains("▸   选几\n"),
        "the marked one is taken out: {}",
        rig.text()
    );
    rig.press("<Right><Space>");
    assert!(rig.text().contains("▸   选几        24 "), "{}", rig.text());
}

#[test]
fn the_cursor_stands_at_the_caret_in_cells() {
    let mut rig = every(Lang::Zh, (80, 24));
    let caret = |rig: &Rig<Fake>| rig.page().1.expect("a caret").0;
    assert_eq!(caret(&rig), 17);
    rig.press("张a");
    assert_eq!(caret(&rig), 20);
    rig.press("e\u{301}𠮷");
    assert_eq!(caret(&rig), 23);
    rig.press("<Left><Left>");
    assert_eq!(caret(&rig), 20);
    rig.press("<End>");
    rig.event(Event::Paste("汉".repeat(40)));
    let at = caret(&rig);
    assert!(
        (62..=63).contains(&at),
        "{at}: the line scrolls, the cursor stays in the well"
    );
}

#[test]
fn a_note_is_read_and_not_stood_in() {
    let mut rig = every(Lang::Zh, (80, 24));
    rig.press("<F6>18<Tab>");
    assert!(rig.text().contains("最后看一眼再存"), "{}", rig.text());
    assert!(rig.text().contains("▸   完了"), "{}", rig.text());
}
