//! `use_colleague`: the simulated colleague on the sample workspace. Whether it works stands in the status.

use lockstep_model::contract::{ColleagueRequest, command};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{host, parts::toast};

/// How often a colleague who was called by one click edits.
pub const COLLEAGUE_PER_SECOND: u32 = 2;

/// Has the simulated colleague edit so many times a second, or not at all.
#[hook]
pub fn use_colleague() -> Callback<u32> {
    use_callback((), |per_second, ()| {
        spawn_local(async move {
            if let Err(failure) = host::call::<command::CallColleague>(&ColleagueRequest { per_second }).await
            {
                toast::show(&format!("The colleague cannot be called: {failure}"));
            }
        });
    })
}
