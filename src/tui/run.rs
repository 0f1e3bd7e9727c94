//! The loop on a real terminal: next event, step, draw. It blocks while nothing happens: no ticks, no polling. The
//! keyboard, the signals and long work each have a thread that sends into one channel.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crossterm::event::{self, Event as Raw};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::app::{App, Desk, Event, Flow};
use super::burst::{Held, paste};
use super::effect::Outcome;
use super::key::Key;
use super::pen::Pen;
use super::screen::Screen;
use super::terminal::Terminal;

/// What the threads send.
pub enum Sent {
    /// All that one read of the keyboard brought, and when, in milliseconds since the program began.
    Typed(Vec<Raw>, u64),
    /// The terminal is gone, or the process is asked to end.
    End,
    /// Long work tells how far it is.
    Work(Outcome),
}

/// The program's clock and channel.
pub struct Line {
    begun: Instant,
    sender: Sender<Sent>,
    receiver: Receiver<Sent>,
}

impl Line {
    /// A channel whose clock begins now.
    pub fn new() -> Self {
        let (sender, receiver) = channel();
        Self {
            begun: Instant::now(),
            sender,
            receiver,
        }
    }

    /// An end for a thread to send into.
    pub fn sender(&self) -> Sender<Sent> {
        self.sender.clone()
    }

    fn at(&self) -> u64 {
        self.begun.elapsed().as_millis() as u64
    }

    /// The next thing sent; `None` at `due`.
    fn next(&self, due: Option<u64>) -> Option<Sent> {
        match due {
            None => self.receiver.recv().ok().or(Some(Sent::End)),
            Some(due) => {
                let wait = Duration::from_millis(due.saturating_sub(self.at()));
                match self.receiver.recv_timeout(wait) {
                    Ok(sent) => Some(sent),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => Some(Sent::End),
                }
            }
        }
    }
}

impl Default for Line {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs an app on a terminal until it leaves. The threads end with the process.
pub fn run(
    terminal: &Terminal,
    narrow: bool,
    line: &Line,
    app: &mut App,
    desk: &mut dyn Desk,
    first: Box<dyn Screen>,
) -> io::Result<()> {
    watch_signals(line)?;
    watch_keys(line);
    let mut out = io::stdout();
    let mut pen = Pen::new(terminal.size(), narrow);
    let mut held = Held::default();
    let mut flow = app.start(first, desk, wall(), line.at());
    loop {
        match flow {
            Flow::Leave => return Ok(()),
            // A terminal that is gone is noticed by the drawing below.
            Flow::Anew => drop(pen.forget(terminal.size(), &mut out)),
            Flow::On => {}
        }
        let mut page = pen.page();
        let caret = app.draw(desk, &mut page);
        if let Err(gone) = pen.draw(page, caret, &mut out) {
            // The terminal is gone before the signal came: what was typed is kept all the same.
            app.event(Event::End, desk, wall(), line.at());
            return Err(gone);
        }
        let due = [app.due(), held.due()].into_iter().flatten().min();
        flow = match line.next(due) {
            None => {
                let mut flow = Flow::On;
                if held.due().is_some_and(|due| due <= line.at()) {
                    let keys = held.give();
                    flow = feed(app, desk, line.at(), keys.into_iter().map(Event::Key));
                }
                if flow != Flow::Leave && app.due().is_some_and(|due| due <= line.at()) {
                    flow = worse(flow, app.event(Event::Due, desk, wall(), line.at()));
                }
                flow
            }
            Some(Sent::End) => app.event(Event::End, desk, wall(), line.at()),
            Some(Sent::Work(outcome)) => app.event(Event::Work(outcome), desk, wall(), line.at()),
            Some(Sent::Typed(raw, at)) => {
                let events = events(raw, at, &mut held);
                feed(app, desk, at, events.into_iter())
            }
        };
    }
}

fn feed(app: &mut App, desk: &mut dyn Desk, at: u64, events: impl Iterator<Item = Event>) -> Flow {
    let mut flow = Flow::On;
    for event in events {
        flow = worse(flow, app.event(event, desk, wall(), at));
        if flow == Flow::Leave {
            break;
        }
    }
    flow
}

fn worse(a: Flow, b: Flow) -> Flow {
    match (a, b) {
        (Flow::Leave, _) | (_, Flow::Leave) => Flow::Leave,
        (Flow::Anew, _) | (_, Flow::Anew) => Flow::Anew,
        _ => Flow::On,
    }
}

/// What one read means: a paste without brackets as one piece, keys otherwise, cut sequences put together.
fn events(raw: Vec<Raw>, at: u64, held: &mut Held) -> Vec<Event> {
    let keys: Option<Vec<Key>> = raw
        .iter()
        .filter_map(|event| match event {
            Raw::Key(event) => Key::of(*event).map(Some),
            Raw::FocusGained | Raw::FocusLost | Raw::Mouse(_) => None,
            _ => Some(None),
        })
        .collect();
    if let Some(text) = keys.as_deref().and_then(paste) {
        let mut out: Vec<Event> = held.give().into_iter().map(Event::Key).collect();
        out.push(Event::Paste(text));
        return out;
    }
    let mut out = Vec::new();
    for event in raw {
        match event {
            Raw::Key(event) => {
                if let Some(key) = Key::of(event) {
                    out.extend(held.take(key, at).into_iter().map(Event::Key));
                }
            }
            Raw::Paste(text) => {
                out.extend(held.give().into_iter().map(Event::Key));
                out.push(Event::Paste(text.replace("\r\n", "\n").replace('\r', "\n")));
            }
            Raw::Resize(w, h) => out.push(Event::Resize(w, h)),
            _ => {}
        }
    }
    out
}

/// The keyboard's thread: blocks for one event, then takes what else lies ready.
fn watch_keys(line: &Line) {
    let (sender, begun) = (line.sender(), line.begun);
    std::thread::spawn(move || {
        while let Ok(first) = event::read() {
            let at = begun.elapsed().as_millis() as u64;
            let mut events = vec![first];
            // At most a screenful of keys: what a person holds down must not wait for its end.
            while events.len() < 4096 && event::poll(Duration::ZERO).unwrap_or(false) {
                match event::read() {
                    Ok(event) => events.push(event),
                    Err(_) => break,
                }
            }
            if sender.send(Sent::Typed(events, at)).is_err() {
                return;
            }
        }
        let _ = sender.send(Sent::End);
    });
}

/// The signals' thread: a hang-up or a request to end keeps drafts and leaves. Registered also where the parent ignored
/// SIGHUP.
fn watch_signals(line: &Line) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGINT])?;
    let sender = line.sender();
    std::thread::spawn(move || {
        for _ in signals.forever() {
            if sender.send(Sent::End).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// The wall clock, milliseconds since 1970.
pub fn wall() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |passed| passed.as_millis() as u64)
}
