//! What a role looks like. Attributes first, two hues; a meaning is never carried by colour alone.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of text is for; the theme says how it is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Role {
    /// What was typed, what counts.
    #[default]
    Text,
    /// Labels, rules, hints, defaults, carried and masked values.
    Quiet,
    /// Headings, the open screen's name, totals, warnings, keys of the hint row.
    Strong,
    /// Bars, drafts, new records, the label of the find line.
    Accent,
    /// Where I am and what I can press: the marker, the focused label, the marked name, a digit that acts.
    Mark,
    /// Errors, overdue, conflicts; always with a sign or word.
    Bad,
    /// The current cell of a grid.
    Cell,
}

/// How roles are drawn on this terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Theme {
    /// Whether the two hues are used.
    pub colour: bool,
    /// Whether rules and markers are ASCII.
    pub ascii: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            colour: true,
            ascii: false,
        }
    }
}

impl Theme {
    /// The theme for a terminal: `no_color` is whether `NO_COLOR` is set and not empty, `term` is `TERM`.
    pub fn of(term: &str, no_color: bool) -> Self {
        let mono =
            term.is_empty() || term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2");
        Self {
            colour: !mono && !no_color,
            ascii: mono,
        }
    }

    /// How a role is drawn.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::reset();
        let hue = |colour: Color| if self.colour { plain.fg(colour) } else { plain };
        match role {
            Role::Text => plain,
            Role::Quiet => plain.add_modifier(Modifier::DIM),
            Role::Strong => plain.add_modifier(Modifier::BOLD),
            Role::Accent if self.colour => hue(Color::Magenta),
            Role::Accent | Role::Mark => hue(Color::Magenta).add_modifier(Modifier::BOLD),
            Role::Bad => hue(Color::Red).add_modifier(Modifier::BOLD),
            Role::Cell => plain.add_modifier(Modifier::REVERSED),
        }
    }

    /// A horizontal rule's character.
    pub fn rule(self) -> char {
        if self.ascii { '-' } else { '─' }
    }

    /// A vertical rule's character.
    pub fn upright(self) -> char {
        if self.ascii { '|' } else { '│' }
    }

    /// The marker of where I am.
    pub fn marker(self) -> char {
        if self.ascii { '>' } else { '▸' }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_no_role_sets_one_and_none_loses_its_sign() {
        for theme in [
            Theme::of("xterm", true),
            Theme::of("vt100", false),
            Theme::of("dumb", false),
        ] {
            for role in [
                Role::Text,
                Role::Quiet,
                Role::Strong,
                Role::Accent,
                Role::Mark,
                Role::Bad,
                Role::Cell,
            ] {
                assert_eq!(theme.style(role).fg, Some(Color::Reset), "{role:?}");
            }
            assert!(theme.style(Role::Bad).add_modifier.contains(Modifier::BOLD));
        }
    }

    #[test]
    fn no_role_sets_a_background() {
        for role in [Role::Text, Role::Quiet, Role::Accent, Role::Bad, Role::Cell] {
            assert_eq!(Theme::default().style(role).bg, Some(Color::Reset));
        }
    }
}
