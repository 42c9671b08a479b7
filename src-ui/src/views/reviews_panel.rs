//! What is in the outbox: how many edits wait for the server, and all failed ones that wait for a person, also those of
//! documents that no view shows.

use std::collections::HashSet;

use lockstep_model::{
    Action, Change, Document, Key, Mutation, MutationId, Namespace,
    contract::{Exported, Nothing, command},
    shape::display_text,
};
use lockstep_query::{Data, Options, QueryView};
use lockstep_sync::Lockstep;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use super::{collections::use_collection, open_insert, zone::Zone};
use crate::{
    browser,
    hooks::{is_made_here, use_mutation, use_queries},
    host, navigation,
    parts::{Dialog, Review, toast},
    signal::{Signal, use_signal},
    store,
    sync_state::{Failed, SyncState},
};

thread_local! {
    static OPEN: Signal<bool> = Signal::default();
}

/// Opens the panel.
pub fn show_reviews() {
    OPEN.with(|open| open.set(true));
}

/// Draws the panel when it is open, and tells of what failed where nobody would see it.
#[component]
pub fn ReviewsPanel() -> Html {
    let open = use_signal(OPEN.with(Signal::clone));
    let counts = use_signal(store::counts());
    let known = use_mut_ref(HashSet::<MutationId>::new);

    use_effect_with(counts.reviews, move |_| {
        let reviews = store::reviews();
        let mut known = known.borrow_mut();
        for (mutation, failure) in reviews.iter().filter(|(mutation, _)| !known.contains(&mutation.id)) {
            // Once, in the window where it was done.
            if is_made_here(mutation.id) && !is_on_screen(mutation) {
                let act = Callback::from(|()| show_reviews());
                let action = toast::Action { label: "Review", act };
                toast::show_with(&format!("{}: {failure}", what(mutation)), action);
            }
        }
        *known = reviews.iter().map(|(mutation, _)| mutation.id).collect();
    });

    if !open {
        return html! {};
    }
    let close = Callback::from(|()| OPEN.with(|open| open.set(false)));
    let reviews = store::reviews();
    html! {
        <Dialog title="Outbox" on_close={close.clone()} class="reviews">
            if counts.queued > 0 {
                <p class="quiet">{ waiting(counts.queued) }</p>
            }
            <Entries {reviews} />
            <div class="dialog-actions">
                <button class="button" onclick={|_| export()}>{ "Export" }</button>
                <button class="button" onclick={close.reform(|_| ())}>{ "Close" }</button>
            </div>
        </Dialog>
    }
}

fn waiting(count: usize) -> String {
    let edits = if count == 1 { "1 edit waits".into() } else { format!("{count} edits wait") };
    format!("{edits} for the server, and will be sent when it is back.")
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
    if reviews.is_empty() {
        return html! { <p>{ "Nothing waits for you." }</p> };
    }
    let entries = reviews.into_iter().zip(queries).map(|((failed, document), query)| {
        let key = format!("{:?}", failed.0.id);
        html! { <ReviewEntry {key} failed={failed.clone()} {document} {query} /> }
    });
    entries.collect()
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
                if let Some(Action::Update(changes)) = mutation.edits.first().map(|edit| &edit.action) {
                    <Zone
                        query={props.document.clone()}
                        what="The document"
                        shown={now(changes, &props.query)}
                        skeletons=1
                    />
                }
                <div class="dialog-actions">
                    <button class="button" onclick={mutations.on_discard(&props.failed)}>{ "Discard" }</button>
                    if let Some((namespace, document)) = inserted(mutation) {
                        <EditInsert {namespace} {document} failed={mutation.id} />
                    }
                    <button class="button button-primary" onclick={mutations.on_retry(&props.failed)}>{ "Retry" }</button>
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
    mutation.edits.iter().find_map(|edit| match &edit.action {
        Action::Insert(content) => Some((edit.document.namespace.clone(), Document::whole(content))),
        _ => None,
    })
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
    let Some(edit) = mutation.edits.first() else { return "Nothing".into() };
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
    let Ok(shown) = browser::document().query_selector_all("[data-id]") else { return false };
    let shown: HashSet<String> = (0..shown.length())
        .filter_map(|at| shown.get(at)?.dyn_into::<Element>().ok())
        .filter_map(|element| element.get_attribute("data-id"))
        .collect();
    mutation.touches().any(|id| shown.contains(&id.id.to_string()))
}
