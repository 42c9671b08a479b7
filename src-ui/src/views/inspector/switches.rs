//! Trouble on purpose, which the host makes for all windows, to see how they take it.

use lockstep_model::contract::Disturbance;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{hooks::use_disturb, views::collections::use_status};

/// How much later each call of the database can be sent, in milliseconds, with the words for it.
const SLOW: [(u16, &str); 4] =
    [(0, "Full speed"), (300, "300 ms slower"), (1_000, "1,000 ms slower"), (3_000, "3,000 ms slower")];

/// Offline, the next write, and the network's speed.
#[component]
pub fn Switches() -> Html {
    let disturb = use_disturb();
    let now = use_status().map(|status| status.disturbance).unwrap_or_default();
    let toggle = |name: &'static str, title: &'static str, on: bool, other: Disturbance| {
        let onclick = disturb.reform(move |_: MouseEvent| other);
        html! {
            <button class="switch" role="switch" aria-checked={on.to_string()} {title} {onclick}>{ name }</button>
        }
    };
    let onchange = disturb.reform(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        Disturbance { slow_ms: select.value().parse().unwrap_or_default(), ..now }
    });
    html! {
        <>
            { toggle("Offline", "As if the server could not be reached: edits are queued", now.offline, {
                Disturbance { offline: !now.offline, ..now }
            }) }
            { toggle("Fail the next write", "The next edit, of any window, is rejected", now.fail_next_write, {
                Disturbance { fail_next_write: !now.fail_next_write, ..now }
            }) }
            <select class={classes!("inspector-speed", (now.slow_ms > 0).then_some("on"))} aria-label="Network speed" {onchange}>
                { for SLOW.iter().map(|(slow_ms, words)| html! {
                    <option value={slow_ms.to_string()} selected={*slow_ms == now.slow_ms}>{ *words }</option>
                }) }
            </select>
        </>
    }
}
