//! When data counts as stale, and what an invalidation does.

use super::*;

const TASKS: Segment = Segment::Word("tasks");
const UNTIL_INVALIDATED: Options = Options { stale_time: StaleTime::UntilInvalidated, ..Options::DEFAULT };

fn value(value: usize, stamp: u64) -> Answer<Tasks> {
    Answer::Value { value: Rc::new(value), stamp }
}

/// Counts, answered.
fn counting() -> Window {
    let mut window = Window::watching(&[COUNT]);
    window.answer(COUNT, value(1, 1));
    window
}

#[test]
fn data_is_stale_after_its_time_and_fetched_on_the_next_occasion() {
    let mut window = counting();
    window.wait(seconds(29));
    window.mount(2, COUNT);
    window.feed(vec![Entry::Focus(true)]);
    assert_eq!(window.fetching(), []);
    window.wait(seconds(1));
    assert!(window.view(COUNT).is_stale);
    assert_eq!(window.fetching(), [], "growing stale alone is no occasion");
    window.mount(3, COUNT);
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn the_focus_fetches_what_is_stale_for_an_observer_that_wants_it() {
    let mut window = counting();
    window.wait(seconds(60));
    window.feed(vec![Entry::Focus(false)]);
    window.mount_with(1, COUNT, Options { enabled: false, ..Options::default() });
    window.feed(vec![Entry::Focus(true)]);
    window.mount_with(1, COUNT, Options { on_focus: Trigger::Never, ..UNTIL_INVALIDATED });
    window.feed(vec![Entry::Focus(true)]);
    assert_eq!(window.fetching(), []);
    window.mount_with(2, COUNT, UNTIL_INVALIDATED);
    window.feed(vec![Entry::Focus(true)]);
    assert_eq!(window.fetching(), [], "it is fresh until it is invalidated");
}

#[test]
fn the_focus_fetches_stale_data() {
    let mut window = counting();
    window.wait(seconds(60));
    window.feed(vec![Entry::Focus(true)]);
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn zero_stale_time_is_always_stale() {
    let mut window = counting();
    window.mount_with(
        2,
        COUNT,
        Options { stale_time: StaleTime::After(Duration::ZERO), ..Options::default() },
    );
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn an_invalidation_fetches_what_is_watched_under_the_prefix_and_nothing_else() {
    let mut window = Window::watching(&[ALL, OPEN, COUNT, Key::Task(7)]);
    window.answer(ALL, list(1, &[]));
    window.answer(OPEN, list(1, &[]));
    window.answer(COUNT, value(1, 1));
    window.answer(Key::Task(7), Answer::Entity(gone(7, 1)));
    window.unmount(2);
    window.take(Input::invalidate(vec![TASKS, Segment::Word("list")]));
    assert_eq!(window.fetching(), [ALL]);
    window.mount(2, OPEN);
    assert_eq!(window.fetching(), [ALL, OPEN], "what nobody watched is fetched when somebody does");
    window.take(Input::invalidate(vec![TASKS]));
    assert_eq!(window.fetching(), [ALL, OPEN, Key::Task(7)]);
}

#[test]
fn an_invalidation_concerns_tasks_that_no_query_names() {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window.take(Input::invalidate(vec![TASKS, Segment::Word("task"), Segment::Id(1)]));
    window.mount(2, Key::Task(1));
    window.mount(3, Key::Task(2));
    assert_eq!(window.fetching(), [Key::Task(1)]);
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    window.mount(4, Key::Task(1));
    assert_eq!(window.fetching(), []);
}

#[test]
fn an_invalidation_during_a_prefetch_is_not_lost() {
    let mut window = Window::new();
    window.take(Input::Prefetch(COUNT, Options::default()));
    window.take(Input::invalidate(vec![]));
    window.answer(COUNT, value(1, 1));
    assert_eq!(window.fetching(), [], "nobody watches it");
    window.mount(1, COUNT);
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn an_invalidation_during_a_fetch_that_fails_is_not_lost() {
    let mut window = counting();
    window.take(Input::refetch(vec![]));
    window.take(Input::invalidate(vec![]));
    window.fail(COUNT, Failure::Rejected);
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn a_fed_answer_does_not_end_an_invalidation_that_it_may_be_older_than() {
    let mut window = counting();
    window.take(Input::invalidate(vec![]));
    window.feed(vec![Entry::Answer(COUNT, value(2, 2))]);
    assert!(window.view(COUNT).is_stale);
    window.answer(COUNT, value(3, 3));
    assert!(!window.view(COUNT).is_stale);
}

#[test]
fn a_person_who_asks_during_a_fetch_gets_one_that_begins_later() {
    let mut window = Window::watching(&[COUNT]);
    window.take(Input::refetch(vec![]));
    window.answer(COUNT, value(1, 1));
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn data_that_nobody_watched_for_a_while_is_fetched_once_it_is_stale_although_nothing_happens() {
    let mut window = counting();
    window.unmount(1);
    window.wait(seconds(10));
    window.mount(1, COUNT);
    assert_eq!(window.fetching(), [], "it is shown as fresh as its stale time allows");
    window.wait(seconds(19));
    assert_eq!(window.fetching(), []);
    window.wait(seconds(1));
    assert_eq!(window.fetching(), [COUNT], "a change may have been missed in between");
    window.answer(COUNT, value(1, 1));
    window.wait(seconds(300));
    assert_eq!(window.fetching(), [], "from now on changes are fed");
}

#[test]
fn data_that_is_fresh_until_invalidated_is_fetched_at_once_when_nobody_watched_it_for_a_while() {
    let mut window = Window::new();
    window.mount_with(1, COUNT, UNTIL_INVALIDATED);
    window.answer(COUNT, value(1, 1));
    window.mount_with(2, COUNT, UNTIL_INVALIDATED);
    assert_eq!(window.fetching(), []);
    window.unmount(1);
    window.unmount(2);
    window.wait(seconds(1));
    window.mount_with(1, COUNT, UNTIL_INVALIDATED);
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn a_row_that_was_scrolled_away_and_back_stays_fresh_while_its_list_is_watched() {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(1, &[(1, task("milk", 1))]));
    window.mount_with(2, Key::Task(1), UNTIL_INVALIDATED);
    window.unmount(2);
    window.wait(seconds(10));
    window.mount_with(2, Key::Task(1), UNTIL_INVALIDATED);
    assert_eq!(window.fetching(), []);
    window.unmount(1);
    window.unmount(2);
    window.wait(seconds(10));
    window.mount_with(2, Key::Task(1), UNTIL_INVALIDATED);
    assert_eq!(window.fetching(), [Key::Task(1)], "the list was not watched either");
}
