//! Chart.js, which comes as a file of ours beside the page and is loaded when the first chart is to be drawn: windows
//! without a dashboard never read it.
//!
//! <https://www.chartjs.org/docs/latest/>

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use web_sys::{Element, HtmlCanvasElement};

use crate::{
    browser::{self, Listening},
    signal::Signal,
};

/// Where the front end's files have it.
const FILE: &str = "/chart.js";

#[wasm_bindgen]
extern "C" {
    /// A chart on a canvas.
    pub type Chart;

    #[wasm_bindgen(constructor, catch)]
    pub fn new(canvas: &HtmlCanvasElement, config: &JsValue) -> Result<Chart, JsValue>;

    #[wasm_bindgen(method, setter)]
    pub fn set_data(this: &Chart, data: &JsValue);

    /// Draws what was set since.
    #[wasm_bindgen(method, catch)]
    pub fn update(this: &Chart) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    pub fn destroy(this: &Chart);
}

/// How far the library is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Library {
    /// Nobody has asked for it.
    #[default]
    Unasked,
    /// It is on its way.
    Coming,
    /// Charts can be drawn.
    There,
    /// It cannot be read: figures are shown without charts.
    Missing,
}

thread_local! {
    static LIBRARY: Signal<Library> = Signal::default();
}

/// How far the library is in this window.
pub fn library() -> Signal<Library> {
    LIBRARY.with(Signal::clone)
}

/// Asks for it, once.
pub fn load() {
    if library().get() != Library::Unasked {
        return;
    }
    library().set(Library::Coming);
    if append_script().is_none() {
        library().set(Library::Missing);
    }
}

fn append_script() -> Option<()> {
    let script = browser::document().create_element("script").ok()?;
    for (event, library) in [("load", Library::There), ("error", Library::Missing)] {
        // As long as the window lives, as the script does.
        std::mem::forget(Listening::new(script.clone().into(), event, move |_| self::library().set(library)));
    }
    script.set_attribute("src", FILE).ok()?;
    browser::document().document_element()?.append_child(&script).ok().map(drop)
}

/// An object of JavaScript.
pub fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Fails only for what is no object.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// An array of JavaScript.
pub fn array(items: impl IntoIterator<Item = JsValue>) -> JsValue {
    items.into_iter().collect::<Array>().into()
}

/// The colours and the font that the style sheets give to charts: a canvas knows no tokens, and the browser resolves those
/// only for properties of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Ink {
    /// What stands for data.
    pub data: String,
    /// The area below a line of data.
    pub area: String,
    /// Grid lines.
    pub grid: String,
    /// Words.
    pub words: String,
    /// The words' font.
    pub font: String,
    /// Nothing is to move.
    pub still: bool,
}

impl Ink {
    /// As they are for that canvas now.
    pub fn of(canvas: &Element) -> Option<Self> {
        let style = browser::window().get_computed_style(canvas).ok()??;
        let property = |name: &str| style.get_property_value(name).unwrap_or_default();
        Some(Self {
            data: property("color"),
            area: property("outline-color"),
            grid: property("border-top-color"),
            words: property("caret-color"),
            font: property("font-family"),
            still: property("transition-duration") == "0s",
        })
    }
}

/// The canvas of a reference, as the library takes it.
pub fn canvas(element: Element) -> Option<HtmlCanvasElement> {
    element.dyn_into().ok()
}
