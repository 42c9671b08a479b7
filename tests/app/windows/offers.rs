//! The sample's offers as another program has them: the other end of every scenario.

use bson::{Document, RawDocumentBuf, doc};
use lockstep_model::Value;
use mongodb::Collection;

use crate::fixture::{App, Server, Wire, until_is};

/// A server with the small sample, and an app on it that has the wire between.
pub struct Workspace {
    pub app: App,
    pub wire: Wire,
    pub offers: Offers,
    pub server: Server,
}

impl Workspace {
    pub async fn open() -> Self {
        Self::on(Server::with_sample().await).await
    }

    pub async fn on(server: Server) -> Self {
        let wire = Wire::to(server.port()).await;
        let app = App::start(server.uri_at(wire.port())).await;
        let offers = Offers::of(&server, "offers").await;
        Self { app, wire, offers, server }
    }
}

/// A collection of the sample, by a connection of its own.
pub struct Offers(pub Collection<RawDocumentBuf>);

impl Offers {
    pub async fn of(server: &Server, collection: &str) -> Self {
        Self(server.client().await.database("sample").collection(collection))
    }

    /// The `_id` of the one at that place in the table, from 0: it is sorted by `_id` until somebody sorts it.
    pub async fn id(&self, place: u64) -> Value {
        let found = self.0.find_one(doc! {}).sort(doc! { "_id": 1 }).skip(place).await.unwrap().unwrap();
        Value::from_ref(found.get("_id").unwrap().unwrap())
    }

    /// The `_id` that a window writes so.
    pub async fn with_id(&self, written: &str) -> Value {
        let mut found = self.0.find(doc! {}).projection(doc! { "_id": 1 }).await.unwrap();
        while found.advance().await.unwrap() {
            let id = Value::from_ref(found.current().get("_id").unwrap().unwrap());
            if id.to_string() == written {
                return id;
            }
        }
        panic!("there is no {written}")
    }

    pub async fn find(&self, id: &Value) -> Option<RawDocumentBuf> {
        self.0.find_one(by(id)).await.unwrap()
    }

    /// One field; `None` where it is missing.
    pub async fn field(&self, id: &Value, field: &str) -> Option<Value> {
        let found = self.find(id).await.unwrap();
        found.get(field).unwrap().map(Value::from_ref)
    }

    /// Returns when the field has that value.
    pub async fn until_field(&self, id: &Value, field: &str, value: impl Into<Value>) {
        let expected = Some(value.into());
        until_is(&format!("{field} in the database"), expected, async || self.field(id, field).await).await;
    }

    /// Changes fields, as a colleague's program would.
    pub async fn set(&self, id: &Value, fields: Document) {
        let updated = self.0.update_one(by(id), doc! { "$set": fields }).await.unwrap();
        assert_eq!(updated.matched_count, 1);
    }
}

pub fn by(id: &Value) -> Document {
    doc! { "_id": { "$eq": bson::Bson::try_from(id.get()).unwrap() } }
}

/// The fields of a document other than this one, as their exact bytes.
pub fn others(document: &RawDocumentBuf, field: &str) -> Vec<(String, Value)> {
    let fields = document.iter().map(|field| field.unwrap()).filter(|(name, _)| name.as_str() != field);
    fields.map(|(name, value)| (name.as_str().to_owned(), Value::from_ref(value))).collect()
}
