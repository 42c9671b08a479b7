//! Pending mutations: how they lie over a task, and how they come and go.

use super::*;

/// Shows task 1, milk/1, as it was at 1.
fn milk() -> Window {
    let mut window = Window::watching(&[Key::Task(1)]);
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    window
}

#[test]
fn a_mutation_shows_at_once() {
    let mut window = milk();
    assert!(window.take_and_wait(Input::Mutate(edit(1, 1, Change::title("tea")))));
    assert_eq!((window.shows(1).as_str(), window.counts()), ("tea/1+", [0, 1, 0, 0]));
    assert_eq!(window.store.entity(&1).base.map(|base| base.title.clone()), Some("milk".into()));
    assert!(window.submitted.is_empty(), "nothing has left the window yet");
}

#[test]
fn one_batch_of_mutations_is_in_flight_at_a_time() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.mutate(edit(2, 1, Change::Priority(2)));
    window.mutate(edit(3, 1, Change::Done(true)));
    assert_eq!(window.submitted, [1]);
    window.accept(&[(1, 1)]);
    assert_eq!(window.submitted, [2, 3]);
}

#[test]
fn accepted_layers_lie_by_number_and_local_ones_on_top() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("local")));
    window.layer(9, edit(2, 1, Change::title("ninth")));
    window.layer(8, edit(3, 1, Change::title("eighth")));
    assert_eq!(window.shows(1), "local/1+++");
    window.accept(&[(1, 7)]);
    assert_eq!(window.shows(1), "ninth/1+++");
    let order: Vec<_> = window.store.entity(&1).pending.iter().map(|(mutation, _)| mutation.id).collect();
    assert_eq!(order, [1, 3, 2]);
}

#[test]
fn a_refusal_removes_its_own_layer_and_leaves_a_review() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.mutate(edit(2, 1, Change::Priority(5)));
    window.refuse(1);
    assert_eq!((window.shows(1).as_str(), window.counts()), ("milk/5+!", [0, 1, 0, 1]));
    window.take(Input::Dismiss(1));
    assert_eq!((window.shows(1).as_str(), window.counts()), ("milk/5+", [0, 1, 0, 0]));
}

#[test]
fn a_refused_mutation_of_another_window_just_vanishes() {
    let mut window = milk();
    window.layer(1, edit(9, 1, Change::title("tea")));
    window.feed(vec![Entry::Refused { mutation: 9, failure: Failure::Rejected }]);
    assert_eq!((window.shows(1).as_str(), window.counts()), ("milk/1", [0; 4]));
}

#[test]
fn an_own_mutation_that_the_feed_told_of_before_it_was_refused_is_a_review() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.layer(1, edit(1, 1, Change::title("tea")));
    window.feed(vec![Entry::Refused { mutation: 1, failure: Failure::Rejected }]);
    window.refuse(1);
    assert_eq!((window.shows(1).as_str(), window.counts()), ("milk/1!", [0, 0, 0, 1]));
}

#[test]
fn a_mutation_that_is_there_already_is_not_laid_twice() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.mutate(edit(1, 1, Change::title("tea")));
    assert_eq!(window.shows(1), "tea/1+");
    window.accept(&[(1, 1)]);
    window.layer(1, edit(1, 1, Change::title("tea")));
    assert_eq!(window.shows(1), "tea/1+");
}

#[test]
fn a_refused_mutation_can_be_sent_again_under_its_name() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.refuse(1);
    window.mutate(edit(1, 1, Change::title("tee")));
    assert_eq!((window.shows(1).as_str(), window.submitted.clone()), ("tee/1+", vec![1]));
}

#[test]
fn a_mutation_that_has_failed_for_good_is_not_laid_again_under_its_name() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.feed(vec![settled(1, Some(Failure::Rejected), vec![])]);
    window.mutate(edit(1, 1, Change::title("tee")));
    window.layer(1, edit(1, 1, Change::title("tea")));
    assert_eq!(window.shows(1), "milk/1!");
}

#[test]
fn a_mutation_that_the_answer_does_not_name_goes_out_again() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.submitted.clear();
    window.take(Input::Submitted(vec![]));
    assert_eq!(window.submitted, [1]);
    window.accept(&[(1, 1)]);
    window.submitted.clear();
    window.take(Input::Flush);
    assert_eq!(window.submitted, []);
}

#[test]
fn pending_mutations_wait_while_the_server_is_out_of_reach() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.accept(&[(1, 1)]);
    window.frame();
    window.feed(vec![Entry::Online(false)]);
    assert_eq!(
        (window.shows(1).as_str(), window.counts(), window.frame()),
        ("tea/1=", [0, 0, 1, 0], vec![1])
    );
    window.mutate(edit(2, 1, Change::Done(true)));
    assert_eq!((window.shows(1).as_str(), window.submitted.clone()), ("tea/1 done==", vec![2]));
    window.feed(vec![Entry::Online(true)]);
    assert_eq!(window.shows(1), "tea/1 done++");
}

#[test]
fn a_mutation_waits_when_the_feed_says_so_even_before_its_answer_comes() {
    let mut window = milk();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.feed(vec![Entry::Paused { mutation: 1, paused: true }]);
    window.accept(&[(1, 1)]);
    assert_eq!((window.shows(1).as_str(), window.counts()), ("tea/1=", [0, 0, 1, 0]));
    window.feed(vec![Entry::Paused { mutation: 1, paused: false }]);
    assert_eq!((window.shows(1).as_str(), window.counts()), ("tea/1+", [0, 1, 0, 0]));
}

#[test]
fn a_mutation_of_several_tasks_is_one_layer_on_each() {
    let mut window = Window::watching(&[ALL]);
    window.answer(ALL, list(1, &[(1, task("milk", 1)), (2, task("tea", 2))]));
    let both = vec![(1, Change::Priority(3)), (2, Change::Done(true))];
    window.mutate(Mutation { id: 1, edits: both });
    assert_eq!((window.shows(1), window.shows(2)), ("milk/3+".into(), "tea/2 done+".into()));
    assert_eq!(window.counts(), [0, 1, 0, 0]);
    window.refuse(1);
    assert_eq!((window.shows(1), window.shows(2)), ("milk/1!".into(), "tea/2!".into()));
    assert_eq!(window.rows(ALL), "1 2");
}
