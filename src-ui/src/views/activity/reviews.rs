//! The failed mutations that wait for a person, and what can be done about each.

use lockstep_model::{
    Action, Change, Document, Edit, Key, Mutation, MutationId, Namespace, shape::display_text,
};
use lockstep_query::{Data, Options, QueryView};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use super::{set_open, words::not_done};
use crate::{
    hooks::{use_mutation, use_queries},
    parts::{Review, of_all},
    sync_state::{Failed, SyncState},
    views::{collections::use_collection, open_insert, zone::Zone},
};

#[derive(Properties, PartialEq)]
pub struct ReviewsProps {
    pub reviews: Vec<Failed>,
}

/// Each failed mutation, with what the database has by now: the documents are read together.
#[component]
pub fn Reviews(props: &ReviewsProps) -> Html {
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
            <h3>{ not_done(mutation) }</h3>
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
        set_open(false);
        let shape = known.shape.clone().unwrap_or_default();
        open_insert(namespace.clone(), shape, Some(&document), Some(failed));
    };
    html! { <button class="button" {onclick}>{ "Edit…" }</button> }
}
