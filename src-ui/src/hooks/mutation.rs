//! `use_mutation`: a person's intents, made into mutations with an id of this window.
//!
//! Each shows at once; how it ends is read from the document's own state.

use std::{cell::RefCell, collections::HashSet, sync::Arc};

use bson::RawDocumentBuf;
use lockstep_model::{
    Action, Change, DocumentId, Edit, Expectation, Failure, Mutation, MutationId, Path, Value,
    contract::{DiscardRequest, command},
};
use lockstep_query::Input;
use lockstep_sync::window::{again, expectation, seen};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::activity::{given_up, perform};
use crate::{
    edit::{Assignment, Editing, Form, assign, reference},
    host,
    parts::toast,
    store::{self, Progress},
    sync_state::Failed,
};

/// What can be done to documents. It needs no state of its own: the store has it all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mutations;

/// What can be done to documents.
#[hook]
pub fn use_mutation() -> Mutations {
    Mutations
}

impl Mutations {
    /// Assigns one field; `target` `None` removes it. `expected` is what the editor showed when it opened.
    pub fn update(self, document: &DocumentId, path: Path, target: Option<Value>, expected: Expectation) {
        submit(document, Action::Update(vec![Change { path, target, expected }]));
    }

    /// What an editor changed, in the place of the refused edit that it opened on, if any; and what a document has beside
    /// an id, where that leads to another document now.
    pub fn commit(self, editing: &Editing, Assignment { path, target }: Assignment) {
        let beside = target.as_ref().map(|target| beside(editing, &path, target)).unwrap_or_default();
        let mut changes = vec![Change { path, target, expected: editing.expected.clone() }];
        changes.extend(beside);
        submit(&editing.id, Action::Update(changes));
        if let Some(refused) = editing.replaces {
            self.discard(refused);
        }
    }

    /// Changes several documents, as one thing that can be undone.
    pub fn change_all(self, edits: Vec<Edit>) {
        perform(Mutation::new(new_id(), edits));
    }

    /// Makes true of false, and false of true.
    pub fn toggle(self, document: &DocumentId, path: &Path, value: bool) {
        let view = store::entity(document);
        let Some(shown) = &view.doc else { return };
        let Assignment { path, target } = assign(shown, path, Some(Value::from(value)));
        let expected = expectation(&view, document, &path);
        self.update(document, path, target, expected);
    }

    /// Inserts a document, its `_id` included.
    pub fn insert(self, document: &DocumentId, content: RawDocumentBuf) {
        submit(document, Action::Insert(content));
    }

    /// Deletes the document as it is on the screen. Until that is settled, its row stays where it is. `confirmation` is what
    /// the person typed, where the connection asks for that.
    pub fn delete(self, document: &DocumentId, confirmation: Option<Arc<str>>) {
        self.delete_all(std::slice::from_ref(document), confirmation);
    }

    /// Deletes several so, as one thing that can be undone.
    pub fn delete_all(self, documents: &[DocumentId], confirmation: Option<Arc<str>>) {
        let delete = |document: &DocumentId| {
            let seen = seen(&store::entity(document))?;
            Some(Edit { document: document.clone(), action: Action::Delete { seen } })
        };
        let edits: Vec<_> = documents.iter().filter_map(delete).collect();
        for edit in &edits {
            store::dispatch(Input::Hold(edit.document.clone()));
        }
        if !edits.is_empty() {
            perform(Mutation { confirmation, ..Mutation::new(new_id(), edits) });
        }
    }

    /// Sends a failed mutation anew, over what the person has seen of it now.
    pub fn retry(self, failed: &Mutation, failure: &Failure) {
        match again(failed, failure, new_id()) {
            Some(mutation) => {
                perform(mutation);
                self.discard(failed.id);
            }
            None => toast::show("It was deleted meanwhile: there is nothing left to change."),
        }
    }

    /// A button that [retries](Self::retry).
    pub fn on_retry(self, (mutation, failure): &Failed) -> Callback<MouseEvent> {
        let (mutation, failure) = (mutation.clone(), failure.clone());
        Callback::from(move |_| self.retry(&mutation, &failure))
    }

    /// A button that [gives up](Self::discard).
    pub fn on_discard(self, (mutation, _): &Failed) -> Callback<MouseEvent> {
        let id = mutation.id;
        Callback::from(move |_| self.discard(id))
    }

    /// Gives up a mutation that failed, or one that waits.
    pub fn discard(self, id: MutationId) {
        spawn_local(async move {
            let failed = match store::progress(id) {
                Progress::Failed(failed) => Some(failed),
                _ => None,
            };
            let request = DiscardRequest { mutation: id, only_unsent: false };
            match host::call::<command::Discard>(&request).await {
                Ok(_) => given_up(id, failed.as_deref()),
                Err(Failure::NotFound { .. }) => {
                    given_up(id, failed.as_deref());
                    store::dispatch(Input::Dismiss(id));
                }
                Err(failure) => toast::show(&format!("Not discarded: {failure}")),
            }
        });
    }
}

thread_local! {
    static MADE_HERE: RefCell<HashSet<MutationId>> = RefCell::default();
}

/// Whether the mutation was made in this window, since it was loaded.
pub fn is_made_here(id: MutationId) -> bool {
    MADE_HERE.with_borrow(|made| made.contains(&id))
}

/// The changes of what stands beside an id, so that it is of the same document, as far as this window knows that one.
fn beside(editing: &Editing, path: &Path, target: &Value) -> Vec<Change> {
    let id = &editing.id;
    let leads_to = || reference::leads_to(path, &id.namespace, store::collections().as_deref());
    let Some(namespace) = (editing.form == Form::Id).then(leads_to).flatten() else { return Vec::new() };
    let view = store::entity(id);
    let chosen = store::entity(&DocumentId { namespace, id: target.clone() });
    let (Some(document), Some(chosen)) = (&view.doc, chosen.doc) else { return Vec::new() };
    let changed = reference::alongside(document, path, &chosen).into_iter();
    let change = |(path, target)| {
        let expected = expectation(&view, id, &path);
        Change { path, target: Some(target), expected }
    };
    changed.map(change).collect()
}

/// A row keeps its place until its deletion is decided, however soon that is.
pub(super) fn release_deleted(mutation: &Mutation) {
    let deletes = |edit: &&Edit| matches!(edit.action, Action::Delete { .. });
    for edit in mutation.edits.iter().filter(deletes) {
        store::dispatch(Input::Release(edit.document.clone()));
    }
}

fn submit(document: &DocumentId, action: Action) {
    let edits = vec![Edit { document: document.clone(), action }];
    perform(Mutation::new(new_id(), edits));
}

pub(super) fn new_id() -> MutationId {
    let id = MutationId(bson::Uuid::new());
    MADE_HERE.with_borrow_mut(|made| made.insert(id));
    id
}
