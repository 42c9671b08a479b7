//! What was done, and the mutation that takes it back.
//!
//! Nothing is sent here. What is taken back is expected as it was left, so that an undo overwrites what somebody else has
//! done since no more than any other edit does.

use std::{collections::HashMap, rc::Rc};

use lockstep_model::{
    Action, Change, Document, DocumentId, Edit, Expectation, Mutation, MutationId, Path, Value,
    inverse::inverse, mutation::Seen,
};

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
    pub fn withdrawn(&self) -> Self {
        Self { back: Some(self.mutation.clone()), mutation: self.mutation.clone() }
    }

    /// Whether it is what [`withdrawn`](Self::withdrawn) says.
    pub fn is_withdrawn(&self) -> bool {
        self.back.as_ref() == Some(&self.mutation)
    }

    /// What is left to be taken back once this part of it was given up, if anything.
    pub fn without(&self, given_up: &Mutation) -> Option<Self> {
        let left = |edit: &&Edit| given_up.edit(&edit.document).is_none();
        let back = self.back.as_ref().map(|back| Mutation {
            edits: back.edits.iter().filter(left).cloned().collect(),
            ..back.clone()
        });
        self.mutation
            .edits
            .iter()
            .any(|edit| left(&edit))
            .then(|| Self { back, mutation: self.mutation.clone() })
    }

    /// Whether there is anything that takes it back.
    pub fn has_back(&self) -> bool {
        self.back.as_ref().is_some_and(|back| !back.edits.is_empty())
    }

    /// What the field was before, where it was something else and this step knows; `None` inside is: it was not there.
    pub fn was(&self, document: &DocumentId, path: &Path) -> Option<Option<&Value>> {
        match &self.back.as_ref()?.edit(document)?.action {
            Action::Update(changes) => {
                Some(changes.iter().find(|change| change.path == *path)?.target.as_ref())
            }
            Action::Insert(_) | Action::Delete { .. } => None,
        }
    }

    /// Whether it was made on top of another one that had not ended, and so may have taken that one's place.
    pub fn follows(&self) -> bool {
        self.made_on().next().is_some()
    }

    /// Whether it was made on top of that one.
    pub fn is_made_on(&self, id: MutationId) -> bool {
        self.made_on().any(|other| other == id)
    }

    fn made_on(&self) -> impl Iterator<Item = MutationId> {
        self.mutation.edits.iter().flat_map(|edit| {
            let (changes, seen) = match &edit.action {
                Action::Update(changes) => (&changes[..], None),
                Action::Delete { seen } => (&[][..], Some(seen)),
                Action::Insert(_) => (&[][..], None),
            };
            let of_changes = changes.iter().filter_map(|change| match change.expected {
                Expectation::After(id) => Some(id),
                _ => None,
            });
            let of_seen = seen.and_then(|seen| match seen {
                Seen::After(id) => Some(*id),
                _ => None,
            });
            of_changes.chain(of_seen)
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

    /// Whether who made this edit saw the document so, as far as the edit says.
    pub fn saw(edit: &Edit, document: &Document) -> bool {
        match &edit.action {
            Action::Update(changes) => changes.iter().all(|change| match &change.expected {
                Expectation::Value(expected) => {
                    change.path.guarded().is_none_or(|path| document.value(&path) == *expected)
                }
                _ => true,
            }),
            Action::Delete { seen: Seen::Revision(revision) } => document.revision() == *revision,
            Action::Delete { .. } | Action::Insert(_) => true,
        }
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

#[cfg(test)]
mod tests {
    use bson::{Uuid, rawdoc};
    use lockstep_model::Namespace;

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
    fn of_what_failed_in_part_the_rest_is_taken_back() {
        let other = DocumentId { id: Value::from(2), ..offer() };
        let failed = set(1, was(3), 4);
        let second = Edit { document: other.clone(), ..failed.edits[0].clone() };
        let both = Mutation { edits: vec![failed.edits[0].clone(), second], ..failed.clone() };
        let before = |document: &DocumentId| {
            let number = if *document == other { 2 } else { 1 };
            Some(Rc::new(Document::whole(&rawdoc! { "_id": number, "amount": 3 })))
        };
        let step = Step::of(both.clone(), before);
        let back = step.without(&failed).unwrap().back(id(2), false).unwrap();
        assert_eq!(back.touches().collect::<Vec<_>>(), [&other]);
        assert_eq!(Step::of(failed.clone(), before).without(&failed), None);
        assert_eq!(Step::of(both, |_| None).back(id(2), false), None, "it was never read");
    }

    #[test]
    fn it_knows_of_what_the_edit_was_made() {
        let three = with(3).unwrap();
        let saw = |expected| Step::saw(&set(1, expected, 4).edits[0], &three);
        assert_eq!([saw(was(3)), saw(was(5)), saw(Expectation::After(id(9)))], [true, false, true]);
        let delete = |revision| Action::Delete { seen: Seen::Revision(revision) };
        let other = with(5).unwrap().revision();
        let deletes =
            [three.revision(), other].map(|revision| Edit { document: offer(), action: delete(revision) });
        assert_eq!(deletes.map(|edit| Step::saw(&edit, &three)), [true, false]);
    }

    #[test]
    fn it_knows_what_was_there() {
        let step = Step::of(set(1, was(3), 4), |_| with(3));
        assert_eq!(step.was(&offer(), &Path::field("amount")), Some(Some(&Value::from(3))));
        assert_eq!(step.was(&offer(), &Path::field("owner")), None);
    }

    #[test]
    fn what_was_withdrawn_is_done_again_by_itself() {
        let step = Step::of(set(1, was(3), 4), |_| with(3)).withdrawn();
        assert_eq!(step.back(id(2), false), Some(set(2, was(3), 4)));
    }
}
