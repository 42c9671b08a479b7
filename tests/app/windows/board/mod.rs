//! The board: cards move between columns as a person moves them, in every window, and the database has it.
//!
//! | module | idea |
//! | --- | --- |
//! | [`seen`] | a board as a person sees and uses it |
//! | [`moving`] | by pointer and by keys, one card and many |
//! | [`trouble`] | what is refused, what somebody else was faster with, what waits |
//! | [`layout`] | what the columns are, what is above and on the cards, and all of that at the next start |

mod layout;
mod moving;
pub mod seen;
mod trouble;

use bson::{Document, RawDocumentBuf, doc};
use lockstep_model::Value;
use mongodb::Collection;

use super::offers::Offers;
use crate::fixture::{App, Server, Wire};

/// Tasks of a shop, which may be done only once somebody has them, and an app on them that has the wire between.
pub struct Shop {
    pub app: App,
    pub wire: Wire,
    pub tasks: Offers,
    pub server: Server,
}

impl Shop {
    /// With these tasks, each a title and a status.
    pub async fn with(tasks: &[(&str, &str)]) -> Self {
        let server = Server::start().await;
        let database = server.client().await.database("shop");
        let schema = doc! {
            "required": ["title", "status"],
            "properties": {
                "title": { "bsonType": "string", "description": "What is to be done" },
                "status": { "enum": ["open", "doing", "done"] },
                "hours": { "bsonType": ["int", "null"] },
                "owner": { "bsonType": ["string", "null"] },
            }
        };
        let somebody = doc! { "$gt": ["$owner", null] };
        let rule = doc! { "$expr": { "$or": [{ "$ne": ["$status", "done"] }, somebody] } };
        let validator = doc! { "$and": [{ "$jsonSchema": schema }, rule] };
        database.create_collection("tasks").validator(validator).await.unwrap();
        let collection: Collection<Document> = database.collection("tasks");
        let task = |(at, (title, status)): (usize, &(&str, &str))| {
            let hours = i32::try_from(at).unwrap() + 1;
            doc! { "_id": at as i32, "title": *title, "status": *status, "hours": hours }
        };
        collection.insert_many(tasks.iter().enumerate().map(task)).await.unwrap();
        let wire = Wire::to(server.port()).await;
        let app = App::start(server.uri_at(wire.port())).await;
        Self { app, wire, tasks: Offers(collection.clone_with_type::<RawDocumentBuf>()), server }
    }
}

/// A task.
pub fn task(number: i32) -> Value {
    Value::from(number)
}
