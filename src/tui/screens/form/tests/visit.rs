//! A visit, from Home to saved.

use super::*;

#[test]
fn a_usual_visit_costs_few_keys() {
    let mut rig = home(ledger(), Lang::Zh, (80, 24));
    rig.press("<F3>1郑晓<Enter>");

    rig.press("<Enter>");
}
