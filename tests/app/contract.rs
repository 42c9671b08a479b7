//! The contract's table, the permission list and what a window may call are one and the same.

use std::{collections::BTreeSet, path::Path};

use lockstep_model::contract::{COMMANDS, Class};

fn permissions() -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities/windows.json");
    let capability: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let listed = capability["permissions"].as_array().unwrap();
    listed.iter().map(|permission| permission.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_windows_capability_lists_every_command_of_the_contract_and_no_other() {
    let allowed: BTreeSet<String> =
        permissions().into_iter().filter(|permission| !permission.contains(':')).collect();
    let named = COMMANDS.iter().map(|(name, _)| format!("allow-{}", name.replace('_', "-"))).collect();
    assert_eq!(allowed, named);
}

#[test]
fn a_window_has_nothing_of_tauris_own_but_hearing_the_feed() {
    let own: Vec<String> = permissions().into_iter().filter(|permission| permission.contains(':')).collect();
    assert_eq!(own, ["core:event:allow-listen", "core:event:allow-unlisten"]);
}

#[test]
fn everything_that_changes_the_database_is_of_class_write() {
    let writes: Vec<&str> =
        COMMANDS.iter().filter(|(_, class)| *class == Class::Write).map(|(name, _)| *name).collect();
    assert_eq!(writes, ["mutate", "start_import", "resume_import", "call_colleague"]);
}
