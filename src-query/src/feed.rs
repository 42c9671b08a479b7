//! Where the store stands in the feed: which entries are new, and whether any are missing.
//!
//! Not what the entries mean.

use crate::{App, Batch, Entry};

/// What to do about a batch.
pub(crate) enum Step<A: App> {
    /// Apply these, in order.
    Apply(Vec<Entry<A>>),
    /// Entries are missing: ask for all after this number.
    Ask(A::Boot, u64),
    /// All of it is applied already, up to this number: the source does not know, and is told once more.
    Known(A::Boot, u64),
    /// Another run of the source, or none yet: attach.
    Attach,
    /// Nothing: it waits.
    Wait,
}

#[derive(Debug)]
pub(crate) enum Feed<A: App> {
    /// Attach was asked for; what comes meanwhile waits.
    Attaching { early: Vec<Batch<A>> },
    /// All entries up to `seq` are applied.
    At {
        boot: A::Boot,
        seq: u64,
        /// The question for missing entries is under way.
        asked: bool,
        /// The greatest number heard of.
        heard: u64,
    },
}

impl<A: App> Feed<A> {
    pub fn new() -> Self {
        Self::Attaching { early: Vec::new() }
    }

    pub fn is_attaching(&self) -> bool {
        matches!(self, Self::Attaching { .. })
    }

    /// Begins at the number of an attach; returns what came before it and is to be taken now. `None` is: the feed has
    /// gone past it already, by the answer to another attach.
    pub fn attached(&mut self, boot: A::Boot, seq: u64) -> Option<Vec<Batch<A>>> {
        if matches!(self, Self::At { boot: known, seq: passed, .. } if *known == boot && *passed > seq) {
            return None;
        }
        match std::mem::replace(self, Self::At { boot, seq, asked: false, heard: seq }) {
            // those of another run came before the source began anew
            Self::Attaching { early } => Some(early.into_iter().filter(|batch| batch.boot == boot).collect()),
            Self::At { .. } => Some(Vec::new()),
        }
    }

    pub fn take(&mut self, batch: Batch<A>) -> Step<A> {
        match self {
            Self::Attaching { early } => {
                early.push(batch);
                Step::Wait
            }
            Self::At { boot, .. } if *boot != batch.boot => Step::Attach,
            Self::At { boot, seq, asked, heard } => {
                *heard = batch.to.max(*heard);
                if batch.to <= *seq {
                    let known = Step::Known(*boot, *seq);
                    let ask = self.ask();
                    return if matches!(ask, Step::Wait) { known } else { ask };
                }
                match batch.entries {
                    Some(entries) if batch.from <= *seq => {
                        let known = usize::try_from(*seq - batch.from).unwrap_or(usize::MAX);
                        *seq = batch.to;
                        *asked = false;
                        Step::Apply(entries.into_iter().skip(known).collect())
                    }
                    _ if *asked => Step::Wait,
                    _ => {
                        *asked = true;
                        Step::Ask(*boot, *seq)
                    }
                }
            }
        }
    }

    /// The last question was answered, or failed: asks for what is still missing, if anything is.
    pub fn ask(&mut self) -> Step<A> {
        match self {
            Self::Attaching { .. } => Step::Attach,
            Self::At { boot, seq, asked, heard } => {
                *asked = *heard > *seq;
                if *asked { Step::Ask(*boot, *seq) } else { Step::Wait }
            }
        }
    }
}
