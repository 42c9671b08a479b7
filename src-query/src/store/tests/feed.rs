//! The feed: numbered, without gaps, and begun anew where that is needed.

use super::*;

fn milk(priority: i32) -> Entry<Tasks> {
    changed(vec![document(1, task("milk", priority), priority as u64)])
}

/// Shows task 1, milk/1.
fn shop() -> Window {
    let mut window = Window::watching(&[Key::Task(1)]);
    window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
    window
}

#[test]
fn what_is_applied_is_acknowledged() {
    let mut window = shop();
    window.feed(vec![milk(2), milk(3)]);
    assert_eq!(
        (window.shows(1).as_str(), window.source.clone()),
        ("milk/3", vec!["acknowledge 1/2".to_owned()])
    );
}

#[test]
fn a_gap_is_asked_for_once_and_healed() {
    let mut window = shop();
    window.batch(2, 3, Some(vec![milk(4)]));
    window.batch(3, 4, Some(vec![milk(5)]));
    assert_eq!((window.shows(1).as_str(), window.source.clone()), ("milk/1", vec!["since 1/0".to_owned()]));
    window.batch(0, 4, Some(vec![milk(2), milk(3), milk(4), milk(5)]));
    assert_eq!(window.shows(1), "milk/5");
    assert_eq!(window.source, ["since 1/0", "acknowledge 1/4"]);
}

#[test]
fn an_answer_that_ends_before_the_gap_does_is_asked_further() {
    let mut window = shop();
    window.batch(0, 4, None);
    window.batch(0, 2, Some(vec![milk(2), milk(3)]));
    assert_eq!(window.source, ["since 1/0", "acknowledge 1/2", "since 1/2"]);
}

#[test]
fn an_announced_batch_is_fetched() {
    let mut window = shop();
    window.batch(0, 1, None);
    assert_eq!(window.source, ["since 1/0"]);
    window.batch(0, 1, Some(vec![milk(2)]));
    assert_eq!(window.shows(1), "milk/2");
}

#[test]
fn late_duplicates_change_nothing() {
    let mut window = shop();
    window.feed(vec![layer(1, edit(9, 1, Change::title("tea")))]);
    window.feed(vec![settled(9, None, vec![document(1, task("tea", 1), 5)])]);
    window.batch(0, 1, Some(vec![layer(1, edit(9, 1, Change::title("tea")))]));
    assert_eq!(window.shows(1), "tea/1");
    window.batch(1, 3, Some(vec![settled(9, None, vec![]), milk(6)]));
    assert_eq!(window.shows(1), "milk/6", "only what is new of a batch is applied");
    let acknowledged = ["acknowledge 1/1", "acknowledge 1/2", "acknowledge 1/2", "acknowledge 1/3"];
    assert_eq!(window.source, acknowledged, "a source that tells it again has not heard that it is known");
}

#[test]
fn a_question_that_was_not_answered_is_asked_again_after_a_pause() {
    let mut window = shop();
    window.batch(0, 1, None);
    window.take(Input::FeedUnanswered);
    assert_eq!(window.source, ["since 1/0"]);
    window.wait(seconds(1));
    assert_eq!(window.source, ["since 1/0", "since 1/0"]);
    window.take(Input::FeedLost);
    window.take(Input::FeedUnanswered);
    window.wait(seconds(1));
    assert_eq!(window.source[2..], ["attach", "attach"]);
}

#[test]
fn the_store_attaches_once_however_often_it_hears_that_entries_are_lost() {
    let mut window = shop();
    window.take(Input::FeedLost);
    window.take(Input::FeedLost);
    assert_eq!(window.source, ["attach"]);
}

#[test]
fn nothing_is_asked_again_when_the_answer_came_otherwise() {
    let mut window = shop();
    window.batch(0, 1, None);
    window.take(Input::FeedUnanswered);
    window.batch(0, 1, Some(vec![milk(2)]));
    window.wait(seconds(1));
    assert_eq!(window.source, ["since 1/0", "acknowledge 1/1"]);
}

#[test]
fn what_comes_before_the_store_is_attached_waits_and_only_what_is_newer_is_taken() {
    let mut window = Window::unattached();
    window.mount(1, Key::Task(1));
    window.batch(3, 4, Some(vec![layer(1, edit(7, 1, Change::title("old")))]));
    window.batch(4, 6, Some(vec![layer(2, edit(8, 1, Change::title("known"))), milk(6)]));
    assert_eq!(window.shows(1), "?");
    window.attached(|attached| {
        attached.seq = 5;
        attached.numbered = 2;
        attached.first = vec![(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)))];
    });
    assert_eq!(
        (window.shows(1).as_str(), window.source.clone()),
        ("milk/6", vec!["acknowledge 1/5".to_owned(), "acknowledge 1/6".to_owned()])
    );
}

#[test]
fn another_run_of_the_source_is_attached_to() {
    let mut window = shop();
    let batch = |boot, from, priority: i32| {
        Input::Feed(Batch { boot, from, to: from + 1, entries: Some(vec![milk(priority)]) })
    };
    window.take(batch(2, 0, 3));
    window.take(batch(2, 1, 4));
    window.take(batch(1, 0, 5));
    assert_eq!((window.shows(1).as_str(), window.source.clone()), ("milk/1", vec!["attach".to_owned()]));
    window.attached(|attached| (attached.boot, attached.seq) = (2, 1));
    assert_eq!(
        window.shows(1),
        "milk/4",
        "what the new run sent meanwhile is taken, and nothing of the old one"
    );
    assert_eq!(window.source, ["attach", "acknowledge 2/2"]);
}

#[test]
fn data_that_comes_with_the_attach_is_there_when_somebody_mounts() {
    let mut window = Window::unattached();
    window.attached(|attached| attached.first = vec![(ALL, list(1, &[(1, task("milk", 1))]))]);
    window.wait(seconds(20));
    window.mount(1, ALL);
    assert_eq!((window.rows(ALL).as_str(), window.fetching()), ("1", vec![]));
}

/// Attached again at 1/9, after entries were lost.
fn resync(window: &mut Window, with: impl FnOnce(&mut Attached<Tasks>)) {
    window.take(Input::FeedLost);
    assert_eq!(window.source.last().map(String::as_str), Some("attach"));
    window.attached(|attached| {
        attached.seq = 9;
        with(attached);
    });
}

#[test]
fn after_a_resync_layers_that_have_ended_are_gone_and_everything_watched_is_fetched() {
    let mut window = shop();
    window.layer(1, edit(8, 1, Change::title("tea")));
    window.layer(2, edit(9, 1, Change::Done(true)));
    resync(&mut window, |attached| {
        attached.numbered = 2;
        let mutation = Rc::new(edit(9, 1, Change::Done(true)));
        attached.pending = vec![PendingLayer { mutation, number: 2, paused: false }];
    });
    assert_eq!((window.shows(1).as_str(), window.fetching()), ("milk/1 done+", vec![Key::Task(1)]));
    assert_eq!(window.watched, [Key::Task(1)], "the source knew nothing any more");
}

#[test]
fn a_resync_replaces_the_reviews_but_for_those_that_only_this_window_knows() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.refuse(1);
    window.layer(1, edit(8, 1, Change::Done(true)));
    window.feed(vec![settled(8, Some(Failure::Rejected), vec![])]);
    resync(&mut window, |attached| {
        let mutation = Rc::new(edit(9, 1, Change::Delete));
        attached.reviews = vec![Review { mutation, failure: Failure::Rejected }];
    });
    let reviews: Vec<_> = window.store.reviews().map(|(review, here)| (review.mutation.id, here)).collect();
    assert_eq!(reviews, [(1, true), (9, false)]);
}

#[test]
fn a_refused_mutation_that_the_source_has_in_review_is_no_longer_known_here_only() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.refuse(1);
    resync(&mut window, |attached| {
        let mutation = Rc::new(edit(1, 1, Change::title("tea")));
        attached.reviews = vec![Review { mutation, failure: Failure::Rejected }];
    });
    assert!(window.store.reviews().map(|(review, here)| (review.mutation.id, here)).eq([(1, false)]));
}

#[test]
fn a_local_mutation_in_flight_outlives_a_resync() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.mutate(edit(2, 1, Change::Priority(4)));
    resync(&mut window, |attached| attached.numbered = 7);
    assert_eq!(window.shows(1), "tea/4++");
    window.accept(&[(1, 8)]);
    assert_eq!((window.shows(1).as_str(), window.submitted.clone()), ("tea/4++", vec![2]));
}

#[test]
fn a_mutation_that_was_accepted_after_the_source_told_its_state_outlives_a_resync() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("tea")));
    window.take(Input::FeedLost);
    window.accept(&[(1, 8)]);
    window.attached(|attached| (attached.seq, attached.numbered) = (9, 7));
    assert_eq!(window.shows(1), "tea/1+");
}

#[test]
fn a_local_mutation_that_was_pending_at_the_resync_is_laid_once() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("tea")));
    resync(&mut window, |attached| {
        attached.numbered = 7;
        let mutation = Rc::new(edit(1, 1, Change::title("tea")));
        attached.pending = vec![PendingLayer { mutation, number: 7, paused: false }];
    });
    window.accept(&[(1, 7)]);
    assert_eq!(window.shows(1), "tea/1+");
    window.feed(vec![settled(1, None, vec![document(1, task("tea", 1), 9)])]);
    assert_eq!(window.shows(1), "tea/1");
}

#[test]
fn a_local_mutation_that_ended_before_the_resync_leaves_with_the_answer_of_its_submission() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("tea")));
    resync(&mut window, |attached| attached.numbered = 7);
    window.accept(&[(1, 7)]);
    assert_eq!((window.shows(1).as_str(), window.counts()[1]), ("milk/1", 0));
}

#[test]
fn a_local_mutation_that_failed_before_the_resync_is_a_review_and_no_layer() {
    let mut window = shop();
    window.mutate(edit(1, 1, Change::title("tea")));
    resync(&mut window, |attached| {
        attached.numbered = 7;
        let mutation = Rc::new(edit(1, 1, Change::title("tea")));
        attached.reviews = vec![Review { mutation, failure: Failure::Rejected }];
    });
    assert_eq!(window.shows(1), "milk/1!");
    window.accept(&[(1, 7)]);
    assert_eq!(window.shows(1), "milk/1!");
}

#[test]
fn the_older_of_two_answers_to_attach_is_not_gone_back_to() {
    let mut window = shop();
    window.take(Input::FeedLost);
    window.attached(|attached| (attached.seq, attached.numbered) = (9, 1));
    window.feed(vec![milk(3)]);
    window.watched.clear();
    let mutation = Rc::new(edit(8, 1, Change::title("tea")));
    let pending = vec![PendingLayer { mutation, number: 1, paused: false }];
    let (reviews, first) = (Vec::new(), Vec::new());
    window.take(Input::Attached(Attached {
        boot: 1,
        seq: 8,
        pending,
        reviews,
        numbered: 1,
        first,
        online: true,
    }));
    assert_eq!((window.shows(1).as_str(), window.counts()[1]), ("milk/3", 0));
    assert_eq!(window.watched, [Key::Task(1)], "the source forgot it all the same");
    window.feed(vec![milk(4)]);
    assert_eq!(window.shows(1), "milk/4");
}
