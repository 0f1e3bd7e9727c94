//! Dates, months, times and moments, with the short cuts of `interface.md`.

use super::{Kind, say, typed};
use crate::forms::content::Content;
use crate::forms::day;
use crate::forms::lang::Label;
use crate::record::Value;

/// Months since 1970-01 of the years 1 to 9999.
const MONTHS: std::ops::Range<i64> = -1969 * 12..8030 * 12;

fn wrong_date(input: &str) -> Label {
    say(
        format!(
            "看不懂日期“{}”。可写 1123、11-23、2026-11-23、昨天、周五。",
            typed::trim(input)
        ),
        format!(
            "Not a date: {}. Type 1123, 11-23, 2026-11-23, -1 or w5.",
            typed::trim(input)
        ),
    )
}

pub(super) fn parse_date(input: &str, ahead: bool, today: i64) -> Result<Content, Label> {
    date(&typed::fold(input), ahead, today)
        .filter(|&day| day::in_range(day))
        .map(|day| Content::One(Value::int(day)))
        .ok_or_else(|| wrong_date(input))
}

/// `ahead`: a bare weekday means the next one (today included), else the last one.
fn date(text: &str, ahead: bool, today: i64) -> Option<i64> {
    match text {
        "t" | "今" | "今天" | "今日" => return Some(today),
        "昨" | "昨天" | "昨日" => return Some(today - 1),
        "前天" => return Some(today - 2),
        "大前天" => return Some(today - 3),
        "明" | "明天" | "明日" => return Some(today + 1),
        "后天" => return Some(today + 2),
        _ => {}
    }
    if let Some(days) = relative(text) {
        return Some(today + days);
    }
    if let Some(day) = weekday(text, ahead, today) {
        return Some(day);
    }
    let digits = |text: &str| -> Option<i64> {
        (!text.is_empty() && text.len() <= 4 && text.bytes().all(|c| c.is_ascii_digit()))
            .then(|| text.parse().ok())?
    };
    let (year, month, _) = day::civil(today);
    if text.bytes().all(|c| c.is_ascii_digit()) {
        return match text.len() {
            1 | 2 => day::of(year, month, digits(text)?),
            3 => nearest(digits(&text[..1])?, digits(&text[1..])?, today),
            4 => nearest(digits(&text[..2])?, digits(&text[2..])?, today),
            8 => day::of(
                digits(&text[..4])?,
                digits(&text[4..6])?,
                digits(&text[6..])?,
            ),
            _ => None,
        };
    }
    let text = text.trim_end_matches(['日', '号']);
    let parts: Vec<i64> = text
        .split(['-', '/', '.', '年', '月', ' '])
        .map(|part| digits(part.trim()))
        .collect::<Option<_>>()?;
    match parts[..] {
        [d] => day::of(year, month, d),
        [m, d] => nearest(m, d, today),
        [y, m, d] if y > 999 => day::of(y, m, d),
        _ => None,
    }
}

/// `+`, `--`, `+3`, `-1`.
fn relative(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let rest = &text[1..];
    if rest.bytes().all(|c| c == text.as_bytes()[0]) {
        return Some(sign * text.len() as i64);
    }
    let days: i64 = rest
        .trim()
        .parse()
        .ok()
        .filter(|days| (0..100_000).contains(days))?;
    Some(sign * days)
}

/// 周五, 上周五, 本周五, 下周五, `w5`.
fn weekday(text: &str, ahead: bool, today: i64) -> Option<i64> {
    let (week, rest) = if let Some(rest) = text.strip_prefix('w') {
        (None, rest)
    } else {
        let (week, rest) = match text.chars().next()? {
            '上' => (Some(-1), &text[3..]),
            '本' | '这' => (Some(0), &text[3..]),
            '下' => (Some(1), &text[3..]),
            _ => (None, text),
        };
        let rest = rest.strip_prefix('个').unwrap_or(rest);
        let rest = ["周", "星期", "礼拜"]
            .iter()
            .find_map(|word| rest.strip_prefix(word))?;
        (week, rest)
    };
    let n = match rest {
        "一" | "1" => 1,
        "二" | "2" => 2,
        "三" | "3" => 3,
        "四" | "4" => 4,
        "五" | "5" => 5,
        "六" | "6" => 6,
        "日" | "天" | "末" | "7" | "0" => 7,
        _ => return None,
    };
    let now = day::weekday(today);
    Some(match week {
        Some(week) => today - now + n + 7 * week,
        None if ahead => today + (n - now).rem_euclid(7),
        None => today - (now - n).rem_euclid(7),
    })
}

/// The year in which a month and day lie nearest to today, so that 1230 typed in January is last December's.
fn nearest(month: i64, date: i64, today: i64) -> Option<i64> {
    let (year, _, _) = day::civil(today);
    (year - 1..=year + 1)
        .filter_map(|year| day::of(year, month, date))
        .min_by_key(|day| (day - today).abs())
}

pub(super) fn parse_month(input: &str, today: i64) -> Result<Content, Label> {
    month(&typed::fold(input), today)
        .filter(|month| MONTHS.contains(month))
        .map(|month| Content::One(Value::int(month)))
        .ok_or_else(|| {
            say(
                "看不懂月份。可写 2026-11、202611、11(今年)。",
                "Not a month. Type 2026-11, 202611 or 11 (this year).",
            )
        })
}

fn month(text: &str, today: i64) -> Option<i64> {
    let (year, this, _) = day::civil(today);
    let of = |year: i64, month: i64| {
        (1..=12)
            .contains(&month)
            .then_some((year - 1970) * 12 + month - 1)
    };
    match text {
        "t" | "本月" | "这个月" => return of(year, this),
        "上月" | "上个月" => return of(year, this).map(|month| month - 1),
        _ => {}
    }
    let text = text.trim_end_matches('月');
    if text.bytes().all(|c| c.is_ascii_digit()) {
        return match text.len() {
            1 | 2 => of(year, text.parse().ok()?),
            6 => of(text[..4].parse().ok()?, text[4..].parse().ok()?),
            _ => None,
        };
    }
    let (year, month) = text.split_once(['-', '/', '.', '年'])?;
    of(number(year, 4)?, number(month, 2)?)
}

/// A number of at most `n` digits.
fn number(text: &str, n: usize) -> Option<i64> {
    (!text.is_empty() && text.len() <= n && text.bytes().all(|c| c.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

pub(super) fn parse_time(input: &str) -> Result<Content, Label> {
    time(&typed::fold(input))
        .map(|seconds| Content::One(Value::int(seconds)))
        .ok_or_else(wrong_time)
}

fn wrong_time() -> Label {
    say(
        "看不懂时间。可写 1430、14:30、9点。",
        "Not a time. Type 1430 or 14:30.",
    )
}

fn time(text: &str) -> Option<i64> {
    let text = text.trim_end_matches('分');
    let parts: Vec<i64> = match text.len() {
        3 | 4 if text.bytes().all(|c| c.is_ascii_digit()) => {
            let (hour, minute) = text.split_at(text.len() - 2);
            vec![number(hour, 2)?, number(minute, 2)?]
        }
        _ => text
            .trim_end_matches(['点', '时'])
            .split([':', '点', '时'])
            .map(|part| number(part, 2))
            .collect::<Option<_>>()?,
    };
    let (hour, minute, second) = match parts[..] {
        [hour] => (hour, 0, 0),
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

pub(super) fn parse_moment(input: &str, now_millis: u64) -> Result<Content, Label> {
    let folded = typed::fold(input);
    let now = (now_millis / 1000) as i64;
    if ["t", "now", "现在", "刚才"].contains(&folded.as_str()) {
        return Ok(Content::One(Value::int(now)));
    }
    let (on, at) = folded.split_once([' ', 't']).unwrap_or((&folded, ""));
    let today = day::of_millis(now_millis);
    let seconds = if at.is_empty() {
        time(on)
    } else {
        time(at.trim())
    };
    let day = if at.is_empty() && seconds.is_some() {
        Some(today)
    } else {
        date(on, false, today).filter(|&day| day::in_range(day))
    };
    let day = day.ok_or_else(|| wrong_date(input))?;
    let seconds = match seconds {
        Some(seconds) => seconds,
        None if at.is_empty() => 0,
        None => return Err(wrong_time()),
    };
    Ok(Content::One(Value::int(
        day * 86_400 + seconds - day::CHINA_SECONDS,
    )))
}

/// As people read it; `None` outside the years 1 to 9999 or the seconds of a day.
pub(super) fn show(kind: &Kind, n: i64) -> Option<String> {
    match kind {
        Kind::Date { .. } => day::in_range(n).then(|| day::iso(n)),
        Kind::YearMonth => MONTHS
            .contains(&n)
            .then(|| format!("{:04}-{:02}", n.div_euclid(12) + 1970, n.rem_euclid(12) + 1)),
        Kind::Time => (0..86_400).contains(&n).then(|| {
            let mut shown = clock(n);
            if n % 60 == 0 {
                shown.truncate(5);
            }
            shown
        }),
        Kind::Datetime => {
            moment(n).map(|(day, seconds)| format!("{} {}", day::iso(day), &clock(seconds)[..5]))
        }
        _ => None,
    }
}

fn clock(seconds: i64) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn moment(n: i64) -> Option<(i64, i64)> {
    let local = n.checked_add(day::CHINA_SECONDS)?;
    let (day, seconds) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    day::in_range(day).then_some((day, seconds))
}

/// As the JSON of the command line writes it.
pub(super) fn json(kind: &Kind, n: i64) -> Option<String> {
    match kind {
        Kind::Time => (0..86_400).contains(&n).then(|| clock(n)),
        Kind::Datetime => {
            moment(n).map(|(day, seconds)| format!("{}T{}+08:00", day::iso(day), clock(seconds)))
        }
        _ => show(kind, n),
    }
}

pub(super) fn of_json(kind: &Kind, text: &str) -> Result<Content, Label> {
    let n = match kind {
        Kind::Date { .. } => day::of_iso(text),
        Kind::YearMonth => (text.len() == 7)
            .then(|| month(text, 0))
            .flatten()
            .filter(|n| MONTHS.contains(n)),
        Kind::Time => (text.len() == 8 || text.len() == 5)
            .then(|| time(text))
            .flatten(),
        _ => of_rfc3339(text),
    };
    n.map(|n| Content::One(Value::int(n)))
        .ok_or_else(|| match kind {
            Kind::Date { .. } => say(
                "日期要写成 2026-11-23，且确有这一天。",
                "Wants a real date, written 2026-11-23.",
            ),
            Kind::YearMonth => say("月份要写成 2026-11。", "Wants a month, written 2026-11."),
            Kind::Time => say("时间要写成 14:30:00。", "Wants a time, written 14:30:00."),
            _ => say(
                "时间要写成 2026-11-23T14:30:00+08:00。",
                "Wants a moment, written 2026-11-23T14:30:00+08:00.",
            ),
        })
}

/// RFC 3339 to the second, with any offset.
fn of_rfc3339(text: &str) -> Option<i64> {
    let day = day::of_iso(text.get(..10)?)?;
    let rest = text.get(10..)?.strip_prefix(['T', 't', ' '])?;
    let seconds = (rest.as_bytes().get(2) == Some(&b':')).then(|| time(rest.get(..8)?))??;
    let zone = rest.get(8..)?;
    let zone = match zone.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => zone,
    };
    let offset = match zone {
        "Z" | "z" => 0,
        _ => {
            let sign = match zone.chars().next()? {
                '+' => 1,
                '-' => -1,
                _ => return None,
            };
            sign * (zone.len() == 6).then(|| time(&zone[1..]))??
        }
    };
    Some(day * 86_400 + seconds - offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &str, ahead: bool) -> String {
        // 2026-11-24 is a Tuesday.
        let today = day::of_iso("2026-11-24").expect("a date");
        match parse_date(input, ahead, today) {
            Ok(content) => day::iso(content.value().and_then(Value::as_int).expect("a day")),
            Err(_) => "-".into(),
        }
    }

    #[test]
    fn dates_as_people_type_them() {
        for (input, wanted) in [
            ("23", "2026-11-23"),
            ("1123", "2026-11-23"),
            ("１１２３", "2026-11-23"),
            ("11-23", "2026-11-23"),
            ("2026/11/23", "2026-11-23"),
            ("20261123", "2026-11-23"),
            ("2026年11月23日", "2026-11-23"),
            ("11月23号", "2026-11-23"),
            ("0105", "2027-01-05"),
            ("701", "2026-07-01"),
            ("+", "2026-11-25"),
            ("-", "2026-11-23"),
            ("--", "2026-11-22"),
            ("－１", "2026-11-23"),
            ("+3", "2026-11-27"),
            ("t", "2026-11-24"),
            ("今天", "2026-11-24"),
            ("昨天", "2026-11-23"),
            ("前天", "2026-11-22"),
            ("w5", "2026-11-20"),
            ("周五", "2026-11-20"),
            ("周二", "2026-11-24"),
            ("上周五", "2026-11-20"),
            ("上周二", "2026-11-17"),
            ("本周五", "2026-11-27"),
            ("下周一", "2026-11-30"),
            ("31", "-"),
            ("1332", "-"),
            ("26-11-23", "-"),
            ("abc", "-"),
            ("2026-02-29", "-"),
            ("+99999999999", "-"),
        ] {
            assert_eq!(read(input, false), wanted, "{input}");
        }
        assert_eq!(read("周五", true), "2026-11-27");
        assert_eq!(read("w2", true), "2026-11-24");
    }

    #[test]
    fn months_times_and_moments() {
        let today = day::of_iso("2026-11-24").expect("a date");
        let month = |input| {
            parse_month(input, today)
                .ok()
                .and_then(|c| show(&Kind::YearMonth, c.value()?.as_int()?))
        };
        assert_eq!(month("2008-7").as_deref(), Some("2008-07"));
        assert_eq!(month("200807").as_deref(), Some("2008-07"));
        assert_eq!(month("7").as_deref(), Some("2026-07"));
        assert_eq!(month("13"), None);
        let time = |input| {
            parse_time(input)
                .ok()
                .and_then(|c| show(&Kind::Time, c.value()?.as_int()?))
        };
        assert_eq!(time("1430").as_deref(), Some("14:30"));
        assert_eq!(time("9点").as_deref(), Some("09:00"));
        assert_eq!(time("2460"), None);
        let now = 1_795_508_472_000;
        let at = |input| {
            parse_moment(input, now)
                .ok()
                .and_then(|c| json(&Kind::Datetime, c.value()?.as_int()?))
        };
        assert_eq!(
            at("11-23 14:30").as_deref(),
            Some("2026-11-23T14:30:00+08:00")
        );
        assert_eq!(
            at("now").map(|text| text[..10].to_owned()),
            Some(day::iso(day::of_millis(now)))
        );
    }

    #[test]
    fn json_is_strict_and_comes_back() {
        for (kind, text) in [
            (Kind::Date { ahead: false }, "2026-11-23"),
            (Kind::YearMonth, "2026-11"),
            (Kind::Time, "14:30:00"),
            (Kind::Datetime, "2026-11-23T14:30:00+08:00"),
        ] {
            let content = of_json(&kind, text).expect(text);
            let n = content.value().and_then(Value::as_int).expect("a number");
            assert_eq!(json(&kind, n).as_deref(), Some(text));
        }
        assert_eq!(
            of_json(&Kind::Datetime, "2026-11-23T06:30:00Z"),
            of_json(&Kind::Datetime, "2026-11-23T14:30:00+08:00")
        );
        for wrong in ["23", "t", "2026-2-3", "2026-02-30"] {
            assert!(
                of_json(&Kind::Date { ahead: false }, wrong).is_err(),
                "{wrong}"
            );
        }
    }
}
