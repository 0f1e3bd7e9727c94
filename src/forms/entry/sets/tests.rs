//! What is written, carried, and read from and to JSON.

use super::super::tests::{World, record};
use super::super::*;
use crate::forms::json;
use crate::record::Set;

#[test]
fn held_choices_are_refused_with_the_sentence_why() {
    let world = World::new();
    for (register, field, code) in [
        ("visit", "key_groups", "32"),
        ("need", "need_category", "09"),
    ] {
        let field = world.register(register).field(field).expect(field);
        let complaint = field.kind.parse(code, &world.context()).expect_err("held");
        assert!(complaint.zh.contains("12338") && complaint.en.contains("12338"));
    }
}

#[test]
fn only_what_differs_is_written_and_groups_go_together() {
    let world = World::new();
    let need = world.register("need");
    let mut entry = Entry::new(need, &world.context());
    for (name, typed) in [
        ("need_category", "05"),
        ("description", "问助学补贴"),
        ("partner_depts", "mzj jw"),
        ("person_id", "02020202020202020202020202020202"),
    ] {
        world.typed(&mut entry, name, typed);
    }
    let base = record(need.number, &[entry.sets(None, &world.context())]);
    let mut edit = Entry::of(&base, &world.context());
    assert_eq!(
        edit.sets(Some(&base), &world.context()),
        Vec::new(),
        "an edit of nothing"
    );
    world.typed(&mut edit, "partner_depts", "jw sfj");
    let tag = world.tag("need", "partner_depts");
    let element = |code: &str, yes| Set {
        tag,
        element: code.into(),
        value: Value::bool(yes),
    };
    assert_eq!(
        edit.sets(Some(&base), &world.context()),
        [element("mzj", false), element("sfj", true)]
    );

    let mut edit = Entry::of(&base, &world.context());
    world.typed(&mut edit, "need_status", "50");
    assert_eq!(world.complaints(&edit)[0], "x办理结果要填。");
    world.typed(&mut edit, "need_status", "20");
    assert_eq!(world.complaints(&edit), ["x“交办”之前要填承办组织。"]);
    world.typed(&mut edit, "need_status", "90");
    let tags: Vec<Tag> = edit
        .sets(Some(&base), &world.context())
        .iter()
        .map(|set| set.tag)
        .collect();
    assert_eq!(
        tags,
        [world.tag("need", "need_status")],
        "what is not relevant is not written"
    );
    assert_eq!(edit.steps(&world.context()).len(), 4);
}

#[test]
fn a_conflict_is_settled_only_by_a_pick() {
    let world = World::new();
    let household = world.register("household");
    let tag = world.tag("household", "phone");
    let phone = |number: &str| {
        vec![Set {
            tag,
            element: Vec::new(),
            value: Value::text(number),
        }]
    };
    let base = record(
        household.number,
        &[phone("13800000001"), phone("13800000002")],
    );
    let mut edit = Entry::of(&base, &world.context());
    let sets = |edit: &Entry| -> Vec<String> {
        let sets = edit.sets(Some(&base), &world.context());
        sets.iter()
            .filter_map(|set| set.value.as_text().map(str::to_owned))
            .collect()
    };
    world.typed(&mut edit, "phone", "13800000003");
    assert_eq!(sets(&edit), Vec::<String>::new());
    edit.pick(
        tag,
        Content::One(Value::text("13800000002")),
        &world.context(),
    );
    assert_eq!(sets(&edit), ["13800000002"]);
}

#[test]
fn carried_values_and_only_what_changed() {
    let mut world = World::new();
    let (household, _) = world.family();
    let mut visit = Entry::new(world.register("visit"), &world.context());
    for (name, typed) in [
        ("visit_date", "2026-11-18"),
        ("visit_mode", "02"),
        ("household_id", &household.to_string()),
        ("summary", "家中都好"),
        ("risk_level", "1"),
    ] {
        world.typed(&mut visit, name, typed);
    }
    let next = Entry::carrying(world.register("visit"), visit.contents(), &world.context());
    assert_eq!(world.shown(&next, "visit_mode"), "02");
    assert_eq!(
        next.origin(world.tag("visit", "visit_mode")),
        Origin::Carried
    );
    assert!(next.get(world.tag("visit", "household_id")).is_empty());
    let like = Entry::like(world.register("visit"), visit.contents(), &world.context());
    assert_eq!(
        like.origin(world.tag("visit", "household_id")),
        Origin::Last
    );
    assert_eq!(world.shown(&like, "visit_date"), "2026-11-24");
    assert_eq!(world.shown(&like, "risk_level"), "0");
    assert_eq!(world.stops(&like, None).as_deref(), Some("summary"));
}

/// `format.md`, "JSON of the command line".
#[test]
fn json_comes_back_as_it_went() {
    let mut world = World::new();
    let (household, _) = world.family();
    let text = format!(
        r#"{{"visit_date":"2026-11-23","visit_mode":"02","household_id":"{household}","summary":"家中都好","has_need":true,
            "aid_kind":["goods","cash"],"aid_amount":"12.50","needs":[{{"need_category":"05","description":"问助学补贴"}}]}}"#
    );
    let object: serde_json::Value = serde_json::from_str(&text).expect("json");
    let object = object.as_object().expect("an object");
    let nobody = |_: &Field, _: &str| Err(Default::default());
    let visit = world.register("visit");
    let given = json::read(visit, object, &nobody, &world.context()).expect("read");
    let mut entry = Entry::new(visit, &world.context());
    entry.fill(given, &world.context());
    assert_eq!(world.complaints(&entry), Vec::<String>::new());
    assert_eq!(entry.all_rows().count(), 1);
    let out = json::object(visit, entry.contents());
    assert_eq!(out["aid_kind"], serde_json::json!(["cash", "goods"]));
    assert_eq!(out["aid_amount"], "12.50");
    assert_eq!(out["has_need"], true);
    assert_eq!(out["person_id"].as_str().map(str::len), Some(32));
    assert_eq!(
        out.keys().next().map(String::as_str),
        Some("visit_date"),
        "the register's order"
    );

    let wrong: serde_json::Value = serde_json::from_str(
        r#"{"visit_date":"23","nobody":1,"has_need":"yes","needs":[{"urgency":"7"}]}"#,
    )
    .expect("json");
    let refused = json::read(
        visit,
        wrong.as_object().expect("an object"),
        &nobody,
        &world.context(),
    )
    .expect_err("refused");
    let fields: Vec<&str> = refused
        .iter()
        .map(|refusal| refusal.field.as_str())
        .collect();
    assert_eq!(
        fields,
        ["visit_date", "nobody", "has_need", "needs[0].urgency"]
    );
}

#[test]
fn a_person_costs_few_keys_and_the_id_tells_the_rest() {
    let mut world = World::new();
    let (household, _) = world.family();
    let mut person = Entry::new(world.register("person"), &world.context());
    world.typed(&mut person, "id_number", "11010519491231002X");
    assert_eq!(world.shown(&person, "birth_date"), "1949-12-31");
    assert_eq!(world.shown(&person, "gender"), "2");
    world.typed(&mut person, "name", "王秀英");
    world.typed(&mut person, "household_id", &household.to_string());
    assert_eq!(world.stops(&person, None).as_deref(), Some("key_groups"));
    world.typed(&mut person, "key_groups", "2333");
    assert_eq!(world.shown(&person, "confidentiality"), "1");
    assert_eq!(world.shown(&person, "delete_after"), "2029-11-24");
    assert_eq!(world.complaints(&person), Vec::<String>::new());
    world.typed(&mut person, "gender", "1");
    assert!(world.complaints(&person)[0].contains("第 17 位"));
    let title = world
        .register("person")
        .line(person.contents(), &world.context());
    assert_eq!(title, "王秀英  男 76  诗仙社区");
}

#[test]
fn candidates_are_masked() {
    let mut world = World::new();
    let household = world.hold(
        "household",
        1,
        &[
            ("head_name", "张小红"),
            ("address_detail", "3 组 12 号"),
            ("phone", "13800006021"),
        ],
    );
    let register = world.register("household");
    let held = &world.held.0[&(register.number, household)];
    assert_eq!(
        register.line(held, &world.context()),
        "张小红  诗仙社区 3 组 ** 号  138****6021"
    );
}

#[test]
fn a_filter_looks_one_step_through_references() {
    let mut world = World::new();
    let (_, person) = world.family();
    let register = world.register("person");
    let held = &world.held.0[&(register.number, person)];
    let holds = |expression: &str| {
        crate::forms::Filter::compile(&world.registers, register, expression)
            .map(|filter| filter.holds(held, &world.context()))
    };
    assert_eq!(
        holds("household_id.head_name == '张国强' and age(birth_date) > 40"),
        Ok(true)
    );
    assert_eq!(
        holds("'11' in key_groups and days(consent_on, today) == 0"),
        Ok(true)
    );
    assert_eq!(holds("id_number"), Ok(false));
    assert_eq!(holds("nobody == 1"), Err("unknown name: nobody".into()));
    assert!(holds("(").is_err());
}
