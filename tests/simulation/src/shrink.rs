//! The shortest run of a seed that still fails, with as little going wrong as possible.

use std::fmt;

use crate::{
    STEPS,
    world::{Broken, Faults},
};

/// So many of the last events are shown.
const SHOWN: usize = 400;

/// A run that failed.
pub struct Failed {
    /// What is broken.
    pub broken: Broken,
    why: String,
    steps: usize,
    faults: Faults,
    trace: Vec<String>,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}: {}", self.broken, self.why)?;
        writeln!(f, "after {} steps, with {:?}", self.steps, self.faults)?;
        self.trace.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// The seed's shortest failing run; `None` where it does not fail.
pub fn shrunk(seed: u64) -> Option<Failed> {
    let fails = |steps, faults| crate::world(seed, steps, faults, 0).broken.is_some();
    let mut faults = Faults::ALL;
    if !fails(STEPS, faults) {
        return None;
    }
    let without: [fn(&mut Faults); 5] = [
        |faults| faults.history = false,
        |faults| faults.crashes = false,
        |faults| faults.disk = false,
        |faults| faults.messages = false,
        |faults| faults.network = false,
    ];
    for remove in without {
        let mut fewer = faults;
        remove(&mut fewer);
        if fails(STEPS, fewer) {
            faults = fewer;
        }
    }
    let steps = (1..=STEPS).find(|steps| fails(*steps, faults)).unwrap_or(STEPS);
    let world = crate::world(seed, steps, faults, SHOWN);
    let trace = world.trace().map(str::to_owned).collect();
    let (broken, why) = world.broken?;
    Some(Failed { broken, why, steps, faults, trace })
}
