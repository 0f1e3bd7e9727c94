//! All wording of the interface, Chinese and English, and what is done to any text before a terminal shows it.
//!
//! This room knows no terminal, no store and no file. Words are enums, so that a word that is missing in a language does
//! not compile. Words of registers (labels, choices) are not here: they are data. A room's errors are worded in the file
//! of that room's name.

pub mod clean;
pub mod cli;
pub mod exchange;
pub mod form;
pub mod help;
pub mod intake;
pub mod journal;
pub mod report;
pub mod roll;
pub mod store;
pub mod word;

pub use clean::clean;
pub use word::Word;

/// Declares an enum of words: `Name: "Chinese", "English";`. Each `{}` is a place for [`fill`].
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $vis:vis enum $enum:ident { $($name:ident: $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        $vis enum $enum {
            $(#[doc = $en] $name,)*
        }

        impl $enum {
            /// Every word, for tests that walk them.
            #[allow(dead_code)]
            pub const ALL: &'static [$enum] = &[$($enum::$name,)*];

            /// The words in one language.
            pub const fn get(self, lang: $crate::forms::Lang) -> &'static str {
                match lang {
                    $crate::forms::Lang::Zh => match self { $($enum::$name => $zh,)* },
                    $crate::forms::Lang::En => match self { $($enum::$name => $en,)* },
                }
            }

            /// The words in one language, with each `{}` replaced by the next of `parts`.
            pub fn with(self, lang: $crate::forms::Lang, parts: &[&str]) -> String {
                $crate::text::fill(self.get(lang), parts)
            }
        }
    };
}

/// Replaces each `{}` of `pattern` by the next of `parts`; one without a part becomes nothing.
pub fn fill(pattern: &str, parts: &[&str]) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut parts = parts.iter();
    let mut pieces = pattern.split("{}");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        out.push_str(parts.next().copied().unwrap_or_default());
        out.push_str(piece);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Lang;

    #[test]
    fn every_word_has_as_many_places_in_both_languages() {
        for word in Word::ALL {
            let (zh, en) = (word.get(Lang::Zh), word.get(Lang::En));
            assert!(!zh.is_empty() && !en.is_empty(), "{word:?}");
            let places = |text: &str| text.matches("{}").count();
            assert_eq!(places(zh), places(en), "{word:?}");
        }
    }

    #[test]
    fn no_word_uses_a_character_of_unsure_width() {
        for word in Word::ALL {
            for lang in [Lang::Zh, Lang::En] {
                let found = word.get(lang).find(|c| "·…—●■→←↑↓✓×“”‘’".contains(c));
                assert_eq!(found, None, "{word:?}");
            }
        }
    }

    #[test]
    fn places_are_filled_in_order() {
        assert_eq!(fill("{} / {}", &["3", "46"]), "3 / 46");
        assert_eq!(fill("{}!", &[]), "!");
    }
}
