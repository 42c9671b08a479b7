//! What a person keeps of the connection on this machine, and how it is changed: all windows show the same at once.

use std::sync::Arc;

use lockstep_model::{Failure, Key, Workspace, WorkspaceChange, contract::command};
use lockstep_query::{Data, Options, Trigger};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::use_selected;
use crate::{host, parts::toast};

/// A part of the workspace; `None` until the window is attached.
#[hook]
pub fn use_of_workspace<T: Clone + PartialEq + 'static>(
    select: impl Fn(&Workspace) -> T + 'static,
) -> Option<T> {
    let options = Options { on_focus: Trigger::Never, ..Options::default() };
    use_selected(Key::Workspace, options, move |query| match query.data {
        Some(Data::Value(plain)) => plain.workspace().map(&select),
        _ => None,
    })
}

/// Changes the workspace, and tells why where that did not work.
pub fn change_workspace(change: WorkspaceChange) {
    change_workspace_then(change, |changed| {
        if let Err(failure) = changed {
            toast::show(&format!("Nothing was changed: {failure}"));
        }
    });
}

/// Changes the workspace, and says so.
pub fn change_workspace_then(change: WorkspaceChange, then: impl FnOnce(Result<(), Failure>) + 'static) {
    spawn_local(async move {
        then(host::call::<command::ChangeWorkspace>(&change).await.map(drop));
    });
}

/// A name for something new in the workspace.
pub fn new_name() -> Arc<str> {
    bson::Uuid::new().to_string().into()
}
