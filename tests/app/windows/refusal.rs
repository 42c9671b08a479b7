//! What cannot be saved: the layer goes in every window, and the reason stands where the edit was made.

use fantoccini::key::Key;

use super::offers::Workspace;

#[tokio::test]
async fn a_refused_edit_rolls_back_in_both_windows_and_says_why_at_the_cell() {
    let Workspace { app, wire, offers, server: _server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(1).await;
    let before = offers.find(&id).await.unwrap();
    let discount = main.seen(&id, "discount").await.text;

    wire.hold_writes();
    main.edit(&id, "discount", "99999999.00").await;
    for window in [&main, &second] {
        window.until_shown(&id, "discount", "99999999.00", "syncing").await;
    }
    wire.release();
    for window in [&main, &second] {
        let shown = window.until_shown(&id, "discount", &discount, "failed").await;
        let reason = shown.alert.expect("it says why");
        assert!(reason.contains("Must be at most amount"), "{reason}");
        assert!(reason.contains("99999999.00"), "what was typed is not lost: {reason}");
        window.until_status("one edit waits for a person", |status| status.conflicts == "1").await;
    }
    main.picture("refused").await;
    assert_eq!(offers.find(&id).await, Some(before));

    main.click_at(&id, "discount", "Discard").await;
    for window in [&main, &second] {
        let shown = window.until_shown(&id, "discount", &discount, "saved").await;
        assert_eq!(shown.alert, None);
    }
}

#[tokio::test]
async fn a_refused_edit_is_corrected_in_place_and_sent_again() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let (id, other) = (offers.id(0).await, offers.id(1).await);
    let number = main.seen(&id, "number").await.text;
    let taken = main.seen(&other, "number").await.text;

    main.edit(&id, "number", &taken).await;
    for window in [&main, &second] {
        let shown = window.until_shown(&id, "number", &number, "failed").await;
        assert!(shown.alert.is_some_and(|reason| reason.contains(&taken)));
    }
    main.picture("taken").await;

    // The editor opens with what was refused, to be corrected.
    main.open_editor(&id, "number").await;
    assert_eq!(main.editor_text().await, Some(taken));
    main.type_text("OF-2026-99999").await;
    main.press(&[Key::Enter]).await;
    for window in [&main, &second] {
        let shown = window.until_shown(&id, "number", "OF-2026-99999", "saved").await;
        assert_eq!(shown.alert, None);
    }
    offers.until_field(&id, "number", "OF-2026-99999").await;
}

#[tokio::test]
async fn what_the_schema_forbids_is_refused_at_the_cell_before_anything_is_sent() {
    let Workspace { app, wire, offers, server: _server } = Workspace::open().await;
    let (main, second) = app.two_windows("offers").await;
    let id = offers.id(1).await;
    let before = offers.find(&id).await.unwrap();
    // Whatever is sent by mistake is caught here.
    wire.hold_writes();
    for (field, wrong, why) in [
        ("amount", "-1", "at least 0"),
        ("amount", "much", "no decimal128"),
        ("title", "", "empty"),
        ("number", "OF-1", "match the pattern"),
    ] {
        let shown = main.seen(&id, field).await;
        main.open_editor(&id, field).await;
        match wrong {
            "" => main.press(&[Key::Delete]).await,
            text => main.type_text(text).await,
        }
        main.press(&[Key::Enter]).await;
        let refused =
            crate::fixture::until("the reason at the cell", async || main.shown(&id, field).await?.alert)
                .await;
        assert!(refused.to_lowercase().contains(why), "{field}: {refused}");
        assert_eq!(main.editor_text().await.as_deref(), Some(wrong), "what was typed stays");
        assert_eq!(second.seen(&id, field).await, shown, "nobody else hears of it");
        main.picture(&format!("forbidden-{field}")).await;
        main.press(&[Key::Escape]).await;
        assert_eq!(main.until_shown(&id, field, &shown.text, "saved").await, shown);
    }
    for window in [&main, &second] {
        let status = window.status().await.unwrap();
        assert_eq!([status.saving, status.queued, status.conflicts], ["0", "0", "0"].map(str::to_owned));
    }
    assert_eq!(offers.find(&id).await, Some(before));
}
