//! `cargo xtask bench query`: the query store beside @tanstack/query-core, in one process (see `benches/query`).
//!
//! It needs no display and no database, and so not the general set-up: Node, the wasm target, and two packages from npm.

use crate::places;
use crate::process;
use crate::setup::wasm;
use crate::step::{Report, Step};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

const PACKAGE: &str = "lockstep-query-bench";
const PROFILE: &str = "bench-query";

/// The other side. The second is written against an older core, and is given the first.
const PACKAGES: [(&str, &str); 2] =
    [("@tanstack/query-core", "5.108.0"), ("@tanstack/query-persist-client-core", "5.104.5")];

/// Builds both forms of our side, and runs them. `words`: a filter, and `--json FILE` for the figures.
pub fn query(words: &[String]) -> Result<()> {
    wasm::target(Report::Changes)?;
    packages()?;
    build(&["--lib", "--target", wasm::TARGET])?;
    build(&["--bin", "query-bench"])?;
    let wasm = places::target().join(wasm::TARGET).join(PROFILE).join("lockstep_query_bench.wasm");
    let node = places::on_path("node").context("node is not on PATH")?;
    let mut node = process::command(node);
    node.args(["--expose-gc", "benches/query/run.mjs", "--wasm"]).arg(wasm);
    node.arg("--native").arg(places::built(PROFILE, "query-bench"));
    node.arg("--npm").arg(folder());
    process::run(node.args(words).env("NODE_ENV", "production"))
}

fn build(what: &[&str]) -> Result<()> {
    let mut cargo = process::command("cargo");
    cargo.args(["build", "--package", PACKAGE, "--profile", PROFILE]).args(what);
    process::run(&mut cargo)
}

fn folder() -> PathBuf {
    places::tools().join("npm-query")
}

fn packages() -> Result<()> {
    let there = PACKAGES.iter().all(|(name, version)| {
        let manifest = folder().join("node_modules").join(name).join("package.json");
        fs::read_to_string(manifest).is_ok_and(|text| text.contains(&format!("\"version\": \"{version}\"")))
    });
    let step = Step {
        name: format!("{} {}", PACKAGES[0].0, PACKAGES[0].1),
        cost: "a few seconds",
        remedy: "Check that npm reaches its registry.".into(),
    };
    step.unless(there, Report::Changes, || {
        fs::create_dir_all(folder())?;
        let wanted: Vec<_> =
            PACKAGES.iter().map(|(name, version)| format!("\"{name}\": \"{version}\"")).collect();
        let (wanted, core) = (wanted.join(", "), PACKAGES[0]);
        let manifest = format!(
            "{{ \"private\": true, \"dependencies\": {{ {wanted} }}, \"overrides\": {{ \"{}\": \"{}\" }} }}\n",
            core.0, core.1
        );
        fs::write(folder().join("package.json"), manifest)?;
        let npm = places::on_path("npm").context("npm is not on PATH")?;
        let mut npm = process::command(npm);
        npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(folder());
        process::run_logged(&mut npm, "npm-query")
    })
}
