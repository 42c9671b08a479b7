//! The feed as an input: what other windows and other programs did.
//!
//! Not its numbering, which [`crate::feed`] keeps.

use crate::{
    App, Attached, Batch, Effect, End, Entry, Options, Review,
    entity::Origin,
    feed::{Feed, Step},
    layers::Position,
};

use super::Store;

impl<A: App> Store<A> {
    pub(super) fn attach(&mut self) {
        if !self.feed.is_attaching() {
            self.feed = Feed::new();
            self.effects.push(Effect::Attach);
        }
    }

    pub(super) fn ask_feed(&mut self) {
        match self.feed.ask() {
            Step::Ask(boot, seq) => self.effects.push(Effect::FeedSince(boot, seq)),
            Step::Attach => self.effects.push(Effect::Attach),
            Step::Apply(_) | Step::Known(..) | Step::Wait => {}
        }
    }

    pub(super) fn feed(&mut self, batch: Batch<A>) {
        let (boot, to) = (batch.boot, batch.to);
        match self.feed.take(batch) {
            Step::Apply(entries) => {
                entries.into_iter().for_each(|entry| self.entry(entry));
                self.effects.push(Effect::Acknowledge(boot, to));
                self.ask_feed();
            }
            Step::Known(boot, seq) => self.effects.push(Effect::Acknowledge(boot, seq)),
            Step::Ask(boot, seq) => self.effects.push(Effect::FeedSince(boot, seq)),
            Step::Attach => self.attach(),
            Step::Wait => {}
        }
    }

    /// The source's whole state replaces what was known of it; this window's own mutations that the source does not
    /// know yet stay.
    pub(super) fn attached(&mut self, attached: Attached<A>) {
        let Attached { boot, seq, pending, reviews, numbered, first, online } = attached;
        self.watch_all_again();
        let Some(early) = self.feed.attached(boot, seq) else { return };
        let before = self.attached_to.replace((boot, numbered));
        if before.is_some_and(|(other, _)| other != boot) {
            self.forget_stamps();
        }

        let closed: Vec<_> =
            self.reviews.keys().filter(|id| !self.refused_here.contains(id)).cloned().collect();
        closed.iter().for_each(|id| self.close_review(id));
        for Review { mutation, failure } in reviews {
            let id = A::mutation_id(&mutation);
            self.ended(&id, End::Failed(failure.clone()));
            self.lift(&id);
            self.review(mutation, failure);
        }
        let known: Vec<_> = pending.iter().map(|layer| A::mutation_id(&layer.mutation)).collect();
        // One of a greater number was accepted after the source had told its state.
        let numbered = self.layers.iter().filter(|(position, _)| **position <= Position::Accepted(numbered));
        let mut ended: Vec<_> = numbered.map(|(_, layer)| A::mutation_id(&layer.mutation)).collect();
        ended.retain(|id| !known.contains(id));
        ended.iter().for_each(|id| self.done(id, End::Untold));
        pending.into_iter().for_each(|layer| self.accepted(layer));

        // until now nobody told this store of changes
        self.invalidate_under(&[]);
        self.fed_online(online);
        for (key, answer) in first {
            let index = self.query(key.clone());
            self.answer_unasked(index, answer);
            self.keep_unobserved(index, Options::default().gc_time);
        }
        early.into_iter().for_each(|batch| self.feed(batch));
    }

    fn entry(&mut self, entry: Entry<A>) {
        match entry {
            Entry::Layer(layer) => self.accepted(layer),
            Entry::Paused { mutation, paused } => self.paused(&mutation, paused),
            Entry::Refused { mutation, failure } => self.refused(&mutation, failure),
            Entry::Settled(settlement) => self.settled(settlement),
            Entry::Withdrawn(id) => self.done(&id, End::Withdrawn),
            Entry::ReviewClosed(id) => self.close_review(&id),
            Entry::Changed(snapshots) => {
                snapshots.into_iter().for_each(|snapshot| self.offer(snapshot, Origin::Read));
            }
            // It may have been read before the last invalidation, so it does not end that.
            Entry::Answer(key, answer) => {
                if let Some(index) = self.by_key.get(&key) {
                    self.answer_unasked(*index, answer);
                }
            }
            Entry::Invalidate(prefix) => self.invalidate_under(&prefix),
            Entry::Focus(true) => self.focused(),
            Entry::Focus(false) => {}
            Entry::Online(online) => self.fed_online(online),
        }
    }
}
