//! Masks: what everyone sees of a phone number, an id or an address until it is revealed.

/// How a field is masked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mask {
    /// `138****6021`; of a landline the area code and the last two digits.
    Phone,
    /// The first 3 and the last 4 of an id of 18 characters.
    Id,
    /// An address to the group: `3 组 ** 号`.
    Address,
}

impl Mask {
    /// The text as everyone may see it.
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::Phone => {
                let (first, last) = if text.starts_with('0') {
                    (3, 2)
                } else {
                    (3, 4)
                };
                cover(text, first, last)
            }
            Self::Id => cover(text, 3, 4),
            Self::Address => address(text),
        }
    }
}

/// The first and last characters, `*` between; all covered if that would leave nothing hidden.
fn cover(text: &str, first: usize, last: usize) -> String {
    let count = text.chars().count();
    let whole = count <= first + last;
    text.chars()
        .enumerate()
        .map(|(at, c)| {
            if !whole && (at < first || at >= count - last) {
                c
            } else {
                '*'
            }
        })
        .collect()
}

/// Everything up to the group (组, 社, 院, 小区, 网格) stays; behind it, numbers become `**` and one unit word stays.
fn address(text: &str) -> String {
    let cut = ["组", "小区", "网格", "大院", "社区", "村"]
        .iter()
        .find_map(|word| text.find(word).map(|at| at + word.len()));
    let (kept, rest) = text.split_at(cut.unwrap_or(0));
    if rest.trim().is_empty() {
        return kept.trim().to_owned();
    }
    let unit = ["号", "室", "栋", "幢", "楼", "单元"]
        .iter()
        .find(|unit| rest.trim_end().ends_with(**unit));
    let covered = match unit {
        Some(unit) => format!("** {unit}"),
        None => "**".to_owned(),
    };
    if kept.is_empty() {
        covered
    } else {
        format!("{kept} {covered}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everyone_may_see() {
        for (mask, text, shown) in [
            (Mask::Phone, "13800006021", "138****6021"),
            (Mask::Phone, "02358000012", "023******12"),
            (Mask::Id, "500101190308150022", "500***********0022"),
            (Mask::Id, "123", "***"),
            (Mask::Address, "3 组 12 号", "3 组 ** 号"),
            (Mask::Address, "3组", "3组"),
            (Mask::Address, "人民路 12 号 3 单元 502", "**"),
            (
                Mask::Address,
                "金色小区 3 栋 2 单元 502 室",
                "金色小区 ** 室",
            ),
        ] {
            assert_eq!(mask.apply(text), shown);
        }
    }
}
