//! What a person who looks into the store is shown, and when.

use super::*;
use crate::{Filter as Queries, Happening, Holds, Inspection};

const INSPECTOR: ObserverId = ObserverId(90);
const ONE: Key = Key::Task(1);

/// Observer 1 has all tasks, the open ones are disabled, task 1 was prefetched, the count has failed.
fn shop() -> Window {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window.mount_with(2, OPEN, Options { enabled: false, ..Options::DEFAULT });
    window.take(Input::Prefetch(ONE, Options::DEFAULT));
    window.mount(3, COUNT);
    window.fail(COUNT, Failure::Rejected);
    window
}

fn inspect(window: &Window, key: Key) -> Inspection<Tasks> {
    window.store.inspect(&key, window.now).expect("there is such a query")
}

/// `key what`, each event in order.
fn events(window: &Window) -> String {
    let events = window.store.events().map(|event| format!("{:?} {:?}", event.key, event.what));
    events.collect::<Vec<_>>().join(", ")
}

#[test]
fn each_query_is_told_with_all_that_decides_about_it() {
    let window = shop();
    let fresh = Some(StaleTime::After(seconds(30)));
    for (key, status, holds, observers, stale_time, is_stale) in [
        (ALL, Status::Success, Holds::List(2), (1, 1), fresh, false),
        (OPEN, Status::Pending, Holds::Nothing, (1, 0), fresh, true),
        (ONE, Status::Success, Holds::Entity, (0, 0), None, false),
        (COUNT, Status::Error, Holds::Nothing, (1, 1), fresh, true),
    ] {
        let told = inspect(&window, key);
        assert_eq!((told.status, told.holds), (status, holds), "{key:?}");
        assert_eq!((told.observers, told.enabled), observers, "{key:?}");
        assert_eq!((told.stale_time, told.is_stale), (stale_time, is_stale), "{key:?}");
    }
    let failed = inspect(&window, COUNT);
    assert_eq!((failed.failure_count, failed.failure), (1, Some(Failure::Rejected)));
    assert_eq!(window.store.keys().count(), 4);
    assert!(window.store.inspect(&SEARCH, window.now).is_none());
}

#[test]
fn age_and_invalidation_are_told_as_they_are_now() {
    let mut window = shop();
    window.wait(seconds(31));
    assert!(inspect(&window, ALL).is_stale);
    assert!(!inspect(&window, ONE).is_stale, "nobody wishes it fresh");
    window.take(Input::Invalidate(Queries::exact(&ONE), Refetch::Nothing));
    let told = inspect(&window, ONE);
    assert_eq!((told.invalidated, told.is_stale), (true, true));
    assert_eq!(told.updated_at, Some(seconds(1000)));
}

#[test]
fn layers_are_counted_on_an_entity_and_on_the_lists_that_hold_it() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("cream")));
    window.mutate(edit(2, 2, Change::title("coffee")));
    let layers = |key| inspect(&window, key).layers;
    assert_eq!([layers(ALL), layers(ONE), layers(COUNT)], [2, 1, 0]);
}

#[test]
fn events_are_kept_while_somebody_inspects_and_only_then() {
    let mut window = shop();
    assert_eq!(events(&window), "");
    window.take(Input::ObserveQueries(INSPECTOR, true));
    window.unmount(3);
    window.take(Input::refetch(vec![Segment::Word("count")]));
    window.answer(COUNT, Answer::Value { value: Rc::new(2), stamp: 3 });
    window.take(Input::Invalidate(Queries::exact(&COUNT), Refetch::All));
    window.fail(COUNT, Failure::Rejected);
    window.take(Input::Remove(Queries::exact(&COUNT)));
    window.mount_with(4, COUNT, Options { enabled: false, ..Options::DEFAULT });
    window.feed(vec![Entry::Answer(COUNT, Answer::Value { value: Rc::new(3), stamp: 4 })]);
    let happened = [
        "Unobserved",
        "Fetching",
        "Fetched",
        "Invalidated",
        "Fetching",
        "Failed(Rejected)",
        "Emptied",
        "Removed",
        "Added",
        "Observed",
        "Given",
    ];
    assert_eq!(events(&window), happened.map(|what| format!("Count {what}")).join(", "));
    window.take(Input::ObserveQueries(INSPECTOR, false));
    assert_eq!(events(&window), "");
}

#[test]
fn of_many_events_the_last_are_kept() {
    let mut window = shop();
    window.take(Input::ObserveQueries(INSPECTOR, true));
    for _ in 0..600 {
        window.take(Input::Invalidate(Queries::exact(&ONE), Refetch::Nothing));
    }
    window.unmount(1);
    assert_eq!(window.store.events().count(), 500);
    let last = window.store.events().next_back();
    assert!(last.is_some_and(|event| matches!(event.what, Happening::Unobserved)));
}

#[test]
fn who_inspects_is_told_once_a_frame_of_whatever_changes() {
    let mut window = shop();
    window.take(Input::ObserveQueries(INSPECTOR, true));
    window.frame();
    window.mutate(edit(1, 1, Change::title("cream")));
    window.mutate(edit(2, 1, Change::title("butter")));
    assert_eq!(window.frame(), [90], "task 1 has no other observer");
    window.mount(5, ONE);
    window.unmount(5);
    assert_eq!(window.frame(), [90]);
    assert_eq!(window.frame(), [0u64; 0]);
    window.take(Input::ObserveQueries(INSPECTOR, false));
    window.unmount(2);
    assert!(!window.frame_requested);
}

#[test]
fn what_is_under_way_is_counted_by_filter() {
    let mut window = Window::watching(&[ALL, OPEN, ONE, Key::Task(2), COUNT]);
    let tasks = || vec![Segment::Word("tasks")];
    let one_task = || vec![Segment::Word("tasks"), Segment::Word("task"), Segment::Odd];
    let counted = |window: &Window| {
        let filters = [
            Queries::all(),
            Queries::under(tasks()),
            Queries::under(one_task()),
            Queries::exact(&ALL),
            Queries::exact(&SEARCH),
            Queries::all().active(false),
            Queries::all().predicate(|key| *key == COUNT),
        ];
        filters.map(|filter| window.store.fetching(&filter))
    };
    assert_eq!(counted(&window), [5, 4, 1, 1, 0, 0, 1]);
    window.answer(ALL, list(1, &[]));
    window.fail(ONE, Failure::Unreachable);
    assert_eq!(counted(&window), [4, 3, 1, 0, 0, 0, 1], "what is tried again is under way");
    window.take(Input::Online(false));
    window.wait(seconds(1));
    assert_eq!(counted(&window)[2], 0, "what waits for the network is not");
}

#[test]
fn who_asks_what_is_under_way_is_told_when_a_fetch_begins_or_ends() {
    let mut window = shop();
    window.take(Input::ObserveFetching(ObserverId(9), true));
    window.frame();
    window.mutate(edit(1, 2, Change::title("coffee")));
    assert_eq!(window.frame(), [0u64; 0]);
    window.take(Input::Invalidate(Queries::exact(&ONE), Refetch::All));
    assert_eq!(window.frame(), [9]);
    window.answer(ONE, Answer::Entity(document(1, task("milk", 1), 1)));
    assert_eq!(window.frame(), [9]);
    window.take(Input::ObserveFetching(ObserverId(9), false));
    window.take(Input::Refetch(Queries::all()));
    assert!(!window.frame().contains(&9));
}
