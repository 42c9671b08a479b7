//! `use_disturb`: trouble on purpose on the way to the database. What is made now stands in the status.

use lockstep_model::contract::{Disturbance, command};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{host, parts::toast};

/// Has the host make that trouble, for all windows.
#[hook]
pub fn use_disturb() -> Callback<Disturbance> {
    use_callback((), |disturbance, ()| {
        spawn_local(async move {
            if let Err(failure) = host::call::<command::Disturb>(&disturbance).await {
                toast::show(&format!("Nothing was changed: {failure}"));
            }
        });
    })
}
