//! The app under faults: three windows and two colleagues edit the same documents, while the way to the server fails in every
//! manner and app and server are killed at random instants. Then each accepted edit is looked for in the database.
//!
//! | module | idea |
//! | --- | --- |
//! | `way` | the way to the server, which delays, stalls, loses answers and breaks |
//! | `windows` | three real windows, and what they send and show |
//! | `edits` | what is edited, by whom, over what |
//! | `colleague` | another program on the same documents |
//! | `ledger` | what was sent, and what became of it |
//! | `disk` | the app's disk, which can be full |
//! | `clock` | the app's clock, which can jump |
//! | `storm` | the run: load, faults, and quiet at the end |
//!
//! `cargo xtask chaos --minutes N` runs it for longer.

mod clock;
mod colleague;
mod disk;
mod edits;
mod ledger;
mod storm;
mod way;
mod windows;

use std::time::Duration;

use storm::Storm;

/// Where the run writes its last line, if anybody wants it.
const REPORT: &str = "LOCKSTEP_CHAOS_REPORT";
/// For how many minutes it goes on, if not for the short time of the test.
const MINUTES: &str = "LOCKSTEP_CHAOS_MINUTES";
/// From which seed, if not from the test's own.
const SEED: &str = "LOCKSTEP_CHAOS_SEED";

const SHORT: Duration = Duration::from_secs(25);

fn of_environment(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{name} wants a whole number")))
}

#[tokio::test]
async fn under_faults_and_kills_nothing_is_lost_doubled_or_shown_otherwise() {
    let time = of_environment(MINUTES).map_or(SHORT, |minutes| Duration::from_secs(minutes * 60));
    let report = Storm::new(of_environment(SEED).unwrap_or(1)).await.run(time).await;
    println!("{report}");
    if let Ok(path) = std::env::var(REPORT) {
        std::fs::write(path, report.to_string()).unwrap();
    }
    assert!(report.is_clean() && report.edits > 0 && report.kills > 0, "{report}\n{}", report.details());
}
