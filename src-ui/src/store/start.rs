//! The beginning: first the window listens, then it attaches. Between the two the store buffers.

use std::{cell::Cell, time::Duration};

use lockstep_model::contract::{AttachReply, AttachRequest, FEED_EVENT, Tabs, command, decode};
use lockstep_query::Input;
use lockstep_sync::window as translate;
use wasm_bindgen_futures::spawn_local;

use super::{dispatch, now};
use crate::{browser, host, signal::Signal};

/// What the disk has kept for longer than this says nothing any more.
const OLDEST: Duration = Duration::from_secs(30 * 24 * 3_600);

thread_local! {
    static TABS: Signal<Option<Tabs>> = Signal::default();
    static PAGE: Cell<u32> = Cell::new(browser::count_up("page"));
}

/// Which of the pages this is that were loaded in the window, counted up.
pub(super) fn page() -> u32 {
    PAGE.get()
}

/// What the host says that this window shows; `None` until it has said so.
pub fn attached_tabs() -> Signal<Option<Tabs>> {
    TABS.with(Signal::clone)
}

/// Connects the store with the host.
pub fn start() {
    browser::listen_always(browser::document(), "visibilitychange", visible);
    spawn_local(async {
        let listening = host::listen(FEED_EVENT, |bytes| match bytes.and_then(|bytes| decode(&bytes)) {
            Ok(batch) => dispatch(Input::Feed(translate::batch(batch))),
            // The numbers show the gap with the next one, and the store asks for what is missing.
            Err(failure) => browser::warn(&format!("feed: {failure}")),
        });
        if let Err(failure) = listening.await {
            browser::warn(&failure.to_string());
        }
        visible();
        attach().await;
    });
}

fn visible() {
    dispatch(Input::Visible(!browser::document().hidden()));
}

pub(super) async fn attach() {
    match host::call::<command::Attach>(&AttachRequest { page: page() }).await {
        Ok(AttachReply::Attached(mut attached)) => {
            browser::mark("attached");
            TABS.with(|tabs| tabs.set(Some(attached.tabs.clone())));
            let cached = std::mem::take(&mut attached.cached);
            dispatch(Input::Hydrate(translate::cached(cached, now()), OLDEST));
            // It is fetched all the same: nobody told this store of changes until now.
            dispatch(Input::Attached(translate::attached(*attached)));
        }
        // The window's own count got lost.
        Ok(AttachReply::Outdated(begun)) => {
            PAGE.set(begun + 1);
            dispatch(Input::FeedUnanswered);
        }
        Err(failure) => {
            browser::warn(&format!("attach: {failure}"));
            dispatch(Input::FeedUnanswered);
        }
    }
}
