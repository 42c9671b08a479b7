//! `use_held_while`: a document that keeps its place in lists, though filter or sort would move it.

use lockstep_model::DocumentId;
use lockstep_query::Input;
use yew::prelude::*;

use crate::store;

/// The document keeps its place as long as this is so: also one that is on its way out.
#[hook]
pub fn use_held_while(held: bool, id: DocumentId) {
    use_effect_with((held, id), |(held, id)| {
        let release = held.then(|| id.clone());
        if *held {
            store::dispatch(Input::Hold(id.clone()));
        }
        move || {
            if let Some(id) = release {
                store::dispatch(Input::Release(id));
            }
        }
    });
}
