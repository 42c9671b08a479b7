//! What became of the mutations that were made here, and when they go out.

use super::*;

fn priority(id: u32, priority: i32) -> Mutation {
    edit(id, 1, Change::Priority(priority))
}

fn shop() -> Window {
    let mut window = Window::watching(&[Key::Task(1)]);
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    window
}

/// `id status`, each mutation in order; with `xN` for so many failed tries.
fn history(window: &Window) -> String {
    let states = window.store.history().map(|state| {
        let tries =
            if state.failure_count == 0 { String::new() } else { format!(" x{}", state.failure_count) };
        format!("{} {:?}{tries}", state.mutation.id, state.status)
    });
    states.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_history_tells_how_each_mutation_ended_and_forgets_it_later() {
    let mut window = shop();
    window.mutate(priority(1, 5));
    window.mutate(priority(2, 6));
    assert_eq!(history(&window), "1 Pending, 2 Pending");
    assert_eq!(window.store.mutating(|mutation| mutation.id == 2), 1);
    window.accept(&[(1, 1)]);
    window.accept(&[(2, 2)]);
    window.feed(vec![settled(1, None, vec![document(1, task("milk", 5), 2)])]);
    window.feed(vec![settled(2, Some(Failure::Rejected), vec![])]);
    assert_eq!(history(&window), "1 Success, 2 Error");
    assert_eq!(window.ended, [(1, End::Saved), (2, End::Failed(Failure::Rejected))]);
    assert!(window.joined.is_empty());
    assert_eq!(window.store.mutating(|_| true), 0);
    window.wait(seconds(299));
    assert_eq!(history(&window), "1 Success, 2 Error");
    window.wait(seconds(2));
    assert_eq!(history(&window), "");
}

#[test]
fn another_window_s_mutation_is_not_in_this_one_s_history() {
    let mut window = shop();
    window.layer(1, priority(1, 5));
    window.feed(vec![settled(1, None, vec![document(1, task("milk", 5), 2)])]);
    assert_eq!(history(&window), "");
    assert_eq!(window.ended, [(1, End::Saved)]);
}

#[test]
fn what_another_window_does_is_told_with_what_was_shown_until_then() {
    let mut window = shop();
    window.feed(vec![
        layer(1, priority(1, 5)),
        layer(2, priority(2, 6)),
        layer(3, edit(3, 9, Change::Priority(1))),
    ]);
    let milk = |priority| vec![Some(format!("milk {priority}"))];
    assert_eq!(window.joined, [(1, milk(1)), (2, milk(5)), (3, vec![None])]);
    window.feed(vec![Entry::Withdrawn(2)]);
    window.attached(|attached| attached.numbered = 3);
    assert_eq!(window.ended, [(2, End::Withdrawn), (1, End::Untold), (3, End::Untold)]);
}

#[test]
fn a_mutation_that_ended_while_the_window_did_not_listen_has_ended() {
    let mut window = shop();
    window.mutate(priority(1, 5));
    window.accept(&[(1, 1)]);
    window.attached(|attached| attached.numbered = 1);
    assert_eq!(history(&window), "1 Success");
}

#[test]
fn what_could_not_be_submitted_is_tried_again_as_often_as_the_application_says() {
    let mut window = shop();
    window.mutate(priority(1, 5));
    let refuse = |window: &mut Window| window.take(Input::Submitted(vec![(1, Err(Failure::Busy))]));
    window.submitted.clear();
    refuse(&mut window);
    assert_eq!((history(&window).as_str(), window.submitted.as_slice()), ("1 Pending x1", &[][..]));
    assert_eq!(window.shows(1), "milk/5+", "its layer stays");
    window.wait(seconds(1));
    assert_eq!(window.submitted, [1]);
    refuse(&mut window);
    window.wait(seconds(2));
    refuse(&mut window);
    assert_eq!((history(&window).as_str(), window.shows(1).as_str()), ("1 Error x3", "milk/1!"));
}

#[test]
fn mutations_of_one_scope_go_out_one_after_the_other() {
    let mut window = shop();
    window.mutate(priority(101, 5));
    window.mutate(priority(102, 6));
    window.mutate(priority(201, 7));
    assert_eq!(window.submitted, [101]);
    window.submitted.clear();
    window.accept(&[(101, 1)]);
    assert_eq!(window.submitted, [201], "another scope's turn");
    window.submitted.clear();
    window.accept(&[(201, 2)]);
    assert_eq!(window.submitted, [0u32; 0]);
    window.feed(vec![settled(101, Some(Failure::Rejected), vec![])]);
    assert_eq!(window.submitted, [102], "whether the one before it succeeded or not");
}

#[test]
fn without_a_feed_the_caller_says_how_a_mutation_ended() {
    let mut window = shop();
    window.mutate(priority(1, 5));
    window.accept(&[(1, 1)]);
    let docs = vec![document(1, task("milk", 5), 2)];
    window.take(Input::Settled(Settlement { mutation: 1, failure: None, failed: None, docs }));
    assert_eq!((window.shows(1).as_str(), history(&window).as_str()), ("milk/5", "1 Success"));
}

#[test]
fn who_observes_the_history_is_notified_once_a_frame() {
    let mut window = shop();
    window.take(Input::ObserveHistory(ObserverId(9), true));
    window.frame();
    window.mutate(priority(1, 5));
    window.mutate(priority(2, 6));
    assert_eq!(window.frame(), [1, 9]);
    assert_eq!(window.frame(), [0u64; 0]);
    window.take(Input::ObserveHistory(ObserverId(9), false));
    window.mutate(priority(3, 7));
    assert_eq!(window.frame(), [1]);
    assert_eq!(window.store.history().last().map(|state| state.status), Some(MutationStatus::Pending));
}
