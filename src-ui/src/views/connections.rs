//! The connection of the window, and the way to all others.

use lockstep_model::{
    Failure,
    contract::{Connection, ConnectionList, PasswordKept, Profile, SaveConnectionRequest, Secret},
};
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::collections::use_of_status;
use crate::{
    hooks::{list_connections, open_connection, remove_connection, save_connection},
    parts::{Confirm, Dialog, Menu, MenuItem},
};

/// What is open beside the button.
#[derive(Clone, PartialEq)]
enum Open {
    Menu(Element, ConnectionList),
    Form(Option<Connection>),
    Removal(Connection),
}

/// The head of the sidebar: which connection this is. It opens the menu of all.
#[component]
pub fn ConnectionButton() -> Html {
    let described = use_of_status(|status| (status.server.clone(), status.production));
    let open = use_state(|| None::<Open>);
    let (name, production) = described.unwrap_or_else(|| ("Connecting".into(), false));

    let button = use_node_ref();

    let onclick = {
        let (open, button) = (open.setter(), button.clone());
        move |_: MouseEvent| {
            let (Some(anchor), open) = (button.cast::<Element>(), open.clone()) else { return };
            list_connections(move |list| open.set(Some(Open::Menu(anchor, list))));
        }
    };
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(None))
    };
    html! {
        <>
            <button
                ref={button}
                class="sidebar-header"
                aria-haspopup="menu"
                {onclick}
            >
                <span class="brand" aria-hidden="true" />
                <div class="sidebar-title">
                    <strong>{ "Lockstep" }</strong>
                    <span class="sidebar-server">
                        <span class="visually-hidden">{ "Connection: " }</span>
                        { name }
                    </span>
                </div>
                if production {
                    <span class="production">{ "production" }</span>
                }
            </button>
            { match (*open).clone() {
                None => html! {},
                Some(Open::Menu(anchor, list)) => {
                    let items = items(list, &open.setter());
                    html! { <Menu {anchor} label="Connections" {items} on_close={close} /> }
                }
                Some(Open::Form(connection)) => {
                    let on_remove = {
                        let (open, connection) = (open.setter(), connection.clone());
                        Callback::from(move |()| open.set(connection.clone().map(Open::Removal)))
                    };
                    html! { <Form {connection} on_close={close} {on_remove} /> }
                }
                Some(Open::Removal(connection)) => {
                    let on_confirm = {
                        let (id, close) = (connection.id.clone(), close.clone());
                        Callback::from(move |()| {
                            close.emit(());
                            remove_connection(id.clone());
                        })
                    };
                    html! {
                        <Confirm
                            title={format!("Remove {}?", connection.name)}
                            message="Its windows close, and its password is forgotten. The data on the server stays as it is."
                            action="Remove"
                            {on_confirm}
                            on_close={close}
                        />
                    }
                }
            } }
        </>
    }
}

fn items(list: ConnectionList, open: &UseStateSetter<Option<Open>>) -> Vec<MenuItem> {
    let ConnectionList { current, connections } = list;
    let item =
        |label: String, action: Callback<()>| MenuItem { label: label.into(), destructive: false, action };
    let leads = connections.iter().filter(|connection| connection.id != current).map(|connection| {
        let (id, open) = (connection.id.clone(), open.clone());
        let action = Callback::from(move |()| {
            open.set(None);
            open_connection(id.clone());
        });
        let verb = if connection.open { "Go to" } else { "Open" };
        item(format!("{verb} {}", connection.name), action)
    });
    let mut items: Vec<_> = leads.collect();
    let form = |connection: Option<Connection>| {
        let open = open.clone();
        Callback::from(move |()| open.set(Some(Open::Form(connection.clone()))))
    };
    items.push(item("New connection…".into(), form(None)));
    let own = connections.into_iter().find(|connection| connection.id == current);
    if let Some(own) = own.filter(|own| own.profile.is_some()) {
        items.push(item("Edit this connection…".into(), form(Some(own))));
    }
    items
}

#[derive(Properties, PartialEq)]
struct FormProps {
    /// The one to change; `None` makes a new one.
    connection: Option<Connection>,
    on_close: Callback<()>,
    on_remove: Callback<()>,
}

/// What a person says of a connection.
#[component]
fn Form(props: &FormProps) -> Html {
    let refused = use_state(|| None::<Failure>);
    let fields = (*use_memo((), |()| <[NodeRef; 5]>::default())).clone();
    let [name, address, password, read_only, production] = fields.clone();
    let before = props.connection.as_ref();
    let profile = before.and_then(|connection| connection.profile.clone());
    let kept = match before.map(|connection| connection.password) {
        Some(PasswordKept::Keychain) => "in the keychain",
        Some(PasswordKept::Session) => "known until Lockstep ends",
        Some(PasswordKept::Nowhere) | None => "",
    };

    let onsubmit = {
        let (refused, on_close) = (refused.setter(), props.on_close.clone());
        let id = before.map(|connection| connection.id.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let [name, address, password, read_only, production] = &fields;
            let profile = Profile {
                name: text(name),
                address: text(address),
                read_only: is_checked(read_only),
                production: is_checked(production),
            };
            let password = Some(text(password)).filter(|text| !text.is_empty()).map(Secret::new);
            let request = SaveConnectionRequest { id: id.clone(), profile, password };
            let (refused, on_close) = (refused.clone(), on_close.clone());
            let then = Callback::from(move |saved| match saved {
                Ok(()) => on_close.emit(()),
                Err(failure) => refused.set(Some(failure)),
            });
            save_connection(request, then);
        }
    };
    let title = if before.is_some() { "Edit connection" } else { "New connection" };
    let of = |field: fn(&Profile) -> &String| profile.as_ref().map(|profile| field(profile).clone());
    let is = |field: fn(&Profile) -> bool| profile.as_ref().is_some_and(field);
    html! {
        <Dialog {title} on_close={&props.on_close} class="connection-form">
            <form {onsubmit}>
                <label>
                    <span>{ "Address" }</span>
                    <input
                        ref={address}
                        type="text"
                        value={of(|profile| &profile.address)}
                        placeholder="mongodb://user@host:27017"
                        autocomplete="off"
                        spellcheck="false"
                        required={true}
                        aria-invalid={refused.is_some().to_string()}
                    />
                </label>
                if let Some(failure) = &*refused {
                    <p class="form-error" role="alert">{ failure.to_string() }</p>
                }
                <label>
                    <span>{ "Password" }</span>
                    <input ref={password} type="password" placeholder={kept} autocomplete="off" />
                </label>
                <label>
                    <span>{ "Name" }</span>
                    <input ref={name} type="text" value={of(|profile| &profile.name)} placeholder="as the address" autocomplete="off" />
                </label>
                <label class="check">
                    <input ref={read_only} type="checkbox" checked={is(|profile| profile.read_only)} />
                    <span>{ "Read only: nothing can be changed from here" }</span>
                </label>
                <label class="check">
                    <input ref={production} type="checkbox" checked={is(|profile| profile.production)} />
                    <span>{ "Production: deleting asks for the collection's name" }</span>
                </label>
                <div class="dialog-actions">
                    if before.is_some() {
                        <button
                            type="button"
                            class="button button-destructive push"
                            onclick={props.on_remove.reform(|_: MouseEvent| ())}
                        >
                            { "Remove…" }
                        </button>
                    }
                    <button type="button" class="button" onclick={props.on_close.reform(|_: MouseEvent| ())}>
                        { "Cancel" }
                    </button>
                    <button class="button button-primary">{ if before.is_some() { "Save" } else { "Connect" } }</button>
                </div>
            </form>
        </Dialog>
    }
}

fn input(node: &NodeRef) -> Option<HtmlInputElement> {
    node.cast()
}

fn text(node: &NodeRef) -> String {
    input(node).map(|input| input.value()).unwrap_or_default()
}

fn is_checked(node: &NodeRef) -> bool {
    input(node).is_some_and(|input| input.checked())
}
