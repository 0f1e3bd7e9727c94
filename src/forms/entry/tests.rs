//! What a form does while it is typed into: defaults, relevance, stops, problems, and what is written.

use std::collections::BTreeMap;

use super::*;
use crate::forms::context::{Lookup, Me};
use crate::forms::lang::Lang;
use crate::forms::load::Registers;
use crate::forms::{day, json};
use crate::record::fold::Latest;
use crate::record::{Change, Dot, LogId, Mark, Set, Stamp, fold};

/// Records by register and id; the last one that refers is the newest.
#[derive(Default)]
struct Held(BTreeMap<(u32, RecordId), Contents>);

impl Lookup for Held {
    fn contents(&self, register: u32, id: RecordId) -> Option<Contents> {
        self.0.get(&(register, id)).cloned()
    }

    fn newest_referring(&self, register: u32, by: Tag, to: RecordId) -> Option<RecordId> {
        let refers = |contents: &Contents| {
            contents
                .get(&by)
                .and_then(Content::value)
                .and_then(Value::as_ref_id)
                == Some(to)
        };
        let of = self
            .0
            .iter()
            .filter(|((r, _), contents)| *r == register && refers(contents));
        of.map(|((_, id), _)| *id).max()
    }
}

/// Nothing is covered: every change stands by itself.
struct Apart;

impl crate::record::Held for Apart {
    fn reaches(&self, _: &Dot, _: &Dot) -> bool {
        false
    }

    fn runs(&self, _: &LogId) -> Vec<crate::record::fold::Run> {
        Vec::new()
    }
}

struct World {
    registers: Registers,
    me: Me,
    held: Held,
}

impl World {
    fn new() -> Self {
        let me = Me {
            name: "李静".into(),
            unit: "500101028008".into(),
            cadre: None,
        };
        Self {
            registers: Registers::builtin(),
            me,
            held: Held::default(),
        }
    }

    /// 2026-11-24, noon in China.
    fn context(&self) -> Context<'_> {
        let day = day::of_iso("2026-11-24").expect("a date") as u64;
        Context {
            registers: &self.registers,
            now_millis: (day * 86_400 + 4 * 3600) * 1000,
            me: &self.me,
            lookup: &self.held,
            lang: Lang::Zh,
        }
    }

    fn register(&self, name: &str) -> &Register {
        self.registers.by_name(name).expect(name)
    }

    fn tag(&self, register: &str, field: &str) -> Tag {
        self.register(register).field(field).expect(field).tag
    }

    /// Puts a record into the store.
    fn hold(&mut self, register: &str, id: u8, fields: &[(&str, &str)]) -> RecordId {
        let mut entry = Entry::new(self.register(register), &self.context());
        for (name, typed) in fields {
            self.typed(&mut entry, name, typed);
        }
        let id = RecordId([id; 16]);
        let number = self.register(register).number;
        self.held.0.insert((number, id), entry.contents().clone());
        id
    }

    fn typed(&self, entry: &mut Entry, name: &str, typed: &str) {
        let register = self
            .registers
            .by_number(entry.register())
            .expect("a register");
        let field = register.field(name).expect(name);
        let content = field.kind.parse(typed, &self.context());
        let content = content.unwrap_or_else(|complaint| panic!("{name}: {}", complaint.zh));
        entry.set(field.tag, content, &self.context());
    }

    fn shown(&self, entry: &Entry, name: &str) -> String {
        let register = self
            .registers
            .by_number(entry.register())
            .expect("a register");
        let field = register.field(name).expect(name);
        field.kind.editable(entry.get(field.tag), &self.context())
    }

    fn stops(&self, entry: &Entry, after: Option<&str>) -> Option<String> {
        let register = self
            .registers
            .by_number(entry.register())
            .expect("a register");
        let after = after.map(|name| register.field(name).expect(name).tag);
        let tag = entry.next_stop(after, &self.context())?;
        register.by_tag(tag).map(|field| field.name.clone())
    }

    fn complaints(&self, entry: &Entry) -> Vec<String> {
        let problems = entry.problems(&self.context()).into_iter();
        problems
            .map(|problem| {
                format!(
                    "{}{}",
                    if problem.warning { "!" } else { "x" },
                    problem.message.zh
                )
            })
            .collect()
    }

    fn family(&mut self) -> (RecordId, RecordId) {
        let household = self.hold(
            "household",
            1,
            &[
                ("head_name", "张国强"),
                ("address_detail", "3 组 12 号"),
                ("contact_tier", "m"),
            ],
        );
        let person = self.hold(
            "person",
            2,
            &[
                ("name", "张小红"),
                ("birth_date", "1979-05-12"),
                ("key_groups", "11"),
                ("household_id", &household.to_string()),
            ],
        );
        (household, person)
    }
}

fn record(register: u32, changes: &[Vec<Set>]) -> Record {
    let changes: Vec<Change> = changes
        .iter()
        .enumerate()
        .map(|(n, sets)| Change {
            dot: Dot {
                log: LogId([n as u8; 16]),
                seq: 1,
                mark: Mark([n as u8; 8]),
            },
            at: Stamp(n as u64),
            record: RecordId([9; 16]),
            register,
            seen: Vec::new(),
            sets: sets.clone(),
        })
        .collect();
    fold(&changes, &Apart, &Latest).expect("a change")
}

/// `interface.md`, rule 3, and the domain study, 4: a usual visit.
#[test]
fn a_usual_visit_stops_four_times() {
    let mut world = World::new();
    let (household, person) = world.family();
    let mut visit = Entry::new(world.register("visit"), &world.context());
    assert_eq!(world.shown(&visit, "visit_date"), "2026-11-24");
    assert_eq!(
        visit.origin(world.tag("visit", "visit_date")),
        Origin::Today
    );
    assert_eq!(world.stops(&visit, None).as_deref(), Some("household_id"));

    world.typed(&mut visit, "household_id", &household.to_string());
    assert_eq!(
        world.shown(&visit, "person_id"),
        world
            .context()
            .registers
            .by_name("person")
            .map(|register| {
                register.title(&world.held.0[&(register.number, person)], &world.context())
            })
            .expect("a title")
    );
    assert_eq!(world.shown(&visit, "key_groups"), "11", "of the person");
    assert_eq!(
        world.shown(&visit, "next_visit_on"),
        "2026-12-24",
        "monthly"
    );
    assert_eq!(
        world.stops(&visit, Some("household_id")).as_deref(),
        Some("summary")
    );

    world.typed(&mut visit, "summary", "丈夫外出务工，家中都好。");
    assert_eq!(
        world.stops(&visit, Some("summary")).as_deref(),
        Some("has_need")
    );
    assert_eq!(world.stops(&visit, Some("has_need")), None);
    assert_eq!(world.complaints(&visit), Vec::<String>::new());
}

#[test]
fn what_was_typed_stays_and_defaults_follow() {
    let mut world = World::new();
    let (household, _) = world.family();
    let mut visit = Entry::new(world.register("visit"), &world.context());
    world.typed(&mut visit, "key_groups", "14");
    world.typed(&mut visit, "household_id", &household.to_string());
    assert_eq!(world.shown(&visit, "key_groups"), "14");
    visit.untouch(world.tag("visit", "key_groups"), &world.context());
    visit.set(
        world.tag("visit", "person_id"),
        Content::Empty,
        &world.context(),
    );
    assert!(
        visit.get(world.tag("visit", "person_id")).is_empty(),
        "emptied is emptied"
    );
    let mut other = Entry::new(world.register("visit"), &world.context());
    world.typed(&mut other, "household_id", &household.to_string());
    assert_eq!(world.shown(&other, "key_groups"), "11");
    world.typed(&mut other, "household_id", "");
    assert_eq!(
        world.shown(&other, "key_groups"),
        "00",
        "the person went with the household"
    );
}

/// The domain study, 3.4.
#[test]
fn hidden_values_count_for_nothing_and_come_back() {
    let mut world = World::new();
    let (household, _) = world.family();
    let mut visit = Entry::new(world.register("visit"), &world.context());
    world.typed(&mut visit, "household_id", &household.to_string());
    world.typed(&mut visit, "target_kind", "meeting");
    assert!(!visit.relevant(world.tag("visit", "household_id")));
    assert!(visit.get(world.tag("visit", "household_id")).is_empty());
    assert_eq!(world.stops(&visit, None).as_deref(), Some("meeting_count"));
    let household_tag = world.tag("visit", "household_id");
    assert!(
        !visit
            .sets(None, &world.context())
            .iter()
            .any(|set| set.tag == household_tag)
    );
    world.typed(&mut visit, "target_kind", "household");
    assert_eq!(
        visit.get(household_tag).value().and_then(Value::as_ref_id),
        Some(household)
    );

    world.typed(&mut visit, "visit_result", "03");
    assert_eq!(
        world.complaints(&visit),
        Vec::<String>::new(),
        "an attempt needs no summary"
    );
    assert!(!visit.relevant(world.tag("visit", "has_need")));
}

#[test]
fn errors_refuse_and_warnings_do_not() {
    let mut world = World::new();
    let (household, _) = world.family();
    world.hold(
        "visit",
        3,
        &[
            ("household_id", &household.to_string()),
            ("visit_date", "2026-11-18"),
            ("summary", "家中都好"),
        ],
    );
    let mut visit = Entry::new(world.register("visit"), &world.context());
    assert_eq!(
        world.complaints(&visit),
        ["x走访家庭要填。", "x走访情况要填。"]
    );
    world.typed(&mut visit, "household_id", &household.to_string());
    world.typed(&mut visit, "summary", "家中都好");
    world.typed(&mut visit, "visit_date", "2026-11-25");
    assert_eq!(world.complaints(&visit)[0], "x日期不能晚于今天。");
    world.typed(&mut visit, "visit_date", "2026-11-24");
    assert_eq!(
        world.complaints(&visit),
        ["!7 天内第二次走访，上次 11-18。"]
    );
    let problem = &visit.problems(&world.context())[0];
    assert!(problem.warning && problem.row.is_none());
}

#[test]
fn a_need_takes_its_defaults_from_the_visit() {
    let mut world = World::new();
    let (household, person) = world.family();
    let needs = world.tag("visit", "needs");
    let mut visit = Entry::new(world.register("visit"), &world.context());
    world.typed(&mut visit, "household_id", &household.to_string());
    world.typed(&mut visit, "visit_date", "2026-11-23");
    world.typed(&mut visit, "summary", "想办助学");
    world.typed(&mut visit, "has_need", "1");
    assert_eq!(
        world.stops(&visit, Some("has_need")).as_deref(),
        Some("needs")
    );
    assert_eq!(world.complaints(&visit), ["x还没有填诉求。"]);
    let context = world.context();
    let at = visit.add_row(needs, &context).expect("a row");
    let register = world.register("need");
    visit.in_row(needs, at, &context, |need, context| {
        let set = |need: &mut Entry, name: &str, typed: &str| {
            let field = register.field(name).expect(name);
            need.set(
                field.tag,
                field.kind.parse(typed, context).expect(typed),
                context,
            );
        };
        assert_eq!(
            need.next_stop(None, context),
            register.field("need_category").map(|field| field.tag)
        );
        set(need, "need_category", "05");
        set(need, "description", "问助学补贴怎么申请");
        assert_eq!(need.next_stop(None, context), None);
    });
    let need = &visit.rows(needs)[0];
    assert_eq!(world.shown(need, "raised_on"), "2026-11-23");
    assert_eq!(world.shown(need, "handling_level"), "2");
    assert_eq!(world.shown(need, "due_on"), "2026-12-08");
    assert_eq!(
        need.get(world.tag("need", "person_id"))
            .value()
            .and_then(Value::as_ref_id),
        Some(person)
    );
    assert_eq!(world.complaints(&visit), Vec::<String>::new());

    world.typed(&mut visit, "visit_date", "2026-11-22");
    assert_eq!(
        world.shown(&visit.rows(needs)[0], "due_on"),
        "2026-12-07",
        "the rows follow"
    );
    visit.set_id(RecordId([7; 16]));
    let by = world.tag("need", "visit_id");
    let set = visit.rows(needs)[0]
        .sets(None, &world.context())
        .into_iter()
        .find(|set| set.tag == by);
    assert_eq!(
        set.and_then(|set| set.value.as_ref_id()),
        Some(RecordId([7; 16]))
    );
}

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
