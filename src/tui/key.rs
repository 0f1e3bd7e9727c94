//! A key as the program knows it: what the terminals' many ways of sending one are folded into.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// Which key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Code {
    /// A character, with Shift already folded into it. With Ctrl always an upper-case letter or a sign.
    Char(char),
    /// F1 to F10.
    F(u8),
    /// Enter.
    Enter,
    /// Tab.
    Tab,
    /// Esc.
    Esc,
    /// Backspace.
    Backspace,
    /// Del.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// A key with what is held down beside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// Ctrl is held.
    pub ctrl: bool,
    /// Shift is held; only with keys that are no character.
    pub shift: bool,
}

const NAMES: [(&str, Code); 13] = [
    ("Enter", Code::Enter),
    ("Tab", Code::Tab),
    ("Esc", Code::Esc),
    ("Backspace", Code::Backspace),
    ("Del", Code::Delete),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PgDn", Code::PageDown),
];

impl Key {
    /// A key alone.
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            shift: false,
        }
    }

    /// Ctrl with a letter or sign, given in upper case.
    pub const fn ctrl(c: char) -> Self {
        Self {
            code: Code::Char(c),
            ctrl: true,
            shift: false,
        }
    }

    /// The character that it types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl => Some(c),
            _ => None,
        }
    }

    /// The key that a terminal's event means; `None` for releases, keys of no use here (Alt, F11, F12, Insert, lone
    /// modifiers) and characters that are controls.
    pub fn of(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release || event.modifiers.contains(KeyModifiers::ALT) {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let shift = event.modifiers.contains(KeyModifiers::SHIFT);
        let code = match event.code {
            // What some terminals send for Backspace, Enter, Tab and Ctrl-_.
            KeyCode::Char('h' | 'H') if ctrl => return Some(Self::plain(Code::Backspace)),
            KeyCode::Char('j' | 'J' | 'm' | 'M') if ctrl => return Some(Self::plain(Code::Enter)),
            KeyCode::Char('i' | 'I') if ctrl => return Some(Self::plain(Code::Tab)),
            KeyCode::Char('7' | '/' | '-') if ctrl => return Some(Self::ctrl('_')),
            KeyCode::Char('\u{3000}') => Code::Char(' '),
            KeyCode::Char(c) if c.is_control() => return None,
            KeyCode::Char(c) if ctrl => return Some(Self::ctrl(c.to_ascii_uppercase())),
            KeyCode::Char(c) => return Some(Self::plain(Code::Char(c))),
            KeyCode::F(n @ 1..=10) => Code::F(n),
            KeyCode::BackTab => {
                return Some(Self {
                    code: Code::Tab,
                    ctrl: false,
                    shift: true,
                });
            }
            KeyCode::Enter => Code::Enter,
            KeyCode::Tab => Code::Tab,
            KeyCode::Esc => Code::Esc,
            KeyCode::Backspace => Code::Backspace,
            KeyCode::Delete => Code::Delete,
            KeyCode::Up => Code::Up,
            KeyCode::Down => Code::Down,
            KeyCode::Left => Code::Left,
            KeyCode::Right => Code::Right,
            KeyCode::Home => Code::Home,
            KeyCode::End => Code::End,
            KeyCode::PageUp => Code::PageUp,
            KeyCode::PageDown => Code::PageDown,
            _ => return None,
        };
        // Shift-Enter and the like are the plain key to whoever presses them; only Tab has a meaning of its own.
        let shift = shift && code == Code::Tab;
        Some(Self {
            code,
            ctrl: ctrl && matches!(code, Code::Char(_)),
            shift,
        })
    }
}

/// A full-width digit, letter, sign or blank as its plain twin; anything else as it is.
pub fn fold_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '。' => '.',
        _ => c,
    }
}

/// The digit that a character means where digits act.
pub fn digit(c: char) -> Option<u8> {
    fold_width(c).to_digit(10).map(|digit| digit as u8)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "F{n}"),
            code => f.write_str(
                NAMES
                    .iter()
                    .find(|(_, named)| *named == code)
                    .map_or("", |(name, _)| name),
            ),
        }
    }
}

impl FromStr for Key {
    type Err = String;

    /// Reads a key as [`Display`](fmt::Display) writes it; the error is the text itself.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || text.to_string();
        let (shift, rest) = match text.strip_prefix("Shift-") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if let Some(letter) = rest.strip_prefix("Ctrl-") {
            let mut chars = letter.chars();
            return match (chars.next(), chars.next()) {
                (Some(c), None) if c.is_ascii_uppercase() || c == '_' => Ok(Self::ctrl(c)),
                _ => Err(wrong()),
            };
        }
        let code = if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == rest) {
            *code
        } else if rest == "Space" {
            Code::Char(' ')
        } else if let Some(n) = rest.strip_prefix('F').and_then(|n| n.parse().ok()) {
            match n {
                1..=10 => Code::F(n),
                _ => return Err(wrong()),
            }
        } else {
            let mut chars = rest.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Code::Char(c),
                _ => return Err(wrong()),
            }
        };
        if shift && code != Code::Tab {
            return Err(wrong());
        }
        Ok(Self {
            code,
            ctrl: false,
            shift,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for name in [
            "Enter",
            "Shift-Tab",
            "Ctrl-S",
            "Ctrl-_",
            "F10",
            "Space",
            "Del",
            "PgDn",
            "3",
        ] {
            assert_eq!(name.parse::<Key>().expect(name).to_string(), name);
        }
        for wrong in ["F11", "Ctrl-", "Ctrl-ab", "Shift-F3", "Foo", ""] {
            assert_eq!(wrong.parse::<Key>(), Err(wrong.to_string()));
        }
    }

    #[test]
    fn a_terminals_ways_are_folded() {
        let of = |code, modifiers| Key::of(KeyEvent::new(code, modifiers));
        let none = KeyModifiers::NONE;
        assert_eq!(
            of(KeyCode::Char('h'), KeyModifiers::CONTROL),
            Some(Key::plain(Code::Backspace))
        );
        assert_eq!(
            of(KeyCode::Char('j'), KeyModifiers::CONTROL),
            Some(Key::plain(Code::Enter))
        );
        assert_eq!(
            of(KeyCode::Char('s'), KeyModifiers::CONTROL),
            Some(Key::ctrl('S'))
        );
        assert_eq!(
            of(KeyCode::Char('7'), KeyModifiers::CONTROL),
            Some(Key::ctrl('_'))
        );
        assert_eq!(
            of(KeyCode::Char('A'), KeyModifiers::SHIFT),
            Some(Key::plain(Code::Char('A')))
        );
        assert_eq!(
            of(KeyCode::Char('\u{3000}'), none),
            Some(Key::plain(Code::Char(' ')))
        );
        assert_eq!(
            of(KeyCode::BackTab, KeyModifiers::SHIFT).map(|key| key.to_string()),
            Some("Shift-Tab".into())
        );
        assert_eq!(of(KeyCode::F(11), none), None);
        assert_eq!(of(KeyCode::Char('x'), KeyModifiers::ALT), None);
        let mut release = KeyEvent::new(KeyCode::Enter, none);
        release.kind = KeyEventKind::Release;
        assert_eq!(Key::of(release), None);
    }

    #[test]
    fn full_width_digits_are_digits() {
        assert_eq!(digit('３'), Some(3));
        assert_eq!(digit('3'), Some(3));
        assert_eq!(digit('三'), None);
        assert_eq!(fold_width('＊'), '*');
    }
}
