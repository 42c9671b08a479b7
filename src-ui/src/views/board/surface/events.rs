//! What keys and pointers say on a board.

use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, PointerEvent};
use yew::{html::Scope, prelude::*};

use super::{
    super::{
        cursor::Move,
        drag::{Held, Press},
        spot::{Spot, is_itself, is_on_control},
    },
    Message, Surface,
};

/// What `MouseEvent.buttons` says while only that one is held.
const PRIMARY_BUTTON: u16 = 1;

/// The board, with all that it listens to. `page` is how many cards a page key moves by.
pub(super) fn listened(
    link: &Scope<Surface>,
    node: &NodeRef,
    lifted: bool,
    page: isize,
    children: Html,
) -> Html {
    let onkeydown = link.batch_callback(move |event: KeyboardEvent| {
        let message = is_itself(event.target()).then(|| message_of_key(&event, page)).flatten();
        if message.is_some() {
            event.prevent_default();
        }
        message
    });
    let onfocusin = link.batch_callback(|event: FocusEvent| {
        Spot::of(event.target()).filter(|_| is_itself(event.target())).map(Message::Focused)
    });
    let onpointerdown = link.batch_callback(|event: PointerEvent| {
        let spot = Spot::of(event.target()).filter(|spot| spot.card.is_some());
        let spot = spot.filter(|_| event.button() == 0 && !is_on_control(event.target()));
        Some(Message::Pressed(spot?, press_of(&event)?))
    });
    let onpointermove = link.batch_callback(|event: PointerEvent| {
        (event.buttons() == PRIMARY_BUTTON).then(|| Message::Dragged(place_of(&event)))
    });
    let ondblclick = link.batch_callback(|event: MouseEvent| {
        let spot = Spot::of(event.target()).filter(|_| !is_on_control(event.target()));
        spot.map(|spot| Message::Open { at: Some(spot), apart: event.ctrl_key() || event.meta_key() })
    });
    let oncontextmenu = link.batch_callback(|event: MouseEvent| {
        let spot = Spot::of(event.target()).filter(|spot| spot.card.is_some())?;
        event.prevent_default();
        Some(Message::Menu(Some((spot, event.target_dyn_into()?))))
    });
    let onclick = link.batch_callback(|event: MouseEvent| {
        let button = actions(event.target())?;
        Some(Message::Menu(Some((Spot::of(event.target())?, button))))
    });
    html! {
        <div
            ref={node}
            class={classes!("board-surface", lifted.then_some("lifting"))}
            {onkeydown}
            {onfocusin}
            {onpointerdown}
            {onpointermove}
            onpointerup={link.callback(|_: PointerEvent| Message::Released)}
            onpointercancel={link.callback(|_: PointerEvent| Message::Cancelled)}
            {ondblclick}
            {oncontextmenu}
            {onclick}
        >
            { children }
        </div>
    }
}

/// What a key on a card or an empty column does.
fn message_of_key(event: &KeyboardEvent, page: isize) -> Option<Message> {
    let (key, control) = (event.key(), event.ctrl_key() || event.meta_key());
    if event.is_composing() {
        return None;
    }
    match key.as_str() {
        "ArrowLeft" | "ArrowRight" if control => {
            Some(Message::Carry(if key == "ArrowLeft" { -1 } else { 1 }))
        }
        _ if event.alt_key() => None,
        "F10" if event.shift_key() => Some(Message::Menu(None)),
        "ContextMenu" => Some(Message::Menu(None)),
        "Enter" => Some(Message::Open { at: None, apart: control }),
        "Escape" => Some(Message::Escape),
        " " => Some(Message::Toggle),
        "a" | "A" if control => Some(Message::SelectColumn),
        _ if control => None,
        _ => Move::of_key(&key, page).map(|by| Message::Move { by, extends: event.shift_key() }),
    }
}

fn press_of(event: &PointerEvent) -> Option<Press> {
    let card = event.target_dyn_into::<Element>()?.closest(".board-card").ok()??;
    let (at, card) = (place_of(event), card.get_bounding_client_rect());
    let held = Held { extends: event.shift_key(), toggles: event.ctrl_key() || event.meta_key() };
    let grip = (at.0 - card.left(), at.1 - card.top());
    Some(Press { pointer: event.pointer_id(), at, grip, width: card.width(), held })
}

fn place_of(event: &PointerEvent) -> (f64, f64) {
    (event.client_x().into(), event.client_y().into())
}

/// The button of a card's menu, if the event has happened to it.
fn actions(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(".board-actions").ok().flatten()
}
