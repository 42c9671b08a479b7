//! What makes a query fetch: an observer that comes, focus, the network, an interval.

use super::*;

const DEFAULT: Options = Options::DEFAULT;

/// How an observer wishes it, how old its data is in seconds, and whether it is fetched.
const OCCASIONS: [(Trigger, u64, bool); 4] = [
    (Trigger::Never, 100, false),
    (Trigger::IfStale, 10, false),
    (Trigger::IfStale, 100, true),
    (Trigger::Always, 10, true),
];

fn number(value: usize) -> Answer<Tasks> {
    Answer::Value { value: Rc::new(value), stamp: 1 }
}

/// A window whose observer 1 has the count, with data that is `age` old.
fn counted(options: Options, age: Duration) -> Window {
    let mut window = Window::new();
    window.mount_with(1, COUNT, options);
    window.answer(COUNT, number(3));
    window.now += age;
    window
}

#[test]
fn an_observer_that_comes_fetches_as_it_wishes_and_always_what_never_was_there() {
    for (on_mount, age, fetches) in OCCASIONS {
        let options = Options { on_mount, ..DEFAULT };
        let mut fresh = Window::new();
        fresh.mount_with(1, COUNT, options);
        assert_eq!(fresh.fetching(), [COUNT], "{on_mount:?}");
        let mut window = counted(DEFAULT, seconds(age));
        window.mount_with(2, COUNT, options);
        assert_eq!(!window.fetching().is_empty(), fetches, "{on_mount:?} after {age} s");
    }
}

#[test]
fn focus_fetches_as_the_observers_wish() {
    for (on_focus, age, fetches) in OCCASIONS {
        let mut window = counted(Options { on_focus, ..DEFAULT }, seconds(age));
        window.take(Input::Focus(false));
        assert_eq!(window.fetching(), []);
        window.take(Input::Focus(true));
        assert_eq!(!window.fetching().is_empty(), fetches, "{on_focus:?} after {age} s");
    }
}

#[test]
fn reconnecting_fetches_as_the_observers_wish() {
    for (on_reconnect, age, fetches) in OCCASIONS {
        let mut window = counted(Options { on_reconnect, ..DEFAULT }, seconds(age));
        window.take(Input::Online(false));
        window.take(Input::Online(true));
        assert_eq!(!window.fetching().is_empty(), fetches, "{on_reconnect:?} after {age} s");
    }
}

#[test]
fn static_data_is_fetched_once_and_never_again() {
    let mut window = counted(Options { stale_time: StaleTime::Static, ..DEFAULT }, seconds(10_000));
    window.take(Input::invalidate(vec![]));
    window.take(Input::refetch(vec![]));
    window.take(Input::Focus(true));
    assert_eq!((window.fetching(), window.view(COUNT).status), (vec![], Status::Success));
}

#[test]
fn the_key_itself_can_say_how_long_its_data_is_fresh() {
    let by_key = Options { stale_time: StaleTime::ByKey, ..DEFAULT };
    let mut window = counted(by_key, seconds(59));
    window.take(Input::Focus(true));
    assert_eq!(window.fetching(), []);
    window.now += seconds(1);
    window.take(Input::Focus(true));
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn an_interval_begins_anew_when_a_fetch_has_ended_and_ends_with_its_observer() {
    let every = |interval| Options { interval: Some(seconds(interval)), ..DEFAULT };
    let mut window = counted(every(20), seconds(0));
    window.wait(seconds(19));
    assert_eq!(window.fetching(), []);
    window.wait(seconds(1));
    assert_eq!(window.fetching(), [COUNT]);
    window.wait(seconds(5));
    window.answer(COUNT, number(4));
    window.wait(seconds(19));
    assert_eq!(window.fetching(), []);
    window.wait(seconds(1));
    window.answer(COUNT, number(5));

    // Of two the shorter counts.
    window.mount_with(2, COUNT, every(3));
    window.wait(seconds(3));
    window.answer(COUNT, number(6));
    window.unmount(2);
    window.wait(seconds(3));
    assert_eq!(window.fetching(), []);
    window.unmount(1);
    window.wait(seconds(200));
    assert_eq!(window.fetching(), []);
}

#[test]
fn an_interval_goes_on_after_a_failure_and_rests_while_the_window_is_hidden() {
    let mut window = counted(Options { interval: Some(seconds(20)), ..DEFAULT }, seconds(0));
    window.wait(seconds(20));
    window.fail(COUNT, Failure::Rejected);
    window.wait(seconds(20));
    assert_eq!(window.fetching(), [COUNT]);
    window.answer(COUNT, number(4));
    window.take(Input::Visible(false));
    window.wait(seconds(100));
    assert_eq!(window.fetching(), []);
    window.take(Input::Visible(true));
    window.wait(seconds(20));
    assert_eq!(window.fetching(), [COUNT]);

    let hidden = Options { interval: Some(seconds(20)), interval_when_hidden: true, ..DEFAULT };
    let mut window = counted(hidden, seconds(0));
    window.take(Input::Visible(false));
    window.wait(seconds(20));
    assert_eq!(window.fetching(), [COUNT]);
}

#[test]
fn what_needs_no_network_does_not_wait_for_it() {
    for (network, first, second) in [
        (Network::Online, FetchStatus::Paused, FetchStatus::Paused),
        (Network::OfflineFirst, FetchStatus::Fetching, FetchStatus::Paused),
        (Network::Always, FetchStatus::Fetching, FetchStatus::Fetching),
    ] {
        let mut window = Window::new();
        window.take(Input::Online(false));
        window.mount_with(1, COUNT, Options { network, ..DEFAULT });
        assert_eq!(window.view(COUNT).fetch_status, first, "{network:?}");
        if !window.fetching().is_empty() {
            window.fail(COUNT, Failure::Unreachable);
            window.wait(seconds(1));
        }
        assert_eq!(window.view(COUNT).fetch_status, second, "{network:?}, second try");
        window.take(Input::Online(true));
        assert_eq!(window.fetching(), [COUNT]);
    }
}

#[test]
fn several_wishes_at_once_are_one_fetch() {
    let mut window = counted(Options { on_focus: Trigger::Always, ..DEFAULT }, seconds(100));
    window.mount(2, COUNT);
    window.take(Input::Focus(true));
    window.take(Input::Prefetch(COUNT, DEFAULT));
    window.take(Input::Ensure(COUNT, DEFAULT));
    assert_eq!(window.fetching(), [COUNT]);
}
