//! Days, months and seconds as plain numbers: days since 1970-01-01 in the Gregorian calendar, years 1 to 9999.

/// Seconds that China is ahead of UTC, the whole year.
pub const CHINA_SECONDS: i64 = 8 * 3600;

/// The day in China of a moment in milliseconds since 1970, UTC.
pub fn of_millis(millis: u64) -> i64 {
    ((millis / 1000) as i64 + CHINA_SECONDS).div_euclid(86_400)
}

/// Days in a month.
pub fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day of a date; `None` if there is no such date in the years 1 to 9999.
pub fn of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=length(year, month)).contains(&day)
    {
        return None;
    }
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Year, month and day of a day.
pub fn civil(days: i64) -> (i64, i64, i64) {
    // The inverse, civil_from_days of the same paper.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Whether a day lies in the years 1 to 9999.
pub fn in_range(days: i64) -> bool {
    (-719_162..=2_932_896).contains(&days)
}

/// 1 for Monday to 7 for Sunday (ISO 8601).
pub fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7) + 1
}

/// `2026-11-23`.
pub fn iso(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Reads exactly `2026-11-23`.
pub fn of_iso(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        bytes[range].iter().try_fold(0, |n, c| {
            c.is_ascii_digit().then(|| n * 10 + i64::from(c - b'0'))
        })
    };
    of(number(0..4)?, number(5..7)?, number(8..10)?)
}

/// The day `months` later, at the month's end where it has fewer days; `None` outside the years 1 to 9999.
pub fn plus_months(days: i64, months: i64) -> Option<i64> {
    let (year, month, day) = civil(days);
    let at = year
        .checked_mul(12)?
        .checked_add(month - 1)?
        .checked_add(months)?;
    let (year, month) = (at.div_euclid(12), at.rem_euclid(12) + 1);
    of(year, month, day.min(length(year, month)))
}

/// Full years from one day to another: an age.
pub fn years_between(from: i64, to: i64) -> i64 {
    let ((y1, m1, d1), (y2, m2, d2)) = (civil(from), civil(to));
    y2 - y1 - i64::from((m2, d2) < (m1, d1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years_is_itself_again() {
        let mut day = of(1, 1, 1).expect("the first day");
        assert!(in_range(day) && !in_range(day - 1));
        while in_range(day) {
            let (y, m, d) = civil(day);
            assert_eq!(of(y, m, d), Some(day));
            day += 1;
        }
        assert_eq!(civil(day - 1), (9999, 12, 31));
        assert_eq!(of(1970, 1, 1), Some(0));
        assert_eq!(of(1900, 2, 29), None);
    }

    #[test]
    fn today_in_china_begins_at_sixteen_hours_utc() {
        let noon = of(2026, 11, 23).expect("a date") * 86_400;
        assert_eq!(
            iso(of_millis((noon as u64 + 16 * 3600 - 1) * 1000)),
            "2026-11-23"
        );
        assert_eq!(
            iso(of_millis((noon as u64 + 16 * 3600) * 1000)),
            "2026-11-24"
        );
    }

    #[test]
    fn weeks_months_and_ages() {
        let day = of_iso("2026-11-23").expect("a date");
        assert_eq!(weekday(day), 1);
        let at = |text| of_iso(text).expect("a date");
        assert_eq!(plus_months(at("2026-01-31"), 1), Some(at("2026-02-28")));
        assert_eq!(plus_months(at("2024-02-29"), 60), Some(at("2029-02-28")));
        assert_eq!(years_between(at("2008-11-24"), day), 17);
        assert_eq!(years_between(at("2008-11-23"), day), 18);
        for wrong in ["2026-1-1", "2026/11/23", "2026-13-01", "２026-11-23"] {
            assert_eq!(of_iso(wrong), None, "{wrong}");
        }
    }
}
