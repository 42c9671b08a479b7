//! How the outbox's file follows what becomes of mutations, in the order of the decisions.
//!
//! One piece at a time: what is decided while the disk works goes with the next one, and what the disk refuses is tried
//! again before anything newer. So the file always is as the host was at some moment, and a mutation that may have been
//! sent is never there without what was decided before it.
//!
//! A mutation that comes or is discarded does not wait for this: its write may overtake what the journal still has to say of it.
//! So the journal says last that it is gone, and from then on what it said before does not bring it back.

use std::time::Duration;

use super::{Due, Host, RecordId};
use crate::outbox::Update;

/// After the disk has refused.
const TRY_AGAIN: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct Journal {
    /// Decided, and not handed over.
    waiting: Piece,
    /// Handed over, and not answered.
    under_way: Option<(RecordId, Piece)>,
    /// The disk has refused, and is left alone for a while.
    rests: bool,
}

#[derive(Debug, Default)]
struct Piece {
    updates: Vec<Update>,
    /// Mutations that may be sent once this is on disk.
    sends: Vec<u64>,
}

impl Journal {
    pub fn extend(&mut self, updates: impl IntoIterator<Item = Update>) {
        self.waiting.updates.extend(updates);
    }

    /// A mutation may be sent once the disk knows of that, and of all that was decided before.
    pub fn send(&mut self, number: u64, update: Option<Update>) {
        self.waiting.updates.extend(update);
        self.waiting.sends.push(number);
    }
}

impl Host {
    /// Hands over what was decided, unless the disk still works on what was decided before.
    pub(super) fn write_journal(&mut self) {
        let Journal { waiting, under_way, rests } = &mut self.journal;
        if under_way.is_some() || *rests || waiting.updates.is_empty() && waiting.sends.is_empty() {
            return;
        }
        let piece = std::mem::take(waiting);
        if piece.updates.is_empty() {
            // the disk knows it already, from an earlier try
            return piece.sends.into_iter().for_each(|number| self.may_send(number, true));
        }
        let id = self.record(piece.updates.clone());
        self.journal.under_way = Some((id, piece));
    }

    pub(super) fn journalled(&mut self, id: RecordId, succeeded: bool) {
        let Some((_, piece)) = self.journal.under_way.take_if(|(under_way, _)| *under_way == id) else {
            return;
        };
        if !succeeded {
            let newer = std::mem::replace(&mut self.journal.waiting.updates, piece.updates);
            self.journal.extend(newer);
            self.journal.rests = true;
            self.at(self.now + TRY_AGAIN, Due::Journal);
        }
        piece.sends.into_iter().for_each(|number| self.may_send(number, succeeded));
    }

    pub(super) fn journal_again(&mut self) {
        self.journal.rests = false;
    }
}
