//! The known faults of TanStack Query, each by its number on <https://github.com/TanStack/query/issues> where it has one,
//! and that none of them is here.

use std::{cell::Cell, cmp::Ordering};

use super::*;
use crate::trie::Trie;

fn number(value: usize, stamp: u64) -> Answer<Tasks> {
    Answer::Value { value: Rc::new(value), stamp }
}

fn count(window: &mut Window) -> Option<usize> {
    match window.view(COUNT).data {
        Some(Data::Value(value)) => Some(*value),
        _ => None,
    }
}

/// Tasks 1 to `many`, each shown by an observer of its number.
fn tasks(many: u32) -> Window {
    let mut window = Window::new();
    for id in 1..=many {
        window.mount(id.into(), Key::Task(id));
        window.answer(Key::Task(id), Answer::Entity(document(id, task("milk", 1), 1)));
    }
    window
}

#[test]
fn fault_8530_an_invalidation_during_the_first_fetch_is_not_lost() {
    let mut window = Window::watching(&[COUNT]);
    window.take(Input::invalidate(vec![]));
    window.take(Input::invalidate(vec![]));
    assert_eq!(window.fetching(), [COUNT], "one fetch at a time");
    window.answer(COUNT, number(1, 1));
    assert!(window.view(COUNT).is_stale);
    assert_eq!(window.fetching(), [COUNT], "what landed may have been read before");
    window.answer(COUNT, number(2, 2));
    assert_eq!((window.fetching(), window.view(COUNT).is_stale), (vec![], false));
}

/// `setQueryData` is undone there by the result of a fetch that had been sent before.
#[test]
fn set_data_is_not_overwritten_by_an_older_fetch_in_flight() {
    let mut window = Window::watching(&[COUNT]);
    window.answer(COUNT, number(3, 1));
    window.take(Input::refetch(vec![]));
    window.take(Input::Set(COUNT, number(7, 1)));
    window.answer(COUNT, number(3, 1));
    assert_eq!(count(&mut window), Some(7));
    assert_eq!(window.fetching(), [COUNT], "and the server is asked once more");
    window.answer(COUNT, number(8, 1));
    assert_eq!((count(&mut window), window.fetching()), (Some(8), vec![]));
}

/// The documented recipe of snapshot and rollback loses edits there, and leaves ghosts.
#[test]
fn of_a_thousand_mutations_of_which_any_fail_in_any_order_none_is_lost_and_none_stays() {
    for seed in 1..=2 {
        let mut random = simulation::Random::new(seed);
        let mut window = Window::watching(&[Key::Task(1)]);
        window.answer(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)));
        for id in 1..=1000 {
            window.mutate(edit(id, 1, Change::title(&id.to_string())));
        }
        window.accept(&[(1, 1)]);
        window.accept(&(2..=1000).map(|id| (id, id.into())).collect::<Vec<_>>());
        let fails: Vec<bool> = (0..1000).map(|_| random.below(2) == 0).collect();
        let mut left: Vec<u32> = (1..=1000).collect();
        let mut best = 0;
        while !left.is_empty() {
            let id = left.swap_remove(random.below(left.len()));
            let failed = fails[id as usize - 1];
            // the server wrote them in the order of their numbers, which are its time as well
            best = if failed { best } else { best.max(id) };
            let title = document(1, task(&id.to_string(), 1), 1 + u64::from(id));
            let end = if failed {
                settled(id, Some(Failure::Rejected), vec![])
            } else {
                settled(id, None, vec![title])
            };
            window.feed(vec![end]);
            let shown = left.iter().copied().max().unwrap_or(0);
            let expected = if shown == 0 { best } else { shown };
            let entity = window.store.entity(&1);
            let title = entity.doc.map(|task| task.title.clone());
            assert_eq!(
                title,
                Some(if expected == 0 { "milk".into() } else { expected.to_string() }),
                "seed {seed}"
            );
            assert_eq!(entity.pending.len(), left.len(), "seed {seed}");
        }
        let failed = fails.iter().filter(|failed| **failed).count();
        assert_eq!(window.counts(), [0, 0, 0, failed], "seed {seed}");
    }
}

/// A persister goes over the whole cache there at every event.
#[test]
fn fault_9775_what_is_to_be_kept_is_what_has_changed_and_not_the_whole_cache() {
    let mut window = tasks(1_000);
    assert_eq!(window.store.take_unsaved().len(), 1_000);
    window.feed(vec![changed(vec![document(500, task("tea", 2), 2)])]);
    assert_eq!(window.store.take_unsaved().len(), 1);
    assert_eq!(window.store.take_unsaved().len(), 0);
}

/// Each query that nobody observes has a timer of its own there.
#[test]
fn fault_6594_however_many_queries_are_idle_there_is_one_timer() {
    let mut window = tasks(1_000);
    let mut wakes = Vec::new();
    for id in 1..=1_000 {
        for effect in window.store.take(window.now, Input::Unmount(ObserverId(id))) {
            wakes.extend(match effect {
                Effect::Wake(at) => Some(at),
                _ => None,
            });
        }
    }
    assert_eq!(wakes.len(), 1, "{wakes:?}");
}

thread_local! {
    static COMPARED: Cell<usize> = const { Cell::new(0) };
}

/// A segment that counts how often it is looked at.
#[derive(Clone, PartialEq, Eq)]
struct Counted(u32);

impl Ord for Counted {
    fn cmp(&self, other: &Self) -> Ordering {
        COMPARED.set(COMPARED.get() + 1);
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Counted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// An invalidation compares its filter with every query there.
#[test]
fn fault_9588_an_invalidation_looks_at_what_it_means_and_not_at_all_there_is() {
    let mut queries = Trie::new();
    for index in 0..10_000 {
        queries.insert(&[Counted(index % 100), Counted(index)], index);
    }
    COMPARED.set(0);
    assert_eq!(queries.under(&[Counted(7)]).len(), 100);
    assert!(COMPARED.get() < 100, "{} comparisons", COMPARED.get());
}

/// What one tab lets go is removed in all tabs there.
#[test]
fn fault_7487_what_one_window_lets_go_stays_in_another() {
    let (mut here, mut there) = (tasks(1), tasks(1));
    here.unmount(1);
    here.wait(seconds(1_000));
    there.wait(seconds(1_000));
    assert_eq!((here.shows(1), there.shows(1)), ("?".into(), "milk/1".into()));
    assert_eq!((here.watched, there.watched), (vec![], vec![Key::Task(1)]), "the source keeps them apart");
}

/// A tab that opens late knows nothing there of what the others have.
#[test]
fn fault_2142_a_window_that_opens_late_knows_the_pending_layers_and_the_reviews() {
    let mut window = Window::unattached();
    window.attached(|attached| {
        attached.seq = 40;
        attached.numbered = 3;
        let pending =
            |number, mutation: Mutation, paused| PendingLayer { mutation: Rc::new(mutation), number, paused };
        attached.pending = vec![
            pending(3, edit(8, 1, Change::title("tea")), true),
            pending(1, edit(7, 1, Change::title("cream")), false),
        ];
        let mutation = Rc::new(edit(6, 1, Change::Delete));
        attached.reviews = vec![Review { mutation, failure: Failure::Rejected }];
        attached.first = vec![(Key::Task(1), Answer::Entity(document(1, task("milk", 1), 1)))];
    });
    assert_eq!((window.shows(1).as_str(), window.counts()), ("tea/1+=!", [0, 1, 1, 1]));
}
