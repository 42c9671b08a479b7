//! Dates, typed or chosen from a calendar.

use bson::DateTime;
use fantoccini::key::Key;
use lockstep_model::Value;
use serde_json::json;

use super::offers::{Offers, Workspace};
use crate::fixture::until_is;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn saved(offers: &Offers, id: &Value) -> DateTime {
    let value = offers.field(id, "valid_until").await.unwrap();
    value.get().as_datetime().unwrap()
}

#[tokio::test]
async fn a_date_is_chosen_from_the_days_of_a_month_and_keeps_its_time() {
    let Workspace { app, offers, .. } = &Workspace::open().await;
    let main = app.main().await;
    main.open_collection("offers").await;
    let id = offers.id(0).await;
    main.seen(&id, "valid_until").await;
    let first = saved(offers, &id).await;
    let days_later =
        |date: DateTime, days: i64| DateTime::from_millis(date.timestamp_millis() + days * DAY_MS);

    // By keys: into the calendar, a day and a week on.
    main.open_editor(&id, "valid_until").await;
    main.picture("calendar").await;
    main.press(&[Key::Down, Key::Right, Key::Down, Key::Enter]).await;
    until_is("eight days later", days_later(first, 8), async || saved(offers, &id).await).await;
    main.until_idle().await;

    // By the pointer, in the month after.
    main.open_editor(&id, "valid_until").await;
    main.click("Month after").await;
    let day = r#"return [...document.querySelectorAll(".calendar [role=gridcell]:not(.quiet)")]
        .find((day) => day.textContent.trim() === "15")"#;
    let day = main.element("the 15th", day, json!([])).await;
    // Days since 1970.
    let name = day.attr("id").await.unwrap().unwrap();
    let days: i64 = name.trim_start_matches("calendar-").parse().unwrap();
    day.click().await.unwrap();
    let expected = days * DAY_MS + first.timestamp_millis().rem_euclid(DAY_MS);
    until_is("the 15th", DateTime::from_millis(expected), async || saved(offers, &id).await).await;
    main.until_idle().await;

    // Typed, as before; and given up, by as many keys as were gone in.
    main.edit(&id, "valid_until", "2031-05-06").await;
    let typed = DateTime::parse_rfc3339_str("2031-05-06T00:00:00Z").unwrap();
    until_is("what was typed", typed, async || saved(offers, &id).await).await;
    main.open_editor(&id, "valid_until").await;
    main.press(&[Key::PageDown, Key::Escape, Key::Escape]).await;
    until_is("an editor", None, async || main.editor_text().await).await;
    assert_eq!(saved(offers, &id).await, typed);
}
