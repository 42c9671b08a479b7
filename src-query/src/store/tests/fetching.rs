//! When data is fetched, and what becomes of the answer.

use super::*;
use crate::FetchStatus;

#[test]
fn missing_data_is_fetched_when_somebody_mounts() {
    let mut window = Window::watching(&[ALL]);
    assert_eq!(window.fetching(), [ALL]);
    let view = window.view(ALL);
    assert_eq!((view.status, view.fetch_status), (Status::Pending, FetchStatus::Fetching));
    window.answer(ALL, list(1, &[(1, task("milk", 1))]));
    let view = window.view(ALL);
    assert_eq!((view.status, view.fetch_status, view.is_stale), (Status::Success, FetchStatus::Idle, false));
    assert_eq!(window.rows(ALL), "1");
}

#[test]
fn all_keys_of_one_flush_go_out_together_and_once_each() {
    let mut window = Window::new();
    let mount =
        |observer, key| Input::Mount { observer: ObserverId(observer), key, options: Options::default() };
    assert!(window.take_and_wait(mount(1, ALL)));
    assert!(!window.take_and_wait(mount(2, ALL)), "the flush is asked for once");
    assert!(!window.take_and_wait(mount(3, COUNT)));
    assert_eq!(window.fetching(), []);
    window.take(Input::Flush);
    assert_eq!(window.fetching(), [ALL, COUNT]);
}

#[test]
fn a_key_in_flight_is_not_fetched_again_for_another_observer() {
    let mut window = Window::watching(&[ALL, ALL, ALL]);
    assert_eq!(window.fetched, [ALL]);
    window.answer(ALL, list(1, &[]));
    window.mount(4, ALL);
    assert_eq!(window.fetched, [ALL]);
}

#[test]
fn a_task_that_a_list_brought_is_not_fetched() {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(1, &[(1, task("milk", 1))]));
    window.mount(2, Key::Task(1));
    assert_eq!((window.fetching(), window.shows(1).as_str()), (vec![], "milk/1"));
}

#[test]
fn a_disabled_observer_fetches_nothing_until_it_is_enabled() {
    let disabled = Options { enabled: false, ..Options::default() };
    let mut window = Window::new();
    window.mount_with(1, ALL, disabled);
    window.take(Input::invalidate(vec![]));
    window.take(Input::refetch(vec![]));
    assert_eq!((window.fetching(), window.watched.clone()), (vec![], vec![ALL]));
    assert_eq!(window.view(ALL).fetch_status, FetchStatus::Idle);
    window.mount(1, ALL);
    assert_eq!((window.fetching(), window.watched.clone()), (vec![ALL], vec![ALL]));
}

#[test]
fn an_unreachable_server_is_tried_again_later_and_others_wait_for_the_same_try() {
    let mut window = Window::watching(&[COUNT]);
    window.fail(COUNT, Failure::Unreachable);
    let view = window.view(COUNT);
    assert_eq!((view.status, view.fetch_status, view.error), (Status::Pending, FetchStatus::Fetching, None));
    assert_eq!((view.failure_count, view.failure_reason), (1, Some(Failure::Unreachable)));
    window.mount(2, COUNT);
    assert_eq!(window.fetching(), []);
    window.wait(seconds(1));
    window.fail(COUNT, Failure::Unreachable);
    window.wait(seconds(1));
    assert_eq!(window.fetching(), [], "the second pause is two seconds");
    window.wait(seconds(1));
    window.answer(COUNT, Answer::Value { value: Rc::new(7), stamp: 1 });
    let view = window.view(COUNT);
    assert_eq!((view.status, view.failure_count, view.failure_reason), (Status::Success, 0, None));
}

#[test]
fn a_person_who_asks_does_not_wait_for_the_next_try() {
    let mut window = Window::watching(&[COUNT]);
    window.fail(COUNT, Failure::Unreachable);
    window.take(Input::refetch(vec![Segment::Word("count")]));
    window.fail(COUNT, Failure::Unreachable);
    window.wait(seconds(1));
    assert_eq!(window.fetching(), [], "the try that was due is none any more");
    window.wait(seconds(1));
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn a_final_failure_shows_until_data_is_fetched_anew() {
    let mut window = Window::watching(&[ALL]);
    window.fail(ALL, Failure::Rejected);
    let view = window.view(ALL);
    assert_eq!((view.status, view.fetch_status), (Status::Error, FetchStatus::Idle));
    assert_eq!(view.error, Some(Failure::Rejected));
    window.take(Input::refetch(vec![]));
    let view = window.view(ALL);
    assert_eq!((view.status, view.error, view.failure_count), (Status::Pending, None, 0));
    window.answer(ALL, list(1, &[]));
    assert_eq!(window.view(ALL).status, Status::Success);
}

#[test]
fn a_failure_leaves_the_data_that_is_there() {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(1, &[(1, task("milk", 1))]));
    window.take(Input::refetch(vec![]));
    window.fail(ALL, Failure::Rejected);
    assert_eq!((window.rows(ALL).as_str(), window.view(ALL).error), ("1", Some(Failure::Rejected)));
    window.take(Input::refetch(vec![]));
    assert_eq!(window.view(ALL).error, Some(Failure::Rejected), "until the next answer is there");
    window.answer(ALL, list(2, &[]));
    assert_eq!(window.view(ALL).error, None);
}

#[test]
fn offline_fetches_wait_and_go_out_with_the_connection() {
    let mut window = Window::watching(&[COUNT]);
    window.fail(COUNT, Failure::Unreachable);
    window.feed(vec![Entry::Online(false)]);
    window.mount(2, ALL);
    window.wait(seconds(60));
    assert_eq!(window.fetched, [COUNT]);
    assert_eq!(window.view(ALL).fetch_status, FetchStatus::Paused);
    assert_eq!(window.view(COUNT).fetch_status, FetchStatus::Paused);
    window.feed(vec![Entry::Online(true)]);
    let mut fetching = window.fetching();
    fetching.sort();
    assert_eq!(fetching, [ALL, COUNT]);
}

#[test]
fn the_connection_brings_the_next_try_at_once() {
    let mut window = Window::watching(&[COUNT]);
    window.fail(COUNT, Failure::Unreachable);
    window.feed(vec![Entry::Online(false), Entry::Online(true)]);
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn what_was_about_to_be_fetched_waits_when_the_connection_goes() {
    let mut window = Window::new();
    window.take_and_wait(Input::Mount { observer: ObserverId(1), key: ALL, options: Options::default() });
    window.feed(vec![Entry::Online(false)]);
    window.take(Input::Flush);
    assert_eq!((window.fetching(), window.view(ALL).fetch_status), (vec![], FetchStatus::Paused));
}

#[test]
fn after_an_interruption_everything_that_is_watched_is_fetched_since_changes_were_missed() {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(1, &[(1, task("milk", 1))]));
    window.feed(vec![Entry::Online(false), Entry::Online(true)]);
    assert_eq!(window.fetching(), [ALL]);
    window.answer(ALL, page(2, &[(1, 1)]));
    window.mount(2, Key::Task(1));
    assert_eq!(window.fetching(), [Key::Task(1)], "the list did not bring it anew");
}

#[test]
fn prefetched_data_is_there_when_somebody_mounts() {
    let mut window = Window::new();
    window.take(Input::Prefetch(ALL, Options::default()));
    window.answer(ALL, list(1, &[(1, task("milk", 1))]));
    window.take(Input::Prefetch(ALL, Options::default()));
    assert_eq!((window.fetching(), window.watched.len()), (vec![], 0));
    window.mount(1, ALL);
    assert_eq!((window.fetching(), window.rows(ALL).as_str()), (vec![], "1"));
}

#[test]
fn a_removed_task_is_shown_as_removed_and_not_as_missing_data() {
    let mut window = Window::watching(&[Key::Task(1)]);
    assert_eq!(window.shows(1), "?");
    window.answer(Key::Task(1), Answer::Entity(gone(1, 1)));
    assert_eq!((window.shows(1).as_str(), window.view(Key::Task(1)).status), ("none", Status::Success));
    window.feed(vec![changed(vec![document(1, task("milk", 1), 2)])]);
    assert_eq!(window.shows(1), "milk/1");
}

#[test]
fn an_answer_that_another_window_asked_for_is_taken_where_it_is_watched() {
    let mut window = Window::watching(&[ALL]);
    window.feed(vec![
        Entry::Answer(ALL, list(3, &[(1, task("milk", 1))])),
        Entry::Answer(COUNT, Answer::Value { value: Rc::new(1), stamp: 3 }),
    ]);
    assert_eq!((window.rows(ALL).as_str(), window.view(COUNT).status), ("1", Status::Pending));
}
