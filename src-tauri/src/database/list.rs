//! Ids in order, by a person's filter and sort, and the first documents along with them.
//!
//! One find brings only `_id` and the sort fields of up to 100,000 documents, which is what a window needs to place rows;
//! the first documents are then read by `_id`: sorting once and looking up costs less than sorting twice side by side.
//! Where there are more, the next page skips what came before: a range of sort keys would lose rows where a field holds
//! values of several types, since `$gt` compares within one.

use bson::{Bson, Document as BsonDocument, RawBsonRef, RawDocument};
use lockstep_model::{
    Failure, ListQuery, Path, Step, Value,
    contract::{LIST_MOST_IDS, LIST_OVERLAP, ListItems, ListPage, ListRequest},
    key::Direction,
    mutation::Snapshot,
};
use mongodb::options::FindOptions;

use super::{
    Database,
    connection::{LIMIT, by_bytes, finish},
};

/// Operators that run code in the server.
const CODE: [&str; 3] = ["$where", "$function", "$accumulator"];

impl Database {
    /// The ids of a list in order, and its first documents; or those of a later page of it.
    ///
    /// Strings are compared by their bytes, as the windows do when they place an edited row, whatever the collection's
    /// default collation is.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for a filter that the server does not understand, or that holds code; those of any read.
    pub async fn list(&self, request: &ListRequest) -> Result<ListPage, Failure> {
        let ListRequest { namespace, query, skip, first, most } = request;
        let (database, namespace, skip, first) = (self.clone(), namespace.clone(), *skip, *first as usize);
        let most = most.map_or(LIST_MOST_IDS, |most| (most as usize).clamp(1, LIST_MOST_IDS));
        let filter = filter(&query.filter)?;
        let options = FindOptions::builder()
            .sort(sort(query))
            .projection(projection(query))
            .skip(skip)
            .limit(i64::try_from(most + 1).ok())
            // The server's own first batch would be 101.
            .batch_size(u32::try_from(most + 1).ok())
            .collation(by_bytes())
            .allow_disk_use(true)
            .max_time(LIMIT)
            .build();
        finish(async move {
            let stamp = database.now();
            let (mut items, mut count, mut ids) = (ListItems::default(), 0, Vec::new());
            let take = |raw: &RawDocument| {
                count += 1;
                if count <= most {
                    items.push(raw);
                }
                if count <= first.min(most) {
                    ids.extend(raw.get("_id").ok().flatten().map(Value::from_ref));
                }
            };
            let read = database.each(&namespace, filter, options, take).await;
            read.map_err(|error| database.failure(&format!("listing {namespace}"), &error))?;
            let first = database.rows(&namespace, &ids).await?;
            // They may be newer than that, but the list knows of them what they are: a window that cannot place a row by itself
            // would ask for the list again, and again.
            let first = first.into_iter().map(|snapshot| Snapshot { stamp, ..snapshot }).collect();
            let next = (count > LIST_MOST_IDS).then_some(skip + (LIST_MOST_IDS - LIST_OVERLAP) as u64);
            Ok(ListPage { items, first, next, stamp })
        })
        .await
    }
}

/// The filter as the driver takes it.
///
/// # Errors
/// [`Failure::InvalidInput`] for one that is no document, or that holds code.
pub(super) fn filter(filter: &Value) -> Result<BsonDocument, Failure> {
    let RawBsonRef::Document(raw) = filter.get() else {
        return Err(Failure::invalid("a filter is a document, as in {\"status\": \"won\"}"));
    };
    if let Some(name) = code_in(RawBsonRef::Document(raw)) {
        return Err(Failure::invalid(format!(
            "a filter with {name} would run code in the server: it is not sent"
        )));
    }
    BsonDocument::try_from(raw)
        .map_err(|error| Failure::invalid(format!("the filter is not valid BSON: {error}")))
}

/// The first name in the value that means code, at any depth.
fn code_in(value: RawBsonRef<'_>) -> Option<&'static str> {
    match value {
        RawBsonRef::Document(raw) => raw.iter().flatten().find_map(|(name, value)| {
            CODE.into_iter().find(|code| *code == name.as_str()).or_else(|| code_in(value))
        }),
        RawBsonRef::Array(items) => items.into_iter().flatten().find_map(code_in),
        _ => None,
    }
}

/// The query's order, with `_id` last, so that it is the same every time.
pub(super) fn sort(query: &ListQuery) -> BsonDocument {
    let mut sort = BsonDocument::new();
    for (path, direction) in &query.sort {
        let sign = match direction {
            Direction::Ascending => 1,
            Direction::Descending => -1,
        };
        // Of a path that is named twice, MongoDB too takes the first.
        sort.entry(path.to_string()).or_insert(Bson::Int32(sign));
    }
    sort.entry("_id".to_owned()).or_insert(Bson::Int32(1));
    sort
}

/// `_id` and the sort fields; of a field and one inside it only the outer, since MongoDB refuses both.
fn projection(query: &ListQuery) -> BsonDocument {
    let mut paths: Vec<Path> = query.sort.iter().map(|(path, _)| before_positions(path)).collect();
    paths.push(Path::field("_id"));
    paths.sort_by_key(|path| path.steps().len());
    let mut kept: Vec<Path> = Vec::new();
    for path in paths {
        if !kept.iter().any(|outer| outer.overlaps(&path)) {
            kept.push(path);
        }
    }
    kept.into_iter().map(|path| (path.to_string(), Bson::Int32(1))).collect()
}

/// The path up to its first number: to a sort, that may be the position of an element; to a projection, it is a name.
fn before_positions(path: &Path) -> Path {
    let is_position = |step: &Step| match step {
        Step::Index(_) => true,
        Step::Field(name) => !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()),
    };
    let inside = path.steps().iter().skip(1).take_while(|step| !is_position(step)).count();
    Path::try_from(path.steps()[..=inside].to_vec()).expect("it has at least the head")
}

#[cfg(test)]
mod tests {
    use bson::{doc, rawdoc};

    use super::*;

    fn query(paths: &[&str]) -> ListQuery {
        let sort = paths.iter().map(|path| (Path::dotted(path), Direction::Descending)).collect();
        ListQuery { sort, ..ListQuery::all() }
    }

    #[test]
    fn a_list_has_one_order_and_brings_what_it_sorts_by() {
        for (paths, order, fields) in [
            (&[][..], doc! { "_id": 1 }, doc! { "_id": 1 }),
            (&["amount"], doc! { "amount": -1, "_id": 1 }, doc! { "_id": 1, "amount": 1 }),
            (&["_id"], doc! { "_id": -1 }, doc! { "_id": 1 }),
            (&["a.b", "a"], doc! { "a.b": -1, "a": -1, "_id": 1 }, doc! { "a": 1, "_id": 1 }),
            (&["_id.x"], doc! { "_id.x": -1, "_id": 1 }, doc! { "_id": 1 }),
            (&["a.0.b"], doc! { "a.0.b": -1, "_id": 1 }, doc! { "_id": 1, "a": 1 }),
            (&["a.b.10"], doc! { "a.b.10": -1, "_id": 1 }, doc! { "_id": 1, "a.b": 1 }),
            (&["0"], doc! { "0": -1, "_id": 1 }, doc! { "_id": 1, "0": 1 }),
        ] {
            assert_eq!(sort(&query(paths)), order, "{paths:?}");
            let projected: std::collections::BTreeMap<_, _> = projection(&query(paths)).into_iter().collect();
            assert_eq!(projected, fields.into_iter().collect(), "{paths:?}");
        }
    }

    #[test]
    fn code_is_found_at_any_depth() {
        for (filter, found) in [
            (rawdoc! { "$where": "1" }, Some("$where")),
            (rawdoc! { "$and": [{ "a": 1 }, { "$expr": { "$function": {} } }] }, Some("$function")),
            (rawdoc! { "text": "$where" }, None),
        ] {
            assert_eq!(code_in(RawBsonRef::Document(&filter)), found, "{filter:?}");
        }
    }
}
