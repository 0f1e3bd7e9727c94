//! What typed digits mean where digits stand before choices (rule 2 of the keys).

use crate::tui::key::fold_width;

/// What the digits typed so far mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Typed {
    /// The choice at this place of the list.
    Choice(usize),
    /// The beginning of one or more.
    Half,
    /// No choice begins so.
    Nothing,
}

/// Reads digits against those drawn, in the order of the list.
pub fn read(drawn: &[String], typed: &str) -> Typed {
    if typed.is_empty() {
        return Typed::Half;
    }
    if let Some(place) = drawn.iter().position(|digits| digits == typed) {
        return Typed::Choice(place);
    }
    if drawn.iter().any(|digits| digits.starts_with(typed)) {
        return Typed::Half;
    }
    Typed::Nothing
}

/// Digits, signs and blanks of full width as the plain ones they stand for.
pub fn folded(text: &str) -> String {
    text.chars().map(fold_width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_go_on_by_themselves_and_one_waits() {
        let drawn: Vec<String> = ["05", "08", "11"].map(str::to_owned).into();
        assert_eq!(read(&drawn, "0"), Typed::Half);
        assert_eq!(read(&drawn, "08"), Typed::Choice(1));
        assert_eq!(read(&drawn, "07"), Typed::Nothing);
        assert_eq!(read(&["1".into(), "0".into()], "0"), Typed::Choice(1));
    }

    #[test]
    fn full_width_folds() {
        assert_eq!(folded("１＋　张"), "1+ 张");
    }
}
