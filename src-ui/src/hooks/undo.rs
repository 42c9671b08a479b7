//! Undo and redo of what was done in this window.

use std::cell::{Cell, RefCell};

use lockstep_model::{
    Failure, Mutation, MutationId,
    contract::{DiscardRequest, command},
};
use lockstep_query::Input;
use wasm_bindgen_futures::spawn_local;

use super::mutation::{Mutations, new_id};
use crate::{
    browser,
    edit::{Step, Undo},
    host, navigation,
    parts::toast,
    store::{self, Progress},
};

thread_local! {
    static UNDO: RefCell<Undo> = RefCell::default();
    /// The host is asked to forget a mutation.
    static WITHDRAWING: Cell<bool> = const { Cell::new(false) };
}

/// Does something that can be taken back.
pub(super) fn perform(mutation: Mutation) {
    let step = step_of(mutation.clone());
    UNDO.with_borrow_mut(|undo| undo.did(step));
    store::dispatch(Input::Mutate(mutation));
}

/// A person has given up that mutation; `failed` is what of it was shown as failed.
pub(super) fn given_up(id: MutationId, failed: Option<&Mutation>) {
    UNDO.with_borrow_mut(|undo| undo.given_up(id, failed));
}

/// Takes back what was done last in this window, or does `again` what was taken back last.
pub fn undo(again: bool) {
    // The next step waits until it is known what became of the one before.
    if WITHDRAWING.get() {
        return;
    }
    let Some(step) = UNDO.with_borrow_mut(|undo| undo.take(again)) else { return };
    let id = step.mutation.id;
    match store::progress(id) {
        Progress::Waiting if !step.follows() => withdraw(step, again),
        Progress::Failed(failed) => match step.clone().without(&failed) {
            // A part of it is done.
            Some(done) => {
                Mutations.discard(id);
                send_back(done, again, false);
            }
            None => withdraw(step, again),
        },
        Progress::Waiting | Progress::UnderWay => send_back(step, again, true),
        Progress::Ended => send_back(step, again, false),
    }
}

/// Of what is not in the database nothing has to be set back.
fn withdraw(step: Step, again: bool) {
    WITHDRAWING.set(true);
    let generation = UNDO.with_borrow(Undo::generation);
    spawn_local(async move {
        let mutation = step.mutation.id;
        let request = DiscardRequest { mutation, only_unsent: true };
        let reply = host::call::<command::Discard>(&request).await;
        WITHDRAWING.set(false);
        match reply {
            Ok(_) => {}
            // It went on its way meanwhile, or may have before.
            Err(Failure::InvalidInput { .. }) => return send_back(step, again, true),
            // Only this window knows of it.
            Err(Failure::NotFound { .. }) if matches!(store::progress(mutation), Progress::Failed(_)) => {
                store::dispatch(Input::Dismiss(mutation));
            }
            Err(Failure::NotFound { .. }) => return send_back(step, again, false),
            Err(failure) => {
                toast::show(&format!("Not undone: {failure}"));
                return UNDO.with_borrow_mut(|undo| undo.put_back(again, step));
            }
        }
        tell(&step.mutation, again);
        UNDO.with_borrow_mut(|undo| {
            if undo.generation() == generation {
                undo.took(again, step.withdrawn());
            }
        });
    });
}

fn send_back(step: Step, again: bool, pending: bool) {
    let Some(back) = step.back(new_id(), pending) else {
        return toast::show(
            "There is nothing of it to take back, or not all that it replaced was read into this window.",
        );
    };
    if back.is_destructive() && store::status().is_some_and(|status| status.production) {
        toast::show(
            "This is production: what is to go is deleted from its own menu, which asks for the collection's name.",
        );
        return UNDO.with_borrow_mut(|undo| undo.put_back(again, step));
    }
    tell(&back, again);
    let step = step_of(back.clone());
    UNDO.with_borrow_mut(|undo| undo.took(again, step));
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
        [edit] => navigation::document_title(&edit.document),
        edits => format!("{} documents", edits.len()),
    };
    toast::show(&format!("{}: {what}", if again { "Done again" } else { "Undone" }));
}
