//! The editor of a date: it is typed, or chosen from the days of a month.

use lockstep_model::shape::calendar::DAY_MS;
use yew::prelude::*;

use super::look_up::use_offer_place;
use crate::{
    edit::calendar::{self, WEEKDAYS},
    parts::{EditorEvent, FieldEditor, FieldEditorProps, Icon, Offer},
    store,
};

/// The id of the calendar's element: one editor is open at a time.
const CALENDAR: &str = "calendar";

/// The open editor of a date.
#[component]
pub fn DateEditor(props: &FieldEditorProps) -> Html {
    let typed = use_state_eq(|| props.text.borrow().clone());
    // Where the arrows have gone; the text has the date until then.
    let marked = use_state_eq(|| None::<i64>);
    let node = use_node_ref();
    let place = use_offer_place(&node);
    let today =
        i64::try_from(store::now().as_millis() / u128::from(DAY_MS.unsigned_abs())).unwrap_or_default();
    let said = calendar::read(&typed).map(|(day, _)| day);
    let shown = marked.or(said).unwrap_or(today);

    let take = {
        let (text, on_event) = (props.text.clone(), props.on_event.clone());
        move |day: i64| {
            // A time of day stays as it is.
            let time = calendar::read(&text.borrow()).map(|(_, time)| time.to_owned()).unwrap_or_default();
            text.replace(calendar::write(day) + &time);
            on_event.emit(EditorEvent::Down);
        }
    };
    let on_key = {
        let (marked, take) = (marked.clone(), take.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match (event.key().as_str(), *marked) {
                ("Enter", Some(day)) => {
                    take(day);
                    return true;
                }
                ("Escape", Some(_)) => {
                    marked.set(None);
                    return true;
                }
                ("ArrowDown", None) => 0,
                ("ArrowDown", Some(_)) => 7,
                ("ArrowUp", Some(_)) => -7,
                ("ArrowLeft", Some(_)) => -1,
                ("ArrowRight", Some(_)) => 1,
                ("PageDown", _) => calendar::months_later(shown, 1) - shown,
                ("PageUp", _) => calendar::months_later(shown, -1) - shown,
                _ => return false,
            };
            marked.set(calendar::within(shown + step).or(Some(shown)));
            true
        })
    };
    let oninput = {
        let (text, typed, marked) = (props.text.clone(), typed.setter(), marked.setter());
        // It bubbles: the editor has taken the text before.
        move |_: InputEvent| {
            marked.set(None);
            typed.set(text.borrow().clone());
        }
    };
    let turn = |months: i64| {
        let marked = marked.setter();
        move |_: MouseEvent| marked.set(Some(calendar::months_later(shown, months)))
    };
    let day = |day: i64| {
        let onclick = {
            let take = take.clone();
            move |_: MouseEvent| take(day)
        };
        let class = classes!(
            (!calendar::is_same_month(day, shown)).then_some("quiet"),
            (day == today).then_some("calendar-today"),
            (said == Some(day)).then_some("calendar-said"),
            (*marked == Some(day)).then_some("calendar-marked"),
        );
        html! {
            <div
                key={day}
                id={day_id(day)}
                role="gridcell"
                {class}
                aria-label={format!("{} {}", calendar::day_of_month(day), calendar::month_name(day))}
                aria-selected={(marked.or(said) == Some(day)).to_string()}
                aria-current={(day == today).then_some("date")}
                {onclick}
            >
                { calendar::day_of_month(day) }
            </div>
        }
    };
    let offer =
        Offer { list: CALENDAR.into(), role: "grid", marked: marked.map(|day| day_id(day).into()), on_key };
    // A press on it leaves the focus where it is.
    let onmousedown = |event: MouseEvent| event.prevent_default();
    html! {
        <div ref={node} class={classes!("look-up", place)} {oninput}>
            <FieldEditor {offer} ..props.clone() />
            <div class="look-up-offer calendar" {onmousedown}>
                <div class="calendar-head">
                    <button type="button" class="icon-button" tabindex="-1" aria-label="Month before" onclick={turn(-1)}>
                        { Icon::Back }
                    </button>
                    <span aria-live="polite">{ calendar::month_name(shown) }</span>
                    <button type="button" class="icon-button" tabindex="-1" aria-label="Month after" onclick={turn(1)}>
                        { Icon::Shut }
                    </button>
                </div>
                <div id={CALENDAR} role="grid" aria-label={calendar::month_name(shown)}>
                    <div role="row" class="calendar-week quiet">
                        { for WEEKDAYS.map(|name| html! { <div role="columnheader">{ name }</div> }) }
                    </div>
                    { for calendar::weeks(shown).map(|monday| html! {
                        <div key={monday} role="row" class="calendar-week">{ for (monday..monday + 7).map(day) }</div>
                    }) }
                </div>
            </div>
        </div>
    }
}

fn day_id(day: i64) -> String {
    format!("{CALENDAR}-{day}")
}
