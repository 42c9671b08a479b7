//! The button of a view's toolbar that shows the same in a window of its own.

use lockstep_model::contract::View;
use yew::prelude::*;

use crate::{navigation, parts::Icon};

#[derive(Properties, PartialEq)]
pub struct InNewWindowProps {
    /// What is to be shown.
    pub view: View,
}

/// The button.
#[component]
pub fn InNewWindow(props: &InNewWindowProps) -> Html {
    let view = props.view.clone();
    let onclick = move |_: MouseEvent| navigation::open_window(view.clone());
    html! {
        <button class="button" aria-label="Open in new window" title="Open in new window (Ctrl+Alt+N)" {onclick}>
            { Icon::Window }
        </button>
    }
}
