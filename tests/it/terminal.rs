//! A terminal for the real binary: a pseudo-terminal, a screen that understands what is drawn, and keys by name. What is
//! waited for is always what the screen shows, never time; the time limit only ends a test that hangs.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// How long a screen may take before the test is called hanging; debug builds on a busy machine are slow.
const LIMIT: Duration = Duration::from_secs(60);
const ROWS: u16 = 24;
const COLS: u16 = 80;

/// The binary in a terminal of 80×24.
pub struct Terminal {
    screen: vt100::Parser,
    output: Receiver<Vec<u8>>,
    pending: Vec<u8>,
    input: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the terminal's modes can be read after the program has gone.
    _slave: Box<dyn SlavePty + Send>,
    child: Box<dyn Child + Send + Sync>,
    modes: String,
}

impl Terminal {
    /// Starts the binary with its data under `home` and nothing else of the caller's environment.
    pub fn start(home: &Path, args: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_jinguo"));
        command.args(args);
        command.env_clear();
        command.cwd(home);
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("LANG", "zh_CN.UTF-8"),
            ("PATH", "/usr/bin:/bin"),
        ] {
            command.env(name, value);
        }
        command.env("HOME", home);
        command.env("JINGUO_STORE", home.join("store"));
        Self::run(command)
    }

    /// Runs any command.
    pub fn run(command: CommandBuilder) -> Self {
        let size = PtySize {
            rows: ROWS,
            cols: COLS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal");
        let modes = format!("{:?}", pair.master.get_termios());
        let child = pair.slave.spawn_command(command).expect("the binary runs");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(n) = reader.read(&mut bytes) {
                if n == 0 || sender.send(bytes[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let cells = |n| NonZeroU16::new(n).expect("not zero");
        Self {
            screen: vt100::Parser::new(cells(ROWS), cells(COLS), 0),
            output,
            pending: Vec::new(),
            input: pair.master.take_writer().expect("a writer"),
            master: pair.master,
            _slave: pair.slave,
            child,
            modes,
        }
    }

    /// What the screen shows, row by row, a wide character once.
    pub fn text(&self) -> String {
        let rows: Vec<String> = self.screen.screen().rows(0, COLS).collect();
        rows.join("\n")
    }

    /// Row and column of the hardware cursor, in cells.
    pub fn cursor(&self) -> (u16, u16) {
        self.screen.screen().cursor_position()
    }

    /// The row that the cursor stands in.
    pub fn row(&self) -> String {
        let (row, _) = self.cursor();
        let rows: Vec<String> = self.screen.screen().rows(0, COLS).collect();
        rows[usize::from(row)].clone()
    }

    /// Waits until the screen is as `holds` wants it; `what` says so if it never is.
    pub fn wait(&mut self, what: &str, holds: impl Fn(&Terminal) -> bool) {
        let end = Instant::now() + LIMIT;
        while !holds(self) {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => {
                    panic!("never saw {what}; the screen shows:\n{}", self.text())
                }
            }
        }
    }

    /// Waits for a text anywhere on the screen.
    pub fn wait_for(&mut self, text: &str) {
        self.wait(text, |terminal| terminal.text().contains(text));
    }

    fn take(&mut self, bytes: &[u8]) {
        self.pending.extend(bytes);
        // A program may ask where the cursor is; a terminal answers.
        const ASKED: &[u8] = b"\x1b[6n";
        while let Some(at) = self
            .pending
            .windows(ASKED.len())
            .position(|window| window == ASKED)
        {
            let rest = self.pending.split_off(at + ASKED.len());
            self.screen.process(&self.pending[..at]);
            let (row, col) = self.cursor();
            self.send(format!("\x1b[{};{}R", row + 1, col + 1).as_bytes());
            self.pending = rest;
        }
        // The beginning of a question may stand at the end.
        let kept = (1..ASKED.len())
            .rev()
            .find(|&n| self.pending.ends_with(&ASKED[..n]))
            .unwrap_or(0);
        let rest = self.pending.split_off(self.pending.len() - kept);
        self.screen.process(&self.pending);
        self.pending = rest;
    }

    fn send(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).expect("the terminal is open");
        self.input.flush().expect("the terminal is open");
    }

    /// Types text and keys: `<Enter>`, `<F2>`, `<Ctrl-Q>` and the like between angle brackets, all else as it stands.
    pub fn keys(&mut self, keys: &str) {
        let mut rest = keys;
        while let Some(start) = rest.find('<') {
            let end = start + rest[start..].find('>').expect("a key's name ends with >");
            self.send(&rest.as_bytes()[..start]);
            self.send(&key(&rest[start + 1..end]));
            rest = &rest[end + 1..];
        }
        self.send(rest.as_bytes());
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.ended();
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let id = self.child.process_id().expect("it runs") as i32;
        let pid = Pid::from_raw(id).expect("a process has an id");
        kill_process(pid, signal).expect("it runs");
    }

    /// Waits for the end; the exit code.
    pub fn ended(&mut self) -> u32 {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(50)) {
                    self.take(&bytes);
                }
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end:\n{}", self.text());
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.take(&bytes);
            }
        }
    }

    /// What is left behind that was not there before: nothing, if all is well.
    pub fn left_behind(&self) -> Vec<&'static str> {
        let screen = self.screen.screen();
        let modes = format!("{:?}", self.master.get_termios());
        let mouse = screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
        [
            (screen.alternate_screen(), "the alternate screen"),
            (screen.hide_cursor(), "a hidden cursor"),
            (screen.bracketed_paste(), "bracketed paste"),
            (screen.application_cursor(), "application cursor keys"),
            (screen.application_keypad(), "an application keypad"),
            (mouse, "mouse reports"),
            (modes != self.modes, "changed terminal modes"),
        ]
        .into_iter()
        .filter_map(|(is, what)| is.then_some(what))
        .collect()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn key(name: &str) -> Vec<u8> {
    let text = match name {
        "Enter" => "\r",
        "Tab" => "\t",
        "Shift-Tab" => "\x1b[Z",
        "Esc" => "\x1b",
        "Backspace" => "\x7f",
        "Space" => " ",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Right" => "\x1b[C",
        "Left" => "\x1b[D",
        "Home" => "\x1b[H",
        "End" => "\x1b[F",
        "Del" => "\x1b[3~",
        "F1" => "\x1bOP",
        "F2" => "\x1bOQ",
        "F3" => "\x1bOR",
        "F4" => "\x1bOS",
        "F6" => "\x1b[17~",
        "F8" => "\x1b[19~",
        "F10" => "\x1b[21~",
        _ => {
            let letter = name
                .strip_prefix("Ctrl-")
                .and_then(|rest| rest.bytes().next());
            return vec![letter.expect("a key this terminal knows") & 0x1f];
        }
    };
    text.into()
}
