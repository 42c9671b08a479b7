//! Nothing chosen yet: the collections, large enough to begin with one.

use lockstep_model::{Key, ListQuery};
use yew::prelude::*;

use super::collections::{use_collections, use_trouble};
use crate::{
    hooks::use_prefetch,
    navigation,
    parts::{Icon, Notice, grouped},
};

/// The first view of a new window.
#[component]
pub fn Home() -> Html {
    let (plain, trouble) = (use_collections(), use_trouble());
    let prefetch = use_prefetch();
    if let (None, Some(failure)) = (&plain, trouble) {
        return html! { <Notice {failure} what="The list of collections" /> };
    }
    let collections = plain
        .as_deref()
        .and_then(|plain| plain.collections())
        .map(|list| &list.collections[..])
        .unwrap_or_default();
    html! {
        <section class="home">
            <h1>{ "Choose a collection" }</h1>
            <p>{ "Every collection opens as a table or a board, in as many windows as you have screens for." }</p>
            <ul class="home-collections">
                { for collections.iter().map(|collection| {
                    let namespace = collection.namespace.clone();
                    let onclick = move |event: MouseEvent| navigation::go_by(&event, navigation::table(namespace.clone()));
                    let list = Key::List(collection.namespace.clone(), ListQuery::all());
                    html! {
                        <li key={collection.namespace.to_string()}>
                            <button
                                class="card"
                                {onclick}
                                onmouseenter={prefetch.on_intent(list.clone())}
                                onmouseleave={prefetch.on_leave()}
                                onfocus={prefetch.on_intent(list)}
                                onblur={prefetch.on_leave()}
                            >
                                { Icon::Table }
                                <strong>{ &*collection.namespace.collection }</strong>
                                <span class="quiet">
                                    { collection.count.map_or_else(|| "view".into(), |count| {
                                        format!("{} documents", grouped(count))
                                    }) }
                                </span>
                            </button>
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}
