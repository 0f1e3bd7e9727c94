//! The merge pass: sorted operations into pages.

use sled::{Batch, Tree};

use super::ops::Ops;
use super::page::{self, Flat};
use super::pages::{Ahead, Tallies, ViewError, checked};

/// How many entries at most go through memory at once on their way into pages.
const STEP: usize = 50_000;

/// Where merged pages go.
pub enum Target<'a> {
    /// Into one batch, which is applied later.
    Batch(&'a mut Batch, &'a mut usize),
    /// Straight into the tree.
    Tree,
}

impl Target<'_> {
    fn put(&mut self, tree: &Tree, key: &[u8], page: Option<Vec<u8>>) -> Result<(), ViewError> {
        match (self, page) {
            (Self::Batch(batch, keys), page) => {
                **keys += 1;
                match page {
                    Some(page) => batch.insert(key, page),
                    None => batch.remove(key),
                }
            }
            (Self::Tree, Some(page)) => drop(tree.insert(key, page)?),
            (Self::Tree, None) => drop(tree.remove(key)?),
        }
        Ok(())
    }
}

/// Applies sorted operations: each page hit is read, merged, cut evenly if it has become too large, and written once.
/// Adding what is there and removing what is not there change nothing.
pub fn merge(
    tree: &Tree,
    ops: &Ops,
    tallies: &mut Tallies,
    target: &mut Target<'_>,
) -> Result<(), ViewError> {
    let mut ahead = Ahead::new(tree);
    let mut i = 0;
    let (mut flat, mut op) = (Flat::default(), Vec::new());
    let (mut bytes, mut edits) = (Vec::new(), Vec::new());
    while i < ops.len() {
        ops.get(i, &mut op);
        let kind = op[0];
        ahead.find(&op)?;
        let end = ahead.end(kind);
        bytes.clear();
        edits.clear();
        while i < ops.len() && edits.len() < STEP && ops.kind(i) == kind {
            if end.is_some_and(|end| ops.compare(i, end).is_ge()) {
                break;
            }
            let add = ops.get(i, &mut op);
            i += 1;
            // Of one entry the last operation counts.
            if i < ops.len() && ops.compare(i, &op).is_eq() {
                continue;
            }
            bytes.extend_from_slice(&op);
            edits.push((bytes.len(), add));
        }
        let mut start = 0;
        let edits = edits.iter().map(|(end, add)| {
            let edit = &bytes[start..*end];
            start = *end;
            (edit, *add)
        });
        let edits: Vec<(&[u8], bool)> = edits.collect();
        let (key, page): (&[u8], &[u8]) = match ahead.page() {
            Some((key, page)) => (key, checked(page)?),
            None => (std::slice::from_ref(&kind), &[]),
        };
        let tally = tallies.entry(kind).or_default();
        if !page.is_empty()
            && let Some(spliced) = page::splice(page, edits.iter().copied())
        {
            let Some(new) = spliced.page else {
                continue;
            };
            tally.entries = tally.entries.wrapping_add_signed(spliced.difference);
            tally.bytes = tally.bytes.saturating_sub(page.len() as u64);
            if page::count(&new) == 0 {
                target.put(tree, key, None)?;
            } else {
                tally.bytes += new.len() as u64;
                target.put(tree, key, Some(new))?;
            }
            continue;
        }
        tally.bytes = tally.bytes.saturating_sub(page.len() as u64);
        flat.clear();
        let difference = flat.merge(page, &edits);
        tally.entries = tally.entries.wrapping_add_signed(difference);
        if flat.len() == 0 {
            target.put(tree, key, None)?;
        }
        let mut failed = Ok(());
        flat.cut(|own, page| {
            tally.bytes += page.len() as u64;
            if failed.is_ok() {
                failed = target.put(tree, own.unwrap_or(key), Some(page));
            }
        });
        failed?;
        // A step that ended within a page wrote pages that the next one must find.
        if edits.len() == STEP {
            ahead.forget();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::pages::{Cursor, after, count, measure, nth, scan};
    use super::*;

    fn tree() -> Tree {
        let db = sled::Config::new().temporary(true).open().unwrap();
        db.open_tree("t").unwrap()
    }

    fn all(tree: &Tree) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for kind in [b'L', b'T'] {
            scan(tree, &[kind], |entry| {
                all.push(entry.to_vec());
                true
            })
            .unwrap();
        }
        all
    }

    fn entry() -> impl Strategy<Value = Vec<u8>> {
        let short = (prop_oneof![Just(b'L'), Just(b'T')], 0u32..600)
            .prop_map(|(kind, n)| [&[kind][..], &n.to_be_bytes()].concat());
        let long = (0u32..40, 1usize..200)
            .prop_map(|(n, len)| [&b"T"[..], &n.to_be_bytes(), &vec![n as u8; len]].concat());
        prop_oneof![4 => short, 1 => long]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn pages_are_a_sorted_set(
            runs in prop::collection::vec(prop::collection::vec((entry(), any::<bool>()), 0..400), 1..6),
            batch in any::<bool>(),
            from in entry(),
            places in prop::collection::vec((0usize..4, entry()), 0..30),
            below in entry(),
        ) {
            let tree = tree();
            let mut model: BTreeSet<Vec<u8>> = BTreeSet::new();
            let mut tallies = Tallies::new();
            for run in runs {
                let mut ops = Ops::default();
                // Removals of a run come first in the sort, so the model applies them first too.
                for (entry, add) in &run {
                    if *add { ops.add(entry) } else { ops.remove(entry); model.remove(entry); }
                }
                model.extend(run.iter().filter(|(_, add)| *add).map(|(entry, _)| entry.clone()));
                ops.sort();
                if batch {
                    let (mut batch, mut keys) = (Batch::default(), 0);
                    merge(&tree, &ops, &mut tallies, &mut Target::Batch(&mut batch, &mut keys)).unwrap();
                    tree.apply_batch(batch).unwrap();
                } else {
                    merge(&tree, &ops, &mut tallies, &mut Target::Tree).unwrap();
                }
                prop_assert_eq!(all(&tree), model.iter().cloned().collect::<Vec<_>>());
                let measured = measure(&tree).unwrap();
                tallies.retain(|_, tally| tally.entries > 0);
                prop_assert_eq!(&measured, &tallies);
            }
            let mut cursor = Cursor::new(&tree);
            for (steps, start) in places.iter().chain([(1, from.clone()), (0, below.clone())].iter()) {
                let mut expected = model.range(start.clone()..).filter(|entry| entry[0] == start[0]);
                prop_assert_eq!(cursor.seek(start).unwrap(), expected.next().map(Vec::as_slice));
                for _ in 0..*steps {
                    let next = expected.next().map(Vec::as_slice);
                    prop_assert_eq!(cursor.next().unwrap(), next);
                    if next.is_none() {
                        break;
                    }
                }
            }
            if from[0] == below[0] && from < below {
                let between: Vec<&Vec<u8>> = model.range(from.clone()..below.clone()).collect();
                prop_assert_eq!(count(&tree, &from, &below).unwrap(), between.len() as u64);
            }
            let behind: Vec<&Vec<u8>> = model.range(from.clone()..).filter(|entry| entry[0] == from[0]).collect();
            for n in [0, 1, 7, 300, 1_000] {
                let expected = behind.get(n).map(|entry| entry.to_vec());
                prop_assert_eq!(nth(&tree, &from, n as u64).unwrap(), expected);
            }
        }
    }

    #[test]
    fn a_first_load_is_cut_in_steps_and_the_same_twice_changes_nothing() {
        let tree = tree();
        let mut ops = Ops::default();
        (0..120_000u32).for_each(|n| ops.add(&[&b"T"[..], &n.to_be_bytes()].concat()));
        ops.sort();
        let mut tallies = Tallies::new();
        merge(&tree, &ops, &mut tallies, &mut Target::Tree).unwrap();
        let once = tallies.clone();
        merge(&tree, &ops, &mut tallies, &mut Target::Tree).unwrap();
        assert_eq!(once[&b'T'].entries, 120_000);
        assert_eq!(once[&b'T'].entries, tallies[&b'T'].entries);
        assert_eq!(measure(&tree).unwrap(), tallies);
        assert!(tree.iter().all(|page| page.unwrap().1.len() <= page::MAX));
    }

    #[test]
    fn a_damaged_page_is_an_error() {
        let tree = tree();
        let mut ops = Ops::default();
        ops.add(b"Tabc");
        merge(&tree, &ops, &mut Tallies::new(), &mut Target::Tree).unwrap();
        let mut page = tree.get(b"T").unwrap().unwrap().to_vec();
        page[8] ^= 1;
        tree.insert(b"T", page).unwrap();
        assert!(scan(&tree, b"T", |_| true).is_err());
        assert!(measure(&tree).is_err());
    }

    #[test]
    fn the_string_behind_a_prefix() {
        assert_eq!(after(b"La"), b"Lb");
        assert_eq!(after(&[b'L', 255]), b"M");
    }
}
