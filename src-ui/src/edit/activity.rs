//! What was done on this machine, as far as this window saw it, and in which order it is taken back.

use std::{collections::VecDeque, rc::Rc, time::Duration};

use lockstep_model::{Failure, Mutation, MutationId};
use lockstep_query::End;

use super::Step;

/// So many things are remembered.
const MOST: usize = 200;

/// One thing that was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// As it was done first.
    pub did: Rc<Step>,
    /// What stands for it by now: what took it back, or did it again.
    pub now: Rc<Step>,
    /// It was taken back.
    pub undone: bool,
    /// When it was done, from 1970.
    pub at: Duration,
    /// In this window, since it was loaded.
    pub here: bool,
    /// How what stands for it has ended; `None` before that.
    pub end: Option<End<Failure>>,
    /// What of it had failed then.
    pub failed: Option<Rc<Mutation>>,
}

impl Entry {
    /// Whether it can be taken back, or done again.
    pub fn can_turn(&self) -> bool {
        self.undone || self.now.has_back() && self.end != Some(End::Withdrawn)
    }

    /// What of it is in the database although it failed; `None` where that is nothing.
    pub fn done_in_part(&self) -> Option<Step> {
        self.now.without(self.failed.as_ref()?)
    }

    fn id(&self) -> MutationId {
        self.now.mutation.id
    }

    fn stands_for(&mut self, step: Rc<Step>, end: Option<End<Failure>>) {
        (self.now, self.end, self.failed) = (step, end, None);
    }
}

/// What is remembered of it all.
#[derive(Debug, Default)]
pub struct Activity {
    entries: VecDeque<Entry>,
    /// What can be taken back, and done again, the next at the end.
    done: Vec<MutationId>,
    undone: Vec<MutationId>,
    /// How often something new was done.
    generation: u64,
}

impl Activity {
    /// The latest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().rev()
    }

    /// A person did something here: what was undone before is not done again by the next redo.
    pub fn did(&mut self, step: Step, at: Duration) {
        self.undone.clear();
        self.generation += 1;
        self.done.push(step.mutation.id);
        self.push(step, at, true);
    }

    /// Something shows that was done in another window, or here before the page was loaded.
    pub fn joined(&mut self, step: Step, at: Duration) {
        if !self
            .entries
            .iter()
            .any(|entry| entry.did.mutation.id == step.mutation.id || entry.id() == step.mutation.id)
        {
            self.push(step, at, false);
        }
    }

    fn push(&mut self, step: Step, at: Duration, here: bool) {
        let step = Rc::new(step);
        let entry = Entry { did: step.clone(), now: step, undone: false, at, here, end: None, failed: None };
        self.entries.push_back(entry);
        if self.entries.len() > MOST
            && let Some(forgotten) = self.entries.pop_front()
        {
            self.forget(forgotten.id());
        }
    }

    fn forget(&mut self, id: MutationId) {
        self.done.retain(|other| *other != id);
        self.undone.retain(|other| *other != id);
    }

    /// Changes whenever something new is done.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// A mutation has ended, and that part of it `failed`.
    pub fn ended(&mut self, id: MutationId, end: End<Failure>, failed: Option<Rc<Mutation>>) {
        let is_in_a_later_one =
            || self.entries.iter().any(|entry| entry.did.is_made_on(id) || entry.now.is_made_on(id));
        let end = match end {
            End::Withdrawn if is_in_a_later_one() => End::Saved,
            End::Withdrawn => return self.given_up(id, None),
            end => end,
        };
        if let Some(entry) = self.entry(id) {
            (entry.end, entry.failed) = (Some(end), failed);
        }
    }

    /// A person has given up that mutation, or only this `part` of it, the rest of which is done.
    pub fn given_up(&mut self, id: MutationId, part: Option<&Mutation>) {
        let Some(entry) = self.entry(id) else { return };
        match part.and_then(|part| entry.now.without(part)) {
            Some(left) => entry.stands_for(Rc::new(left), Some(End::Saved)),
            // That was its way back.
            None if entry.now.is_withdrawn() => {}
            // It was to take something back that now stays, or the other way round.
            None if entry.did.mutation.id != id => {
                entry.undone = !entry.undone;
                let now = if entry.undone { Rc::new(entry.did.withdrawn()) } else { entry.did.clone() };
                entry.stands_for(now, Some(End::Saved));
                self.forget(id);
            }
            None => {
                entry.end = Some(End::Withdrawn);
                self.forget(id);
            }
        }
    }

    /// What is taken back next, or done `again`.
    pub fn next(&self, again: bool) -> Option<MutationId> {
        if again { self.undone.last().copied() } else { self.done.last().copied() }
    }

    /// That for which this mutation stands by now, to be taken back, or to be done again where it was taken back.
    pub fn take(&mut self, id: MutationId) -> Option<Entry> {
        self.forget(id);
        self.entry(id).map(|entry| entry.clone()).filter(Entry::can_turn)
    }

    /// What was taken could not be done.
    pub fn put_back(&mut self, id: MutationId) {
        let Some(entry) = self.entry(id) else { return };
        if entry.undone {
            self.undone.push(id);
        } else {
            self.done.push(id);
        }
    }

    /// What was taken was done, and that by this step. Unless it is `of_late`, it is the next to be turned once more.
    pub fn took(&mut self, id: MutationId, step: Step, of_late: bool) {
        let now = step.mutation.id;
        let Some(entry) = self.entry(id) else { return };
        entry.undone = !entry.undone;
        entry.stands_for(Rc::new(step), None);
        let stack = if entry.undone { &mut self.undone } else { &mut self.done };
        if !of_late {
            stack.push(now);
        }
    }

    fn entry(&mut self, id: MutationId) -> Option<&mut Entry> {
        self.entries.iter_mut().rev().find(|entry| entry.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use bson::{Uuid, rawdoc};
    use lockstep_model::{Action, Change, Document, DocumentId, Edit, Expectation, Namespace, Path, Value};

    use super::*;

    const NOW: Duration = Duration::from_secs(1);

    fn id(byte: u8) -> MutationId {
        MutationId(Uuid::from_bytes([byte; 16]))
    }

    fn offer(number: i32) -> DocumentId {
        DocumentId { namespace: Namespace::new("sample", "offers"), id: Value::from(number) }
    }

    /// Sets the amount of each of these offers, from 3 to 4.
    fn step(byte: u8, offers: &[i32]) -> Step {
        let expected = Expectation::Value(Some(Value::from(3)));
        let change = Change { path: Path::field("amount"), target: Some(Value::from(4)), expected };
        let edit =
            |number: &i32| Edit { document: offer(*number), action: Action::Update(vec![change.clone()]) };
        let mutation = Mutation::new(id(byte), offers.iter().map(edit).collect());
        Step::of(mutation, |_| Some(Rc::new(Document::whole(&rawdoc! { "_id": 1, "amount": 3 }))))
    }

    fn conflict() -> End<Failure> {
        End::Failed(Failure::Conflict { fields: Vec::new(), current: None })
    }

    fn shown(activity: &Activity) -> Vec<(MutationId, bool, bool)> {
        activity.entries().map(|entry| (entry.did.mutation.id, entry.undone, entry.can_turn())).collect()
    }

    #[test]
    fn steps_are_taken_back_and_done_again_in_order_until_something_else_is_done() {
        let mut activity = Activity::default();
        (1..=3).for_each(|byte| activity.did(step(byte, &[1]), NOW));
        for (byte, back) in [(3, 13), (2, 12)] {
            assert_eq!(activity.next(false), Some(id(byte)));
            assert!(!activity.take(id(byte)).unwrap().undone);
            activity.took(id(byte), step(back, &[1]), false);
        }
        assert_eq!((activity.next(false), activity.next(true)), (Some(id(1)), Some(id(12))));
        assert_eq!(shown(&activity), [(id(3), true, true), (id(2), true, true), (id(1), false, true)]);
        activity.did(step(4, &[1]), NOW);
        assert_eq!((activity.next(false), activity.next(true)), (Some(id(4)), None));
        assert!(activity.take(id(12)).unwrap().undone, "it can still be done again by itself");
    }

    #[test]
    fn what_gave_up_its_place_to_a_later_one_is_still_taken_back() {
        let mut activity = Activity::default();
        activity.did(step(1, &[1]), NOW);
        let mut later = step(2, &[1]).mutation;
        if let Action::Update(changes) = &mut later.edits[0].action {
            changes[0].expected = Expectation::After(id(1));
        }
        activity.did(
            Step::of(later, |_| Some(Rc::new(Document::whole(&rawdoc! { "_id": 1, "amount": 7 })))),
            NOW,
        );
        activity.ended(id(1), End::Withdrawn, None);
        activity.did(step(3, &[2]), NOW);
        activity.ended(id(3), End::Withdrawn, None);
        assert_eq!(shown(&activity), [(id(3), false, false), (id(2), false, true), (id(1), false, true)]);
    }

    #[test]
    fn any_is_taken_back_and_is_then_the_next_to_be_done_again() {
        let mut activity = Activity::default();
        (1..=3).for_each(|byte| activity.did(step(byte, &[1]), NOW));
        activity.take(id(1)).unwrap();
        activity.took(id(1), step(11, &[1]), false);
        assert_eq!((activity.next(false), activity.next(true)), (Some(id(3)), Some(id(11))));
        activity.take(id(11)).unwrap();
        activity.put_back(id(11));
        assert_eq!(activity.next(true), Some(id(11)));
    }

    #[test]
    fn of_what_failed_in_part_the_rest_stays_and_what_was_given_up_is_not_taken_back() {
        let mut activity = Activity::default();
        activity.did(step(1, &[1, 2]), NOW);
        activity.given_up(id(1), Some(&step(1, &[1]).mutation));
        let left = activity.take(id(1)).unwrap().now.back(id(9), false).unwrap();
        assert_eq!(left.touches().collect::<Vec<_>>(), [&offer(2)]);
        activity.did(step(2, &[1]), NOW);
        activity.given_up(id(2), Some(&step(2, &[1]).mutation));
        assert_eq!(activity.next(false), None);
        assert_eq!(shown(&activity)[0], (id(2), false, false));
    }

    #[test]
    fn where_taking_it_back_is_given_up_it_stands() {
        let mut activity = Activity::default();
        activity.did(step(1, &[1]), NOW);
        activity.take(id(1)).unwrap();
        activity.took(id(1), step(11, &[1]), false);
        activity.ended(id(11), conflict(), None);
        activity.given_up(id(11), Some(&step(11, &[1]).mutation));
        assert_eq!(shown(&activity), [(id(1), false, true)]);
        assert_eq!(activity.next(true), None);
    }

    #[test]
    fn where_taking_it_back_is_withdrawn_elsewhere_it_stands_and_what_was_withdrawn_here_stays_so() {
        let mut activity = Activity::default();
        activity.did(step(1, &[1]), NOW);
        activity.take(id(1)).unwrap();
        activity.took(id(1), step(11, &[1]), false);
        activity.ended(id(11), End::Withdrawn, None);
        assert_eq!(shown(&activity), [(id(1), false, true)]);
        activity.did(step(2, &[2]), NOW);
        let waiting = activity.take(id(2)).unwrap();
        activity.took(id(2), waiting.now.withdrawn(), false);
        activity.ended(id(2), End::Withdrawn, None);
        assert_eq!((activity.next(true), shown(&activity)[0]), (Some(id(2)), (id(2), true, true)));
    }

    #[test]
    fn what_failed_in_part_is_known_by_the_rest_of_it() {
        let mut activity = Activity::default();
        activity.joined(step(1, &[1, 2]), NOW);
        activity.ended(id(1), conflict(), Some(Rc::new(step(1, &[1]).mutation)));
        activity.joined(step(2, &[1]), NOW);
        activity.ended(id(2), conflict(), Some(Rc::new(step(2, &[1]).mutation)));
        let left: Vec<_> = activity.entries().map(Entry::done_in_part).collect();
        let back = left[1].as_ref().unwrap().back(id(9), false).unwrap();
        assert_eq!((&left[0], back.touches().collect::<Vec<_>>()), (&None, vec![&offer(2)]));
    }

    #[test]
    fn what_other_windows_do_is_known_once_and_not_taken_back_by_the_next_undo() {
        let mut activity = Activity::default();
        activity.joined(step(1, &[1]), NOW);
        activity.joined(step(1, &[1]), NOW);
        activity.ended(id(1), End::Saved, None);
        assert_eq!((activity.next(false), shown(&activity).len()), (None, 1));
        assert!(!activity.take(id(1)).unwrap().here);
    }

    #[test]
    fn only_the_latest_are_remembered() {
        let mut activity = Activity::default();
        (0..=u8::MAX).for_each(|byte| activity.did(step(byte, &[1]), NOW));
        assert_eq!((activity.entries().count(), activity.done.len()), (MOST, MOST));
    }
}
