//! A task is held once, and stands where it belongs in every list.

use super::*;

/// Tasks 1 milk/1, 2 tea/2, 3 salt/3, in the lists of all and of open ones; the observers are 1 and 2.
fn two_lists() -> Window {
    let tasks = [(1, task("milk", 1)), (2, task("tea", 2)), (3, task("salt", 3))];
    let mut window = Window::watching(&[ALL, OPEN]);
    window.answer(ALL, list(1, &tasks));
    window.answer(OPEN, list(1, &tasks));
    window
}

#[test]
fn a_change_moves_a_row_in_every_list_that_shows_it() {
    let mut window = two_lists();
    window.mutate(edit(1, 1, Change::Priority(9)));
    assert_eq!((window.rows(ALL), window.rows(OPEN)), ("2 3 1".into(), "2 3 1".into()));
    window.mutate(edit(2, 2, Change::Done(true)));
    assert_eq!((window.rows(ALL), window.rows(OPEN)), ("2 3 1".into(), "3 1".into()));
    window.feed(vec![changed(vec![document(3, task("salt", 99), 2), gone(1, 2)])]);
    assert_eq!((window.rows(ALL), window.rows(OPEN)), ("2 3".into(), "3".into()));
}

#[test]
fn a_new_task_comes_into_every_list_that_it_belongs_to() {
    let mut window = two_lists();
    window.mutate(insert(1, 4, "rice", 2));
    assert_eq!((window.rows(ALL), window.shows(4)), ("1 2 4 3".into(), "rice/2+".into()));
    window.mutate(edit(2, 4, Change::Delete));
    assert_eq!((window.rows(ALL), window.rows(OPEN)), ("1 2 3".into(), "1 2 3".into()));
}

#[test]
fn a_refused_insert_leaves_every_list() {
    let mut window = two_lists();
    window.mutate(insert(1, 4, "rice", 2));
    window.refuse(1);
    assert_eq!((window.rows(ALL), window.shows(4)), ("1 2 3".into(), "?!".into()));
}

#[test]
fn a_row_whose_task_is_unknown_keeps_its_place_under_a_layer() {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, page(1, &[(1, 1), (2, 2)]));
    window.layer(1, edit(9, 1, Change::Priority(5)));
    assert_eq!((window.rows(ALL), window.shows(1)), ("1 2".into(), "?+".into()));
    window.mount(2, Key::Task(1));
    assert_eq!(window.fetching(), [Key::Task(1)], "a layer alone is no data");
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    assert_eq!((window.rows(ALL), window.shows(1)), ("2 1".into(), "milk/5+".into()));
}

#[test]
fn a_list_keeps_the_servers_word_over_an_older_task() {
    let mut window = Window::watching(&[ALL, OPEN]);
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window.answer(OPEN, page(5, &[(2, 8)]));
    window.mutate(edit(1, 1, Change::title("cream")));
    window.mutate(edit(2, 1, Change::Priority(3)));
    assert_eq!(window.rows(OPEN), "2", "task 1 was done by then, and no layer undoes that");
    window.mutate(edit(3, 2, Change::Done(true)));
    assert_eq!(window.rows(OPEN), "", "what a layer changes is placed by the layer");
    window.feed(vec![Entry::Refused { mutation: 3, failure: Failure::Rejected }]);
    assert_eq!(window.rows(OPEN), "2", "and goes back with it");
}

#[test]
fn a_row_that_was_moved_by_a_layer_goes_back_to_where_the_read_had_it() {
    let mut window = Window::watching(&[ALL]);
    window.feed(vec![changed(vec![document(2, task("tea", 9), 1)])]);
    window.answer(ALL, page(5, &[(1, 1), (2, 2), (3, 3)]));
    window.mutate(edit(1, 2, Change::title("coffee")));
    assert_eq!(window.rows(ALL), "1 2 3", "another title is no reason to move");
    window.mutate(edit(2, 2, Change::Priority(7)));
    assert_eq!(window.rows(ALL), "1 3 2");
    window.feed(vec![Entry::Refused { mutation: 2, failure: Failure::Rejected }]);
    assert_eq!(window.rows(ALL), "1 2 3");
}

#[test]
fn a_row_that_an_older_task_does_not_belong_to_stays_where_the_read_has_it() {
    let mut window = Window::watching(&[OPEN]);
    window.feed(vec![changed(vec![document(1, Task { done: true, ..task("milk", 1) }, 1)])]);
    window.answer(OPEN, page(5, &[(1, 1)]));
    window.mutate(edit(1, 1, Change::title("cream")));
    assert_eq!(window.rows(OPEN), "1");
}

#[test]
fn a_fetched_list_shows_what_its_read_could_not_know() {
    let mut window = Window::watching(&[ALL]);
    window.mutate(insert(1, 4, "rice", 4));
    window.feed(vec![changed(vec![
        document(2, task("tea", 9), 7),
        gone(3, 7),
        document(5, task("oil", 0), 7),
    ])]);
    window.answer(ALL, list(6, &[(1, task("milk", 1)), (2, task("tea", 2)), (3, task("salt", 3))]));
    assert_eq!(window.rows(ALL), "5 1 4 2");
}

#[test]
fn an_edited_row_keeps_its_place_until_it_is_released() {
    let mut window = two_lists();
    window.take(Input::Hold(1));
    window.mutate(edit(1, 1, Change::Priority(9)));
    window.mutate(edit(2, 1, Change::Done(true)));
    assert_eq!((window.rows(ALL), window.rows(OPEN)), ("1 2 3".into(), "1 2 3".into()));
    assert_eq!(window.shows(1), "milk/9 done++");
    window.take(Input::Release(1));
    assert_eq!((window.rows(ALL), window.rows(OPEN)), ("2 3 1".into(), "2 3".into()));
}

#[test]
fn an_edited_row_keeps_its_place_when_others_move_or_remove_it() {
    let mut window = two_lists();
    window.take(Input::Hold(1));
    window.take(Input::Hold(2));
    window.feed(vec![changed(vec![gone(1, 2), document(2, task("tea", 0), 2)])]);
    assert_eq!(window.rows(ALL), "1 2 3");
    window.take(Input::refetch(vec![]));
    window.answer(ALL, list(3, &[(2, task("tea", 0)), (3, task("salt", 3))]));
    assert_eq!(window.rows(ALL), "1 2 3");
    window.take(Input::Release(2));
    assert_eq!(window.rows(ALL), "2 1 3");
    window.take(Input::Release(1));
    assert_eq!(window.rows(ALL), "2 3");
}

#[test]
fn a_row_that_was_held_and_never_moved_stays_when_it_is_released() {
    let mut window = two_lists();
    window.take(Input::Hold(2));
    window.mutate(edit(1, 2, Change::title("coffee")));
    window.take(Input::Release(2));
    assert_eq!(window.rows(ALL), "1 2 3");
}

#[test]
fn a_new_row_comes_in_while_its_editor_is_open() {
    let mut window = two_lists();
    window.take(Input::Hold(4));
    window.mutate(insert(1, 4, "rice", 2));
    assert_eq!(window.rows(ALL), "1 2 4 3");
}

/// Tasks 1 and 2, found by a search that only the server can evaluate; the observer is 1.
fn searching() -> Window {
    let mut window = Window::watching(&[SEARCH]);
    window.answer(SEARCH, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window
}

#[test]
fn a_row_of_which_only_the_server_can_tell_stays_until_a_read_that_is_not_older_than_the_settlement() {
    let mut window = searching();
    window.mutate(edit(1, 1, Change::Priority(9)));
    window.accept(&[(1, 1)]);
    assert_eq!((window.rows(SEARCH).as_str(), window.fetching()), ("1 2", vec![]));
    window.feed(vec![settled(1, None, vec![document(1, task("milk", 9), 5)])]);
    assert_eq!((window.rows(SEARCH).as_str(), window.fetching()), ("1 2", vec![SEARCH]));
    window.answer(SEARCH, page(4, &[(2, 2)]));
    assert_eq!(window.rows(SEARCH), "1 2", "that was read before");
    assert!(window.view(SEARCH).is_stale);
    assert_eq!(window.fetching(), [SEARCH]);
    window.answer(SEARCH, page(5, &[(2, 2), (1, 9)]));
    assert_eq!((window.rows(SEARCH).as_str(), window.fetching()), ("2 1", vec![]));
    assert!(!window.view(SEARCH).is_stale);
}

#[test]
fn the_search_is_fetched_once_for_many_changes() {
    let mut window = searching();
    for stamp in 2..9 {
        window.feed(vec![changed(vec![document(1, task("milk", 9), stamp)])]);
    }
    window.answer(SEARCH, page(8, &[(2, 2), (1, 9)]));
    assert_eq!((window.fetched.clone(), window.rows(SEARCH).as_str()), (vec![SEARCH, SEARCH], "2 1"));
}

#[test]
fn a_search_that_nobody_watches_is_fetched_when_somebody_does() {
    let mut window = searching();
    window.mount(2, ALL);
    window.unmount(1);
    window.feed(vec![changed(vec![document(1, task("milk", 9), 2)])]);
    assert_eq!(window.fetching(), [ALL]);
    window.mount(1, SEARCH);
    assert_eq!(window.fetching(), [ALL, SEARCH]);
}

#[test]
fn an_echo_that_comes_before_the_settlement_changes_nothing_about_the_search() {
    let mut window = searching();
    window.mutate(edit(1, 1, Change::Priority(9)));
    window.accept(&[(1, 1)]);
    window.feed(vec![changed(vec![document(1, task("milk", 9), 5)])]);
    assert_eq!((window.shows(1).as_str(), window.fetching()), ("milk/9+", vec![]));
    window.feed(vec![settled(1, None, vec![document(1, task("milk", 9), 5)])]);
    assert_eq!((window.shows(1).as_str(), window.fetching()), ("milk/9", vec![SEARCH]));
}

#[test]
fn an_unchanged_list_and_an_unchanged_task_keep_their_identity() {
    let mut window = two_lists();
    let ids = |window: &mut Window| match window.view(ALL).data {
        Some(Data::List(ids)) => ids,
        _ => panic!("the list is there"),
    };
    let (before, milk) = (ids(&mut window), window.store.entity(&1).doc);
    window.take(Input::refetch(vec![]));
    window.answer(ALL, list(2, &[(1, task("milk", 1)), (2, task("tea", 2)), (3, task("salt", 3))]));
    assert!(before.is(&ids(&mut window)));
    let after = window.store.entity(&1).doc;
    assert!(Rc::ptr_eq(&milk.expect("milk is there"), &after.expect("milk is still there")));
}
