//! What a person feels of the app, measured in its real windows on a release build: `cargo xtask bench app`.
//!
//! | module | idea |
//! | --- | --- |
//! | `start` | from the process's start to the first rows, beside an empty Tauri window |
//! | `edit` | from the Enter key to the new value in this window and in the other one |
//! | `memory` | what all processes of the app hold, with one window and with three |
//! | `paste` | a thousand rows pasted |
//! | `frames` | the longest frame, at rest, scrolled, and while a colleague writes |
//! | `import` | a file of 100,000 documents, beside the driver alone |
//! | `large` | a collection of a million documents, beside one of ten thousand |
//! | `figures` | how figures are summed up, printed and kept |
//!
//! Absolute times belong to the machine; what counts is how they stand to each other within one run.

// A benchmark that cannot be run says where.
#![allow(clippy::unwrap_used)]

mod edit;
mod figures;
#[path = "../../tests/app/fixture/mod.rs"]
#[allow(dead_code, unused_imports)]
mod fixture;
mod frames;
mod import;
mod large;
mod memory;
mod paste;
mod start;

use figures::Figures;

#[tokio::main]
async fn main() {
    let mut figures = Figures::default();
    // `cargo bench` itself adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let (json, wanted): (Vec<_>, Vec<_>) = words.iter().partition(|word| word.ends_with(".json"));
    let wants = |name| wanted.is_empty() || wanted.iter().any(|word| *word == name);
    if wants("start") {
        start::measure(&mut figures).await;
    }
    if wants("edit") {
        edit::measure(&mut figures).await;
    }
    if wants("paste") {
        paste::measure(&mut figures).await;
    }
    if wants("frames") {
        frames::measure(&mut figures).await;
    }
    if wants("import") {
        import::measure(&mut figures).await;
    }
    if wants("large") {
        large::measure(&mut figures).await;
    }
    if wants("memory") {
        memory::measure(&mut figures).await;
    }
    for path in json {
        figures.write(path);
    }
}
