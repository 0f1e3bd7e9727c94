//! What waits for her, a line each: doors that Enter opens.

use crate::tui::reader::{self, Handed};
use crate::tui::screen::Cx;
use crate::tui::show;

/// A line of 等您处理.
pub enum Door {
    /// Conflicts, and what the first one is about.
    Conflicts {
        /// How many fields.
        count: usize,
        /// Register and name of the first one's record.
        first: String,
    },
    /// A form not yet saved.
    Draft {
        /// Its file's name.
        name: String,
        /// The register's number.
        register: u32,
        /// What names it.
        title: String,
        /// When it was kept last, milliseconds since 1970.
        at: u64,
    },
    /// What was merged last.
    Received {
        /// How many changes.
        count: u64,
        /// Whose.
        who: String,
        /// When, milliseconds since 1970.
        at: u64,
    },
    /// Batches whose receipt has not come.
    Handed {
        /// How many.
        count: usize,
        /// The oldest of them.
        oldest: Handed,
    },
}

impl Door {
    /// All of them, the most pressing first.
    pub fn all(cx: &Cx, handed: &[Handed]) -> Vec<Self> {
        let conflicts = cx.reader.conflicts();
        let mut doors = Vec::new();
        if let Some((register, id, _)) = conflicts.first() {
            let title = show::title(cx, *register, *id).replace("  ", " ");
            let first = format!("{} {title}", show::register_name(cx, *register));
            doors.push(Self::Conflicts {
                count: conflicts.len(),
                first,
            });
        }
        for draft in cx.reader.drafts().into_iter().take(4) {
            let reader::Draft {
                name,
                register,
                title,
                at,
                ..
            } = draft;
            doors.push(Self::Draft {
                name,
                register,
                title,
                at,
            });
        }
        if let Some((count, who, at)) = cx.reader.received() {
            doors.push(Self::Received { count, who, at });
        }
        let open = |handed: &&Handed| handed.to.is_some() && handed.received.is_none();
        let waiting: Vec<&Handed> = handed.iter().filter(open).collect();
        if let Some(oldest) = waiting.last() {
            doors.push(Self::Handed {
                count: waiting.len(),
                oldest: (*oldest).clone(),
            });
        }
        doors
    }

    /// How many things stand behind it.
    pub fn count(&self) -> u64 {
        match self {
            Self::Conflicts { count, .. } | Self::Handed { count, .. } => *count as u64,
            Self::Draft { .. } => 1,
            Self::Received { count, .. } => *count,
        }
    }
}
