//! What this window has done, and the mutations that take it back.
//!
//! Nothing is sent here. What is taken back is expected as it was left, so that an undo overwrites what somebody else has
//! done since no more than any other edit does.

use std::{collections::HashMap, rc::Rc};

use lockstep_model::{
    Action, Change, Document, DocumentId, Edit, Expectation, Mutation, MutationId, inverse::inverse,
    mutation::Seen,
};

/// So many steps are remembered.
const MOST: usize = 200;

/// One thing that was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What did it.
    pub mutation: Mutation,
    /// What takes it back; `None` where nothing can.
    back: Option<Mutation>,
}

impl Step {
    /// What that mutation does to documents as they are shown before it.
    pub fn of(mutation: Mutation, before: impl Fn(&DocumentId) -> Option<Rc<Document>>) -> Self {
        let documents: HashMap<_, _> = mutation.touches().map(|id| (id, before(id))).collect();
        let before = |id: &DocumentId| documents.get(id)?.as_deref();
        // What was changed of a document that this window never read cannot be set back, and so nothing is.
        let all_read = mutation
            .edits
            .iter()
            .all(|edit| matches!(edit.action, Action::Insert(_)) || before(&edit.document).is_some());
        let back = if all_read { inverse(&mutation, mutation.id, before) } else { None };
        Self { back, mutation }
    }

    /// That the mutation was never sent: it is done again by sending it.
    pub fn withdrawn(self) -> Self {
        Self { back: Some(self.mutation.clone()), mutation: self.mutation }
    }

    /// What is left to be taken back once this part of it was given up, if anything.
    pub fn without(self, given_up: &Mutation) -> Option<Self> {
        let left = |edit: &Edit| given_up.edit(&edit.document).is_none();
        let back =
            self.back.map(|back| Mutation { edits: back.edits.into_iter().filter(left).collect(), ..back });
        self.mutation.edits.iter().any(left).then_some(Self { back, mutation: self.mutation })
    }

    /// Whether it was made on top of another one that had not ended, and so may have taken that one's place.
    pub fn follows(&self) -> bool {
        self.mutation.edits.iter().any(|edit| match &edit.action {
            Action::Update(changes) => {
                changes.iter().any(|change| matches!(change.expected, Expectation::After(_)))
            }
            Action::Delete { seen } => matches!(seen, Seen::After(_)),
            Action::Insert(_) => false,
        })
    }

    /// The mutation called `id` that takes it back; one that is still `pending` it waits for. `None` where nothing can.
    pub fn back(&self, id: MutationId, pending: bool) -> Option<Mutation> {
        let mut back = Mutation { id, ..self.back.clone().filter(|back| !back.edits.is_empty())? };
        if pending {
            back.edits.iter_mut().for_each(|edit| self.wait_for(edit));
        }
        Some(back)
    }

    fn wait_for(&self, edit: &mut Edit) {
        let Some(Edit { action: done, .. }) = self.mutation.edit(&edit.document) else { return };
        match (&mut edit.action, done) {
            (Action::Update(changes), Action::Update(done)) => {
                let same = |change: &&mut Change| done.iter().any(|done| done.path == change.path);
                for change in changes.iter_mut().filter(same) {
                    change.expected = Expectation::After(self.mutation.id);
                }
            }
            (Action::Delete { seen }, _) => *seen = Seen::After(self.mutation.id),
            _ => {}
        }
    }
}

/// The steps of a window.
#[derive(Debug, Default)]
pub struct Undo {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// How often something new was done.
    generation: u64,
}

impl Undo {
    /// A person did something: what was undone before cannot be done again.
    pub fn did(&mut self, step: Step) {
        self.undone.clear();
        self.generation += 1;
        push(&mut self.done, step);
    }

    /// Changes whenever something new is done.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// A person has given up that mutation, or only this `part` of it, the rest of which is done.
    pub fn given_up(&mut self, id: MutationId, part: Option<&Mutation>) {
        for steps in [&mut self.done, &mut self.undone] {
            let Some(at) = steps.iter().position(|step| step.mutation.id == id) else { continue };
            let step = steps.remove(at);
            if let Some(left) = part.and_then(|part| step.without(part)) {
                steps.insert(at, left);
            }
        }
    }

    /// The last step, to be taken back; or the last that was, to be done again.
    pub fn take(&mut self, again: bool) -> Option<Step> {
        if again { self.undone.pop() } else { self.done.pop() }
    }

    /// What was taken could not be done.
    pub fn put_back(&mut self, again: bool, step: Step) {
        push(if again { &mut self.undone } else { &mut self.done }, step);
    }

    /// What was taken was done so.
    pub fn took(&mut self, again: bool, step: Step) {
        push(if again { &mut self.done } else { &mut self.undone }, step);
    }
}

fn push(steps: &mut Vec<Step>, step: Step) {
    steps.push(step);
    if steps.len() > MOST {
        steps.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use bson::{Uuid, rawdoc};
    use lockstep_model::{Namespace, Path, Value};

    use super::*;

    fn id(byte: u8) -> MutationId {
        MutationId(Uuid::from_bytes([byte; 16]))
    }

    fn offer() -> DocumentId {
        DocumentId { namespace: Namespace::new("sample", "offers"), id: Value::from(1) }
    }

    fn set(byte: u8, expected: Expectation, target: i32) -> Mutation {
        let change = Change { path: Path::field("amount"), target: Some(Value::from(target)), expected };
        Mutation::new(id(byte), vec![Edit { document: offer(), action: Action::Update(vec![change]) }])
    }

    fn was(amount: i32) -> Expectation {
        Expectation::Value(Some(Value::from(amount)))
    }

    fn with(amount: i32) -> Option<Rc<Document>> {
        Some(Rc::new(Document::whole(&rawdoc! { "_id": 1, "amount": amount })))
    }

    #[test]
    fn a_saved_edit_is_taken_back_over_what_it_left_and_a_pending_one_after_it() {
        let step = Step::of(set(1, was(3), 4), |_| with(3));
        assert!(!step.follows());
        assert_eq!(step.back(id(2), false), Some(set(2, was(4), 3)));
        assert_eq!(step.back(id(2), true), Some(set(2, Expectation::After(id(1)), 3)));
        assert!(Step::of(set(2, Expectation::After(id(1)), 5), |_| with(4)).follows());
    }

    #[test]
    fn an_insert_is_taken_back_by_a_delete_and_a_delete_by_an_insert() {
        let content = rawdoc! { "_id": 1, "amount": 3 };
        let edit = |action| vec![Edit { document: offer(), action }];
        let inserted = Mutation::new(id(1), edit(Action::Insert(content.clone())));
        let step = Step::of(inserted, |_| None);
        let gone = Action::Delete { seen: Seen::After(id(1)) };
        assert_eq!(step.back(id(2), true), Some(Mutation::new(id(2), edit(gone.clone()))));
        let deleted = Mutation::new(id(2), edit(gone));
        let step = Step::of(deleted, |_| with(3));
        assert_eq!(step.back(id(3), true), Some(Mutation::new(id(3), edit(Action::Insert(content)))));
    }

    #[test]
    fn of_what_failed_in_part_the_rest_is_taken_back_and_what_was_given_up_is_forgotten() {
        let other = DocumentId { id: Value::from(2), ..offer() };
        let both = |byte: u8, expected: Expectation, target: i32| {
            let one = set(byte, expected, target);
            let second = Edit { document: other.clone(), ..one.edits[0].clone() };
            Mutation { edits: vec![one.edits[0].clone(), second], ..one }
        };
        let before = |document: &DocumentId| {
            let number = if *document == other { 2 } else { 1 };
            Some(Rc::new(Document::whole(&rawdoc! { "_id": number, "amount": 3 })))
        };
        let failed = set(1, was(3), 4);
        let mut undo = Undo::default();
        undo.did(Step::of(both(1, was(3), 4), before));
        undo.given_up(id(1), Some(&failed));
        let back = undo.take(false).unwrap().back(id(2), false).unwrap();
        assert_eq!(back.touches().collect::<Vec<_>>(), [&other]);
        undo.did(Step::of(failed.clone(), before));
        undo.given_up(id(1), Some(&failed));
        assert_eq!(undo.take(false), None);
        assert_eq!(Step::of(both(1, was(3), 4), |_| None).back(id(2), false), None, "it was never read");
    }

    #[test]
    fn what_was_withdrawn_is_done_again_by_itself() {
        let step = Step::of(set(1, was(3), 4), |_| with(3)).withdrawn();
        assert_eq!(step.back(id(2), false), Some(set(2, was(3), 4)));
    }

    #[test]
    fn steps_are_taken_back_and_done_again_in_order_until_something_else_is_done() {
        let step = |byte| Step::of(set(byte, was(3), 4), |_| with(3));
        let mut undo = Undo::default();
        (1..=3).for_each(|byte| undo.did(step(byte)));
        for byte in [3, 2] {
            let taken = undo.take(false).unwrap();
            assert_eq!(taken, step(byte));
            undo.took(false, taken);
        }
        assert_eq!(undo.take(true), Some(step(2)));
        undo.did(step(4));
        assert_eq!(undo.take(true), None);
        assert_eq!((undo.take(false), undo.take(false)), (Some(step(4)), Some(step(1))));
    }
}
