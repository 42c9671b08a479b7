//! The head of a group: its value, how many rows it has, and whether they are shown.

use lockstep_model::{
    Value,
    shape::{Field, display_text},
};
use yew::prelude::*;

use super::{columns::tone, row::place_of};
use crate::parts::{Icon, grouped, style};

#[derive(Properties, PartialEq)]
pub struct GroupHeadProps {
    /// Which group, from 0.
    pub at: usize,
    /// The line in which it stands, from 0.
    pub line: usize,
    /// The value of its rows.
    pub value: Value,
    /// How many rows.
    pub count: usize,
    /// There may be more of them.
    pub goes_on: bool,
    /// They are not shown.
    pub closed: bool,
    /// What the shape says of the field.
    pub field: Field,
    /// The field's name.
    pub name: AttrValue,
    /// It is opened or closed.
    pub on_toggle: Callback<usize>,
}

/// The head of a group.
#[component]
pub fn GroupHead(props: &GroupHeadProps) -> Html {
    let at = props.at;
    let value = props.value.get();
    let text = match value.as_null() {
        Some(()) => format!("No {}", props.name),
        None => display_text(value),
    };
    let pill = props.field.options().filter(|_| value.as_null().is_none());
    let pill = pill.map(|_| format!("pill pill-{}", tone(&props.field, value)));
    let count = format!("{}{}", grouped(props.count as u64), if props.goes_on { "+" } else { "" });
    html! {
        <div
            role="row"
            class="row group-row"
            aria-rowindex={(props.line + 2).to_string()}
            data-group={props.value.to_string()}
            ~style={style(&place_of(props.line))}
        >
            <div role="gridcell" class="cell group-head">
                <button
                    class="group-toggle"
                    aria-expanded={(!props.closed).to_string()}
                    onclick={props.on_toggle.reform(move |_: MouseEvent| at)}
                >
                    { if props.closed { Icon::Shut } else { Icon::Open } }
                    <span class={classes!("cell-text", pill)}>{ text }</span>
                    <span class="group-count">{ count }</span>
                </button>
            </div>
        </div>
    }
}
