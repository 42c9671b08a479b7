//! Trouble on purpose, which the host makes for all windows, to see how they take it.

use lockstep_model::contract::Disturbance;
use wasm_bindgen::JsValue;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// How much later each call of the database can be sent, in milliseconds, with the words for it.
const SLOW: [(u16, &str); 4] =
    [(0, "Full speed"), (300, "300 ms slower"), (1_000, "1,000 ms slower"), (3_000, "3,000 ms slower")];

const OFFLINE: &str = "As if the server could not be reached: edits are queued";
const FAIL: &str = "The next edit, of any window, is rejected";

/// Offline, the next write, and the network's speed.
pub fn switches(now: Disturbance, disturb: &Callback<Disturbance>) -> Html {
    let toggle = |name: &'static str, title: &'static str, on: bool, then: Disturbance| {
        let onclick = disturb.reform(move |_: MouseEvent| then);
        html! {
            <button class="switch" role="switch" aria-checked={on.to_string()} {title} {onclick}>{ name }</button>
        }
    };
    let onchange = disturb.reform(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        Disturbance { slow_ms: select.value().parse().unwrap_or_default(), ..now }
    });
    let offline = Disturbance { offline: !now.offline, ..now };
    let fail = Disturbance { fail_next_write: !now.fail_next_write, ..now };
    html! {
        <>
            { toggle("Offline", OFFLINE, now.offline, offline) }
            { toggle("Fail the next write", FAIL, now.fail_next_write, fail) }
            <select
                class={classes!("inspector-speed", (now.slow_ms > 0).then_some("on"))}
                aria-label="Network speed"
                // Another window may have chosen after this one has.
                ~value={JsValue::from_str(&now.slow_ms.to_string())}
                {onchange}
            >
                { for SLOW.iter().map(|(slow_ms, words)| html! {
                    <option value={slow_ms.to_string()} selected={*slow_ms == now.slow_ms}>{ *words }</option>
                }) }
            </select>
        </>
    }
}
