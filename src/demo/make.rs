//! Makes the demonstration's stores: everyone writes in her own, and what they exchange is real batches.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::DemoError;
use super::acts::{Act, Fields, Group, fields};
use super::calendar::{self, Day, moment};
use super::cast::{AUTHORS, DISTRICT, TOWN};
use super::dice::Dice;
use super::homes;
use super::names;
use super::orgs::{self, Orgs};
use super::plan::{Author, Year};
use super::training;
use super::typing::{self, Desk, Written};
use crate::codec::Unplaced;
use crate::exchange::export::Handing;
use crate::exchange::keys::AuthorKey;
use crate::exchange::ledger::Ledger;
use crate::exchange::trust::Person;
use crate::files::Files;
use crate::forms::Registers;
use crate::record::RecordId;

/// The seed of everything.
const SEED: u64 = 133;
/// How many needs the town and the village work on without having seen each other, at most.
const DISPUTED: usize = 6;
/// The author whose last batch lies in the district's inbox still, and how many of her last saves it brings.
const LATE: usize = 1;
const LATER: usize = 12;

/// What is being made.
pub struct Stage<'a> {
    /// The folder that becomes the demonstration's.
    pub dir: &'a Path,
    /// The registers.
    pub registers: Arc<Registers>,
    /// The disk.
    pub files: Arc<dyn Files>,
    /// Now, in milliseconds since 1970.
    pub now: u64,
    /// How many times the usual amount.
    pub scale: f64,
}

impl Stage<'_> {
    /// Makes all of it. Progress is told in steps done and steps in all.
    ///
    /// # Errors
    /// Those of the disk; a folder half made is left then.
    pub fn make(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), DemoError> {
        let steps = AUTHORS.len() as u64 + 3;
        let today = calendar::day_of(self.now);
        let dice = Dice::new(SEED);
        let places = orgs::places(self.registers.divisions());
        let (tree, ids) = orgs::tree(&places, today - 330, &dice);

        let mut district = self.store("district", &DISTRICT)?;
        let mut groups: Vec<Group> = tree.into_iter().map(|act| vec![act]).collect();
        groups.extend(roster(&ids, today - 329, &dice));
        let clusters = homes::clusters(&ids, DISTRICT.unit, today - 356, &dice);
        groups.extend(clusters.iter().map(|(act, _)| vec![act.clone()]));
        let clusters: Vec<RecordId> = clusters.into_iter().map(|(_, id)| id).collect();
        let keys = training::Keys(&self.registers);
        let classes = training::groups(&places, &ids, &keys, today, self.scale, &dice);
        groups.extend(classes.into_iter().filter(|group| group[0].at <= self.now));
        self.write(&mut district, &groups)?;
        let founding = self.hand_over(&mut district, "district")?;
        progress(1, steps);

        let mut authors = Vec::new();
        let mut late = Vec::new();
        for (i, author) in AUTHORS.iter().enumerate() {
            let mut ledger = self.store(&format!("authors/{}", author.name), author)?;
            accept(&mut ledger, &district)?;
            ledger.settings.hand_to = Some(format!("{}@{}", DISTRICT.name, DISTRICT.unit));
            ledger.save_settings()?;
            merge(&mut ledger, std::slice::from_ref(&founding))?;
            let community = places
                .iter()
                .any(|place| place.code == author.unit && place.community);
            let mut year = Year::new(author, community, &ids, &dice).groups(self.now, self.scale);
            let all = (i, AUTHORS.len());
            let homes = homes::groups(author, all, &places, &clusters, today, self.scale, &dice);
            year.extend(homes.into_iter().filter(|group| group[0].at <= self.now));
            year.sort_by_key(|group| group[0].at);
            if i == LATE {
                late = year.split_off(year.len().saturating_sub(LATER));
            }
            self.write(&mut ledger, &year)?;
            authors.push((ledger, year));
            progress(2 + i as u64, steps);
        }
        self.disagree(&mut authors, today)?;
        progress(steps - 1, steps);

        let mut batches = Vec::new();
        for (author, (ledger, _)) in AUTHORS.iter().zip(&mut authors) {
            batches.push(self.hand_over(ledger, &format!("authors/{}", author.name))?);
            accept(&mut district, ledger)?;
        }
        merge(&mut district, &batches)?;
        let author = &mut authors[LATE].0;
        self.write(author, &late)?;
        let batch = self.hand_over(author, &format!("authors/{}", AUTHORS[LATE].name))?;
        let name = batch.file_name().unwrap_or_default();
        let inbox = self.dir.join("district").join("in").join(name);
        std::fs::copy(&batch, &inbox).map_err(|why| DemoError::file(&inbox, &why))?;
        progress(steps, steps);
        Ok(())
    }

    fn store(&self, name: &str, author: &Author) -> Result<Ledger, DemoError> {
        let dir = self.dir.join(name);
        let seed = Dice::new(SEED).part("keys").part(author.name).bytes();
        let key = AuthorKey::from_seed(&seed, &format!("{}@{}", author.name, author.unit))?;
        Ok(Ledger::init_with(
            &dir,
            key,
            self.registers.clone(),
            self.files.clone(),
        )?)
    }

    /// Saves groups in order, each with the stamp of its day.
    fn write(&self, ledger: &mut Ledger, groups: &[Group]) -> Result<(), DemoError> {
        let written = Written::default();
        let mut waiting: Vec<Vec<Unplaced>> = Vec::new();
        let mut touched: BTreeSet<RecordId> = BTreeSet::new();
        for group in groups {
            // A change stands on what the store holds: what waits for it is saved first.
            if group
                .iter()
                .any(|act| !act.new && touched.contains(&act.id))
            {
                ledger.store.save_many(std::mem::take(&mut waiting))?;
                touched.clear();
            }
            let mut changes = Vec::with_capacity(group.len());
            for act in group {
                touched.insert(act.id);
                changes.push(self.change(ledger, act, &written)?);
            }
            waiting.push(changes);
        }
        ledger.store.save_many(waiting)?;
        Ok(())
    }

    fn change(&self, ledger: &Ledger, act: &Act, written: &Written) -> Result<Unplaced, DemoError> {
        let number = self
            .registers
            .by_name(act.register)
            .map_or(0, |register| register.number);
        let (base, seen) = match act.new {
            true => (None, Vec::new()),
            false => (
                ledger.store.record(number, act.id)?,
                ledger.store.seen(number, act.id)?,
            ),
        };
        let desk = Desk::new(&ledger.store, written);
        typing::change(
            act,
            base.as_ref(),
            seen,
            &self.registers,
            &ledger.me,
            &desk,
            self.now,
        )
        .map_err(DemoError::Refused)
    }

    /// Everything of a store as a batch in its `out` folder.
    fn hand_over(&self, ledger: &mut Ledger, name: &str) -> Result<PathBuf, DemoError> {
        let out = self.dir.join(name).join("out");
        self.files
            .create_dir_all(&out)
            .map_err(|why| DemoError::file(&out, &why))?;
        let handing = Handing {
            all: true,
            target: Some(out),
            ..Handing::default()
        };
        Ok(ledger.export(&handing, &mut |_, _| {})?.path)
    }

    /// A town and a village, and two villages, work on the same records without having seen each other.
    fn disagree(&self, authors: &mut [(Ledger, Vec<Group>)], today: Day) -> Result<(), DemoError> {
        let village = 0;
        let first = self.hand_over(
            &mut authors[village].0,
            &format!("authors/{}", AUTHORS[village].name),
        )?;
        let (before, from_town) = authors.split_at_mut(TOWN);
        let (village, town) = (&mut before[village], &mut from_town[0]);
        accept(&mut town.0, &village.0)?;
        merge(&mut town.0, &[first])?;
        let (of_town, of_village) = disputes(&village.1, today);
        self.write(&mut town.0, &of_town)?;
        self.write(&mut village.0, &of_village)?;
        Ok(())
    }
}

/// The authors in the register of cadres, each at her federation.
fn roster(orgs: &Orgs, day: Day, dice: &Dice) -> Vec<Group> {
    let mut dice = dice.part("roster");
    let people = std::iter::once(&DISTRICT).chain(&AUTHORS);
    people
        .enumerate()
        .map(|(i, author)| {
            let at = moment(day, 10 * 60 + i as u64);
            let fields = fields([
                ("name", json!(author.name)),
                ("mobile", json!(names::phone(&mut dice))),
                ("role", json!(author.role)),
                (
                    "org_code",
                    json!(orgs.get(author.unit).map(RecordId::to_string)),
                ),
                ("unit", json!(author.unit)),
            ]);
            vec![Act {
                at,
                register: "cadre",
                id: RecordId::v7(at, dice.bytes()),
                new: true,
                fields,
            }]
        })
        .collect()
}

/// What a town and a village do to the village's records, not having seen each other: other urgencies and terms of the
/// same needs, two numbers of one family, a family deleted that the other one has just found at a new address.
fn disputes(year: &[Group], today: Day) -> (Vec<Group>, Vec<Group>) {
    let newest = |register: &str, wanted: &dyn Fn(&Act) -> bool, count: usize| -> Vec<RecordId> {
        let acts = year.iter().rev().flatten();
        acts.filter(|act| {
            act.new && act.register == register && act.at < moment(today - 2, 0) && wanted(act)
        })
        .map(|act| act.id)
        .take(count)
        .collect()
    };
    let ended = |id: RecordId| {
        let mut changes = year.iter().flatten().filter(|act| act.id == id);
        changes.any(|act| {
            act.fields
                .get("need_status")
                .is_some_and(|status| status != "10" && status != "20")
        })
    };
    let needs = newest("need", &|act| !ended(act.id), DISPUTED);
    let families = newest("household", &|_| true, 4);
    let (mut town, mut village) = (Vec::new(), Vec::new());
    let at = |minute: u64| moment(today - 1, 20 * 60 + 30 + minute);
    let act = |minute: u64, register: &'static str, id: RecordId, set: Fields| -> Group {
        vec![Act {
            at: at(minute),
            register,
            id,
            new: false,
            fields: set,
        }]
    };
    for (i, need) in needs.into_iter().enumerate() {
        let minute = i as u64 * 3;
        let term = |days: i64| json!(calendar::text(today + days));
        town.push(act(
            minute,
            "need",
            need,
            fields([("urgency", json!("2")), ("due_on", term(7))]),
        ));
        village.push(act(
            minute + 1,
            "need",
            need,
            fields([("urgency", json!("1")), ("due_on", term(2 + i as i64))]),
        ));
    }
    for (i, family) in families.into_iter().enumerate() {
        let minute = 25 + i as u64 * 2;
        let phone = |digit: usize| json!(format!("1380000{:04}", 7_100 + 10 * i + digit));
        town.push(act(
            minute,
            "household",
            family,
            fields([("phone", phone(1))]),
        ));
        village.push(act(
            minute + 1,
            "household",
            family,
            fields([("phone", phone(2))]),
        ));
    }
    (town, village)
}

/// `one` accepts what `other` writes.
fn accept(one: &mut Ledger, other: &Ledger) -> Result<(), DemoError> {
    let person = Person::introduced(
        &other.me.name,
        &other.me.unit,
        other.key.public(),
        &format!("{}@{}", one.me.name, one.me.unit),
    );
    one.trust(vec![person], &mut |_, _| {})?;
    Ok(())
}

fn merge(ledger: &mut Ledger, batches: &[PathBuf]) -> Result<(), DemoError> {
    let merged = ledger.merge(batches, false, &mut |_, _| {})?;
    match merged.refused.first() {
        None => Ok(()),
        Some((path, why)) => Err(DemoError::Refused(format!("{}: {why}", path.display()))),
    }
}
