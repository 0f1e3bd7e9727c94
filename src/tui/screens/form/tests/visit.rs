//! A visit, from Home to saved.

use super::*;
use crate::tui::app::Event;

/// The usual visit, and how many keys it costs beside its free text.
#[test]
fn a_usual_visit_costs_seven_keys() {
    let mut rig = home(ledger(), Lang::Zh, (80, 24));
    let mut keys = 0;
    for (press, cost) in [
        ("<F3>", 1),
        ("1", 1),
        ("郑晓", 2),
        ("<Enter>", 1),
        ("家里都好", 0),
        ("<Enter>", 1),
        ("<Enter>", 1),
    ] {
        rig.press(press);
        keys += cost;
    }
    assert_eq!(
        rig.desk
            .asked
            .iter()
            .filter(|asked| *asked == "save")
            .count(),
        1
    );
    assert!(keys <= 10, "{keys}");
    assert!(rig.text().contains("已存 10:42:07"));
    let visit = saved(&rig.desk, "visit");
    assert_eq!(visit["visit_date"], "2026-11-24");
    assert_eq!(visit["visit_mode"], "01");
    assert_eq!(visit["household_id"], id(2).to_string());
    assert_eq!(visit["person_id"], id(13).to_string());
    assert_eq!(visit["summary"], "家里都好");
    assert_eq!(visit["has_need"], false);
}

#[test]
fn a_reference_being_looked_for_is_drawn_as_in_the_look() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<wait>");
    let rows: Vec<String> = rig.text().lines().map(str::to_owned).collect();
    assert_eq!(
        rows[0],
        " 走访  新建                                              草稿 10:42:07  待交 14"
    );
    assert_eq!(
        rows[3],
        "     走访日期    2026-11-24 周二                                           今天"
    );
    assert_eq!(
        rows[4],
        "     走访方式    1 入户                                                    沿用"
    );
    assert_eq!(rows[5], " ▸   走访家庭    张小");
    assert!(rows[11].starts_with("     另有 19 项  类型  ") && rows[11].ends_with("  F6"));
    assert!(rows[16].starts_with("─ 走访家庭  找到 1 户 ─") && rows[16].ends_with("─ 近的在前 ─"));
    assert_eq!(
        rows[17],
        " ▸   张小红  诗仙社区 3 组 ** 号  138****6021                             11-10"
    );
    assert!(rows[18].starts_with("   + 新建家庭  户主  门牌"));
    assert!(rows[22].starts_with("─ 3 / 7 ─") && rows[22].ends_with("─ 草稿随打随存 ─"));
    assert!(rows[23].starts_with(" Enter 取  上下 换一个  F7 同上次"));
    let (_, caret) = rig.page();
    assert_eq!(caret, Some((21, 5)));
    let styles = rig.styles();
    let row: Vec<&str> = styles.lines().collect();
    // Marker, label in bold accent, an underlined well of 47 cells.
    assert_eq!(&row[5][1..2], "m");
    assert_eq!(&row[5][5..13], "mmmmmmmm");
    assert_eq!(&row[5][17..64], "u".repeat(47));
    assert_eq!(&row[17][5..11], "mmmmmm");
}

#[test]
fn english_is_complete() {
    let mut rig = new_visit(Lang::En, (80, 24));
    rig.press("张小");
    let text = rig.text();
    for words in [
        "Visits  New",
        "carried",
        "Family",
        "1 found",
        "nearest first",
        "New: Households",
        "draft kept as typed",
    ] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
    rig.press("<Enter>all is well<Enter>1");
    let text = rig.text().replace("张小红", "").replace("诗仙社区", "");
    assert!(
        !text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
        "{text}"
    );
}

#[test]
fn a_wide_page_has_the_panel_at_the_right_with_history_and_people() {
    let mut rig = new_visit(Lang::Zh, (120, 36));
    rig.press("张小");
    let rows: Vec<String> = rig.text().lines().map(str::to_owned).collect();
    assert!(rows[5].contains("▸ 张小红  诗仙社区 3 组 ** 号"));
    let text = rows.join("\n");
    for words in [
        "张小红家",
        "11-10       入户      李静",
        "户内",
        "张小红  女 47",
        "陈雨    女 14",
    ] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
    // The optional fields are open, in two columns.
    assert!(
        rows.iter()
            .any(|row| row.contains("走访类型") && row.contains("照片数")),
        "{text}"
    );
    // Nothing about health or needs.
    assert!(!text.contains("丈夫外出"));
}

#[test]
fn a_need_is_asked_in_the_same_form_and_saved_as_one_group() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<Enter>家里都好<Enter>1");
    assert!(rig.text().contains("▸   诉求类别"));
    rig.press("05");
    assert!(
        rig.text().contains("▸   诉求内容"),
        "two digits go on by themselves"
    );
    assert!(
        rig.text()
            .contains("办理层级    2 镇街                                                  按类别")
    );
    rig.press("问助学补贴怎么申请<Enter>");
    assert_eq!(
        rig.desk
            .asked
            .iter()
            .filter(|asked| *asked == "save")
            .count(),
        1
    );
    let (visit, need) = (saved(&rig.desk, "visit"), saved(&rig.desk, "need"));
    assert_eq!(visit["has_need"], true);
    assert_eq!(need["need_category"], "05");
    assert_eq!(need["person_id"], id(11).to_string());
    let last: Vec<RecordId> = rig
        .desk
        .changes
        .iter()
        .rev()
        .take(2)
        .map(|change| change.record)
        .collect();
    assert_eq!(need["visit_id"], last[1].to_string());
}

#[test]
fn an_error_stands_under_its_field_and_keeps_it_from_being_saved() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<Enter>家里都好<Enter>105<F6>12");
    assert!(rig.text().contains("▸   办理时限"), "{}", rig.text());
    rig.press("1120<Enter>");
    let text = rig.text();
    assert!(
        text.contains("▸ x 办理时限    2026-11-20 周五\n                 时限早于提出日期。"),
        "{text}"
    );
    assert!(text.contains("1 处错误，还不能存"));
    rig.press("<F2>");
    assert!(
        rig.text().contains("x 诉求内容") && rig.text().contains("诉求内容要填。"),
        "{}",
        rig.text()
    );
    rig.press("<F8>");
    assert!(rig.text().contains("▸ x 办理时限"));
    assert!(!rig.desk.asked.contains(&"save".to_owned()));
}

#[test]
fn a_warning_is_listed_and_saved_over_by_a_second_f2() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<Enter>家里都好<F6>01");
    rig.press("2026-08-01<Enter><F2>");
    let text = rig.text();
    assert!(
        text.contains("存前看一眼") && text.contains("60 天以前"),
        "{text}"
    );
    assert!(!rig.desk.asked.contains(&"save".to_owned()));
    rig.press("<F2>");
    assert!(rig.desk.asked.contains(&"save".to_owned()));
}

#[test]
fn only_what_changed_stops_only_where_the_register_says() {
    let fake = ledger();
    let number = fake.registers.by_name("visit").expect("visits").number;
    let mut rig = opened(fake, Opening::Again(number, id(21)), Lang::Zh, (80, 24));
    let text = rig.text();
    assert!(
        text.contains("走访  照上次再录") && text.contains("▸   走访情况"),
        "{text}"
    );
    assert!(
        text.contains("走访家庭    张小红  诗仙社区                                          上次"),
        "{text}"
    );
    assert!(text.contains("走访情况  上次 11-10") && text.contains("丈夫外出务工"));
    rig.press("1<Enter><Enter>");
    assert_eq!(saved(&rig.desk, "visit")["summary"], "家庭和睦，无诉求。");
}

#[test]
fn save_and_one_more_carries() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("<F6>022郑晓<Enter>家里都好<F4>");
    let text = rig.text();
    assert!(text.contains("已存 10:42:07，再录一条"), "{text}");
    assert!(
        text.contains("走访方式    2 电话                                                    沿用"),
        "{text}"
    );
    assert!(text.contains("▸   走访家庭"));
    assert_eq!(saved(&rig.desk, "visit")["visit_mode"], "02");
}

#[test]
fn f3_makes_a_new_one_in_place_and_comes_back_with_it() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("没有这家<Enter>");
    assert!(rig.text().contains("没有找到"));
    rig.press("<F3>");
    assert!(rig.text().contains("家庭  新建"));
    rig.press("冉小琴<Enter>5 组 8 号<Enter>");
    let text = rig.text();
    assert!(
        text.contains("走访  新建") && text.contains("走访家庭    冉小琴"),
        "{text}"
    );
    assert!(text.contains("▸   走访情况"), "{text}");
    assert_eq!(saved(&rig.desk, "household")["head_name"], "冉小琴");
}

#[test]
fn taking_a_person_fills_her_household_too() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("陈雨<Enter>");
    let text = rig.text();
    assert!(text.contains("走访家庭    张小红  诗仙社区"), "{text}");
    assert!(text.contains("走访对象    陈雨"), "{text}");
}

#[test]
fn f7_takes_the_last_value() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<Enter><F7>");
    assert!(
        rig.text()
            .contains("走访情况    丈夫外出务工，女儿今年初三，想办助学。")
    );
}

#[test]
fn letters_and_han_never_run_commands() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<Enter>家里都好<Enter>");
    let still = |rig: &Rig<Fake>| -> Vec<String> {
        rig.text()
            .lines()
            .take(22)
            .skip(1)
            .map(str::to_owned)
            .collect()
    };
    let before = still(&rig);
    rig.press("abcxyz有无是qs");
    assert!(rig.text().contains("输入法开着：这里按数字"));
    assert_eq!(still(&rig), before, "nothing done");
}

#[test]
fn a_paste_goes_into_text_and_saves_nothing() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<Enter>");
    rig.event(Event::Paste("第一行\r\n第二行\u{1b}[31m\n\n".into()));
    assert!(
        rig.text().contains("第一行\n                 第二行[31m"),
        "{}",
        rig.text()
    );
    assert!(!rig.desk.asked.contains(&"save".to_owned()));
    rig.press("<Enter>");
    rig.event(Event::Paste("1\n\n".into()));
    assert!(!rig.desk.asked.contains(&"save".to_owned()));
}

#[test]
fn an_enter_right_behind_a_field_that_went_on_is_swallowed() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<Enter>家里都好<Enter>1<wait>0");
    rig.hammer("5<Enter>");
    assert!(
        rig.text().contains("▸   诉求内容") && !rig.text().contains("这项要填"),
        "{}",
        rig.text()
    );
    rig.press("<Enter>");
    assert!(rig.text().contains("这项要填"));
}

#[test]
fn the_first_digit_of_a_year_is_a_tail_number_of_nothing() {
    // Enter with nothing typed in a required reference takes nobody.
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("<Enter>");
    assert!(rig.text().contains("▸   走访家庭") && rig.text().contains("这项要填"));
    rig.press("<Tab>");
    assert!(rig.text().contains("▸   走访对象"));
}

#[test]
fn a_stored_record_shows_its_fields_and_sets_only_what_differs() {
    let fake = ledger();
    let number = fake.registers.by_name("visit").expect("visits").number;
    let mut rig = opened(fake, Opening::Edit(number, id(21)), Lang::Zh, (80, 24));
    assert!(
        rig.text().contains("走访  2026-11-10 张小红"),
        "{}",
        rig.text()
    );
    rig.press("<F6>06<Ctrl-U>又去看了一次<F2>");
    let change = rig.desk.changes.last().expect("a change");
    assert_eq!(change.sets.len(), 1);
    assert_eq!(
        set_of(&rig.desk, &change.sets, "visit", "summary").and_then(Value::as_text),
        Some("又去看了一次")
    );
    assert!(!change.seen.is_empty());
}

#[test]
fn a_conflict_shows_its_sides_and_a_pick_settles_it() {
    let mut fake = ledger();
    let number = fake
        .registers
        .by_name("household")
        .expect("households")
        .number;
    for (log, phone) in [
        (OWN, "13800000001"),
        (crate::tui::fake::OTHER, "13800000002"),
    ] {
        let sets = fake.typed("household", &[("phone", phone)]);
        let seen = crate::tui::reader::Reader::seen(&fake, number, id(3));
        let seen = if log == OWN { seen } else { Vec::new() };
        fake.write(log, number, id(3), Some(seen), NOW, sets);
    }
    let rig = opened(fake, Opening::Edit(number, id(3)), Lang::Zh, (80, 24));
    let text = rig.text();
    assert!(text.contains("▸ ? 联系电话"), "{text}");
    assert!(
        text.contains("1 138****0002") && text.contains("2 138****0001"),
        "{text}"
    );
}

#[test]
fn f6_goes_to_a_field_by_digits_name_or_initials() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    for (keys, field) in [
        ("06", "走访情况"),
        ("方式<Enter>", "走访方式"),
        ("zdrq<Enter>", "重点人群"),
        ("bz<Enter>", "备注"),
    ] {
        rig.press("<F6>");
        rig.press(keys);
        let text = rig.text();
        assert!(text.contains(&format!("▸   {field}")), "{keys}: {text}");
    }
    rig.press("<F6><Esc>");
    assert!(rig.text().contains("▸   备注"), "Esc names no field");
}

#[test]
fn a_stored_need_offers_the_steps_that_are_allowed_now_and_says_why_not_the_others() {
    let mut fake = ledger();
    let number = fake.registers.by_name("need").expect("needs").number;
    let sets = fake.typed(
        "need",
        &[
            ("need_category", "05"),
            ("description", "问助学补贴怎么申请"),
            ("urgency", "3"),
            ("handling_level", "2"),
            ("raised_on", "2026-11-20"),
            ("due_on", "2026-12-05"),
            ("person_id", &id(11).to_string()),
            ("source_channel", "walk_in"),
            ("need_status", "20"),
            ("confidentiality", "0"),
            ("unit", "诗仙社区"),
        ],
    );
    fake.write(OWN, number, id(31), None, NOW - DAY, sets);
    let mut rig = opened(fake, Opening::Edit(number, id(31)), Lang::Zh, (80, 24));
    let text = rig.text();
    assert!(text.contains("▸   诉求进展"), "{text}");
    assert!(text.contains("1 签收"), "{text}");
    rig.press("1<F2>");
    assert_eq!(saved(&rig.desk, "need")["need_status"], "30");
    let fake = std::mem::replace(&mut rig.desk, ledger());
    let rig = opened(fake, Opening::Edit(number, id(31)), Lang::Zh, (80, 24));
    assert!(rig.text().contains("开始办理"), "{}", rig.text());
}

#[test]
fn one_more_need_by_f3_and_all_are_one_group() {
    let mut rig = new_visit(Lang::Zh, (80, 24));
    rig.press("张小<Enter>家里都好<Enter>105问助学补贴怎么申请<F3>");
    assert!(rig.text().contains("▸   诉求类别"), "{}", rig.text());
    rig.press("02想找一份工作<F2>");
    assert_eq!(saved(&rig.desk, "need")["need_category"], "02");
    let needs = rig.desk.registers.by_name("need").expect("needs").number;
    assert_eq!(
        rig.desk
            .changes
            .iter()
            .filter(|change| change.register == needs)
            .count(),
        2
    );
    assert_eq!(
        rig.desk
            .asked
            .iter()
            .filter(|asked| *asked == "save")
            .count(),
        1
    );
}

#[test]
fn what_is_masked_is_shown_for_half_a_minute() {
    let fake = ledger();
    let number = fake
        .registers
        .by_name("household")
        .expect("households")
        .number;
    let mut rig = opened(fake, Opening::Edit(number, id(1)), Lang::Zh, (80, 24));
    assert!(rig.text().contains("138****6021") && !rig.text().contains("13800006021"));
    rig.press("<F9>");
    assert!(
        rig.text().contains("13800006021") && rig.text().contains("显示 30 秒"),
        "{}",
        rig.text()
    );
    rig.pass(30_000);
    assert!(!rig.text().contains("13800006021"), "{}", rig.text());
}
