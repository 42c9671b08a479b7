//! Which Rust builds the project. `rust-toolchain.toml` says: rustup's stable, with the wasm target. Where
//! rustup may not download that target, `cargo xtask setup` makes a toolchain named `web` of Debian's
//! compiler (see `setup/wasm.rs`), and host and windows are both built with that one, so that nothing is
//! compiled twice.

use crate::places;

/// The name of the toolchain that stands in where rustup cannot download.
pub const DEBIAN: &str = "web";

/// The toolchain to force, or `None` where `rust-toolchain.toml` decides.
pub fn name() -> Option<&'static str> {
    places::rustup_toolchains().join(DEBIAN).exists().then_some(DEBIAN)
}

/// The toolchain that has rustfmt: Debian's compiler does not bring it.
pub const FORMATTING: &str = "stable";
