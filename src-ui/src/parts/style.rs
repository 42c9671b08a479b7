//! Styles that depend on data, such as a row's place.
//!
//! They are set through the CSSOM, since a strict content security policy forbids `style` attributes.

use wasm_bindgen::JsValue;

/// For Yew's `~style={…}`: assigning the property is assigning its `cssText`.
pub fn style(declarations: &str) -> JsValue {
    JsValue::from_str(declarations)
}
