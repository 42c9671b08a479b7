//! Failures that an error boundary shows, and what lets the queries of its zone try again.

use super::*;
use crate::Filter as Keys;

fn wanting(error_boundary: ErrorBoundary) -> Options {
    Options { error_boundary, ..Options::DEFAULT }
}

fn is_for_boundary(window: &Window, key: Key, options: &Options) -> bool {
    window.store.view(&key, options, window.now).is_for_boundary
}

/// With a query that has failed without any data, and one that has data and could not be had anew.
fn failed(options: Options) -> Window {
    let mut window = Window::new();
    window.mount_with(1, ALL, options);
    window.fail(ALL, Failure::Rejected);
    window.mount_with(2, COUNT, options);
    window.answer(COUNT, Answer::Value { value: Rc::new(1), stamp: 1 });
    window.take(Input::Refetch(Keys::exact(&COUNT)));
    window.fail(COUNT, Failure::Rejected);
    window
}

#[test]
fn an_observer_says_which_failures_are_for_the_boundary() {
    for (boundary, without_data, with_data) in [
        (ErrorBoundary::Never, false, false),
        (ErrorBoundary::WithoutData, true, false),
        (ErrorBoundary::Always, true, true),
        (ErrorBoundary::ByFailure, true, false),
    ] {
        let options = wanting(boundary);
        let window = failed(options);
        let found = [ALL, COUNT].map(|key| is_for_boundary(&window, key, &options));
        assert_eq!(found, [without_data, with_data], "{boundary:?}");
    }
}

#[test]
fn what_is_being_tried_again_is_not_for_the_boundary() {
    let options = wanting(ErrorBoundary::Always);
    let mut window = failed(options);
    window.take(Input::Refetch(Keys::exact(&COUNT)));
    assert!(!is_for_boundary(&window, COUNT, &options));
}

#[test]
fn a_zone_that_is_drawn_again_does_not_fetch_by_itself_until_errors_are_reset() {
    let mut window = failed(wanting(ErrorBoundary::WithoutData));
    window.unmount(1);
    window.mount_with(1, ALL, wanting(ErrorBoundary::WithoutData));
    assert!(window.flying.is_empty(), "else a boundary that draws its zone again would fetch for ever");

    window.take(Input::ResetErrors(Keys::all()));
    assert!(window.fetching().contains(&ALL));
    assert_eq!(window.view(ALL).error, None);
    window.answer(ALL, list(1, &[(1, task("milk", 1))]));
    assert_eq!(window.rows(ALL), "1");
}

#[test]
fn resetting_errors_leaves_alone_what_has_none() {
    let mut window = failed(wanting(ErrorBoundary::WithoutData));
    window.mount(3, OPEN);
    window.answer(OPEN, list(1, &[]));
    window.take(Input::ResetErrors(Keys::all()));
    let mut fetching = window.fetching();
    fetching.sort_unstable();
    assert_eq!(fetching, [ALL, COUNT]);
}

#[test]
fn errors_of_what_nobody_watches_are_forgotten_and_nothing_is_fetched() {
    let mut window = failed(wanting(ErrorBoundary::WithoutData));
    window.unmount(1);
    window.take(Input::ResetErrors(Keys::exact(&ALL)));
    assert!(window.flying.is_empty());
    window.mount_with(1, ALL, wanting(ErrorBoundary::WithoutData));
    assert_eq!(window.fetching(), [ALL]);
}

#[test]
fn without_a_boundary_coming_again_tries_again_unless_that_is_not_wanted() {
    let mut window = failed(Options::DEFAULT);
    window.unmount(1);
    window.mount_with(1, ALL, Options { retry_on_mount: false, ..Options::DEFAULT });
    assert!(window.flying.is_empty());
    window.unmount(1);
    window.mount(1, ALL);
    assert_eq!(window.fetching(), [ALL]);
}
