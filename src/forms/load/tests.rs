//! The embedded registers load, and every mistake of a file is told with its line.

use unicode_width::UnicodeWidthStr;

use super::*;
use crate::forms::register::UNIT;

fn told(mistakes: &[Mistake]) -> String {
    mistakes
        .iter()
        .map(|mistake| format!("{mistake}\n"))
        .collect()
}

fn load(text: &str) -> Result<Registers, Vec<Mistake>> {
    let source = Source {
        name: "local.toml".into(),
        text: text.into(),
    };
    Registers::load(&[source], None)
}

/// The lines that are told of, each with its English sentence.
fn lines(text: &str) -> Vec<(usize, String)> {
    match load(text) {
        Ok(_) => Vec::new(),
        Err(mistakes) => {
            let told = mistakes.into_iter().map(|mistake| {
                assert_eq!(mistake.file, "local.toml");
                assert!(!mistake.message.zh.is_empty());
                (mistake.line, mistake.message.en)
            });
            told.collect()
        }
    }
}

#[test]
fn the_embedded_registers_load_without_a_warning() {
    match Registers::load(&[], None) {
        Ok(registers) => assert!(
            registers.warnings().is_empty(),
            "{}",
            told(registers.warnings())
        ),
        Err(mistakes) => panic!("{}", told(&mistakes)),
    }
}

#[test]
fn every_label_is_there_in_both_languages_and_short_where_it_must_be() {
    let registers = Registers::builtin();
    assert_eq!(registers.all().len(), 17);
    for list in registers.lists.values() {
        for choice in &list.all {
            for word in [&choice.short.zh, &choice.short.en] {
                assert!(
                    (1..=8).contains(&word.width()),
                    "{} {} {word}",
                    list.name,
                    choice.code
                );
            }
            assert!(!choice.label.en.contains('_'), "{}", choice.label.en);
        }
    }
    for register in registers.all() {
        for field in &register.fields {
            for word in [&field.short.zh, &field.short.en] {
                assert!((1..=8).contains(&word.width()), "{} {word}", field.name);
            }
        }
        assert!(
            register
                .by_tag(UNIT)
                .is_some_and(|unit| unit.name == "unit")
        );
        let envelope = (9001..=9004).filter(|tag| register.by_tag(*tag).is_some());
        assert_eq!(envelope.count(), 4, "{}", register.name);
    }
}

/// `format.md`: tag = seq of fields.csv when the register first ships, then never changed.
#[test]
fn tags_stand_for_ever() {
    let registers = Registers::builtin();
    let tags = |number: u32| -> Vec<Tag> {
        let register = registers.by_number(number).expect("a register");
        let mut tags: Vec<Tag> = register
            .places
            .keys()
            .copied()
            .filter(|tag| *tag < 9000)
            .collect();
        tags.sort_unstable();
        tags
    };
    let all_but = |last: Tag, gone: &[Tag]| -> Vec<Tag> {
        (1..=last).filter(|tag| !gone.contains(tag)).collect()
    };
    assert_eq!(tags(2), all_but(17, &[12]));
    assert_eq!(tags(4), all_but(23, &[]));
    assert_eq!(tags(5), all_but(14, &[3, 13]));
    assert_eq!(tags(6), all_but(32, &[26]));
    assert_eq!(tags(9), all_but(26, &[1, 8]));
    assert_eq!(tags(10), all_but(24, &[1]));
    assert_eq!(tags(11), all_but(9, &[2]));
}

#[test]
fn a_district_adds_a_register_a_list_and_fields() {
    let registers = load(
        r#"
number = 10001
name = "picnic"
label = { zh = "踏青", en = "Picnics" }
title = "{{ held_on }} {{ visit_id.summary }}"
key = ["held_on", "visit_id"]
[[field]]
tag = 1
name = "held_on"
label = { zh = "日期", en = "Date" }
type = "date"
default = "today"
[[field]]
tag = 2
name = "visit_id"
label = { zh = "走访", en = "Visit" }
type = "ref"
to = "visit"
[[field]]
tag = 3
name = "food"
label = { zh = "吃的", en = "Food" }
type = "select_one"
choices = [{ code = "a", zh = "米", en = "Rice" }]
"#,
    );
    let registers = registers.unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)));
    let picnic = registers.by_name("picnic").expect("the register");
    assert_eq!(picnic.key, [1, 2]);
    assert!(registers.choices("picnic.food").is_some());

    let extended = load(
        "extend = \"visit\"\n[[field]]\ntag = 10000\nname = \"drive\"\nlabel = { zh = \"车程\", en = \"Drive\" }\ntype = \"integer\"\nrelevant = \"visit_mode == '01'\"\n",
    );
    let extended = extended.unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)));
    let visit = extended.by_name("visit").expect("visit");
    assert!(
        visit
            .by_tag(10_000)
            .is_some_and(|field| field.name == "drive")
    );
}

#[test]
fn another_districts_divisions_replace_ours() {
    let table = "level,code12,name\ndistrict,500102000000,涪陵区\ntown,500102100000,乙镇\n";
    let registers = Registers::load(&[], Some(table)).expect("loads");
    assert_eq!(registers.divisions().all().len(), 2);
    let mistakes = Registers::load(&[], Some("nothing")).expect_err("no table");
    assert!(mistakes[0].message.en.contains("division table"));
}

#[test]
fn every_mistake_is_told_at_once_with_its_line() {
    let lines = lines(
        r#"number = 9
name = "visit"
label = { zh = "又一个" }
title = "{{ nobody }} {{ a }}"
sort = "-nowhen"
colour = "red"
[[field]]
tag = 1
name = "a"
label = { zh = "甲", en = "A" }
type = "ref"
to = "nothing"
[[field]]
tag = 1
name = "b"
label = { zh = "乙", en = "B" }
type = "select_one"
list = "no_such_list"
[[field]]
tag = 2
name = "c"
label = { zh = "丙", en = "C" }
type = "integer"
relevant = "a =="
required = "d == 1"
default = "'x'"
[[field]]
tag = 2
name = "e"
label = { zh = "很长很长的标签", en = "E" }
type = "text"
max = "many"
"#,
    );
    let said = |line: usize, words: &str| {
        lines
            .iter()
            .any(|(at, en)| *at == line && en.contains(words))
    };
    for (line, words) in [
        (1, "number is between"),
        (1, "Number 9 is visit's"),
        (3, "English words are missing"),
        (4, "unknown name: nobody"),
        (4, "a is a reference"),
        (5, "There is no field nowhen"),
        (6, "Unknown key colour"),
        (12, "There is no register nothing"),
        (18, "There is no choice list no_such_list"),
        (24, "does not compile"),
        (25, "unknown name: d"),
        (26, "not of its type"),
        (27, "Tag 2 is c's"),
        (30, "wider than 8"),
        (32, "max wants a whole number"),
    ] {
        assert!(said(line, words), "{line} {words}\n{lines:#?}");
    }
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let lines = lines("number = 10001\nname = \n");
    assert!(
        lines
            .iter()
            .any(|(line, en)| *line == 2 && en.contains("not TOML")),
        "{lines:?}"
    );
}

#[test]
fn a_relevant_that_holds_on_nothing_is_warned_of() {
    let registers = load(
        "extend = \"visit\"\n[[field]]\ntag = 10000\nname = \"drive\"\nlabel = { zh = \"车程\", en = \"Drive\" }\ntype = \"integer\"\nrelevant = \"meeting_count < 18\"\n",
    );
    let registers = registers.unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)));
    let warnings = registers.warnings();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].warning && warnings[0].message.en.contains("drive"));
    assert_eq!(
        (warnings[0].file.as_str(), warnings[0].line),
        ("local.toml", 4)
    );
}

#[test]
fn which_sibling_stands_first() {
    let registers = Registers::builtin();
    let compare = |register: &str, field: &str, a: &Value, b: &Value| {
        let register = registers.by_name(register).expect("a register");
        let tag = register.field(field).expect("a field").tag;
        registers.compare(register.number, tag, a, b)
    };
    let text = Value::text;
    assert_eq!(
        compare("need", "need_status", &text("50"), &text("20")),
        Ordering::Greater
    );
    assert_eq!(
        compare("need", "urgency", &text("1"), &text("3")),
        Ordering::Greater
    );
    assert_eq!(
        compare(
            "household",
            "household_colour",
            &text("red"),
            &text("green")
        ),
        Ordering::Greater
    );
    assert_eq!(
        compare("need", "reopen_count", &Value::int(2), &Value::int(1)),
        Ordering::Greater
    );
    assert_eq!(
        compare(
            "visit",
            "has_dispute",
            &Value::bool(true),
            &Value::bool(false)
        ),
        Ordering::Greater
    );
    assert_eq!(
        compare("visit", "summary", &text("乙"), &text("甲")),
        Ordering::Equal
    );
}

/// A slice (`code[:2]`) would not do: the names in it are not found, and it is worked out once, of nothing.
#[test]
fn codes_begin_as_they_must() {
    let registers = crate::forms::Registers::builtin();
    let context = crate::forms::Context {
        registers: &registers,
        now_millis: 1_795_488_127_000,
        me: &Default::default(),
        lookup: &crate::forms::Nothing,
        lang: crate::forms::Lang::Zh,
    };
    for (register, field, typed, right) in [
        ("micro_home", "home_code", "WJ500101028008-02", true),
        ("micro_home", "home_code", "500101028008-02", false),
        ("training_class", "class_no", "PX202603", true),
        ("training_class", "class_no", "202603", false),
    ] {
        let register = registers.by_name(register).expect(register);
        let tag = register.field(field).expect(field).tag;
        let mut entry = crate::forms::Entry::new(register, &context);
        let content = crate::forms::Content::One(crate::record::Value::text(typed));
        entry.set(tag, content, &context);
        let problems = entry.problems(&context);
        let fits = problems.iter().all(|problem| problem.tag != tag);
        assert_eq!(fits, right, "{typed}");
    }
}
