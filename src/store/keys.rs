//! Search keys: what a text is found by, and what a typed word looks for.
//!
//! Chinese text is found by any part of it: every pair of neighbouring characters is a token, and the last one alone, so
//! a word of three characters is two look-ups. Names (texts of one line) are also found by full pinyin and by initials,
//! in every reading of every character: 重庆 by zhongqing and chongqing, 单 by dan, shan and chan. Numbers of phones and
//! identity cards are found by their tail: their digits are stored backwards. Letters and digits in a text are words,
//! found by their beginning.

use pinyin::ToPinyinMulti;

/// How the values of a field are searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// A text of one line: also by pinyin.
    Name,
    /// A text of many lines: characters and words alone.
    Text,
    /// A number of a phone or card: by its tail.
    Tail,
}

/// What stands before a number written backwards. No text holds it.
const TAIL: u8 = 1;
/// Digits that make a tail.
pub const TAIL_DIGITS: usize = 4;
/// Names of at most this many characters are found by the pinyin of the given name alone, too.
const PERSON: usize = 4;
/// How many characters of a longer name count for pinyin.
const SYLLABLES: usize = 8;
/// How many combinations of readings are kept of one name, and of a longer one.
const READINGS: (usize, usize) = (64, 16);

/// Whether a character is Chinese.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
}

/// Full-width letters and digits as their half-width forms; lower case.
fn folded(c: char) -> impl Iterator<Item = char> {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    c.to_lowercase()
}

/// A stretch of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Chinese characters.
    Han(Vec<char>),
    /// Letters and digits, folded.
    Word(String),
}

/// The parts of a text. The dot in names of other nations (阿依古丽·买买提) does not part them.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut parted = true;
    for c in text.chars() {
        if is_han(c) {
            match parts.last_mut() {
                Some(Part::Han(han)) if !parted => han.push(c),
                _ => parts.push(Part::Han(vec![c])),
            }
            parted = false;
        } else if c.is_alphanumeric() {
            match parts.last_mut() {
                Some(Part::Word(word)) if !parted => word.extend(folded(c)),
                _ => parts.push(Part::Word(folded(c).collect())),
            }
            parted = false;
        } else {
            parted |= !matches!(c, '·' | '•' | '・' | '\u{2027}');
        }
    }
    parts
}

/// Calls `each` with every token that a text is found by; some may come twice.
pub fn tokens(text: &str, how: How, mut each: impl FnMut(&[u8])) {
    if how == How::Tail {
        if let Some(tail) = tail(text) {
            each(&tail);
        }
        return;
    }
    let mut bytes = Vec::with_capacity(super::entry::MAX_TOKEN);
    let parts = parts(text);
    // 组 and 号 of an address are no names.
    let alone = parts.len() == 1;
    for part in parts {
        match part {
            Part::Word(word) => each(word.as_bytes()),
            Part::Han(han) => {
                for i in 0..han.len() {
                    each(pair(&han[i..], &mut bytes));
                }
                if how == How::Name && (alone || han.len() > 1) {
                    spelled(&han, &mut each);
                }
            }
        }
    }
}

/// The first two characters, or the one that is left, as a token.
fn pair<'a>(han: &[char], bytes: &'a mut Vec<u8>) -> &'a [u8] {
    bytes.clear();
    for c in han.iter().take(2) {
        bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
    }
    bytes
}

/// The tokens that a run of typed characters needs, all of them.
pub fn pairs(han: &[char]) -> Vec<Vec<u8>> {
    let last = han.len().saturating_sub(1).max(1);
    (0..last.min(han.len()))
        .map(|i| pair(&han[i..], &mut Vec::new()).to_vec())
        .collect()
}

/// The digits of a number backwards, as a token; `x` of an identity card counts. `None` if there are too few.
pub fn tail(number: &str) -> Option<Vec<u8>> {
    let mut token = vec![TAIL];
    let digits = number.bytes().rev().map(|c| c.to_ascii_lowercase());
    token.extend(digits.filter(|c| c.is_ascii_digit() || *c == b'x'));
    (token.len() > TAIL_DIGITS).then_some(token)
}

/// Pinyin and initials of a run of characters: from its start, and for the name of a person from the given name.
fn spelled(han: &[char], each: &mut impl FnMut(&[u8])) {
    let person = han.len() <= PERSON;
    let readings: Vec<Vec<String>> = han.iter().take(SYLLABLES).map(|c| readings(*c)).collect();
    let starts = if person { han.len().max(2) - 1 } else { 1 };
    let most = if person { READINGS.0 } else { READINGS.1 };
    for start in 0..starts {
        let whole = combined(&readings[start..], most, |reading| reading);
        let initials = combined(&readings[start..], most, |reading| &reading[..1]);
        whole
            .iter()
            .chain(&initials)
            .for_each(|token| each(token.as_bytes()));
    }
}

/// The readings of a character without tones, each once; ü as it is typed, v, and as it is often mistyped, u. A
/// character without a reading has an empty one.
pub fn readings(c: char) -> Vec<String> {
    let mut readings: Vec<String> = Vec::with_capacity(2);
    let mut push = |reading: String| {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    };
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain();
        if plain.contains('ü') {
            push(plain.replace('ü', "v"));
            push(plain.replace('ü', "u"));
        } else if plain.is_ascii() && !plain.is_empty() {
            push(plain.to_owned());
        }
    }
    readings
}

/// All ways to say the syllables one after another, each once, at most `most`: when there would be more, the rarer
/// readings of the last characters are left out.
fn combined(syllables: &[Vec<String>], most: usize, part: impl Fn(&String) -> &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for readings in syllables {
        let mut parts: Vec<&str> = Vec::with_capacity(readings.len());
        for reading in readings {
            let part = part(reading);
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts.truncate((most / all.len()).max(1));
        let [first, others @ ..] = parts.as_slice() else {
            continue;
        };
        for i in 0..all.len() {
            for other in others {
                all.push(format!("{}{other}", all[i]));
            }
            all[i].push_str(first);
        }
    }
    all.retain(|token| !token.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_by(text: &str, how: How) -> Vec<String> {
        let mut all = Vec::new();
        tokens(text, how, |token| {
            all.push(String::from_utf8(token.to_vec()).unwrap());
        });
        all
    }

    #[test]
    fn a_name_is_found_by_characters_pinyin_and_initials() {
        let tokens = found_by("李静雯", How::Name);
        for token in ["李静", "静雯", "雯", "lijingwen", "jingwen", "ljw", "jw"] {
            assert!(tokens.contains(&token.to_owned()), "{token}: {tokens:?}");
        }
    }

    #[test]
    fn every_reading_counts() {
        for (text, wanted) in [
            ("重庆", &["chongqing", "zhongqing", "cq", "zq"][..]),
            ("长寿", &["changshou", "zhangshou", "cs", "zs"]),
            ("曾玉", &["zengyu", "cengyu", "zy", "cy"]),
            ("单芳", &["shanfang", "danfang", "chanfang", "sf", "df"]),
            ("解琼", &["xieqiong", "jieqiong", "xq", "jq"]),
            ("吕梅", &["lvmei", "lumei", "lm"]),
        ] {
            let tokens = found_by(text, How::Name);
            for token in wanted {
                assert!(tokens.contains(&(*token).to_owned()), "{token}: {tokens:?}");
            }
        }
    }

    #[test]
    fn a_long_text_is_found_by_any_part_of_it_but_not_by_pinyin() {
        let tokens = found_by("丈夫外出务工，领 WHO 补贴300元。", How::Text);
        for token in ["丈夫", "务工", "工", "领", "who", "补贴", "300", "元"] {
            assert!(tokens.contains(&token.to_owned()), "{token}: {tokens:?}");
        }
        assert!(!tokens.contains(&"zhangfu".to_owned()));
        let address = found_by("3组12号", How::Name);
        assert_eq!(address, ["3", "组", "12", "号"]);
        let query: Vec<char> = "外出务工".chars().collect();
        assert_eq!(pairs(&query).len(), 3);
        assert_eq!(pairs(&query[..1]), ["外".as_bytes()]);
        assert!(pairs(&[]).is_empty());
    }

    #[test]
    fn a_number_is_found_by_its_tail() {
        let stored = found_by("50010119900101002X", How::Tail).remove(0);
        let typed = String::from_utf8(tail("002x").unwrap()).unwrap();
        assert!(stored.starts_with(&typed));
        assert_eq!(tail("123"), None);
        assert_eq!(tail("023-58231234"), tail("02358231234"));
    }

    #[test]
    fn readings_never_grow_beyond_their_bound() {
        let long = "行重单解".repeat(3);
        assert!(found_by(&long, How::Name).len() < 80);
        assert!(found_by("行重单解", How::Name).len() < 3 * 2 * 64 + 8);
    }

    #[test]
    fn parts_of_a_text() {
        let parts = parts("阿依古丽·买买提　３组A栋");
        assert_eq!(parts.len(), 5);
        assert_eq!(parts[0], Part::Han("阿依古丽买买提".chars().collect()));
        assert_eq!(parts[1], Part::Word("3".into()));
        assert_eq!(parts[3], Part::Word("a".into()));
    }
}
