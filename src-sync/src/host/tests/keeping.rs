//! What is on the disk for the next start, and what becomes of it where the disk refuses.

use super::*;

#[test]
fn what_the_disk_refused_is_written_before_anything_newer() {
    let mut shell = Shell::new();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.disk_works();
    assert_eq!(shell.writes(), [10]);
    shell.take(Input::Written(10, vec![(0, committed(4, 6))]));
    let records = shell.records();
    assert_eq!(records[0].1, [Update::Gone(10)]);
    shell.take(Input::Recorded(records[0].0, Err(Failure::internal("the disk is full"))));
    shell.take(Input::Mutate(Call(2), vec![set(2, 4, 5)]));
    let accepted = shell.records();
    assert_eq!(accepted.len(), 1);
    shell.take(Input::Recorded(accepted[0].0, Ok(())));
    assert_eq!((shell.records(), shell.writes()), (vec![], vec![]), "the disk rests");
    shell.wait(seconds(1));
    let sending = Update::State(11, Kept::Sending { since: ClusterTime::new(0, 5) });
    assert_eq!(shell.disk_works(), [Update::Gone(10), sending]);
    assert_eq!(shell.writes(), [11]);
}

#[test]
fn what_is_read_and_what_was_written_is_kept_for_the_next_start() {
    let mut shell = Shell::new();
    let page = ListPage {
        items: ListItems::default(),
        first: vec![snapshot(3, 5)],
        next: None,
        stamp: Stamp::counted(5),
    };
    for (read, found, kept) in [
        (read_list(), Found::Answer(Answer::List(page.clone())), &["list and 0 documents", "1"][..]),
        (further_page(), Found::Answer(Answer::List(page)), &["1"]),
        (Read::Rows(offers(), vec![Value::from(1)]), Found::Rows(vec![snapshot(3, 5)]), &["1"]),
        (Read::Document(offer(1)), Found::Answer(Answer::Document(snapshot(3, 5))), &["1"]),
    ] {
        shell.take(Input::Read(Call(1), A.into(), read.clone()));
        let (id, _) = shell.reads().remove(0);
        shell.take(Input::Found(id, Ok(found)));
        assert_eq!(shell.cached(), kept, "{read:?}");
    }

    shell.take(Input::Mutate(Call(2), vec![set(1, 3, 4)]));
    shell.disk_works();
    let number = shell.writes()[0];
    shell.take(Input::Written(number, vec![(0, committed(4, 9))]));
    assert_eq!(shell.cached(), ["1"]);
}

fn further_page() -> Read {
    Read::List(ListRequest { namespace: offers(), query: ListQuery::all(), skip: 9, first: 1, most: None })
}

#[test]
fn what_the_disk_refused_does_not_bring_back_what_gave_up_its_place_meanwhile() {
    let mut shell = Shell::new();
    shell.take(Input::Reachable(Some("it went".into()), None));
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.disk_works();

    // The second is refused, so the first is to be written once more, and that is refused as well.
    shell.take(Input::Mutate(Call(2), vec![set_over(2, 1, 5)]));
    let records = shell.records();
    assert!(matches!(records[0].1[..], [Update::New(11, _), Update::Gone(10)]), "{records:?}");
    shell.take(Input::Recorded(records[0].0, full()));
    let again = shell.records();
    assert!(matches!(again[0].1[..], [Update::Rewritten(10, _), Update::Gone(11)]), "{again:?}");
    shell.take(Input::Recorded(again[0].0, full()));

    // The third takes the first one's place, before the disk is asked again.
    shell.take(Input::Mutate(Call(3), vec![set_over(3, 1, 6)]));
    let records = shell.records();
    assert!(matches!(records[0].1[..], [Update::New(12, _), Update::Gone(10)]), "{records:?}");
    shell.take(Input::Recorded(records[0].0, Ok(())));
    shell.wait(seconds(1));
    let updates = shell.disk_works();
    let last =
        updates.iter().rev().find(|update| matches!(update, Update::Rewritten(10, _) | Update::Gone(10)));
    assert_eq!(last, Some(&Update::Gone(10)), "{updates:?}");
}

#[test]
fn what_the_disk_refused_and_may_have_written_is_set_right() {
    // A new edit: it is taken out again, after all that was said of it meanwhile.
    let mut shell = Shell::new();
    shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
    shell.disk_works();
    shell.take(Input::Mutate(Call(2), vec![set_over(2, 1, 5)]));
    let new = shell.records();
    assert!(matches!(new[0].1[..], [Update::New(11, _)]), "{new:?}");
    shell.take(Input::Written(10, vec![(0, committed(4, 8))]));
    let ended = shell.records();
    assert!(matches!(ended[0].1[..], [Update::Gone(10), Update::Rewritten(11, _)]), "{ended:?}");
    shell.take(Input::Recorded(ended[0].0, full()));
    shell.take(Input::Recorded(new[0].0, full()));
    shell.wait(seconds(1));
    let set_right = shell.records();
    assert!(
        matches!(set_right[0].1[..], [Update::Gone(10), Update::Rewritten(11, _), Update::Gone(11)]),
        "{set_right:?}"
    );

    // A failed edit that was discarded: it is there again.
    let failure = Failure::NotFound { message: "it went".into() };
    let mut shell = Shell::over([(3, set(1, 3, 4), Kept::Review(failure))], true);
    shell.take(Input::Discard(Call(1), DiscardRequest { mutation: set(1, 3, 4).id, only_unsent: false }));
    let gone = shell.records();
    assert_eq!(gone[0].1, [Update::Gone(3)]);
    shell.take(Input::Recorded(gone[0].0, full()));
    let set_right = shell.records();
    assert!(
        matches!(set_right[0].1[..], [Update::Rewritten(3, _), Update::State(3, Kept::Review(_))]),
        "{set_right:?}"
    );
    assert_eq!(shell.host.reviews().count(), 1);
}

#[test]
fn what_is_discarded_while_it_is_being_written_to_disk_goes_as_soon_as_it_is_there() {
    let discarded = |shell: &mut Shell| {
        shell.asked(|effect| match effect {
            Effect::Discarded(call, result) => Some((*call, result.clone())),
            _ => None,
        })
    };
    let discard = DiscardRequest { mutation: set(1, 3, 4).id, only_unsent: true };
    for refused in [false, true] {
        let mut shell = Shell::new();
        shell.take(Input::Mutate(Call(1), vec![set(1, 3, 4)]));
        shell.take(Input::Discard(Call(2), discard));
        assert_eq!(discarded(&mut shell), []);
        if refused {
            let records = shell.records();
            shell.take(Input::Recorded(records[0].0, full()));
            let [(Call(2), Err(Failure::NotFound { .. }))] = discarded(&mut shell)[..] else {
                panic!("it is gone")
            };
        } else {
            shell.disk_works();
            assert_eq!(discarded(&mut shell), [(Call(2), Ok(()))]);
        }
        assert_eq!((shell.writes(), shell.host.pending().count()), (vec![], 0));
    }
}
