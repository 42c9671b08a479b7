//! `simulate [--seeds N] [--from SEED] [--seed SEED]`: many seeds, or one again with its trace.
//!
//! The last line says how many of them ended well; the exit code is non-zero if any did not.

use std::process::ExitCode;

use lockstep_simulation::{Broken, run, shrunk};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let at = words.iter().position(|word| word == name)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    if words.iter().any(|word| !word.starts_with("--") && word.parse::<u64>().is_err()) {
        eprintln!("simulate [--seeds N] [--from SEED] | [--seed SEED]");
        return ExitCode::FAILURE;
    }
    if let Some(seed) = number("--seed") {
        return match shrunk(seed) {
            None => {
                println!("seed {seed} ends well");
                ExitCode::SUCCESS
            }
            Some(failed) => {
                println!("seed {seed}: {failed}");
                ExitCode::FAILURE
            }
        };
    }
    let (from, seeds) = (number("--from").unwrap_or(0), number("--seeds").unwrap_or(1_000));
    let (mut mutations, mut lost, mut ghosts, mut diverged) = (0, 0, 0, 0);
    for seed in from..from + seeds {
        match run(seed) {
            Ok(made) => mutations += made,
            Err((broken, why)) => {
                println!("seed {seed}: {broken:?}: {why}");
                match broken {
                    Broken::Lost => lost += 1,
                    Broken::Ghost => ghosts += 1,
                    Broken::Diverged | Broken::Doubled => diverged += 1,
                }
            }
        }
    }
    println!("seeds {seeds}, mutations {mutations}, lost {lost}, ghosts {ghosts}, diverged {diverged}");
    if lost + ghosts + diverged == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
