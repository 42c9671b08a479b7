//! What an observer selects, and what it shows in the place of data that is not there yet.

use std::cell::Cell;

use super::*;
use crate::{Observer, Placeholder, QueryView};

type Selecting<T> = Observer<Tasks, T>;

/// The ids of a list, whether they are its own, and how the query stands.
fn shown(view: QueryView<Tasks>) -> (Vec<u32>, bool, Status) {
    let ids = match view.data {
        Some(Data::List(rows)) => rows.iter().copied().collect(),
        _ => Vec::new(),
    };
    (ids, view.is_placeholder, view.status)
}

fn lists(placeholder: Placeholder<Tasks>) -> (Window, Selecting<(Vec<u32>, bool, Status)>) {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    let mut observer = Observer::new(ObserverId(1));
    observer.watch(ALL, Options::DEFAULT, placeholder, shown);
    (window, observer)
}

#[test]
fn select_runs_only_where_the_query_is_not_as_it_was() {
    let mut window = Window::watching(&[Key::Task(1)]);
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    let runs = Rc::new(Cell::new(0));
    let mut observer: Selecting<Option<i32>> = Observer::new(ObserverId(1));
    let counted = runs.clone();
    observer.watch(Key::Task(1), Options::DEFAULT, Placeholder::Nothing, move |view| {
        counted.set(counted.get() + 1);
        match view.data {
            Some(Data::Entity(entity)) => entity.doc.map(|task| task.priority),
            _ => None,
        }
    });
    assert_eq!(observer.read(&window.store, window.now), Some(Some(1)));
    assert_eq!(observer.read(&window.store, window.now), Some(Some(1)));
    assert!(!observer.has_changed(&window.store, window.now));
    assert_eq!(runs.get(), 1);

    window.mutate(edit(7, 1, Change::title("cream")));
    assert!(!observer.has_changed(&window.store, window.now), "another part of it has changed");
    assert_eq!(runs.get(), 2);
    window.mutate(edit(8, 1, Change::Priority(5)));
    assert!(observer.has_changed(&window.store, window.now));
    assert_eq!(observer.read(&window.store, window.now), Some(Some(5)));
    assert_eq!(runs.get(), 3);
}

#[test]
fn the_data_of_the_key_before_is_shown_until_there_is_other() {
    let (mut window, mut observer) = lists(Placeholder::Previous);
    let (own, all) = (false, vec![1, 2]);
    assert_eq!(observer.read(&window.store, window.now), Some((all.clone(), own, Status::Success)));
    window.mount(1, OPEN);
    observer.watch(OPEN, Options::DEFAULT, Placeholder::Previous, shown);
    assert_eq!(observer.read(&window.store, window.now), Some((all, true, Status::Success)));
    window.answer(OPEN, list(2, &[(2, task("tea", 2))]));
    assert!(observer.has_changed(&window.store, window.now));
    assert_eq!(observer.read(&window.store, window.now), Some((vec![2], own, Status::Success)));
}

#[test]
fn without_a_placeholder_another_key_begins_empty() {
    let (mut window, mut observer) = lists(Placeholder::Nothing);
    observer.read(&window.store, window.now);
    window.mount(1, OPEN);
    observer.watch(OPEN, Options::DEFAULT, Placeholder::Nothing, shown);
    assert_eq!(observer.read(&window.store, window.now), Some((vec![], false, Status::Pending)));
}

#[test]
fn a_placeholder_gives_way_to_an_error_and_is_never_kept() {
    let mut window = Window::watching(&[COUNT]);
    let value = |view: QueryView<Tasks>| match view.data {
        Some(Data::Value(value)) => (Some(*value), view.is_placeholder),
        _ => (None, view.is_placeholder),
    };
    let mut observer = Observer::new(ObserverId(1));
    let about_three = Placeholder::Data(Data::Value(Rc::new(3)));
    observer.watch(COUNT, Options::DEFAULT, about_three, value);
    assert_eq!(observer.read(&window.store, window.now), Some((Some(3), true)));
    assert!(!window.view(COUNT).is_fetched());
    window.fail(COUNT, Failure::Rejected);
    assert_eq!(observer.read(&window.store, window.now), Some((None, false)));
    assert!(window.view(COUNT).is_loading_error() && window.view(COUNT).is_fetched());
    observer.watch(ALL, Options::DEFAULT, Placeholder::Previous, value);
    assert_eq!(observer.read(&window.store, window.now), Some((None, false)));
}
