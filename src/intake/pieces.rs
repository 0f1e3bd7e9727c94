//! A plain line cut into pieces: runs of 汉字, telephone numbers, `+1`, brackets, signs.

/// A piece of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    /// 汉字, with · between them.
    Han(String),
    /// A telephone number: digits alone.
    Phone(String),
    /// `+2`.
    Plus(u32),
    /// What stands in brackets.
    Bracket(String),
    /// Letters and digits.
    Other(String),
    /// A blank or a sign.
    Mark(char),
}

/// Whether a character is a 汉字 (〇 and the rare ones of names among them).
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// The pieces of a line, in its order.
pub(super) fn cut(line: &str) -> Vec<Piece> {
    let line: Vec<char> = line.chars().collect();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let c = line[at];
        let (piece, end) = if let Some(found) = plus(&line, at).or_else(|| phone(&line, at)) {
            found
        } else if c == '('
            && let Some(end) = close(&line, at)
        {
            (Piece::Bracket(line[at + 1..end].iter().collect()), end + 1)
        } else if is_han(c) {
            let end = run(&line, at, |line, i| {
                is_han(line[i]) || line[i] == '·' && line.get(i + 1).is_some_and(|c| is_han(*c))
            });
            (Piece::Han(line[at..end].iter().collect()), end)
        } else if c.is_alphanumeric() {
            let digits = c.is_ascii_digit();
            let end = run(&line, at, |line, i| {
                line[i].is_alphanumeric()
                    && !is_han(line[i])
                    && (digits || !line[i].is_ascii_digit())
            });
            (Piece::Other(line[at..end].iter().collect()), end)
        } else {
            (Piece::Mark(if c.is_whitespace() { ' ' } else { c }), at + 1)
        };
        pieces.push(piece);
        at = end;
    }
    pieces
}

fn run(line: &[char], from: usize, of: impl Fn(&[char], usize) -> bool) -> usize {
    (from..line.len())
        .find(|&i| !of(line, i))
        .unwrap_or(line.len())
}

/// The bracket that closes the one at `from`; they may lie in each other.
fn close(line: &[char], from: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in line.iter().enumerate().skip(from) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// `+1`, `+ 2人`. A country code is none.
fn plus(line: &[char], at: usize) -> Option<(Piece, usize)> {
    if line[at] != '+' {
        return None;
    }
    let from = run(line, at + 1, |line, i| line[i] == ' ');
    let end = run(line, from, |line, i| line[i].is_ascii_digit());
    let number: String = line[from..end].iter().collect();
    if number.len() > 2 || phone(line, at).is_some() {
        return None;
    }
    let many = number.parse().ok().filter(|many| *many > 0)?;
    let end = run(line, end, |line, i| "个人位".contains(line[i]));
    Some((Piece::Plus(many), end))
}

/// A mobile number, with blanks or hyphens in it and a country code before it, or a fixed one.
fn phone(line: &[char], at: usize) -> Option<(Piece, usize)> {
    let digit = |i: usize| line.get(i).copied().filter(char::is_ascii_digit);
    if at > 0 && digit(at - 1).is_some() {
        return None;
    }
    let mut from = at;
    for code in ["+86", "0086", "86"] {
        if code.chars().eq(line[at..].iter().copied().take(code.len())) {
            from = at + code.len();
            from += usize::from(matches!(line.get(from), Some(' ' | '-')));
            break;
        }
    }
    mobile(line, from)
        .or_else(|| mobile(line, at))
        .or_else(|| fixed(line, at))
        .map(|(number, end)| (Piece::Phone(number), end))
}

fn mobile(line: &[char], from: usize) -> Option<(String, usize)> {
    let mut number = String::new();
    let mut at = from;
    while number.len() < 11 {
        match line.get(at)? {
            c if c.is_ascii_digit() => number.push(*c),
            ' ' | '-' if matches!(number.len(), 3 | 4 | 7) && line[at - 1].is_ascii_digit() => {}
            _ => return None,
        }
        at += 1;
    }
    let ends = !line.get(at).is_some_and(|c| c.is_ascii_alphanumeric());
    let known = number.starts_with('1') && number[1..2] >= *"3";
    (ends && known).then_some((number, at))
}

fn fixed(line: &[char], from: usize) -> Option<(String, usize)> {
    let end = run(line, from, |line, i| {
        line[i].is_ascii_digit()
            || line[i] == '-' && i > from && line.get(i + 1).is_some_and(char::is_ascii_digit)
    });
    let number: String = line[from..end].iter().filter(|c| **c != '-').collect();
    let area = number.starts_with('0') && matches!(number.len(), 10..=12);
    // Eight digits alone may as well be a date.
    let local = number.len() == 8 && number[..1] >= *"3";
    let ends = !line.get(end).is_some_and(|c| c.is_ascii_alphabetic());
    (ends && (area || local)).then_some((number, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phones(line: &str) -> Vec<String> {
        let phones = cut(line).into_iter().filter_map(|piece| match piece {
            Piece::Phone(number) => Some(number),
            _ => None,
        });
        phones.collect()
    }

    #[test]
    fn telephone_numbers_are_found_wherever_they_stand() {
        for line in [
            "张三13800000001",
            "138-0000-0001张三",
            "张三 138 0000 0001 ",
            "+86 13800000001",
            "8613800000001",
        ] {
            assert_eq!(phones(line), ["13800000001"], "{line}");
        }
        assert_eq!(phones("023-58000000"), ["02358000000"]);
        for line in [
            "500101190001010009",
            "20260912",
            "12800000001",
            "3 138",
            "2026-09-12",
        ] {
            assert_eq!(phones(line), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn brackets_lie_in_each_other() {
        assert_eq!(
            cut("张三(天城(街)) +1人"),
            [
                Piece::Han("张三".into()),
                Piece::Bracket("天城(街)".into()),
                Piece::Mark(' '),
                Piece::Plus(1),
            ]
        );
    }
}
