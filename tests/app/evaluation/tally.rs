//! What came of a comparison: counted, and shown where it is a difference.

use std::collections::BTreeMap;

use super::faults::Fault;

/// So many differences are shown; all are counted.
const SHOWN: usize = 20;
/// What cannot be told costs a request. It has to be rare, even where everything rare is frequent.
const MOST_UNDECIDED_PERCENT: f64 = 5.0;

#[derive(Debug, Default)]
pub struct Tally {
    /// How many answers were compared.
    pub pairs: usize,
    /// How many of these were "cannot tell" here.
    pub undecided: usize,
    /// How many filters or sorts the server refused.
    pub refused: usize,
    excused: BTreeMap<Fault, usize>,
    differences: Vec<String>,
}

impl Tally {
    /// A difference, unless it is the server's fault.
    pub fn differ(&mut self, fault: Option<Fault>, difference: impl FnOnce() -> String) {
        match fault {
            Some(fault) => *self.excused.entry(fault).or_default() += 1,
            None => self.differences.push(difference()),
        }
    }

    /// Fails where there is a difference, or too much that could not be told.
    pub fn report(self, what: &str) {
        let Self { pairs, undecided, refused, excused, differences } = self;
        let percent = 100.0 * undecided as f64 / pairs.max(1) as f64;
        println!("{what}: {pairs} pairs, {percent:.2} % cannot tell, {refused} refused, excused {excused:?}");
        assert!(percent <= MOST_UNDECIDED_PERCENT, "{percent:.2} % of the {what} cannot be told");
        let count = differences.len();
        let shown: Vec<_> = differences.into_iter().take(SHOWN).collect();
        assert!(count == 0, "{count} differences:\n{}", shown.join("\n"));
    }
}
