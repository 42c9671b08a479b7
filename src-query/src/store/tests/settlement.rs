//! How a mutation ends: only a settlement or a refusal drops its layer.

use super::*;

/// Shows task 1, milk/1, as it was at 1, with the title "tea" on its way under number 1.
fn tea() -> Window {
    let mut window = Window::watching(&[Key::Task(1)]);
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    window.mutate(edit(1, 1, Change::title("tea")));
    window.accept(&[(1, 1)]);
    window
}

#[test]
fn a_settlement_brings_the_document_and_drops_the_layer_in_one_step() {
    let mut window = tea();
    window.frame();
    window.feed(vec![settled(1, None, vec![document(1, task("tea", 4), 5)])]);
    assert_eq!((window.shows(1).as_str(), window.frame()), ("tea/4", vec![1]));
}

#[test]
fn a_settlement_that_brings_what_is_shown_already_keeps_its_identity() {
    let mut window = tea();
    let shown = |window: &Window| window.store.entity(&1).doc.expect("the task is there");
    let before = shown(&window);
    window.feed(vec![settled(1, None, vec![document(1, task("tea", 1), 5)])]);
    assert!(Rc::ptr_eq(&before, &shown(&window)));
}

#[test]
fn neither_a_read_nor_an_echo_drops_a_layer() {
    let mut window = tea();
    window.feed(vec![changed(vec![document(1, task("tea", 1), 5)])]);
    assert_eq!(window.shows(1), "tea/1+");
    window.take(Input::refetch(vec![]));
    window.answer(Key::Task(1), Answer::Entity(document(1, task("tea", 1), 6)));
    assert_eq!(window.shows(1), "tea/1+");
    window.feed(vec![settled(1, None, vec![document(1, task("tea", 1), 5)])]);
    assert_eq!(window.shows(1), "tea/1");
}

#[test]
fn a_settlement_may_come_before_the_answer_of_the_submission() {
    let mut window = tea();
    window.mutate(edit(2, 1, Change::Priority(2)));
    window.feed(vec![settled(2, None, vec![document(1, task("milk", 2), 5)])]);
    assert_eq!(window.shows(1), "tea/2+");
    window.accept(&[(2, 2)]);
    assert_eq!((window.shows(1).as_str(), window.counts()), ("tea/2+", [0, 1, 0, 0]));
}

#[test]
fn a_failure_that_comes_before_the_answer_of_the_submission_stays_a_failure() {
    let mut window = tea();
    window.mutate(edit(2, 1, Change::Priority(2)));
    window.feed(vec![settled(2, Some(Failure::Rejected), vec![])]);
    window.accept(&[(2, 2)]);
    assert_eq!(window.shows(1), "tea/1+!");
}

#[test]
fn a_failed_settlement_takes_the_layer_and_leaves_a_review_until_somebody_decides() {
    let mut window = tea();
    window.feed(vec![settled(1, Some(Failure::Rejected), vec![document(1, task("juice", 1), 5)])]);
    assert_eq!((window.shows(1).as_str(), window.counts()), ("juice/1!", [0, 0, 0, 1]));
    window.take(Input::Dismiss(1));
    assert_eq!(window.shows(1), "juice/1!", "it is not this window's to forget");
    window.feed(vec![Entry::ReviewClosed(1)]);
    assert_eq!((window.shows(1).as_str(), window.counts()), ("juice/1", [0; 4]));
}

#[test]
fn a_failed_mutation_of_another_window_is_a_review_here_too() {
    let mut window = tea();
    window.layer(2, edit(9, 1, Change::Done(true)));
    window.feed(vec![settled(9, Some(Failure::Rejected), vec![])]);
    assert_eq!(window.shows(1), "tea/1+!");
    assert!(window.store.reviews().all(|(review, here)| review.mutation.id == 9 && !here));
}

#[test]
fn a_refused_mutation_that_was_accepted_after_all_ends_as_it_really_ended() {
    let mut window = tea();
    window.mutate(edit(2, 1, Change::Priority(2)));
    window.mutate(edit(3, 1, Change::Done(true)));
    window.refuse(2);
    assert_eq!(window.shows(1), "tea/1 done++!");
    window.feed(vec![settled(2, None, vec![document(1, task("milk", 2), 5)])]);
    assert_eq!(window.shows(1), "tea/2 done++");
    window.refuse(3);
    window.feed(vec![settled(3, Some(Failure::Rejected), vec![])]);
    assert_eq!(window.shows(1), "tea/2+!");
    assert!(window.store.reviews().all(|(_, here)| !here), "the source knows of it");
}

#[test]
fn a_settlement_that_comes_twice_ends_the_mutation_once() {
    let mut window = tea();
    let end = || settled(1, Some(Failure::Rejected), vec![]);
    window.feed(vec![end(), Entry::ReviewClosed(1), end()]);
    assert_eq!((window.shows(1).as_str(), window.counts()), ("milk/1", [0; 4]));
}

#[test]
fn a_success_without_the_document_has_it_fetched() {
    let mut window = tea();
    window.feed(vec![settled(1, None, vec![])]);
    assert_eq!(window.fetching(), [Key::Task(1)]);
}

#[test]
fn a_settled_delete_leaves_no_row_and_no_task() {
    let mut window = tea();
    window.mount(2, ALL);
    window.answer(ALL, page(1, &[(1, 1), (2, 2)]));
    window.mutate(edit(2, 1, Change::Delete));
    assert_eq!((window.rows(ALL).as_str(), window.shows(1).as_str()), ("2", "none++"));
    window.feed(vec![
        settled(1, None, vec![document(1, task("tea", 1), 5)]),
        settled(2, None, vec![gone(1, 6)]),
    ]);
    assert_eq!((window.rows(ALL).as_str(), window.shows(1).as_str()), ("2", "none"));
}

#[test]
fn a_review_outlives_its_task_and_is_fetched_with_it_again() {
    let mut window = tea();
    window.feed(vec![settled(1, Some(Failure::Rejected), vec![])]);
    window.unmount(1);
    window.wait(seconds(900));
    window.mount(1, Key::Task(1));
    assert_eq!(window.shows(1), "milk/1!");
    assert_eq!(window.fetching(), [Key::Task(1)]);
}
