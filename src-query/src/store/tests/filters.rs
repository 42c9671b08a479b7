//! Which queries a filter means.

use super::*;
use crate::Filter as Queries;

const TASKS: Segment = Segment::Word("tasks");

/// Observer 1 has all tasks, a disabled one the open ones; task 1 was prefetched, task 2 is on its way.
fn shop() -> Window {
    let mut window = Window::new();
    window.mount(1, ALL);
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window.mount_with(2, OPEN, Options { enabled: false, ..Options::DEFAULT });
    window.take(Input::Prefetch(Key::Task(1), Options::DEFAULT));
    window.take(Input::Prefetch(Key::Task(3), Options::DEFAULT));
    window
}

/// What is fetched when the filter's queries are, beside what was on its way.
fn refetched(filter: Queries<Tasks>) -> Vec<Key> {
    let mut window = shop();
    window.fetched.clear();
    window.take(Input::Invalidate(filter, Refetch::All));
    let mut fetched = std::mem::take(&mut window.fetched);
    fetched.sort();
    fetched
}

#[test]
fn a_filter_takes_what_all_its_parts_take() {
    let all = Queries::all;
    let tasks = || Queries::under(vec![TASKS, Segment::Word("task")]);
    for (what, filter, expected) in [
        ("all", all(), vec![ALL, Key::Task(1)]),
        ("a prefix", tasks(), vec![Key::Task(1)]),
        ("a prefix of nothing", Queries::under(vec![Segment::Word("none")]), vec![]),
        ("a key", Queries::exact(&ALL), vec![ALL]),
        ("active", all().active(true), vec![ALL]),
        ("inactive", all().active(false), vec![Key::Task(1)]),
        ("stale", all().stale(true), vec![]),
        ("fresh", all().stale(false), vec![ALL, Key::Task(1)]),
        ("idle", all().fetch_status(FetchStatus::Idle), vec![ALL, Key::Task(1)]),
        ("fetching", all().fetch_status(FetchStatus::Fetching), vec![]),
        ("a predicate", all().predicate(|key| matches!(key, Key::Task(_))), vec![Key::Task(1)]),
        (
            "a partial segment",
            Queries::under(vec![TASKS, Segment::Word("task"), Segment::Odd]),
            vec![Key::Task(1)],
        ),
        ("a partial segment of nothing", Queries::under(vec![Segment::Odd]), vec![]),
    ] {
        assert_eq!(refetched(filter), expected, "{what}");
    }
}

#[test]
fn an_invalidation_fetches_what_it_says() {
    for (refetch, expected) in [
        (Refetch::Active, vec![ALL]),
        (Refetch::Inactive, vec![Key::Task(1)]),
        (Refetch::All, vec![ALL, Key::Task(1)]),
        (Refetch::Nothing, vec![]),
    ] {
        let mut window = shop();
        window.fetched.clear();
        window.take(Input::Invalidate(Queries::all(), refetch));
        window.fetched.sort();
        assert_eq!(window.fetched, expected, "{refetch:?}");
        assert!(window.view(ALL).is_stale && window.view(Key::Task(1)).is_stale, "{refetch:?}");
    }
}

#[test]
fn a_disabled_query_is_made_stale_and_not_fetched() {
    let mut window = shop();
    window.take(Input::refetch(vec![]));
    window.take(Input::invalidate(vec![]));
    assert!(!window.fetching().contains(&OPEN));
}
