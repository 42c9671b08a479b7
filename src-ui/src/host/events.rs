//! Events of the host: registered once, and passed on in the order in which they come.
//!
//! Of the feed's, gaps, repetitions and the order against `attach` are the store's to judge.

use base64::{Engine, engine::general_purpose::STANDARD};
use lockstep_model::Failure;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, prelude::Closure};

use super::{tauri, text};

#[derive(Serialize)]
struct Listen {
    event: &'static str,
    target: Target,
    handler: f64,
}

#[derive(Serialize)]
struct Target {
    kind: &'static str,
    label: String,
}

#[derive(Deserialize)]
struct Event {
    payload: String,
}

/// Calls `each` with the bytes of every event of that name from now on, for as long as the window lives.
///
/// # Errors
/// [`Failure::Internal`] where Tauri does not let this window listen.
pub async fn listen(
    event: &'static str,
    each: impl Fn(Result<Vec<u8>, Failure>) + 'static,
) -> Result<(), Failure> {
    let refused = |error: JsValue| Failure::internal(format!("cannot listen to {event}: {}", text(&error)));
    let callback = Closure::<dyn Fn(JsValue)>::new(move |event| each(payload(event)));
    let request = Listen {
        event,
        target: Target { kind: "WebviewWindow", label: tauri::window_label() },
        handler: tauri::transform_callback(&callback.into_js_value(), false).map_err(refused)?,
    };
    let request = serde_wasm_bindgen::to_value(&request).map_err(|error| refused(error.into()))?;
    tauri::invoke("plugin:event|listen", &request, &JsValue::UNDEFINED).await.map(drop).map_err(refused)
}

fn payload(event: JsValue) -> Result<Vec<u8>, Failure> {
    let event: Event = serde_wasm_bindgen::from_value(event).map_err(Failure::invalid)?;
    decode_base64(&event.payload)
}

/// Bytes of a text in base64.
///
/// # Errors
/// [`Failure::InvalidInput`] where it is none.
pub fn decode_base64(text: &str) -> Result<Vec<u8>, Failure> {
    STANDARD.decode(text).map_err(Failure::invalid)
}

/// Bytes as a text.
pub fn encode_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
