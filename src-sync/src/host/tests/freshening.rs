//! Figures of what has changed: read again at most once a second, and never stale for good.

use lockstep_model::{Figure, Figures, FiguresQuery};

use super::*;

fn figures() -> Key {
    Key::Figures(offers(), FiguresQuery::all(Figure::Count))
}

fn read_figures() -> Read {
    reading::of_key(figures()).expect("figures are read")
}

impl Shell {
    fn changed(&mut self, number: i32, at: u32) {
        self.take(Input::Changed(offer(number), ClusterTime::new(0, at), ChangeKind::Updated));
    }

    /// How often the figures of the offers have been asked for since. Each read brings something.
    fn freshened(&mut self) -> usize {
        let reads = self.reads().into_iter().filter(|(_, read)| *read == read_figures());
        let ids: Vec<_> = reads.map(|(id, _)| id).collect();
        for id in &ids {
            let figures = Figures { groups: Vec::new(), more: false, stamp: Stamp::counted(1) };
            self.take(Input::Found(*id, Ok(Found::Answer(Answer::Figures(figures)))));
        }
        ids.len()
    }
}

#[test]
fn figures_are_read_again_at_once_and_then_once_a_second_the_last_change_included() {
    let mut shell = Shell::new();
    for label in [A, B] {
        shell.watch(label, figures(), None);
    }
    shell.changed(1, 6);
    assert_eq!(shell.freshened(), 1, "at once, for both windows");
    let told = shell.told().into_iter().filter(|(_, entry)| matches!(entry, FeedEntry::Answer(..)));
    assert_eq!(told.map(|(label, _)| label).collect::<Vec<_>>(), [A, B]);
    for at in 7..=9 {
        shell.wait(seconds(1) / 4);
        shell.changed(1, at);
        assert_eq!(shell.freshened(), 0, "not again within the second");
    }
    shell.wait(seconds(1) / 4);
    assert_eq!(shell.freshened(), 1, "for what came meanwhile");
    shell.wait(seconds(5));
    assert_eq!(shell.freshened(), 0, "nothing has come since");
    shell.changed(1, 10);
    assert_eq!(shell.freshened(), 1, "at once again");
}

#[test]
fn after_a_settlement_figures_are_read_once_and_those_that_nobody_shows_are_not() {
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
    assert_eq!(shell.freshened(), 0);
    shell.wait(seconds(1));
    shell.watch(A, figures(), None);
    commit(&mut shell, 2, 8);
    assert_eq!(shell.freshened(), 1);
    // Its echo is no news.
    shell.changed(1, 8);
    shell.wait(seconds(1));
    assert_eq!(shell.freshened(), 0);
}

#[test]
fn while_a_collection_is_flooded_its_figures_are_read_once_a_second() {
    let mut shell = Shell::new();
    shell.watch(A, figures(), None);
    let (mut read, mut at) = (0, 6_u32);
    for _ in 0..40 {
        for _ in 0..200 {
            at += 1;
            shell.changed(at.cast_signed(), at);
        }
        read += shell.freshened();
        shell.wait(seconds(1) / 4);
        read += shell.freshened();
    }
    assert!((10..=11).contains(&read), "{read} times in 10 s");
}

#[test]
fn who_asks_for_figures_that_are_being_read_waits_for_them_and_hears_of_what_they_missed() {
    let mut shell = Shell::new();
    shell.watch(A, figures(), None);
    shell.changed(1, 6);
    let count =
        |shell: &mut Shell| shell.reads().into_iter().filter(|(_, read)| *read == read_figures()).count();
    assert_eq!(count(&mut shell), 1);
    shell.changed(2, 7);
    shell.take(Input::Read(Call(2), B.into(), read_figures()));
    assert_eq!(count(&mut shell), 0, "it is one read");
    shell.wait(seconds(1));
    assert_eq!(count(&mut shell), 1, "the first may have been read before the second change");
}

#[test]
fn figures_that_cannot_be_read_again_are_stale_so_that_their_windows_say_why() {
    let mut shell = Shell::new();
    shell.watch(A, figures(), None);
    shell.changed(1, 6);
    let reads = shell.reads();
    let (id, _) = reads.into_iter().find(|(_, read)| *read == read_figures()).expect("they are read");
    shell.told();
    shell.take(Input::Found(id, Err(gone("it went"))));
    assert_eq!(shell.told(), [(A.into(), FeedEntry::Invalidate(figures().segments()))]);
}
