//! The workloads natively: `query-bench [FILTER]` prints a line of `name, median, least, most` for each, in nanoseconds for
//! an operation, and of `name, number` for what is counted.
//!
//! Not beside anything: the comparison runs within one engine.

use std::time::{Duration, Instant};

use lockstep_query_bench::workloads;

const RUNS: usize = 5;
const LEAST: Duration = Duration::from_millis(100);

fn main() {
    let filter = std::env::args().nth(1).unwrap_or_default();
    for (name, once) in workloads::ALL.iter().filter(|(name, _)| name.contains(&filter)) {
        measure(name, *once);
        let mut runs: Vec<_> = (0..RUNS).map(|_| measure(name, *once)).collect();
        runs.sort_by(f64::total_cmp);
        println!("{name}\t{}\t{}\t{}", runs[RUNS / 2], runs[0], runs[RUNS - 1]);
    }
    for name in workloads::FACTS.iter().filter(|name| name.contains(&filter)) {
        println!("{name}\t{}", workloads::fact(name).unwrap_or(f64::NAN));
    }
}

/// Nanoseconds for an operation, of at least so long a run.
fn measure(name: &str, once: bool) -> f64 {
    let prepare = || workloads::prepare(name).expect("all that are listed can be made ready");
    let mut workload = prepare();
    let (mut spent, mut round, begin) = (Duration::ZERO, 0, Instant::now());
    // making ready may take far longer than what is measured
    while round == 0 || spent < LEAST && begin.elapsed() < 10 * LEAST {
        if once && round > 0 {
            workload = prepare();
        }
        let number = if once { 0 } else { round };
        let start = Instant::now();
        (workload.round)(number);
        spent += start.elapsed();
        round += 1;
    }
    spent.as_nanos() as f64 / (f64::from(round) * f64::from(workload.operations))
}
