//! What nobody shows any more is forgotten, and nothing else.

use super::*;

fn brief() -> Options {
    Options { gc_time: seconds(10), ..Options::default() }
}

/// Observers 1 and 2 have a list and a task for a while; nobody else does.
fn shop() -> Window {
    let mut window = Window::new();
    window.mount_with(1, ALL, brief());
    window.mount_with(2, Key::Task(1), brief());
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    window
}

#[test]
fn data_is_kept_for_its_time_after_the_last_observer_has_gone() {
    let mut window = shop();
    window.wait(seconds(100));
    assert_eq!(window.rows(ALL), "1 2");
    window.unmount(1);
    window.unmount(2);
    window.wait(seconds(9));
    assert_eq!((window.rows(ALL), window.shows(1)), ("1 2".into(), "milk/1".into()));
    window.wait(seconds(1));
    assert_eq!((window.rows(ALL), window.shows(1)), ("?".into(), "?".into()));
}

#[test]
fn who_comes_back_in_time_keeps_the_data() {
    let mut window = shop();
    window.unmount(1);
    window.wait(seconds(9));
    window.mount_with(3, ALL, brief());
    window.wait(seconds(100));
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window.unmount(3);
    window.wait(seconds(9));
    assert_eq!(window.rows(ALL), "1 2", "the time begins anew");
    window.wait(seconds(1));
    assert_eq!(window.rows(ALL), "?");
}

#[test]
fn the_longest_time_that_any_observer_wished_counts() {
    let mut window = shop();
    window.mount(3, ALL);
    window.mount_with(4, ALL, brief());
    (1..=4).for_each(|observer| window.unmount(observer));
    window.wait(seconds(200));
    assert_eq!(window.rows(ALL), "1 2");
    window.wait(seconds(100));
    assert_eq!(window.rows(ALL), "?");
}

#[test]
fn nothing_is_removed_that_another_query_shows() {
    let mut window = shop();
    window.mount(3, OPEN);
    window.answer(OPEN, page(1, &[(1, 1)]));
    window.mount(4, Key::Task(3));
    window.answer(Key::Task(3), Answer::Entity(document(3, task("salt", 3), 1)));
    window.unmount(1);
    window.unmount(2);
    window.wait(seconds(20));
    assert_eq!((window.rows(OPEN), window.shows(1)), ("1".into(), "milk/1".into()));
    assert_eq!((window.shows(2), window.shows(3)), ("?".into(), "salt/3".into()));
}

#[test]
fn a_task_with_a_pending_mutation_is_kept_until_that_has_ended() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("cream")));
    window.unmount(1);
    window.unmount(2);
    window.wait(seconds(100));
    assert_eq!(window.shows(1), "cream/1+");
}

#[test]
fn what_is_on_its_way_is_waited_for() {
    let mut window = Window::new();
    window.take(Input::Prefetch(COUNT, brief()));
    window.wait(seconds(100));
    window.answer(COUNT, Answer::Value { value: Rc::new(1), stamp: 1 });
    assert_eq!(window.view(COUNT).status, Status::Success);
    window.wait(seconds(10));
    assert_eq!(window.view(COUNT).status, Status::Pending);
}

#[test]
fn a_query_that_was_let_go_begins_anew() {
    let mut window = shop();
    window.unmount(1);
    window.unmount(2);
    window.wait(seconds(100));
    window.mount(1, ALL);
    assert_eq!((window.fetching(), window.view(ALL).status), (vec![ALL], Status::Pending));
}

#[test]
fn a_failure_is_forgotten_with_its_query() {
    let mut window = Window::new();
    window.mount_with(1, COUNT, brief());
    window.fail(COUNT, Failure::Rejected);
    window.unmount(1);
    assert_eq!(window.view(COUNT).status, Status::Error);
    window.wait(seconds(10));
    assert_eq!(window.view(COUNT).status, Status::Pending);
}
