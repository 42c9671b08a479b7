//! A collection of which nothing is known but its documents: mixed, nested, and without a schema.

use bson::{Bson, Document, doc};
use fantoccini::key::Key;
use lockstep_model::Value;
use mongodb::Collection;
use serde_json::json;

use super::board::seen::Board;
use crate::fixture::{App, Server, Window, until, until_is};

const TRIPS: i32 = 300;

/// Trips, each to one of three cities; only one, below the screen, has been rated.
async fn trips(server: &Server) -> Collection<Document> {
    let trips = server.client().await.database("travel").collection::<Document>("trips");
    let trip = |at: i32| {
        let city = ["Graz", "Linz", "Wien"][at as usize % 3];
        let stops: Vec<_> =
            (0..at % 4).map(|stop| doc! { "town": format!("Town {stop}"), "nights": stop }).collect();
        let price = match at % 3 {
            0 => Bson::from(at),
            1 => Bson::from(f64::from(at) + 0.5),
            _ => Bson::from("on request"),
        };
        let to = doc! { "city": city, "geo": { "type": "Point", "coordinates": [f64::from(at), 47.0] }, "open": at % 2 == 0 };
        let mut trip =
            doc! { "_id": at, "name": format!("Trip {at}"), "to": to, "price": price, "stops": stops };
        if at == 100 {
            trip.insert("rating", doc! { "stars": 5 });
        }
        trip
    };
    trips.insert_many((0..TRIPS).map(trip)).await.unwrap();
    trips
}

async fn until_counted(window: &Window, documents: u64) {
    window.until_said(&format!("{documents} documents")).await;
}

#[tokio::test]
async fn what_is_inside_of_documents_is_shown_edited_and_filtered_like_any_field() {
    let server = Server::start().await;
    let trips = trips(&server).await;
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("trips").await;
    // Also what only one document has, below the screen.
    let columns = ["_id", "name", "to", "price", "stops", "rating"].map(str::to_owned).to_vec();
    until_is("the columns", columns, async || main.columns().await).await;
    let id = Value::from(1);
    main.until_shown(&id, "to", "Linz", "saved").await;

    main.press_chord(&[Key::Control, Key::Shift], 'l').await;
    main.retype("Search columns", "city").await;
    main.tick("to.city").await;
    main.press(&[Key::Escape]).await;
    main.until_shown(&id, "to.city", "Linz", "saved").await;
    main.edit(&id, "to.city", "Bregenz").await;
    main.until_shown(&id, "to.city", "Bregenz", "saved").await;
    let saved = trips.find_one(doc! { "_id": 1 }).await.unwrap().unwrap();
    let to = saved.get_document("to").unwrap();
    assert_eq!(to.get_str("city").unwrap(), "Bregenz");
    assert_eq!(to.get_document("geo").unwrap().get_array("coordinates").unwrap()[0], Bson::Double(1.0));

    // Through arrays, as MongoDB goes through them.
    main.press_chord(&[Key::Control], 'f').await;
    main.choose_option("Field", "stops.nights").await;
    main.choose_option("Test", "is at least").await;
    main.retype("Value", "2").await;
    let long = trips.count_documents(doc! { "stops.nights": { "$gte": 2 } }).await.unwrap();
    until_counted(&main, long).await;
    main.press(&[Key::Escape]).await;

    // And by what a cell has, beside that.
    let row: Value = Value::from(3);
    main.open_menu_of_cell(&row, "to.city").await;
    let script =
        "const menu = document.querySelector('[role=menu]'); return menu && named(menu, arguments[0])";
    let only = main.element("the menu", script, json!(["Only where to.city is Graz"])).await;
    main.picture("cell-menu").await;
    only.click().await.unwrap();
    let both = doc! { "stops.nights": { "$gte": 2 }, "to.city": "Graz" };
    until_counted(&main, trips.count_documents(both.clone()).await.unwrap()).await;
    // The form can say it.
    main.press_chord(&[Key::Control], 'f').await;
    let conditions = "return document.querySelectorAll('.popover [aria-label=Field], [popover] [aria-label=Field]').length";
    until_is("conditions", 2, async || main.read::<usize>(conditions, json!([])).await).await;
    main.press(&[Key::Escape]).await;

    // A board shows what the table has shown, and filters as it does.
    main.press_chord(&[Key::Control, Key::Shift], 'b').await;
    let board = Board(&main);
    board.until_there().await;
    main.click("Layout").await;
    board.lay_out("Columns by", "to.open").await;
    until_is("the columns", ["false", "true"].map(str::to_owned).to_vec(), async || board.columns().await)
        .await;
    main.press(&[Key::Escape]).await;
    let cards = async || {
        let script = r#"
            const counts = [...document.querySelectorAll("[data-column] .board-count")];
            return counts.reduce((sum, count) => sum + Number(count.textContent.replaceAll(",", "")), 0);"#;
        main.read::<u64>(script, json!([])).await
    };
    let count = trips.count_documents(both).await.unwrap();
    until_is("cards", count, &cards).await;
    main.press_chord(&[Key::Control], 'f').await;
    main.picture("board-filter").await;
    main.click("Remove all").await;
    main.press(&[Key::Escape]).await;
    until_is("cards", TRIPS as u64, cards).await;
}

#[tokio::test]
async fn an_editor_stays_within_the_grid_wherever_its_cell_is() {
    let server = Server::start().await;
    trips(&server).await;
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("trips").await;
    let inside = r#"
        const editor = document.querySelector(".editor").getBoundingClientRect();
        const scroll = document.querySelector(".grid-scroll"), grid = scroll.getBoundingClientRect();
        return editor.left >= grid.left && editor.right <= grid.left + scroll.clientWidth + 1
            && editor.top >= grid.top + 32 && editor.bottom <= grid.top + scroll.clientHeight + 1;"#;
    // The last row on the screen.
    let last = main.read::<String>(
        r#"
        const grid = document.querySelector(".grid-scroll").getBoundingClientRect();
        const rows = [...document.querySelectorAll("[role=row][data-id]")];
        return rows.findLast((row) => row.getBoundingClientRect().bottom <= grid.bottom - 4).dataset.id;"#,
        json!([]),
    );
    let id = lockstep_model::json::read(&last.await).unwrap();
    for field in ["stops", "to"] {
        let script = "cellOf(...arguments).focus()";
        let () = main.read::<Option<()>>(script, json!([id.to_string(), field])).await.unwrap_or_default();
        main.press(&[Key::F2]).await;
        main.editor().await;
        until_is(&format!("the editor of {field} is in sight"), true, async || {
            main.read(inside, json!([])).await
        })
        .await;
        let upwards = "return document.querySelector('.editor').classList.contains('editor-upwards')";
        assert!(main.read::<bool>(upwards, json!([])).await, "{field}");
        main.picture(&format!("editor-of-{field}")).await;
        main.press(&[Key::Escape]).await;
    }
}

#[tokio::test]
async fn a_new_document_is_asked_for_the_fields_of_the_others_and_a_copy_keeps_all_of_its_own() {
    let server = Server::start().await;
    let trips = trips(&server).await;
    trips
        .update_one(doc! { "_id": 3 }, doc! { "$set": { "seats": 4_i64, "to.rooms": [1_i64] } })
        .await
        .unwrap();
    let app = App::start(server.uri()).await;
    let main = app.main().await;
    main.open_collection("trips").await;
    let kept =
        async |id: i32| until("it is kept", async || trips.find_one(doc! { "_id": id }).await.unwrap()).await;

    main.click("New").await;
    main.picture("schemaless-new").await;
    main.fill("_id", "1000").await;
    main.fill("name", "A new trip").await;
    main.fill("to.city", "Enns").await;
    main.click("Insert").await;
    assert_eq!(kept(1000).await, doc! { "_id": 1000, "name": "A new trip", "to": { "city": "Enns" } });

    let original = kept(3).await;
    main.open_menu_of_cell(&Value::from(3), "name").await;
    main.click("Duplicate…").await;
    main.fill("_id", "1001").await;
    main.fill("price", "12").await;
    main.click("Insert").await;
    let mut copy = original;
    copy.extend(doc! { "_id": 1001, "price": 12 });
    assert_eq!(kept(1001).await, copy);
}
