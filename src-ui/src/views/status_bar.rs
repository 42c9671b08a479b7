//! The status bar of every window: what is on its way, what waits, and whether the database is heard.

use lockstep_model::{
    Failure,
    contract::{Colleague, Disturbance, Link, SyncStatus},
};
use yew::prelude::*;

use super::{collections::use_status, inspector, show_activity, transfer::JobsButton};
use crate::{
    parts::{Dialog, Icon, PasswordForm, capitalised, clock_time, grouped},
    signal::use_signal,
    store, zoom,
};

/// The status bar.
#[component]
pub fn StatusBar() -> Html {
    let counts = use_signal(store::counts());
    let status = use_status();
    let inspecting = use_signal(inspector::is_open());
    let zoom = use_signal(zoom::zoom());
    let link = status.as_ref().map_or(Link::Opening, |status| status.link);
    let feed = match link {
        Link::Live => "live",
        Link::Polling => "polling",
        Link::Opening | Link::Offline => "offline",
    };
    html! {
        <footer
            class="status-bar"
            role="status"
            aria-label="Sync status"
            data-fetching={counts.fetching.to_string()}
            data-saving={counts.saving.to_string()}
            data-queued={counts.queued.to_string()}
            data-conflicts={counts.reviews.to_string()}
            data-feed={feed}
        >
            // What can be clicked comes first, so that nothing that comes and goes moves it under the pointer.
            if counts.queued > 0 {
                <button class="status-queued" onclick={|_| show_activity()}>
                    { format!("queued {}", counts.queued) }
                </button>
            }
            if counts.reviews > 0 {
                <button class="status-reviews" onclick={|_| show_activity()}>
                    { needs_review(counts.reviews) }
                </button>
            }
            <JobsButton />
            if let Some(failure @ Failure::Unauthorised { .. }) = status.as_ref().and_then(|status| status.trouble.clone()) {
                <LogIn {failure} />
            }
            <span
                class={classes!("feed", (link == Link::Opening).then_some("feed-opening"))}
                title={status.as_ref().and_then(|status| status.trouble.as_ref()).map(ToString::to_string)}
            >
                <span class="feed-dot" aria-hidden="true" />
                <span class="feed-words">{ words(status.as_ref()) }</span>
            </span>
            if counts.fetching > 0 {
                <span>{ format!("fetching {}", counts.fetching) }</span>
            }
            if counts.saving > 0 {
                <span class="status-saving">{ format!("saving {}", counts.saving) }</span>
            }
            if let Some(status) = status {
                if !status.disturbance.is_none() {
                    <span class="status-disturbed">{ on_purpose(status.disturbance) }</span>
                }
                if let Colleague::Working { per_second } = status.colleague {
                    <span>{ format!("simulated colleague: {per_second} edits/s") }</span>
                }
                if let Some(reason) = status.read_only {
                    <span title={reason}>{ "read only" }</span>
                }
                if status.production {
                    <span class="production">{ "production" }</span>
                }
                <span class="status-server" title={status.server.clone()}>{ status.server }</span>
                if let (Link::Offline, Some(at)) = (status.link, status.contact_ms) {
                    <span class="status-contact">{ format!("last contact {}", clock_time(at)) }</span>
                }
            }
            if zoom != zoom::ACTUAL {
                <button class="status-zoom" title="Actual size (Ctrl+0)" onclick={|_: MouseEvent| zoom::reset()}>
                    { format!("{zoom} %") }
                </button>
            }
            <button
                class="icon-button"
                aria-label="Activity"
                title="Activity (Ctrl+Shift+O)"
                onclick={|_| show_activity()}
            >
                { Icon::History }
            </button>
            <button
                class="icon-button"
                aria-label="Query inspector"
                aria-pressed={inspecting.to_string()}
                title="Query inspector (F9)"
                onclick={|_| inspector::toggle()}
            >
                { Icon::Inspect }
            </button>
        </footer>
    }
}

#[derive(Properties, PartialEq)]
struct LogInProps {
    /// Why the server lets nobody in.
    failure: Failure,
}

/// A window that shows what it showed last has no other place where it could ask for the password.
#[component]
fn LogIn(props: &LogInProps) -> Html {
    let open = use_state(|| false);
    let set = |to: bool| {
        let open = open.setter();
        Callback::from(move |()| open.set(to))
    };
    html! {
        <>
            <button class="status-reviews" onclick={set(true).reform(|_: MouseEvent| ())}>{ "Log in…" }</button>
            if *open {
                <Dialog title="Log in" on_close={set(false)} class="confirm">
                    <p>{ capitalised(&props.failure.to_string()) }</p>
                    <PasswordForm />
                    <div class="dialog-actions">
                        <button class="button" onclick={set(false).reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
                    </div>
                </Dialog>
            }
        </>
    }
}

const KEPT: &str = "Offline: edits are kept and sent when the server is back";

fn words(status: Option<&SyncStatus>) -> String {
    let Some(status) = status else { return "Opening".into() };
    match (status.link, &status.trouble) {
        (Link::Live, _) => "Live".into(),
        (Link::Polling, None) => "Polling".into(),
        (Link::Polling, Some(reason)) => format!("Polling: {reason}"),
        (Link::Opening, None) => "Opening".into(),
        (Link::Opening, Some(reason)) => format!("Opening: {reason}"),
        (Link::Offline, None) => KEPT.into(),
        (Link::Offline, Some(reason @ Failure::Unauthorised { .. })) => {
            format!("Offline: {reason}. Edits are kept and sent once you are logged in")
        }
        // The driver tells it at length: where there is no room, that is cut off.
        (Link::Offline, Some(reason)) => format!("{KEPT}. {}", capitalised(&reason.to_string())),
    }
}

/// What is made on purpose, so that nobody takes it for real trouble, or forgets it.
fn on_purpose(disturbance: Disturbance) -> String {
    let Disturbance { offline, fail_next_write, slow_ms } = disturbance;
    let parts = [
        offline.then(|| "offline".to_owned()),
        fail_next_write.then(|| "the next write fails".to_owned()),
        (slow_ms > 0).then(|| format!("{} ms slower", grouped(slow_ms.into()))),
    ];
    format!("On purpose: {}", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn needs_review(count: usize) -> String {
    if count == 1 { "1 needs review".into() } else { format!("{count} need review") }
}
