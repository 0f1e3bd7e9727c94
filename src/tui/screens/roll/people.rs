//! People come onto the roll: found by what is typed, or pasted as a list of names, of which each is decided once. A roll
//! that is frozen only replaces, with the reason.

use crate::forms::Content;
use crate::intake::people::Found;
use crate::intake::{self, State, Why};
use crate::record::{RecordId, Value};
use crate::text::Word;
use crate::text::roll::RollWord;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Saving};
use crate::tui::key::fold_width;
use crate::tui::screen::{Cx, Input};
use crate::tui::show;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;

use super::known::Known;
use super::load::{self, Who};
use super::names::Named;
use super::{Roll, draw, say};

/// How many candidates are looked for.
const CANDIDATES: usize = 9;

/// Somebody of the register of people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Candidate {
    pub(super) id: RecordId,
    /// The line that tells her from others.
    pub(super) line: String,
}

/// People being added.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Adding {
    pub(super) typed: Line,
    pub(super) found: Vec<Candidate>,
    pub(super) at: usize,
    /// Whose place is taken, on a roll that is frozen.
    pub(super) instead: Option<usize>,
    /// Who takes it, while the reason is typed.
    pub(super) chosen: Option<Whom>,
    /// Names of a list that are still to be decided, the first one now.
    pub(super) waiting: Vec<Listed>,
    /// Names of the list that are decided.
    pub(super) decided: Vec<Whom>,
    /// How many names of the list are left out: named twice, taken back, not wanted.
    pub(super) passed: usize,
}

/// Whom a new line will be about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Whom {
    /// Somebody of the register of people.
    Known(RecordId),
    /// A name alone.
    Name(String),
}

/// A name of a pasted list, and who may be meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) found: Vec<Candidate>,
}

impl Adding {
    /// Whether the names of a list are being decided.
    pub(super) fn deciding(&self) -> Option<&Listed> {
        self.waiting.first()
    }
}

impl Roll {
    /// What is typed into the grid's line: on a frozen roll it goes to whom it means, else candidates are looked for.
    pub(super) fn find(&mut self, cx: &Cx) {
        if self.frozen {
            self.find_here(cx);
            return;
        }
        let adding = Adding {
            typed: std::mem::take(&mut self.line),
            ..Adding::default()
        };
        self.adding = Some(adding);
        self.look(cx);
        self.go(self.row, self.column, cx);
    }

    fn find_here(&mut self, cx: &Cx) {
        let Some((grid, (_, roll))) = self.grid.as_ref().zip(load::part(cx, self.of.0)) else {
            return;
        };
        let near = |&(_, person): &(usize, &usize)| {
            let contents = &grid.people()[*person].contents;
            let name = contents.get(&roll.name).and_then(Content::value);
            let name = name.and_then(Value::as_text).unwrap_or_default();
            Named::new(*person, draw::number(roll, contents), name).fits(self.line.text())
        };
        let found = self.order.iter().enumerate();
        let found = found.filter_map(|one| Some((near(&one)?, one.0))).min();
        if let Some((_, row)) = found {
            self.go(row, self.column, cx);
        }
    }

    pub(super) fn begin_adding(&mut self, cx: &Cx) -> Vec<Effect> {
        let instead = match (self.frozen, self.person()) {
            (true, None) => return Vec::new(),
            (true, person) => person,
            (false, _) => None,
        };
        let effects = self.save(cx);
        self.adding = Some(Adding {
            instead,
            ..Adding::default()
        });
        self.go(self.row, self.column, cx);
        effects
    }

    fn candidates(&self, words: &str, cx: &Cx) -> Vec<Candidate> {
        let people = load::part(cx, self.of.0).and_then(|(_, roll)| load::people(cx, roll));
        let Some(people) = people.filter(|_| !words.trim().is_empty()) else {
            return Vec::new();
        };
        let found = cx.reader.search(&[people], words.trim(), CANDIDATES);
        let line = |id: RecordId| {
            let register = cx.reader.registers().by_number(people)?;
            let contents = cx.reader.lookup().contents(people, id)?;
            Some(register.line(&contents, &show::context(cx)))
        };
        found
            .into_iter()
            .filter_map(|(_, id)| {
                Some(Candidate {
                    id,
                    line: line(id)?,
                })
            })
            .collect()
    }

    fn look(&mut self, cx: &Cx) {
        let words = match &self.adding {
            Some(adding) if adding.chosen.is_none() => adding.typed.text().to_owned(),
            _ => return,
        };
        let found = self.candidates(&words, cx);
        if let Some(adding) = &mut self.adding {
            (adding.found, adding.at) = (found, 0);
        }
    }

    pub(super) fn update_adding(&mut self, input: Input, cx: &Cx) -> Vec<Effect> {
        let Some(adding) = &mut self.adding else {
            return Vec::new();
        };
        match input {
            Input::Text(text) => {
                let digits: String = text.chars().map(fold_width).collect();
                if let (Some(listed), Ok(digit)) = (adding.deciding(), digits.parse::<usize>()) {
                    let whom = match digit {
                        0 => None,
                        digit => match listed.found.get(digit - 1) {
                            Some(found) => Some(Whom::Known(found.id)),
                            None => return Vec::new(),
                        },
                    };
                    return self.decide(whom, cx);
                }
                if adding.deciding().is_none() {
                    adding.typed.insert(&text);
                    self.look(cx);
                }
            }
            Input::Paste(text) if adding.instead.is_none() => return self.pasted(&text, cx),
            Input::Paste(text) => {
                adding.typed.insert(text.lines().next().unwrap_or_default());
                self.look(cx);
            }
            Input::Action(action) => return self.act_adding(action, cx),
            _ => {}
        }
        Vec::new()
    }

    fn act_adding(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        let Some(adding) = &mut self.adding else {
            return Vec::new();
        };
        let most = adding.found.len().saturating_sub(1);
        match action {
            Action::Down => adding.at = (adding.at + 1).min(most),
            Action::Up => adding.at = adding.at.saturating_sub(1),
            // Enter: the marked one, the name alone of an unknown one, the next step.
            Action::Names | Action::Finish => {
                if let Some(listed) = adding.deciding() {
                    let whom = match listed.found.first() {
                        Some(_) => return vec![say(RollWord::PickOne.get(cx.lang))],
                        None => Whom::Name(listed.name.clone()),
                    };
                    return self.decide(Some(whom), cx);
                }
                return self.take_candidate(action, cx);
            }
            // A name that no register knows.
            Action::AddPerson if adding.deciding().is_none() => {
                let name = adding.typed.text().trim().to_owned();
                if !name.is_empty() && adding.chosen.is_none() {
                    return self.chosen(Whom::Name(name), cx);
                }
            }
            Action::Back => {
                // On a frozen roll the first Esc empties the line; a list that is being decided is left whole.
                let typed = !adding.typed.is_empty() && adding.chosen.is_none();
                if typed && adding.instead.is_some() {
                    adding.typed.clear();
                    adding.found.clear();
                } else {
                    self.adding = None;
                }
            }
            Action::Help => return vec![super::super::help(crate::tui::action::Context::Roll, cx)],
            action => {
                if adding.typed.act(action) {
                    if adding.typed.is_empty() && adding.instead.is_none() {
                        self.adding = None;
                    } else {
                        self.look(cx);
                    }
                }
            }
        }
        Vec::new()
    }

    fn take_candidate(&mut self, action: Action, cx: &Cx) -> Vec<Effect> {
        let Some(adding) = &self.adding else {
            return Vec::new();
        };
        if adding.chosen.is_some() {
            return self.replace(cx);
        }
        if let Some(found) = adding.found.get(adding.at) {
            return self.chosen(Whom::Known(found.id), cx);
        }
        if adding.typed.is_empty() && action == Action::Names {
            self.adding = None;
            return Vec::new();
        }
        vec![say(RollWord::NobodyFitsAdd.get(cx.lang))]
    }

    /// Somebody was picked: added, or in the place of another one once the reason is told.
    fn chosen(&mut self, whom: Whom, cx: &Cx) -> Vec<Effect> {
        let instead = self.adding.as_ref().and_then(|adding| adding.instead);
        if instead.is_some() {
            if let Some(adding) = &mut self.adding {
                adding.chosen = Some(whom);
                adding.typed.clear();
                adding.found.clear();
            }
            return Vec::new();
        }
        self.adding = None;
        self.add(vec![whom], 0, cx)
    }

    /// Adds lines, all in one group; so many of the list were left out before.
    fn add(&mut self, all: Vec<Whom>, passed: usize, cx: &Cx) -> Vec<Effect> {
        // Whoever comes may move places: what is marked is saved before, and taking back ends here.
        let mut effects = self.save(cx);
        self.undo.clear();
        let mut savings: Vec<Saving> = Vec::new();
        let mut last = String::new();
        let wanted = all.len();
        for whom in all {
            let Some((saving, name, new)) = self.new_line(&whom, cx) else {
                continue;
            };
            last = name;
            if new {
                savings.push(saving);
            }
        }
        self.sort(cx);
        self.go(usize::MAX, self.column, cx);
        let added = savings.len();
        let words = match (added, passed + wanted - added) {
            (0, _) if wanted == 1 => RollWord::Already.with(cx.lang, &[&last]),
            (1, 0) => RollWord::Added.with(cx.lang, &[&last]),
            (_, 0) => RollWord::AddedMany.with(cx.lang, &[&added.to_string()]),
            (_, out) => RollWord::AddedSome.with(cx.lang, &[&added.to_string(), &out.to_string()]),
        };
        if !savings.is_empty() {
            effects.push(Effect::Save(savings));
        }
        effects.push(say(words));
        effects
    }

    /// A line for somebody, put into the grid; its saving, her name, and whether it is new.
    fn new_line(&mut self, whom: &Whom, cx: &Cx) -> Option<(Saving, String, bool)> {
        let (_, roll) = load::part(cx, self.of.0)?;
        let fresh = self.fresh(cx);
        let grid = self.grid.as_mut()?;
        let people = grid.people().iter();
        let most = people
            .map(|person| draw::number(roll, &person.contents))
            .max();
        let who = match whom {
            Whom::Known(id) => Who::Known(*id),
            Whom::Name(name) => Who::Name(name),
        };
        let number = most.unwrap_or(0) + 1;
        let (saving, person) = match load::line(cx, roll, self.of.1, who, number, fresh) {
            Some(line) => line,
            None => {
                let known = match whom {
                    Whom::Known(id) => load::people(cx, roll)
                        .map(|people| show::title(cx, people, *id))
                        .unwrap_or_default(),
                    Whom::Name(name) => name.clone(),
                };
                let nothing = Saving {
                    register: 0,
                    record: fresh,
                    seen: Vec::new(),
                    sets: Vec::new(),
                };
                return Some((nothing, known, false));
            }
        };
        let name = person.contents.get(&roll.name).and_then(Content::value);
        let name = name.and_then(Value::as_text).unwrap_or_default().to_owned();
        grid.add_person(person);
        Some((saving, name, true))
    }

    /// The one in the place of another, with the reason: both lines are kept, in one group.
    fn replace(&mut self, cx: &Cx) -> Vec<Effect> {
        let Some((_, roll)) = load::part(cx, self.of.0) else {
            return Vec::new();
        };
        let Some(adding) = &self.adding else {
            return Vec::new();
        };
        let reason = adding.typed.text().trim().to_owned();
        if reason.is_empty() {
            return vec![say(RollWord::ReasonMissing.get(cx.lang))];
        }
        let (Some(old), Some(whom)) = (adding.instead, adding.chosen.clone()) else {
            return Vec::new();
        };
        let Some(old) = self.grid.as_ref().map(|grid| grid.people()[old].id) else {
            return Vec::new();
        };
        self.adding = None;
        self.undo.clear();
        let Some((saving, name, true)) = self.new_line(&whom, cx) else {
            return vec![say(RollWord::Already.with(cx.lang, &[""]))];
        };
        let by = Content::One(Value::reference(saving.record));
        let values = [
            (roll.state, Content::one(Value::text(&roll.replaced))),
            (roll.replaced_by, by),
            (roll.reason, Content::one(Value::text(&reason))),
        ];
        let mut savings = vec![saving];
        savings.extend(load::field(cx, roll, old, &values));
        // Her place may have moved.
        if let Some(grid) = &mut self.grid
            && let Some(place) = grid.people().iter().position(|person| person.id == old)
        {
            let mut contents = grid.people()[place].contents.clone();
            contents.extend(values);
            grid.set_person(place, contents);
        }
        self.sort(cx);
        vec![
            Effect::Save(savings),
            Effect::Say(RollWord::Added.with(cx.lang, &[&name]), Role::Quiet),
        ]
    }

    /// A list of names or a 接龙 was pasted: who is known and meant beyond doubt is decided, the others are asked for, and
    /// what no name was read from is said.
    fn pasted(&mut self, text: &str, cx: &Cx) -> Vec<Effect> {
        let places = intake::Places::of(cx.reader.registers().divisions());
        let reading = intake::read(text, &places);
        let unread = |why| matches!(why, Why::NoName | Why::Empty | Why::TakesBack);
        let unread = (reading.passed.iter()).filter(|passed| unread(passed.why));
        let unread: Vec<&str> = unread.map(|passed| passed.text.as_str()).collect();
        let mut adding = Adding::default();
        for line in &reading.lines {
            if matches!(line.state, State::Again(_) | State::Back(_)) {
                adding.passed += 1;
                continue;
            }
            let sure = matches!(line.state, State::Taken);
            match intake::people::find(line, &Known { roll: self, cx }) {
                Found::Matched(one) if sure => adding.decided.push(Whom::Known(one.id)),
                Found::Matched(one) => adding.waiting.push(self.listed(line, &[one], cx)),
                Found::Ambiguous(all) => adding.waiting.push(self.listed(line, &all, cx)),
                Found::Unknown => adding.waiting.push(self.listed(line, &[], cx)),
            }
        }
        self.adding = Some(adding);
        self.go(self.row, self.column, cx);
        let mut effects = self.decided(cx);
        if !unread.is_empty() {
            let words = RollWord::Unread.with(cx.lang, &[&unread.join(" ")]);
            effects.push(Effect::Say(words, Role::Strong));
        }
        effects
    }

    fn listed(&self, line: &intake::Line, all: &[intake::people::Candidate], cx: &Cx) -> Listed {
        let people = load::part(cx, self.of.0).and_then(|(_, roll)| load::people(cx, roll));
        let found = all.iter().filter_map(|one| {
            let register = cx.reader.registers().by_number(people?)?;
            let contents = cx.reader.lookup().contents(people?, one.id)?;
            Some(Candidate {
                id: one.id,
                line: register.line(&contents, &show::context(cx)),
            })
        });
        Listed {
            name: line.name.clone(),
            found: found.collect(),
        }
    }

    fn decide(&mut self, whom: Option<Whom>, cx: &Cx) -> Vec<Effect> {
        if let Some(adding) = &mut self.adding {
            adding.waiting.remove(0);
            match whom {
                Some(whom) => adding.decided.push(whom),
                None => adding.passed += 1,
            }
        }
        self.decided(cx)
    }

    /// When nothing is left to decide, all of the list is added at once.
    fn decided(&mut self, cx: &Cx) -> Vec<Effect> {
        match &mut self.adding {
            Some(adding) if adding.waiting.is_empty() => {
                let (all, passed) = (std::mem::take(&mut adding.decided), adding.passed);
                self.adding = None;
                self.add(all, passed, cx)
            }
            _ => Vec::new(),
        }
    }
}

/// The words at the left of the panel while people are added.
pub(super) fn heading(adding: &Adding, replaced: &str, cx: &Cx) -> String {
    if adding.chosen.is_some() {
        return RollWord::Reason.get(cx.lang).into();
    }
    if adding.instead.is_some() {
        return RollWord::Replace.with(cx.lang, &[replaced]);
    }
    match adding.deciding() {
        Some(listed) => {
            RollWord::Deciding.with(cx.lang, &[&listed.name, &adding.waiting.len().to_string()])
        }
        None => cx.say(Word::AddSomeone).into(),
    }
}
