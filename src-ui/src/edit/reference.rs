//! Ids that lead to documents of other collections: to which one, by which texts a person finds a document there, and what
//! else of it a document has beside its id. Pure.

use lockstep_model::{
    Document, ListQuery, Namespace, Path, Step, Value,
    shape::{Shape, Type},
};
use lockstep_sync::Plain;

use super::conditions::{Condition, Conditions, Test};

/// By so many fields a document is found.
const TEXTS_MOST: usize = 3;
/// Fields that name a document, where it has them.
const NAMING: [&str; 7] = ["name", "title", "label", "number", "code", "email", "subject"];
/// How the name of a field that holds an id ends, without anything between the words.
const ENDINGS: [&str; 3] = ["ids", "id", "ref"];

/// The collection to which an id in this field leads, by the field's name: `customerId`, `customer_id`, `customer.id` and
/// `customer` to `customers`. One of the same database comes first.
pub fn leads_to(path: &Path, from: &Namespace, collections: Option<&Plain>) -> Option<Namespace> {
    let known = &collections?.collections()?.collections;
    collection_of(path, from, known.iter().map(|collection| &collection.namespace))
}

fn collection_of<'a>(
    path: &Path,
    from: &Namespace,
    known: impl Iterator<Item = &'a Namespace>,
) -> Option<Namespace> {
    let stem = stem(path)?;
    let plurals = [format!("{stem}s"), format!("{stem}es"), format!("{}ies", stem.trim_end_matches('y'))];
    let mut found: Vec<_> = known
        .filter(|namespace| {
            let name = plain(&namespace.collection);
            name == stem || plurals.contains(&name)
        })
        .collect();
    found.sort_by_key(|namespace| namespace.database != from.database);
    found.first().map(|namespace| (*namespace).clone())
}

/// What the field's name is of, in small letters: `customer` of all of the above.
fn stem(path: &Path) -> Option<String> {
    let names = path.steps().iter().rev().filter_map(|step| match step {
        Step::Field(name) => Some(without_ending(name)),
        Step::Index(_) => None,
    });
    names.into_iter().find(|stem| !stem.is_empty())
}

/// The name without what says that it is an id; nothing is left of `id` and `_id`.
fn without_ending(name: &str) -> String {
    let name = plain(name);
    let ending = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    ending.map_or(name.clone(), ToOwned::to_owned)
}

fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The fields by whose texts a person finds a document, the one that names it first.
pub fn texts(shape: &Shape) -> Vec<Path> {
    let is_text = |name: &&str| {
        shape.field(name).is_some_and(|field| field.types() == [Type::String] && field.options().is_none())
    };
    let all = shape.fields.iter().map(|field| &*field.name);
    let mut texts: Vec<&str> = NAMING.into_iter().filter(is_text).collect();
    texts.extend(all.filter(is_text).filter(|name| !NAMING.contains(name)));
    texts.into_iter().take(TEXTS_MOST).map(Path::field).collect()
}

/// The documents that have what is typed in one of these texts; all, where nothing is typed.
pub fn query(typed: &str, texts: &[Path]) -> ListQuery {
    let each = texts.iter().map(|path| Condition {
        field: path.to_string(),
        test: Test::Contains,
        text: typed.trim().to_owned(),
    });
    let conditions = Conditions { any: true, each: each.collect() };
    match conditions.filter(&Shape::default()) {
        Ok(filter) => ListQuery { filter: Value::document(&filter), ..ListQuery::all() },
        Err(_) => ListQuery::all(),
    }
}

/// What a document has of another one beside its id, and would have of the chosen one: `customer.name` beside `customer.id`.
/// Only inside of a sub-document that is named after the other one: in `shipment.customerId` nothing else is the customer's.
pub fn alongside(document: &Document, path: &Path, chosen: &Document) -> Vec<(Path, Value)> {
    let Some((Step::Field(id), above)) = path.steps().split_last() else { return Vec::new() };
    let Ok(parent) = Path::try_from(above.to_vec()) else { return Vec::new() };
    // An array is assigned whole, and what is typed there says nothing of its other fields.
    if !without_ending(id).is_empty() || path.guarded().as_ref() != Some(path) {
        return Vec::new();
    }
    let within = document.value(&parent);
    let Some(fields) = within.as_ref().and_then(|within| within.get().as_document()) else {
        return Vec::new();
    };
    let names = fields
        .iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .filter(|name| *name != &**id && *name != "_id");
    names
        .filter_map(|name| {
            let here = parent.then(Step::Field(name.into()));
            let theirs = chosen.value(&Path::field(name))?;
            (document.value(&here).as_ref() != Some(&theirs)).then_some((here, theirs))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use bson::rawdoc;

    use super::*;

    #[test]
    fn an_id_leads_where_its_name_says() {
        let from = Namespace::new("shop", "orders");
        let known =
            ["other.customers", "shop.customers", "shop.Companies", "shop.line_items", "shop.address"].map(
                |name| name.split_once('.').map(|(database, name)| Namespace::new(database, name)).unwrap(),
            );
        for (path, expected) in [
            ("customer", Some("shop.customers")),
            ("customer.id", Some("shop.customers")),
            ("customerId", Some("shop.customers")),
            ("customer_ids", Some("shop.customers")),
            ("company_id", Some("shop.Companies")),
            ("lineItemRef", Some("shop.line_items")),
            ("address._id", Some("shop.address")),
            ("_id", None),
            ("owner", None),
        ] {
            let found = collection_of(&Path::dotted(path), &from, known.iter());
            assert_eq!(found.map(|found| found.to_string()).as_deref(), expected, "{path}");
        }
        let first = Path::field("customers").then(Step::Index(0));
        assert_eq!(collection_of(&first, &from, known.iter()), Some(known[1].clone()));
    }

    #[test]
    fn a_document_is_found_by_what_names_it() {
        let shape =
            Shape::sampled([&*rawdoc! { "_id": 1, "city": "Graz", "age": 3, "name": "Ada", "note": "" }]);
        let texts = texts(&shape);
        assert_eq!(texts, ["name", "city", "note"].map(Path::field));
        let pattern = rawdoc! { "$regex": "a\\.b", "$options": "i" };
        let expected = rawdoc! { "$or": [{ "name": pattern.clone() }, { "city": pattern }] };
        assert_eq!(query(" a.b ", &texts[..2]).filter, Value::document(&expected));
        assert_eq!(query("", &texts), ListQuery::all());
    }

    #[test]
    fn what_stands_beside_the_id_comes_along() {
        let offer =
            Document::whole(&rawdoc! { "customer": { "id": 1, "name": "A", "since": 3 }, "name": "offer" });
        let chosen = Document::whole(&rawdoc! { "_id": 2, "name": "B", "city": "Graz" });
        let named = (Path::dotted("customer.name"), Value::from("B".to_owned()));
        assert_eq!(alongside(&offer, &Path::dotted("customer.id"), &chosen), [named]);
        assert_eq!(alongside(&offer, &Path::field("customerId"), &chosen), []);
        let shipment = rawdoc! { "shipment": { "_id": 3, "customerId": 1, "name": "S", "city": "Linz" } };
        assert_eq!(alongside(&Document::whole(&shipment), &Path::dotted("shipment.customerId"), &chosen), []);
        let both = Document::whole(&rawdoc! { "customer": { "_id": 3, "id": 1, "name": "B" } });
        assert_eq!(alongside(&both, &Path::dotted("customer.id"), &chosen), []);
        let lines = Document::whole(&rawdoc! { "lines": [{ "product": { "id": 1, "name": "A" } }] });
        let product = Path::field("lines").then(Step::Index(0)).then(Step::Field("product".into()));
        assert_eq!(alongside(&lines, &product.then(Step::Field("id".into())), &chosen), []);
    }
}
