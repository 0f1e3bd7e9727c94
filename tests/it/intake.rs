//! Lists of names as people paste them, against what a person reads in them: `fixtures/jielong`.

use std::fs;

use jinguo::forms::Registers;
use jinguo::intake::{Places, Reading, State, read};

use crate::sources::{files, root};

/// A reading as the fixtures write it: a person or a passed line each, by line.
fn shown(reading: &Reading) -> String {
    let mut rows: Vec<(usize, String)> = Vec::new();
    for line in &reading.lines {
        let state = match line.state {
            State::Taken => "taken".to_owned(),
            State::Unsure => "unsure".to_owned(),
            State::Again(first) => format!("again {first}"),
            State::Back(by) => format!("back {by}"),
        };
        let mut row = format!("{} | {state} | {}", line.line, line.name);
        row += &line
            .unit
            .iter()
            .map(|unit| format!(" | unit {unit}"))
            .collect::<String>();
        row += &line
            .phone
            .iter()
            .map(|phone| format!(" | phone {phone}"))
            .collect::<String>();
        if line.extra > 0 {
            row += &format!(" | +{}", line.extra);
        }
        if !line.remark.is_empty() {
            row += &format!(" | remark {}", line.remark);
        }
        rows.push((line.line, row));
    }
    for passed in &reading.passed {
        rows.push((
            passed.line,
            format!(
                "{} | passed {:?} | {}",
                passed.line, passed.why, passed.text
            ),
        ));
    }
    rows.sort_by_key(|(line, _)| *line);
    let mut all: Vec<String> = rows.into_iter().map(|(_, row)| row).collect();
    all.extend(reading.said.map(|said| format!("said {said}")));
    all.join("\n") + "\n"
}

#[test]
fn every_shape_of_a_list_gives_every_name_and_no_false_person() {
    let places = Places::of(Registers::builtin().divisions());
    let shapes = files(&root().join("fixtures/jielong"), "txt");
    assert!(shapes.len() >= 30);
    let mut wrong = Vec::new();
    for path in shapes {
        let text = fs::read_to_string(&path).unwrap();
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap_or_default();
        let got = shown(&read(&text, &places));
        if got != expected {
            wrong.push(format!("{}\n{got}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn nothing_is_dropped_and_nothing_panics() {
    let places = Places::of(Registers::builtin().divisions());
    let odd = "+,.、（(【1①+1 张三取消:：·\u{200b}\u{1f44d}13800000001@-\n和";
    let odd: Vec<char> = odd.chars().collect();
    // Every text of three of these signs.
    for at in 0..odd.len().pow(3) {
        let text: String = [at, at / odd.len(), at / odd.len().pow(2)]
            .iter()
            .map(|at| odd[at % odd.len()])
            .collect();
        let reading = read(&text, &places);
        let some = text.contains(['张', '三', '取', '消', '和', '1']);
        assert!(
            !some || !reading.lines.is_empty() || !reading.passed.is_empty(),
            "{text:?}"
        );
    }
    let long = "谭晓琴、".repeat(20_000);
    assert_eq!(read(&long, &places).lines.len(), 20_000);
}
