//! Tells Tauri which commands there are, so that a window may call only those that its capability lists.

use std::path::Path;

include!("../src-model/src/contract/table.rs");

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident $type:ident: $class:ident($request:ty) -> $reply:ty;)*) => {
        const COMMANDS: &[&str] = &[$(stringify!($name)),*];
    };
}
commands!(names);

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-model/src/contract/table.rs");
    // `cargo check` and tests of single modules need no front end; Tauri's macros want its folder all the same.
    let front_end = Path::new("dist");
    if !front_end.exists() {
        std::fs::create_dir(front_end).expect("the project's folder can be written");
    }
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS))
            .capabilities_path_pattern("src-tauri/capabilities/**/*.json"),
    )
    .expect("tauri.conf.json and the capabilities fit the commands");
}
