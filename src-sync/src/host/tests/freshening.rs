//! Figures of what has changed: stale at most once a second, and never for good.

use lockstep_model::{Figure, FiguresQuery};

use super::*;

fn figures() -> Key {
    Key::Figures(offers(), FiguresQuery::all(Figure::Count))
}

fn read_figures() -> Read {
    reading::of_key(figures()).expect("figures are read")
}

impl Shell {
    fn changed(&mut self, number: i32, at: u32) {
        self.take(Input::Changed(offer(number), ClusterTime::new(0, at)));
    }

    /// How often window A has been told since that figures of the offers are stale.
    fn told_stale(&mut self) -> usize {
        let is_told = |entry: &FeedEntry| match entry {
            FeedEntry::Invalidate(prefix) => figures().segments().starts_with(prefix),
            _ => false,
        };
        let mut told = 0;
        for (label, batch) in self.host.drain() {
            self.host.acknowledge(&label, Since { boot: batch.boot, seq: batch.to });
            let entries = batch.entries.expect("what is told here is small");
            told += entries.iter().filter(|entry| label == A && is_told(entry)).count();
        }
        told
    }
}

#[test]
fn figures_are_stale_at_once_and_then_once_a_second_the_last_change_included() {
    let mut shell = Shell::new();
    shell.watch(A, figures(), None);
    shell.changed(1, 6);
    assert_eq!(shell.told_stale(), 1, "at once");
    for at in 7..=9 {
        shell.wait(seconds(1) / 4);
        shell.changed(1, at);
        assert_eq!(shell.told_stale(), 0, "not again within the second");
    }
    shell.wait(seconds(1) / 4);
    assert_eq!(shell.told_stale(), 1, "for what came meanwhile");
    shell.wait(seconds(5));
    assert_eq!(shell.told_stale(), 0, "nothing has come since");
    shell.changed(1, 10);
    assert_eq!(shell.told_stale(), 1, "at once again");
}

#[test]
fn a_settlement_makes_figures_stale_once_and_what_nobody_shows_is_not_told() {
    let mut shell = Shell::new();
    shell.watch(A, list(), None);
    let commit = |shell: &mut Shell, byte: u8, at: u32| {
        shell.take(Input::Mutate(Call(u64::from(byte)), vec![set(byte, 3, 4)]));
        shell.disk_works();
        let number = shell.writes()[0];
        shell.take(Input::Written(number, vec![(0, committed(4, at))]));
        shell.disk_works();
    };
    commit(&mut shell, 1, 6);
    assert_eq!(shell.told_stale(), 0);
    shell.wait(seconds(1));
    shell.watch(A, figures(), None);
    commit(&mut shell, 2, 8);
    assert_eq!(shell.told_stale(), 1);
    // Its echo is no news.
    shell.changed(1, 8);
    shell.wait(seconds(1));
    assert_eq!(shell.told_stale(), 0);
}

#[test]
fn while_a_collection_is_flooded_its_figures_are_stale_once_a_second() {
    let mut shell = Shell::new();
    shell.watch(A, figures(), None);
    let (mut told, mut at) = (0, 6_u32);
    for _ in 0..40 {
        for _ in 0..200 {
            at += 1;
            shell.changed(at.cast_signed(), at);
        }
        told += shell.told_stale();
        shell.wait(seconds(1) / 4);
        told += shell.told_stale();
    }
    // Once more than there are seconds: the flood is noticed a moment after the first change.
    assert!((9..=12).contains(&told), "{told} times in 10 s");
}

#[test]
fn figures_are_read_once_for_all_until_they_are_stale() {
    let mut shell = Shell::new();
    for label in [A, B] {
        shell.watch(label, figures(), None);
    }
    shell.changed(1, 6);
    assert_eq!(shell.told_stale(), 1);
    shell.reads();
    shell.take(Input::Read(Call(1), A.into(), read_figures()));
    // Between the two windows' calls something changes: that is told within the second.
    shell.changed(2, 7);
    shell.take(Input::Read(Call(2), B.into(), read_figures()));
    let reads: Vec<_> = shell.reads().into_iter().map(|(_, read)| read).collect();
    assert_eq!(reads.iter().filter(|read| **read == read_figures()).count(), 1);
    shell.wait(seconds(1));
    assert_eq!(shell.told_stale(), 1);
    shell.take(Input::Read(Call(3), A.into(), read_figures()));
    assert_eq!(shell.reads().len(), 1, "the first may have been read before the second change");
}
