//! The few functions that Tauri puts into every window.
//!
//! `withGlobalTauri` is off, so these are the internals that `@tauri-apps/api` itself is made of (its `core.ts`).

use js_sys::Reflect;
use wasm_bindgen::{JsValue, prelude::*};

#[wasm_bindgen]
extern "C" {
    /// Calls a command; a `Uint8Array` goes as it is, anything else as JSON.
    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], catch)]
    pub async fn invoke(command: &str, payload: &JsValue, options: &JsValue) -> Result<JsValue, JsValue>;

    /// Gives a function a number by which the host calls it.
    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = transformCallback, catch)]
    pub fn transform_callback(callback: &JsValue, once: bool) -> Result<f64, JsValue>;
}

/// This window's label, by which the host knows it.
pub fn window_label() -> String {
    ["__TAURI_INTERNALS__", "metadata", "currentWindow", "label"]
        .iter()
        .try_fold(js_sys::global().into(), |object: JsValue, name| {
            Reflect::get(&object, &JsValue::from_str(name))
        })
        .ok()
        .and_then(|label| label.as_string())
        .unwrap_or_default()
}
