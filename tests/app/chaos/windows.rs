//! Three windows of the app on the same table: what they send, and what they show.

use std::time::Duration;

use lockstep_model::{
    Failure, Value,
    contract::{Acceptance, MutateReply, MutateRequest, decode_reply, encode},
};

use super::edits::{DOCUMENTS, FIELDS, Sent, namespace};
use crate::fixture::{App, Window, until};

const COUNT: usize = 3;

/// An app that is killed while it is asked says nothing any more.
const PATIENCE: Duration = Duration::from_secs(5);

/// All windows with the table, as soon as they are there; those that the last layout lacks are opened.
pub async fn open(app: &App) -> Vec<Window> {
    let main = app.main().await;
    main.open_collection(&namespace().collection).await;
    let mut count = app.window_count().await;
    while count < COUNT {
        main.click("Open in new window").await;
        until("one window more", async || (app.window_count().await > count).then_some(())).await;
        count = app.window_count().await;
    }
    let windows = app.windows().await;
    for window in &windows {
        window.until_grid(&namespace().collection).await;
    }
    windows
}

/// Sends mutations by the window's own command; `None` where the app was killed before it replied.
pub async fn send(window: &Window, sent: &[Sent]) -> Option<Vec<Acceptance>> {
    let mutations = sent.iter().map(|sent| sent.mutation.clone()).collect();
    let request = encode(&MutateRequest { mutations }).unwrap();
    let bytes = tokio::time::timeout(PATIENCE, window.invoke("mutate", &request)).await.ok()??;
    let reply: Result<MutateReply, Failure> = decode_reply(&bytes);
    Some(reply.ok()?.results)
}

/// What the window shows of the documents that are always there, by number and field.
pub async fn shown(window: &Window) -> Vec<Option<String>> {
    let mut shown = Vec::new();
    for number in 0..DOCUMENTS {
        for field in FIELDS {
            shown.push(window.shown(&Value::from(number), field).await.map(|shown| shown.text));
        }
    }
    shown
}
