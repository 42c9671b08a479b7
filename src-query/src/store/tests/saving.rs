//! What is kept over a restart.

use super::*;
use crate::{Saved, SavedData};

const DAY: Duration = seconds(24 * 3600);

/// What was saved, in words: `1=milk/1`, `list 1 2`, `value 3`.
fn words(saved: &[Saved<Tasks>]) -> Vec<String> {
    let word = |saved: &Saved<Tasks>| match &saved.data {
        SavedData::Entity(id, Some(task)) => format!("{id}={}/{}", task.title, task.priority),
        SavedData::Entity(id, None) => format!("{id}=none"),
        SavedData::List(_, pages) => {
            let rows = pages.iter().flat_map(|page| &page.rows);
            rows.fold("list".into(), |text, (_, id)| format!("{text} {id}"))
        }
        SavedData::Value(_, value) => format!("value {value}"),
    };
    saved.iter().map(word).collect()
}

fn shop() -> Window {
    let mut window = Window::watching(&[ALL, COUNT]);
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window.answer(COUNT, Answer::Value { value: Rc::new(2), stamp: 1 });
    window
}

#[test]
fn only_what_has_changed_is_to_be_kept_and_no_layer_is() {
    let mut window = shop();
    assert_eq!(words(&window.store.take_unsaved()), ["1=milk/1", "2=tea/2", "list 1 2", "value 2"]);
    assert_eq!(words(&window.store.take_unsaved()), [""; 0]);
    window.mutate(edit(1, 1, Change::Priority(9)));
    assert_eq!(window.rows(ALL), "2 1");
    window.take(Input::refetch(vec![Segment::Word("tasks"), Segment::Word("list")]));
    window.answer(ALL, list(2, &[(1, task("milk", 1)), (2, task("tea", 3))]));
    assert_eq!(words(&window.store.take_unsaved()), ["1=milk/1", "2=tea/3", "list 1 2"]);
    window.feed(vec![changed(vec![gone(2, 3)])]);
    assert_eq!(words(&window.store.take_unsaved()), ["2=none"]);
}

#[test]
fn kept_data_shows_at_once_and_is_fetched_when_it_is_stale() {
    let saved = shop().store.take_unsaved();
    for (later, fetching) in [(seconds(10), vec![]), (seconds(100), vec![ALL, COUNT])] {
        let mut window = Window::new();
        window.now += later;
        window.take(Input::Hydrate(saved.clone(), DAY));
        assert_eq!((window.rows(ALL).as_str(), window.shows(1).as_str()), ("1 2", "milk/1"));
        window.mount(1, ALL);
        window.mount(2, COUNT);
        // What nobody fed for a while is looked after as well.
        window.flying.retain(|flying| fetching.contains(&flying.key));
        assert_eq!(window.fetching(), fetching, "after {later:?}");
    }
}

#[test]
fn what_is_too_old_is_not_taken() {
    let saved = shop().store.take_unsaved();
    let mut window = Window::new();
    window.now += DAY + seconds(1);
    window.take(Input::Hydrate(saved, DAY));
    assert_eq!((window.rows(ALL).as_str(), window.shows(1).as_str()), ("?", "?"));
}

#[test]
fn newer_data_wins_whichever_came_first() {
    let saved = shop().store.take_unsaved();
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(5, &[(1, task("bread", 1))]));
    window.take(Input::Hydrate(saved.clone(), DAY));
    assert_eq!((window.rows(ALL).as_str(), window.shows(1).as_str()), ("1", "bread/1"));

    let mut window = Window::new();
    window.take(Input::Hydrate(saved, DAY));
    window.mount(1, ALL);
    window.take(Input::refetch(vec![]));
    // Whatever its stamp: what was kept is older than all that is read.
    window.answer(ALL, list(1, &[(1, task("bread", 1))]));
    assert_eq!((window.rows(ALL).as_str(), window.shows(1).as_str()), ("1", "bread/1"));
}

#[test]
fn pending_layers_lie_over_what_was_kept() {
    let saved = shop().store.take_unsaved();
    let mut window = Window::new();
    window.layer(1, edit(1, 1, Change::Priority(9)));
    window.take(Input::Hydrate(saved, DAY));
    assert_eq!((window.rows(ALL).as_str(), window.shows(1).as_str()), ("2 1", "milk/9+"));
}
