//! What is in the outbox: the failed edits that wait for a person and those that wait for the server, also of documents that
//! no view shows.

use std::collections::HashSet;

use lockstep_model::{
    Action, Change, Document, Edit, Key, Mutation, MutationId, Namespace,
    contract::{Exported, Nothing, command},
    shape::display_text,
};
use lockstep_query::{Data, Options, QueryView};
use lockstep_sync::Lockstep;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{
    collections::{use_collection, use_status},
    open_insert,
    zone::Zone,
};
use crate::{
    browser,
    hooks::{is_made_here, use_mutation, use_queries},
    host, navigation,
    parts::{Dialog, Review, of_all, toast},
    signal::{Signal, use_signal},
    store,
    sync_state::{Failed, SyncState},
};

/// So many of the edits that wait are shown one by one.
const SHOWN_MOST: usize = 100;
/// And of each so many documents.
const EDITS_SHOWN_MOST: usize = 5;

thread_local! {
    static OPEN: Signal<bool> = Signal::default();
}

/// Opens the panel.
pub fn show_outbox() {
    OPEN.with(|open| open.set(true));
}

/// Draws the panel when it is open, and tells of what failed where nobody would see it.
#[component]
pub fn OutboxPanel() -> Html {
    let open = use_signal(OPEN.with(Signal::clone));
    let counts = use_signal(store::counts());
    let status = use_status();
    let known = use_mut_ref(HashSet::<MutationId>::new);

    use_effect_with(counts.reviews, move |_| {
        let reviews = store::reviews();
        let mut known = known.borrow_mut();
        for (mutation, failure) in reviews.iter().filter(|(mutation, _)| !known.contains(&mutation.id)) {
            // Once, in the window where it was done.
            if is_made_here(mutation.id) && !is_on_screen(mutation) {
                let act = Callback::from(|()| show_outbox());
                let action = toast::Action { label: "Review", act };
                toast::show_with(&format!("{}: {failure}", what(mutation)), action);
            }
        }
        *known = reviews.iter().map(|(mutation, _)| mutation.id).collect();
    });

    if !open {
        return html! {};
    }
    let read_only = status.and_then(|status| status.read_only);
    let close = Callback::from(|()| OPEN.with(|open| open.set(false)));
    let reviews = store::reviews();
    html! {
        <Dialog title="Outbox" on_close={close.clone()} class="reviews">
            if counts.queued > 0 || reviews.is_empty() {
                <p class="quiet">{ waiting(counts.queued, read_only) }</p>
            }
            <Entries {reviews} />
            { for store::waiting(SHOWN_MOST).into_iter().map(|mutation| {
                let key = format!("{:?}", mutation.id);
                html! { <WaitingEntry {key} {mutation} /> }
            }) }
            if counts.queued > SHOWN_MOST {
                <p class="quiet">{ format!("And {} more.", counts.queued - SHOWN_MOST) }</p>
            }
            <div class="dialog-actions">
                <button class="button" onclick={|_| export()}>{ "Export" }</button>
                <button class="button" onclick={close.reform(|_| ())}>{ "Close" }</button>
            </div>
        </Dialog>
    }
}

fn waiting(count: usize, read_only: Option<String>) -> String {
    let edits = match count {
        0 => return "Nothing waits.".into(),
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

#[derive(Properties, PartialEq)]
struct EntriesProps {
    reviews: Vec<Failed>,
}

/// Each failed mutation, with what the database has by now: the documents are read together.
#[component]
fn Entries(props: &EntriesProps) -> Html {
    let document = |failed: &Failed| Some(Key::Document(failed.0.touches().next()?.clone()));
    let reviews: Vec<_> =
        props.reviews.iter().filter_map(|failed| Some((failed, document(failed)?))).collect();
    let documents = reviews.iter().map(|(_, document)| document.clone());
    let queries = use_queries(documents.collect(), Options::default());
    let entries = reviews.into_iter().zip(queries).map(|((failed, document), query)| {
        let key = format!("{:?}", failed.0.id);
        html! { <ReviewEntry {key} failed={failed.clone()} {document} {query} /> }
    });
    entries.collect()
}

#[derive(Properties, PartialEq)]
struct WaitingEntryProps {
    mutation: Mutation,
}

/// An edit that waits for the server: what it will do, and the way to give it up.
#[component]
fn WaitingEntry(props: &WaitingEntryProps) -> Html {
    let mutations = use_mutation();
    let id = props.mutation.id;
    let all = &props.mutation.edits;
    let edits = all.iter().take(EDITS_SHOWN_MOST).map(|edit| {
        let document = navigation::document_title(&edit.document);
        let plan = match &edit.action {
            Action::Insert(_) => "is to be inserted".to_owned(),
            Action::Delete { .. } => "is to be deleted".to_owned(),
            Action::Update(changes) => changes.iter().map(planned).collect::<Vec<_>>().join(", "),
        };
        html! { <p class="waiting-edit"><b>{ document }</b>{ plan }</p> }
    });
    html! {
        <section class="review-entry waiting-entry" data-state={SyncState::Queued.name()}>
            <div>
                { for edits }
                if all.len() > EDITS_SHOWN_MOST {
                    <p class="quiet">{ format!("And {} more documents.", all.len() - EDITS_SHOWN_MOST) }</p>
                }
            </div>
            <button class="button" onclick={move |_| mutations.discard(id)}>{ "Discard" }</button>
        </section>
    }
}

fn planned(change: &Change) -> String {
    match &change.target {
        Some(target) => format!("{} becomes {}", change.path, display_text(target.get())),
        None => format!("{} is to be removed", change.path),
    }
}

#[derive(Properties, PartialEq)]
struct ReviewEntryProps {
    failed: Failed,
    document: Key,
    /// Of the document, as it is now.
    query: QueryView<Lockstep>,
}

#[component]
fn ReviewEntry(props: &ReviewEntryProps) -> Html {
    let mutations = use_mutation();
    let (mutation, failure) = &props.failed;
    let state = SyncState::of_failure(failure);
    html! {
        <section class="review-entry" data-state={state.name()}>
            <h3>{ what(mutation) }</h3>
            <p class="review-reason">{ failure.to_string() }</p>
            if state == SyncState::Conflict {
                <Review failed={props.failed.clone()} />
            } else {
                if let [Edit { action: Action::Update(changes), .. }] = &mutation.edits[..] {
                    <Zone
                        query={props.document.clone()}
                        what="The document"
                        shown={now(changes, &props.query)}
                        skeletons=1
                    />
                }
                <div class="dialog-actions">
                    <button class="button" onclick={mutations.on_discard(&props.failed)}>{ of_all("Discard", mutation) }</button>
                    if let Some((namespace, document)) = inserted(mutation) {
                        <EditInsert {namespace} {document} failed={mutation.id} />
                    }
                    <button class="button button-primary" onclick={mutations.on_retry(&props.failed)}>{ of_all("Retry", mutation) }</button>
                </div>
            }
        </section>
    }
}

/// What was not saved, and what the database has in its place; `None` until that is known.
fn now(changes: &[Change], query: &QueryView<Lockstep>) -> Option<Html> {
    let Some(Data::Entity(view)) = &query.data else { return None };
    let text = |value: Option<String>| value.unwrap_or_else(|| "no value".into());
    let rows = changes.iter().map(|change| {
        let mine = change.target.as_ref().map(|value| display_text(value.get()));
        let now = view.base.as_ref().and_then(|document| document.get(&change.path).map(display_text));
        html! {
            <div>
                <dt>{ change.path.to_string() }</dt>
                <dd>{ "Not saved: " }<b>{ text(mine) }</b></dd>
                <dd>{ "In the database: " }<b>{ text(now) }</b></dd>
            </div>
        }
    });
    Some(html! { <dl class="review-now">{ for rows }</dl> })
}

/// The document that was not inserted, if that is what failed.
fn inserted(mutation: &Mutation) -> Option<(Namespace, Document)> {
    match &mutation.edits[..] {
        [Edit { document, action: Action::Insert(content) }] => {
            Some((document.namespace.clone(), Document::whole(content)))
        }
        _ => None,
    }
}

#[derive(Properties, PartialEq)]
struct EditInsertProps {
    namespace: Namespace,
    document: Document,
    failed: MutationId,
}

/// Opens the form again, with what was filled in.
#[component]
fn EditInsert(props: &EditInsertProps) -> Html {
    let known = use_collection(props.namespace.clone());
    let Some(known) = known else { return html! {} };
    let (namespace, document, failed) = (props.namespace.clone(), props.document.clone(), props.failed);
    let onclick = move |_: MouseEvent| {
        OPEN.with(|open| open.set(false));
        let shape = known.shape.clone().unwrap_or_default();
        open_insert(namespace.clone(), shape, Some(&document), Some(failed));
    };
    html! { <button class="button" {onclick}>{ "Edit…" }</button> }
}

/// What the mutation was to do, in one line.
fn what(mutation: &Mutation) -> String {
    let [edit] = &mutation.edits[..] else {
        return format!("{} documents were not saved", mutation.edits.len());
    };
    let document = navigation::document_title(&edit.document);
    match &edit.action {
        Action::Insert(_) => format!("{document} was not inserted"),
        Action::Delete { .. } => format!("{document} was not deleted"),
        Action::Update(changes) => {
            let paths: Vec<_> = changes.iter().map(|change| change.path.to_string()).collect();
            format!("{document}: {} was not saved", paths.join(", "))
        }
    }
}

/// Whether something on the screen shows the document, and so says that its edit failed. What was not inserted is
/// nowhere any more.
fn is_on_screen(mutation: &Mutation) -> bool {
    if mutation.edits.iter().any(|edit| matches!(edit.action, Action::Insert(_))) {
        return false;
    }
    browser::shows_any(mutation.touches().map(|id| id.id.to_string()))
}
