//! No older result wins.

use super::*;

/// Shows task 1 as it was at 5: milk/5.
fn at_five() -> Window {
    let mut window = Window::watching(&[Key::Task(1)]);
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 5), 5)));
    window
}

#[test]
fn a_task_never_takes_an_older_document() {
    let mut window = at_five();
    window.feed(vec![changed(vec![document(1, task("milk", 4), 4), gone(1, 3)])]);
    assert_eq!(window.shows(1), "milk/5");
    window.feed(vec![changed(vec![document(1, task("milk", 6), 6)])]);
    assert_eq!(window.shows(1), "milk/6");
    window.feed(vec![changed(vec![gone(1, 7), document(1, task("milk", 6), 6)])]);
    assert_eq!(window.shows(1), "none");
}

#[test]
fn what_was_fed_is_not_overwritten_by_an_older_fetch_in_flight() {
    let mut window = at_five();
    window.take(Input::refetch(vec![]));
    window.feed(vec![changed(vec![document(1, task("milk", 6), 6)])]);
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 5), 5)));
    assert_eq!(window.shows(1), "milk/6");
    assert!(!window.view(Key::Task(1)).is_stale);
}

#[test]
fn a_read_at_the_time_of_a_write_has_seen_the_write() {
    let mut window = at_five();
    window.mutate(edit(1, 1, Change::Priority(6)));
    window.feed(vec![settled(1, None, vec![document(1, task("milk", 6), 6)])]);
    window.feed(vec![changed(vec![document(1, task("cream", 6), 6)])]);
    assert_eq!(window.shows(1), "cream/6");
}

#[test]
fn a_write_says_nothing_new_to_a_read_of_the_same_time() {
    let mut window = at_five();
    window.mutate(edit(1, 1, Change::Priority(6)));
    window.feed(vec![changed(vec![document(1, task("cream", 6), 6)])]);
    window.feed(vec![settled(1, None, vec![document(1, task("milk", 6), 6)])]);
    assert_eq!(window.shows(1), "cream/6");
}

#[test]
fn a_list_never_takes_an_older_read_but_the_documents_that_are_new_to_it() {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(5, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window.feed(vec![Entry::Answer(ALL, list(4, &[(1, task("cream", 9)), (3, task("salt", 3))]))]);
    assert_eq!((window.rows(ALL), window.shows(1)), ("1 2".into(), "milk/1".into()));
    assert_eq!(window.shows(3), "salt/3");
}

#[test]
fn a_value_never_takes_an_older_one() {
    let mut window = Window::watching(&[COUNT]);
    let count = |count, stamp| Answer::Value { value: Rc::new(count), stamp };
    window.answer(COUNT, count(7, 5));
    let shown = |window: &mut Window| match window.view(COUNT).data {
        Some(Data::Value(count)) => *count,
        _ => panic!("it was counted"),
    };
    window.feed(vec![Entry::Answer(COUNT, count(6, 4))]);
    assert_eq!(shown(&mut window), 7);
    window.feed(vec![Entry::Answer(COUNT, count(8, 5))]);
    assert_eq!(shown(&mut window), 8);
}

#[test]
fn another_run_of_the_source_counts_from_anew() {
    let mut window = Window::watching(&[Key::Task(1), ALL, COUNT]);
    let count = |count, stamp| Answer::Value { value: Rc::new(count), stamp };
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 5), 500)));
    window.answer(ALL, page(500, &[(1, 5)]));
    window.answer(COUNT, count(1, 500));
    window.attached(|attached| (attached.boot, attached.seq) = (2, 0));
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 6), 1)));
    window.answer(ALL, page(1, &[(1, 6), (2, 7)]));
    window.answer(COUNT, count(2, 1));
    assert_eq!((window.shows(1), window.rows(ALL)), ("milk/6".into(), "1 2".into()));
    assert!(matches!(window.view(COUNT).data, Some(Data::Value(count)) if *count == 2));
}
