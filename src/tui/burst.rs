//! What a terminal sends is put together again: a paste without brackets, and a key whose sequence a slow line cut after
//! its Esc.

use super::key::{Code, Key};

/// How long an Esc is held back to see whether it begins a sequence, in milliseconds.
pub const ESC_HELD: u64 = 60;

/// The keys of one read. Two or more line ends, or one after more than 40 characters, are a paste: its text, with the keys
/// in their order otherwise.
pub fn paste(keys: &[Key]) -> Option<String> {
    let text: String = keys
        .iter()
        .map(|key| match key.code {
            Code::Enter => Some('\n'),
            Code::Tab if !key.shift => Some('\t'),
            _ => key.typed(),
        })
        .collect::<Option<String>>()?;
    let ends = text.matches('\n').count();
    let long = text
        .rfind('\n')
        .is_some_and(|end| text[..end].chars().count() > 40);
    (ends >= 2 || long).then_some(text)
}

/// Keys behind an Esc that was sent alone, as far as they make one sequence.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Held {
    keys: Vec<Key>,
    since: Option<u64>,
}

impl Held {
    /// When an Esc that is held must be given out, in milliseconds.
    pub fn due(&self) -> Option<u64> {
        self.since.map(|since| since + ESC_HELD)
    }

    /// Takes a key that arrived at `at`; what can be given out now.
    pub fn take(&mut self, key: Key, at: u64) -> Vec<Key> {
        let esc = Key::plain(Code::Esc);
        let Some(since) = self.since else {
            if key == esc {
                self.since = Some(at);
                return Vec::new();
            }
            return vec![key];
        };
        let late = at > since + ESC_HELD;
        let goes_on = match (self.keys.as_slice(), key.typed()) {
            ([], Some('[' | 'O')) => true,
            ([_, ..], Some(c)) => {
                c.is_ascii_digit() || c == ';' || c == '~' || c.is_ascii_uppercase()
            }
            _ => false,
        };
        if late || !goes_on {
            let mut out = self.give();
            out.extend(self.take(key, at));
            return out;
        }
        self.keys.push(key);
        self.since = Some(at);
        let text: String = self.keys.iter().filter_map(|key| key.typed()).collect();
        let done =
            self.keys.len() > 1 && text.ends_with(|c: char| c == '~' || c.is_ascii_uppercase());
        if !done && self.keys.len() < 8 {
            return Vec::new();
        }
        match decode(&text) {
            Some(key) => {
                *self = Self::default();
                vec![key]
            }
            None => self.give(),
        }
    }

    /// Gives out what is held: nothing came that made a sequence of it.
    pub fn give(&mut self) -> Vec<Key> {
        let held = std::mem::take(self);
        let esc = held.since.map(|_| Key::plain(Code::Esc));
        esc.into_iter().chain(held.keys).collect()
    }
}

/// The key of a sequence without its Esc.
fn decode(text: &str) -> Option<Key> {
    let code = match text {
        "[A" | "OA" => Code::Up,
        "[B" | "OB" => Code::Down,
        "[C" | "OC" => Code::Right,
        "[D" | "OD" => Code::Left,
        "[H" | "OH" | "[1~" | "[7~" => Code::Home,
        "[F" | "OF" | "[4~" | "[8~" => Code::End,
        "[3~" => Code::Delete,
        "[5~" => Code::PageUp,
        "[6~" => Code::PageDown,
        "[Z" => {
            return Some(Key {
                code: Code::Tab,
                ctrl: false,
                shift: true,
            });
        }
        "OP" | "[11~" | "[P" => Code::F(1),
        "OQ" | "[12~" | "[Q" => Code::F(2),
        "OR" | "[13~" => Code::F(3),
        "OS" | "[14~" | "[S" => Code::F(4),
        "[15~" => Code::F(5),
        "[17~" => Code::F(6),
        "[18~" => Code::F(7),
        "[19~" => Code::F(8),
        "[20~" => Code::F(9),
        "[21~" => Code::F(10),
        _ => return None,
    };
    Some(Key::plain(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        let key = |c| {
            if c == '\n' {
                Key::plain(Code::Enter)
            } else {
                Key::plain(Code::Char(c))
            }
        };
        text.chars().map(key).collect()
    }

    #[test]
    fn many_line_ends_or_a_long_line_in_one_read_are_a_paste() {
        assert_eq!(paste(&keys("a\nb\n")).as_deref(), Some("a\nb\n"));
        let long = "一".repeat(41) + "\n";
        assert_eq!(paste(&keys(&long)), Some(long));
        assert_eq!(paste(&keys("张小红\n")), None);
        assert_eq!(paste(&keys(&"a".repeat(60))), None);
        assert_eq!(
            paste(&[
                Key::plain(Code::Enter),
                Key::plain(Code::Up),
                Key::plain(Code::Enter)
            ]),
            None
        );
    }

    #[test]
    fn an_esc_cut_from_its_sequence_is_put_together() {
        let mut held = Held::default();
        assert_eq!(held.take(Key::plain(Code::Esc), 0), []);
        assert_eq!(held.due(), Some(60));
        assert_eq!(held.take(Key::plain(Code::Char('[')), 30), []);
        assert_eq!(
            held.take(Key::plain(Code::Char('A')), 40),
            [Key::plain(Code::Up)]
        );
        assert_eq!(held, Held::default());
    }

    #[test]
    fn a_lone_esc_comes_out_and_loses_no_key_behind_it() {
        let mut held = Held::default();
        held.take(Key::plain(Code::Esc), 0);
        assert_eq!(held.give(), [Key::plain(Code::Esc)]);
        held.take(Key::plain(Code::Esc), 100);
        let a = Key::plain(Code::Char('a'));
        assert_eq!(held.take(a, 110), [Key::plain(Code::Esc), a]);
        held.take(Key::plain(Code::Esc), 200);
        let bracket = Key::plain(Code::Char('['));
        assert_eq!(held.take(bracket, 300), [Key::plain(Code::Esc), bracket]);
        held.take(Key::plain(Code::Esc), 400);
        assert_eq!(
            held.take(Key::plain(Code::Esc), 410),
            [Key::plain(Code::Esc)]
        );
        assert_eq!(held.due(), Some(470));
    }
}
