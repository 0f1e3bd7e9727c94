//! The days of one record, and what a year makes of them: counts and sums, the last one held, the next one planned, and the
//! state that is proposed when nothing was held for long. Pure: days are numbers, nothing is read here.

use crate::forms::day::{civil, length, of};
use crate::forms::grid::Idle;
use crate::record::RecordId;

/// One record of a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Day {
    /// The record.
    pub id: RecordId,
    /// Its day.
    pub day: i64,
    /// It happened; else it is planned.
    pub held: bool,
    /// What it adds to the sum.
    pub sum: i64,
    /// What is said of it: its state, then what it was.
    pub words: Vec<String>,
}

/// All of them, by day.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Days(Vec<Day>);

/// How many were held, and their sum.
pub type Total = (u64, i64);

impl Days {
    /// The days in order.
    pub fn new(mut days: Vec<Day>) -> Self {
        days.sort_by_key(|day| (day.day, day.id));
        Self(days)
    }

    /// All from a day on, up to before another one.
    fn between(&self, from: i64, to: i64) -> &[Day] {
        let place = |day| self.0.partition_point(|known| known.day < day);
        &self.0[place(from)..place(to).max(place(from))]
    }

    /// What is on a day.
    pub fn on(&self, day: i64) -> &[Day] {
        self.between(day, day + 1)
    }

    /// Whether something was held on a day, or is planned; `None` for neither.
    pub fn held(&self, day: i64) -> Option<bool> {
        let on = self.on(day);
        (!on.is_empty()).then(|| on.iter().any(|day| day.held))
    }

    /// The record of an id.
    pub fn find(&self, id: RecordId) -> Option<&Day> {
        self.0.iter().find(|day| day.id == id)
    }

    /// What a month adds up to.
    pub fn month(&self, year: i64, month: i64) -> Total {
        let first = of(year, month, 1).unwrap_or_default();
        total(self.between(first, first + length(year, month)))
    }

    /// What a year adds up to.
    pub fn year(&self, year: i64) -> Total {
        let first = of(year, 1, 1).unwrap_or_default();
        total(self.between(first, of(year, 12, 31).unwrap_or_default() + 1))
    }

    /// What was held, the newest first.
    pub fn newest(&self) -> impl Iterator<Item = &Day> {
        self.0.iter().rev().filter(|day| day.held)
    }

    /// The next one that is planned and not held, behind a day; behind the last one comes the first.
    pub fn next_planned(&self, after: i64) -> Option<i64> {
        let mut planned = self.0.iter().filter(|day| !day.held).map(|day| day.day);
        let first = planned.clone().next();
        planned.find(|day| *day > after).or(first)
    }
}

fn total(days: &[Day]) -> Total {
    let held = days.iter().filter(|day| day.held);
    held.fold((0, 0), |(count, sum), day| (count + 1, sum + day.sum))
}

/// A state that is proposed because nothing happens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// The code of the state.
    pub to: String,
    /// The day from which on it is due.
    pub on: i64,
    /// Whether that day has come.
    pub due: bool,
}

/// What is proposed for a record in a state, nothing having been held since the day `last`: the furthest that is due by
/// now, else the one that comes next. `days` says how many days a setting gives instead.
pub fn proposal(
    idle: &[Idle],
    state: &str,
    last: i64,
    today: i64,
    days: &dyn Fn(&str) -> Option<i64>,
) -> Option<Proposal> {
    let fits = idle
        .iter()
        .filter(|idle| idle.from.iter().any(|from| from == state));
    let mut all: Vec<Proposal> = fits
        .map(|idle| {
            let set = days(&idle.setting).filter(|days| *days > 0);
            let on = last.saturating_add(set.unwrap_or(idle.days));
            let due = on <= today;
            let to = idle.to.clone();
            Proposal { to, on, due }
        })
        .collect();
    all.sort_by_key(|proposal| proposal.on);
    let due = all.iter().rposition(|proposal| proposal.due).unwrap_or(0);
    all.into_iter().nth(due)
}

/// The same day of another year, or the last one of its month.
pub fn at_month(day: i64, year: i64, month: i64) -> i64 {
    let (_, _, of_month) = civil(day);
    of(year, month, of_month.min(length(year, month))).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::day::of_iso;

    fn at(iso: &str) -> i64 {
        of_iso(iso).expect("a date")
    }

    fn days() -> Days {
        let day = |n: u8, iso: &str, held: bool, sum: i64| Day {
            id: RecordId([n; 16]),
            day: at(iso),
            held,
            sum,
            words: Vec::new(),
        };
        Days::new(vec![
            day(5, "2026-12-05", false, 0),
            day(4, "2026-11-21", true, 23),
            day(1, "2025-12-31", true, 9),
            day(2, "2026-01-10", true, 20),
            day(3, "2026-01-24", true, 21),
            day(6, "2026-01-24", false, 0),
            day(7, "2027-01-01", true, 7),
        ])
    }

    fn idle() -> Vec<Idle> {
        let idle = |from: &[&str], to: &str, days: i64, setting: &str| Idle {
            from: from.iter().map(|from| from.to_string()).collect(),
            to: to.into(),
            days,
            setting: setting.into(),
        };
        vec![
            idle(&["run"], "dormant", 90, "first"),
            idle(&["run", "dormant"], "gone", 180, "second"),
        ]
    }

    #[test]
    fn months_and_years_add_up_what_was_held() {
        let days = days();
        assert_eq!(days.month(2026, 1), (2, 41));
        assert_eq!(days.month(2026, 12), (0, 0), "planned ones count nothing");
        assert_eq!(days.year(2026), (3, 64));
        assert_eq!(days.year(2025), (1, 9));
        assert_eq!(days.year(2024), (0, 0));
    }

    #[test]
    fn a_day_is_held_when_anything_was() {
        let days = days();
        assert_eq!(days.held(at("2026-01-24")), Some(true));
        assert_eq!(days.on(at("2026-01-24")).len(), 2);
        assert_eq!(days.held(at("2026-12-05")), Some(false));
        assert_eq!(days.held(at("2026-11-22")), None);
    }

    #[test]
    fn the_next_planned_comes_again_from_the_front() {
        let days = days();
        let (old, next) = (at("2026-01-24"), at("2026-12-05"));
        assert_eq!(days.next_planned(at("2026-11-24")), Some(next));
        assert_eq!(days.next_planned(next), Some(old));
        assert_eq!(Days::default().next_planned(next), None);
    }

    #[test]
    fn a_state_is_proposed_with_the_day_it_is_due() {
        let none = |_: &str| None;
        let (last, today) = (at("2026-11-21"), at("2026-11-24"));
        let first = proposal(&idle(), "run", last, today, &none).expect("one");
        assert_eq!(
            (first.to.as_str(), first.on, first.due),
            ("dormant", at("2027-02-19"), false)
        );
        let second = proposal(&idle(), "dormant", last, today, &none).expect("one");
        assert_eq!((second.to.as_str(), second.due), ("gone", false));
        assert_eq!(proposal(&idle(), "applied", last, today, &none), None);
    }

    #[test]
    fn the_furthest_that_is_due_is_proposed() {
        let none = |_: &str| None;
        let last = at("2026-01-01");
        let of = |today| proposal(&idle(), "run", last, today, &none).expect("one");
        assert_eq!(
            (of(last + 89).to.as_str(), of(last + 89).due),
            ("dormant", false)
        );
        assert_eq!(
            (of(last + 90).to.as_str(), of(last + 90).due),
            ("dormant", true)
        );
        assert_eq!(
            (of(last + 180).to.as_str(), of(last + 180).due),
            ("gone", true)
        );
    }

    #[test]
    fn a_setting_says_other_days() {
        let (last, today) = (at("2026-11-21"), at("2026-11-24"));
        let days = |key: &str| (key == "first").then_some(30);
        let first = proposal(&idle(), "run", last, today, &days).expect("one");
        assert_eq!(first.on, at("2026-12-21"));
        let wrong = |_: &str| Some(0);
        let first = proposal(&idle(), "run", last, today, &wrong).expect("one");
        assert_eq!(first.on, at("2027-02-19"), "no days are no setting");
    }

    #[test]
    fn a_day_moves_by_months_and_years() {
        assert_eq!(at_month(at("2026-01-31"), 2026, 2), at("2026-02-28"));
        assert_eq!(at_month(at("2024-02-29"), 2023, 2), at("2023-02-28"));
    }
}
