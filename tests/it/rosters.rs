//! Rosters as offices send them: `fixtures/rosters` against what they say, and the two shapes of `jinguo import`.

use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use jinguo::forms::Registers;
use jinguo::intake::{Map, Table, Unread, roster, tables};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::json;

use crate::desk::Desk;
use crate::sources::{files, root};

/// What a roster of cadres says: its header, its columns, its rows.
fn shown(tables: &[Table]) -> String {
    let registers = Registers::builtin();
    let cadre = registers.by_name("cadre").unwrap();
    let roster = match roster(tables, cadre, &Map::new()) {
        Ok(roster) => roster,
        Err(error) => return format!("{error}\n"),
    };
    let name = |tag| cadre.by_tag(tag).unwrap().name.clone();
    let mut out = format!("header {}\n", roster.header);
    for column in &roster.columns {
        let field = column.field.map_or("(not taken)".to_owned(), name);
        out += &format!("column {} = {field}\n", column.heading.escape_debug());
    }
    for (number, row) in &roster.rows {
        let cells = row
            .iter()
            .map(|(tag, text)| format!("{}={}", name(*tag), text.escape_debug()));
        out += &format!("{number} | {}\n", cells.collect::<Vec<_>>().join(" | "));
    }
    for (number, held) in &roster.passed {
        out += &format!("passed {number} | {held}\n");
    }
    out
}

#[test]
fn every_messy_roster_says_what_stands_in_it() {
    let rosters = files(&root().join("fixtures/rosters"), "csv");
    assert!(rosters.len() >= 10);
    let mut wrong = Vec::new();
    for path in rosters {
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap_or_default();
        let got = match tables(&fs::read(&path).unwrap()) {
            Ok(tables) => shown(&tables),
            Err(error) => format!("{error}\n"),
        };
        if got != expected {
            wrong.push(format!("{}\n{got}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A workbook as an office makes one: a title over all columns, a header of two rows, one unit over two people, numbers as
/// text and as numbers, days as days and as numbers, a formula, a sum.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet
        .merge_range(0, 0, 0, 4, "天城街道妇联干部花名册", &plain)
        .unwrap();
    sheet.merge_range(1, 0, 2, 0, "工作单位", &plain).unwrap();
    sheet.merge_range(1, 1, 2, 1, "姓名", &plain).unwrap();
    sheet.merge_range(1, 2, 1, 3, "联系方式", &plain).unwrap();
    sheet.write(2, 2, "手机").unwrap();
    sheet.write(2, 3, "座机").unwrap();
    sheet.merge_range(1, 4, 2, 4, "任职时间", &plain).unwrap();
    sheet.merge_range(3, 0, 4, 0, "诗仙社区", &plain).unwrap();
    sheet.write(3, 1, "谭晓琴").unwrap();
    sheet.write(3, 2, 13_800_000_001.0).unwrap();
    let from = ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
    sheet.write_with_format(3, 4, &from, &day).unwrap();
    sheet.write(4, 1, "向秀英").unwrap();
    sheet.write(4, 2, "13800000002").unwrap();
    sheet.write(4, 4, 46_082.0).unwrap();
    sheet.write(5, 0, "五桥街道").unwrap();
    sheet
        .write_formula(5, 1, Formula::new("=\"冉\"&\"玉梅\"").set_result("冉玉梅"))
        .unwrap();
    sheet.write(6, 0, "合计").unwrap();
    sheet.write(6, 1, 3.0).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_with_titles_and_merged_cells_says_what_stands_in_it() {
    assert_eq!(
        shown(&tables(&workbook()).unwrap()),
        "header 3\n\
         column 工作单位 = work_unit\n\
         column 姓名 = name\n\
         column 手机 = mobile\n\
         column 座机 = (not taken)\n\
         column 任职时间 = term_start\n\
         4 | work_unit=诗仙社区 | name=谭晓琴 | mobile=13800000001 | term_start=2026-03-01\n\
         5 | work_unit=诗仙社区 | name=向秀英 | mobile=13800000002 | term_start=46082\n\
         6 | work_unit=五桥街道 | name=冉玉梅\n\
         passed 1 | 天城街道妇联干部花名册\n\
         passed 2 | 工作单位 姓名 联系方式 任职时间\n\
         passed 7 | 合计 3\n"
    );
}

/// A zip of one part that says it is small and is not.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    for _ in 0..megabytes {
        packed.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let data = packed.finish().unwrap();
    let sizes = [0u32, data.len() as u32, 10].map(u32::to_le_bytes).concat();
    let name = b"xl/workbook.xml";
    let lengths = [name.len() as u16, 0].map(u16::to_le_bytes).concat();
    let about = [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..], &sizes, &lengths].concat();
    let local = [b"PK\x03\x04", &about[..], name, &data].concat();
    let entry = [b"PK\x01\x02\x14\0", &about[..], &[0; 14], name].concat();
    let place = [entry.len() as u32, local.len() as u32]
        .map(u32::to_le_bytes)
        .concat();
    [
        &local[..],
        &entry,
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0",
        &place,
        &[0; 2],
    ]
    .concat()
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let bytes = bomb(300);
    assert!(bytes.len() < 400_000, "{}", bytes.len());
    assert_eq!(tables(&bytes), Err(Unread::TooLarge));
    // Small, it is only no workbook.
    assert!(matches!(tables(&bomb(1)), Err(Unread::Broken(_))));
    let good = workbook();
    for cut in [5, 100, good.len() / 2, good.len() - 1] {
        assert!(
            matches!(tables(&good[..cut]), Err(Unread::Broken(_))),
            "{cut}"
        );
    }
    assert_eq!(tables(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]), Err(Unread::Old));
    assert_eq!(tables(b""), Err(Unread::Empty));
}

fn office(desk: &Desk) {
    desk.add(
        "org_unit",
        json!({"org_name": "诗仙社区妇联", "org_level": "4", "established_on": "2020-01-01"}),
    );
}

#[test]
fn each_row_is_accepted_or_refused_with_its_line() {
    let desk = Desk::of("李静");
    office(&desk);
    let csv = "花名册,,,,\n姓名,电话,职务,所在组织,血型\n谭晓琴,13800000001,主席,诗仙社区妇联,A\n向秀英,138,执委,诗仙社区妇联,B\n冉玉梅,13800000003,执委,没有的组织,O\n合计,2,,,\n";
    fs::write(desk.path("r.csv"), csv).unwrap();
    let dry = desk
        .run(&["import", "cadre", "r.csv", "--dry-run"])
        .ended(1);
    assert_eq!(dry.rows()[0], json!({"line": 3}));
    assert!(desk.list("cadre").is_empty());
    let ran = desk.run(&["import", "cadre", "r.csv"]).ended(1);
    let rows = ran.rows();
    assert_eq!(
        rows.iter()
            .map(|row| row["line"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [3, 4, 5]
    );
    assert!(rows[0]["id"].is_string(), "{rows:?}");
    assert!(
        rows[1]["errors"][0]
            .as_str()
            .unwrap()
            .starts_with("mobile: "),
        "{rows:?}"
    );
    assert!(
        rows[2]["errors"][0]
            .as_str()
            .unwrap()
            .starts_with("org_code: "),
        "{rows:?}"
    );
    assert!(
        ran.err.contains("血型") && ran.err.contains("合计 2") && ran.err.contains("花名册"),
        "{}",
        ran.err
    );
    let saved = desk.list("cadre");
    assert_eq!(saved.len(), 1);
    assert_eq!(saved[0]["role"], "01");
    assert!(saved[0]["org_code"].is_string());
}

#[test]
fn a_map_says_which_column_is_which_field() {
    let desk = Desk::of("李静");
    office(&desk);
    fs::write(
        desk.path("r.csv"),
        "谁,打给,做什么,哪里,备注\n谭晓琴,13800000001,执委,诗仙社区妇联,好\n",
    )
    .unwrap();
    desk.run(&["import", "cadre", "r.csv"]).ended(3);
    let map = "\"谁\" = \"name\"\n\"打给\" = \"mobile\"\n\"做什么\" = \"role\"\n\"哪里\" = \"org_code\"\n\"备注\" = \"\"\n";
    fs::write(desk.path("m.toml"), map).unwrap();
    desk.run(&["import", "cadre", "r.csv", "--map", "m.toml"])
        .done();
    let saved = desk.list("cadre");
    assert_eq!(
        (&saved[0]["name"], &saved[0]["remark"]),
        (&json!("谭晓琴"), &json!(null))
    );
    fs::write(desk.path("m.toml"), "\"谁\" = \"no_such\"\n").unwrap();
    desk.run(&["import", "cadre", "r.csv", "--map", "m.toml"])
        .ended(3);
}

#[test]
fn a_file_that_is_none_is_bad_input_in_both_languages() {
    let desk = Desk::of("李静");
    fs::write(desk.path("r.xls"), [0xd0, 0xcf, 0x11, 0xe0]).unwrap();
    for (lang, word) in [("zh", "另存为 xlsx"), ("en", "Save it as xlsx")] {
        let ran = desk
            .run(&["--lang", lang, "import", "cadre", "r.xls"])
            .ended(3);
        assert!(ran.err.contains(word), "{}", ran.err);
    }
    desk.run(&["import", "cadre", "none.csv"]).ended(3);
    desk.run(&["import", "nothing", "r.xls"]).ended(2);
    desk.run(&["import", "cadre"]).ended(2);
}

#[test]
fn five_thousand_rows_are_read_quickly() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["姓名", "电话", "单位", "职务", "性别"].iter().enumerate() {
        sheet.write(0, column as u16, *name).unwrap();
    }
    for row in 1..=5_000 {
        sheet.write(row, 0, "谭晓琴").unwrap();
        sheet.write(row, 1, format!("138{row:08}")).unwrap();
        sheet.write(row, 2, "诗仙社区").unwrap();
        sheet.write(row, 3, "主席").unwrap();
        sheet.write(row, 4, "女").unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let start = Instant::now();
    let tables = tables(&bytes).unwrap();
    assert!(shown(&tables).lines().count() > 5_000);
    // Unoptimised, on a busy machine.
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
}
