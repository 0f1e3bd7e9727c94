//! Drafts, undo and redo.

use proptest::prelude::*;

use super::*;
use crate::tui::reader::Reader;

const STEPS: &[&str] = &[
    "张",
    "小",
    "<Enter>",
    "家",
    "里",
    "<Left>",
    "都",
    "<End>好",
    "<Enter>",
    "1",
    "<wait>",
    "0",
    "5",
    "问助学",
    "补贴",
    "<Tab>",
    "<Tab>",
    "<Tab>",
    "11",
    "20",
    "<Enter>",
    "<Tab>",
    "<F6>",
    "17",
    "李",
];

/// The screen without what says when the draft was kept and what was said.
fn still(rig: &Rig<Fake>) -> (String, Option<(u16, u16)>) {
    let text = rig.text();
    let rows: Vec<&str> = text.lines().skip(1).collect();
    let seam = rows.len() - 2;
    let rows: Vec<&str> = rows
        .into_iter()
        .enumerate()
        .filter(|(n, _)| *n != seam)
        .map(|(_, row)| row)
        .collect();
    (rows.join("\n"), rig.page().1)
}

#[test]
fn a_draft_brings_back_every_step_at_its_character() {
    for size in [(80, 24), (120, 36)] {
        for upto in 1..=STEPS.len() {
            let mut rig = new_visit(Lang::Zh, size);
            rig.press(&STEPS[..upto].concat());
            if STEPS[upto - 1] == "<F6>" {
                continue;
            }
            rig.pass(300);
            let shown = still(&rig);
            let (name, bytes) = rig
                .desk
                .files
                .iter()
                .next()
                .map(|(n, b)| (n.clone(), b.clone()))
                .expect("a draft");
            let mut fake = ledger();
            fake.files.insert(name.clone(), bytes);
            let back = opened(fake, Opening::Draft(name), Lang::Zh, size);
            let (text, caret) = still(&back);
            assert_eq!(strip(&text), strip(&shown.0), "after {:?}", &STEPS[..upto]);
            assert_eq!(caret, shown.1, "after {:?}", &STEPS[..upto]);
        }
    }
}

/// Rows without the blanks at their ends.
fn strip(text: &str) -> Vec<String> {
    text.lines().map(|row| row.trim_end().to_owned()).collect()
}

#[test]
fn the_draft_is_at_most_a_quarter_second_behind_and_shown_only_while_disk_equals_screen() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    assert!(!rig.text().contains("草稿 10"));
    rig.hammer("张");
    assert!(rig.app.due().is_some());
    for _ in 0..24 {
        rig.hammer("小");
        assert!(!rig.desk.asked.is_empty() || !rig.text().contains("草稿 10"));
    }
    assert!(
        rig.desk.asked.contains(&"draft".to_owned()),
        "it does not wait for a rest"
    );
    rig.pass(250);
    assert!(rig.text().contains("草稿 10:42:07"));
    rig.hammer("红");
    assert!(!rig.text().contains("草稿 10:42:07"));
}

#[test]
fn esc_keeps_the_draft_and_saving_throws_it_away() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.hammer("张小<Esc>");
    assert!(rig.text().contains("草稿留着"), "{}", rig.text());
    assert_eq!(rig.desk.files.len(), 1);
    let name = rig.desk.files.keys().next().cloned().expect("a draft");
    rig.open(Opening::Draft(name));
    rig.press("<Enter>家里都好<Enter><Enter>");
    assert!(rig.desk.files.is_empty());
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("<Esc>");
    assert!(rig.desk.files.is_empty(), "nothing was typed");
}

#[test]
fn a_draft_of_an_edit_keeps_what_was_seen_when_it_opened() {
    let fake = ledger();
    let number = fake.registers.by_name("visit").expect("visits").number;
    let seen = fake.seen(number, id(21));
    let mut rig = opened(fake, Opening::Edit(number, id(21)), Lang::Zh, (80, 24));
    rig.press("<F6>06<Ctrl-U>又去看了一次");
    rig.pass(300);
    let (name, bytes) = rig
        .desk
        .files
        .iter()
        .next()
        .map(|(n, b)| (n.clone(), b.clone()))
        .expect("a draft");
    let mut fake = ledger();
    let sets = fake.typed("visit", &[("visit_mode", "2")]);
    fake.write(crate::tui::fake::OTHER, number, id(21), None, NOW, sets);
    fake.files.insert(name.clone(), bytes);
    let mut rig = opened(fake, Opening::Draft(name), Lang::Zh, (80, 24));
    rig.press("<F2>");
    let change = rig.desk.changes.last().expect("a change");
    assert_eq!(change.seen, seen);
    assert_eq!(change.sets.len(), 1, "what came since is not set back");
}

#[test]
fn undo_takes_back_what_was_typed_in_one_field_at_once() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<Enter>家里都好");
    rig.press("<Ctrl-Z>");
    assert!(!rig.text().contains("家里都好"));
    rig.press("<Ctrl-Y>");
    assert!(rig.text().contains("家里都好"));
    rig.press("<Ctrl-Z><Ctrl-Z>");
    assert!(
        rig.text().contains("▸   走访家庭    张小"),
        "{}",
        rig.text()
    );
    rig.press("<Ctrl-Z><Ctrl-Z>");
    assert!(rig.text().contains("没有可撤销的"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever was pressed: all of it undone and done again is the same screen.
    #[test]
    fn undone_and_done_again_is_the_same(keys in proptest::collection::vec(0..14_usize, 1..14)) {
        const KEYS: [&str; 14] = [
            "张", "小", "<Enter>", "好", "1", "<Tab>", "<Shift-Tab>", "<Backspace>", "<Left>", "5", "<Ctrl-U>", "23", "<F7>", "<Space>",
        ];
        let mut rig = new_visit(Lang::Zh, (80, 24));
        for key in keys {
            rig.press(KEYS[key]);
            if rig.desk.asked.contains(&"save".to_owned()) {
                return Ok(());
            }
        }
        let body = |rig: &Rig<Fake>| -> Vec<String> { rig.text().lines().skip(2).take(14).map(str::to_owned).collect() };
        let shown = (body(&rig), rig.page().1);
        let mut count = 0;
        loop {
            rig.press("<Ctrl-Z>");
            if rig.text().contains("没有可撤销的") {
                break;
            }
            count += 1;
        }
        for _ in 0..count {
            rig.press("<Ctrl-Y>");
        }
        prop_assert_eq!((body(&rig), rig.page().1), shown);
    }
}
