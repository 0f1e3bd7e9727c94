//! Days of work: a cadre goes out on working days, several families at a time, more around the middle of a month.

use super::dice::Dice;
use crate::forms::day;
pub use crate::forms::day::{iso as text, of_millis as day_of};

/// Milliseconds of a day.
pub const DAY: u64 = 86_400_000;
/// China's offset from UTC, in milliseconds.
const OFFSET: u64 = 8 * 3_600_000;

/// A day: how many since 1970-01-01, at +08:00.
pub type Day = i64;

/// A moment of a day: minutes behind midnight, +08:00.
pub fn moment(day: Day, minutes: u64) -> u64 {
    (day.max(1) as u64) * DAY - OFFSET + minutes * 60_000
}

/// How likely a cadre goes out on a day.
fn weight(day: Day) -> usize {
    let (_, month, date) = day::civil(day);
    // 0 is Monday.
    let weekday = day::weekday(day) - 1;
    let holiday = matches!((month, date), (1, 1) | (5, 1..=3) | (10, 1..=5));
    match weekday {
        _ if holiday => 0,
        5 => 2,
        6 => 1,
        _ if (8..=20).contains(&date) => 14,
        _ => 9,
    }
}

/// `count` days among the `days` back to yesterday on which somebody goes out, by weight, in order; no day twice while
/// there are others.
pub fn outings(today: Day, days: i64, count: usize, dice: &mut Dice) -> Vec<Day> {
    let all: Vec<(Day, usize)> = (today - days..today)
        .map(|day| (day, weight(day)))
        .filter(|(_, weight)| *weight > 0)
        .collect();
    let mut left = Vec::new();
    let mut chosen = Vec::with_capacity(count);
    while chosen.len() < count && !all.is_empty() {
        if left.is_empty() {
            left.clone_from(&all);
        }
        let day = dice.weighed(&left);
        left.retain(|(other, _)| *other != day);
        chosen.push(day);
    }
    chosen.sort_unstable();
    chosen
}

/// The next working day from `day` on.
pub fn working_day(mut day: Day) -> Day {
    while weight(day) < 9 {
        day += 1;
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_lies_on_its_day_in_china() {
        assert_eq!(text(20_780), "2026-11-23");
        assert_eq!(day_of(moment(20_780, 5)), 20_780);
        assert_eq!(day_of(moment(20_780, 24 * 60 - 1)), 20_780);
    }

    #[test]
    fn most_outings_fall_on_working_days() {
        let mut dice = Dice::new(1);
        let chosen = outings(20_780, 300, 120, &mut dice);
        assert!(chosen.iter().all(|day| (20_480..20_780).contains(day)));
        let weekend = chosen
            .iter()
            .filter(|day| (**day + 3).rem_euclid(7) > 4)
            .count();
        assert!((1..20).contains(&weekend), "{weekend}");
        assert!(!chosen.iter().any(|day| text(*day).ends_with("-10-01")));
    }
}
