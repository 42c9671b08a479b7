//! What people, other programs and bad luck do.

use std::time::Duration;

use bson::Uuid;
use lockstep_model::{Action, Key, MutationId};
use lockstep_query::{Input as StoreInput, ObserverId, Options};
use lockstep_sync::window::again;

use crate::{
    database::offer,
    text,
    window::{OFFERS, Window, colleague},
    world::{Ask, Event, MACHINES, WINDOWS, World},
};

/// A killed host is started again after so long: later than what was just sent to the database arrives there.
const START_AGAIN: Duration = Duration::from_millis(600);

impl World {
    /// Something happens that nobody waits for, and some time passes.
    pub fn act(&mut self) {
        let machine = self.random.below(MACHINES);
        match self.random.below(100) {
            0..60 => self.edit(machine),
            60..76 => self.colleague(),
            76..82 => self.decide(machine),
            82..88 => self.look_around(machine),
            88..92 if self.faults.network => {
                let open = !self.machines[machine].linked || self.random.percent(50);
                self.link(machine, open);
            }
            92..94 if self.faults.crashes => self.kill(machine),
            94..97 if self.faults.crashes => self.reload(machine),
            _ => {}
        }
        let time = match self.random.below(10) {
            0 => Duration::from_secs(5),
            1..4 => Duration::from_millis(300),
            _ => Duration::from_millis(self.random.below(40) as u64),
        };
        self.pass(time);
    }

    /// From now on nothing goes wrong, and everything has time to end.
    pub fn rest(&mut self) {
        self.faults = crate::world::Faults {
            messages: false,
            network: false,
            disk: false,
            crashes: false,
            history: false,
        };
        for machine in 0..MACHINES {
            self.link(machine, true);
            if !self.machines[machine].up {
                self.start(machine);
            }
            for window in 0..WINDOWS {
                for number in 1..=OFFERS {
                    self.window(machine, window, StoreInput::Release(offer(number)));
                }
                self.window(machine, window, StoreInput::Visible(true));
            }
        }
        for _ in 0..12 {
            let busy = !self.is_at_rest();
            self.pass(Duration::from_secs(5));
            if !busy && self.is_at_rest() {
                return;
            }
        }
    }

    /// Nothing is pending, and nobody waits for anything.
    fn is_at_rest(&self) -> bool {
        self.machines.iter().all(|machine| {
            let counts = machine.windows.iter().map(|window| window.store.counts());
            machine.host.pending().next().is_none()
                && counts.into_iter().all(|counts| counts.fetching + counts.saving + counts.queued == 0)
        })
    }

    fn new_id(&mut self) -> MutationId {
        self.made += 1;
        MutationId(Uuid::from_bytes(self.made.to_be_bytes()))
    }

    fn a_window(&mut self, machine: usize) -> Option<usize> {
        self.machines[machine].up.then(|| self.random.below(WINDOWS))
    }

    fn edit(&mut self, machine: usize) {
        let Some(window) = self.a_window(machine) else { return };
        let id = self.new_id();
        let Some(mutation) = self.machines[machine].windows[window].edit(&mut self.random, id) else {
            return;
        };
        self.note(|| format!("window {machine}.{window}: {}", text::mutation(&mutation)));
        self.mutations.entry(id).or_default().mutation = Some(mutation.clone());
        self.window(machine, window, StoreInput::Mutate(mutation));
    }

    fn colleague(&mut self) {
        let number = 1 + self.random.below(OFFERS as usize) as i32;
        let action = colleague(&mut self.random, number, self.database.get(&offer(number)).is_some());
        self.note(|| {
            let edit = lockstep_model::Edit { document: offer(number), action: action.clone() };
            format!("another program: {}", text::edit(&edit))
        });
        self.database.overwrite(&offer(number), &action);
        self.changed();
    }

    /// A person looks at what failed, or waits.
    fn decide(&mut self, machine: usize) {
        let Some(window) = self.a_window(machine) else { return };
        if self.random.percent(30) {
            return self.withdraw(machine, window);
        }
        let reviews: Vec<_> = self.machines[machine].windows[window]
            .store
            .reviews()
            .map(|(review, only_here)| (review.mutation.clone(), review.failure.clone(), only_here))
            .collect();
        let Some((mutation, failure, only_here)) = self.random.one_of(&reviews).cloned() else { return };
        if self.random.percent(50) {
            let id = self.new_id();
            let anew = again(&mutation, &failure, id);
            let inserted = mutation.edits.iter().any(|edit| matches!(edit.action, Action::Insert(_)));
            if let Some(anew) = anew.filter(|_| !inserted) {
                self.note(|| format!("window {machine}.{window}: again {}", text::mutation(&anew)));
                self.mutations.entry(id).or_default().mutation = Some(anew.clone());
                self.window(machine, window, StoreInput::Mutate(anew));
            }
        }
        self.note(|| format!("window {machine}.{window}: discards {}", text::name(mutation.id)));
        self.mutations.entry(mutation.id).or_default().given_up = true;
        if only_here {
            self.window(machine, window, StoreInput::Dismiss(mutation.id));
        } else {
            let place = self.place(machine, window);
            self.by_ipc(Event::Asked(place, Ask::Discard(mutation.id)));
        }
    }

    /// A person discards an edit that has not ended.
    fn withdraw(&mut self, machine: usize, window: usize) {
        let pending: Vec<_> = self.machines[machine].windows[window].pending.iter().copied().collect();
        let Some(id) = self.random.one_of(&pending).copied() else { return };
        self.note(|| format!("window {machine}.{window}: withdraws {}", text::name(id)));
        let made = self.mutations.entry(id).or_default();
        (made.given_up, made.withdrawn) = (true, true);
        let place = self.place(machine, window);
        self.by_ipc(Event::Asked(place, Ask::Discard(id)));
    }

    /// A person scrolls, switches windows, opens an editor and leaves it.
    fn look_around(&mut self, machine: usize) {
        let Some(window) = self.a_window(machine) else { return };
        let number = 1 + self.random.below(OFFERS as usize) as i32;
        let observer = ObserverId(100 + number as u64);
        let input = match self.random.below(7) {
            0 => StoreInput::Visible(self.random.percent(50)),
            1 => StoreInput::Hold(offer(number)),
            2 => StoreInput::Release(offer(number)),
            3 => StoreInput::Focus(true),
            4 => StoreInput::Unmount(observer),
            5 => StoreInput::invalidate(Vec::new()),
            _ => StoreInput::Mount { observer, key: Key::Document(offer(number)), options: Options::DEFAULT },
        };
        self.window(machine, window, input);
    }

    /// The host's process ends between two instructions, and its windows with it.
    fn kill(&mut self, machine: usize) {
        if !std::mem::replace(&mut self.machines[machine].up, false) {
            return;
        }
        self.note(|| format!("machine {machine}: killed"));
        let machine_ = &mut self.machines[machine];
        machine_.disk.crash(&mut self.random);
        self.after(START_AGAIN, Event::Start(machine));
    }

    fn reload(&mut self, machine: usize) {
        let Some(window) = self.a_window(machine) else { return };
        self.note(|| format!("window {machine}.{window}: loaded again"));
        self.pages += 1;
        let page = self.machines[machine].windows[window].page + 1;
        self.machines[machine].windows[window] = Window::load(self.pages, page);
        self.open(machine, window);
    }
}
