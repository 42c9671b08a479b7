//! Who is notified, and when: once a frame, and nobody in vain.

use super::*;

/// Observer 1 has the list, 2 and 3 have tasks 1 and 2; all is drawn.
fn shop() -> Window {
    let mut window = Window::watching(&[ALL, Key::Task(1), Key::Task(2)]);
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    window.answer(Key::Task(2), Answer::Entity(document(2, task("tea", 2), 1)));
    window.frame();
    window
}

#[test]
fn a_frame_is_asked_for_once_and_tells_each_observer_once() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("cream")));
    window.mutate(edit(2, 1, Change::title("oat milk")));
    assert!(window.frame_requested);
    assert_eq!(window.frame(), [2]);
    assert!(!window.frame_requested);
    assert_eq!(window.frame(), []);
}

#[test]
fn a_list_is_told_only_when_a_row_comes_goes_or_moves() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::Done(true)));
    assert_eq!(window.frame(), [2]);
    window.mutate(edit(2, 1, Change::Priority(7)));
    assert_eq!(window.frame(), [1, 2]);
    window.accept(&[(1, 1)]);
    window.feed(vec![settled(1, None, vec![document(1, Task { done: true, ..task("milk", 1) }, 5)])]);
    assert_eq!(window.frame(), [2]);
}

#[test]
fn all_observers_of_a_key_are_told() {
    let mut window = shop();
    window.mount(4, Key::Task(1));
    window.mutate(edit(1, 1, Change::title("cream")));
    assert_eq!(window.frame(), [2, 4]);
    window.unmount(2);
    window.mutate(edit(2, 1, Change::title("oat milk")));
    assert_eq!(window.frame(), [4]);
}

#[test]
fn an_observer_that_moved_to_another_key_hears_of_that_one_only() {
    let mut window = shop();
    window.mount(2, Key::Task(2));
    window.mutate(edit(1, 1, Change::title("cream")));
    assert_eq!(window.frame(), []);
    window.mutate(edit(2, 2, Change::title("coffee")));
    assert_eq!(window.frame(), [2, 3]);
    assert_eq!(window.watched, [ALL, Key::Task(2)]);
}

#[test]
fn a_hidden_window_applies_without_notifying_and_tells_all_when_it_is_shown() {
    let mut window = shop();
    window.take(Input::Visible(false));
    window.mutate(edit(1, 1, Change::title("cream")));
    window.feed(vec![changed(vec![document(2, task("coffee", 2), 5)])]);
    assert!(!window.frame_requested);
    assert_eq!((window.frame(), window.shows(1)), (vec![], "cream/1+".into()));
    window.take(Input::Visible(true));
    assert!(window.frame_requested);
    assert_eq!(window.frame(), [2, 3]);
}

#[test]
fn a_frame_that_was_lost_while_the_window_was_hidden_is_asked_for_again() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("cream")));
    window.take(Input::Visible(false));
    window.frame_requested = false;
    window.take(Input::Visible(true));
    assert!(window.frame_requested);
}

#[test]
fn a_refetch_shows_as_one_and_the_same_list_stays_the_same() {
    let mut window = shop();
    window.take(Input::refetch(vec![Segment::Word("tasks"), Segment::Word("list")]));
    assert_eq!(window.frame(), [1]);
    let before = window.view(ALL);
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    assert_eq!(window.frame(), [1]);
    let after = window.view(ALL);
    assert_eq!(before.data, after.data);
    assert_ne!(before.fetch_status, after.fetch_status);
}

#[test]
fn the_source_is_told_of_a_key_once_however_many_watch_it_and_nothing_of_brief_visits() {
    let mut window = Window::watching(&[ALL, ALL]);
    window.mount_with(1, ALL, Options { on_focus: Trigger::Never, ..Options::default() });
    assert_eq!(window.watched, [ALL]);
    let options = Options::default();
    window.take_and_wait(Input::Mount { observer: ObserverId(3), key: COUNT, options });
    window.take_and_wait(Input::Unmount(ObserverId(3)));
    window.take_and_wait(Input::Unmount(ObserverId(1)));
    window.take_and_wait(Input::Unmount(ObserverId(2)));
    window.take_and_wait(Input::Mount { observer: ObserverId(4), key: ALL, options });
    let effects = window.store.take(window.now, Input::Flush);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Watch { .. })), "{effects:?}");
    window.unmount(4);
    assert_eq!(window.watched, []);
}
