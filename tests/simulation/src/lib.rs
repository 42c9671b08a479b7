//! Several machines, each with a host and windows, over one database, with everything between them at fault: from a seed,
//! so that whatever went wrong goes wrong again.
//!
//! The stores, the hubs, the outboxes and the way between their words are those of the app (`lockstep_query`,
//! `lockstep_sync`); clock, network, disk and database are simulated. Messages are delayed, lost, repeated and reordered;
//! hosts are killed between any two steps, windows are loaded again, the disk refuses, the database rejects, others edit
//! the same documents. After everything has come to rest, what Lockstep promises has to hold.
//!
//! | module | idea |
//! | --- | --- |
//! | `world` | machines, time, and everything that is under way |
//! | `arriving` | what a message does where it arrives |
//! | `acting` | what people, other programs and bad luck do |
//! | `check` | what always holds |
//! | `shrink` | the shortest run that still fails |
//! | `machine`, `window`, `disk`, `database` | the parts of a world |

mod acting;
mod arriving;
mod check;
mod database;
mod disk;
mod machine;
mod random;
mod shrink;
mod text;
mod window;
mod world;

pub use shrink::{Failed, shrunk};
pub use world::{Broken, Faults};

use world::World;

/// How much happens in a run before it comes to rest.
pub const STEPS: usize = 120;

/// Runs a seed; returns how many mutations were made, or what is broken.
///
/// # Errors
/// What is broken, and why.
pub fn run(seed: u64) -> Result<u64, (Broken, String)> {
    let world = world(seed, STEPS, Faults::ALL, 0);
    match world.broken {
        None => Ok(world.mutations.len() as u64),
        Some(broken) => Err(broken),
    }
}

fn world(seed: u64, steps: usize, faults: Faults, traced: usize) -> World {
    let mut world = World::new(seed, faults, traced);
    for _ in 0..steps {
        if world.broken.is_none() {
            world.act();
        }
    }
    if world.broken.is_none() {
        world.rest();
    }
    if world.broken.is_none() {
        world.look_at_all();
    }
    world
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many seeds each of the tests tries; `cargo xtask simulate` tries as many as one likes.
    const SEEDS: u64 = 500;

    fn check(from: u64) {
        for seed in from..from + SEEDS {
            if run(seed).is_err() {
                panic!("seed {seed}: {}", shrunk(seed).expect("it failed a moment ago"));
            }
        }
    }

    #[test]
    fn nothing_is_lost_or_doubled_and_all_end_with_what_the_database_has_1() {
        check(0);
    }

    #[test]
    fn nothing_is_lost_or_doubled_and_all_end_with_what_the_database_has_2() {
        check(SEEDS);
    }

    #[test]
    fn nothing_is_lost_or_doubled_and_all_end_with_what_the_database_has_3() {
        check(2 * SEEDS);
    }

    #[test]
    fn nothing_is_lost_or_doubled_and_all_end_with_what_the_database_has_4() {
        check(3 * SEEDS);
    }

    #[test]
    fn a_seed_is_the_same_run_each_time() {
        let trace = || world(7, STEPS, Faults::ALL, 10_000).trace().map(str::to_owned).collect::<Vec<_>>();
        assert!(trace() == trace());
    }
}
