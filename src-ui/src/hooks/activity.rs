//! What was done on this machine, taken back and done again.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use lockstep_model::{
    Document, Failure, Mutation, MutationId,
    contract::{DiscardRequest, command},
};
use lockstep_query::{End, Input};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::mutation::{Mutations, is_made_here, new_id, release_deleted};
use crate::{
    browser,
    edit::{Activity, Entry, Step},
    host, navigation,
    parts::toast,
    signal::{Signal, use_signal},
    store::{self, Progress},
};

thread_local! {
    static ACTIVITY: RefCell<Activity> = RefCell::default();
    /// How often that has changed.
    static CHANGES: Signal<u64> = Signal::default();
    /// Which mutation the host is asked to forget.
    static WITHDRAWING: Cell<Option<MutationId>> = const { Cell::new(None) };
    /// What a person wants as soon as that is done.
    static WANTED: RefCell<VecDeque<Wanted>> = RefCell::default();
}

/// What is to be taken back, or done again.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    /// What comes next then.
    Next { again: bool },
    /// That for which this mutation stands then.
    Of(MutationId),
}

/// What was done on this machine, the latest first; the component is drawn again when something is done, or ends.
#[hook]
pub fn use_activity() -> Vec<Entry> {
    use_signal(CHANGES.with(Signal::clone));
    ACTIVITY.with_borrow(|activity| activity.entries().cloned().collect())
}

fn change<T>(change: impl FnOnce(&mut Activity) -> T) -> T {
    let changed = ACTIVITY.with_borrow_mut(change);
    CHANGES.with(|changes| changes.change(|count| *count += 1));
    changed
}

/// Does something that can be taken back.
pub(super) fn perform(mutation: Mutation) {
    let step = step_of(mutation.clone());
    change(|activity| activity.did(step, store::now()));
    store::dispatch(Input::Mutate(mutation));
}

/// From now on, all that shows is remembered.
pub fn watch_activity() {
    store::witness(store::Witness { joined, ended });
}

/// Something shows that was not done in this page. `before` is what was shown of each document that it touches.
fn joined(mutation: &Mutation, before: &[Option<Rc<Document>>]) {
    // An answer that came late brings an own one back.
    if is_made_here(mutation.id) {
        return;
    }
    let known: Vec<_> = mutation.touches().zip(before).collect();
    let of = |id: &_| {
        let (_, before) = known.iter().find(|(other, _)| *other == id)?;
        let before = (*before).clone()?;
        // What this window shows may be older, or newer, than what was changed.
        mutation.edit(id).is_some_and(|edit| Step::saw(edit, &before)).then_some(before)
    };
    let step = Step::of(mutation.clone(), of);
    change(|activity| activity.joined(step, store::now()));
}

fn ended(mutation: &Mutation, end: End<Failure>) {
    // How it ended here is said by the answer to what was asked.
    if !(end == End::Withdrawn && WITHDRAWING.get() == Some(mutation.id)) {
        let failed = match store::progress(mutation.id) {
            Progress::Failed(failed) => Some(failed),
            _ => None,
        };
        change(|activity| activity.ended(mutation.id, end, failed));
    }
    if is_made_here(mutation.id) {
        release_deleted(mutation);
    }
}

/// A person has given up that mutation; `failed` is what of it was shown as failed.
pub(super) fn given_up(id: MutationId, failed: Option<&Mutation>) {
    change(|activity| activity.given_up(id, failed));
}

/// Takes back what was done last in this window, or does `again` what was taken back last.
pub fn undo(again: bool) {
    if WITHDRAWING.get().is_some() {
        return WANTED.with_borrow_mut(|wanted| wanted.push_back(Wanted::Next { again }));
    }
    while let Some(next) = ACTIVITY.with_borrow(|activity| activity.next(again)) {
        if turn(next) {
            break;
        }
    }
}

/// Takes back that for which this mutation stands by now, or does it again where it was taken back. Returns whether there
/// was such a thing.
pub fn turn(id: MutationId) -> bool {
    // The next step waits until it is known what became of the one before. Who clicks twice on the same does not mean both.
    if let Some(withdrawing) = WITHDRAWING.get() {
        WANTED.with_borrow_mut(|wanted| {
            if withdrawing != id && !wanted.contains(&Wanted::Of(id)) {
                wanted.push_back(Wanted::Of(id));
            }
        });
        return true;
    }
    let Some(entry) = change(|activity| activity.take(id)) else { return false };
    let (step, again) = (&entry.now, entry.undone);
    match store::progress(id) {
        Progress::Waiting if !step.follows() => withdraw(step.clone(), again),
        Progress::Failed(failed) => match step.without(&failed) {
            // A part of it is done.
            Some(done) => {
                Mutations.discard(id);
                send_back(id, &done, again, false);
            }
            None => withdraw(step.clone(), again),
        },
        Progress::Waiting | Progress::UnderWay => send_back(id, step, again, true),
        // Somebody gave it up in another window.
        Progress::Ended if matches!(entry.end, Some(End::Failed(_))) => match entry.done_in_part() {
            Some(done) => send_back(id, &done, again, false),
            None => {
                given_up(id, None);
                return false;
            }
        },
        Progress::Ended => send_back(id, step, again, false),
    }
    true
}

/// Of what is not in the database nothing has to be set back.
fn withdraw(step: Rc<Step>, again: bool) {
    let mutation = step.mutation.id;
    WITHDRAWING.set(Some(mutation));
    let generation = ACTIVITY.with_borrow(Activity::generation);
    spawn_local(async move {
        let request = DiscardRequest { mutation, only_unsent: true };
        let reply = host::call::<command::Discard>(&request).await;
        WITHDRAWING.set(None);
        withdrawn(&step, again, generation, reply.map(drop));
        while WITHDRAWING.get().is_none()
            && let Some(wanted) = WANTED.with_borrow_mut(VecDeque::pop_front)
        {
            match wanted {
                Wanted::Next { again } => undo(again),
                Wanted::Of(id) => _ = turn(id),
            }
        }
    });
}

/// What the host says to that; `generation` is that of the activity when it was asked.
fn withdrawn(step: &Rc<Step>, again: bool, generation: u64, reply: Result<(), Failure>) {
    let mutation = step.mutation.id;
    match reply {
        Ok(()) => {}
        // It went on its way meanwhile, or may have before.
        Err(Failure::InvalidInput { .. }) => return send_back(mutation, step, again, true),
        // Only this window knows of it.
        Err(Failure::NotFound { .. }) if matches!(store::progress(mutation), Progress::Failed(_)) => {
            store::dispatch(Input::Dismiss(mutation));
        }
        Err(Failure::NotFound { .. }) => return send_back(mutation, step, again, false),
        Err(failure) => {
            toast::show(&format!("Not undone: {failure}"));
            // What was wanted after it was meant as what comes after it.
            WANTED.take();
            return change(|activity| activity.put_back(mutation));
        }
    }
    tell(&step.mutation, again);
    change(|activity| {
        let of_late = activity.generation() != generation;
        activity.took(mutation, step.withdrawn(), of_late);
    });
}

/// Does what takes back the step, which stands for `id`.
fn send_back(id: MutationId, step: &Step, again: bool, pending: bool) {
    let Some(back) = step.back(new_id(), pending) else {
        return toast::show(
            "There is nothing of it to take back, or not all that it replaced was read into this window.",
        );
    };
    if back.is_destructive() && store::status().is_some_and(|status| status.production) {
        toast::show(
            "This is production: what is to go is deleted from its own menu, which asks for the collection's name.",
        );
        return change(|activity| activity.put_back(id));
    }
    tell(&back, again);
    let step = step_of(back.clone());
    change(|activity| activity.took(id, step, false));
    store::dispatch(Input::Mutate(back));
}

fn step_of(mutation: Mutation) -> Step {
    Step::of(mutation, |id| store::entity(id).doc)
}

/// Where nothing on the screen shows it, a word does.
fn tell(mutation: &Mutation, again: bool) {
    if browser::shows_any(mutation.touches().map(|id| id.id.to_string())) {
        return;
    }
    let what = match mutation.edits.as_slice() {
        [edit] => navigation::document_name(&edit.document),
        edits => format!("{} documents", edits.len()),
    };
    toast::show_done(&format!("{}: {what}", if again { "Done again" } else { "Undone" }));
}
