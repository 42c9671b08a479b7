use super::*;
use bson::rawdoc;
use lockstep_model::{Change, Document, Namespace, Stamp};

fn id(byte: u8) -> MutationId {
    MutationId(bson::Uuid::from_bytes([byte; 16]))
}

fn offer(n: i32) -> DocumentId {
    DocumentId { namespace: Namespace::new("sample", "offers"), id: Value::from(n) }
}

fn amount() -> Path {
    Path::field("amount")
}

/// Sets the amount of an offer.
fn update(byte: u8, offer_id: i32, target: i32, expected: Expectation) -> Mutation {
    let change = Change { path: amount(), target: Some(Value::from(target)), expected };
    let edit = Edit { document: offer(offer_id), action: Action::Update(vec![change]) };
    Mutation { id: id(byte), edits: vec![edit] }
}

fn delete(byte: u8, offer_id: i32, seen: Seen) -> Mutation {
    Mutation {
        id: id(byte),
        edits: vec![Edit { document: offer(offer_id), action: Action::Delete { seen } }],
    }
}

fn was(value: i32) -> Expectation {
    Expectation::Value(Some(Value::from(value)))
}

fn outbox(mutations: Vec<Mutation>) -> Outbox {
    let mut outbox = Outbox::default();
    for (number, mutation) in (1..).zip(mutations) {
        assert_eq!(outbox.arrive(mutation.clone()), Arrival::New(number));
        assert!(!outbox.accept(number, &mutation));
    }
    outbox
}

fn full_disk() -> Failure {
    Failure::internal("the disk is full")
}

fn ready(outbox: &mut Outbox) -> Vec<u64> {
    outbox.take_ready().into_iter().map(|(number, _)| number).collect()
}

fn settlement(byte: u8, outcome: Outcome) -> Settlement {
    Settlement { mutation: id(byte), outcomes: vec![outcome], documents: Vec::new() }
}

fn rejected() -> Outcome {
    Outcome::Failed(Failure::Rejected { message: "discount over amount".into(), fields: vec![] })
}

fn conflict() -> Outcome {
    Outcome::Failed(Failure::Conflict { fields: vec![amount()], current: None })
}

fn expected(consequences: &Consequences) -> Vec<Expectation> {
    let edits = consequences.rewritten.iter().flat_map(|(_, mutation)| &mutation.edits);
    edits
        .filter_map(|edit| match &edit.action {
            Action::Update(changes) => Some(changes[0].expected.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn one_documents_mutations_go_out_in_order_and_different_documents_side_by_side() {
    let mut outbox = outbox(vec![
        update(1, 1, 10, was(5)),
        update(2, 1, 20, Expectation::After(id(1))),
        update(3, 2, 30, was(5)),
    ]);
    assert_eq!(ready(&mut outbox), [1, 3]);
    assert_eq!(ready(&mut outbox), [0u64; 0]);
    outbox.settle(1, &settlement(1, Outcome::Committed));
    assert_eq!(ready(&mut outbox), [2]);
}

#[test]
fn a_mutation_in_review_blocks_nobody() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5)), update(2, 1, 20, was(5))]);
    assert_eq!(ready(&mut outbox), [1]);
    outbox.settle(1, &settlement(1, rejected()));
    assert_eq!(ready(&mut outbox), [2]);
    assert_eq!(outbox.counts(), (1, 1));
}

#[test]
fn after_a_commit_the_successor_expects_its_target() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5)), update(2, 1, 20, Expectation::After(id(1)))]);
    ready(&mut outbox);
    let consequences = outbox.settle(1, &settlement(1, Outcome::Committed));
    assert_eq!(expected(&consequences), [was(10)]);
}

#[test]
fn after_a_rejection_the_successor_expects_what_the_rejected_one_expected() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5)), update(2, 1, 20, Expectation::After(id(1)))]);
    ready(&mut outbox);
    let consequences = outbox.settle(1, &settlement(1, rejected()));
    assert_eq!(expected(&consequences), [was(5)]);
    assert_eq!(consequences.failed, []);
}

#[test]
fn on_top_of_a_conflict_all_successors_wait_in_review() {
    let mut outbox = outbox(vec![
        update(1, 1, 10, was(5)),
        update(2, 1, 20, Expectation::After(id(1))),
        update(3, 1, 30, Expectation::After(id(2))),
    ]);
    ready(&mut outbox);
    let consequences = outbox.settle(1, &settlement(1, conflict()));
    let failed: Vec<u64> = consequences.failed.iter().map(|(number, _)| *number).collect();
    assert_eq!(failed, [2, 3]);
    assert_eq!(outbox.counts(), (0, 3));
    assert_eq!(ready(&mut outbox), [0u64; 0]);
}

#[test]
fn a_delete_on_top_of_an_own_edit_expects_what_the_edit_left() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5)), delete(2, 1, Seen::After(id(1)))]);
    ready(&mut outbox);
    let left = Document::whole(&rawdoc! { "_id": 1, "amount": 10 });
    let revision = left.revision();
    let documents = vec![Snapshot { id: offer(1), document: Some(left), stamp: Stamp::new(1, 1) }];
    outbox.settle(1, &Settlement { mutation: id(1), outcomes: vec![Outcome::Committed], documents });
    assert_eq!(outbox.take_ready(), [(2, delete(2, 1, Seen::Revision(revision)))]);
}

#[test]
fn what_could_not_be_sent_waits_for_its_turn_again() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5)), update(2, 1, 20, Expectation::After(id(1)))]);
    assert_eq!(ready(&mut outbox), [1]);
    outbox.postpone(1);
    assert_eq!(outbox.set_offline(true), Some(Delivery::Queued));
    assert_eq!(outbox.set_offline(true), None);
    assert!(outbox.pending().all(|layer| layer.delivery == Delivery::Queued));
    assert_eq!(ready(&mut outbox), [1]);
}

#[test]
fn only_what_is_in_review_can_be_discarded() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5))]);
    assert_eq!(outbox.discard(id(1)), None);
    ready(&mut outbox);
    outbox.settle(1, &settlement(1, rejected()));
    assert_eq!(outbox.discard(id(1)), Some(1));
    assert_eq!(outbox.counts(), (0, 0));
    assert_eq!(outbox.numbered(), 1);
}

#[test]
fn a_mutation_lies_in_its_place_at_once_and_goes_out_when_it_is_on_disk() {
    let mut outbox = Outbox::default();
    let (first, second) = (update(1, 1, 10, was(5)), update(2, 1, 20, Expectation::After(id(1))));
    assert_eq!(outbox.arrive(first.clone()), Arrival::New(1));
    assert_eq!(outbox.arrive(second.clone()), Arrival::New(2));
    assert_eq!(outbox.pending().map(|layer| layer.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(ready(&mut outbox), [0u64; 0]);
    outbox.accept(2, &second);
    assert_eq!(ready(&mut outbox), [0u64; 0], "the one before it is not on disk");
    outbox.accept(1, &first);
    assert_eq!(ready(&mut outbox), [1]);
}

#[test]
fn a_mutation_that_comes_twice_is_accepted_once() {
    let mut outbox = Outbox::default();
    let mutation = update(1, 1, 10, was(5));
    assert_eq!(outbox.arrive(mutation.clone()), Arrival::New(1));
    assert_eq!(outbox.arrive(mutation.clone()), Arrival::Again(1));
    assert!(!outbox.accept(1, &mutation) && !outbox.accept(1, &mutation));
    assert_eq!(outbox.arrive(mutation.clone()), Arrival::Accepted(1));
    assert_eq!(ready(&mut outbox), [1]);
    outbox.settle(1, &settlement(1, Outcome::Committed));
    assert_eq!(outbox.arrive(mutation.clone()), Arrival::Accepted(1), "after it was settled");
    assert!(!outbox.accept(1, &mutation));
    assert_eq!(ready(&mut outbox), [0u64; 0]);
    assert_eq!(outbox.arrive(update(2, 1, 10, was(5))), Arrival::New(2));
}

#[test]
fn what_the_disk_refuses_was_never_there() {
    let mut outbox = Outbox::default();
    let (first, second) = (update(1, 1, 10, was(5)), update(2, 1, 20, Expectation::After(id(1))));
    outbox.arrive(first.clone());
    outbox.arrive(second.clone());
    outbox.accept(2, &second);
    let consequences = outbox.refuse(1, &full_disk()).unwrap();
    assert_eq!(expected(&consequences), [was(5)], "its successor goes over what it went over");
    assert_eq!(outbox.counts(), (1, 0));
    assert_eq!(ready(&mut outbox), [2]);
    assert_eq!(outbox.arrive(first), Arrival::New(3), "a person who tries again begins anew");
}

#[test]
fn a_repeated_call_that_the_disk_took_counts_against_the_one_that_it_refused() {
    let mut outbox = Outbox::default();
    let mutation = update(1, 1, 10, was(5));
    outbox.arrive(mutation.clone());
    outbox.arrive(mutation.clone());
    outbox.refuse(1, &full_disk());
    assert!(outbox.accept(1, &mutation), "its layer was taken away, and comes back");
    assert_eq!(outbox.refuse(1, &full_disk()), None);
    assert_eq!(ready(&mut outbox), [1]);
}

#[test]
fn numbers_go_on_from_those_of_the_last_run() {
    let mutation = update(1, 1, 10, was(5));
    let mut outbox = Outbox::restored(9, [(4, mutation.clone(), State::Queued)]);
    assert_eq!(outbox.numbered(), 9);
    assert_eq!(outbox.arrive(mutation), Arrival::Accepted(4));
    assert_eq!(outbox.arrive(update(2, 1, 20, was(5))), Arrival::New(10));
    assert_eq!(ready(&mut outbox), [4]);
}
