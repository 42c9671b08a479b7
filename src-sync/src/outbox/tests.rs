use super::*;
use bson::rawdoc;
use lockstep_model::{
    Action, Change, Document, Edit, Expectation, Namespace, Path, Seen, Stamp, Value, mutation::Snapshot,
};

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
    Mutation::new(id(byte), vec![edit])
}

fn delete(byte: u8, offer_id: i32, seen: Seen) -> Mutation {
    Mutation::new(id(byte), vec![Edit { document: offer(offer_id), action: Action::Delete { seen } }])
}

fn was(value: i32) -> Expectation {
    Expectation::Value(Some(Value::from(value)))
}

/// All of these arrive, and are on disk after that: none takes another's place.
fn outbox(mutations: Vec<Mutation>) -> Outbox {
    let mut outbox = Outbox::default();
    let count = mutations.len() as u64;
    for (number, mutation) in (1..).zip(mutations) {
        assert_eq!(outbox.arrive(mutation.clone()), new(number, mutation));
    }
    for number in 1..=count {
        assert_eq!(outbox.accept(number), Accepted::default());
    }
    outbox
}

fn new(number: u64, mutation: Mutation) -> Arrival {
    Arrival::New { number, mutation, supersedes: None }
}

fn full_disk() -> Failure {
    Failure::internal("the disk is full")
}

fn ready(outbox: &mut Outbox) -> Vec<u64> {
    outbox.take_ready(|_| true).into_iter().map(|(number, _)| number).collect()
}

fn settlement(byte: u8, outcome: Outcome) -> Settlement {
    Settlement::of(&update(byte, 1, 10, was(5)), vec![outcome], Vec::new())
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
    let documents = vec![Snapshot { id: offer(1), document: Some(left), stamp: Stamp::counted(1) }];
    outbox.settle(1, &Settlement { documents, ..settlement(1, Outcome::Committed) });
    assert_eq!(outbox.take_ready(|_| true), [(2, delete(2, 1, Seen::Revision(revision)))]);
}

#[test]
fn what_could_not_be_sent_waits_for_its_turn_again() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5)), update(2, 1, 20, Expectation::After(id(1)))]);
    assert_eq!(ready(&mut outbox), [1]);
    outbox.postpone(1);
    assert_eq!(outbox.set_waits(true), Some(Delivery::Queued));
    assert_eq!(outbox.set_waits(true), None);
    assert!(outbox.pending().all(|layer| layer.delivery == Delivery::Queued));
    assert_eq!(ready(&mut outbox), [1]);
}

#[test]
fn what_failed_and_what_waits_can_be_discarded_and_what_is_being_sent_cannot() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5))]);
    assert_eq!(outbox.give_up(id(7), true), Err(Undiscardable::Gone));
    ready(&mut outbox);
    assert_eq!(outbox.give_up(id(1), true), Err(Undiscardable::UnderWay));
    outbox.settle(1, &settlement(1, rejected()));
    assert_eq!(outbox.give_up(id(1), true), Ok(1));
    assert_eq!(outbox.discard(1, |_| panic!("it had failed")), Some(Discarded::Failed(id(1))));
    assert_eq!(outbox.counts(), (0, 0));
    assert_eq!(outbox.numbered(), 1);
    assert_eq!(outbox.give_up(id(1), true), Err(Undiscardable::Gone));
}

#[test]
fn what_was_made_on_top_of_a_discarded_edit_goes_out_over_what_that_went_over() {
    let mut outbox = outbox(vec![
        update(1, 1, 10, was(5)),
        Mutation::new(
            id(2),
            vec![
                update(2, 1, 20, Expectation::After(id(1))).edits.remove(0),
                update(2, 2, 1, was(0)).edits.remove(0),
            ],
        ),
    ]);
    assert_eq!(outbox.give_up(id(1), true), Ok(1));
    assert_eq!(ready(&mut outbox), [0u64; 0], "it is not sent while the disk is asked to forget it");
    assert_eq!(outbox.keep(1).map(|(mutation, failure)| (mutation.id, failure)), Some((id(1), None)));
    assert_eq!(outbox.give_up(id(1), true), Ok(1));
    let ended = |mutation: &Mutation| Settlement::of(mutation, vec![rejected()], Vec::new());
    let Some(Discarded::Waiting(discarded, consequences)) = outbox.discard(1, ended) else {
        panic!("it waited")
    };
    assert_eq!((discarded.mutation, consequences.rewritten.len()), (id(1), 1));
    let [(2, second)] = &outbox.take_ready(|_| true)[..] else { panic!("the second one goes out") };
    let Action::Update(changes) = &second.edits[0].action else { panic!("it is an update") };
    assert_eq!(changes[0].expected, was(5));
}

#[test]
fn a_mutation_lies_in_its_place_at_once_and_goes_out_when_it_is_on_disk() {
    let mut outbox = Outbox::default();
    let (first, second) = (update(1, 1, 10, was(5)), update(2, 1, 20, Expectation::After(id(1))));
    assert_eq!(outbox.arrive(first.clone()), new(1, first));
    assert_eq!(outbox.arrive(second.clone()), new(2, second));
    assert_eq!(outbox.pending().map(|layer| layer.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(ready(&mut outbox), [0u64; 0]);
    outbox.accept(2);
    assert_eq!(ready(&mut outbox), [0u64; 0], "the one before it is not on disk");
    outbox.accept(1);
    assert_eq!(ready(&mut outbox), [1]);
}

#[test]
fn a_mutation_that_comes_twice_is_accepted_once() {
    let mut outbox = Outbox::default();
    let mutation = update(1, 1, 10, was(5));
    assert_eq!(outbox.arrive(mutation.clone()), new(1, mutation.clone()));
    assert_eq!(outbox.arrive(mutation.clone()), Arrival::Again(1));
    assert_eq!(outbox.accept(1), Accepted::default());
    assert_eq!(outbox.arrive(mutation.clone()), Arrival::Accepted(1));
    assert_eq!(ready(&mut outbox), [1]);
    outbox.settle(1, &settlement(1, Outcome::Committed));
    assert_eq!(outbox.arrive(mutation), Arrival::Accepted(1), "after it was settled");
    assert_eq!(ready(&mut outbox), [0u64; 0]);
    let other = update(2, 1, 10, was(5));
    assert_eq!(outbox.arrive(other.clone()), new(2, other));
}

#[test]
fn what_the_disk_refuses_was_never_there() {
    let mut outbox = Outbox::default();
    let (first, second) = (update(1, 1, 10, was(5)), update(2, 1, 20, Expectation::After(id(1))));
    outbox.arrive(first.clone());
    outbox.arrive(second);
    outbox.accept(2);
    let (refused, consequences) = outbox.refuse(1, &full_disk()).unwrap();
    assert_eq!(refused, id(1));
    assert_eq!(expected(&consequences), [was(5)], "its successor goes over what it went over");
    assert_eq!(outbox.counts(), (1, 0));
    assert_eq!(ready(&mut outbox), [2]);
    assert_eq!(outbox.arrive(first.clone()), new(3, first), "a person who tries again begins anew");
    assert_eq!(outbox.refuse(2, &full_disk()), None, "it is on disk");
}

#[test]
fn numbers_go_on_from_those_of_the_last_run() {
    let mutation = update(1, 1, 10, was(5));
    let mut outbox = Outbox::restored(9, [(4, mutation.clone(), Kept::Queued)]);
    assert_eq!(outbox.numbered(), 9);
    assert_eq!(outbox.arrive(mutation), Arrival::Accepted(4));
    let other = update(2, 1, 20, was(5));
    assert_eq!(outbox.arrive(other.clone()), new(10, other));
    assert_eq!(ready(&mut outbox), [4]);
}

#[test]
fn what_may_not_go_out_yet_holds_up_those_behind_it() {
    let mut outbox =
        outbox(vec![update(1, 1, 10, was(5)), update(2, 1, 20, was(5)), update(3, 2, 30, was(5))]);
    let ready = outbox.take_ready(|number| number != 1);
    assert_eq!(ready.into_iter().map(|(number, _)| number).collect::<Vec<_>>(), [3]);
}

/// A mutation on top of one that has ended when it arrives.
fn late(end: impl FnOnce(&mut Outbox)) -> (Outbox, Arrival) {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5))]);
    ready(&mut outbox);
    end(&mut outbox);
    let arrival = outbox.arrive(update(2, 1, 20, Expectation::After(id(1))));
    (outbox, arrival)
}

#[test]
fn a_mutation_that_arrives_after_the_end_of_the_one_below_it_knows_that_end() {
    for (outcome, expected) in [(Outcome::Committed, was(10)), (rejected(), was(5))] {
        let (_, arrival) = late(|outbox| drop(outbox.settle(1, &settlement(1, outcome))));
        assert_eq!(arrival, new(2, update(2, 1, 20, expected)));
    }
    let (mut outbox, _) = late(|outbox| drop(outbox.settle(1, &settlement(1, conflict()))));
    let accepted = outbox.accept(2);
    assert_eq!(accepted.consequences.failed, [(2, settlement(2, conflict()))], "it waits in review with it");
    assert_eq!(outbox.counts(), (0, 2));
}

#[test]
fn a_mutation_on_top_of_one_that_nobody_remembers_fails_and_says_so() {
    let mut outbox = Outbox::default();
    outbox.arrive(update(2, 1, 20, Expectation::After(id(1))));
    let failed = outbox.accept(1).consequences.failed;
    assert!(matches!(failed[0].1.failure(), Some(Failure::Rejected { .. })), "{failed:?}");
}

#[test]
fn an_unsent_mutation_gives_up_its_place_to_one_of_the_same_fields() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5))]);
    let second = outbox.arrive(update(2, 1, 20, Expectation::After(id(1))));
    assert_eq!(second, Arrival::New { number: 2, mutation: update(2, 1, 20, was(5)), supersedes: Some(1) });
    assert_eq!(ready(&mut outbox), [0u64; 0], "neither goes out until it is decided which");
    assert_eq!(outbox.counts(), (2, 0));
    assert_eq!(outbox.accept(2).superseded, Some((1, id(1))));
    let third = outbox.arrive(update(3, 1, 30, Expectation::After(id(1))));
    let Arrival::New { mutation, .. } = third else { panic!("{third:?}") };
    assert_eq!(
        mutation,
        update(3, 1, 30, was(5)),
        "what was made on top of the first is now on top of the second"
    );
    assert_eq!(outbox.refuse(3, &full_disk()).unwrap().0, id(3));
    assert_eq!(ready(&mut outbox), [2]);
}

#[test]
fn what_the_disk_refuses_takes_nobodys_place() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5))]);
    outbox.arrive(update(2, 1, 20, Expectation::After(id(1))));
    let written_once_more = Consequences { rewritten: vec![(1, update(1, 1, 10, was(5)))], failed: vec![] };
    assert_eq!(outbox.refuse(2, &full_disk()), Some((id(2), written_once_more)));
    assert_eq!(ready(&mut outbox), [1]);
}

#[test]
fn what_may_have_been_sent_and_what_others_follow_keep_their_places() {
    let on_top = |byte| update(byte, 1, 20, Expectation::After(id(1)));
    let mut sent = outbox(vec![update(1, 1, 10, was(5))]);
    ready(&mut sent);
    sent.postpone(1);
    assert_eq!(sent.arrive(on_top(2)), new(2, on_top(2)));

    let mut followed = outbox(vec![update(1, 1, 10, was(5)), delete(2, 1, Seen::After(id(1)))]);
    assert_eq!(followed.arrive(on_top(3)), new(3, on_top(3)));

    let kept = Kept::Sending { since: lockstep_model::ClusterTime::ZERO };
    let mut restored = Outbox::restored(1, [(1, update(1, 1, 10, was(5)), kept)]);
    assert_eq!(restored.arrive(on_top(2)), new(2, on_top(2)));
}

#[test]
fn a_mutation_whose_predecessor_ends_in_conflict_before_it_is_on_disk_still_takes_the_place_of_another() {
    let mut outbox = outbox(vec![update(1, 1, 10, was(5))]);
    assert_eq!(ready(&mut outbox), [1]);
    outbox.arrive(update(2, 1, 20, Expectation::After(id(1))));
    outbox.accept(2);
    let third = outbox.arrive(update(3, 1, 30, Expectation::After(id(2))));
    assert!(matches!(third, Arrival::New { number: 3, supersedes: Some(2), .. }), "{third:?}");
    let conflict = Failure::Conflict { fields: Vec::new(), current: None };
    assert_eq!(outbox.settle(1, &settlement(1, Outcome::Failed(conflict))).failed, []);
    let accepted = outbox.accept(3);
    assert_eq!(accepted.superseded, Some((2, id(2))));
    assert_eq!(accepted.consequences.failed.len(), 1);
    assert_eq!((outbox.pending().count(), outbox.counts()), (0, (0, 2)));
}
