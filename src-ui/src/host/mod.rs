//! The way to the host: its commands as typed calls, and its events.
//!
//! Bytes out and bytes in, by the contract. It keeps nothing and decides nothing; the store does.

mod events;
mod tauri;

use js_sys::Uint8Array;
use lockstep_model::{
    Failure,
    contract::{Command, decode_reply, encode},
};
use wasm_bindgen::JsValue;

pub use events::{decode_base64, encode_base64, listen};
pub use tauri::window_label;

/// Runs a command in the host.
///
/// # Errors
/// The host's own failure, or [`Failure::Internal`] where the call did not get through.
pub async fn call<C: Command>(request: &C::Request) -> Result<C::Reply, Failure> {
    let bytes = Uint8Array::from(encode(request)?.as_slice());
    let reply = tauri::invoke(C::NAME, &bytes, &JsValue::UNDEFINED)
        .await
        .map_err(|error| Failure::internal(format!("`{}` did not get through: {}", C::NAME, text(&error))))?;
    decode_reply(&Uint8Array::new(&reply).to_vec())
}

/// What JavaScript threw, in words.
fn text(error: &JsValue) -> String {
    error.as_string().unwrap_or_else(|| format!("{error:?}"))
}
