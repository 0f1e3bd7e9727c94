use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::forms::{Content, day};
use crate::record::Value;

/// The class register of the embedded files, and its roll.
fn with_roll(test: impl FnOnce(&Roll, &Registers)) {
    let registers = Registers::builtin();
    let register = registers.all().iter().find(|one| one.roll.is_some());
    let roll = register.and_then(|one| one.roll.as_ref());
    test(roll.expect("a register has a roll"), &registers);
}

fn id(n: u8) -> RecordId {
    RecordId([n; 16])
}

fn person(roll: &Roll, n: u8, number: Option<i64>) -> Person {
    let mut contents = Contents::from([(roll.name, Content::One(Value::text("向秀英")))]);
    if let Some(number) = number {
        contents.insert(roll.number, Content::One(Value::int(number)));
    }
    Person {
        id: id(n),
        contents,
    }
}

fn gone(roll: &Roll, mut person: Person) -> Person {
    let state = Content::One(Value::text(&roll.gone[0]));
    person.contents.insert(roll.state, state);
    person
}

fn meeting(roll: &Roll, n: u8, date: &str, half: &str, hours: &str) -> Meeting {
    let day = day::of_iso(date).unwrap();
    let contents = Contents::from([
        (roll.heads.0, Content::One(Value::int(day))),
        (roll.heads.1, Content::One(Value::text(half))),
        (roll.weight, Content::One(Value::text(hours))),
    ]);
    Meeting {
        id: id(n),
        contents,
    }
}

/// Three people, four half days, of which three were held.
fn small(roll: &Roll, registers: &Registers) -> Grid {
    let people = (1..=3).map(|n| person(roll, n, Some(n.into()))).collect();
    let meetings = vec![
        meeting(roll, 11, "2026-11-02", "am", "4.0"),
        meeting(roll, 12, "2026-11-02", "pm", "3.5"),
        meeting(roll, 13, "2026-11-02", "ev", "1"),
        meeting(roll, 14, "2026-11-03", "am", "4.0"),
    ];
    let marks = [
        ((id(11), id(1)), "L".to_owned()),
        ((id(12), id(2)), "A".to_owned()),
        ((id(13), id(2)), "V".to_owned()),
        ((id(13), id(99)), "A".to_owned()),
    ];
    Grid::new(roll, registers, people, meetings, marks)
}

#[test]
fn people_stand_by_their_number_and_those_without_one_at_the_end() {
    with_roll(|roll, registers| {
        let people = vec![
            person(roll, 4, None),
            person(roll, 3, Some(10)),
            person(roll, 2, Some(2)),
            person(roll, 1, None),
        ];
        let mut grid = Grid::new(roll, registers, people, Vec::new(), []);
        let order =
            |grid: &Grid| -> Vec<u8> { grid.people().iter().map(|one| one.id.0[0]).collect() };
        assert_eq!(order(&grid), [2, 3, 1, 4]);
        assert_eq!(grid.add_person(person(roll, 9, Some(5))), 1);
        assert_eq!(order(&grid), [2, 9, 3, 1, 4]);
    });
}

#[test]
fn meetings_stand_by_day_and_then_as_the_day_goes() {
    with_roll(|roll, registers| {
        let meetings = vec![
            meeting(roll, 1, "2026-11-03", "am", "4"),
            meeting(roll, 2, "2026-11-02", "ev", "4"),
            meeting(roll, 3, "2026-11-02", "am", "4"),
        ];
        let mut grid = Grid::new(roll, registers, Vec::new(), meetings, []);
        assert_eq!(
            grid.add_meeting(meeting(roll, 4, "2026-11-02", "pm", "4")),
            1
        );
        let order: Vec<u8> = grid.meetings().iter().map(|one| one.id.0[0]).collect();
        assert_eq!(order, [3, 4, 2, 1]);
    });
}

#[test]
fn whoever_is_not_marked_was_there_once_a_meeting_has_any_mark() {
    with_roll(|roll, registers| {
        let grid = small(roll, registers);
        assert_eq!(
            [0, 1, 2, 3].map(|at| grid.held(at)),
            [true, true, true, false]
        );
        assert_eq!(grid.mark(2, 0), None);
        assert_eq!(grid.counted(2, 0), Some("P"));
        assert_eq!(grid.counted(2, 3), None);
        assert_eq!([0, 1, 2].map(|at| grid.hours(at)), [85, 40, 85]);
        assert_eq!([0, 1, 2].map(|at| grid.absences(at)), [0, 1, 0]);
        assert_eq!(
            [0, 1, 2].map(|at| grid.rate(at)),
            [Some((3, 3)), Some((1, 3)), Some((3, 3))]
        );
        assert_eq!(grid.total_hours(), 85);
        assert_eq!(
            *grid.counts(0),
            BTreeMap::from([("L".to_owned(), 1), ("P".to_owned(), 2)])
        );
        assert_eq!(grid.counts(3).len(), 0);
        assert_eq!(grid.meeting_rate(1), Some((2, 3)));
        assert_eq!(grid.meeting_rate(3), None);
        assert_eq!(grid.total_rate(), Some((7, 9)));
    });
}

#[test]
fn a_meeting_whose_last_mark_is_cleared_was_not_held() {
    with_roll(|roll, registers| {
        let mut grid = small(roll, registers);
        grid.set(0, 0, None);
        assert!(!grid.held(0));
        assert_eq!(grid.counts(0).len(), 0);
        assert_eq!(grid.rate(1), Some((0, 2)));
        grid.set(1, 0, Some("P".to_owned()));
        assert_eq!(grid.rate(1), Some((1, 3)));
        assert_eq!(grid.counts(0).get("P"), Some(&3));
    });
}

#[test]
fn who_is_gone_is_not_expected_and_keeps_the_hours_of_her_own_marks() {
    with_roll(|roll, registers| {
        let mut grid = small(roll, registers);
        let left = gone(roll, grid.people()[0].clone());
        grid.set_person(0, left.contents);
        assert!(!grid.expected(0));
        assert_eq!((grid.hours(0), grid.rate(0)), (40, None));
        assert_eq!(grid.counted(0, 1), None);
        assert_eq!(grid.meeting_rate(0), Some((2, 2)));
        assert_eq!(grid.counts(0).get("L"), None);
        assert_eq!(grid.total_rate(), Some((4, 6)));
        assert_eq!(grid.earned(0, PASS), None);
        assert_eq!(grid.count_expected(), 2);
    });
}

#[test]
fn four_of_five_pass_and_three_do_not() {
    with_roll(|roll, registers| {
        let people = vec![person(roll, 1, Some(1)), person(roll, 2, Some(2))];
        let meetings = (0..5)
            .map(|n| meeting(roll, 10 + n, &format!("2026-11-0{}", n + 1), "am", "4"))
            .collect();
        let mut grid = Grid::new(roll, registers, people, meetings, []);
        assert_eq!(grid.earned(0, PASS), None);
        for at in 0..5 {
            let mark = |absent: bool| Some(if absent { "A" } else { "P" }.to_owned());
            grid.set(0, at, mark(at < 1));
            grid.set(1, at, mark(at < 2));
        }
        assert_eq!(grid.rate(0), Some((4, 5)));
        assert_eq!(grid.earned(0, PASS), Some(roll.passed.as_str()));
        assert_eq!(grid.earned(1, PASS), None);
        assert_eq!(grid.earned(1, 600), Some(roll.passed.as_str()));
    });
}

/// The figure D3: marks of those who were there by sessions times roll, counted cell by cell.
fn plain(roll: &Roll, grid: &Grid) {
    let there = |code: &str| roll.attended.iter().any(|one| one == code);
    let held: Vec<usize> = (0..grid.meetings().len())
        .filter(|&at| (0..grid.people().len()).any(|one| grid.mark(one, at).is_some()))
        .collect();
    let roll_size = (0..grid.people().len())
        .filter(|&at| grid.expected(at))
        .count() as u32;
    let cell = |person: usize, meeting: usize| match grid.mark(person, meeting) {
        Some(code) => Some(code.to_owned()),
        None => grid.expected(person).then(|| roll.usual.clone()),
    };
    let mut total = 0;
    for person in 0..grid.people().len() {
        let (mut hours, mut absences, mut attended) = (0, 0, 0);
        for &meeting in &held {
            let Some(code) = cell(person, meeting) else {
                continue;
            };
            if there(&code) {
                attended += 1;
                hours += tenths(&grid.meetings()[meeting].contents, roll.weight);
            }
            absences += u32::from(roll.absent.contains(&code));
        }
        assert_eq!(grid.hours(person), hours);
        assert_eq!(grid.absences(person), absences);
        let rate =
            (grid.expected(person) && !held.is_empty()).then_some((attended, held.len() as u32));
        assert_eq!(grid.rate(person), rate);
        total += if grid.expected(person) { attended } else { 0 };
    }
    for meeting in 0..grid.meetings().len() {
        let mut counts = BTreeMap::new();
        if held.contains(&meeting) {
            for person in (0..grid.people().len()).filter(|&at| grid.expected(at)) {
                *counts.entry(cell(person, meeting).unwrap()).or_insert(0) += 1;
            }
        }
        assert_eq!(*grid.counts(meeting), counts);
    }
    let d3 = (roll_size > 0 && !held.is_empty()).then_some((total, held.len() as u32 * roll_size));
    assert_eq!(grid.total_rate(), d3);
}

#[derive(Clone, Debug)]
enum Act {
    Mark(usize, usize, Option<usize>),
    Gone(usize, bool),
    Hours(usize, u32),
    Person(u8),
    Meeting(u8),
}

#[test]
fn kept_sums_are_those_of_a_plain_count() {
    let mut runner = TestRunner::new(Config::with_cases(200));
    with_roll(|roll, registers| {
        let acts = proptest::collection::vec(act(), 1..60);
        let count = runner.run(&acts, |acts| {
            let mut grid = small(roll, registers);
            for (n, act) in acts.iter().enumerate() {
                act.done(100 + n as u8, roll, &mut grid);
                plain(roll, &grid);
            }
            Ok(())
        });
        count.unwrap();
    });
}

impl Act {
    fn done(&self, new: u8, roll: &Roll, grid: &mut Grid) {
        let (people, meetings) = (grid.people().len(), grid.meetings().len());
        let codes = ["P", "L", "E", "V", "A", "later"];
        match *self {
            Self::Mark(person, meeting, code) => {
                let code = code.map(|at| codes[at].to_owned());
                grid.set(person % people, meeting % meetings, code);
            }
            Self::Gone(at, leaves) => {
                let mut one = grid.people()[at % people].clone();
                one.contents.remove(&roll.state);
                let one = if leaves { gone(roll, one) } else { one };
                grid.set_person(at % people, one.contents);
            }
            Self::Hours(at, tenths) => {
                let mut contents = grid.meetings()[at % meetings].contents.clone();
                let hours = format!("{}.{}", tenths / 10, tenths % 10);
                contents.insert(roll.weight, Content::One(Value::text(&hours)));
                grid.set_meeting(at % meetings, contents);
            }
            Self::Person(number) => {
                grid.add_person(person(roll, new, Some(number.into())));
            }
            Self::Meeting(day) => {
                let date = format!("2026-11-{:02}", day % 30 + 1);
                grid.add_meeting(meeting(roll, new, &date, "pm", "2.5"));
            }
        }
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0usize..9, 0usize..9, proptest::option::of(0usize..6)).prop_map(|(a, b, c)| Act::Mark(a, b, c)),
        1 => (0usize..9, any::<bool>()).prop_map(|(a, b)| Act::Gone(a, b)),
        1 => (0usize..9, 1u32..81).prop_map(|(a, b)| Act::Hours(a, b)),
        1 => any::<u8>().prop_map(Act::Person),
        1 => any::<u8>().prop_map(Act::Meeting),
    ]
}
