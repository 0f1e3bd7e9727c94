//! Sheets as an office prints them, made by the built binary.

use std::process::Command;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use serde_json::json;

use crate::desk::Desk;

/// A class of five people and three half days, two of them held; the first name would be a formula, the last has left.
fn class(desk: &Desk) -> String {
    let class = desk.add(
        "training_class",
        json!({
            "class_name": "第三期领头雁培训班", "targets": ["01"], "forms": ["01"], "base": "qwdx",
            "start_on": "2026-11-02", "end_on": "2026-11-03", "headcount_planned": 5, "budget": "10000"
        }),
    );
    let people: Vec<String> = ["=1+1", "谭大明", "向秀英", "冉文", "牟小兰"]
        .iter()
        .zip(1..)
        .map(|(name, number)| {
            desk.add(
                "trainee_roll",
                json!({
                    "class_id": class, "seq": number, "name": name, "mobile": format!("1380000602{number}"),
                    "post": "村妇联主席", "unit": "500101028008",
                    "enrol_state": if number == 5 { "withdrawn" } else { "enrolled" }
                }),
            )
        })
        .collect();
    let sessions: Vec<String> = [("2026-11-02", "am"), ("2026-11-02", "pm"), ("2026-11-03", "am")]
        .iter()
        .map(|(day, half)| {
            desk.add(
                "training_session",
                json!({"class_id": class, "session_date": day, "half_day": half, "topic": "走访怎么做"}),
            )
        })
        .collect();
    for (session, person, mark) in [(0, 1, "A"), (1, 1, "L"), (1, 2, "V")] {
        let line =
            json!({"session_id": sessions[session], "trainee_id": people[person], "mark": mark});
        desk.add("attendance", line);
    }
    class
}

/// The rows of the only sheet, as they are read by another program; a formula would be none of them.
fn rows(desk: &Desk, file: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(desk.path(file)).unwrap();
    let name = book.sheet_names()[0].clone();
    let formulas = book.worksheet_formula(&name).unwrap();
    assert!(formulas.used_cells().next().is_none(), "{formulas:?}");
    let range = book.worksheet_range(&name).unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

fn text(cell: &Data) -> &str {
    match cell {
        Data::String(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

#[test]
fn the_sheet_to_sign_has_a_column_for_each_half_day_and_nothing_private() {
    let desk = Desk::of("李静");
    let class = class(&desk);
    let ran = desk
        .run(&["report", "sign-in", &class, "-o", "签到表.xlsx"])
        .done();
    assert!(ran.out.contains("4 行"), "{}", ran.out);
    let rows = rows(&desk, "签到表.xlsx");
    assert_eq!(text(&rows[0][0]), "第三期领头雁培训班 签到表");
    let about = text(&rows[1][0]);
    assert!(
        about.contains("开班日期: 2026-11-02") && about.contains("人数: 4"),
        "{about}"
    );
    let head: Vec<&str> = rows[2].iter().map(text).collect();
    assert_eq!(
        head,
        [
            "序号",
            "姓名",
            "所属村社",
            "职务",
            "2026-11-02\n上午",
            "2026-11-02\n下午",
            "2026-11-03\n上午"
        ]
    );
    assert_eq!(rows.len(), 3 + 4);
    assert_eq!(rows[3][0], Data::Float(1.0));
    assert_eq!(rows[3][1], Data::String("=1+1".into()));
    let all = format!("{rows:?}");
    assert!(!all.contains("1380000") && !all.contains("138*"), "{all}");
    assert!(!all.contains("牟小兰"), "{all}");
}

#[test]
fn the_roll_has_hours_and_rate_and_masks_the_phone() {
    let desk = Desk::of("李静");
    let class = class(&desk);
    desk.run(&["report", "roll", &class, "-o", "花名册.xlsx"])
        .done();
    let rows = rows(&desk, "花名册.xlsx");
    let head: Vec<&str> = rows[2].iter().map(text).collect();
    assert_eq!(
        head,
        [
            "序号",
            "姓名",
            "性别",
            "所属村社",
            "职务",
            "手机号",
            "学时",
            "出勤率",
            "考核结果",
            "结业证号"
        ]
    );
    let hours: Vec<&Data> = rows[3..].iter().map(|row| &row[6]).collect();
    assert_eq!(
        hours,
        [
            &Data::Float(8.0),
            &Data::Float(4.0),
            &Data::Float(4.0),
            &Data::Float(8.0)
        ]
    );
    assert_eq!(text(&rows[4][7]), "50% (1/2)");
    assert_eq!(text(&rows[4][5]), "138****6022");
    // One half day is still to come: nobody has passed yet.
    assert!(
        rows[3..]
            .iter()
            .all(|row| row[8] == Data::Empty || text(&row[8]).is_empty())
    );
}

#[test]
fn who_was_there_often_enough_has_passed_when_all_is_over_unless_the_settings_ask_for_more() {
    let desk = Desk::of("李静");
    let class = class(&desk);
    let sessions = desk.list("training_session");
    let last = sessions
        .iter()
        .find(|one| one["session_date"] == "2026-11-03")
        .unwrap();
    let people = desk.list("trainee_roll");
    let person = people.iter().find(|one| one["name"] == "谭大明").unwrap();
    desk.add(
        "attendance",
        json!({"session_id": last["id"], "trainee_id": person["id"], "mark": "P"}),
    );
    let results = || -> Vec<String> {
        desk.run(&["report", "roll", &class, "-o", "r.xlsx"]).done();
        let rows = rows(&desk, "r.xlsx");
        rows[3..].iter().map(|row| row[8].to_string()).collect()
    };
    assert_eq!(results(), ["合格", "", "", "合格"]);
    std::fs::write(
        desk.path("store").join("settings.toml"),
        "pass_rate = 0.6\n",
    )
    .unwrap();
    assert_eq!(results(), ["合格", "合格", "合格", "合格"]);
}

#[test]
fn a_csv_of_the_roll_has_the_class_in_each_row_and_no_formula() {
    let desk = Desk::of("李静");
    let class = class(&desk);
    desk.run(&["report", "roll", &class, "-o", "roll.csv", "--lang", "en"])
        .done();
    let text = std::fs::read_to_string(desk.path("roll.csv")).unwrap();
    let mut lines = text.strip_prefix('\u{feff}').unwrap().split("\r\n");
    assert_eq!(
        lines.next().unwrap(),
        "Record,Begins on,Ends on,Base,Place,People,Meetings,No.,Name,Sex,Unit,Post,Mobile,Hours,Attendance,Assessment,Certificate"
    );
    let first = lines.next().unwrap();
    assert!(
        first.starts_with("第三期领头雁培训班,2026-11-02,2026-11-03,"),
        "{first}"
    );
    assert!(
        first.contains(",1,'=1+1,") && first.contains(",8.0,100% (2/2),"),
        "{first}"
    );
    assert_eq!(lines.filter(|line| !line.is_empty()).count(), 3);
}

#[test]
fn what_is_no_grid_and_what_is_no_sheet_is_wrong_usage() {
    let desk = Desk::of("李静");
    let household = desk.household("谭大明");
    let ran = desk
        .run(&["report", "roll", &household, "-o", "r.xlsx"])
        .ended(2);
    assert!(ran.err.contains("training_class"), "{}", ran.err);
    desk.run(&["report", "roll", &household, "-o", "r.pdf"])
        .ended(2);
    desk.run(&["report", "roll", "00", "-o", "r.csv"]).ended(2);
    assert!(!desk.path("r.xlsx").exists() && !desk.path("r.pdf").exists());
}

#[test]
#[ignore = "needs LibreOffice"]
fn another_office_prints_the_sheets() {
    let desk = Desk::of("李静");
    let class = class(&desk);
    for sheet in ["sign-in", "roll"] {
        let file = format!("{sheet}.xlsx");
        desk.run(&["report", sheet, &class, "-o", &file]).done();
        let office = Command::new("soffice")
            .args(["--headless", "--convert-to", "pdf", &file])
            .current_dir(desk.path(""))
            .env("HOME", desk.path(""))
            .output()
            .unwrap();
        assert!(office.status.success(), "{office:?}");
        let pdf = std::fs::read(desk.path(&format!("{sheet}.pdf"))).unwrap();
        assert!(pdf.starts_with(b"%PDF") && pdf.len() > 5_000);
    }
}
