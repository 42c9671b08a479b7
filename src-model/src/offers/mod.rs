//! The sample workspace: offers, the customers they go to, and what was done about them.
//!
//! The Rust type and the `$jsonSchema` of each collection are written once, here. Nothing else of Lockstep knows these
//! types: to it, offers are documents like all others.

pub mod dashboard;
mod record;

use bson::{DateTime, Decimal128, Document, doc, oid::ObjectId};

use record::{Record, choice, record};

/// The database that the sample lives in.
pub const DATABASE: &str = "sample";

choice! {
    /// How far an offer has come.
    Status { Draft = "draft", Sent = "sent", Negotiation = "negotiation", Won = "won", Lost = "lost", Expired = "expired" }
}

choice! {
    /// What the amounts of an offer are in.
    Currency { Eur = "EUR", Usd = "USD", Gbp = "GBP", Chf = "CHF" }
}

choice! {
    /// What was done about an offer.
    ActivityKind { Call = "call", Email = "email", Meeting = "meeting", Note = "note" }
}

record! {
    /// An offer to a customer.
    Offer {
        /// The document's name in the database
        _id: ObjectId,
        /// Number, as the customer knows it
        number: String = { "pattern": "^OF-[0-9]{4}-[0-9]{5,7}$" },
        /// What is offered
        title: String = { "minLength": 1, "maxLength": 120 },
        /// Who it is for
        customer: CustomerName,
        /// Who looks after it
        owner: String = { "minLength": 1, "maxLength": 60 },
        /// How far it has come
        status: Status,
        /// Sum of the lines, before the discount
        amount: Decimal128 = { "minimum": 0 },
        /// What the amounts are in
        currency: Currency,
        /// What is taken off the amount
        discount: Decimal128 = { "minimum": 0 },
        /// What the amount is made of
        lines: Vec<Line> = { "maxItems": 100 },
        /// Last day on which it can be accepted
        valid_until: DateTime,
        /// Words to find it by
        tags: Vec<String> = { "uniqueItems": true },
        /// Anything else
        notes: Option<String> = { "maxLength": 10_000 },
        /// When it was written
        created_at: DateTime,
        /// When it was last changed
        updated_at: DateTime,
    }
}

record! {
    /// Which customer an offer is for, with the name as it was when the offer was written.
    CustomerName {
        /// The customer's `_id`
        id: ObjectId,
        /// The customer's name
        name: String = { "minLength": 1, "maxLength": 120 },
    }
}

record! {
    /// One line of an offer.
    Line {
        /// What it is
        title: String = { "minLength": 1, "maxLength": 120 },
        /// How many
        quantity: i32 = { "minimum": 1 },
        /// Price of one
        price: Decimal128 = { "minimum": 0 },
    }
}

record! {
    /// A customer.
    Customer {
        /// The document's name in the database
        _id: ObjectId,
        /// Name of the company
        name: String = { "minLength": 1, "maxLength": 120 },
        /// Where it is
        city: String = { "maxLength": 80 },
        /// Country, as two letters of ISO 3166
        country: String = { "minLength": 2, "maxLength": 2 },
        /// Whom to ask for
        contact: String = { "maxLength": 80 },
        /// Where to write
        email: Option<String> = { "maxLength": 254 },
        /// Customer since
        since: DateTime,
    }
}

record! {
    /// Something that was done about an offer.
    Activity {
        /// The document's name in the database
        _id: ObjectId,
        /// The offer's `_id`
        offer: ObjectId,
        /// What it was
        kind: ActivityKind,
        /// Who did it
        by: String = { "minLength": 1, "maxLength": 60 },
        /// When
        at: DateTime,
        /// How long it took, in minutes
        minutes: Option<i32> = { "minimum": 0 },
        /// What came of it
        text: String = { "maxLength": 2_000 },
    }
}

/// A collection of the sample, as it is to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleCollection {
    /// Its name.
    pub name: &'static str,
    /// Its validator, for `create`.
    pub validator: Document,
    /// Its indexes, as `createIndexes` takes them.
    pub indexes: Vec<Document>,
}

/// The collections of the sample.
///
/// The window judges the schemas before it lays a layer. Two rules only the database can judge: that the discount is
/// not over the amount, and that a number is not taken.
pub fn collections() -> [SampleCollection; 3] {
    let zero: Decimal128 = "0".parse().expect("0 is a Decimal128");
    let index = |name: &str, key: Document| doc! { "key": key, "name": name };
    let unique = |name: &str, key: Document| doc! { "key": key, "name": name, "unique": true };
    [
        SampleCollection {
            name: "offers",
            validator: doc! { "$and": [
                { "$jsonSchema": Offer::schema() },
                // secantusd does not enforce a schema's `minimum` on a Decimal128.
                { "amount": { "$gte": zero } },
                { "$expr": { "$lte": ["$discount", "$amount"] } },
            ] },
            indexes: vec![
                unique("number_1", doc! { "number": 1 }),
                index("status_1_valid_until_1", doc! { "status": 1, "valid_until": 1 }),
                index("updated_at_-1", doc! { "updated_at": -1 }),
            ],
        },
        SampleCollection {
            name: "customers",
            validator: doc! { "$jsonSchema": Customer::schema() },
            indexes: vec![index("name_1", doc! { "name": 1 })],
        },
        SampleCollection {
            name: "activities",
            validator: doc! { "$jsonSchema": Activity::schema() },
            indexes: vec![index("offer_1_at_-1", doc! { "offer": 1, "at": -1 })],
        },
    ]
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, raw::CStr};
    use serde::{Serialize, de::DeserializeOwned};

    use super::*;
    use crate::{
        Path,
        shape::{Shape, Type},
    };

    fn decimal(text: &str) -> Decimal128 {
        text.parse().unwrap()
    }

    fn offer(notes: Option<String>) -> Offer {
        Offer {
            _id: ObjectId::from_bytes([1; 12]),
            number: "OF-2026-00042".into(),
            title: "Pumps".into(),
            customer: CustomerName { id: ObjectId::from_bytes([2; 12]), name: "ACME".into() },
            owner: "Anna".into(),
            status: Status::Negotiation,
            amount: decimal("1234.50"),
            currency: Currency::Eur,
            discount: decimal("0.00"),
            lines: vec![Line { title: "Pump".into(), quantity: 3, price: decimal("411.50") }],
            valid_until: DateTime::from_millis(1_772_323_200_000),
            tags: vec!["rush".into()],
            notes,
            created_at: DateTime::from_millis(0),
            updated_at: DateTime::from_millis(0),
        }
    }

    fn shape(collection: &str) -> Shape {
        let found = collections().into_iter().find(|each| each.name == collection).unwrap();
        Shape::of_validator(&RawDocumentBuf::try_from(&found.validator).unwrap()).unwrap()
    }

    /// The type fits its schema, names and order included; comes back as it was; and loses its fit with each required
    /// field.
    fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
        collection: &str,
        value: T,
        absent: &[&str],
    ) {
        let shape = shape(collection);
        let raw = bson::serialize_to_raw_document_buf(&value).unwrap();
        assert_eq!(shape.validate(&raw), [], "{collection}");
        assert_eq!(bson::deserialize_from_slice::<T>(raw.as_bytes()).unwrap(), value);
        let declared: Vec<_> =
            shape.fields.iter().map(|field| &*field.name).filter(|name| !absent.contains(name)).collect();
        let written: Vec<_> = raw.iter_elements().flatten().map(|element| element.key().as_str()).collect();
        assert_eq!(written, declared);
        for field in &shape.fields {
            assert!(field.description.is_some(), "{}", field.name);
            let without: RawDocumentBuf = raw
                .iter()
                .flatten()
                .filter(|(name, _)| **name != *<&CStr>::try_from(&*field.name).unwrap())
                .collect();
            assert_eq!(shape.validate(&without).len(), usize::from(field.required), "without {}", field.name);
        }
    }

    #[test]
    fn the_types_fit_the_schemas_that_are_made_of_them() {
        check("offers", offer(None), &["notes"]);
        check("offers", offer(Some("x".into())), &[]);
        let customer = Customer {
            _id: ObjectId::from_bytes([1; 12]),
            name: "ACME".into(),
            city: "Berlin".into(),
            country: "DE".into(),
            contact: "Ada".into(),
            email: None,
            since: DateTime::from_millis(0),
        };
        check("customers", customer, &["email"]);
        let activity = Activity {
            _id: ObjectId::from_bytes([1; 12]),
            offer: ObjectId::from_bytes([2; 12]),
            kind: ActivityKind::Call,
            by: "Anna".into(),
            at: DateTime::from_millis(0),
            minutes: Some(5),
            text: String::new(),
        };
        check("activities", activity, &[]);
    }

    #[test]
    fn what_a_window_can_judge_it_refuses() {
        let shape = shape("offers");
        let quantity =
            Path::field("lines").then(crate::Step::Index(0)).then(crate::Step::Field("quantity".into()));
        let table = [
            (Path::field("amount"), bson::RawBson::from(decimal("-0.01")), "must be at least 0"),
            (Path::field("amount"), bson::rawbson!(1.5), "must be of type Decimal128, not Double"),
            (
                Path::field("status"),
                bson::rawbson!("open"),
                "must be one of draft, sent, negotiation, won, lost, expired",
            ),
            (Path::field("title"), bson::rawbson!(""), "must not be empty"),
            (Path::dotted("customer.name"), bson::rawbson!(7), "must be of type text, not Int32"),
            (quantity, bson::rawbson!(0), "must be at least 1"),
        ];
        for (path, value, message) in table {
            assert_eq!(shape.check(&path, Some(value.as_raw_bson_ref())), Err(message.to_owned()), "{path}");
        }
        assert_eq!(shape.check(&Path::field("notes"), None), Ok(()));
        assert_eq!(shape.field("status").unwrap().options().unwrap().len(), 6);
        assert_eq!(shape.field("status").unwrap().types(), [Type::String]);
    }
}
