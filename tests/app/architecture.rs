//! The arrows between the crates are those of the design, and no others.

use std::{collections::BTreeSet, path::Path};

/// The crates of ours that a manifest names among what it is built from; tests may use more.
fn arrows(manifest: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(manifest);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut section = String::new();
    let mut found = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_owned();
        }
        let counts = section.ends_with("dependencies")
            && !section.starts_with("workspace")
            && !section.starts_with("dev-");
        if counts && line.starts_with("lockstep") {
            let name = line.split(['.', ' ', '=']).next().unwrap();
            found.insert(name.to_owned());
        }
    }
    found
}

#[test]
fn the_arrows_between_the_crates_are_those_of_the_design() {
    for (manifest, allowed) in [
        ("src-query/Cargo.toml", &[][..]),
        ("src-model/Cargo.toml", &[]),
        ("src-sync/Cargo.toml", &["lockstep-model", "lockstep-query"]),
        ("src-ui/Cargo.toml", &["lockstep-model", "lockstep-query", "lockstep-sync"]),
        ("Cargo.toml", &["lockstep-model", "lockstep-sync"]),
        ("xtask/Cargo.toml", &[]),
        ("benches/query/Cargo.toml", &["lockstep-query"]),
        ("tests/simulation/Cargo.toml", &["lockstep-model", "lockstep-query", "lockstep-sync"]),
    ] {
        let allowed: BTreeSet<String> = allowed.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(arrows(manifest), allowed, "{manifest}");
    }
}
