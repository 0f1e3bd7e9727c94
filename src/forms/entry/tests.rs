//! What a form does while it is typed into: defaults, relevance, stops, problems, and what is written.

use std::collections::BTreeMap;

use super::*;
use crate::forms::context::{Lookup, Me};
use crate::forms::day;
use crate::forms::lang::Lang;
use crate::forms::load::Registers;
use crate::record::fold::Latest;
use crate::record::{Change, Dot, LogId, Mark, Set, Stamp, fold};

/// Records by register and id; the last one that refers is the newest.
#[derive(Default)]
pub(in crate::forms::entry) struct Held(
    pub(in crate::forms::entry) BTreeMap<(u32, RecordId), Contents>,
);

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

pub(in crate::forms::entry) struct World {
    pub(in crate::forms::entry) registers: Registers,
    pub(in crate::forms::entry) me: Me,
    pub(in crate::forms::entry) held: Held,
}

impl World {
    pub(in crate::forms::entry) fn new() -> Self {
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
    pub(in crate::forms::entry) fn context(&self) -> Context<'_> {
        let day = day::of_iso("2026-11-24").expect("a date") as u64;
        Context {
            registers: &self.registers,
            now_millis: (day * 86_400 + 4 * 3600) * 1000,
            me: &self.me,
            lookup: &self.held,
            lang: Lang::Zh,
        }
    }

    pub(in crate::forms::entry) fn register(&self, name: &str) -> &Register {
        self.registers.by_name(name).expect(name)
    }

    pub(in crate::forms::entry) fn tag(&self, register: &str, field: &str) -> Tag {
        self.register(register).field(field).expect(field).tag
    }

    /// Puts a record into the store.
    pub(in crate::forms::entry) fn hold(
        &mut self,
        register: &str,
        id: u8,
        fields: &[(&str, &str)],
    ) -> RecordId {
        let mut entry = Entry::new(self.register(register), &self.context());
        for (name, typed) in fields {
            self.typed(&mut entry, name, typed);
        }
        let id = RecordId([id; 16]);
        let number = self.register(register).number;
        self.held.0.insert((number, id), entry.contents().clone());
        id
    }

    pub(in crate::forms::entry) fn typed(&self, entry: &mut Entry, name: &str, typed: &str) {
        let register = self
            .registers
            .by_number(entry.register())
            .expect("a register");
        let field = register.field(name).expect(name);
        let content = field.kind.parse(typed, &self.context());
        let content = content.unwrap_or_else(|complaint| panic!("{name}: {}", complaint.zh));
        entry.set(field.tag, content, &self.context());
    }

    pub(in crate::forms::entry) fn shown(&self, entry: &Entry, name: &str) -> String {
        let register = self
            .registers
            .by_number(entry.register())
            .expect("a register");
        let field = register.field(name).expect(name);
        field.kind.editable(entry.get(field.tag), &self.context())
    }

    pub(in crate::forms::entry) fn stops(
        &self,
        entry: &Entry,
        after: Option<&str>,
    ) -> Option<String> {
        let register = self
            .registers
            .by_number(entry.register())
            .expect("a register");
        let after = after.map(|name| register.field(name).expect(name).tag);
        let tag = entry.next_stop(after, &self.context())?;
        register.by_tag(tag).map(|field| field.name.clone())
    }

    pub(in crate::forms::entry) fn complaints(&self, entry: &Entry) -> Vec<String> {
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

    pub(in crate::forms::entry) fn family(&mut self) -> (RecordId, RecordId) {
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

pub(in crate::forms::entry) fn record(register: u32, changes: &[Vec<Set>]) -> Record {
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
