//! What was done on this machine, each with the way back.

use std::collections::HashMap;

use lockstep_model::{DocumentId, Failure, MutationId, contract::View};
use lockstep_query::End;
use yew::prelude::*;

use super::words::done;
use crate::{
    edit::Entry,
    hooks::{turn, use_activity},
    navigation,
    parts::clock_time,
    signal::use_signal,
    store::{self, Progress},
    sync_state::SyncState,
};

/// So many are shown before somebody asks for all.
const SHOWN_FIRST: usize = 30;

#[derive(Properties, PartialEq)]
pub struct DoneProps {
    /// Only what was done to this document.
    #[prop_or_default]
    pub of: Option<DocumentId>,
    /// What is said where there is none.
    pub none: AttrValue,
}

/// What was done, the latest first.
#[component]
pub fn Done(props: &DoneProps) -> Html {
    let entries = use_activity();
    // How far each has come changes with these.
    use_signal(store::unsaved());
    let all = use_state_eq(|| false);
    let concerns = |entry: &&Entry| props.of.as_ref().is_none_or(|id| entry.did.mutation.edit(id).is_some());
    let entries: Vec<_> = entries.iter().filter(concerns).collect();
    if entries.is_empty() {
        return html! { <p class="quiet">{ &props.none }</p> };
    }
    let unended = store::unended();
    let shown = if *all { entries.len() } else { SHOWN_FIRST.min(entries.len()) };
    let show_all = {
        let all = all.setter();
        move |_: MouseEvent| all.set(true)
    };
    html! {
        <>
            <ol class="done" aria-label="Done">
                { for entries[..shown].iter().map(|entry| line(entry, &unended, props.of.is_none())) }
            </ol>
            if shown < entries.len() {
                <button class="button" onclick={show_all}>{ format!("Show all {}", entries.len()) }</button>
            }
        </>
    }
}

fn line(entry: &Entry, unended: &HashMap<MutationId, Progress>, named: bool) -> Html {
    let id = entry.now.mutation.id;
    let progress = unended.get(&id);
    let (title, action) = done(&entry.did);
    let title = match &entry.did.mutation.edits[..] {
        [edit] => {
            let view = View::Document { id: edit.document.clone() };
            let open = move |event: MouseEvent| navigation::go_by(&event, view.clone());
            html! { <button class="link" onclick={open}>{ title }</button> }
        }
        _ => html! { <b>{ title }</b> },
    };
    let can_turn = entry.can_turn() && (progress.is_some() || !is_given_up(entry));
    let state = progress.map_or(SyncState::Saved, |progress| state(progress, entry.end.as_ref()));
    let at = i64::try_from(entry.at.as_millis()).unwrap_or(i64::MAX);
    html! {
        <li key={format!("{:?}", entry.did.mutation.id)} class="done-entry" data-state={state.name()} data-undone={entry.undone.to_string()}>
            <div class="done-what">
                if named {
                    { title }
                }
                <span class="done-action">{ action }</span>
                <span class="quiet">
                    { clock_time(at) }
                    if !entry.here {
                        { " · in another window, or before a reload" }
                    }
                    if let Some(end) = ended(entry, state) {
                        { " · " }<span class="done-end">{ end }</span>
                    }
                </span>
            </div>
            if can_turn {
                <button class="button" onclick={move |_: MouseEvent| _ = turn(id)}>
                    { if entry.undone { "Redo" } else { "Undo" } }
                </button>
            }
        </li>
    }
}

fn state(progress: &Progress, end: Option<&End<Failure>>) -> SyncState {
    match (progress, end) {
        (Progress::Waiting, _) => SyncState::Queued,
        (Progress::UnderWay, _) => SyncState::Syncing,
        (Progress::Failed(_), Some(End::Failed(failure))) => SyncState::of_failure(failure),
        (Progress::Failed(_), _) => SyncState::Failed,
        (Progress::Ended, _) => SyncState::Saved,
    }
}

/// Whether it failed and nothing of it is in the database: of what nobody reviews any more, somebody gave that up.
fn is_given_up(entry: &Entry) -> bool {
    matches!(entry.end, Some(End::Failed(_))) && entry.done_in_part().is_none()
}

/// Where it stands, unless it is just saved.
fn ended(entry: &Entry, state: SyncState) -> Option<&'static str> {
    match (state, entry.undone, &entry.end) {
        (SyncState::Syncing, true, _) => Some("undoing"),
        (SyncState::Queued, true, _) => Some("undo queued"),
        (SyncState::Failed | SyncState::Conflict, true, _) => Some("undo needs review"),
        (SyncState::Failed | SyncState::Conflict, false, _) => Some("needs review"),
        (SyncState::Saved, true, _) if is_given_up(entry) => Some("undo given up"),
        (SyncState::Saved, true, _) => Some("undone"),
        (SyncState::Saved, false, Some(End::Withdrawn)) => Some("given up"),
        (SyncState::Saved, false, _) if is_given_up(entry) => Some("given up"),
        (SyncState::Saved, false, Some(End::Failed(_))) => Some("given up in part"),
        (SyncState::Saved, false, _) => None,
        (pending, false, _) => Some(pending.name()),
    }
}
