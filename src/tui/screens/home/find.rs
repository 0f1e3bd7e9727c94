//! What the line on Home finds, over all registers: people and families before what was done with them, and of each
//! register some, so that none hides the others.

use crate::record::RecordId;
use crate::tui::screen::Cx;

/// Records that words find, at most `room`.
pub fn find(cx: &Cx, words: &str, room: usize) -> Vec<(u32, RecordId)> {
    let mut registers: Vec<(bool, u32)> = cx
        .reader
        .registers()
        .all()
        .iter()
        .map(|register| {
            // What is listed the newest first is what was done; all else has a name.
            let newest_first = register.sort.is_some_and(|(_, down)| down);
            (newest_first, register.number)
        })
        .collect();
    registers.sort_by_key(|(newest_first, _)| *newest_first);
    let order: Vec<u32> = registers.iter().map(|(_, number)| *number).collect();
    let mut found = cx.reader.search(&order, words, room);
    let of = |number: &u32| found.iter().filter(|(of, _)| of == number).count();
    let rows = share(&order.iter().map(of).collect::<Vec<_>>(), room);
    let mut left: Vec<(u32, usize)> = order.into_iter().zip(rows).collect();
    found.retain(|(register, _)| {
        let left = left.iter_mut().find(|(of, _)| of == register);
        left.is_some_and(|(_, left)| {
            let stays = *left > 0;
            *left = left.saturating_sub(1);
            stays
        })
    });
    found
}

/// How many rows each gets of `room`, where each has so many: the same for all as far as they have them.
fn share(have: &[usize], room: usize) -> Vec<usize> {
    let mut rows = vec![0; have.len()];
    let mut left = room;
    while left > 0 {
        let before = left;
        for (row, have) in rows.iter_mut().zip(have) {
            if *row < *have && left > 0 {
                *row += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_are_shared_and_what_one_leaves_others_take() {
        assert_eq!(share(&[9, 1, 9], 7), [3, 1, 3]);
        assert_eq!(share(&[9, 0], 4), [4, 0]);
        assert_eq!(share(&[1, 2], 9), [1, 2]);
        assert_eq!(share(&[3, 3], 3), [2, 1]);
    }
}
