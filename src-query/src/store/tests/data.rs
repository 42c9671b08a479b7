//! Data that the caller gives, takes back or no longer waits for.

use super::*;
use crate::Filter as Queries;

fn number(value: usize, stamp: u64) -> Answer<Tasks> {
    Answer::Value { value: Rc::new(value), stamp }
}

fn counted() -> Window {
    let mut window = Window::watching(&[COUNT]);
    window.answer(COUNT, number(3, 1));
    window
}

fn shown(window: &mut Window) -> Option<usize> {
    match window.view(COUNT).data {
        Some(Data::Value(value)) => Some(*value),
        _ => None,
    }
}

#[test]
fn data_that_is_set_shows_at_once_and_is_fresh() {
    let mut window = counted();
    window.take(Input::invalidate(vec![]));
    window.take(Input::Cancel(Queries::all()));
    window.take(Input::Set(COUNT, number(7, 1)));
    assert_eq!(
        (shown(&mut window), window.view(COUNT).is_stale, window.fetching()),
        (Some(7), false, vec![])
    );
    // Also where nobody watches.
    window.take(Input::Set(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1))));
    assert_eq!(window.shows(1), "milk/1");
}

#[test]
fn initial_data_is_as_old_as_it_says_and_never_replaces_data() {
    let mut window = Window::new();
    let age = |window: &Window, age| window.now - seconds(age);
    window.take(Input::Initial(COUNT, number(1, 0), age(&window, 10)));
    window.mount(1, COUNT);
    assert_eq!((shown(&mut window), window.fetching()), (Some(1), vec![]));
    window.take(Input::Initial(COUNT, number(2, 0), age(&window, 0)));
    assert_eq!(shown(&mut window), Some(1));

    let mut window = Window::new();
    window.take(Input::Initial(COUNT, number(1, 0), age(&window, 100)));
    window.mount(1, COUNT);
    assert_eq!(
        (shown(&mut window), window.fetching()),
        (Some(1), vec![COUNT]),
        "old data is shown, and fetched"
    );
}

#[test]
fn a_reset_query_begins_again() {
    let mut window = counted();
    window.take(Input::Reset(Queries::all()));
    assert_eq!((window.view(COUNT).status, window.fetching()), (Status::Pending, vec![COUNT]));
    window.fail(COUNT, Failure::Rejected);
    assert_eq!(window.view(COUNT).status, Status::Error);
    window.take(Input::Reset(Queries::exact(&COUNT)));
    assert_eq!((window.view(COUNT).status, window.fetching()), (Status::Pending, vec![COUNT]));

    let mut window = Window::new();
    window.take(Input::Initial(COUNT, number(1, 0), window.now));
    window.take(Input::Set(COUNT, number(2, 1)));
    window.take(Input::Reset(Queries::all()));
    assert_eq!(shown(&mut window), Some(1), "with what it had been given to begin with");
}

#[test]
fn a_reset_takes_no_layer_away() {
    let mut window = Window::watching(&[Key::Task(1)]);
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    window.mutate(edit(1, 1, Change::Priority(9)));
    window.take(Input::Reset(Queries::all()));
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    assert_eq!(window.shows(1), "milk/9+");
}

#[test]
fn a_removed_query_is_forgotten_and_its_observers_wait() {
    let mut window = counted();
    window.take(Input::Prefetch(Key::Task(1), Options::DEFAULT));
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    window.take(Input::Remove(Queries::all()));
    assert_eq!(
        (window.view(COUNT).status, window.view(Key::Task(1)).status),
        (Status::Pending, Status::Pending)
    );
    assert_eq!(window.fetching(), []);
    window.take(Input::refetch(vec![]));
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn a_cancelled_fetch_leaves_everything_as_it_was() {
    let mut window = counted();
    window.take(Input::refetch(vec![]));
    window.take(Input::Cancel(Queries::all()));
    let view = window.view(COUNT);
    assert_eq!(
        (window.fetching(), view.fetch_status, view.status),
        (vec![], FetchStatus::Idle, Status::Success)
    );
    assert_eq!(shown(&mut window), Some(3));

    let mut window = Window::watching(&[COUNT]);
    let ticket = window.flying[0].ticket;
    window.take(Input::Cancel(Queries::all()));
    window.take(Input::Fetched(ticket, Ok(number(9, 9))));
    assert_eq!(window.view(COUNT).status, Status::Pending, "an answer that comes all the same is ignored");
    window.take(Input::refetch(vec![]));
    window.answer(COUNT, number(3, 1));
    assert_eq!(shown(&mut window), Some(3));
}

#[test]
fn a_try_that_is_waited_for_can_be_cancelled() {
    let mut window = Window::watching(&[COUNT]);
    window.fail(COUNT, Failure::Unreachable);
    window.take(Input::Cancel(Queries::all()));
    window.wait(seconds(60));
    assert_eq!(window.fetching(), []);
}

#[test]
fn ensure_fetches_what_is_missing_and_nothing_else() {
    let mut window = counted();
    window.now += seconds(1000);
    window.take(Input::Ensure(COUNT, Options::DEFAULT));
    assert_eq!(window.fetching(), []);
    window.take(Input::Ensure(Key::Task(1), Options::DEFAULT));
    assert_eq!(window.fetching(), [Key::Task(1)]);
}
