//! What a collection's documents are, from a sample, beside its validator, and its indexes.

use bson::{RawBsonRef, RawDocument, RawDocumentBuf, doc, rawdoc};
use lockstep_model::{
    Failure, Namespace,
    contract::{
        CollectionSchema, SchemaRequest,
        schema::{Index, SAMPLE_MOST},
    },
    shape::{Analysis, Shape},
};
use mongodb::error::Error;

use super::{
    Database,
    connection::{LIMIT, finish},
    failure::server_error,
};

/// There is no such collection, and: it is a view, which has no indexes of its own.
const WITHOUT_INDEXES: [i32; 2] = [26, 166];

impl Database {
    /// The schema of a collection.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] for a sample over the limit, [`Failure::NotFound`] where there is no such collection; those of
    /// any read.
    pub async fn schema(&self, request: &SchemaRequest) -> Result<CollectionSchema, Failure> {
        let SchemaRequest { namespace, sample } = request.clone();
        if sample > SAMPLE_MOST {
            let message =
                format!("a sample of {sample} documents was asked for; it has at most {SAMPLE_MOST}");
            return Err(Failure::TooLarge { message });
        }
        let database = self.clone();
        finish(async move {
            let read = database.read_schema(&namespace, sample).await;
            read.map_err(|error| database.failure(&format!("sampling {namespace}"), &error))?
                .ok_or_else(|| Failure::NotFound { message: format!("there is no collection {namespace}") })
        })
        .await
    }

    async fn read_schema(
        &self,
        namespace: &Namespace,
        sample: u32,
    ) -> Result<Option<CollectionSchema>, Error> {
        let stamp = self.now();
        let Some(description) = self.description(namespace).await? else { return Ok(None) };
        let options = description.get_document("options").ok();
        let validator = options.and_then(|options| options.get_document("validator").ok());
        let action = options.and_then(|options| options.get_str("validationAction").ok());
        let shape = validator.and_then(Shape::of_validator);

        let mut analysis = Analysis::new(shape.as_ref());
        let mut sampled = 0;
        let mut session = self.session().await?;
        let pipeline = [doc! { "$sample": { "size": sample } }];
        let collection = self.collection(namespace);
        let sampling = collection.aggregate(pipeline).allow_disk_use(true).max_time(LIMIT);
        let mut cursor = sampling.session(&mut session).await?;
        while cursor.advance(&mut session).await? {
            analysis.add(cursor.current());
            sampled += 1;
        }
        let (fields, has_more) = analysis.finish();
        let is_view = description.get_str("type").is_ok_and(|of| of == "view");
        let count = match is_view {
            true => None,
            // It may have grown between the two.
            false => collection.estimated_document_count().max_time(LIMIT).await.ok(),
        };
        Ok(Some(CollectionSchema {
            sampled,
            count: count.map(|count| count.max(sampled)),
            validator: validator.map(ToOwned::to_owned),
            action: action.map(str::to_owned),
            fields,
            has_more,
            indexes: self.indexes(namespace).await?,
            stamp,
        }))
    }

    async fn indexes(&self, namespace: &Namespace) -> Result<Vec<Index>, Error> {
        let command = rawdoc! { "listIndexes": &*namespace.collection, "cursor": {} };
        let database = self.client().database(&namespace.database);
        let mut cursor = match database.run_raw_cursor_command(command).await {
            Err(error) if server_error(&error).is_some_and(|(code, _)| WITHOUT_INDEXES.contains(&code)) => {
                return Ok(Vec::new());
            }
            cursor => cursor?,
        };
        let mut indexes = Vec::new();
        while cursor.advance().await? {
            indexes.push(index(cursor.current()));
        }
        Ok(indexes)
    }
}

fn index(described: &RawDocument) -> Index {
    let document = |name: &str| described.get_document(name).ok().map(RawDocument::to_owned);
    let is = |name: &str| described.get(name).ok().flatten().and_then(RawBsonRef::as_bool).unwrap_or(false);
    let seconds = described.get("expireAfterSeconds").ok().flatten().and_then(|seconds| match seconds {
        RawBsonRef::Int32(seconds) => Some(seconds.into()),
        RawBsonRef::Int64(seconds) => Some(seconds),
        RawBsonRef::Double(seconds) => Some(seconds as i64),
        _ => None,
    });
    let keys: RawDocumentBuf = document("key").unwrap_or_default();
    let is_of_ids = keys.iter_elements().flatten().map(|element| element.key().as_str()).eq(["_id"]);
    Index {
        name: described.get_str("name").unwrap_or_default().to_owned(),
        // The server does not say it of this one.
        unique: is("unique") || is_of_ids,
        sparse: is("sparse"),
        hidden: is("hidden"),
        expire_after_seconds: seconds,
        partial: document("partialFilterExpression"),
        keys,
    }
}
