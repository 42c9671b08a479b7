//! How values of ours are written to disk: as BSON, which names every field, so that a later version still reads what
//! this one wrote.

use bson::error::Error;
use serde::{Serialize, de::DeserializeOwned};

/// BSON has only documents at its top, and not every value is one.
#[derive(serde::Serialize, serde::Deserialize)]
struct Held<T> {
    held: T,
}

/// The value's bytes.
///
/// # Errors
/// Where it does not fit a BSON document.
pub fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    bson::serialize_to_vec(&Held { held: value })
}

/// The value in the bytes.
///
/// # Errors
/// Where they are no such value.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    bson::deserialize_from_slice(bytes).map(|Held { held }| held)
}

/// Bytes as the payload of an event, which is text.
pub fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockstep_model::{
        Action, Change, ClusterTime, DocumentId, Edit, Expectation, Failure, ListQuery, Mutation, MutationId,
        Namespace, Path, Seen, Step, Value,
        contract::{BoardLayout, BoardScroll, Sum, Tabs, View},
    };
    use lockstep_sync::outbox::Kept;
    use std::fmt::Debug;

    fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
        let bytes = to_bytes(&value).unwrap();
        assert_eq!(from_bytes::<T>(&bytes).unwrap(), value);
    }

    #[test]
    fn what_is_kept_comes_back() {
        let id = MutationId(bson::Uuid::from_bytes([7; 16]));
        let document = |value: Value| DocumentId { namespace: Namespace::new("shop", "offers"), id: value };
        let path = Path::field("a.b").then(Step::Index(3)).then(Step::Field("$c".into()));
        let change = |target, expected| Change { path: path.clone(), target, expected };
        let changes = vec![
            change(Some(bson::RawBson::Null.into()), Expectation::Value(None)),
            change(None, Expectation::Value(Some(bson::RawBson::Null.into()))),
            change(Some(1_i64.into()), Expectation::After(id)),
        ];
        let edit = |action| Edit { document: document(Value::from(5)), action };
        survives(Mutation::new(
            id,
            vec![
                edit(Action::Update(changes)),
                edit(Action::Insert(bson::rawdoc! { "_id": 1, "x": 1.0 })),
                edit(Action::Delete { seen: Seen::After(id) }),
            ],
        ));
        survives(Tabs::of(View::Home));
        survives(View::table(Namespace::new("shop", "offers")));
        let layout = BoardLayout {
            by: Some(Path::field("status")),
            columns: vec![Value::from("open"), Value::from(bson::RawBson::Null)],
            sum: Sum::Of(Path::field("amount")),
            cards: Some(vec![Path::field("title")]),
            collapsed: vec![None, Some(Value::from("open"))],
        };
        for layout in [layout, BoardLayout::default()] {
            let (namespace, query) = (Namespace::new("shop", "offers"), ListQuery::all());
            let mut scrolled = BoardScroll { left: 300, ..BoardScroll::default() };
            scrolled.set_card(&None, 7);
            survives(View::Board { namespace, query, layout, scrolled: Box::new(scrolled) });
        }
        survives(View::Document { id: document(Value::from("ä".to_owned())) });
        survives(Kept::Sending { since: ClusterTime::new(u32::MAX, u32::MAX) });
        survives(Kept::Review(Failure::Conflict { fields: vec![path.clone()], current: None }));
    }
}
