//! What the pointer rests on is fetched ahead: it opens without a moment of nothing, however slow the network.

use serde_json::json;

use super::{
    inspector::{self, inspected},
    offers::{Offers, Workspace},
};
use crate::fixture::{Window, until};

/// From now on the page takes note when it shows that it has no data yet.
async fn watch_for_skeletons(window: &Window) {
    let script = r#"
        window.skeletons = 0;
        new MutationObserver(() => { window.skeletons += document.querySelectorAll("main .skeleton").length; })
            .observe(document.body, { childList: true, subtree: true });"#;
    window.read(script, json!([])).await
}

async fn skeletons(window: &Window) -> u64 {
    window.read("return window.skeletons", json!([])).await
}

#[tokio::test]
async fn a_collection_and_a_document_open_at_once_where_the_pointer_has_rested_on_them() {
    let Workspace { app, server, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    inspector::open(&main).await;
    let key = r#"["sample.customers", "list", {}]"#;
    assert_eq!(inspected(&main, key).await, None);
    main.hover_collection("customers").await;
    let line = until("the customers are fetched", async || {
        inspected(&main, key).await.filter(|line| line.status == "success")
    })
    .await;
    assert_eq!(line.observers, "0");

    inspector::slow_down(&main, 3_000).await;
    watch_for_skeletons(&main).await;
    main.open_collection("customers").await;
    let id = Offers::of(server, "customers").await.id(0).await;
    main.hover_row(&id).await;
    let name = main.seen(&id, "name").await.text;
    main.choose_of_row(&id, "Open").await;
    until("its document", async || {
        let open = "return Boolean(document.querySelector('.document'))";
        main.read::<bool>(open, json!([])).await.then_some(())
    })
    .await;
    main.until_shown(&id, "name", &name, "saved").await;
    assert_eq!(skeletons(&main).await, 0);
}
