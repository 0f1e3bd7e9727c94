//! The peer: the same rows in SQLite, as good as it can do it: dense numbers, one WAL transaction, full synchronisation,
//! prepared statements, records sorted by id. Making the tokens is not counted against it.

use std::path::Path;

use jinguo::codec::Unplaced;
use jinguo::forms::{Kind, Registers, UNIT};
use jinguo::store::{How, tokens};
use rusqlite::{Connection, params};

use crate::people::{People, VISIT};
use crate::{Clock, Took};

const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE record (number INTEGER PRIMARY KEY, id BLOB UNIQUE, change BLOB);
    CREATE TABLE \"order\" (register INT, unit INT, sort INT, number INT,
        PRIMARY KEY (register, unit, sort, number)) WITHOUT ROWID;
    CREATE TABLE token (token BLOB, number INT, PRIMARY KEY (token, number)) WITHOUT ROWID;
    CREATE TABLE reference (target BLOB, register INT, number INT,
        PRIMARY KEY (target, register, number)) WITHOUT ROWID;
";

struct Row {
    id: [u8; 16],
    change: Vec<u8>,
    unit: u32,
    sort: i64,
    tokens: Vec<Vec<u8>>,
    targets: Vec<[u8; 16]>,
}

fn rows(changes: &[Unplaced], registers: &Registers) -> Vec<Row> {
    let mut rows: Vec<Row> = changes
        .iter()
        .map(|change| {
            let register = registers.by_number(change.register).expect("a register");
            let mut row = Row {
                id: change.record.0,
                change: change.frame(1, false, [0; 16]).expect("a frame"),
                unit: 0,
                sort: 0,
                tokens: Vec::new(),
                targets: Vec::new(),
            };
            for set in &change.sets {
                let field = register.by_tag(set.tag).expect("a field");
                if let Some(id) = set.value.as_ref_id() {
                    row.targets.push(id.0);
                }
                if let (true, Kind::Text { .. }, Some(text)) =
                    (field.search, &field.kind, set.value.as_text())
                {
                    tokens(text, How::Text, |token| row.tokens.push(token.to_vec()));
                }
                if set.tag == UNIT {
                    row.unit = set
                        .value
                        .as_text()
                        .map_or(0, |code| registers.divisions().row(code));
                }
                if register.sort.is_some_and(|(tag, _)| tag == set.tag) {
                    row.sort = set.value.as_int().unwrap_or(0);
                }
            }
            row.tokens.sort();
            row.tokens.dedup();
            row
        })
        .collect();
    rows.sort_by_key(|row| row.id);
    rows
}

fn upsert(connection: &mut Connection, rows: &[Row]) {
    let all = connection.transaction().expect("a transaction");
    {
        let mut record = all
            .prepare("INSERT INTO record (id, change) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET change = ?2 RETURNING number")
            .expect("prepared");
        let mut order = all
            .prepare("INSERT OR IGNORE INTO \"order\" VALUES (?1, ?2, ?3, ?4)")
            .expect("prepared");
        let mut token = all
            .prepare("INSERT OR IGNORE INTO token VALUES (?1, ?2)")
            .expect("prepared");
        let mut reference = all
            .prepare("INSERT OR IGNORE INTO reference VALUES (?1, ?2, ?3)")
            .expect("prepared");
        for row in rows {
            let number: i64 = record
                .query_row(params![row.id, row.change], |row| row.get(0))
                .expect("a record");
            if row.unit > 0 {
                order
                    .execute(params![VISIT, row.unit, -row.sort, number])
                    .expect("an order");
            }
            for bytes in &row.tokens {
                token.execute(params![bytes, number]).expect("a token");
            }
            for target in &row.targets {
                reference
                    .execute(params![target, VISIT, number])
                    .expect("a reference");
            }
        }
    }
    all.commit().expect("committed");
}

/// Merges `changes` into a hundred thousand visits of the same people.
pub fn merge(dir: &Path, _: &People, changes: &[Unplaced], registers: &Registers) -> Took {
    let mut connection = Connection::open(dir.join("peer.db")).expect("a database");
    connection.execute_batch(TABLES).expect("tables");
    let mut again = People::new(registers);
    let families = again.families();
    drop(families);
    let before: Vec<Unplaced> = (0..100_000).map(|_| again.visit()).collect();
    upsert(&mut connection, &rows(&before, registers));
    let rows = rows(changes, registers);
    let clock = Clock::start();
    upsert(&mut connection, &rows);
    clock.stop()
}
