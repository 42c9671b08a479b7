use super::*;
use lockstep_model::{ListQuery, MutationId, Segment, contract::FEED_INLINE_BYTES};

fn offers() -> Namespace {
    Namespace::new("sample", "offers")
}

fn list() -> Key {
    Key::List(offers(), ListQuery::all())
}

fn closed(byte: u8) -> FeedEntry {
    FeedEntry::ReviewClosed(MutationId(bson::Uuid::from_bytes([byte; 16])))
}

/// An entry of about so many bytes.
fn large(bytes: usize) -> FeedEntry {
    FeedEntry::Invalidate(vec![Segment::Word("x".repeat(bytes).into())])
}

fn hub(labels: &[&str]) -> Hub {
    let mut hub = Hub::new(Boot(7));
    for label in labels {
        assert_eq!(hub.attach(label, 1), Ok(0));
    }
    hub
}

fn watching(added: Vec<(Key, Option<Duration>)>, removed: Vec<Key>) -> Watching {
    Watching { page: 1, added, removed }
}

fn drained(hub: &mut Hub) -> Vec<(String, u64, u64, Option<usize>)> {
    let count = |batch: &FeedBatch| batch.entries.as_ref().map(Vec::len);
    hub.drain().into_iter().map(|(label, batch)| (label, batch.from, batch.to, count(&batch))).collect()
}

#[test]
fn what_one_window_does_reaches_every_window_once() {
    let mut hub = hub(&["a", "b", "c"]);
    hub.publish(Audience::All, &closed(1));
    let each = |label: &str| (label.to_owned(), 0, 1, Some(1));
    assert_eq!(drained(&mut hub), [each("a"), each("b"), each("c")]);
    assert_eq!(drained(&mut hub), []);
}

#[test]
fn only_who_watches_a_collection_hears_of_its_documents() {
    let mut hub = hub(&["a", "b"]);
    hub.watch("b", watching(vec![(list(), None)], vec![]));
    hub.publish(Audience::Collection(&offers()), &closed(1));
    assert_eq!(drained(&mut hub), [("b".into(), 0, 1, Some(1))]);
    hub.watch("b", watching(vec![], vec![list()]));
    hub.publish(Audience::Collection(&offers()), &closed(2));
    assert_eq!(drained(&mut hub), []);
    assert!(!hub.watches(&offers()));
}

#[test]
fn large_entries_are_announced_and_fetched() {
    let mut hub = hub(&["a"]);
    hub.publish(Audience::All, &large(FEED_INLINE_BYTES));
    assert_eq!(drained(&mut hub), [("a".into(), 0, 1, None)]);
    match hub.since("a", Boot(7), 0) {
        Missed::Batch(batch) => assert_eq!(batch.entries, Some(vec![large(FEED_INLINE_BYTES)])),
        Missed::Resync => panic!("the entry is kept until it is acknowledged"),
    }
}

#[test]
fn acknowledged_entries_are_forgotten_and_later_ones_kept() {
    let mut hub = hub(&["a"]);
    for byte in 1..=3 {
        hub.publish(Audience::All, &closed(byte));
    }
    hub.acknowledge("a", Boot(7), 2);
    assert_eq!(hub.since("a", Boot(7), 1), Missed::Resync);
    match hub.since("a", Boot(7), 2) {
        Missed::Batch(batch) => {
            assert_eq!((batch.from, batch.to, batch.entries), (2, 3, Some(vec![closed(3)])));
        }
        Missed::Resync => panic!("entry 3 is not acknowledged"),
    }
}

#[test]
fn a_window_that_does_not_keep_up_is_told_to_begin_again_and_then_goes_on() {
    let mut hub = hub(&["a"]);
    for _ in 0..3 {
        hub.publish(Audience::All, &large(500_000));
    }
    assert_eq!(drained(&mut hub), [("a".into(), 0, 3, None)]);
    assert_eq!(hub.since("a", Boot(7), 0), Missed::Resync);
    assert_eq!(hub.attach("a", 1), Ok(3));
    hub.publish(Audience::All, &closed(1));
    assert_eq!(drained(&mut hub), [("a".into(), 3, 4, Some(1))]);
}

#[test]
fn another_run_of_the_host_is_not_mistaken_for_this_one() {
    let mut hub = hub(&["a"]);
    assert_eq!(hub.since("a", Boot(8), 0), Missed::Resync);
    hub.publish(Audience::All, &closed(1));
    hub.acknowledge("a", Boot(8), 1);
    assert!(matches!(hub.since("a", Boot(7), 0), Missed::Batch(_)));
}

#[test]
fn of_several_windows_the_shortest_interval_counts() {
    let mut hub = hub(&["a", "b"]);
    let at = |seconds| Some(Duration::from_secs(seconds));
    for (label, interval, merged) in
        [("a", at(20), at(20)), ("b", at(5), at(5)), ("b", None, at(20)), ("a", None, None)]
    {
        hub.watch(label, watching(vec![(list(), interval)], vec![]));
        assert_eq!(hub.interval(&list()), merged, "{label} at {interval:?}");
    }
    assert!(hub.is_watched(&list()));
}

#[test]
fn what_a_page_said_before_it_was_loaded_again_is_ignored() {
    let mut hub = hub(&["a"]);
    let old = watching(vec![], vec![list()]);
    assert_eq!(hub.attach("a", 2), Ok(0));
    hub.watch("a", Watching { page: 2, ..watching(vec![(list(), None)], vec![]) });
    hub.watch("a", old);
    assert_eq!(hub.attach("a", 1), Err(2));
    assert!(hub.is_watched(&list()));
}

#[test]
fn an_answer_to_a_page_that_is_gone_does_not_count_as_told() {
    let mut hub = hub(&["a"]);
    hub.publish(Audience::All, &closed(1));
    assert!(matches!(hub.since("a", Boot(7), 0), Missed::Batch(_)));
    assert_eq!(drained(&mut hub), [("a".into(), 0, 1, Some(1))]);
}

#[test]
fn what_was_asked_for_and_acknowledged_is_not_told_again() {
    let mut hub = hub(&["a"]);
    hub.publish(Audience::All, &closed(1));
    assert!(matches!(hub.since("a", Boot(7), 0), Missed::Batch(_)));
    hub.acknowledge("a", Boot(7), 1);
    hub.publish(Audience::All, &closed(2));
    assert_eq!(drained(&mut hub), [("a".into(), 1, 2, Some(1))]);
    hub.publish(Audience::All, &closed(3));
    assert!(matches!(hub.since("a", Boot(7), 2), Missed::Batch(_)));
    hub.acknowledge("a", Boot(7), 3);
    assert_eq!(drained(&mut hub), []);
}

#[test]
fn what_nobody_acknowledges_is_announced_once_more() {
    let mut hub = hub(&["a"]);
    hub.publish(Audience::All, &closed(1));
    assert_eq!(drained(&mut hub), [("a".into(), 0, 1, Some(1))]);
    hub.remind();
    assert_eq!(drained(&mut hub), [("a".into(), 0, 1, None)], "without its entries: it may be known");
    hub.acknowledge("a", Boot(7), 1);
    assert!(hub.is_acknowledged());
    hub.remind();
    assert_eq!(drained(&mut hub), []);
}
