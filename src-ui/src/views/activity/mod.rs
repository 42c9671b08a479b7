//! What was done and what became of it: the failed edits that wait for a person, those that wait for the server, and the
//! latest that are saved, also of documents that no view shows. Each can be taken back.

mod done;
mod reviews;
mod waiting;
mod words;

use std::collections::HashSet;

use lockstep_model::{
    Action, Mutation, MutationId,
    contract::{Exported, Nothing, command},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

pub use done::Done;
use reviews::Reviews;
use waiting::Waiting;
use words::not_done;

use super::collections::use_status;
use crate::{
    browser,
    hooks::is_made_here,
    host,
    parts::{Dialog, toast},
    signal::{Signal, use_signal},
    store,
};

/// So many of the edits that wait are shown one by one.
const SHOWN_MOST: usize = 100;

thread_local! {
    static OPEN: Signal<bool> = Signal::default();
}

/// Opens the panel.
pub fn show_activity() {
    set_open(true);
}

fn set_open(open: bool) {
    OPEN.with(|signal| signal.set(open));
}

/// Draws the panel when it is open, and tells of what failed where nobody would see it.
#[component]
pub fn ActivityPanel() -> Html {
    let open = use_signal(OPEN.with(Signal::clone));
    let unsaved = use_signal(store::unsaved());
    let status = use_status();
    let known = use_mut_ref(HashSet::<MutationId>::new);

    use_effect_with(unsaved.reviews.clone(), move |_| {
        let reviews = store::reviews();
        let mut known = known.borrow_mut();
        for (mutation, failure) in reviews.iter().filter(|(mutation, _)| !known.contains(&mutation.id)) {
            // Once, in the window where it was done.
            if is_made_here(mutation.id) && !is_on_screen(mutation) {
                let act = Callback::from(|()| show_activity());
                let action = toast::Action { label: "Review", act };
                toast::show_with(&format!("{}: {failure}", not_done(mutation)), action);
            }
        }
        *known = reviews.iter().map(|(mutation, _)| mutation.id).collect();
    });

    if !open {
        return html! {};
    }
    let read_only = status.and_then(|status| status.read_only);
    let close = Callback::from(|()| set_open(false));
    let reviews = store::reviews();
    let waiting = store::waiting(SHOWN_MOST);
    let queued = unsaved.waiting();
    html! {
        <Dialog title="Activity" on_close={close.clone()} class="activity-panel">
            if !reviews.is_empty() {
                <section aria-label="To be decided">
                    <h3>{ "To be decided" }</h3>
                    <Reviews {reviews} />
                </section>
            }
            if !waiting.is_empty() {
                <section aria-label="Waiting">
                    <h3>{ "Waiting" }</h3>
                    <p class="quiet">{ waiting_words(queued, read_only) }</p>
                    { for waiting.into_iter().map(|mutation| {
                        let key = format!("{:?}", mutation.id);
                        html! { <Waiting {key} {mutation} /> }
                    }) }
                    if queued > SHOWN_MOST {
                        <p class="quiet">{ format!("And {} more.", queued - SHOWN_MOST) }</p>
                    }
                </section>
            }
            <section aria-label="Latest">
                <h3>{ "Latest" }</h3>
                <Done none="What is done on this machine from now on is listed here, and can be undone, also when other things were done since." />
            </section>
            <div class="dialog-actions">
                if queued + unsaved.reviews.len() > 0 {
                    <button class="button" onclick={|_| export()}>{ "Export what is not saved" }</button>
                }
                <button class="button" onclick={close.reform(|_| ())}>{ "Close" }</button>
            </div>
        </Dialog>
    }
}

fn waiting_words(count: usize, read_only: Option<String>) -> String {
    let edits = match count {
        1 => "1 edit waits".into(),
        count => format!("{count} edits wait"),
    };
    match read_only {
        Some(reason) => format!("{edits}, and cannot be sent: {reason}."),
        None => format!("{edits} for the server, and will be sent when it is back."),
    }
}

/// Has the host write all of it to a file, and says where.
fn export() {
    spawn_local(async {
        toast::show(&match host::call::<command::ExportOutbox>(&Nothing {}).await {
            Ok(Exported { path, count: 1 }) => format!("1 edit was written to {path}"),
            Ok(Exported { path, count }) => format!("{count} edits were written to {path}"),
            Err(failure) => failure.to_string(),
        });
    });
}

/// Whether something on the screen shows the document, and so says that its edit failed. What was not inserted is
/// nowhere any more.
fn is_on_screen(mutation: &Mutation) -> bool {
    if mutation.edits.iter().any(|edit| matches!(edit.action, Action::Insert(_))) {
        return false;
    }
    browser::shows_any(mutation.touches().map(|id| id.id.to_string()))
}
