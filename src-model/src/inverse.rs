//! Undo: the mutation that takes a mutation back, made from what the documents were before it.
//!
//! It knows no history: which mutation is undone, and whether it was committed, is for whoever asks. What it sets back,
//! it expects as the mutation left it, so that an undo overwrites a later change no more than any other edit does.

use crate::{
    Action, Change, Document, DocumentId, Edit, Expectation, Mutation, MutationId, Path, Revision, Step,
    mutation::Seen, reduce::reduce,
};

/// The mutation called `id` that makes the documents what they were `before`; `None` where there is nothing to take
/// back, or where a field that did not travel with its document would have to be.
///
/// After both, a document is what it was to the byte, but for a field that the mutation removed: that one comes back as
/// the last of its document, in [`order_of_changes`](crate::reduce::order_of_changes) where there are several.
pub fn inverse<'a>(
    mutation: &Mutation,
    id: MutationId,
    before: impl Fn(&DocumentId) -> Option<&'a Document>,
) -> Option<Mutation> {
    let mut edits = Vec::new();
    for Edit { document, action } in &mutation.edits {
        let before = before(document);
        let after = reduce(document, before, mutation);
        if let Some(action) = inverse_action(action, before, after.as_ref())? {
            edits.push(Edit { document: document.clone(), action });
        }
    }
    (!edits.is_empty()).then_some(Mutation::new(id, edits))
}

/// `None` where it is impossible, `Some(None)` where there is nothing to take back.
fn inverse_action(
    action: &Action,
    before: Option<&Document>,
    after: Option<&Document>,
) -> Option<Option<Action>> {
    match (action, before, after) {
        (Action::Insert(_), None, Some(after)) => {
            Some(Some(Action::Delete { seen: Seen::Revision(Revision::of(after.raw())) }))
        }
        (Action::Update(changes), Some(before), Some(after)) => {
            let changes = inverse_changes(changes, before, after)?;
            Some((!changes.is_empty()).then_some(Action::Update(changes)))
        }
        (Action::Delete { .. }, Some(before), _) => {
            let is_whole = before.omitted().iter().all(|omitted| !is_left_out(before, &omitted.field));
            is_whole.then(|| Some(Action::Insert(before.raw().to_owned())))
        }
        _ => Some(None),
    }
}

fn inverse_changes(changes: &[Change], before: &Document, after: &Document) -> Option<Vec<Change>> {
    let mut inverse: Vec<Change> = Vec::new();
    for change in changes {
        let Some(path) = set_back(&change.path, before) else { continue };
        if matches!(path.head(), Step::Field(name) if is_left_out(before, name)) {
            return None;
        }
        let (target, expected) = (before.value(&path), after.value(&path));
        if target != expected && inverse.iter().all(|other| other.path != path) {
            inverse.push(Change { path, target, expected: Expectation::Value(expected) });
        }
    }
    Some(inverse)
}

/// What is set back for a change at this path: the outermost of its parents that was missing, since it was made along
/// with the field, or the outermost array that the path goes into, which may have grown. Mostly the path itself.
fn set_back(path: &Path, before: &Document) -> Option<Path> {
    let guarded = path.guarded()?;
    let prefix = |length| Path::try_from(guarded.steps()[..length].to_vec()).ok();
    let missing = (1..guarded.steps().len()).filter_map(prefix).find(|parent| before.get(parent).is_none());
    Some(missing.unwrap_or(guarded))
}

/// Whether the document has a field of that name that did not travel.
fn is_left_out(document: &Document, name: &str) -> bool {
    document.get(&Path::field(name)).is_none()
        && document.omitted().iter().any(|omitted| &*omitted.field == name)
}

#[cfg(test)]
mod tests {
    use bson::{RawBson, RawBsonRef, RawDocument, RawDocumentBuf, Uuid, rawbson, rawdoc};

    use super::*;
    use crate::{
        Namespace, Value,
        document::OMIT_OVER_BYTES,
        random::{self, Random},
    };

    const ROUNDS: u64 = 3_000;

    fn document_id() -> DocumentId {
        DocumentId { namespace: Namespace::new("d", "c"), id: Value::from(1) }
    }

    fn mutation(number: u8, action: Action) -> Mutation {
        Mutation::new(
            MutationId(Uuid::from_bytes([number; 16])),
            vec![Edit { document: document_id(), action }],
        )
    }

    fn set(path: &str, target: Option<RawBson>) -> Change {
        Change {
            path: Path::dotted(path),
            target: target.map(Value::from),
            expected: Expectation::Value(None),
        }
    }

    fn raw(document: &Option<Document>) -> Option<&RawDocument> {
        document.as_ref().map(Document::raw)
    }

    /// The mutation and its inverse, one after the other: the document after each.
    fn there_and_back(
        before: Option<&Document>,
        mutation: &Mutation,
    ) -> (Option<Document>, Mutation, Option<Document>) {
        let after = reduce(&document_id(), before, mutation);
        let inverse = inverse(mutation, MutationId(Uuid::from_bytes([9; 16])), |_| before)
            .unwrap_or_else(|| panic!("no inverse of {mutation:?} on {before:?}"));
        let back = reduce(&document_id(), after.as_ref(), &inverse);
        (after, inverse, back)
    }

    #[test]
    fn an_update_is_taken_back_by_an_update() {
        let before = rawdoc! { "_id": 1, "a": 1_i64, "o": { "x": 1 }, "l": [1, { "q": 2 }], "z": "last" };
        let item = Path::field("l").then(Step::Index(5));
        let beyond = Change { path: item, target: Some(Value::from(7)), expected: Expectation::Value(None) };
        let table = [
            (
                vec![set("a", Some(rawbson!("new")))],
                vec![("a", Some(rawbson!(1_i64)), Some(rawbson!("new")))],
            ),
            (vec![set("n", Some(rawbson!(5)))], vec![("n", None, Some(rawbson!(5)))]),
            (vec![set("z", None)], vec![("z", Some(rawbson!("last")), None)]),
            (vec![set("o.y", Some(rawbson!(5)))], vec![("o.y", None, Some(rawbson!(5)))]),
            // parents that it made go with it, once
            (
                vec![set("n.m.o", Some(rawbson!(1))), set("n.k", Some(rawbson!(2)))],
                vec![("n", None, Some(rawbson!({ "k": 2, "m": { "o": 1 } })))],
            ),
            // an array comes back whole
            (
                vec![beyond],
                vec![(
                    "l",
                    Some(rawbson!([1, { "q": 2 }])),
                    Some(rawbson!([1, { "q": 2 }, null, null, null, 7])),
                )],
            ),
            // what it did not change is not taken back
            (
                vec![set("a", Some(rawbson!(2))), set("gone", None), set("z", Some(rawbson!("last")))],
                vec![("a", Some(rawbson!(1_i64)), Some(rawbson!(2)))],
            ),
        ];
        for (changes, expected) in table {
            let mutation = mutation(1, Action::Update(changes));
            let before = Document::whole(&before);
            let (_, inverse, back) = there_and_back(Some(&before), &mutation);
            let expected = expected.into_iter().map(|(path, target, expected)| Change {
                expected: Expectation::Value(expected.map(Value::from)),
                ..set(path, target)
            });
            assert_eq!(inverse.edits[0].action, Action::Update(expected.collect()), "{mutation:?}");
            assert_eq!(raw(&back), Some(before.raw()), "{mutation:?}");
        }
    }

    #[test]
    fn an_insert_is_taken_back_by_a_delete_and_a_delete_by_an_insert() {
        let raw_document = rawdoc! { "a": 1, "_id": 1 };
        let (after, inverse, back) = there_and_back(None, &mutation(1, Action::Insert(raw_document)));
        let stored = rawdoc! { "_id": 1, "a": 1 };
        assert_eq!(raw(&after), Some(&*stored));
        let delete = || Action::Delete { seen: Seen::Revision(Revision::of(&stored)) };
        assert_eq!((&inverse.edits[0].action, back), (&delete(), None));

        let before = Document::whole(&stored);
        let (after, inverse, back) = there_and_back(Some(&before), &mutation(1, delete()));
        assert_eq!((after, &inverse.edits[0].action), (None, &Action::Insert(stored)));
        assert_eq!(back, Some(before));
    }

    #[test]
    fn nothing_is_taken_back_that_was_not_done_or_did_not_travel() {
        let large = "x".repeat(OMIT_OVER_BYTES);
        let light = Document::light(&rawdoc! { "_id": 1, "a": 1, "large": large });
        let whole = Document::whole(&rawdoc! { "_id": 1, "a": 1 });
        let update = |path, target| Action::Update(vec![set(path, target)]);
        let delete = || Action::Delete { seen: Seen::Revision(light.revision()) };
        let table = [
            (update("a", Some(rawbson!(1))), Some(&whole), false),
            (update("a.x", Some(rawbson!(1))), Some(&whole), false),
            (update("a", Some(rawbson!(2))), None, false),
            (delete(), None, false),
            (Action::Insert(whole.raw().to_owned()), Some(&whole), false),
            (delete(), Some(&light), false),
            (update("large", Some(rawbson!(1))), Some(&light), false),
            (update("large.x", Some(rawbson!(1))), Some(&light), false),
            (update("a", Some(rawbson!(2))), Some(&light), true),
            (update("new", Some(rawbson!(2))), Some(&light), true),
            (delete(), Some(&whole), true),
        ];
        for (action, before, expected) in table {
            let mutation = mutation(1, action);
            let inverse = inverse(&mutation, MutationId(Uuid::from_bytes([9; 16])), |_| before);
            assert_eq!(inverse.is_some(), expected, "{mutation:?} on {before:?}");
        }
    }

    #[test]
    fn every_document_of_a_mutation_is_taken_back_or_none_is() {
        let id = |id: i32| DocumentId { namespace: Namespace::new("d", "c"), id: Value::from(id) };
        let edit =
            |n, target| Edit { document: id(n), action: Action::Update(vec![set("large", Some(target))]) };
        let mutation = Mutation::new(
            MutationId(Uuid::from_bytes([1; 16])),
            vec![edit(1, rawbson!(5)), edit(2, rawbson!(5))],
        );
        let small = Document::whole(&rawdoc! { "large": 1 });
        let light = Document::light(&rawdoc! { "large": "x".repeat(OMIT_OVER_BYTES) });
        let undo = |second: &Document| {
            let of = |document: &DocumentId| Some(if *document == id(1) { &small } else { second });
            inverse(&mutation, MutationId(Uuid::from_bytes([9; 16])), of).map(|inverse| inverse.edits.len())
        };
        assert_eq!(undo(&small), Some(2));
        assert_eq!(
            undo(&Document::whole(&rawdoc! { "large": 5 })),
            Some(1),
            "what is there already is left out"
        );
        assert_eq!(undo(&light), None);
    }

    /// The same document with the fields of every document in it by name.
    fn by_name(document: &RawDocument) -> RawDocumentBuf {
        let mut fields: Vec<_> = document.iter().map(Result::unwrap).collect();
        fields.sort_by_key(|(name, _)| name.as_str());
        let mut sorted = RawDocumentBuf::new();
        for (name, value) in fields {
            match value {
                RawBsonRef::Document(inner) => sorted.append(name, by_name(inner)),
                value => sorted.append(name, value),
            }
        }
        sorted
    }

    #[test]
    fn reduce_then_inverse_is_the_identity() {
        let mut to_the_byte = 0;
        for seed in 0..ROUNDS {
            let mut random = Random::new(seed);
            let before = Document::whole(&random::document(&mut random));
            let changes = random::changes(&mut random, &before, &random::NAMES);
            let removes = |change: &Change| change.target.is_none() && before.value(&change.path).is_some();
            let in_order = !changes.iter().any(removes);
            let mutation = mutation(1, Action::Update(changes));
            let Some(after) = reduce(&document_id(), Some(&before), &mutation) else { panic!("seed {seed}") };
            if after == before {
                continue;
            }
            let (_, inverse, back) = there_and_back(Some(&before), &mutation);
            let back = back.unwrap();
            let case = format!("seed {seed}: {before:?}, {mutation:?}, {inverse:?}");
            assert_eq!(by_name(back.raw()), by_name(before.raw()), "{case}");
            if in_order {
                assert_eq!(back, before, "{case}");
                to_the_byte += 1;
            }
            let Action::Update(changes) = &inverse.edits[0].action else { panic!("{case}") };
            for change in changes {
                let there = change.path.guarded().and_then(|path| after.value(&path));
                assert_eq!(change.expected, Expectation::Value(there), "{case}");
            }
            // And it is taken back itself: redo.
            let (_, _, again) = there_and_back(Some(&after), &inverse);
            assert_eq!(by_name(again.unwrap().raw()), by_name(after.raw()), "{case}");
        }
        assert!(to_the_byte > ROUNDS / 4, "{to_the_byte}");
    }

    #[test]
    fn layers_of_disjoint_fields_commute() {
        let mut to_the_byte = 0;
        for seed in 0..ROUNDS {
            let mut random = Random::new(seed);
            let before = Document::whole(&random::document(&mut random));
            let (some, others) = random::NAMES.split_at(random::NAMES.len() / 2);
            let one = random::changes(&mut random, &before, some);
            let other = random::changes(&mut random, &before, others);
            let adds = |change: &Change| {
                let head = Path::try_from(vec![change.path.head().clone()]).unwrap();
                change.target.is_some() && before.get(&head).is_none()
            };
            let adds_in_both = one.iter().any(adds) && other.iter().any(adds);
            let mutations = [mutation(1, Action::Update(one)), mutation(2, Action::Update(other))];
            let layered = |lower: &Mutation, upper: &Mutation| {
                let below = reduce(&document_id(), Some(&before), lower);
                reduce(&document_id(), below.as_ref(), upper).unwrap()
            };
            let [a, b] = &mutations;
            let (there, back) = (layered(a, b), layered(b, a));
            assert_eq!(by_name(there.raw()), by_name(back.raw()), "seed {seed}: {before:?}, {mutations:?}");
            // Only fields that both add stand in the order of the layers.
            if !adds_in_both {
                assert_eq!(there, back, "seed {seed}: {before:?}, {mutations:?}");
                to_the_byte += 1;
            }
        }
        assert!(to_the_byte > ROUNDS / 8, "{to_the_byte}");
    }
}
