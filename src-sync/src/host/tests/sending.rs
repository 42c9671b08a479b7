//! What becomes of mutations.

use super::*;

#[test]
fn a_mutation_is_laid_at_once_accepted_when_it_is_on_disk_and_sent_when_the_disk_knows_of_that() {
    let mut shell = Shell::new();
    shell.told();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    assert_eq!(shell.told().len(), 2, "in both windows");
    let records = shell.records();
    assert!(matches!(&records[0].1[..], [Update::New(10, _)]), "{records:?}");
    assert_eq!(shell.writes(), [0u64; 0]);
    shell.take(Input::Recorded(records[0].0, Ok(())));
    let replies = shell.asked(|effect| match effect {
        Effect::Mutated(call, reply) => Some((*call, reply.results.clone())),
        _ => None,
    });
    assert_eq!(replies, [(Call(1), vec![Acceptance::Accepted(10)])]);
    assert_eq!(shell.writes(), [0u64; 0]);
    let sending = Update::State(10, Kept::Sending { since: ClusterTime::new(0, 5) });
    assert_eq!(shell.disk_works(), [sending]);
    assert_eq!(shell.writes(), [10]);
    shell.told();
    shell.take(Input::Written(10, vec![(0, committed(4, 6))]));
    assert_eq!(shell.disk_works(), [Update::Gone(10)]);
    assert!(matches!(&shell.told()[0].1, FeedEntry::Settled(settlement) if settlement.committed()));
    shell.watch(A, list(), None);
    shell.take(Input::Changed(offer(1), ClusterTime::new(0, 6), ChangeKind::Updated));
    assert_eq!(shell.reads(), [], "its own echo is no news");
}

#[test]
fn a_mutation_that_comes_twice_while_it_is_written_is_written_once_and_both_are_answered() {
    let mut shell = Shell::new();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.take(Input::Mutate(Call(2), vec![set(1, 3, 4)]));
    let records = shell.records();
    assert_eq!(records.len(), 1);
    shell.take(Input::Recorded(records[0].0, Err(Failure::internal("the disk is full"))));
    let refused = shell.asked(|effect| match effect {
        Effect::Mutated(call, reply) => Some((*call, matches!(reply.results[..], [Acceptance::Refused(_)]))),
        _ => None,
    });
    assert_eq!(refused, [(Call(1), true), (Call(2), true)]);
    assert_eq!(shell.host.pending().count(), 0);
}

#[test]
fn an_edit_whose_answer_got_lost_is_asked_about_before_it_is_sent_again() {
    for (told, writes, settled) in [
        (Probe::Applied(snapshot(4, 8)), 0, true),
        (Probe::NotApplied, 1, false),
        (Probe::CannotTell(snapshot(9, 8)), 0, true),
    ] {
        let mut shell = Shell::new();
        shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
        shell.disk_works();
        assert_eq!(shell.writes(), [10]);
        shell.take(Input::Written(10, vec![(0, WriteOutcome::Unknown(gone("cut off")))]));
        assert_eq!((shell.probes(), shell.writes()), (vec![], vec![]), "not at once");
        shell.wait(seconds(1));
        assert_eq!(shell.probes(), [(10, ClusterTime::new(0, 5))]);
        shell.take(Input::Probed(10, vec![(0, Ok(told.clone()))]));
        shell.disk_works();
        assert_eq!(shell.writes().len(), writes, "{told:?}");
        assert_eq!(shell.host.pending().next().is_none(), settled, "{told:?}");
    }
}

#[test]
fn a_conflict_that_the_edit_has_made_itself_is_none() {
    let conflict = Failure::Conflict { fields: Vec::new(), current: None };
    // Where nobody can tell, the document is at least the newest.
    let newest = Failure::Conflict { fields: vec![Path::field("amount")], current: snapshot(9, 9).document };
    for (probe, failures) in [
        (Ok(Probe::Applied(snapshot(4, 9))), vec![]),
        (Ok(Probe::NotApplied), vec![conflict.clone()]),
        (Ok(Probe::CannotTell(snapshot(9, 9))), vec![newest]),
        (Err(Failure::internal("what is a change stream?")), vec![conflict.clone()]),
    ] {
        let mut shell = Shell::new();
        shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
        shell.disk_works();
        assert_eq!(shell.writes(), [10]);
        let failed = WriteOutcome::Failed { failure: conflict.clone(), current: Some(snapshot(7, 8)) };
        shell.take(Input::Written(10, vec![(0, failed)]));
        assert_eq!(shell.probes().len(), 1);
        assert_eq!(shell.host.reviews().count(), 0, "nobody is told before that is known");
        // It cannot be asked at first.
        shell.take(Input::Probed(10, vec![(0, Err(gone("it went")))]));
        shell.wait(seconds(20));
        shell.disk_works();
        assert_eq!((shell.probes().len(), shell.writes().len()), (1, 0));
        shell.take(Input::Probed(10, vec![(0, probe)]));
        assert_eq!((shell.writes().len(), shell.host.pending().count()), (0, 0));
        let reviews: Vec<_> = shell.host.reviews().map(|review| review.failure).collect();
        assert_eq!(reviews, failures);
    }
}

#[test]
fn what_may_have_been_sent_before_a_crash_is_asked_about_and_the_rest_is_sent() {
    let since = ClusterTime::new(0, 3);
    let other = Mutation { id: MutationId(bson::Uuid::from_bytes([2; 16])), ..set(2, 3, 4) };
    let entries = [(4, set(1, 3, 4), Kept::Sending { since }), (5, other, Kept::Queued)];
    let mut shell = Shell::over(entries, true);
    shell.disk_works();
    assert_eq!((shell.probes(), shell.writes()), (vec![(4, since)], vec![]), "the other waits for its turn");
}

#[test]
fn a_mutation_that_cannot_be_sent_waits_and_goes_out_at_once_when_the_server_is_back() {
    let mut shell = Shell::new();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.disk_works();
    for _ in 0..6 {
        assert_eq!(shell.writes(), [10]);
        shell.take(Input::Written(10, vec![(0, WriteOutcome::Unreachable(gone("away")))]));
        shell.wait(Duration::from_millis(100));
        assert_eq!(shell.writes(), [0u64; 0]);
        shell.wait(seconds(15));
    }
    shell.writes();
    shell.take(Input::Written(10, vec![(0, WriteOutcome::Unreachable(gone("away")))]));
    shell.take(Input::Reachable(Some("away".into()), None));
    shell.take(Input::Reachable(None, None));
    assert_eq!(shell.writes(), [10]);
}

#[test]
fn many_edits_go_out_in_chunks_and_what_failed_of_them_is_what_waits_for_a_person() {
    let mut shell = Shell::new();
    let id = MutationId(bson::Uuid::from_bytes([1; 16]));
    let edits: Vec<_> =
        (0..501).map(|number| Edit { document: offer(number), ..set(1, 3, 4).edits.remove(0) }).collect();
    shell.take(Input::Mutate(Call(1), vec![Mutation::new(id, edits)]));
    shell.disk_works();
    let chunks = |shell: &mut Shell| {
        shell.asked(|effect| match effect {
            Effect::Write(number, edits) => {
                Some((*number, edits.iter().map(|(place, _)| *place).collect::<Vec<_>>()))
            }
            _ => None,
        })
    };
    assert_eq!(chunks(&mut shell), [(10, (0..500).collect())]);
    let done = |place: usize| {
        let number = i32::try_from(place).unwrap();
        let document = Some(Document::whole(&rawdoc! { "_id": number, "amount": 4 }));
        let after = Snapshot { id: offer(number), document, stamp: Stamp::counted(8) };
        (place, WriteOutcome::Committed { after, at: ClusterTime::new(0, 8) })
    };
    let conflict = Failure::Conflict { fields: Vec::new(), current: None };
    let mut outcomes: Vec<_> = (0..500).map(done).collect();
    outcomes[7].1 = WriteOutcome::Failed { failure: conflict.clone(), current: None };
    shell.take(Input::Written(10, outcomes));
    assert_eq!((shell.probes().len(), chunks(&mut shell).len()), (1, 0), "the conflict may be its own doing");
    shell.take(Input::Probed(10, vec![(7, Ok(Probe::NotApplied))]));
    assert_eq!(chunks(&mut shell), [(10, vec![500])]);
    let rejected = Failure::Rejected { message: "no".into(), fields: Vec::new() };
    shell.take(Input::Written(
        10,
        vec![(500, WriteOutcome::Failed { failure: rejected.clone(), current: None })],
    ));

    let [review] = &shell.host.reviews().collect::<Vec<_>>()[..] else { panic!("one waits") };
    let waits: Vec<_> = review.mutation.touches().cloned().collect();
    assert_eq!(waits, [offer(7), offer(500)]);
    assert_eq!((review.failure.of(0), review.failure.of(1)), (&conflict, &rejected));
    let updates = shell.disk_works();
    assert!(
        matches!(&updates[..], [Update::Rewritten(10, kept), Update::State(10, Kept::Review(_))] if *kept == review.mutation),
        "{updates:?}"
    );
}

#[test]
fn of_the_changes_beside_an_own_write_one_is_its_echo_and_a_second_is_read() {
    // The reply may name a time that is later than the write's own, and so is a colleague's change in between.
    for (times, reads) in [(&[6][..], 0), (&[6, 7], 1), (&[9], 1), (&[5, 6], 1)] {
        for before_reply in 0..=times.len() {
            let mut shell = Shell::new();
            shell.watch(A, list(), None);
            shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
            shell.disk_works();
            assert_eq!(shell.writes(), [10]);
            let change =
                |time: &u32| Input::Changed(offer(1), ClusterTime::new(0, *time), ChangeKind::Updated);
            times[..before_reply].iter().for_each(|time| shell.take(change(time)));
            assert_eq!(shell.reads(), [], "it waits for the reply");
            shell.take(Input::Written(10, vec![(0, committed(4, 8))]));
            times[before_reply..].iter().for_each(|time| shell.take(change(time)));
            assert_eq!(shell.reads().len(), reads, "{times:?}, {before_reply} of them before the reply");
        }
    }
}

#[test]
fn in_production_what_destroys_has_to_be_confirmed_by_the_collections_name() {
    let mut shell = Shell::new();
    let delete = |byte: u8, typed: Option<&str>| {
        let action = Action::Delete { seen: Seen::Revision(Revision::of(&rawdoc! { "_id": 1 })) };
        let id = MutationId(bson::Uuid::from_bytes([byte; 16]));
        let confirmation = typed.map(Into::into);
        Mutation {
            confirmation,
            ..Mutation::new(id, vec![Edit { document: offer(i32::from(byte)), action }])
        }
    };
    let refused = |shell: &mut Shell, mutation: Mutation| {
        shell.take(Input::Mutate(Call(u64::from(mutation.id.0.bytes()[0])), vec![mutation]));
        shell.disk_works();
        let replies = shell.asked(|effect| match effect {
            Effect::Mutated(_, reply) => Some(reply.results.clone()),
            _ => None,
        });
        matches!(replies.concat()[..], [Acceptance::Refused(Failure::Unconfirmed { .. })])
    };
    assert!(!refused(&mut shell, delete(1, None)));
    shell.take(Input::Server("Shop".into(), true));
    assert!(refused(&mut shell, delete(2, None)));
    assert!(refused(&mut shell, delete(3, Some("customers"))));
    assert!(!refused(&mut shell, delete(4, Some(&offers().collection))));
    assert!(!refused(&mut shell, set(5, 1, 2)));
}
