//! A mutation that was made on top of another that was still pending: which it is, and what it expects once that has ended.

use lockstep_model::{
    Action, DocumentId, Edit, Expectation, Mutation, MutationId, Outcome, Path, Seen, Value,
    mutation::Snapshot,
};

/// Whether a mutation expects what another leaves in a document.
pub(super) fn follows(mutation: &Mutation, document: &DocumentId, earlier: MutationId) -> bool {
    mutation.edit(document).is_some_and(|edit| predecessors(edit).contains(&earlier))
}

/// The mutations that an edit was made on top of, as long as its expectations wait for them.
pub(super) fn predecessors(edit: &Edit) -> Vec<MutationId> {
    match &edit.action {
        Action::Update(changes) => {
            let after = changes.iter().filter_map(|change| match change.expected {
                Expectation::After(earlier) => Some(earlier),
                Expectation::Value(_) => None,
            });
            after.collect()
        }
        Action::Delete { seen: Seen::After(earlier) } => vec![*earlier],
        Action::Delete { .. } | Action::Insert(_) => Vec::new(),
    }
}

/// It waits for another one instead, which has the same fields.
pub(super) fn move_on(edit: &mut Edit, earlier: MutationId, by: MutationId) {
    match &mut edit.action {
        Action::Update(changes) => {
            let after = changes.iter_mut().filter(|change| change.expected == Expectation::After(earlier));
            after.for_each(|change| change.expected = Expectation::After(by));
        }
        Action::Delete { seen } => *seen = Seen::After(by),
        Action::Insert(_) => {}
    }
}

/// Whether an edit was made on top of that mutation alone, and changes just the same fields: then it takes over its
/// expectations.
pub(super) fn replaces(edit: &mut Edit, earlier: &Mutation) -> bool {
    let [Edit { action: Action::Update(old), .. }] = &earlier.edits[..] else { return false };
    let Action::Update(new) = &mut edit.action else { return false };
    let expected_of =
        |path: &Path| old.iter().find(|change| change.path == *path).map(|change| &change.expected);
    let on_top = new.len() == old.len()
        && new.iter().all(|change| {
            change.expected == Expectation::After(earlier.id) && expected_of(&change.path).is_some()
        });
    if on_top {
        for change in new {
            change.expected = expected_of(&change.path).cloned().unwrap_or(Expectation::Value(None));
        }
    }
    on_top
}

/// Gives a mutation the expectations that it has now that an earlier one's edit of a document has ended otherwise than in
/// conflict.
pub(super) fn resolve(
    successor: &mut Mutation,
    earlier: &Mutation,
    edit: &Edit,
    outcome: &Outcome,
    documents: &[Snapshot],
) {
    let committed = *outcome == Outcome::Committed;
    let left = documents.iter().find(|snapshot| snapshot.id == edit.document);
    for successor in successor.edits.iter_mut().filter(|other| other.document == edit.document) {
        match &mut successor.action {
            Action::Update(changes) => {
                let after =
                    changes.iter_mut().filter(|change| change.expected == Expectation::After(earlier.id));
                after.for_each(|change| {
                    change.expected = expectation_after(edit, &change.path, committed, left)
                });
            }
            Action::Delete { seen } if *seen == Seen::After(earlier.id) => {
                *seen = seen_after(left).unwrap_or(*seen);
            }
            Action::Delete { .. } | Action::Insert(_) => {}
        }
    }
}

/// What a person who deletes a document saw of it, once the edit before that has ended.
fn seen_after(left: Option<&Snapshot>) -> Option<Seen> {
    left?.document.as_ref().map(|document| Seen::Revision(document.revision()))
}

/// What a field holds once an edit has ended: its target, or what it went over itself. Under an array the whole array
/// is expected, as the edit left it.
fn expectation_after(edit: &Edit, path: &Path, committed: bool, left: Option<&Snapshot>) -> Expectation {
    let guarded = path.guarded();
    if committed && guarded.as_ref() != Some(path) {
        let document = left.and_then(|snapshot| snapshot.document.as_ref());
        return Expectation::Value(document.and_then(|document| document.value(&guarded?)));
    }
    match &edit.action {
        Action::Update(changes) => match changes.iter().find(|change| change.path == *path) {
            Some(change) if committed => Expectation::Value(change.target.clone()),
            Some(change) => change.expected.clone(),
            None => Expectation::Value(None),
        },
        Action::Insert(document) if committed => Expectation::Value(inserted(document, path)),
        Action::Insert(_) | Action::Delete { .. } => Expectation::Value(None),
    }
}

fn inserted(document: &bson::RawDocument, path: &Path) -> Option<Value> {
    lockstep_model::Document::whole(document).value(path)
}
